/** Namespace. Upstream: pkg/registry/core/namespace/strategy.go (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { invalid } from '../machinery/field-error.ts';
import { checkMetadata, finalizerErrors } from '../machinery/names.ts';
import type { V1Namespace } from '../schema/kubernetes.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  namespaced: false,
  model: 'V1Namespace',
  subresources: ['status', 'finalize'],
  /** Every namespace carries its own name as a label. */
  applyDefaults: (n) =>
    n.metadata?.name
      ? { ...n, metadata: { ...n.metadata, labels: { ...n.metadata.labels, 'kubernetes.io/metadata.name': n.metadata.name } } }
      : n,
  prepareForUpdate: (next, old) => ({ ...next, spec: old.spec, status: old.status }),
  validate: (n) => [
    ...checkMetadata(n.metadata, 'label'),
    ...(n.spec?.finalizers ?? []).flatMap((name) => finalizerErrors(name, 'spec.finalizers')),
  ],
  validateStatusUpdate: ({ metadata, status }) => {
    const [phase, wanted] = [status?.phase ?? '', metadata?.deletionTimestamp ? 'Terminating' : 'Active'];
    return phase === wanted
      ? []
      : [
          invalid(
            'status.Phase',
            phase,
            `may only be '${wanted}' if \`deletionTimestamp\` is ${wanted === 'Active' ? 'empty' : 'not empty'}`,
          ),
        ];
  },
  selectableFields: (n) => ({ 'status.phase': n.status?.phase ?? '' }),
  columns: [nameColumn, { name: 'Status', value: (n) => n.status?.phase ?? '' }, ageColumn],
} satisfies Kind<V1Namespace>;
