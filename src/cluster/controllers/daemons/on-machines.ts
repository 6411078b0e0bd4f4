/**
 * Which daemon pods should come and go: on each machine by itself, and during a rolling update across all of them.
 * Upstream: pkg/controller/daemon/{daemon_controller,update}.go podsShouldBeOnNode, rollingUpdate (v1.36). Simplified: nothing.
 */
import { scaledValue } from '../../../api/machinery/int-or-string.ts';
import { byAge } from '../../../api/object.ts';
import type { V1DaemonSet, V1Node, V1Pod, V1PodSpec, V1Taint } from '../../../api/schema/kubernetes.ts';
import { isReady } from '../../client/indexed-cache.ts';
import { matchesNodeSelection } from '../../scheduler/node-selection.ts';
import { tolerates } from '../../scheduler/tolerations.ts';
import { untilAvailable } from '../replicas/availability.ts';
import { failedAgain, isInBackOff, remembered, type Failure, type Failures } from './failures.ts';
import { HASH, tolerationsOf } from './pod.ts';

/** One DaemonSet, its newest hash, and its pods by the machine that they are on or made for. `nowMs`: since 1970. */
export interface Daemons {
  readonly set: V1DaemonSet;
  readonly hash: string;
  readonly nodes: readonly V1Node[];
  readonly byMachine: ReadonlyMap<string, readonly V1Pod[]>;
  readonly nowMs: number;
  readonly failures?: Failures;
}
/** Machines that get a pod, and pods that go. */
export interface Changes {
  readonly creates: readonly string[];
  readonly deletes: readonly V1Pod[];
}
export interface Managed extends Changes {
  /** Those that go because they have failed or succeeded. */
  readonly ended: readonly V1Pod[];
  readonly failures: Failures;
  /** How long the next failed one is left alone. */
  readonly againMs?: number;
}

const nameOf = (node: V1Node): string => node.metadata?.name ?? '';
const lives = (pod: V1Pod): boolean => pod.metadata?.deletionTimestamp === undefined;
export const isNew = (pod: V1Pod, hash: string): boolean => pod.metadata?.labels?.[HASH] === hash;

/** As `untilAvailable`, by the set's minReadySeconds. */
export const untilCounted = (pod: V1Pod, { set, nowMs }: Daemons): number | undefined =>
  untilAvailable(pod, set.spec?.minReadySeconds ?? 0, nowMs);
const isAvailable = (pod: V1Pod, daemons: Daemons): boolean => untilCounted(pod, daemons) === 0;

/** Those with a machine first, then the oldest. Upstream: podByCreationTimestampAndPhase. */
export const placedByAge = (a: V1Pod, b: V1Pod): number =>
  Number(Boolean(b.spec?.nodeName)) - Number(Boolean(a.spec?.nodeName)) || byAge(a, b);

interface Verdict {
  readonly run: boolean;
  readonly stay: boolean;
}
/** Each state of a set's template against each state of a machine, worked out once: a set looks at every machine whenever one of its pods changes. */
const verdicts = new WeakMap<V1PodSpec, WeakMap<V1Node, Verdict>>();

/** Upstream: NodeShouldRunDaemonPod. */
export function shouldRun(set: V1DaemonSet, node: V1Node): Verdict {
  const spec = set.spec?.template.spec ?? NO_CONTAINERS;
  if (!Object.isFrozen(spec) || !Object.isFrozen(node)) return judged(spec, node);
  let known = verdicts.get(spec);
  if (!known) {
    known = new WeakMap();
    verdicts.set(spec, known);
  }
  let verdict = known.get(node);
  if (!verdict) {
    verdict = judged(spec, node);
    known.set(node, verdict);
  }
  return verdict;
}

const NO_CONTAINERS: V1PodSpec = Object.freeze({ containers: [] });

/** A NoSchedule taint keeps new pods away, only NoExecute drives a running one off. */
function judged(spec: V1PodSpec, node: V1Node): Verdict {
  if ((spec.nodeName && spec.nodeName !== nameOf(node)) || !matchesNodeSelection(spec, node)) return { run: false, stay: false };
  const tolerations = tolerationsOf(spec);
  const untolerated = (node.spec?.taints ?? []).filter((taint: V1Taint) => !tolerates(tolerations, taint));
  return { run: untolerated.every((t) => t.effect === 'PreferNoSchedule'), stay: untolerated.every((t) => t.effect !== 'NoExecute') };
}

/** How many may be missing, and how many may be there twice. Upstream: updatedDesiredNodeCounts. */
function room({ set, nodes }: Daemons): { readonly unavailable: number; readonly surge: number; readonly desired: number } {
  const desired = nodes.filter((node) => shouldRun(set, node).run).length;
  const { maxUnavailable, maxSurge } = set.spec?.updateStrategy?.rollingUpdate ?? {};
  const isRolling = set.spec?.updateStrategy?.type !== 'OnDelete';
  const surge = isRolling ? scaledValue(maxSurge, desired, true) : 0;
  const unavailable = isRolling ? scaledValue(maxUnavailable ?? 1, desired, true) : 0;
  return { desired, surge, unavailable: desired > 0 && surge === 0 && unavailable === 0 ? 1 : unavailable };
}

const allowsSurge = (daemons: Daemons): boolean =>
  daemons.set.spec?.updateStrategy?.rollingUpdate?.maxSurge !== undefined && room(daemons).surge > 0;

const hasEnded = ({ status }: V1Pod): boolean => status?.phase === 'Failed' || status?.phase === 'Succeeded';

/** Upstream: manage. */
export function manage(daemons: Daemons): Managed {
  const creates: string[] = [];
  const deletes: V1Pod[] = [];
  const ended: V1Pod[] = [];
  const failures = remembered(daemons.failures ?? {}, daemons.nowMs);
  let againMs: number | undefined;
  const surges = allowsSurge(daemons);
  for (const node of daemons.nodes) {
    const pods = daemons.byMachine.get(nameOf(node));
    const { run, stay } = shouldRun(daemons.set, node);
    if (run && !pods) {
      creates.push(nameOf(node));
      continue;
    }
    const here = (pods ?? []).filter(lives);
    if (!stay) {
      deletes.push(...here);
      continue;
    }
    const running = here.filter((pod) => !hasEnded(pod)).sort(placedByAge);
    for (const pod of here.filter(hasEnded)) {
      const key = `${daemons.set.status?.observedGeneration ?? 0}/${nameOf(node)}`;
      const failure = failures[key] as Failure | undefined;
      if (pod.status?.phase === 'Failed') {
        if (isInBackOff(failure, daemons.nowMs)) {
          againMs = Math.min(againMs ?? failure.backOffMs, failure.backOffMs);
          continue;
        }
        failures[key] = failedAgain(failure, daemons.nowMs);
      }
      ended.push(pod);
      deletes.push(pod);
    }
    deletes.push(...(surges ? surplus(running, daemons) : running.slice(1)));
    if (surges && run && running.length === 0) creates.push(nameOf(node));
  }
  // Those that have a machine which is gone are the pod garbage collector's.
  const known = new Set(daemons.nodes.map(nameOf));
  for (const [machine, pods] of daemons.byMachine)
    if (!known.has(machine)) deletes.push(...pods.filter((pod) => lives(pod) && !pod.spec?.nodeName));
  return { creates, deletes, ended, failures, ...(againMs === undefined ? {} : { againMs }) };
}

/** While it surges a machine may have two: the oldest new one that is not available yet beside the oldest old one that is ready. */
function surplus(running: readonly V1Pod[], daemons: Daemons): readonly V1Pod[] {
  if (running.length <= 1) return [];
  const fresh = running.find((pod) => isNew(pod, daemons.hash));
  const old = running.find((pod) => !isNew(pod, daemons.hash));
  const others = running.filter((pod) => pod !== fresh && pod !== old);
  return fresh && old && (!isReady(old) || isAvailable(fresh, daemons)) ? [...others, old] : others;
}

interface Pair {
  readonly machine: string;
  readonly fresh?: V1Pod;
  readonly old?: V1Pod;
  /** More than one of a kind: a matter for manage. */
  readonly isCrowded: boolean;
}

/** Every machine that has or should have a pod. Upstream: findUpdatedPodsOnNode. */
function pairs({ set, hash, nodes, byMachine }: Daemons): readonly Pair[] {
  const machines = new Set([
    ...nodes.filter((node) => byMachine.has(nameOf(node)) || shouldRun(set, node).run).map(nameOf),
    ...byMachine.keys(),
  ]);
  return [...machines].map((machine) => {
    const here = (byMachine.get(machine) ?? []).filter(lives);
    const fresh = here.filter((pod) => isNew(pod, hash));
    const old = here.filter((pod) => !isNew(pod, hash));
    return {
      machine,
      isCrowded: fresh.length > 1 || old.length > 1,
      ...(fresh[0] ? { fresh: fresh[0] } : {}),
      ...(old[0] ? { old: old[0] } : {}),
    };
  });
}

/** Upstream: rollingUpdate. */
export function roll(daemons: Daemons): Changes {
  if (!hasOld(daemons)) return { creates: [], deletes: [] };
  return allowsSurge(daemons) ? rollBySurge(daemons) : { creates: [], deletes: rollByLoss(daemons) };
}

function hasOld({ byMachine, hash }: Daemons): boolean {
  for (const pods of byMachine.values()) for (const pod of pods) if (!isNew(pod, hash)) return true;
  return false;
}

/** Old pods that do not work go at once, others as far as so many may be missing. */
function rollByLoss(daemons: Daemons): readonly V1Pod[] {
  const most = room(daemons).unavailable;
  const broken: V1Pod[] = [];
  const candidates: V1Pod[] = [];
  let missing = 0;
  for (const { fresh, old, isCrowded } of pairs(daemons)) {
    if (isCrowded || Boolean(fresh) === Boolean(old)) missing++;
    else if (fresh) missing += isAvailable(fresh, daemons) ? 0 : 1;
    else if (old && !isAvailable(old, daemons)) {
      broken.push(old);
      missing++;
    } else if (old && missing < most) candidates.push(old);
  }
  return [...broken, ...candidates.slice(0, Math.max(0, most - missing))];
}

/** A new pod comes beside the old one, which goes when the new one is available; where none should run any more, the old one goes when others make up for it. */
function rollBySurge(daemons: Daemons): Changes {
  const { surge, desired } = room(daemons);
  const nodes = new Map(daemons.nodes.map((node) => [nameOf(node), node]));
  const deletes: V1Pod[] = [];
  const elsewhere: V1Pod[] = [];
  const atOnce: string[] = [];
  const candidates: string[] = [];
  let [surging, available] = [0, 0];
  for (const { machine, fresh, old, isCrowded } of pairs(daemons)) {
    if (isCrowded) {
      surging++;
      continue;
    }
    const first = old ?? fresh;
    if (first && isAvailable(first, daemons)) available++;
    if (!old) continue;
    if (fresh) {
      if (isAvailable(fresh, daemons)) deletes.push(old);
      else surging++;
      continue;
    }
    const node = nodes.get(machine);
    const runs = node !== undefined && shouldRun(daemons.set, node).run;
    if (!isAvailable(old, daemons)) {
      if (runs) atOnce.push(machine);
      else deletes.push(old);
    } else if (!runs) elsewhere.push(old);
    else if (surging < surge) candidates.push(machine);
  }
  deletes.push(...elsewhere.slice(0, Math.max(0, available - desired)));
  return { creates: [...atOnce, ...candidates.slice(0, Math.max(0, surge - surging))], deletes };
}
