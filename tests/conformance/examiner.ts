/** What upstream's e2e framework gives a test: a namespace of its own, a client that fails aloud, polls and watches. Upstream: test/e2e/framework. */
import { expect } from 'vitest';
import { openCluster, type Cluster, type Topology } from '../../src/engine/headless.ts';

/** An object as it comes: a test says what it expects of it. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Any = any;
export interface Seen { readonly type: string; readonly object: Any }
export const STRATEGIC = 'application/strategic-merge-patch+json';
export const MERGE = 'application/merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';
export const NGINX = 'nginx:1.29';
export const HTTPD = 'httpd:2.4';
export const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.53';
export const PAUSE = 'registry.k8s.io/pause:3.10.1';
export const BUSYBOX = 'busybox:1.37';

const PREFIX: Readonly<Record<string, string>> = { deployments: 'apis/apps/v1', replicasets: 'apis/apps/v1', daemonsets: 'apis/apps/v1', controllerrevisions: 'apis/apps/v1', leases: 'apis/coordination.k8s.io/v1', endpointslices: 'apis/discovery.k8s.io/v1', 'events.k8s.io': 'apis/events.k8s.io/v1' };
/** 'pods', 'a' → the path in the namespace; without one, of all. */
export function pathTo(namespace: string, plural: string, rest = ''): string {
  return `/${PREFIX[plural] ?? 'api/v1'}/${namespace && `namespaces/${namespace}/`}${plural === 'events.k8s.io' ? 'events' : plural}${rest && `/${rest}`}`;
}

export interface Examiner {
  readonly cluster: Cluster;
  readonly ns: string;
  at(plural: string, rest?: string): string;
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): { readonly status: number; readonly headers: Record<string, string>; readonly body: Any };
  get(plural: string, name: string): Any;
  list(plural: string, selector?: string): Any[];
  create(plural: string, body: object): Any;
  /** Sends the object back to where it says it is; of a subresource when one is named. */
  update(plural: string, object: Any, subresource?: string): Any;
  patch(plural: string, name: string, patch: object, type?: string): Any;
  remove(plural: string, name: string, options?: object): Any;
  isGone(plural: string, name: string): boolean;
  /** Reads, changes and sends back, again after a conflict. */
  retry(plural: string, name: string, change: (object: Any) => void, subresource?: string): Any;
  /** Asks once a second. */
  until(what: string, isSo: () => unknown, seconds?: number): void;
  /** Everything that a watch has told since it was opened. */
  watch(path: string): { readonly events: Seen[]; stop(): void };
}

let opened: Cluster | undefined;
/** One cluster for the tests of a file, as a suite runs on one. */
export function examine(cluster: Cluster = (opened ??= openCluster({ seed: 36 }))): Examiner {
  const ask: Examiner['ask'] = (method, path, body, headers) => {
    const answer = cluster.request({ method, path, body, ...(headers ? { headers } : {}) });
    return { ...answer, body: answer.body as Any };
  };
  const ok = (answer: { readonly status: number; readonly body: Any }, what: string): Any => { expect(answer.status, `${what}: ${JSON.stringify(answer.body?.message)}`).toBeLessThan(300); return answer.body; };
  const ns = ok(ask('POST', '/api/v1/namespaces', { metadata: { generateName: 'e2e-' } }), 'a namespace').metadata.name as string;
  const at: Examiner['at'] = (plural, rest) => pathTo(['nodes', 'namespaces'].includes(plural) ? '' : ns, plural, rest);
  const self: Examiner = {
    cluster, ns, at, ask,
    get: (plural, name) => ok(ask('GET', at(plural, name)), `get ${plural} ${name}`),
    list: (plural, selector) => ok(ask('GET', `${at(plural)}${selector === undefined ? '' : `?labelSelector=${encodeURIComponent(selector)}`}`), `list ${plural}`).items,
    create: (plural, body) => ok(ask('POST', at(plural), body), `create ${plural}`),
    update: (plural, object, subresource = '') => ok(ask('PUT', at(plural, object.metadata.name) + (subresource && `/${subresource}`), object), `update ${plural}`),
    patch: (plural, name, patch, type = STRATEGIC) => ok(ask('PATCH', at(plural, name), patch, { 'content-type': type }), `patch ${plural} ${name}`),
    remove: (plural, name, options) => ok(ask('DELETE', at(plural, name), options), `delete ${plural} ${name}`),
    isGone: (plural, name) => ask('GET', at(plural, name)).status === 404,
    retry(plural, name, change, subresource = '') {
      for (;;) {
        const object = self.get(plural, name);
        change(object);
        const answer = ask('PUT', at(plural, name) + (subresource && `/${subresource}`), object);
        if (answer.status !== 409) return ok(answer, `update ${plural} ${name}`);
      }
    },
    until(what, isSo, seconds = 300) {
      const limit = cluster.now + seconds;
      while (!isSo()) { if (cluster.now > limit) expect.fail(`not within ${seconds} s: ${what}`); cluster.advance(1); }
    },
    watch(path) {
      const events: Seen[] = [];
      return { events, ...cluster.watch(path, (event) => void events.push(event)) };
    },
  };
  self.until('the default service account', () => !self.isGone('serviceaccounts', 'default'));
  return self;
}
/** A cluster of one's own, for what would disturb the others. */
export const alone = (topology?: Topology): Examiner => examine(openCluster({ seed: 36, ...(topology ? { topology } : {}) }));

export const conditionOf = (object: Any, type: string): Any => object.status?.conditions?.find((c: Any) => c.type === type);
export const isReady = (pod: Any): boolean => conditionOf(pod, 'Ready')?.status === 'True' && pod.metadata.deletionTimestamp === undefined;
export const controllerOf = (object: Any): Any => object.metadata.ownerReferences?.find((o: Any) => o.controller);
export const podOf = (name: string, spec: object, metadata: object = {}): object => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec });
