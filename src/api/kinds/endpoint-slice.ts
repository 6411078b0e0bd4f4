/** EndpointSlice. Upstream: pkg/registry/discovery/endpointslice/strategy.go, printers.go printEndpointSlice (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { checkMetadata } from '../machinery/names.ts';
import { sameJson } from '../machinery/patch/same-json.ts';
import type { V1EndpointSlice } from '../schema/kubernetes.ts';

const few = (items: readonly string[]): string => (items.length === 0 ? '<unset>' : items.length > 3 ? `${items.slice(0, 3).join(',')} + ${items.length - 3} more...` : items.join(','));

export default {
  group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSlice', plural: 'endpointslices', singular: 'endpointslice', shortNames: [], namespaced: true, model: 'V1EndpointSlice', subresources: [],
  applyDefaults: (e) => ({ ...e, ...(e.ports ? { ports: e.ports.map((p) => ({ ...p, name: p.name ?? '', protocol: p.protocol ?? 'TCP' })) } : {}) }),
  prepareForCreate: (e) => ({ ...e, metadata: { ...e.metadata, generation: 1 } }),
  prepareForUpdate: (next, old) => ({ ...next, metadata: { ...next.metadata, generation: (old.metadata?.generation ?? 1) + (sameJson([next.endpoints, next.ports], [old.endpoints, old.ports]) ? 0 : 1) } }),
  validate: (e) => checkMetadata(e.metadata),
  columns: [
    nameColumn, { name: 'AddressType', value: (e) => e.addressType }, { name: 'Ports', value: (e) => few((e.ports ?? []).map((p) => (p.port === undefined || p.port === null ? (p.name ?? '*') : String(p.port)))) },
    { name: 'Endpoints', value: (e) => few((e.endpoints ?? []).flatMap((x) => x.addresses)) }, ageColumn,
  ],
} satisfies Kind<V1EndpointSlice>;
