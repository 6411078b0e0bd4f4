/** Expected: pkg/kubelet/kuberuntime/kuberuntime_manager_test.go TestComputePodActionsWithRestartableInitContainers and …WithInitContainers (v1.36), of which this takes the first step. */
import { describe, expect, it } from 'vitest';
import type { V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { createWorker, type PodWorker } from '../../../src/cluster/kubelet/known.ts';
import { nextStep } from '../../../src/cluster/kubelet/next-step.ts';
import type { RuntimeContainer } from '../../../src/cluster/runtime/cri.ts';

const NOW = 100_000_000;
/** 'running', 'starting' (its startup probe has not passed), an exit code, 'waits' (exited with 1, and in back-off), or nothing. */
type Was = 'running' | 'starting' | 'waits' | 0 | 137 | undefined;
const spec = (name: string, isSidecar: boolean): object => ({
  name,
  image: 'i',
  ...(isSidecar ? { restartPolicy: 'Always', startupProbe: {} } : {}),
});

function workerOf(inits: string, was: readonly Was[], restartPolicy: string): PodWorker {
  const names = [...inits].map((kind, i) => `${kind}${i}`);
  const pod = {
    metadata: { name: 'p', namespace: 'd', uid: 'u' },
    spec: { restartPolicy, initContainers: names.map((name) => spec(name, name.startsWith('s'))), containers: [spec('c', false)] },
  } as V1Pod;
  const worker = createWorker('d/p', pod, false, 0);
  worker.sandbox = { id: 'box', ip: '', isReady: true, attempt: 0 };
  const known = [...names, 'c'].flatMap((name, i) => (was[i] === undefined ? [] : [[name, was[i]] as const]));
  worker.containers = new Map(
    known.map(([name, state]) => [
      name,
      {
        attempts: 1,
        hasImage: true,
        current: {
          id: name,
          name,
          sandbox: 'box',
          state: state === 'running' || state === 'starting' ? 'RUNNING' : 'EXITED',
          exitCode: typeof state === 'number' ? state : 1,
          finishedAt: NOW,
        } as RuntimeContainer,
      },
    ]),
  );
  const { containers, sandbox, reasons } = worker;
  worker.seen = { containers, sandbox, reasons };
  worker.probes = new Map(
    known.map(([name, state]) => [`${name}/startup`, { successes: 1, failures: 0, isOk: state === 'running', runs: 1 }]),
  );
  worker.waits = new Map(known.filter(([, state]) => state === 'waits').map(([name]) => [name, { until: NOW + 10, delayUs: 10 }]));
  return worker;
}

function said(inits: string, was: readonly Was[], restartPolicy = 'Always'): string {
  const step = nextStep(workerOf(inits, was, restartPolicy), NOW);
  return [step.do, 'container' in step ? step.container.name : ''].join(' ').trim();
}

describe('what comes next', () => {
  const table: readonly (readonly [string, string, readonly Was[], string, string?])[] = [
    ['all are initialised', 'sss', ['running', 'running', 'running'], 'image c'],
    ['nothing has begun', 'sss', [], 'image s0'],
    ['a sidecar has started', 'sss', ['running'], 'image s1'],
    ['its startup probe goes on', 'sss', ['running', 'starting'], 'nothing'],
    ['its startup probe has passed', 'sss', ['running', 'running'], 'image s2'],
    ['one that ended starts again', 'sss', [0, 'running', 'running'], 'create s0'],
    ['and holds up neither the next', 'sis', ['waits', 0], 'image s2'],
    ['nor those after all of them', 'sss', ['waits', 'running', 'running'], 'image c'],
    ['nor does its startup probe, the second time', 'si', ['starting', 0], 'image c'],
    ['the newest is waited for', 'sss', ['running', 'waits'], 'wait'],
    ['the last starts again under Never, too', 'sss', ['running', 'running', 137], 'create s2', 'Never'],
    ['an init container that goes on is waited for', 'sii', ['running', 'starting'], 'nothing'],
    ['beside it, a sidecar starts again', 'sii', [137, 'starting'], 'create s0'],
    ['one that failed is tried again', 'iii', [0, 0, 137], 'create i2'],
    ['under OnFailure, too', 'iii', [0, 0, 137], 'create i2', 'OnFailure'],
    ['under Never that is the end', 'iii', [0, 0, 137], 'stop-sandbox', 'Never'],
    ['sidecars of what is done are stopped', 'ss', ['running', 'running', 0], 'stop', 'Never'],
  ];
  for (const [name, inits, was, expected, policy] of table) it(name, () => expect(said(inits, was, policy)).toBe(expected));
  it.each<readonly [string, readonly Was[], string, string]>([
    ['init containers failed', [0, 137], 'Always', 'sandbox'],
    ['under Never that is the end', [0, 137], 'Never', 'nothing'],
    ['unless nothing was there', [], 'Never', 'sandbox'],
  ])('a sandbox that is gone: %s', (_, was, policy, expected) => {
    const worker = workerOf('ss', was, policy);
    worker.sandbox = { id: 'box', ip: '', isReady: false, attempt: 0 };
    expect(nextStep(worker, NOW).do).toBe(expected);
  });
});
