/**
 * A DaemonSet's new template, sync by sync: how many pods come and go each time.
 * Upstream: pkg/controller/daemon/update_test.go TestDaemonSetUpdatesPods, …WithMaxSurge, …WhenNewPosIsNotReady, …AllOldPodsNotReady, …AllOldPodsNotReadyMaxSurge, …NoTemplateChanged (v1.36).
 * There deletions are observed at once and the roll-out goes on in the same sync; a cluster's controller hears of them first, and goes on in the next.
 */
import { expect, it } from 'vitest';
import { rfc3339 } from '../../../src/api/machinery/time.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import type { V1ControllerRevision, V1DaemonSet, V1Node, V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { reconcile } from '../../../src/cluster/controllers/reconcile-part.ts';

const HASH = 'controller-revision-hash';
const nodes: readonly V1Node[] = [0, 1, 2, 3, 4].map((i) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: `node-${i}` } }));
const START_S = 1_767_225_600;

/** Five machines and one set, of which only the writes of pods and revisions are carried out. */
class Fleet {
  #revisions: V1ControllerRevision[] = [];
  #made = 0;
  #image = 'v1';
  #spec: object = {};
  pods: V1Pod[] = [];
  second = 0;

  change(image: string, spec: object = this.#spec): void {
    this.#image = image;
    this.#spec = spec;
  }
  /** '+3 -1': what the sync makes and deletes, once the revisions are written. */
  sync(): string {
    const { writes } = reconcile('daemonset', { key: 'default/foo', objects: this.#objects(), now: this.#now() });
    const of = writes.filter(({ path }) => path.includes('controllerrevisions'));
    if (of.length > 0) {
      for (const { method, body } of of) this.#revise(method, body as V1ControllerRevision);
      return this.sync();
    }
    const [created, deleted] = ['POST', 'DELETE'].map((method) => writes.filter((w) => w.method === method && w.path.includes('/pods')));
    for (const { body } of created) this.#add(body as V1Pod);
    for (const { path } of deleted) this.pods = this.pods.filter((pod) => !path.endsWith(`/${pod.metadata?.name}`));
    return `+${created.length} -${deleted.length}`;
  }
  /** Marks so many pods that `which` picks. */
  mark(ready: boolean, which: (pod: V1Pod) => boolean = () => true, most = 5): void {
    let left = most;
    this.pods = this.pods.map((pod) => {
      const is = pod.status?.conditions?.[0].status === 'True';
      if (is === ready || !which(pod) || left-- <= 0) return pod;
      return { ...pod, status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: this.#now() }] } };
    });
  }
  newest(): string | undefined {
    return this.#revisions.reduce((a, b) => (b.revision > a.revision ? b : a)).metadata?.labels?.[HASH];
  }
  #now(): string {
    return rfc3339((START_S + this.second) * 1000);
  }
  #objects(): readonly KubeObject[] {
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: this.#image }] } };
    const metadata = { name: 'foo', namespace: 'default', uid: 'ds' };
    const set = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata,
      spec: { selector: { matchLabels: { a: 'b' } }, template, ...this.#spec },
    };
    return [set as V1DaemonSet, ...nodes, ...this.#revisions, ...this.pods];
  }
  #revise(method: string, body: V1ControllerRevision): void {
    this.#revisions = this.#revisions.filter(({ metadata }) => metadata?.name !== body.metadata?.name);
    if (method !== 'DELETE') this.#revisions.push(body);
  }
  #add(pod: V1Pod): void {
    const at =
      pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0].matchFields?.[0].values?.[0];
    const name = `foo-${this.#made++}`;
    const metadata = { ...pod.metadata, name, uid: name, namespace: 'default', creationTimestamp: this.#now() };
    this.pods.push({ ...pod, metadata, spec: { ...pod.spec, containers: [], nodeName: at } });
  }
}
const rolling = (rollingUpdate: object, more: object = {}): object => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate },
  ...more,
});
function fleet(isReady = true): Fleet {
  const made = new Fleet();
  expect(made.sync()).toBe('+5 -0');
  if (isReady) made.mark(true);
  return made;
}
/** Syncs in turn; '!' marks all pods ready first. */
const syncs = (of: Fleet, expected: readonly string[]): void => {
  const said = expected.map((text) => {
    if (text.startsWith('!')) of.mark(true);
    return (text.startsWith('!') ? '!' : '') + of.sync();
  });
  expect(said).toEqual(expected);
};

it('two may be missing', () => {
  const five = fleet();
  five.change('v2', rolling({ maxUnavailable: 2 }));
  syncs(five, ['+0 -2', '+2 -0', '!+0 -2', '+2 -0', '!+0 -1', '+1 -0', '!+0 -0']);
});
it('two may be there twice', () => {
  const five = fleet();
  five.change('v2', rolling({ maxUnavailable: 0, maxSurge: 2 }));
  syncs(five, ['+2 -0', '+0 -0', '!+0 -2', '+2 -0', '+0 -0', '!+0 -2', '+1 -0', '+0 -0', '!+0 -1', '+0 -0']);
});
it('new ones that are not ready hold it up', () => {
  const five = fleet();
  five.change('v2', rolling({ maxUnavailable: 3 }));
  syncs(five, ['+0 -3', '+3 -0', '+0 -0']);
});
it('old ones that are not ready go at once', () => {
  const five = fleet(false);
  five.change('v2', rolling({ maxUnavailable: 3 }));
  syncs(five, ['+0 -5', '+5 -0', '+0 -0']);
});
it('the same template changes nothing', () => {
  const five = fleet();
  five.change('v1', rolling({ maxUnavailable: 3 }));
  syncs(five, ['+0 -0']);
});
it('old ones that are not ready, three may be there twice, and each must be ready for 15 s', () => {
  const five = fleet(false);
  const at = (second: number, expected: string): void => {
    five.second = second;
    syncs(five, [expected]);
  };
  five.change('v2', rolling({ maxUnavailable: 0, maxSurge: 3 }));
  at(100, '+5 -0');
  at(200, '+0 -5');
  five.mark(true);
  five.change('v3', rolling({ maxUnavailable: 0, maxSurge: 3 }, { minReadySeconds: 15 }));
  at(300, '+3 -0');
  const isNew = (pod: V1Pod): boolean => pod.metadata?.labels?.[HASH] === five.newest();
  const fresh = new Set(five.pods.filter(isNew).map((pod) => pod.spec?.nodeName));
  five.mark(true, isNew, 2);
  five.mark(false, (pod) => !isNew(pod) && !fresh.has(pod.spec?.nodeName), 1);
  at(310, '+1 -0');
  at(320, '+0 -3');
  at(320, '+1 -0');
  five.mark(true, isNew, 3);
  at(340, '+0 -2');
  at(350, '+0 -0');
});
