/** ServiceAccount. Upstream: pkg/registry/core/serviceaccount/strategy.go (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { checkMetadata } from '../machinery/names.ts';
import type { V1ServiceAccount } from '../schema/kubernetes.ts';

export default {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  namespaced: true,
  model: 'V1ServiceAccount',
  subresources: ['token'],
  validate: (s) => checkMetadata(s.metadata),
  columns: [nameColumn, ageColumn],
} satisfies Kind<V1ServiceAccount>;
