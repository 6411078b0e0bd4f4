/** ReplicaSet. Upstream: pkg/registry/apps/replicaset/strategy.go (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, containerColumns, nameColumn } from '../machinery/columns.ts';
import { formatLabelSelector } from '../machinery/labels.ts';
import { validateCounts, firstGeneration, nextGeneration, validateSelectorUnchanged, validateWorkload } from '../machinery/workload.ts';
import { defaultTemplate } from '../pods/defaults.ts';
import { changedWarnings, workloadWarnings } from '../pods/warnings.ts';
import type { V1ReplicaSet, V1ReplicaSetSpec } from '../schema/kubernetes.ts';

export default {
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  inAll: true,
  namespaced: true,
  model: 'V1ReplicaSet',
  subresources: ['status', 'scale'],
  applyDefaults: (r) => ({
    ...r,
    spec: { ...(r.spec as V1ReplicaSetSpec), replicas: r.spec?.replicas ?? 1, template: defaultTemplate(r.spec?.template) },
  }),
  prepareForCreate: (r) => firstGeneration(r, { replicas: 0 }),
  prepareForUpdate: (next, old) => nextGeneration(next, old),
  validate: (r) => validateWorkload(r, 'deployment'),
  validateUpdate: validateSelectorUnchanged,
  warnings: workloadWarnings,
  updateWarnings: changedWarnings,
  validateStatusUpdate: (next, old) => validateCounts(next, old, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
  columns: [
    nameColumn,
    { name: 'Desired', isNumber: true, value: (r) => String(r.spec?.replicas ?? 0) },
    { name: 'Current', isNumber: true, value: (r) => String(r.status?.replicas ?? 0) },
    { name: 'Ready', isNumber: true, value: (r) => String(r.status?.readyReplicas ?? 0) },
    ageColumn,
    ...containerColumns<V1ReplicaSet>(),
    { name: 'Selector', wide: true, value: (r) => formatLabelSelector(r.spec?.selector) },
  ],
} satisfies Kind<V1ReplicaSet>;
