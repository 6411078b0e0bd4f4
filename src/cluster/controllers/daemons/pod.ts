/** The pod that a DaemonSet makes for one machine. Upstream: pkg/controller/daemon/util/daemonset_util.go (v1.36). Simplified: nothing. */
import { controllerRef } from '../../../api/machinery/owner.ts';
import type { V1DaemonSet, V1Pod, V1PodSpec, V1Toleration } from '../../../api/schema/kubernetes.ts';

export const HASH = 'controller-revision-hash';
const GENERATION = 'pod-template-generation';
/** Where apps/v1 keeps what extensions/v1beta1 called spec.templateGeneration. */
export const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

const toleration = (name: string, effect: string): V1Toleration => ({ key: `node.kubernetes.io/${name}`, operator: 'Exists', effect });
const ADDED: readonly V1Toleration[] = [
  toleration('not-ready', 'NoExecute'),
  toleration('unreachable', 'NoExecute'),
  toleration('disk-pressure', 'NoSchedule'),
  toleration('memory-pressure', 'NoSchedule'),
  toleration('pid-pressure', 'NoSchedule'),
  toleration('unschedulable', 'NoSchedule'),
];
const NETWORK = toleration('network-unavailable', 'NoSchedule');

const isSame = (a: V1Toleration, b: V1Toleration): boolean =>
  a.key === b.key && a.effect === b.effect && a.operator === b.operator && (a.value ?? '') === (b.value ?? '');

/** Its own, and those that every daemon has: an own one of the same words loses its patience. Upstream: AddOrUpdateDaemonPodTolerations. */
export function tolerationsOf(spec: V1PodSpec): readonly V1Toleration[] {
  const added = spec.hostNetwork ? [...ADDED, NETWORK] : ADDED;
  const own = spec.tolerations ?? [];
  return [...own.map((t) => added.find((a) => isSame(a, t)) ?? t), ...added.filter((a) => !own.some((t) => isSame(a, t)))];
}

/** The machine that a pod is on, or made for. Upstream: GetTargetNodeName. */
export function targetOf(pod: V1Pod): string {
  if (pod.spec?.nodeName) return pod.spec.nodeName;
  for (const term of pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []) {
    for (const { key, operator, values } of term.matchFields ?? [])
      if (key === 'metadata.name' && operator === 'In' && values?.length === 1) return values[0];
  }
  return '';
}

/** Upstream: CreatePodTemplate, ReplaceDaemonSetPodNodeNameNodeAffinity. */
export function podFor(set: V1DaemonSet, hash: string, machine: string): V1Pod {
  const { template } = set.spec ?? {};
  const spec = template?.spec ?? { containers: [] };
  const generation = set.metadata?.annotations?.[TEMPLATE_GENERATION];
  const labels = { ...template?.metadata?.labels, ...(generation === undefined ? {} : { [GENERATION]: generation }), [HASH]: hash };
  const required = { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [machine] }] }] };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${set.metadata?.name}-`,
      labels,
      annotations: template?.metadata?.annotations,
      ownerReferences: [controllerRef(set)],
    },
    spec: {
      ...spec,
      tolerations: tolerationsOf(spec),
      affinity: {
        ...spec.affinity,
        nodeAffinity: { ...spec.affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required },
      },
    },
  };
}
