/** Every case of pkg/printers/internalversion/printers_test.go (v1.36) for pods: TestPrintPod, …PodConditions, …PodWithRestartableInitContainer, …Podwide. */
import { describe, expect, it } from 'vitest';
import { kindNamed } from '../../src/api/registry.ts';
import { tableOf } from '../../src/cluster/apiserver/encode.ts';
import { at, core, DAY, MINUTE, NOW, print } from './printed.ts';

/** Containers without names, as upstream's cases have them. */
const some = (n: number): readonly object[] => Array.from({ length: n }, () => ({}));
const pod = (containers: number, status: object, more: { readonly spec?: object; readonly metadata?: object } = {}): object =>
  core('Pod')('test', { spec: { containers: some(containers), ...more.spec }, status }, more.metadata);
const running = { running: {} };
const ran = (secondsAgo: number): object => ({ lastState: { terminated: { finishedAt: at(secondsAgo) } } });
const waits = { ready: false, restartCount: 0, state: { waiting: {} } };
const ended = { ready: false, restartCount: 0, state: { terminated: { exitCode: 0 } } };

describe('TestPrintPod', () => {
  const [up, three] = [{ ready: true, restartCount: 3, state: running }, { restartCount: 3 }];
  const waiting = { restartCount: 3, state: { waiting: { reason: 'ContainerWaitingReason' } } };
  const completed = { ready: true, restartCount: 3, state: { terminated: { reason: 'Completed', exitCode: 0 } } };
  const init = (n: number): { readonly spec: object } => ({ spec: { initContainers: some(n) } });
  const restarting = { ready: false, restartCount: 3, state: running, ...ran(10) };
  const again = { ...ended, restartCount: 2, ...ran(2 * MINUTE) };
  const old = (count: number, days: number) => ({ ready: true, restartCount: count, state: running, ...ran(days * DAY) });
  const over = (reason: string, exitCode: number): object => ({ ...ended, state: { terminated: { reason, exitCode } } });
  const deleted = { metadata: { deletionTimestamp: at(10) } };
  const of = (phase: string, ...containerStatuses: readonly object[]): object => ({ phase, containerStatuses });
  print([
    ['1', pod(2, of('podPhase', up, three)), 'test|1/2|podPhase|6|<unknown>'],
    ['2', pod(2, of('podPhase', up, waiting)), 'test|1/2|ContainerWaitingReason|6|<unknown>'],
    [
      '3',
      pod(2, of('podPhase', waiting, { restartCount: 3, state: { terminated: { reason: 'ContainerTerminatedReason' } } })),
      'test|0/2|ContainerWaitingReason|6|<unknown>',
    ],
    ['4', pod(2, of('podPhase', up, { ready: true, restartCount: 3 })), 'test|1/2|podPhase|6|<unknown>'],
    ['5', pod(2, { reason: 'podReason', ...of('podPhase', up, { ready: true, restartCount: 3 }) }), 'test|1/2|podReason|6|<unknown>'],
    ['6', pod(2, of('Running', completed, up)), 'test|1/2|NotReady|6|<unknown>'],
    [
      '6, ready',
      pod(2, { ...of('Running', completed, up), conditions: [{ type: 'Ready', status: 'True' }] }),
      'test|1/2|Running|6|<unknown>',
    ],
    ['7', pod(1, { ...of('podPhase', waits), initContainerStatuses: [restarting] }, init(1)), 'test|0/1|Init:0/1|3 (10s ago)|<unknown>'],
    [
      '8',
      pod(1, { ...of('podPhase', waits), initContainerStatuses: [restarting, waits] }, init(2)),
      'test|0/1|Init:0/2|3 (10s ago)|<unknown>',
    ],
    [
      '9',
      pod(1, { ...of('podPhase', waits), initContainerStatuses: [ended, restarting] }, init(2)),
      'test|0/1|Init:1/2|3 (10s ago)|<unknown>',
    ],
    [
      '10',
      pod(1, { ...of('podPhase', waits), initContainerStatuses: [again, restarting] }, init(2)),
      'test|0/1|Init:1/2|5 (10s ago)|<unknown>',
    ],
    [
      '11',
      pod(1, { ...of('Running', { ready: false, restartCount: 4, state: running, ...ran(20) }), initContainerStatuses: [again] }, init(1)),
      'test|0/1|Running|4 (20s ago)|<unknown>',
    ],
    ['12', pod(1, of('Running', old(3, 5))), 'test|1/1|Running|3 (5d ago)|<unknown>'],
    ['13', pod(2, of('Running', { ready: true, restartCount: 0, state: running }, old(3, 10))), 'test|2/2|Running|3 (10d ago)|<unknown>'],
    ['14', pod(2, of('Running', old(6, 5), old(3, 20))), 'test|2/2|Running|9 (5d ago)|<unknown>'],
    [
      '15',
      pod(2, { phase: 'podPhase', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }),
      'test|0/2|SchedulingGated|0|<unknown>',
    ],
    ['16', pod(1, of('Succeeded', over('Completed', 0))), 'test|0/1|Completed|0|<unknown>'],
    ['17', pod(1, of('Failed', over('Error', 1))), 'test|0/1|Error|0|<unknown>'],
    ['18', pod(1, of('Succeeded', over('Completed', 0)), deleted), 'test|0/1|Completed|0|<unknown>'],
    ['19', pod(1, of('Running', { ready: false, restartCount: 0, state: running }), deleted), 'test|0/1|Terminating|0|<unknown>'],
    ['20', pod(1, { phase: 'Pending' }, deleted), 'test|0/1|Terminating|0|<unknown>'],
  ]);
});

describe('TestPrintPodConditions', () => {
  const conditions = (phase: string): unknown => {
    const kind = kindNamed('pods');
    const { rows } = tableOf({ kind: kind ?? expect.fail(), objects: [pod(1, { phase })], metadata: {}, nowMs: NOW }) as {
      readonly rows: readonly { readonly conditions?: unknown }[];
    };
    return rows[0].conditions;
  };
  it.each([
    ['Running', undefined],
    ['Succeeded', { reason: 'Succeeded', message: 'The pod has completed successfully.' }],
    ['Failed', { reason: 'Failed', message: 'The pod failed.' }],
  ])('%s', (phase, told) => expect(conditions(phase)).toEqual(told && [{ type: 'Completed', status: 'True', ...told }]));
});

describe('TestPrintPodWithRestartableInitContainer, TestPrintPodwide', () => {
  const names = ['restartable-init-1', 'restartable-init-2'];
  const sidecars = { spec: { initContainers: names.map((name) => ({ name, restartPolicy: 'Always' })) } };
  const status = (isInitialized: string, phase: string, first: object, second: object, main: object): object => ({
    phase,
    initContainerStatuses: [
      { name: names[0], ready: false, restartCount: 3, ...ran(10), ...first },
      { name: names[1], ready: false, restartCount: 0, ...second },
    ],
    containerStatuses: [main],
    conditions: [{ type: 'Initialized', status: isInitialized }],
  });
  const up = (started: boolean): object => ({ state: running, started });
  const failed = { state: { terminated: { reason: 'Error', exitCode: 137 } }, started: false };
  const main = { ready: true, restartCount: 4, state: running, ...ran(20) };
  const done = { ...main, ready: false, state: { terminated: { reason: 'Completed', exitCode: 0 } } };
  const gates = { readinessGates: ['1', '2', '3'].map((n) => ({ conditionType: `condition${n}` })), nodeName: 'test1' };
  const wide = {
    conditions: [
      { type: 'condition1', status: 'False' },
      { type: 'condition2', status: 'True' },
    ],
    phase: 'podPhase',
    containerStatuses: [{ ready: true, restartCount: 3, state: running }, { restartCount: 3 }],
    nominatedNodeName: 'node1',
  };
  print([
    [
      'not started',
      pod(1, status('False', 'Pending', up(false), { state: { waiting: {} }, started: false }, waits), sidecars),
      'test|0/3|Init:0/2|3 (10s ago)|<unknown>',
    ],
    [
      'the first started',
      pod(1, status('False', 'Pending', up(true), up(false), waits), sidecars),
      'test|0/3|Init:1/2|3 (10s ago)|<unknown>',
    ],
    ['both started', pod(1, status('True', 'Running', up(true), up(true), main), sidecars), 'test|1/3|Running|7 (10s ago)|<unknown>'],
    ['all ended', pod(1, status('True', 'Succeeded', failed, failed, done), sidecars), 'test|0/3|Completed|7 (10s ago)|<unknown>'],
    [
      'statuses of nobody',
      pod(
        0,
        {
          phase: 'Running',
          initContainerStatuses: [{ name: 'initinvalid' }, { name: 'init1' }, { name: 'sidecar1' }],
          containerStatuses: [{ name: 'containerinvalid' }, { name: 'container1' }],
        },
        {
          spec: {
            containers: [{ name: 'container1' }],
            initContainers: [{ name: 'init1' }, { name: 'sidecar1', restartPolicy: 'Always' }],
          },
        },
      ),
      'test|0/2|Init:0/2|0|<unknown>',
    ],
    [
      'gates',
      pod(2, { ...wide, podIPs: [{ ip: '1.1.1.1' }] }, { spec: gates }),
      'test|1/2|podPhase|6|<unknown>|1.1.1.1|test1|node1|1/3',
      true,
    ],
    [
      'two families',
      pod(2, { ...wide, podIPs: [{ ip: '1.1.1.1' }, { ip: '2001:db8::' }] }, { spec: gates }),
      'test|1/2|podPhase|6|<unknown>|1.1.1.1|test1|node1|1/3',
      true,
    ],
    [
      'nothing',
      pod(2, { phase: 'podPhase', containerStatuses: wide.containerStatuses }),
      'test|1/2|podPhase|6|<unknown>|<none>|<none>|<none>|<none>',
      true,
    ],
  ]);
});
