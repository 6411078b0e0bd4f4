/** The conditions that a kubelet sets on a pod. Upstream: pkg/kubelet/status/generate.go (v1.36). Simplified: nothing. */
import type { V1ContainerStatus, V1Pod, V1PodCondition } from '../../api/schema/kubernetes.ts';
import type { Resize } from './known.ts';
import { couldRestartAll } from './restart-policy.ts';

export interface Facts {
  readonly pod: V1Pod;
  readonly phase: string;
  readonly statuses: readonly V1ContainerStatus[];
  readonly initStatuses: readonly V1ContainerStatus[];
  readonly hasSandbox: boolean;
  readonly isRestartingAll: boolean;
  readonly resize?: Resize | undefined;
  /** RFC 3339. */
  readonly now: string;
}
type Verdict = { readonly status: 'True' | 'False'; readonly reason?: string; readonly message?: string };
const OWN: ReadonlySet<string> = new Set([
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
  'AllContainersRestarting',
  'PodResizePending',
  'PodResizeInProgress',
]);
/** Nothing in it but what the kubelet writes. */
const FIELDS: ReadonlySet<string> = new Set([
  'type',
  'status',
  'reason',
  'message',
  'lastProbeTime',
  'lastTransitionTime',
  'observedGeneration',
]);
const isBare = (condition: V1PodCondition): boolean => Object.keys(condition).every((field) => FIELDS.has(field));
const TRUE: Verdict = { status: 'True' };
const FALSE: Verdict = { status: 'False' };
const isSidecar = (pod: V1Pod, name: string): boolean =>
  (pod.spec?.initContainers ?? []).some((c) => c.name === name && c.restartPolicy === 'Always');

/** Those of others first, then the kubelet's own in its order. A transition time moves only with the status. */
export function conditionsOf(facts: Facts): V1PodCondition[] {
  const containers = containersReady(facts);
  const conditions: V1PodCondition[] = [];
  for (const condition of facts.pod.status?.conditions ?? []) if (!OWN.has(condition.type)) conditions.push(condition);
  for (const condition of [facts.resize?.pending, facts.resize?.inProgress]) if (condition) conditions.push(condition);
  conditions.push(
    conditionOf(facts, 'PodReadyToStartContainers', facts.hasSandbox ? TRUE : FALSE),
    conditionOf(facts, 'Initialized', initialized(facts)),
    conditionOf(facts, 'Ready', ready(facts, containers)),
    conditionOf(facts, 'ContainersReady', containers),
    conditionOf(facts, 'PodScheduled', TRUE),
    ...(facts.pod.spec && couldRestartAll(facts.pod.spec) ? [conditionOf(facts, 'AllContainersRestarting', restartingAll(facts))] : []),
  );
  return conditions;
}

function conditionOf({ pod, now }: Facts, type: string, { status, reason, message }: Verdict): V1PodCondition {
  const generation = pod.metadata?.generation;
  const was = pod.status?.conditions?.find((c) => c.type === type);
  const stays = was?.status === status && was.lastTransitionTime;
  if (stays && was.reason === reason && was.message === message && was.observedGeneration === generation && isBare(was)) return was;
  return {
    type,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    lastProbeTime: null,
    lastTransitionTime: stays || now,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
}

function initialized({ pod, phase, statuses, initStatuses }: Facts): Verdict {
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
  if (statuses.some((s) => s.state?.running || s.state?.terminated || s.lastState?.terminated)) return TRUE;
  const incomplete: string[] = [];
  for (const s of initStatuses) if (isSidecar(pod, s.name) ? !s.started : !s.ready) incomplete.push(s.name);
  return incomplete.length === 0
    ? TRUE
    : { status: 'False', reason: 'ContainersNotInitialized', message: `containers with incomplete status: [${incomplete.join(' ')}]` };
}

function containersReady({ pod, phase, statuses, initStatuses }: Facts): Verdict {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const unready: string[] = [];
  for (const s of initStatuses) if (!s.ready && isSidecar(pod, s.name)) unready.push(s.name);
  for (const s of statuses) if (!s.ready) unready.push(s.name);
  return unready.length === 0
    ? TRUE
    : { status: 'False', reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
}

/** Upstream: GenerateAllContainersRestartingCondition. */
function restartingAll({ phase, isRestartingAll }: Facts): Verdict {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  return phase === 'Failed' ? { status: 'False', reason: 'PodFailed' } : isRestartingAll ? TRUE : FALSE;
}

function ready({ pod }: Facts, containers: Verdict): Verdict {
  if (containers.status !== 'True' || !pod.spec?.readinessGates) return containers;
  const wrong = pod.spec.readinessGates.flatMap(({ conditionType: type }) => {
    const found = pod.status?.conditions?.find((c) => c.type === type);
    if (!found) return [`corresponding condition of pod readiness gate ${JSON.stringify(type)} does not exist.`];
    return found.status === 'True' ? [] : [`the status of pod readiness gate ${JSON.stringify(type)} is not "True", but ${found.status}`];
  });
  return wrong.length === 0 ? TRUE : { status: 'False', reason: 'ReadinessGatesNotReady', message: wrong.join(', ') };
}
