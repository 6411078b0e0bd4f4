import { describe, expect, it } from 'vitest';
import type { V1DaemonSet, V1Node, V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { reconcile } from '../../../src/cluster/controllers/reconcile-part.ts';

const node = (name: string, more: object = {}): V1Node => ({ apiVersion: 'v1', kind: 'Node', metadata: { name, uid: name, labels: { disk: 'ssd' } }, ...more });
const set = (spec: object = {}): V1DaemonSet => ({ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent', namespace: 'kube-system', uid: 'ds', generation: 1 }, spec: { selector: { matchLabels: { app: 'agent' } }, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } }, template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'c', image: 'v1' }], ...spec } } } });
const requests = (writes: readonly { readonly method: string; readonly path: string }[]): string[] => writes.map((w) => `${w.method} ${w.path}`);

describe('DaemonSet', () => {
  const key = 'kube-system/agent';
  const first = (s: V1DaemonSet): object => ({ ...(reconcile('daemonset', { key, objects: [s] }).writes[0].body as object) });
  const run = (s: V1DaemonSet, ...objects: object[]) => reconcile('daemonset', { key, objects: [s, first(s), ...objects] });
  it('keeps its template as a ControllerRevision first', () => expect(first(set())).toMatchObject({ kind: 'ControllerRevision', revision: 1, data: { spec: { template: { spec: { containers: [{ image: 'v1' }] } } } } }));
  it('pins one pod to each machine, tolerating what daemons must', () => {
    const { writes, slowStart } = run(set(), node('a'), node('b'));
    expect(slowStart).toBe(2);
    const pod = writes[0].body as V1Pod;
    expect(pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms).toEqual([{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] }]);
    expect(pod.spec?.tolerations?.map((t) => `${t.key}:${t.effect}`)).toEqual(['not-ready:NoExecute', 'unreachable:NoExecute', 'disk-pressure:NoSchedule', 'memory-pressure:NoSchedule', 'pid-pressure:NoSchedule', 'unschedulable:NoSchedule'].map((t) => `node.kubernetes.io/${t}`));
  });
  it('leaves tainted machines and those its selector does not want', () => {
    const tainted = node('cp', { spec: { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] } });
    expect(run(set(), tainted).writes.filter((w) => w.path.endsWith('/pods'))).toEqual([]);
    expect(run(set({ tolerations: [{ operator: 'Exists' }] }), tainted).writes.length).toBe(1);
    expect(run(set({ nodeSelector: { disk: 'hdd' } }), node('a')).writes.filter((w) => w.path.endsWith('/pods'))).toEqual([]);
  });
  it('replaces one pod of an old template at a time', () => {
    const old = (machine: string): object => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `agent-${machine}`, namespace: 'kube-system', uid: machine + 1, labels: { app: 'agent', 'controller-revision-hash': 'old' }, ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'ds', controller: true }] }, spec: { nodeName: machine, containers: [] }, status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } });
    const { writes, notes } = run(set(), node('a'), node('b'), old('a'), old('b'));
    expect(requests(writes)).toEqual(['DELETE /api/v1/namespaces/kube-system/pods/agent-a']);
    expect(notes[0]).toMatchObject({ says: 'daemonset/superfluous', with: { pods: ['agent-a'] } });
  });
});

describe('garbage collector', () => {
  const dependent = (more: object = {}): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default', uid: 'c', ownerReferences: [{ apiVersion: 'v1', kind: 'Secret', name: 's', uid: 's', blockOwnerDeletion: true }], ...more } });
  const owner = (more: object = {}): object => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'default', uid: 's', ...more } });
  it('deletes what has no living owner', () => expect(requests(reconcile('garbagecollector', { key: 'configmaps|default/c', objects: [dependent()] }).writes)).toEqual(['DELETE /api/v1/namespaces/default/configmaps/c']));
  it('an owner of the same name but another uid is not the owner', () => expect(reconcile('garbagecollector', { key: 'configmaps|default/c', objects: [dependent(), owner({ uid: 'other' })] }).writes.length).toBe(1));
  it('a living owner, or one of a kind nobody knows, keeps it', () => {
    expect(reconcile('garbagecollector', { key: 'configmaps|default/c', objects: [dependent(), owner()] }).writes).toEqual([]);
    expect(reconcile('garbagecollector', { key: 'configmaps|default/c', objects: [dependent({ ownerReferences: [{ apiVersion: 'example.com/v1', kind: 'Thing', name: 't', uid: 't' }] })] }).writes).toEqual([]);
  });
  it('foreground: the dependents first, then the finalizer', () => {
    const dying = owner({ deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['foregroundDeletion'] });
    expect(reconcile('garbagecollector', { key: 'secrets|default/s', objects: [dying, dependent()] }).writes).toMatchObject([{ method: 'DELETE', path: '/api/v1/namespaces/default/configmaps/c', body: { propagationPolicy: 'Foreground' } }]);
    expect(reconcile('garbagecollector', { key: 'secrets|default/s', objects: [dying] }).writes).toMatchObject([{ method: 'PATCH', body: { metadata: { finalizers: [] } } }]);
  });
  it('orphan: the dependents are freed', () => expect(requests(reconcile('garbagecollector', { key: 'secrets|default/s', objects: [owner({ deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['orphan'] }), dependent()] }).writes)).toEqual(['PATCH /api/v1/namespaces/default/configmaps/c', 'PATCH /api/v1/namespaces/default/secrets/s']));
});

describe('the small ones', () => {
  const ns = (more: object = {}): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team', uid: 'team', ...more }, spec: { finalizers: ['kubernetes'] } });
  it('a namespace gets its ServiceAccount and its CA', () => {
    expect(requests(reconcile('serviceaccount', { key: 'team', objects: [ns()] }).writes)).toEqual(['POST /api/v1/namespaces/team/serviceaccounts']);
    expect(reconcile('root-ca-certificate-publisher', { key: 'team', objects: [ns()] }).writes[0].body).toMatchObject({ metadata: { name: 'kube-root-ca.crt' } });
  });
  it('a namespace that goes is emptied, then finalized', () => {
    const dying = ns({ deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect(requests(reconcile('namespace', { key: 'team', objects: [dying, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'team', uid: 'p' } }] }).writes)).toEqual(['DELETE /api/v1/namespaces/team/pods']);
    expect(requests(reconcile('namespace', { key: 'team', objects: [dying] }).writes)).toEqual(['PUT /api/v1/namespaces/team/finalize']);
  });
  it('machines get blocks of pod addresses in order', () => {
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kubeadm-config', namespace: 'kube-system', uid: 'k' }, data: { ClusterConfiguration: 'networking:\n  podSubnet: 10.200.0.0/16\n' } };
    expect(reconcile('node-ipam', { key: 'b', objects: [config, node('a', { spec: { podCIDR: '10.200.0.0/24' } }), node('b')] }).writes[0].body).toEqual({ spec: { podCIDR: '10.200.1.0/24', podCIDRs: ['10.200.1.0/24'] } });
  });
  it('pods of machines that are gone are cleared away after 40 s', () => {
    const lost = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default', uid: 'p', creationTimestamp: '2026-01-01T00:00:00Z' }, spec: { nodeName: 'gone', containers: [] }, status: { phase: 'Running' } };
    expect(reconcile('pod-garbage-collector', { key: 'all', objects: [lost], now: '2026-01-01T00:00:30Z' }).writes).toEqual([]);
    expect(reconcile('pod-garbage-collector', { key: 'all', objects: [lost], now: '2026-01-01T00:01:00Z' }).writes).toMatchObject([{ method: 'PATCH', body: { status: { phase: 'Failed' } } }, { method: 'DELETE', body: { gracePeriodSeconds: 0 } }]);
  });
});
