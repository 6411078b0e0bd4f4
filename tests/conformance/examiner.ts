/** What upstream's e2e framework gives a test: a namespace of its own, a client that fails aloud, polls and watches. Upstream: test/e2e/framework. */
import { expect } from 'vitest';
import { openCluster, type Cluster, type Topology } from '../../src/engine/headless.ts';

/** An object as it comes: a test says what it expects of it. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Any = any;
export interface Seen {
  readonly type: string;
  readonly object: Any;
}
export type Terminated = {
  readonly exitCode: number;
  readonly reason: string;
  readonly message?: string;
  readonly startedAt: string;
  readonly finishedAt: string;
};
export interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly running?: { readonly startedAt: string };
  readonly terminated?: Terminated;
}
export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly state: ContainerState;
  readonly lastState: ContainerState;
}
export interface Condition {
  readonly type: string;
  status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly generation: number;
    readonly resourceVersion: string;
    labels: Record<string, string>;
    annotations: Record<string, string>;
    readonly deletionTimestamp?: string;
    readonly deletionGracePeriodSeconds?: number;
  };
  readonly spec: {
    readonly nodeName: string;
    activeDeadlineSeconds?: number;
    readonly terminationGracePeriodSeconds: number;
    readonly containers: { image: string }[];
    tolerations: object[];
  };
  readonly status: {
    readonly phase: string;
    readonly reason?: string;
    readonly message?: string;
    readonly hostIP: string;
    readonly hostIPs: object[];
    readonly podIP: string;
    readonly qosClass: string;
    readonly startTime: string;
    readonly observedGeneration: number;
    readonly conditions: Condition[];
    readonly containerStatuses: ContainerStatus[];
    readonly initContainerStatuses: ContainerStatus[];
  };
}

export const STRATEGIC = 'application/strategic-merge-patch+json';
export const MERGE = 'application/merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';
export const NGINX = 'nginx:1.29';
export const HTTPD = 'httpd:2.4';
export const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.53';
export const PAUSE = 'registry.k8s.io/pause:3.10.1';
export const BUSYBOX = 'busybox:1.37';

const PREFIX: Readonly<Record<string, string>> = {
  deployments: 'apis/apps/v1',
  replicasets: 'apis/apps/v1',
  daemonsets: 'apis/apps/v1',
  controllerrevisions: 'apis/apps/v1',
  leases: 'apis/coordination.k8s.io/v1',
  endpointslices: 'apis/discovery.k8s.io/v1',
  'events.k8s.io': 'apis/events.k8s.io/v1',
};
/** 'pods', 'a' → the path in the namespace; without one, of all. */
export function pathTo(namespace: string, plural: string, rest = ''): string {
  return `/${PREFIX[plural] ?? 'api/v1'}/${namespace && `namespaces/${namespace}/`}${plural === 'events.k8s.io' ? 'events' : plural}${rest && `/${rest}`}`;
}

export interface Examiner {
  readonly cluster: Cluster;
  readonly ns: string;
  at(plural: string, rest?: string): string;
  ask<T = Any>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): { readonly status: number; readonly headers: Record<string, string>; readonly body: T };
  get<T = Any>(plural: string, name: string): T;
  list<T = Any>(plural: string, selector?: string): T[];
  create<T = Any>(plural: string, body: object): T;
  /** Sends the object back to where it says it is; of a subresource when one is named. */
  update(plural: string, object: Any, subresource?: string): Any;
  patch<T = Any>(plural: string, name: string, patch: object, type?: string): T;
  remove(plural: string, name: string, options?: object): Any;
  isGone(plural: string, name: string): boolean;
  /** Reads, changes and sends back, again after a conflict. */
  retry(plural: string, name: string, change: (object: Any) => void, subresource?: string): Any;
  /** Asks twice a second, and gives what it found. */
  until<T>(found: () => T, seconds?: number): Exclude<T, false | undefined>;
  /** Everything that a watch has told since it was opened. */
  watch(path: string): { readonly events: Seen[]; stop(): void };
  /** What kubectl says in the namespace, when all goes well. */
  say(line: string, stdin?: string): string;

  pod(name: string, spec: object, metadata?: object): Pod;
  podNamed(name: string): Pod;
  running(name: string): Pod;
  ready(name: string): Pod;
  ended(name: string): Pod;
  gone(plural: string, name: string, seconds?: number): void;
  logs(name: string, container?: string): string;
  /** What a pod that runs to its end says: e2eoutput.TestContainerOutput. */
  output(name: string, container: object, spec?: object, metadata?: object): string;
}

let opened: Cluster | undefined;
/** One cluster for the tests of a file, as a suite runs on one. */
export function examine(cluster: Cluster = (opened ??= openCluster({ seed: 36 })), own?: string): Examiner {
  const ask = (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): { readonly status: number; readonly headers: Record<string, string>; readonly body: Any } =>
    cluster.request({ method, path, body, ...(headers ? { headers } : {}) });
  const ok = (answer: { readonly status: number; readonly body: Any }, what: string): Any => {
    expect(answer.status, `${what}: ${JSON.stringify(answer.body?.message)}`).toBeLessThan(300);
    return answer.body;
  };
  const ns = own ?? (ok(ask('POST', '/api/v1/namespaces', { metadata: { generateName: 'e2e-' } }), 'a namespace').metadata.name as string);
  const at: Examiner['at'] = (plural, rest) => pathTo(['nodes', 'namespaces'].includes(plural) ? '' : ns, plural, rest);
  const self: Examiner = {
    cluster,
    ns,
    at,
    ask,
    get: (plural, name) => ok(ask('GET', at(plural, name)), `get ${plural} ${name}`),
    list: (plural, selector) =>
      ok(ask('GET', `${at(plural)}${selector === undefined ? '' : `?labelSelector=${encodeURIComponent(selector)}`}`), `list ${plural}`)
        .items,
    create: (plural, body) => ok(ask('POST', at(plural), body), `create ${plural}`),
    update: (plural, object, subresource = '') =>
      ok(ask('PUT', at(plural, object.metadata.name) + (subresource && `/${subresource}`), object), `update ${plural}`),
    patch: (plural, name, patch, type = STRATEGIC) =>
      ok(ask('PATCH', at(plural, name), patch, { 'content-type': type }), `patch ${plural} ${name}`),
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
    until<T>(found: () => T, seconds = 300) {
      for (const limit = cluster.now + seconds; ; cluster.advance(0.5)) {
        const it = found();
        if (it) return it as Exclude<T, false | undefined>;
        if (cluster.now >= limit) expect.fail(`not within ${seconds} s: ${found.toString()}`);
      }
    },
    watch(path) {
      const events: Seen[] = [];
      return { events, ...cluster.watch(path, (event) => void events.push(event)) };
    },
    say(line, stdin = '') {
      const { stdout, stderr, exitCode } = cluster.kubectl(`-n ${ns} ${line}`, stdin);
      expect(exitCode, stderr).toBe(0);
      return stdout;
    },

    pod: (name, spec, metadata) => self.create('pods', podOf(name, spec, metadata)),
    podNamed: (name) => self.get('pods', name),
    running: (name) => self.until(() => self.podNamed(name).status.phase === 'Running' && self.podNamed(name)),
    ready: (name) => self.until(() => isReady(self.podNamed(name)) && self.podNamed(name)),
    ended: (name) => self.until(() => /Succeeded|Failed/.test(self.podNamed(name).status.phase) && self.podNamed(name)),
    gone(plural, name, seconds = 60) {
      self.until(() => self.isGone(plural, name), seconds);
    },
    logs: (name, container = 'c') => cluster.kubectl(['logs', '-n', ns, name, '-c', container]).stdout,
    output(name, container, spec = {}, metadata = {}) {
      self.pod(name, { restartPolicy: 'Never', containers: [container], ...spec }, metadata);
      expect(self.ended(name).status).toMatchObject({ phase: 'Succeeded' });
      return self.logs(name);
    },
  };
  self.until(() => !self.isGone('serviceaccounts', 'default'));
  return self;
}
/** A cluster of one's own, and its default namespace: for what would disturb the others, and for tests that go on with what the last one made. */
export const alone = (topology: Topology = { workers: 2 }): Examiner => examine(openCluster({ seed: 36, topology }), 'default');

export const conditionOf = (object: Any, type: string): Any => object.status?.conditions?.find((c: Any) => c.type === type);
export const isReady = (pod: Any): boolean => conditionOf(pod, 'Ready')?.status === 'True';
export const controllerOf = (object: Any): Any => object.metadata.ownerReferences?.find((o: Any) => o.controller);
export const podOf = (name: string, spec: object, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec,
});
export const busybox = (script: string, more: object = {}): object => ({
  name: 'c',
  image: BUSYBOX,
  command: ['sh', '-c', script],
  ...more,
});
export const pause = (more: object = {}): object => ({ name: 'c', image: PAUSE, ...more });
