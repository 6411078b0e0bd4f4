/** Phases, conditions and waiting reasons. Source: kubernetes/kubernetes pkg/kubelet/kubelet_pods_test.go TestPodPhaseWithRestart*, pkg/kubelet/status/generate_test.go (v1.36). */
import { describe, expect, it } from 'vitest';
import type { V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { restartAt, raised, humanBackoff, type BackOff } from '../../../src/cluster/kubelet/back-off.ts';
import { phaseOf } from '../../../src/cluster/kubelet/pod-status.ts';
import { podStatus, type ContainerFacts } from '../../../src/cluster/kubelet/pod-status-part.ts';
import { referencesOf } from '../../../src/api/pods/references.ts';
import { entriesOf, environmentOf, mountError } from '../../../src/cluster/kubelet/references.ts';
import { shouldRestart } from '../../../src/cluster/kubelet/restart-policy.ts';
import type { V1ContainerStatus } from '../../../src/api/schema/kubernetes.ts';

type Short = 'running' | 'stopped' | 'succeeded' | 'failed' | 'waiting' | 'again' | 'starting';
const status = (name: string, what: Short): V1ContainerStatus => {
  const base = { name, image: '', imageID: '', ready: false, restartCount: 0, started: what === 'running' };
  switch (what) {
    case 'running':
    case 'starting':
      return { ...base, state: { running: {} } };
    case 'stopped':
    case 'succeeded':
      return { ...base, state: { terminated: { exitCode: 0 } } };
    case 'failed':
      return { ...base, state: { terminated: { exitCode: -1 } } };
    case 'waiting':
      return { ...base, state: { waiting: {} } };
    case 'again':
      return { ...base, state: { waiting: {} }, lastState: { terminated: { exitCode: -1 } } };
  }
};
const pod = (restartPolicy: string, inits: readonly { readonly name: string; readonly restartPolicy?: string }[] = []): V1Pod => ({
  spec: { restartPolicy, initContainers: inits, containers: [{ name: 'A' }, { name: 'B' }] },
});
const X = [{ name: 'X' }];
const SIDECAR = [{ name: 'X', restartPolicy: 'Always' }];

describe('the phase', () => {
  const cases: readonly (readonly [
    string,
    string,
    Readonly<Partial<Record<'A' | 'B' | 'X', Short>>>,
    string,
    { readonly inits?: typeof SIDECAR | typeof X; readonly isTerminal?: true; readonly hasBegun?: true }?,
  ])[] = [
    ['nothing started', 'Always', {}, 'Pending'],
    ['all running', 'Always', { A: 'running', B: 'running' }, 'Running'],
    ['all stopped', 'Always', { A: 'stopped', B: 'stopped' }, 'Running'],
    ['all succeeded, and over', 'Always', { A: 'succeeded', B: 'succeeded' }, 'Succeeded', { isTerminal: true }],
    ['one failed, and over', 'Always', { A: 'succeeded', B: 'failed' }, 'Failed', { isTerminal: true }],
    ['one stopped', 'Always', { A: 'running', B: 'stopped' }, 'Running'],
    ['one unknown', 'Always', { A: 'running' }, 'Pending'],
    ['one waits', 'Always', { A: 'running', B: 'waiting' }, 'Pending'],
    ['one in back-off', 'Always', { A: 'running', B: 'again' }, 'Running'],
    ['all succeeded', 'Never', { A: 'succeeded', B: 'succeeded' }, 'Succeeded'],
    ['all failed', 'Never', { A: 'failed', B: 'failed' }, 'Failed'],
    ['one succeeded', 'Never', { A: 'running', B: 'succeeded' }, 'Running'],
    ['one unknown', 'Never', { A: 'running' }, 'Pending'],
    ['one waits', 'Never', { A: 'running', B: 'waiting' }, 'Pending'],
    ['all succeeded', 'OnFailure', { A: 'succeeded', B: 'succeeded' }, 'Succeeded'],
    ['all failed', 'OnFailure', { A: 'failed', B: 'failed' }, 'Running'],
    ['one failed', 'OnFailure', { A: 'running', B: 'failed' }, 'Running'],
    ['one in back-off', 'OnFailure', { A: 'running', B: 'again' }, 'Running'],
    ['init not there', 'Always', {}, 'Pending', { inits: X }],
    ['init running', 'Always', { X: 'running' }, 'Pending', { inits: X }],
    ['init succeeded, rest waits', 'Always', { X: 'succeeded', A: 'waiting', B: 'waiting' }, 'Pending', { inits: X }],
    ['init failed, restarts', 'Always', { X: 'failed' }, 'Pending', { inits: X }],
    ['init failed for good', 'Never', { X: 'failed' }, 'Failed', { inits: X }],
    ['init waits again', 'Always', { X: 'again' }, 'Pending', { inits: X }],
    ['init done, all run', 'Always', { X: 'succeeded', A: 'running', B: 'running' }, 'Running', { inits: X }],
    ['sidecar not started', 'Never', { X: 'starting', A: 'waiting', B: 'waiting' }, 'Pending', { inits: SIDECAR }],
    ['sidecar runs with the rest', 'Never', { X: 'running', A: 'running', B: 'running' }, 'Running', { inits: SIDECAR, hasBegun: true }],
    [
      'sidecar restarts after the rest began',
      'Never',
      { X: 'starting', A: 'running', B: 'running' },
      'Running',
      { inits: SIDECAR, hasBegun: true },
    ],
    [
      'rest succeeded, sidecar still runs',
      'Never',
      { X: 'running', A: 'succeeded', B: 'succeeded' },
      'Running',
      { inits: SIDECAR, hasBegun: true },
    ],
    [
      'all succeeded, sidecar failed',
      'Never',
      { X: 'failed', A: 'succeeded', B: 'succeeded' },
      'Succeeded',
      { inits: SIDECAR, hasBegun: true },
    ],
  ];
  for (const [name, policy, found, phase, of = {}] of cases)
    it(`${name} under ${policy}: ${phase}`, () => {
      const statuses = Object.entries(found).map(([container, what]) => status(container, what));
      expect(phaseOf(pod(policy, of.inits), statuses, { isTerminal: of.isTerminal ?? false, hasBegun: of.hasBegun ?? false })).toBe(phase);
    });
});

const now = '2026-05-04T09:10:00Z';
const statusOf = (spec: V1Pod['spec'], containers: readonly ContainerFacts[]) =>
  podStatus({ pod: { metadata: { name: 'p', namespace: 'd' }, spec }, containers, now });
const condition = (s: ReturnType<typeof statusOf>, type: string) => {
  const c = s.conditions?.find((x) => x.type === type);
  return [c?.status, c?.reason, c?.message];
};

/** Upstream: TestConvertToAPIContainerStatuses, kubelet_pods_test.go. */
describe('a container that the runtime knows nothing of', () => {
  const before = (state: object, more: object = {}): V1ContainerStatus => ({
    name: 'A',
    image: 'i',
    imageID: '',
    ready: false,
    restartCount: 2,
    state,
    ...more,
  });
  const said = (old: V1ContainerStatus, deletionTimestamp?: string): readonly unknown[] => {
    const [s] =
      podStatus({
        pod: {
          metadata: { name: 'p', namespace: 'd', ...(deletionTimestamp ? { deletionTimestamp } : {}) },
          spec: { containers: [{ name: 'A', image: 'i' }] },
          status: { phase: 'Running', containerStatuses: [old] },
        },
        containers: [],
        now,
      }).containerStatuses ?? [];
    return [
      s?.state?.waiting?.reason ?? s?.state?.terminated?.exitCode,
      s?.lastState?.terminated?.reason,
      s?.lastState?.terminated?.exitCode,
      s?.restartCount,
    ];
  };
  it('used to run: it ended, nobody knows how, and starts again', () =>
    expect(said(before({ running: {} }))).toEqual(['ContainerCreating', 'ContainerStatusUnknown', 137, 3]));
  it('used to run in a pod that goes: it does not start again', () =>
    expect(said(before({ running: {} }), now)).toEqual(['ContainerCreating', 'ContainerStatusUnknown', 137, 2]));
  it('had ended: so it stays', () => expect(said(before({ terminated: { exitCode: 4 } }))).toEqual([4, undefined, undefined, 2]));
  it('waited: it still does, with what is known of its past', () =>
    expect(said(before({ waiting: { reason: 'x' } }, { lastState: { terminated: { exitCode: 4, reason: 'Error' } } }))).toEqual([
      'ContainerCreating',
      'Error',
      4,
      2,
    ]));
});

/** As in kubernetes.io/docs/concepts/storage/volumes/#recursive-read-only-mounts and /docs/tasks/configure-pod-container/security-context/#supplementalgroupspolicy; TestConvertToAPIContainerStatusesForResources. */
describe('what a container was given', () => {
  const first = (spec: V1Pod['spec'], state: ContainerFacts['state'] = 'running'): V1ContainerStatus | undefined =>
    statusOf(spec, [{ name: 'A', state }]).containerStatuses?.[0];
  const requests = { cpu: '100m', memory: '1Gi' };
  it('its resources, and nothing when it has none', () => {
    expect(first({ containers: [{ name: 'A', resources: { requests } }] })).toMatchObject({
      allocatedResources: requests,
      resources: { requests },
    });
    expect(first({ containers: [{ name: 'A', resources: {} }] })).toMatchObject({
      resources: {},
      user: { linux: { gid: 0, supplementalGroups: [0], uid: 0 } },
    });
    expect(first({ containers: [{ name: 'A', resources: { limits: requests } }] }, 'exited')).toMatchObject({
      resources: { limits: requests },
    });
    expect(first({ containers: [{ name: 'A', resources: { requests } }] }, 'waiting')).not.toHaveProperty('resources');
  });
  it('its user', () =>
    expect(
      first({
        securityContext: { runAsUser: 1000, runAsGroup: 3000, supplementalGroups: [4000], supplementalGroupsPolicy: 'Strict' },
        containers: [{ name: 'A' }],
      })?.user,
    ).toEqual({ linux: { gid: 3000, supplementalGroups: [3000, 4000], uid: 1000 } }));
  it('its mounts, also before it is there', () => {
    const volumeMounts = [
      { name: 'mnt', mountPath: '/mnt-rro', readOnly: true, mountPropagation: 'None', recursiveReadOnly: 'Enabled' },
      { name: 'mnt', mountPath: '/mnt-ro', readOnly: true },
      { name: 'mnt', mountPath: '/mnt-rw' },
    ];
    const said = [
      { name: 'mnt', mountPath: '/mnt-rro', readOnly: true, recursiveReadOnly: 'Enabled' },
      { name: 'mnt', mountPath: '/mnt-ro', readOnly: true, recursiveReadOnly: 'Disabled' },
      { name: 'mnt', mountPath: '/mnt-rw' },
    ];
    for (const state of ['running', 'waiting'] as const)
      expect(first({ containers: [{ name: 'A', volumeMounts }] }, state)?.volumeMounts).toEqual(said);
  });
});

describe('conditions', () => {
  it('say why a pod that is over is not ready', () => {
    const over = (exitCode: number) =>
      statusOf({ restartPolicy: 'Never', containers: [{ name: 'A' }] }, [{ name: 'A', state: 'exited', exitCode }]);
    expect(condition(over(0), 'Ready')).toEqual(['False', 'PodCompleted', undefined]);
    expect(condition(over(0), 'Initialized')).toEqual(['True', 'PodCompleted', undefined]);
    expect(condition(over(1), 'ContainersReady')).toEqual(['False', 'PodFailed', undefined]);
  });

  it('name what is not ready, and what is not initialised', () => {
    const s = statusOf({ containers: [{ name: 'A' }, { name: 'B', readinessProbe: {} }] }, [
      { name: 'A', state: 'running' },
      { name: 'B', state: 'running', ready: false },
    ]);
    expect(condition(s, 'Ready')).toEqual(['False', 'ContainersNotReady', 'containers with unready status: [B]']);
    const i = statusOf({ initContainers: [{ name: 'X' }, { name: 'Y' }], containers: [{ name: 'A' }] }, [
      { name: 'X', state: 'exited', exitCode: 0 },
    ]);
    expect(condition(i, 'Initialized')).toEqual(['False', 'ContainersNotInitialized', 'containers with incomplete status: [Y]']);
    expect(i.containerStatuses?.[0].state).toEqual({ waiting: { reason: 'PodInitializing' } });
  });

  it('wait for readiness gates', () => {
    const s = statusOf({ readinessGates: [{ conditionType: 'gate' }], containers: [{ name: 'A' }] }, [{ name: 'A', state: 'running' }]);
    expect(condition(s, 'Ready')).toEqual([
      'False',
      'ReadinessGatesNotReady',
      'corresponding condition of pod readiness gate "gate" does not exist.',
    ]);
    expect(condition(s, 'ContainersReady')[0]).toBe('True');
  });
});

/** Upstream: Test_generateAPIPodStatus, active_deadline_test.go. */
describe('what was known before', () => {
  const of = (status: V1Pod['status'], containers: readonly ContainerFacts[] = [], spec: object = {}) =>
    podStatus({
      pod: { metadata: { name: 'p', namespace: 'd' }, spec: { containers: [{ name: 'A' }], ...spec }, status },
      containers,
      now,
    });
  const running = [{ name: 'A', state: 'running' }] as const;
  it('a phase that is terminal stays, with its reason and message', () => {
    expect(of({ phase: 'Succeeded', reason: 'Test', message: 'test' }, running)).toMatchObject({
      phase: 'Succeeded',
      reason: 'Test',
      message: 'test',
    });
    expect(of({ phase: 'Failed', reason: 'Evicted', message: 'm' })).toMatchObject({ phase: 'Failed', reason: 'Evicted', message: 'm' });
  });
  it('the words of a phase that is over are not said any more', () =>
    expect(of({ phase: 'Pending', reason: 'Test', message: 'test' }, running)).not.toHaveProperty('reason'));
  it('who is active for too long has failed, unless it was over before', () => {
    const late = { startTime: '2026-05-04T09:09:55Z' };
    const exceeded = { reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' };
    expect(of({ phase: 'Running', ...late }, running, { activeDeadlineSeconds: 5 })).toMatchObject({ phase: 'Failed', ...exceeded });
    expect(of({ phase: 'Succeeded', ...late }, running, { activeDeadlineSeconds: 5 }).phase).toBe('Succeeded');
    expect(of({ phase: 'Running', ...late }, running, { activeDeadlineSeconds: 6 })).toMatchObject({ phase: 'Running' });
    expect(of({ phase: 'Running' }, running, { activeDeadlineSeconds: 0 }).phase, 'it has not begun').toBe('Running');
  });
  it.each<readonly [string, () => unknown, string]>([
    [
      'an instant that is none',
      () => podStatus({ pod: pod('Always'), containers: [], now: 'soon' }),
      'now is an instant such as 2026-05-04T09:00:00Z, not "soon"',
    ],
    [
      'a state that is none',
      () => of({}, [{ name: 'A', state: 'paused' as 'running' }]),
      'container A: there is no state "paused": running, exited, created, waiting',
    ],
    ['no spec', () => podStatus({ pod: {}, containers: [], now }), 'a pod has a spec'],
  ])('%s is refused', (_, ask, why) => expect(ask).toThrow(why));
});

describe('a container that waits to be started again', () => {
  it('shows its last end as the last state only once there is a reason to wait', () => {
    const spec = { containers: [{ name: 'A' }] };
    const plain = statusOf(spec, [{ name: 'A', state: 'exited', exitCode: 1 }]).containerStatuses?.[0];
    expect([plain?.state?.terminated?.exitCode, plain?.lastState]).toEqual([1, {}]);
    const waits = statusOf(spec, [{ name: 'A', state: 'exited', exitCode: 1, restartCount: 3, waiting: { reason: 'CrashLoopBackOff' } }])
      .containerStatuses?.[0];
    expect([waits?.state, waits?.lastState?.terminated?.exitCode, waits?.restartCount]).toEqual([
      { waiting: { reason: 'CrashLoopBackOff' } },
      1,
      3,
    ]);
  });

  it('may be told as one that waits, with its last end', () => {
    const s = statusOf({ containers: [{ name: 'A' }] }, [
      { name: 'A', state: 'waiting', waiting: { reason: 'CrashLoopBackOff' }, restartCount: 2, last: { exitCode: 1, reason: 'Error' } },
    ]);
    expect([s.phase, s.containerStatuses?.[0]]).toMatchObject([
      'Running',
      { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 1, reason: 'Error' } }, restartCount: 2 },
    ]);
  });

  it('waits 0, 10, 20, 40 … 300 s, and from the start again after ten quiet minutes. Source: flowcontrol/backoff_test.go', () => {
    const s = 1_000_000;
    let entry: BackOff | undefined;
    let at = 0;
    const waits: string[] = [];
    for (let i = 0; i < 8; i++) {
      const start = restartAt(entry, at);
      waits.push(humanBackoff(start - at));
      entry = raised(entry, at, start);
      at = start + 2 * s;
    }
    expect(waits).toEqual(['0s', '10s', '20s', '40s', '1m20s', '2m40s', '5m0s', '5m0s']);
    const long = at + 601 * s;
    expect(restartAt(entry, long)).toBe(long);
    expect(raised(entry, long, long).delayUs).toBe(10 * s);
  });

  it.each<readonly [string, { readonly restartPolicy?: string; readonly restartPolicyRules?: readonly object[] }, string, number, boolean]>(
    [
      ['the pod says', {}, 'OnFailure', 0, false],
      ['the pod says', {}, 'OnFailure', 1, true],
      ['the pod says', {}, 'Never', 1, false],
      ['the pod says', {}, 'Always', 0, true],
      ['the container says otherwise', { restartPolicy: 'Never' }, 'Always', 1, false],
      [
        'a rule names the code',
        { restartPolicy: 'Never', restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }] },
        'Never',
        42,
        true,
      ],
      [
        'a rule does not name the code',
        { restartPolicy: 'Never', restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'NotIn', values: [42] } }] },
        'Never',
        42,
        false,
      ],
      [
        'a rule restarts all',
        { restartPolicy: 'Never', restartPolicyRules: [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [42] } }] },
        'Never',
        42,
        true,
      ],
    ],
  )('%s: policy %j of the container, %s of the pod, exit %d → %s', (_name, container, restartPolicy, code, again) => {
    expect(shouldRestart({ name: 'c', ...container } as Parameters<typeof shouldRestart>[0], { restartPolicy, containers: [] }, code)).toBe(
      again,
    );
  });
});

describe('references', () => {
  const container = {
    name: 'c',
    envFrom: [{ prefix: 'P_', configMapRef: { name: 'all' } }],
    env: [
      { name: 'K', valueFrom: { configMapKeyRef: { name: 'cm', key: 'k' } } },
      { name: 'S', valueFrom: { secretKeyRef: { name: 'sec', key: 'p' } } },
      { name: 'O', valueFrom: { configMapKeyRef: { name: 'cm', key: 'none', optional: true } } },
    ],
  };
  const of: V1Pod = { spec: { containers: [container], volumes: [{ name: 'v', configMap: { name: 'files' } }] } };

  it('are found in volumes and environments', () =>
    expect(referencesOf(of)).toEqual(['configmaps/files', 'configmaps/all', 'configmaps/cm', 'secrets/sec']));
  it('become variables', () => {
    const found = new Map([
      ['configmaps/all', { a: '1' }],
      ['configmaps/cm', { k: 'v' }],
      ['secrets/sec', entriesOf({ kind: 'Secret', data: { p: 'w6k=' } })],
    ]);
    expect(environmentOf(container, 'd', found)).toEqual({
      env: [
        { name: 'P_a', value: '1' },
        { name: 'K', value: 'v' },
        { name: 'S', value: 'é' },
      ],
    });
  });
  it('are missed in the words of CreateContainerConfigError and FailedMount', () => {
    expect(
      environmentOf(
        container,
        'd',
        new Map([
          ['configmaps/all', {}],
          ['configmaps/cm', null],
          ['secrets/sec', {}],
        ]),
      ),
    ).toEqual({ error: 'configmap "cm" not found' });
    expect(
      environmentOf(
        container,
        'd',
        new Map([
          ['configmaps/all', {}],
          ['configmaps/cm', {}],
          ['secrets/sec', {}],
        ]),
      ),
    ).toEqual({ error: "couldn't find key k in ConfigMap d/cm" });
    expect(mountError(of, new Map([['configmaps/files', null]]))).toBe(
      'MountVolume.SetUp failed for volume "v" : configmap "files" not found',
    );
  });
});
