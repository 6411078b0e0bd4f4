/**
 * One pod on every machine that should have one.
 * Upstream: pkg/controller/daemon/{daemon_controller,update}.go (v1.36). Simplified: nothing.
 */
import { controllerOf } from '../../api/machinery/owner.ts';
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import { keyOf, type KubeObject } from '../../api/object.ts';
import type { V1ControllerRevision, V1DaemonSet, V1DaemonSetStatus, V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import type { Fact } from '../../kernel/fact.ts';
import type { Cache } from '../client/cache.ts';
import { isReady } from '../client/indexed-cache.ts';
import { FLEET } from '../fleet.ts';
import { claimed, ownersOf, selectsAll } from './claims.ts';
import { nothing, soon, type Clock, type Controller, type Plan } from './controller.ts';
import type { Failures } from './daemons/failures.ts';
import { historyOf, REVISIONS, superseded } from './daemons/history.ts';
import { isNew, manage, placedByAge, roll, shouldRun, untilCounted, type Changes, type Daemons } from './daemons/on-machines.ts';
import { HASH, podFor, targetOf } from './daemons/pod.ts';
import { create, destroy, update } from './paths.ts';

/** Upstream: BurstReplicas. */
const BURST = 250;
/** What it takes to look at one machine. It counts when there are many: a fleet's pods change faster than the set can be looked at. */
const LOOK_US = 20;

export default {
  name: 'daemonset',
  watches: [
    { resource: 'daemonsets.apps', keys: ({ object }) => [keyOf(object)] },
    {
      resource: 'pods',
      keys: ({ object, old, deleted, cache }) => [
        ...new Set([...setsOf(object, deleted, cache), ...(old ? setsOf(old, true, cache) : [])]),
      ],
    },
    // A revision that somebody makes for a set is seen when the set is looked at next.
    {
      resource: REVISIONS,
      keys: ({ object, old, deleted, cache }) => [
        ...new Set([
          ...(old || deleted || !controllerOf(object) ? setsOf(object, deleted, cache) : []),
          ...(old ? setsOf(old, true, cache) : []),
        ]),
      ],
    },
    {
      resource: 'nodes',
      keys: ({ object, old, cache }) =>
        old && sameJson(nodeView(old as V1Node), nodeView(object as V1Node)) ? [] : cache.list('daemonsets.apps').map(keyOf),
    },
  ],
  reconcile(key, cache, clock) {
    const set = cache.get<V1DaemonSet>('daemonsets.apps', key);
    return set ? { memory: clock.memory, ...sync(set, cache, clock) } : nothing;
  },
} satisfies Controller;

function sync(set: V1DaemonSet, cache: Cache, clock: Clock): Plan {
  const notes = selectsAll(set, 'daemonsets.apps', 'daemon set');
  if (notes.length > 0) return { writes: [], notes };
  if (set.metadata?.deletionTimestamp) return nothing;
  const claims = claim(set, cache);
  if (claims.writes.length > 0) return claims;
  const history = historyOf(set, cache);
  if ('writes' in history) return history;
  const uid = set.metadata?.uid ?? '';
  const hash = history.current.metadata?.labels?.[HASH] ?? '';
  const stale = superseded(
    set,
    history.old,
    cache.podLabelsOf(uid).map(({ labels }) => labels[HASH]),
  );
  if (stale.length > 0) return { writes: stale.map((r) => destroy('controllerrevisions', r)), notes: [] };
  const byMachine = new Map<string, V1Pod[]>();
  for (const pod of cache.controlledBy<V1Pod>('pods', uid)) {
    if (pod.metadata?.deletionTimestamp && (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded')) continue;
    const machine = targetOf(pod);
    const here = byMachine.get(machine);
    if (here) here.push(pod);
    else byMachine.set(machine, [pod]);
  }
  const nodes = [...cache.list<V1Node>('nodes')].sort((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
  const nowMs = clock.epochMs + Math.floor(clock.nowUs / 1000);
  const planned = plan({ set, hash, nodes, byMachine, nowMs, failures: clock.memory as Failures | undefined });
  return nodes.length > FLEET ? { ...planned, busyUs: nodes.length * LOOK_US } : planned;
}

const setsOf = (object: KubeObject, wasOwned: boolean, cache: Cache): readonly string[] =>
  ownersOf(object, { kind: 'DaemonSet', resource: 'daemonsets.apps', wasOwned, cache });

/** Adopts what matches and has no owner, releases its own that no longer match. Upstream: getDaemonPods, controlledHistories. */
function claim(set: V1DaemonSet, cache: Cache): Plan {
  const claims = ['pods', REVISIONS].map((resource) =>
    claimed<V1Pod | V1ControllerRevision>(set, resource, cache, (object) => !object.metadata?.deletionTimestamp),
  );
  const note =
    (says: string) =>
    (object: KubeObject): Fact => ({
      says,
      about: `daemonsets.apps/${keyOf(set)}`,
      with: { name: set.metadata?.name, object: object.metadata?.name },
    });
  return {
    writes: claims.flatMap(({ writes }) => writes),
    notes: claims.flatMap(({ adopted, released }) => [
      ...adopted.map(note('daemonset/adopted')),
      ...released.map(note('daemonset/released')),
    ]),
  };
}

const nodeView = (node: V1Node): readonly unknown[] => [node.metadata?.labels, node.spec?.taints, node.spec?.unschedulable];

/** Upstream: updateDaemonSet: machine by machine first, and only when that leaves nothing to do the rolling update goes on. */
function plan(daemons: Daemons): Plan {
  const { ended, failures, againMs, ...first } = manage(daemons);
  const isQuiet = first.creates.length + first.deletes.length === 0;
  const changes = isQuiet && daemons.set.spec?.updateStrategy?.type !== 'OnDelete' ? roll(daemons) : first;
  const planned = changes.creates.length + changes.deletes.length > 0 ? carryOut(daemons, changes) : refresh(daemons);
  return {
    ...planned,
    notes: [...ended.map((pod) => endedFact(daemons.set, pod)), ...planned.notes],
    ...(againMs === undefined ? {} : soon(Math.min(againMs, (planned.againAfterUs ?? Number.MAX_SAFE_INTEGER) / 1000))),
    memory: Object.keys(failures).length > 0 ? failures : undefined,
  };
}

function endedFact(set: V1DaemonSet, pod: V1Pod): Fact {
  const [isFailed, machine] = [pod.status?.phase === 'Failed', targetOf(pod)];
  return {
    says: 'daemonset/pod-ended',
    about: `daemonsets.apps/${keyOf(set)}`,
    with: {
      name: set.metadata?.name,
      pod: pod.metadata?.name,
      machine,
      phase: pod.status?.phase,
      event: isFailed
        ? {
            type: 'Warning',
            reason: 'FailedDaemonPod',
            message: `Found failed daemon pod ${keyOf(pod)} on node ${machine}, will try to kill it`,
          }
        : {
            type: 'Normal',
            reason: 'SucceededDaemonPod',
            message: `Found succeeded daemon pod ${keyOf(pod)} on node ${machine}, will try to delete it`,
          },
    },
  };
}

function carryOut({ set, hash }: Daemons, changes: Changes): Plan {
  const creates = changes.creates.slice(0, BURST);
  const gone = changes.deletes.slice(0, BURST);
  const writes = [
    ...creates.map((machine) => create('pods', set.metadata?.namespace, podFor(set, hash, machine))),
    ...gone.map((pod) => destroy('pods', pod)),
  ];
  const about = `daemonsets.apps/${keyOf(set)}`;
  const notes: Fact[] = [
    ...(gone.length > 0
      ? [
          {
            says: 'daemonset/superfluous',
            about,
            with: {
              name: set.metadata?.name,
              pods: gone.map((pod) => pod.metadata?.name),
              event: { type: 'Normal', reason: 'SuccessfulDelete', message: 'Deleted pod: $name', from: creates.length, to: writes.length },
            },
          },
        ]
      : []),
    ...(creates.length > 0
      ? [
          {
            says: 'daemonset/missing',
            about,
            with: {
              name: set.metadata?.name,
              machines: creates,
              event: { type: 'Normal', reason: 'SuccessfulCreate', message: 'Created pod: $name' },
            },
          },
        ]
      : []),
  ];
  return { writes, slowStart: creates.length, notes };
}

/** The status, written when it differs: of each machine its oldest pod counts. Upstream: updateDaemonSetStatus. */
function refresh(daemons: Daemons): Plan {
  const { set, hash, nodes, byMachine } = daemons;
  const count = { desired: 0, current: 0, ready: 0, available: 0, updated: 0, misscheduled: 0 };
  let againMs: number | undefined;
  for (const node of nodes) {
    const pod = [...(byMachine.get(node.metadata?.name ?? '') ?? [])].sort(placedByAge)[0] as V1Pod | undefined;
    if (!shouldRun(set, node).run) {
      if (pod) count.misscheduled++;
      continue;
    }
    count.desired++;
    if (!pod) continue;
    count.current++;
    if (isReady(pod)) count.ready++;
    if (isNew(pod, hash)) count.updated++;
    const left = untilCounted(pod, daemons);
    if (left === 0) count.available++;
    else if (left !== undefined) againMs = Math.min(againMs ?? left, left);
  }
  // A new pod beside an old one is waited for, too.
  for (const pods of byMachine.values())
    for (const pod of pods) {
      const left = untilCounted(pod, daemons);
      if (left !== undefined && left > 0) againMs = Math.min(againMs ?? left, left);
    }
  const { collisionCount, conditions } = set.status ?? {};
  const positive = Object.entries({
    updatedNumberScheduled: count.updated,
    numberAvailable: count.available,
    numberUnavailable: count.desired - count.available,
  }).filter(([, n]) => n > 0);
  const status: V1DaemonSetStatus = {
    currentNumberScheduled: count.current,
    numberMisscheduled: count.misscheduled,
    desiredNumberScheduled: count.desired,
    numberReady: count.ready,
    observedGeneration: set.metadata?.generation,
    ...Object.fromEntries(positive),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    ...(conditions ? { conditions } : {}),
  };
  return {
    writes: sameJson(status, set.status) ? [] : [update('daemonsets', { ...set, status }, 'status')],
    notes: [],
    ...(againMs === undefined ? {} : soon(Math.max(1, againMs))),
  };
}
