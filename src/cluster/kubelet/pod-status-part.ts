/** What would a pod's status say? The kubelet's rules over plain facts of the runtime. */
import { allContainers } from '../../api/pods/containers.ts';
import type { V1Pod, V1PodStatus } from '../../api/schema/kubernetes.ts';
import { parseTime } from '../../api/machinery/time.ts';
import type { RuntimeContainer } from '../runtime/cri.ts';
import { isPastDeadline, PAST_DEADLINE } from './active-deadline.ts';
import { createWorker, type ContainerRecord } from './known.ts';
import { statusOf } from './pod-status.ts';
import { withEntry } from '../../lib/persistent.ts';

const STATES = { running: 'RUNNING', exited: 'EXITED', created: 'CREATED', waiting: undefined } as const;

export interface ContainerFacts {
  readonly name: string;
  readonly state: keyof typeof STATES;
  /** Why it waits, such as CrashLoopBackOff or ErrImagePull; the newest container may have exited before: as `exited`, or as `waiting` with a `last`. */
  readonly waiting?: { readonly reason: string; readonly message?: string };
  /** The end of the container before this one. */
  readonly last?: { readonly exitCode?: number; readonly reason?: string; readonly startedAt?: string; readonly finishedAt?: string };
  readonly exitCode?: number;
  readonly reason?: string;
  readonly message?: string;
  /** RFC 3339. */
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly restartCount?: number;
  /** Whether its readiness and startup probes have succeeded; true when absent. Without such a probe in its spec they have no effect: it is started when it runs, and ready then. */
  readonly ready?: boolean;
  readonly started?: boolean;
}

/** `now` is RFC 3339. The pod has a sandbox unless `sandbox` says otherwise. Throws an Error that says what is wrong with the facts. */
export function podStatus(r: {
  readonly pod: V1Pod;
  readonly containers: readonly ContainerFacts[];
  readonly now: string;
  readonly podIP?: string;
  readonly hostIP?: string;
  readonly sandbox?: boolean;
}): V1PodStatus {
  const epochMs = parseTime(r.now);
  if (!Number.isFinite(epochMs)) throw new Error(`now is an instant such as 2026-05-04T09:00:00Z, not ${JSON.stringify(r.now)}`);
  if (!r.pod.spec) throw new Error('a pod has a spec');
  const us = (text: string | undefined): number => (text === undefined ? 0 : (parseTime(text) - epochMs) * 1000);
  const worker = createWorker(
    `${r.pod.metadata?.namespace ?? 'default'}/${r.pod.metadata?.name ?? ''}`,
    r.pod,
    false,
    us(r.pod.status?.startTime),
  );
  worker.sandbox = r.sandbox === false ? undefined : { id: 'sandbox', ip: r.podIP ?? r.pod.status?.podIP ?? '', isReady: true, attempt: 0 };
  worker.isTerminating = r.pod.metadata?.deletionTimestamp !== undefined;
  if (r.pod.status?.startTime !== undefined && isPastDeadline(worker, 0)) worker.failure = PAST_DEADLINE;
  for (const facts of r.containers) {
    if (typeof facts?.name !== 'string')
      throw new Error(`what is known of a container is an object with a name, not ${JSON.stringify(facts)}`);
    if (!Object.hasOwn(STATES, facts.state))
      throw new Error(`container ${facts.name}: there is no state ${JSON.stringify(facts.state)}: ${Object.keys(STATES).join(', ')}`);
    const why =
      facts.waiting ??
      (facts.state === 'waiting' && facts.reason
        ? { reason: facts.reason, ...(facts.message ? { message: facts.message } : {}) }
        : undefined);
    worker.containers = withEntry(worker.containers, facts.name, recordOfFacts(r.pod, newest(facts), us));
    if (why) worker.reasons = withEntry(worker.reasons, facts.name, { reason: why.reason, message: why.message ?? '' });
    worker.probes = withEntry(worker.probes, `${facts.name}/readiness`, { successes: 1, failures: 0, isOk: facts.ready ?? true, runs: 1 });
    worker.probes = withEntry(worker.probes, `${facts.name}/startup`, { successes: 1, failures: 0, isOk: facts.started ?? true, runs: 1 });
  }
  return statusOf(worker, { ip: r.hostIP ?? r.pod.status?.hostIP ?? '', epochMs, now: 0 });
}

/** Of what waits, the newest container is the one that ended before. */
const newest = ({ last, ...facts }: ContainerFacts): ContainerFacts =>
  facts.state === 'waiting' && last
    ? { ...facts, reason: undefined, message: undefined, ...last, state: 'exited' }
    : { ...facts, ...(last ? { last } : {}) };

function recordOfFacts(pod: V1Pod, facts: ContainerFacts, us: (text: string | undefined) => number): ContainerRecord {
  const spec = allContainers(pod).find((c) => c.name === facts.name);
  const attempts = (facts.restartCount ?? 0) + 1;
  const state = STATES[facts.state];
  if (!state || !spec) return { attempts: facts.restartCount === undefined ? 0 : attempts, hasImage: false };
  const exitCode = facts.exitCode ?? 0;
  const current: RuntimeContainer = {
    id: facts.name,
    sandbox: 'sandbox',
    pod: { namespace: pod.metadata?.namespace ?? 'default', name: pod.metadata?.name ?? '', uid: pod.metadata?.uid ?? '' },
    name: facts.name,
    image: spec.image ?? '',
    imageId: '',
    attempt: attempts - 1,
    state,
    exitCode,
    reason: facts.reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
    ...(facts.message ? { message: facts.message } : {}),
    createdAt: us(facts.startedAt),
    startedAt: us(facts.startedAt),
    finishedAt: us(facts.finishedAt),
    address: '',
    spec: { name: facts.name, image: spec.image ?? '', attempt: attempts - 1, ports: [], spec },
  };
  const last = facts.last && {
    ...current,
    id: `${facts.name}-before`,
    attempt: Math.max(0, attempts - 2),
    state: 'EXITED' as const,
    exitCode: facts.last.exitCode ?? 0,
    reason: facts.last.reason ?? (facts.last.exitCode ? 'Error' : 'Completed'),
    startedAt: us(facts.last.startedAt),
    finishedAt: us(facts.last.finishedAt),
  };
  return { current, ...(last ? { last } : {}), attempts, hasImage: true };
}
