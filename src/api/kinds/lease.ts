/** Lease: a heartbeat with a holder. Upstream: pkg/registry/coordination/lease/strategy.go (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { invalid, type FieldError } from '../machinery/field-error.ts';
import { checkMetadata } from '../machinery/names.ts';
import type { V1Lease } from '../schema/kubernetes.ts';

const atLeast = (value: number | undefined, least: number, field: string, why: string): readonly FieldError[] =>
  typeof value !== 'number' || value >= least ? [] : [invalid(field, value, why)];

export default {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  shortNames: [],
  namespaced: true,
  model: 'V1Lease',
  subresources: [],
  heartbeat: true,
  isCreatedByUpdate: true,
  validate: ({ metadata, spec }) => [
    ...checkMetadata(metadata),
    ...atLeast(spec?.leaseDurationSeconds, 1, 'spec.leaseDurationSeconds', 'must be greater than 0'),
    ...atLeast(spec?.leaseTransitions, 0, 'spec.leaseTransitions', 'must be greater than or equal to 0'),
  ],
  columns: [nameColumn, { name: 'Holder', value: (l) => l.spec?.holderIdentity ?? '' }, ageColumn],
} satisfies Kind<V1Lease>;
