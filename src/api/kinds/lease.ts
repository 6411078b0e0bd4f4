/** Lease: a heartbeat with a holder. Upstream: pkg/registry/coordination/lease/strategy.go (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { invalid } from '../machinery/field-error.ts';
import { checkMetadata } from '../machinery/names.ts';
import type { V1Lease } from '../schema/kubernetes.ts';

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
  validate: (l) => [
    ...checkMetadata(l.metadata),
    ...(l.spec?.leaseDurationSeconds !== undefined && l.spec.leaseDurationSeconds <= 0
      ? [invalid('spec.leaseDurationSeconds', l.spec.leaseDurationSeconds, 'must be greater than 0')]
      : []),
  ],
  columns: [nameColumn, { name: 'Holder', value: (l) => l.spec?.holderIdentity ?? '' }, ageColumn],
} satisfies Kind<V1Lease>;
