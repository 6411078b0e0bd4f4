import { describe, expect, it } from 'vitest';
import type { CoreV1Event, V1DaemonSet, V1Node, V1Pod } from '../../../src/api/schema/kubernetes.ts';
import type { Changes, Daemons } from '../../../src/cluster/controllers/daemons/on-machines.ts';
import { manage, roll, shouldRun } from '../../../src/cluster/controllers/daemons/on-machines.ts';
import type { Failures } from '../../../src/cluster/controllers/daemons/failures.ts';
import { tolerationsOf } from '../../../src/cluster/controllers/daemons/pod.ts';
import gc from '../../../src/cluster/controllers/garbagecollector.ts';
import { cacheOf } from '../../../src/cluster/client/indexed-cache.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import { openCluster } from '../../../src/engine/headless.ts';
import { reconcile } from '../../../src/cluster/controllers/reconcile-part.ts';

const node = (name: string, more: object = {}): V1Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, uid: name, labels: { disk: 'ssd' } },
  ...more,
});
const set = (spec: object = {}): V1DaemonSet => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'kube-system', uid: 'ds', generation: 1 },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'c', image: 'v1' }], ...spec } },
  },
});
const requests = (writes: readonly { readonly method: string; readonly path: string }[]): string[] =>
  writes.map((w) => `${w.method} ${w.path}`);

describe('DaemonSet', () => {
  const key = 'kube-system/agent';
  const first = (s: V1DaemonSet): object => ({ ...(reconcile('daemonset', { key, objects: [s] }).writes[0].body as object) });
  const run = (s: V1DaemonSet, ...objects: object[]) => reconcile('daemonset', { key, objects: [s, first(s), ...objects] });
  it('keeps its template as a ControllerRevision first', () =>
    expect(first(set())).toMatchObject({
      kind: 'ControllerRevision',
      revision: 1,
      data: { spec: { template: { spec: { containers: [{ image: 'v1' }] } } } },
    }));
  it('pins one pod to each machine, tolerating what daemons must', () => {
    const { writes, slowStart } = run(set(), node('a'), node('b'));
    expect(slowStart).toBe(2);
    const pod = writes[0].body as V1Pod;
    expect(pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms).toEqual([
      { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] },
    ]);
    expect(pod.spec?.tolerations?.map((t) => `${t.key}:${t.effect}`)).toEqual(
      [
        'not-ready:NoExecute',
        'unreachable:NoExecute',
        'disk-pressure:NoSchedule',
        'memory-pressure:NoSchedule',
        'pid-pressure:NoSchedule',
        'unschedulable:NoSchedule',
      ].map((t) => `node.kubernetes.io/${t}`),
    );
  });
  it('leaves tainted machines and those its selector does not want', () => {
    const tainted = node('cp', { spec: { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] } });
    expect(run(set(), tainted).writes.filter((w) => w.path.endsWith('/pods'))).toEqual([]);
    expect(run(set({ tolerations: [{ operator: 'Exists' }] }), tainted).writes.length).toBe(1);
    expect(run(set({ nodeSelector: { disk: 'hdd' } }), node('a')).writes.filter((w) => w.path.endsWith('/pods'))).toEqual([]);
  });
  /** Upstream: controller_ref_manager.go, update.go dedupCurHistories; daemon_controller_test.go, update_test.go. */
  it('adopts pods and revisions without an owner, and lets go what no longer matches', () => {
    const { ownerReferences: _o, ...bare } = (first(set()) as V1Pod).metadata ?? {};
    const pod = (name: string, more: object): object => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'kube-system', uid: name, labels: { app: 'agent' }, ...more },
    });
    const mine = { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'ds', controller: true }] };
    const { writes } = reconcile('daemonset', {
      key,
      objects: [
        set(),
        { ...first(set()), metadata: bare } as object,
        pod('orphan', {}),
        pod('going', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
        pod('stray', { labels: {}, ...mine }),
        pod('another', { labels: {} }),
      ],
    });
    expect(requests(writes)).toEqual([
      'PATCH /api/v1/namespaces/kube-system/pods/orphan',
      'PATCH /api/v1/namespaces/kube-system/pods/stray',
      `PATCH /apis/apps/v1/namespaces/kube-system/controllerrevisions/${bare.name}`,
    ]);
  });
  it('keeps the newest of two revisions with its template, relabels its pods, and draws another hash for a name that is taken', () => {
    const revision = first(set()) as V1Pod & { readonly data: object };
    const twin = {
      ...revision,
      metadata: { ...revision.metadata, name: 'agent-twin', uid: 'twin', labels: { app: 'agent', 'controller-revision-hash': 'twin' } },
      revision: 2,
    };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...revision.metadata, name: 'agent-a', uid: 'a' } };
    const { writes } = run(set(), twin, pod);
    expect(requests(writes)).toEqual([
      'PATCH /api/v1/namespaces/kube-system/pods/agent-a',
      `DELETE /apis/apps/v1/namespaces/kube-system/controllerrevisions/${revision.metadata?.name}`,
    ]);
    expect(writes[0].body).toEqual({ metadata: { labels: { 'controller-revision-hash': 'twin' } } });
    const taken = reconcile('daemonset', { key, objects: [set(), { ...revision, data: {} } as object] });
    expect([requests(taken.writes), taken.writes[0].body]).toMatchObject([
      ['PUT /apis/apps/v1/namespaces/kube-system/daemonsets/agent/status'],
      { status: { collisionCount: 1 } },
    ]);
  });
  it('replaces one pod of an old template at a time', () => {
    const old = (machine: string): object => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `agent-${machine}`,
        namespace: 'kube-system',
        uid: machine + 1,
        labels: { app: 'agent', 'controller-revision-hash': 'old' },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'ds', controller: true }],
      },
      spec: { nodeName: machine, containers: [] },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    });
    const { writes, notes } = run(set(), node('a'), node('b'), old('a'), old('b'));
    expect(requests(writes)).toEqual(['DELETE /api/v1/namespaces/kube-system/pods/agent-a']);
    expect(notes[0]).toMatchObject({ says: 'daemonset/superfluous', with: { pods: ['agent-a'] } });
  });
  it('says what it finds ended', () => {
    const ended = (machine: string, phase: string): object => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...(first(set()) as V1Pod).metadata, name: `agent-${machine}`, uid: machine + 1 },
      spec: { nodeName: machine, containers: [] },
      status: { phase },
    });
    const { writes, notes } = run(set(), node('a'), node('b'), ended('a', 'Failed'), ended('b', 'Succeeded'));
    expect(requests(writes)).toEqual([
      'DELETE /api/v1/namespaces/kube-system/pods/agent-a',
      'DELETE /api/v1/namespaces/kube-system/pods/agent-b',
    ]);
    const message = (word: string, machine: string, verb: string): string =>
      `Found ${word} daemon pod kube-system/agent-${machine} on node ${machine}, will try to ${verb} it`;
    expect(notes.slice(0, 2).map((note) => note.with?.event)).toEqual([
      { type: 'Warning', reason: 'FailedDaemonPod', message: message('failed', 'a', 'kill') },
      { type: 'Normal', reason: 'SucceededDaemonPod', message: message('succeeded', 'b', 'delete') },
    ]);
  });
});

/** Upstream: daemon_controller_test.go TestNodeShouldRunDaemonPod; util/daemonset_util_test.go TestAddOrUpdateDaemonPodTolerations. */
describe('where daemons run', () => {
  const node = (more: object = {}): V1Node => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'a', uid: 'a', labels: { disk: 'ssd' } },
    ...more,
  });
  const required = (key: string, values: readonly string[], at: 'matchExpressions' | 'matchFields' = 'matchExpressions'): object => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ [at]: [{ key, operator: 'In', values }] }] },
      },
    },
  });
  const taint = (effect: string): object => ({ spec: { taints: [{ key: 'k', value: 'v', effect }] } });
  const table: readonly (readonly [string, object, V1Node, boolean, boolean])[] = [
    ['an empty template', {}, node(), true, true],
    ['the machine that it names', { nodeName: 'a' }, node(), true, true],
    ['another machine', { nodeName: 'b' }, node(), false, false],
    ['a label that the machine has', required('disk', ['ssd']), node(), true, true],
    ['a label that it has not', required('disk', ['hdd']), node(), false, false],
    ['its name', required('metadata.name', ['a'], 'matchFields'), node(), true, true],
    ['another name', required('metadata.name', ['b'], 'matchFields'), node(), false, false],
    ['a selector that does not match', { nodeSelector: { disk: 'hdd' } }, node(), false, false],
    ['NoSchedule', {}, node(taint('NoSchedule')), false, true],
    ['NoExecute', {}, node(taint('NoExecute')), false, false],
    ['PreferNoSchedule', {}, node(taint('PreferNoSchedule')), true, true],
    ['NoExecute, tolerated', { tolerations: [{ key: 'k', operator: 'Exists' }] }, node(taint('NoExecute')), true, true],
    [
      'unschedulable',
      {},
      node({ spec: { unschedulable: true, taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] } }),
      true,
      true,
    ],
    [
      'no network yet',
      {},
      node({ spec: { taints: [{ key: 'node.kubernetes.io/network-unavailable', effect: 'NoSchedule' }] } }),
      false,
      true,
    ],
    [
      'no network yet, on the machine’s own',
      { hostNetwork: true },
      node({ spec: { taints: [{ key: 'node.kubernetes.io/network-unavailable', effect: 'NoSchedule' }] } }),
      true,
      true,
    ],
  ];
  for (const [name, spec, machine, run, stay] of table) it(name, () => expect(shouldRun(set(spec), machine)).toEqual({ run, stay }));
  it('a daemon has no limit to its patience with what daemons must bear', () => {
    const own = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 };
    expect(tolerationsOf({ containers: [], tolerations: [own] })[0]).toEqual({ key: own.key, operator: 'Exists', effect: 'NoExecute' });
    expect(tolerationsOf({ containers: [], hostNetwork: true }).map((t) => t.key?.slice('node.kubernetes.io/'.length))).toEqual([
      'not-ready',
      'unreachable',
      'disk-pressure',
      'memory-pressure',
      'pid-pressure',
      'unschedulable',
      'network-unavailable',
    ]);
  });
});

/** Upstream: update.go rollingUpdate, daemon_controller.go podsShouldBeOnNode, and what update_test.go TestDaemonSetUpdates… and daemon_controller_test.go TestSurge… ask of them. */
describe('a new template for daemons', () => {
  type Short = 'old' | 'old-unready' | 'new' | 'new-unready' | 'gone' | 'failed' | 'succeeded';
  const NOW = Date.parse('2026-01-01T00:10:00Z');
  const pod = (machine: string, what: Short, i: number): V1Pod => ({
    metadata: {
      name: `${machine}-${i}`,
      labels: { 'controller-revision-hash': what.startsWith('new') ? 'h' : 'before' },
      creationTimestamp: `2026-01-01T00:00:0${i}Z`,
      ...(what === 'gone' ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: { nodeName: machine, containers: [] },
    status: {
      phase: what === 'failed' ? 'Failed' : what === 'succeeded' ? 'Succeeded' : 'Running',
      conditions: [
        {
          type: 'Ready',
          status: what.endsWith('unready') ? 'False' : 'True',
          lastTransitionTime: what.startsWith('new') ? '2026-01-01T00:09:50Z' : '2026-01-01T00:00:00Z',
        },
      ],
    },
  });
  const daemons = (machines: readonly (readonly Short[])[], rollingUpdate: object, more: object = {}): Daemons => {
    const s = set();
    const names = machines.map((_, i) => `m${i}`);
    return {
      set: { ...s, spec: { ...s.spec, updateStrategy: { type: 'RollingUpdate', rollingUpdate }, ...more } } as V1DaemonSet,
      hash: 'h',
      nodes: names.map((name) => node(name)),
      byMachine: new Map(
        machines.flatMap((pods, i) => (pods.length === 0 ? [] : [[names[i], pods.map((p, j) => pod(names[i], p, j))] as const])),
      ),
      nowMs: NOW,
    };
  };
  const said = (changes: Changes): string =>
    [...changes.creates.map((m) => `+${m}`), ...changes.deletes.map((p) => `-${p.metadata?.name}`)].join(' ');
  const rolls: readonly (readonly [string, readonly (readonly Short[])[], object, string, object?])[] = [
    ['as many as may be missing', [['old'], ['old'], ['old'], ['old'], ['old']], { maxUnavailable: 2 }, '-m0-0 -m1-0'],
    ['all that do not work', [['old-unready'], ['old-unready'], ['old-unready']], { maxUnavailable: 1 }, '-m0-0 -m1-0 -m2-0'],
    ['those that do not work count', [['old'], ['old-unready'], ['old'], ['old']], { maxUnavailable: 2 }, '-m1-0 -m0-0'],
    ['nothing while a new one is not ready', [['new-unready'], ['old']], { maxUnavailable: 1 }, ''],
    ['a machine that waits for its pod counts', [['gone'], ['old'], ['old']], { maxUnavailable: 1 }, ''],
    ['a share rounds up', [['old'], ['old'], ['old']], { maxUnavailable: '50%' }, '-m0-0 -m1-0'],
    ['nothing may be missing nor there twice: one', [['old'], ['old']], { maxUnavailable: 0, maxSurge: 0 }, '-m0-0'],
    ['new ones are not available yet', [['new'], ['old']], { maxUnavailable: 1 }, '', { minReadySeconds: 30 }],
    ['surge: as many as may be there twice', [['old'], ['old'], ['old']], { maxUnavailable: 0, maxSurge: 2 }, '+m0 +m1'],
    [
      'surge: beside each that does not work',
      [['old-unready'], ['old-unready'], ['old']],
      { maxUnavailable: 0, maxSurge: 1 },
      '+m0 +m1 +m2',
    ],
    ['surge: the new one is available', [['old', 'new'], ['old']], { maxUnavailable: 0, maxSurge: 1 }, '+m1 -m0-0'],
    ['surge: the new one is not', [['old', 'new-unready'], ['old']], { maxUnavailable: 0, maxSurge: 1 }, ''],
    ['surge: nor for long enough', [['old', 'new'], ['old']], { maxUnavailable: 0, maxSurge: 1 }, '', { minReadySeconds: 30 }],
  ];
  for (const [name, machines, strategy, expected, more] of rolls)
    it(name, () => expect(said(roll(daemons(machines, strategy, more)))).toBe(expected));
  const managed: readonly (readonly [string, readonly (readonly Short[])[], object, string])[] = [
    ['a pod where none is', [[], ['new']], { maxUnavailable: 1 }, '+m0'],
    ['not while the one before is going', [['gone']], { maxUnavailable: 1 }, ''],
    ['but so with surge', [['gone']], { maxUnavailable: 0, maxSurge: 1 }, '+m0'],
    ['the oldest stays', [['old', 'new']], { maxUnavailable: 1 }, '-m0-1'],
    ['surge: old and new stay', [['old', 'new-unready']], { maxUnavailable: 0, maxSurge: 1 }, ''],
    ['surge: the old one is no longer ready', [['old-unready', 'new-unready']], { maxUnavailable: 0, maxSurge: 1 }, '-m0-0'],
    ['surge: a second new one goes', [['old', 'new-unready', 'new-unready']], { maxUnavailable: 0, maxSurge: 1 }, '-m0-2'],
  ];
  for (const [name, machines, strategy, expected] of managed)
    it(name, () => expect(said(manage(daemons(machines, strategy)))).toBe(expected));
  /** Upstream: daemon_controller_test.go TestDaemonKillFailedPods. */
  it.each<readonly [string, readonly (readonly Short[])[], string, string]>([
    ['one has failed: another comes later', [['failed']], '-m0-0', 'm0-0'],
    ['one has failed beside three', [['failed', 'new', 'new', 'new']], '-m0-0 -m0-2 -m0-3', 'm0-0'],
    ['two have failed: one at a time', [['failed', 'failed']], '-m0-0', 'm0-0'],
    ['one has failed on each machine', [['failed'], ['failed']], '-m0-0 -m1-0', 'm0-0 m1-0'],
    ['those that succeeded go together', [['succeeded', 'succeeded']], '-m0-0 -m0-1', 'm0-0 m0-1'],
  ])('%s', (_, machines, expected, ended) => {
    const managed = manage(daemons(machines, { maxUnavailable: 1 }));
    expect([said(managed), managed.ended.map((p) => p.metadata?.name).join(' ')]).toEqual([expected, ended]);
  });
  /** Upstream: daemon_controller_test.go TestDaemonKillFailedPodsBackoff; failedPodsBackoff of 1 s to 15 min. */
  it('those that fail again and again are left alone for longer and longer', () => {
    const failing = daemons([['failed']], { maxUnavailable: 1 });
    let failures: Failures = {};
    const goesAt = (seconds: number): boolean => {
      const managed = manage({ ...failing, nowMs: NOW + seconds * 1000, failures });
      failures = managed.failures;
      return managed.deletes.length > 0;
    };
    expect([0, 0.9, 1, 2.9, 3, 6.9, 7].map(goesAt)).toEqual([true, false, true, false, true, false, true]);
    expect([7 + 1801, 7 + 1801.9, 7 + 1802].map(goesAt)).toEqual([true, false, true]);
    expect(manage({ ...failing, nowMs: NOW + 1810_000, failures }).againMs).toBe(2000);
  });
  it('pods of a machine that is gone are its own only as long as they have none', () => {
    const lost = daemons([['new']], { maxUnavailable: 1 });
    expect(said(manage({ ...lost, nodes: [] }))).toBe('');
    expect(said(manage({ ...lost, nodes: [], byMachine: new Map([['m0', [{ ...pod('m0', 'new', 0), spec: { containers: [] } }]]]) }))).toBe(
      '-m0-0',
    );
  });
  it('rolls through a whole cluster with a pod more and never one less', () => {
    const cluster = openCluster({ seed: 3 });
    const yaml = (image: string): string =>
      `{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: agent}, spec: {selector: {matchLabels: {a: b}}, updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: '${image}'}]}}}}`;
    cluster.kubectl(['apply', '-f', '-'], yaml('nginx:1.28'));
    cluster.settle();
    cluster.kubectl(['apply', '-f', '-'], yaml('nginx:1.29'));
    let [least, most] = [9, 0];
    for (let i = 0; i < 60; i++) {
      cluster.advance(0.5);
      const lines = cluster.kubectl('get pods -l a=b --no-headers').stdout.split('\n').filter(Boolean);
      least = Math.min(least, lines.filter((l) => / 1\/1 +Running/.test(l)).length);
      most = Math.max(most, lines.filter((l) => !l.includes('Terminating') && !l.includes('Completed')).length);
    }
    expect([least, most]).toEqual([3, 4]);
    expect(cluster.kubectl('get ds agent --no-headers').stdout).toMatch(/^agent +3 +3 +3 +3 +3 /);
    expect(cluster.kubectl('get ds agent -o yaml').stdout).toContain('deprecated.daemonset.template.generation: "2"');
  });
});

/** Upstream: pkg/controller/deployment syncDeployment, pkg/controller/daemon syncDaemonSet. */
describe('a selector that is empty', () => {
  const of = (kind: string) => ({
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'all', namespace: 'default', generation: 2 },
    spec: { selector: {}, template: { metadata: { labels: { app: 'all' } }, spec: { containers: [] } } },
    status: { observedGeneration: 1 },
  });
  const stray = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' } };
  it.each([
    ['Deployment', 'deployment', ['PUT /apis/apps/v1/namespaces/default/deployments/all/status']],
    ['DaemonSet', 'daemon set', []],
  ] as const)('of a %s: it is said, and nothing is made', (kind, called, writes) => {
    const result = reconcile(kind, { key: 'default/all', objects: [of(kind), stray, node('a')] });
    expect(requests(result.writes)).toEqual(writes);
    expect(result.writes.map(({ body }) => body)).toMatchObject(writes.map(() => ({ status: { observedGeneration: 2 } })));
    expect(result.notes).toMatchObject([
      {
        with: {
          event: {
            type: 'Warning',
            reason: 'SelectingAll',
            message: `This ${called} is selecting all pods. A non-empty selector is required.`,
          },
        },
      },
    ]);
    expect(
      reconcile(kind, { key: 'default/all', objects: [Object.assign(of(kind), { status: { observedGeneration: 2 } })] }).writes,
    ).toEqual([]);
  });
});

/** Upstream: garbagecollector.go attemptToDeleteItem, classifyReferences, processDeletingDependentsItem. */
describe('garbage collector', () => {
  const dependent = (more: object = {}): object => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'c',
      namespace: 'default',
      uid: 'c',
      ownerReferences: [{ apiVersion: 'v1', kind: 'Secret', name: 's', uid: 's', blockOwnerDeletion: true }],
      ...more,
    },
  });
  const owner = (more: object = {}): object => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', namespace: 'default', uid: 's', ...more },
  });
  it('deletes what has no living owner', () =>
    expect(requests(reconcile('garbagecollector', { key: 'configmaps|default/c', objects: [dependent()] }).writes)).toEqual([
      'DELETE /api/v1/namespaces/default/configmaps/c',
    ]));
  it('an owner of the same name but another uid is not the owner', () =>
    expect(
      reconcile('garbagecollector', { key: 'configmaps|default/c', objects: [dependent(), owner({ uid: 'other' })] }).writes.length,
    ).toBe(1));
  it('a living owner, or one of a kind nobody knows, keeps it', () => {
    expect(reconcile('garbagecollector', { key: 'configmaps|default/c', objects: [dependent(), owner()] }).writes).toEqual([]);
    expect(
      reconcile('garbagecollector', {
        key: 'configmaps|default/c',
        objects: [dependent({ ownerReferences: [{ apiVersion: 'example.com/v1', kind: 'Thing', name: 't', uid: 't' }] })],
      }).writes,
    ).toEqual([]);
  });
  it('foreground: the dependents first, then the finalizer', () => {
    const dying = owner({ deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['foregroundDeletion'] });
    const child = (more: object = {}): object => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'd',
        namespace: 'default',
        uid: 'd',
        ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'c', uid: 'c' }],
        ...more,
      },
    });
    const deletion = (propagationPolicy: string): object => ({
      method: 'DELETE',
      path: '/api/v1/namespaces/default/configmaps/c',
      body: { propagationPolicy },
    });
    expect(reconcile('garbagecollector', { key: 'secrets|default/s', objects: [dying, dependent()] }).writes).toMatchObject([
      deletion('Background'),
    ]);
    expect(reconcile('garbagecollector', { key: 'secrets|default/s', objects: [dying, dependent(), child()] }).writes).toMatchObject([
      deletion('Foreground'),
    ]);
    expect(
      reconcile('garbagecollector', {
        key: 'secrets|default/s',
        objects: [dying, dependent(), child({ deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['foregroundDeletion'] })],
      }).writes,
      'it may be a circle',
    ).toMatchObject([
      { method: 'PATCH', body: { metadata: { ownerReferences: [{ name: 's', blockOwnerDeletion: false }] } } },
      deletion('Foreground'),
    ]);
    expect(reconcile('garbagecollector', { key: 'secrets|default/s', objects: [dying] }).writes).toMatchObject([
      { method: 'PATCH', body: { metadata: { finalizers: [] } } },
    ]);
  });
  it('another owner that stays keeps it, and the reference to the one that goes is dropped', () => {
    const refs = [
      { apiVersion: 'v1', kind: 'Secret', name: 's', uid: 's', blockOwnerDeletion: true },
      { apiVersion: 'v1', kind: 'Secret', name: 'stays', uid: 'stays' },
    ];
    const stays = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'stays', namespace: 'default', uid: 'stays' } };
    const freed = [
      { method: 'PATCH', path: '/api/v1/namespaces/default/configmaps/c', body: { metadata: { ownerReferences: [refs[1]] } } },
    ];
    expect(
      reconcile('garbagecollector', { key: 'configmaps|default/c', objects: [dependent({ ownerReferences: refs }), stays] }).writes,
    ).toMatchObject(freed);
    const dying = owner({ deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['foregroundDeletion'] });
    expect(
      reconcile('garbagecollector', { key: 'secrets|default/s', objects: [dying, stays, dependent({ ownerReferences: refs })] }).writes,
    ).toMatchObject(freed);
    expect(
      reconcile('garbagecollector', { key: 'configmaps|default/c', objects: [dependent({ ownerReferences: refs })] }).writes,
    ).toMatchObject([{ method: 'DELETE' }]);
  });
  it('what does not block its owner does not keep it', () => {
    const dying = owner({ deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['foregroundDeletion'] });
    const going = { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['example.com/slow'] };
    const ref = { apiVersion: 'v1', kind: 'Secret', name: 's', uid: 's' };
    expect(
      reconcile('garbagecollector', { key: 'secrets|default/s', objects: [dying, dependent({ ...going, ownerReferences: [ref] })] }).writes,
    ).toMatchObject([{ body: { metadata: { finalizers: [] } } }]);
    expect(
      reconcile('garbagecollector', {
        key: 'secrets|default/s',
        objects: [dying, dependent({ ...going, ownerReferences: [{ ...ref, blockOwnerDeletion: true }] })],
      }).writes,
    ).toEqual([]);
  });
  it('an owner in another namespace is none, and the one that names it is told so', () => {
    const cluster = openCluster();
    cluster.kubectl('create namespace far');
    cluster.kubectl('create configmap parent -n far');
    const parent = cluster.request({ method: 'GET', path: '/api/v1/namespaces/far/configmaps/parent' }).body as V1Node;
    const make = (path: string, kind: string, name: string): void => {
      cluster.request({
        method: 'POST',
        path,
        body: {
          apiVersion: 'v1',
          kind,
          metadata: { name, ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'parent', uid: parent.metadata?.uid }] },
        },
      });
    };
    make('/api/v1/namespaces/default/configmaps', 'ConfigMap', 'child');
    make('/api/v1/namespaces/far/configmaps', 'ConfigMap', 'own');
    make('/api/v1/nodes', 'Node', 'clusterwide');
    cluster.advance(5);
    const { items } = cluster.request({ method: 'GET', path: '/api/v1/events?fieldSelector=reason=OwnerRefInvalidNamespace' }).body as {
      readonly items: readonly CoreV1Event[];
    };
    const ref = (namespace: string): string =>
      `ownerRef [v1/ConfigMap, namespace: ${namespace}, name: parent, uid: ${parent.metadata?.uid}] does not exist in namespace "${namespace}"`;
    expect(
      items.map(({ type, involvedObject, message, source }) => [
        type,
        involvedObject.namespace,
        involvedObject.name,
        involvedObject.resourceVersion,
        source?.component,
        message,
      ]),
    ).toEqual([
      ['Warning', 'default', 'child', undefined, 'garbage-collector-controller', ref('default')],
      ['Warning', undefined, 'clusterwide', undefined, 'garbage-collector-controller', ref('')],
    ]);
    expect(cluster.kubectl('get configmap child').stderr, 'what no namespace could hold is not deleted').toBe(
      'Error from server (NotFound): configmaps "child" not found\n',
    );
    expect(cluster.kubectl('get configmap own -n far').exitCode + cluster.kubectl('get node clusterwide').exitCode).toBe(0);
  });
  it('one that is seen after who names it tells it then', () => {
    const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'far', uid: 's' } };
    const watch = gc.watches.find(({ resource }) => resource === 'secrets');
    expect(watch?.events({ object, deleted: false, cache: cacheOf([object, dependent()] as KubeObject[]) })).toMatchObject([
      { reason: 'OwnerRefInvalidNamespace', regarding: { metadata: { name: 'c', namespace: 'default' } } },
    ]);
  });
  it('goes as its finalizers say', () =>
    expect(
      reconcile('garbagecollector', { key: 'configmaps|default/c', objects: [dependent({ finalizers: ['orphan'] })] }).writes,
    ).toMatchObject([{ method: 'DELETE', body: { propagationPolicy: 'Orphan' } }]));
  it('orphan: the dependents are freed', () =>
    expect(
      requests(
        reconcile('garbagecollector', {
          key: 'secrets|default/s',
          objects: [owner({ deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['orphan'] }), dependent()],
        }).writes,
      ),
    ).toEqual(['PATCH /api/v1/namespaces/default/configmaps/c', 'PATCH /api/v1/namespaces/default/secrets/s']));
});

describe('the small ones', () => {
  const ns = (more: object = {}): object => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'team', uid: 'team', ...more },
    spec: { finalizers: ['kubernetes'] },
  });
  it('a namespace gets its ServiceAccount and its CA', () => {
    expect(requests(reconcile('serviceaccount', { key: 'team', objects: [ns()] }).writes)).toEqual([
      'POST /api/v1/namespaces/team/serviceaccounts',
    ]);
    expect(reconcile('root-ca-certificate-publisher', { key: 'team', objects: [ns()] }).writes[0].body).toMatchObject({
      metadata: { name: 'kube-root-ca.crt' },
    });
  });
  it('machines get blocks of pod addresses in order', () => {
    const config = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kubeadm-config', namespace: 'kube-system', uid: 'k' },
      data: { ClusterConfiguration: 'networking:\n  podSubnet: 10.200.0.0/16\n' },
    };
    expect(
      reconcile('node-ipam', { key: 'b', objects: [config, node('a', { spec: { podCIDR: '10.200.0.0/24' } }), node('b')] }).writes[0].body,
    ).toEqual({ spec: { podCIDR: '10.200.1.0/24', podCIDRs: ['10.200.1.0/24'] } });
  });
  it('pods of machines that are gone are cleared away after 40 s', () => {
    const lost = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default', uid: 'p', creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { nodeName: 'gone', containers: [] },
      status: { phase: 'Running' },
    };
    expect(reconcile('pod-garbage-collector', { key: 'all', objects: [lost], now: '2026-01-01T00:00:30Z' }).writes).toEqual([]);
    expect(reconcile('pod-garbage-collector', { key: 'all', objects: [lost], now: '2026-01-01T00:01:00Z' }).writes).toMatchObject([
      {
        method: 'PATCH',
        body: {
          status: {
            phase: 'Failed',
            conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' }],
          },
        },
      },
      { method: 'DELETE', body: { gracePeriodSeconds: 0 } },
    ]);
  });
  // pkg/controller/podgc/gc_controller_test.go TestGCTerminating: a terminating pod goes where the machine is not ready and is out of service.
  it.each([
    ['True', true, false],
    ['False', true, true],
    ['Unknown', true, true],
    ['False', false, false],
  ])('a pod that waits to end on a machine whose Ready is %s (out of service: %s) is removed: %s', (status, isTainted, isGone) => {
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'w1' },
      spec: isTainted ? { taints: [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }] } : {},
      status: { conditions: [{ type: 'Ready', status }] },
    };
    const at = (name: string, metadata: object): object => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', uid: name, ...metadata },
      spec: { nodeName: 'w1', containers: [] },
      status: { phase: 'Running' },
    });
    const { writes } = reconcile('pod-garbage-collector', {
      key: 'all',
      objects: [node, at('going', { deletionTimestamp: '2026-01-01T00:00:00Z' }), at('staying', {})],
      now: '2026-01-01T00:01:00Z',
    });
    expect(writes).toMatchObject(
      isGone
        ? [
            { method: 'PATCH', path: '/api/v1/namespaces/default/pods/going/status', body: { status: { phase: 'Failed' } } },
            { method: 'DELETE', path: '/api/v1/namespaces/default/pods/going', body: { gracePeriodSeconds: 0 } },
          ]
        : [],
    );
    expect(writes).toHaveLength(isGone ? 2 : 0);
  });
});

/** Upstream: cmd/kube-controller-manager/names/controller_names.go, and the aliases in app/*.go. */
describe('a controller’s names', () => {
  const names = [
    'daemonset',
    'deployment',
    'endpointslice',
    'garbage-collector',
    'namespace',
    'node-ipam',
    'node-lifecycle',
    'pod-garbage-collector',
    'replicaset',
    'root-ca-certificate-publisher',
    'serviceaccount',
  ];
  const old = ['daemonset', 'garbagecollector', 'nodeipam', 'nodelifecycle', 'podgc', 'root-ca-cert-publisher'];
  it.each([...names.flatMap((name) => [name, `${name}-controller`]), ...old])('%s', (name) =>
    expect(() => reconcile(name, { key: 'configmaps|default/x', objects: [] })).not.toThrow(),
  );
  it('one that is not there is named', () =>
    expect(() => reconcile('job', { key: 'default/x', objects: [] })).toThrow('there is no controller "job": daemonset, '));
});
