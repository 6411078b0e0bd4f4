import { describe, expect, it } from 'vitest';
import type { V1Deployment, V1ReplicaSet } from '../../../src/api/schema/kubernetes.ts';
import { historyOf } from '../../../src/cluster/controllers/rollout/revision.ts';
import { reconcile } from '../../../src/cluster/controllers/reconcile-part.ts';
import { isComplete, rolloutStatus, untilDeadlineUs } from '../../../src/cluster/controllers/rollout/status.ts';
import {
  DESIRED,
  isResized,
  limits,
  MAXIMUM,
  newReplicas,
  proportional,
  shrinkOld,
  wanted,
} from '../../../src/cluster/controllers/rollout/replica-sets.ts';

const deployment = (replicas: number, strategy: object = {}, more: object = {}): V1Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'foo', namespace: 'default', uid: 'd', generation: 1 },
  spec: {
    replicas,
    progressDeadlineSeconds: 600,
    revisionHistoryLimit: 10,
    strategy: { type: 'RollingUpdate', rollingUpdate: strategy },
    selector: { matchLabels: { app: 'foo' } },
    template: { metadata: { labels: { app: 'foo' } }, spec: { containers: [{ name: 'c', image: 'v2' }] } },
    ...more,
  },
});
const set = (name: string, replicas: number, status: object = {}, { age = 0, image = 'v1', annotations = {} } = {}): V1ReplicaSet => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name,
    namespace: 'default',
    uid: name,
    generation: 1,
    creationTimestamp: `2026-01-01T00:00:0${age}Z`,
    annotations: { 'deployment.kubernetes.io/revision': String(age + 1), ...annotations },
    labels: { app: 'foo' },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'foo', uid: 'd', controller: true }],
  },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'foo' } },
    template: { metadata: { labels: { app: 'foo', 'pod-template-hash': name } }, spec: { containers: [{ name: 'c', image }] } },
  },
  status: { replicas, observedGeneration: 1, ...status },
});

/** Upstream: TestResolveFenceposts, deployment_util_test.go. */
describe('maxSurge rounds up, maxUnavailable rounds down', () => {
  for (const [maxSurge, maxUnavailable, desired, surge, unavailable] of [
    ['0%', '0%', 10, 0, 1],
    ['39%', '39%', 10, 4, 3],
    [undefined, '39%', 10, 0, 3],
    ['39%', undefined, 10, 4, 0],
    [undefined, undefined, 10, 0, 1],
  ] as const) {
    it(`${maxSurge} and ${maxUnavailable} of ${desired}`, () =>
      expect(limits(deployment(desired, { maxSurge, maxUnavailable }))).toEqual({ surge, unavailable }));
  }
});

/** Upstream: TestNewRSNewReplicas, deployment_util_test.go. */
describe('how large the new set may be', () => {
  it('can not scale up: to its own replicas', () =>
    expect(newReplicas(deployment(1, { maxSurge: 1, maxUnavailable: 1 }), [set('new', 5)], set('new', 5))).toBe(5));
  it('scale up: to the deployment', () =>
    expect(newReplicas(deployment(6, { maxSurge: 10, maxUnavailable: 1 }), [set('new', 2)], set('new', 2))).toBe(6));
  it('recreate: to the deployment', () => {
    const d = deployment(3);
    expect(newReplicas({ ...d, spec: { ...d.spec, strategy: { type: 'Recreate' } } } as V1Deployment, [set('new', 1)], set('new', 1))).toBe(
      3,
    );
  });
});

/** Upstream: TestDeploymentController_reconcileNewReplicaSet, rolling_test.go. */
describe('rolling up', () => {
  for (const [want, maxSurge, oldSize, newSize, expected] of [
    [10, 0, 10, 0, 0],
    [10, 2, 10, 0, 2],
    [10, 2, 5, 0, 7],
    [10, 2, 10, 2, 2],
  ] as const) {
    it(`${oldSize} old and ${newSize} new of ${want}, surge ${maxSurge}: ${expected}`, () => {
      const [o, n] = [set('old', oldSize), set('new', newSize)];
      expect(newReplicas(deployment(want, { maxSurge, maxUnavailable: 0 }), [o, n], n)).toBe(expected);
    });
  }
});

/** Upstream: TestDeploymentController_reconcileOldReplicaSets and …_cleanupUnhealthyReplicas, rolling_test.go. */
describe('rolling down', () => {
  const down = (want: number, maxUnavailable: number, old: readonly [number, number], fresh: readonly [number, number]): number => {
    const o = set('old', old[0], { availableReplicas: old[1] });
    return (
      shrinkOld(deployment(want, { maxSurge: 0, maxUnavailable }), set('new', fresh[0], { availableReplicas: fresh[1] }), [o]).get(o) ?? -1
    );
  };
  it('nobody may be missed', () => expect(down(10, 1, [10, 10], [0, 0])).toBe(9));
  it('as many as may be missed', () => expect(down(10, 2, [10, 10], [0, 0])).toBe(8));
  it('unhealthy ones go first', () => expect(down(10, 2, [10, 8], [0, 0])).toBe(8));
  it('unhealthy ones and one more', () => expect(down(10, 2, [10, 9], [0, 0])).toBe(8));
  it('not while the new ones are not available', () => expect(down(10, 2, [8, 8], [2, 0])).toBe(8));
});

/** Upstream: TestScale, sync_test.go; sizes of the sets, the newest first. */
describe('a resize during a roll-out is shared in proportion', () => {
  interface Change {
    /** Surge before and after. */
    readonly surge?: readonly [number, number];
    readonly hasNoNew?: true;
    readonly available?: number;
    /** What the second set takes for the size of them all. */
    readonly second?: number;
  }
  const table: readonly (readonly [string, number, number, readonly number[], readonly number[], Change?])[] = [
    ['10 -> 12', 10, 12, [10], [12]],
    ['10 -> 5', 10, 5, [10], [5]],
    ['5 -> 10', 5, 10, [2, 3], [4, 6]],
    ['5 -> 3', 5, 3, [2, 3], [1, 2]],
    ['9 -> 4', 9, 4, [8, 1], [4, 0]],
    ['7 -> 10', 7, 10, [2, 3, 2], [3, 4, 3]],
    ['13 -> 8', 13, 8, [2, 8, 3], [1, 5, 2]],
    ['3 -> 4, leftover to the newest', 3, 4, [1, 1, 1], [2, 1, 1]],
    ['3 -> 2, leftover from the oldest', 3, 2, [1, 1, 1], [1, 1, 0]],
    ['4 -> 5, no new set', 4, 5, [2, 2], [3, 2], { hasNoNew: true }],
    ['6 -> 0', 6, 0, [3, 2, 1], [0, 0, 0]],
    ['0 -> 6', 6, 6, [0, 0, 0], [6, 0, 0]],
    ['one set was left out the last time', 5, 5, [2, 1, 1], [2, 2, 1], { second: 3 }],
    ['10 -> 20 with surge', 10, 20, [6, 6], [11, 11], { surge: [2, 2] }],
    ['10 -> 50 and more surge', 10, 50, [5, 8], [22, 34], { surge: [3, 6] }],
    ['10 -> 14 and another template', 10, 14, [7, 3], [10, 4], { hasNoNew: true }],
    ['the new set is full and broken', 2, 2, [2, 1], [2, 1], { surge: [1, 1], available: 0 }],
    ['the new set is full and works', 2, 2, [2, 1], [2, 0], { surge: [1, 1], available: 2 }],
  ];
  it.each(table.map(([name, ...numbers]) => ({ name, numbers })))('$name', ({ numbers: [before, after, sizes, expected, change = {}] }) => {
    const { surge = [0, 0], hasNoNew, available = 0, second } = change;
    const sets = sizes.map((size, i) => {
      const desired = i === 1 && second !== undefined ? second : before;
      const annotations = { [DESIRED]: String(desired), [MAXIMUM]: String(desired + surge[0]) };
      return set(`rs-v${sizes.length - i}`, size, { availableReplicas: available }, { age: sizes.length - i, annotations });
    });
    const d = { ...deployment(after, { maxSurge: surge[1], maxUnavailable: 1 }), status: { replicas: before } };
    const result = hasNoNew ? proportional(d, undefined, sets) : proportional(d, sets[0], sets.slice(1));
    expect(sets.map((one) => result.get(one) ?? wanted(one))).toEqual(expected);
  });
  /** Upstream: TestGetNonNegativeInt32FromAnnotation. */
  it.each([
    ['5', true],
    ['3', false],
    ['-1', false],
    ['invalid', false],
    ['2147483648', false],
  ])('a set that takes %j for the size of them all: %s', (desired, resized) =>
    expect(isResized(deployment(3), [set('a', 3, {}, { annotations: { [DESIRED]: desired } })])).toBe(resized),
  );
});

/** Upstream: TestMaxUnavailable, deployment_util_test.go. */
it.each<readonly [number, string | number, number]>([
  [10, 5, 5],
  [10, 10, 10],
  [5, 10, 5],
  [0, 10, 0],
  [10, '50%', 5],
  [10, '100%', 10],
])('of %s pods %j may be missing: %s', (want, maxUnavailable, expected) =>
  expect(limits(deployment(want, { maxSurge: 1, maxUnavailable })).unavailable).toBe(expected),
);

/** Upstream: TestDeploymentComplete, deployment_util_test.go: wanted, there, new, available. */
it.each<readonly [number, number, number, number, boolean]>([
  [5, 5, 5, 4, false],
  [5, 5, 5, 3, false],
  [5, 5, 5, 5, true],
  [5, 5, 4, 5, false],
  [1, 2, 1, 1, false],
  [1, 1, 1, 0, false],
])('%s wanted, %s there, %s new, %s available: complete %s', (want, replicas, updatedReplicas, availableReplicas, expected) =>
  expect(isComplete(deployment(want), { replicas, updatedReplicas, availableReplicas, observedGeneration: 1 })).toBe(expected),
);

/** Upstream: TestDeploymentController_cleanupDeployment and …Order, sync_test.go: each set's revision, wanted and counted pods, the oldest first. */
it.each<readonly [number, readonly (readonly [string, number, number])[], string]>([
  [
    1,
    [
      ['1', 0, 0],
      ['2', 0, 0],
      ['3', 0, 0],
    ],
    '0 1',
  ],
  [
    0,
    [
      ['1', 0, 0],
      ['2', 0, 1],
      ['3', 1, 0],
      ['4', 1, 1],
    ],
    '0',
  ],
  [
    0,
    [
      ['1', 0, 0],
      ['2', 0, 0],
    ],
    '0 1',
  ],
  [
    0,
    [
      ['1', 1, 1],
      ['2', 1, 1],
    ],
    '',
  ],
  [
    2_147_483_647,
    [
      ['1', 0, 0],
      ['2', 0, 0],
    ],
    '',
  ],
  [
    1,
    [
      ['1', 0, 0],
      ['2', 0, 0],
    ],
    '0',
  ],
  [
    1,
    [
      ['2', 0, 0],
      ['1', 0, 0],
    ],
    '1',
  ],
  [
    1,
    [
      ['1', 0, 0],
      ['', 0, 0],
    ],
    '1',
  ],
  [
    1,
    [
      ['', 0, 0],
      ['2', 0, 0],
    ],
    '0',
  ],
  [
    1,
    [
      ['1', 1, 1],
      ['2', 0, 0],
      ['3', 0, 0],
    ],
    '1',
  ],
  [
    1,
    [
      ['1', 1, 1],
      ['2', 1, 1],
      ['3', 0, 0],
    ],
    '',
  ],
  [
    2,
    [
      ['3', 0, 0],
      ['1', 0, 0],
      ['4', 0, 0],
      ['2', 0, 0],
    ],
    '1 3',
  ],
])('a history of %s, %j: %s go', (revisionHistoryLimit, old, expected) => {
  const want = old.reduce((all, [, replicas]) => all + replicas, 1);
  const of = (name: string, revision: string, [replicas, counted]: readonly [number, number], more: object): V1ReplicaSet => {
    const annotations = { 'deployment.kubernetes.io/revision': revision, [DESIRED]: String(want), [MAXIMUM]: String(want) };
    return set(name, replicas, { replicas: counted }, { annotations, ...more });
  };
  const sets = old.map(([revision, replicas, counted], i) => of(String(i), revision, [replicas, counted], { age: i }));
  const d = deployment(want, { maxSurge: 0, maxUnavailable: 1 }, { revisionHistoryLimit, paused: true });
  const paused = {
    ...d,
    metadata: { ...d.metadata, annotations: { 'deployment.kubernetes.io/revision': '9' } },
    status: { conditions: [{ type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused' }] },
  };
  const { writes } = reconcile('deployment', {
    key: 'default/foo',
    objects: [paused, of('now', '9', [1, 1], { age: 9, image: 'v2' }), ...sets],
  });
  const gone = writes.filter(({ method }) => method === 'DELETE').map(({ path }) => path.split('/').at(-1));
  expect(gone.sort().join(' ')).toBe(expected);
});

describe('one pass of the controller', () => {
  const key = 'default/foo';
  it('makes the first ReplicaSet and repeats its revision', () => {
    const { writes, notes } = reconcile('deployment', {
      key,
      objects: [deployment(3, { maxSurge: '25%', maxUnavailable: '25%' })],
      now: '2026-01-01T00:00:00Z',
    });
    expect(writes.map((w) => `${w.method} ${w.path}`)).toEqual([
      'POST /apis/apps/v1/namespaces/default/replicasets',
      'PUT /apis/apps/v1/namespaces/default/deployments/foo/status',
    ]);
    const made = writes[0].body as V1ReplicaSet;
    expect(made.metadata?.name).toBe(`foo-${made.metadata?.labels?.['pod-template-hash']}`);
    expect(made.spec?.selector.matchLabels).toEqual(made.metadata?.labels);
    expect(made.metadata?.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1', [DESIRED]: '3', [MAXIMUM]: '4' });
    expect((writes[1].body as V1Deployment).status?.conditions?.[0]).toMatchObject({
      type: 'Progressing',
      status: 'True',
      reason: 'NewReplicaSetCreated',
      message: `Created new replica set "${made.metadata?.name}"`,
    });
    expect(notes[0].with?.event).toMatchObject({
      reason: 'ScalingReplicaSet',
      message: `Scaled up replica set ${made.metadata?.name} from 0 to 3`,
    });
  });
  it('a paused Deployment starts nothing', () => {
    const first = reconcile('deployment', { key, objects: [deployment(3, {}, { paused: true })] });
    expect((first.writes[0].body as V1Deployment).status?.conditions?.[0]).toMatchObject({
      type: 'Progressing',
      status: 'Unknown',
      reason: 'DeploymentPaused',
      message: 'Deployment is paused',
    });
    expect(first.writes.length).toBe(1);
  });
  it('Recreate first lets every old pod go', () => {
    const d = deployment(3);
    const recreate = { ...d, spec: { ...d.spec, strategy: { type: 'Recreate' } } } as V1Deployment;
    const { writes } = reconcile('deployment', { key, objects: [recreate, set('old', 3, { availableReplicas: 3 })] });
    expect(writes.map((w) => (w.body as V1ReplicaSet).spec?.replicas)).toEqual([0]);
    const gone = reconcile('deployment', {
      key,
      objects: [
        recreate,
        set('old', 0),
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: {
            name: 'p',
            namespace: 'default',
            uid: 'p',
            deletionTimestamp: '2026-01-01T00:00:00Z',
            ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'old', uid: 'old', controller: true }],
          },
        },
      ],
    });
    expect(gone.writes.filter((w) => w.method === 'POST')).toEqual([]);
  });
  it('keeps as many old sets as the history says', () => {
    const annotations = { [DESIRED]: '1', [MAXIMUM]: '1' };
    const now = set('now', 1, { availableReplicas: 1, readyReplicas: 1 }, { age: 5, image: 'v2', annotations });
    const old = [1, 2, 3].map((age) => set(`old${age}`, 0, {}, { age }));
    const d = deployment(1, { maxSurge: 0, maxUnavailable: 1 }, { revisionHistoryLimit: 1 });
    const marked = {
      ...d,
      metadata: { ...d.metadata, annotations: { 'deployment.kubernetes.io/revision': '6' } },
      status: {
        conditions: [{ type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', lastUpdateTime: '2026-01-01T00:00:00Z' }],
      },
    } as V1Deployment;
    const { writes, notes } = reconcile('deployment', { key, objects: [marked, now, ...old], now: '2026-01-01T00:01:00Z' });
    expect(writes.filter((w) => w.method === 'DELETE').map((w) => w.path.split('/').at(-1))).toEqual(['old1', 'old2']);
    expect((writes[0].body as V1Deployment).status?.conditions?.map((c) => `${c.type} ${c.reason}`)).toEqual([
      'Available MinimumReplicasAvailable',
      'Progressing NewReplicaSetAvailable',
    ]);
    expect(notes[0].says).toBe('deployment/complete');
  });
  it('says when progress took too long', () => {
    const annotations = { [DESIRED]: '2', [MAXIMUM]: '2' };
    const d = deployment(2, { maxSurge: 0, maxUnavailable: 1 });
    const stuck = {
      ...d,
      metadata: { ...d.metadata, annotations: { 'deployment.kubernetes.io/revision': '1' } },
      status: {
        replicas: 2,
        updatedReplicas: 2,
        conditions: [
          {
            type: 'Progressing',
            status: 'True',
            reason: 'ReplicaSetUpdated',
            lastUpdateTime: '2026-01-01T00:00:00Z',
            lastTransitionTime: '2026-01-01T00:00:00Z',
          },
        ],
      },
    } as V1Deployment;
    const at = (now: string) => reconcile('deployment', { key, objects: [stuck, set('now', 2, {}, { image: 'v2', annotations })], now });
    expect(at('2026-01-01T00:05:00Z').againAfterSeconds).toBe(301);
    expect(
      (at('2026-01-01T00:10:01Z').writes[0].body as V1Deployment).status?.conditions?.find((c) => c.type === 'Progressing'),
    ).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded', message: 'ReplicaSet "now" has timed out progressing.' });
  });
});

/** Upstream: progress_test.go TestSyncRolloutStatus, TestGetReplicaFailures, TestRequeueStuckDeployment; deployment_util_test.go TestGetReplicaCountForReplicaSets. */
describe('what a roll-out says of itself', () => {
  const now = '2026-01-01T00:10:00Z';
  type Conditions = NonNullable<V1Deployment['status']>['conditions'];
  const progressing = (reason: string, status = 'True', lastUpdateTime = now): Conditions => [
    { type: 'Progressing', status, reason, lastUpdateTime, lastTransitionTime: lastUpdateTime },
  ];
  const d = (replicas: number, conditions: Conditions | undefined, status: object = {}, spec: object = {}): V1Deployment => {
    const made = deployment(replicas, { maxSurge: 1, maxUnavailable: 0 }, spec);
    return { ...made, status: { ...status, ...(conditions ? { conditions } : {}) } };
  };
  const fresh = (replicas: number, available: number, more: object = {}): V1ReplicaSet =>
    set('foo', replicas, { replicas: available, readyReplicas: available, availableReplicas: available, ...more }, { image: 'v2' });
  const FAILED = {
    type: 'ReplicaFailure',
    status: 'True',
    reason: 'TestReason',
    message: 'no',
    lastTransitionTime: '2026-01-01T00:01:00Z',
  };
  const said = (of: V1Deployment, current: V1ReplicaSet | undefined, old: readonly V1ReplicaSet[] = []): Record<string, string> =>
    Object.fromEntries(
      (rolloutStatus({ deployment: of, current, old, now }).conditions ?? []).map((c) => [c.type, `${c.status} ${c.reason}`]),
    );

  it('nothing of progress without a deadline, and what was said goes', () => {
    expect(said(d(3, undefined, {}, { progressDeadlineSeconds: undefined }), fresh(3, 2)).Progressing).toBeUndefined();
    expect(
      said(d(3, progressing('ReplicaSetUpdated'), {}, { progressDeadlineSeconds: 2_147_483_647 }), fresh(3, 2)).Progressing,
    ).toBeUndefined();
  });
  it('progress, completion, and a deadline that has passed', () => {
    expect(said(d(3, undefined), fresh(3, 2)).Progressing).toBe('True ReplicaSetUpdated');
    expect(
      said(d(1, progressing('ReplicaSetUpdated'), { replicas: 1, updatedReplicas: 1, observedGeneration: 1 }), fresh(1, 1)).Progressing,
    ).toBe('True NewReplicaSetAvailable');
    expect(
      said(
        d(3, progressing('ReplicaSetUpdated', 'True', '2025-12-31T23:59:00Z'), {
          replicas: 2,
          updatedReplicas: 2,
          readyReplicas: 2,
          availableReplicas: 2,
        }),
        fresh(3, 2),
      ).Progressing,
    ).toBe('False ProgressDeadlineExceeded');
  });
  it('a finished roll-out that loses a pod stays finished', () =>
    expect(
      said(
        d(3, progressing('NewReplicaSetAvailable', 'True', '2025-12-01T00:00:00Z'), { replicas: 3, updatedReplicas: 3 }),
        fresh(3, 3, { availableReplicas: 1 }),
      ).Progressing,
    ).toBe('True NewReplicaSetAvailable'));
  it('pods that can not be made: of the new set, else of the old', () => {
    expect(said(d(3, progressing('ReplicaSetUpdated')), fresh(3, 0, { conditions: [FAILED] })).ReplicaFailure).toBe('True TestReason');
    expect(
      said(d(3, progressing('ReplicaSetUpdated')), fresh(3, 0), [set('old', 1, { conditions: [{ ...FAILED, reason: 'Old' }] })])
        .ReplicaFailure,
    ).toBe('True Old');
    expect(said(d(3, [...(progressing('ReplicaSetUpdated') ?? []), { ...FAILED }]), fresh(3, 0)).ReplicaFailure).toBeUndefined();
  });
  it('pods that terminate are unknown while a set that was looked at does not say', () => {
    const count = (...sets: readonly V1ReplicaSet[]): number | undefined =>
      rolloutStatus({ deployment: d(1, undefined), current: undefined, old: sets, now }).terminatingReplicas;
    expect(count(set('a', 1, { terminatingReplicas: 2 }), set('b', 1, { terminatingReplicas: 1 }))).toBe(3);
    expect(count(set('a', 1, { terminatingReplicas: 2 }), set('new', 1, { observedGeneration: 0 }))).toBe(2);
    expect(count(set('a', 1, { terminatingReplicas: 2 }), set('b', 1))).toBeUndefined();
  });
  it('looks again a second after the deadline, and not when there is none to miss', () => {
    const again = (of: V1Deployment): number | undefined => untilDeadlineUs(of, of.status ?? {}, now);
    expect(again(d(4, progressing('ReplicaSetUpdated', 'True', '2026-01-01T00:09:45Z'), { replicas: 3, updatedReplicas: 2 }))).toBe(
      (600 - 15 + 1) * 1_000_000,
    );
    for (const of of [
      d(4, undefined),
      d(4, progressing('ReplicaSetUpdated'), {}, { progressDeadlineSeconds: undefined }),
      d(4, progressing('ProgressDeadlineExceeded', 'False')),
      d(4, progressing('NewReplicaSetAvailable', 'True', '2025-12-01T00:00:00Z'), {
        replicas: 4,
        updatedReplicas: 4,
        availableReplicas: 3,
      }),
    ])
      expect(again(of)).toBeUndefined();
  });
});

/** Upstream: deployment_util.go SetNewReplicaSetAnnotations, recreate_test.go TestOldPodsRunning, controller_ref_manager.go ClaimReplicaSets. */
describe('sets and their past', () => {
  it('the oldest revisions go when their list grows too long', () => {
    expect(historyOf(undefined, '1')).toBe('1');
    expect(historyOf('1,2,3', '5')).toBe('1,2,3,5');
    expect(historyOf('1,2,3,4', '5', 8)).toBe('2,3,4,5');
    expect(historyOf('1', '123456', 5)).toBe('1');
  });
  it('a set whose labels no longer match is let go', () => {
    const stray = set('stray', 2);
    const { writes } = reconcile('deployment', {
      key: 'default/foo',
      objects: [deployment(1), { ...stray, metadata: { ...stray.metadata, labels: { app: 'other' } } }],
    });
    expect(writes).toMatchObject([
      {
        method: 'PATCH',
        path: '/apis/apps/v1/namespaces/default/replicasets/stray',
        body: { metadata: { ownerReferences: [{ $patch: 'delete', uid: 'd' }] } },
      },
    ]);
  });
  it('Recreate waits while an old set still counts a pod', () => {
    const d = deployment(1);
    const recreate = { ...d, spec: { ...d.spec, strategy: { type: 'Recreate' } } } as V1Deployment;
    expect(
      reconcile('deployment', { key: 'default/foo', objects: [recreate, set('old', 0, { replicas: 1 })] }).writes.filter(
        (w) => w.method === 'POST',
      ),
    ).toEqual([]);
    expect(
      reconcile('deployment', { key: 'default/foo', objects: [recreate, set('old', 0)] }).writes.filter((w) => w.method === 'POST').length,
    ).toBe(1);
  });
});

/** Source: rollback.go, deployment_util.go LastRevision, SetDeploymentAnnotationsTo (v1.36). */
describe('the annotation deprecated.deployment.rollback.to', () => {
  const asked = (to: string, ...sets: object[]) => {
    const d = deployment(1);
    const { writes, notes } = reconcile('deployment', {
      key: 'default/foo',
      objects: [
        {
          ...d,
          metadata: {
            ...d.metadata,
            annotations: { 'deprecated.deployment.rollback.to': to, 'deployment.kubernetes.io/revision': '2', why: 'v2' },
          },
          status: { observedGeneration: 1, conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }] },
        } as object,
        ...sets,
      ],
    });
    const body = writes[0]?.body as V1Deployment;
    return {
      reason: (notes[0]?.with?.event as { readonly reason: string } | undefined)?.reason,
      image: body?.spec?.template.spec?.containers[0].image,
      annotations: body?.metadata?.annotations,
    };
  };
  const [old, current] = [
    set('one', 0, {}, { annotations: { why: 'v1' } }),
    set('two', 1, {}, { age: 1, image: 'v2', annotations: { why: 'v2', [DESIRED]: '1', [MAXIMUM]: '1' } }),
  ];
  const cleared = { 'deployment.kubernetes.io/revision': '2' };
  it('0 goes back to the revision before', () =>
    expect(asked('0', old, current)).toEqual({ reason: 'DeploymentRollback', image: 'v1', annotations: { ...cleared, why: 'v1' } }));
  it('a number goes back to that one', () => expect(asked('1', old, current)).toMatchObject({ reason: 'DeploymentRollback', image: 'v1' }));
  it('to what it is is no way back', () =>
    expect(asked('2', old, current)).toEqual({
      reason: 'DeploymentRollbackTemplateUnchanged',
      image: 'v2',
      annotations: { ...cleared, why: 'v2' },
    }));
  it('nor to what is not there', () =>
    expect([asked('9', old, current).reason, asked('0', current).reason]).toEqual([
      'DeploymentRollbackRevisionNotFound',
      'DeploymentRollbackRevisionNotFound',
    ]));
  it('what is no number is not heard', () => expect(asked('x', old, current).annotations).not.toEqual(cleared));
});
