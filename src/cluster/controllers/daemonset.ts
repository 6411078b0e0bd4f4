/**
 * One pod on every machine that should have one.
 * Upstream: pkg/controller/daemon/{daemon_controller,update}.go, util/daemonset_util.go (v1.36).
 * Simplified: revisions are told apart by the template's hash alone; maxSurge is not acted on.
 */
import { scaledValue } from '../../api/machinery/int-or-string.ts';
import { controllerOf, controllerRef } from '../../api/machinery/owner.ts';
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import { templateHash } from '../../api/machinery/template-hash.ts';
import { keyOf } from '../../api/object.ts';
import type { V1ControllerRevision, V1DaemonSet, V1DaemonSetStatus, V1Node, V1Pod, V1PodSpec, V1Taint, V1Toleration } from '../../api/schema/kubernetes.ts';
import type { Fact } from '../../kernel/fact.ts';
import type { ApiRequest } from '../api-request.ts';
import { isReady } from '../client/indexed-cache.ts';
import { nothing, type Controller } from './controller.ts';
import { create, destroy, update } from './paths.ts';
import { tolerates } from '../scheduler/tolerations.ts';
import { matchesNodeSelection } from '../scheduler/node-selection.ts';

const HASH = 'controller-revision-hash';
const NODE = 'node.kubernetes.io/';
const toleration = (name: string, effect: string): V1Toleration => ({ key: `${NODE}${name}`, operator: 'Exists', effect });
const ADDED: readonly V1Toleration[] = [toleration('not-ready', 'NoExecute'), toleration('unreachable', 'NoExecute'), toleration('disk-pressure', 'NoSchedule'), toleration('memory-pressure', 'NoSchedule'), toleration('pid-pressure', 'NoSchedule'), toleration('unschedulable', 'NoSchedule')];

export default {
  name: 'daemonset',
  watches: [
    { resource: 'daemonsets.apps', keys: ({ object }) => [keyOf(object)] },
    { resource: 'pods', keys: ({ object }) => { const owner = controllerOf(object); return owner?.kind === 'DaemonSet' ? [`${object.metadata?.namespace}/${owner.name}`] : []; } },
    { resource: 'nodes', keys: ({ object, old, cache }) => (old && sameJson(nodeView(old as V1Node), nodeView(object as V1Node)) ? [] : cache.list('daemonsets.apps').map(keyOf)) },
  ],
  reconcile(key, cache) {
    const set = cache.get<V1DaemonSet>('daemonsets.apps', key);
    if (!set || set.metadata?.deletionTimestamp) return nothing;
    const hash = templateHash(set.spec?.template);
    const name = `${set.metadata?.name}-${hash}`;
    const uid = set.metadata?.uid ?? '';
    const revisions = cache.controlledBy<V1ControllerRevision>('controllerrevisions.apps', uid);
    const newest = revisions.reduce((most, r) => Math.max(most, r.revision), 0);
    const own = revisions.find((r) => r.metadata?.name === name);
    if (own && own.revision < newest) return { writes: [update('controllerrevisions', { ...own, revision: newest + 1 })], notes: [] };
    if (!own) {
      const revision: V1ControllerRevision = { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: { name, namespace: set.metadata?.namespace, labels: { ...set.spec?.template.metadata?.labels, [HASH]: hash }, ownerReferences: [controllerRef(set)] }, revision: newest + 1, data: { spec: { template: set.spec?.template } } };
      return { writes: [create('controllerrevisions', set.metadata?.namespace, revision)], notes: [] };
    }
    const stale = superseded(set, revisions, cache.podLabelsOf(uid).map(({ labels }) => labels[HASH]).concat(hash));
    if (stale.length > 0) return { writes: stale.map((r) => destroy('controllerrevisions', r)), notes: [] };
    const byMachine = new Map<string, V1Pod[]>();
    for (const pod of cache.controlledBy<V1Pod>('pods', uid)) {
      const machine = pod.spec?.nodeName || targetOf(pod);
      byMachine.set(machine, [...(byMachine.get(machine) ?? []), pod]);
    }
    return plan(set, hash, cache.list<V1Node>('nodes'), byMachine);
  },
} satisfies Controller;

/** Revisions beyond the history limit that no pod lives by. Upstream: cleanupHistory. */
function superseded(set: V1DaemonSet, revisions: readonly V1ControllerRevision[], inUse: readonly string[]): readonly V1ControllerRevision[] {
  const idle = revisions.filter((r) => !inUse.includes(r.metadata?.labels?.[HASH] ?? '')).sort((a, b) => a.revision - b.revision);
  return idle.slice(0, Math.max(0, idle.length - (set.spec?.revisionHistoryLimit ?? 10)));
}

const nodeView = (node: V1Node): readonly unknown[] => [node.metadata?.labels, node.spec?.taints, node.spec?.unschedulable];
const targetOf = (pod: V1Pod): string => pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0]?.matchFields?.[0]?.values?.[0] ?? '';

/** Upstream: NodeShouldRunDaemonPod. A NoSchedule taint keeps new pods away, only NoExecute drives a running one off. */
function shouldRun(set: V1DaemonSet, node: V1Node): { readonly run: boolean; readonly stay: boolean } {
  const spec: V1PodSpec = podSpec(set, node.metadata?.name ?? '');
  if (!matchesNodeSelection(spec, node)) return { run: false, stay: false };
  const untolerated = (node.spec?.taints ?? []).filter((taint: V1Taint) => !tolerates(spec.tolerations, taint));
  return { run: untolerated.every((t) => t.effect === 'PreferNoSchedule'), stay: untolerated.every((t) => t.effect !== 'NoExecute') };
}

function podSpec(set: V1DaemonSet, machine: string): V1PodSpec {
  const spec = set.spec?.template.spec ?? { containers: [] };
  const network = spec.hostNetwork ? [toleration('network-unavailable', 'NoSchedule')] : [];
  const required = { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [machine] }] }] };
  return { ...spec, tolerations: [...(spec.tolerations ?? []), ...[...ADDED, ...network].filter((a) => !(spec.tolerations ?? []).some((t) => t.key === a.key && t.effect === a.effect))], affinity: { ...spec.affinity, nodeAffinity: { ...spec.affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required } } };
}

function plan(set: V1DaemonSet, hash: string, nodes: readonly V1Node[], byMachine: ReadonlyMap<string, readonly V1Pod[]>): { readonly writes: readonly ApiRequest[]; readonly slowStart?: number; readonly notes: readonly Fact[] } {
  const creates: string[] = [];
  const doomed: V1Pod[] = [];
  const count = { desired: 0, current: 0, ready: 0, updated: 0, misscheduled: 0 };
  for (const node of [...nodes].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))) {
    const pods = (byMachine.get(node.metadata?.name ?? '') ?? []).filter((pod) => !pod.metadata?.deletionTimestamp);
    const { run, stay } = shouldRun(set, node);
    if (run) {
      count.desired++;
      if (pods.length > 0) count.current++;
      if (pods.some(isReady)) count.ready++;
      if (pods.some((pod) => pod.metadata?.labels?.[HASH] === hash)) count.updated++;
      if (pods.length === 0 && (byMachine.get(node.metadata?.name ?? '') ?? []).length === 0) creates.push(node.metadata?.name ?? '');
      doomed.push(...pods.filter((pod) => pod.status?.phase === 'Failed'), ...pods.slice(1));
    } else if (pods.length > 0) { count.misscheduled++; if (!stay) doomed.push(...pods); }
  }
  for (const [machine, pods] of byMachine) if (!nodes.some((n) => n.metadata?.name === machine)) doomed.push(...pods.filter((p) => !p.metadata?.deletionTimestamp));
  if (set.spec?.updateStrategy?.type !== 'OnDelete') doomed.push(...outdated(set, hash, byMachine, count));
  const writes = [...creates.map((machine) => create('pods', set.metadata?.namespace, podFor(set, hash, machine))), ...[...new Set(doomed)].map((pod) => destroy('pods', pod))];
  const about = `daemonsets.apps/${keyOf(set)}`;
  const gone = [...new Set(doomed)];
  const notes: Fact[] = [...(gone.length > 0 ? [{ says: 'daemonset/superfluous', about, with: { name: set.metadata?.name, pods: gone.map((pod) => pod.metadata?.name), event: { type: 'Normal', reason: 'SuccessfulDelete', message: 'Deleted pod: $name', from: creates.length, to: writes.length } } }] : []), ...(creates.length > 0 ? [{ says: 'daemonset/missing', about, with: { name: set.metadata?.name, machines: creates, event: { type: 'Normal', reason: 'SuccessfulCreate', message: 'Created pod: $name' } } }] : [])];
  if (writes.length > 0) return { writes, slowStart: creates.length, notes };
  const status: V1DaemonSetStatus = { currentNumberScheduled: count.current, numberMisscheduled: count.misscheduled, desiredNumberScheduled: count.desired, numberReady: count.ready, observedGeneration: set.metadata?.generation, updatedNumberScheduled: count.updated, numberAvailable: count.ready, ...(count.desired - count.ready > 0 ? { numberUnavailable: count.desired - count.ready } : {}) };
  return { writes: sameJson(status, set.status) ? [] : [update('daemonsets', { ...set, status }, 'status')], notes };
}

/** As many pods of an old template as may be unavailable now. */
function outdated(set: V1DaemonSet, hash: string, byMachine: ReadonlyMap<string, readonly V1Pod[]>, count: { readonly desired: number; readonly ready: number }): readonly V1Pod[] {
  const old = [...byMachine.values()].flat().filter((pod) => !pod.metadata?.deletionTimestamp && pod.metadata?.labels?.[HASH] !== hash);
  const most = Math.max(1, scaledValue(set.spec?.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, count.desired, true));
  const broken = old.filter((pod) => !isReady(pod));
  const room = Math.max(0, most - (count.desired - count.ready));
  return [...broken, ...old.filter(isReady).slice(0, room)];
}

function podFor(set: V1DaemonSet, hash: string, machine: string): V1Pod {
  const { template } = set.spec ?? {};
  return { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: `${set.metadata?.name}-`, labels: { ...template?.metadata?.labels, [HASH]: hash }, annotations: template?.metadata?.annotations, ownerReferences: [controllerRef(set)] }, spec: podSpec(set, machine) };
}
