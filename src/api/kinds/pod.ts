/** Pod. Upstream: pkg/registry/core/pod/strategy.go, pkg/apis/core/v1/defaults.go (v1.36). */
import type { Kind } from '../kind.ts';
import { checkMetadata } from '../machinery/names.ts';
import { sameJson } from '../machinery/patch/same-json.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { defaultPodSpec } from '../pods/defaults.ts';
import { withLabelKeys } from '../pods/label-keys.ts';
import { podLine } from '../pods/print.ts';
import { qosClass } from '../pods/qos.ts';
import { ownPodWarnings } from '../pods/warnings.ts';
import { validatePod, validatePodCreate } from '../pods/validate.ts';
import { validatePodStatusUpdate, validatePodUpdate } from '../pods/validate-update.ts';
import type { V1Pod, V1PodCondition } from '../schema/kubernetes.ts';
import { withMore } from '../../lib/with-more.ts';

/** A gated pod says so from the start. Upstream: applyWaitingForSchedulingGatesCondition. */
const gated = (now: string): V1PodCondition => ({
  type: 'PodScheduled',
  status: 'False',
  lastProbeTime: null,
  lastTransitionTime: now,
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
});

export default {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  inAll: true,
  namespaced: true,
  model: 'V1Pod',
  subresources: ['status', 'binding', 'log', 'exec', 'attach', 'portforward', 'eviction', 'resize', 'ephemeralcontainers'],
  applyDefaults: (pod) => ({ ...pod, spec: defaultPodSpec(pod.spec ?? { containers: [] }) }),
  prepareForCreate: (pod, { now }) =>
    withMore(pod, {
      metadata: withMore(pod.metadata ?? {}, { generation: 1 }),
      spec: withLabelKeys(pod),
      status: {
        phase: 'Pending',
        qosClass: qosClass(pod.spec),
        ...(pod.spec?.schedulingGates?.length ? { conditions: [gated(now)] } : {}),
      },
    }),
  prepareForUpdate: (next, old) => ({
    ...next,
    metadata: { ...next.metadata, generation: (old.metadata?.generation ?? 1) + (sameJson(next.spec, old.spec) ? 0 : 1) },
    status: old.status,
  }),
  validate: (pod) => [...checkMetadata(pod.metadata), ...validatePod(pod)],
  keptByStatus: 'ownerReferences',
  validateCreate: validatePodCreate,
  warnings: ownPodWarnings,
  validateUpdate: validatePodUpdate,
  validateStatusUpdate: validatePodStatusUpdate,
  graceSeconds: (pod, asked) =>
    pod.spec?.nodeName && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed'
      ? (asked ?? pod.spec.terminationGracePeriodSeconds ?? 0)
      : 0,
  selectableFields: (pod) => ({
    'spec.nodeName': pod.spec?.nodeName ?? '',
    'status.phase': pod.status?.phase ?? '',
    'spec.restartPolicy': pod.spec?.restartPolicy ?? '',
    'spec.schedulerName': pod.spec?.schedulerName ?? '',
    'spec.serviceAccountName': pod.spec?.serviceAccountName ?? '',
    'status.podIP': pod.status?.podIP ?? '',
    'status.nominatedNodeName': pod.status?.nominatedNodeName ?? '',
    'spec.hostNetwork': String(pod.spec?.hostNetwork ?? false),
  }),
  completed: ({ status }) =>
    status?.phase === 'Succeeded'
      ? { reason: 'Succeeded', message: 'The pod has completed successfully.' }
      : status?.phase === 'Failed'
        ? { reason: 'Failed', message: 'The pod failed.' }
        : undefined,
  columns: [
    nameColumn,
    { name: 'Ready', value: (p, now) => podLine(p, now).ready },
    { name: 'Status', value: (p, now) => podLine(p, now).status },
    { name: 'Restarts', value: (p, now) => podLine(p, now).restarts },
    ageColumn,
    { name: 'IP', wide: true, value: (p) => p.status?.podIP || p.status?.podIPs?.[0]?.ip || '<none>' },
    { name: 'Node', wide: true, value: (p) => p.spec?.nodeName || '<none>' },
    { name: 'Nominated Node', wide: true, value: (p) => p.status?.nominatedNodeName || '<none>' },
    {
      name: 'Readiness Gates',
      wide: true,
      value: (p) =>
        p.spec?.readinessGates?.length
          ? `${p.spec.readinessGates.filter((g) => p.status?.conditions?.find((c) => c.type === g.conditionType)?.status === 'True').length}/${p.spec.readinessGates.length}`
          : '<none>',
    },
  ],
} satisfies Kind<V1Pod>;
