/** EndpointSlice. Upstream: pkg/registry/discovery/endpointslice/strategy.go, printers.go printEndpointSlice (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { duplicate, invalid, oneOf, required, tooMany, type FieldError } from '../machinery/field-error.ts';
import { ipErrors, isIpv6, specialIpErrors } from '../machinery/ip-rules.ts';
import { checkKey, checkLabels, checkMetadata, labelValueErrors, malformedName, nameErrors } from '../machinery/names.ts';
import { sameJson } from '../machinery/patch/same-json.ts';
import type { DiscoveryV1EndpointPort, V1Endpoint, V1EndpointSlice } from '../schema/kubernetes.ts';
import { withMore } from '../../lib/with-more.ts';

const few = (items: readonly string[]): string =>
  items.length === 0 ? '<unset>' : items.length > 3 ? `${items.slice(0, 3).join(',')} + ${items.length - 3} more...` : items.join(',');

const TYPES = ['FQDN', 'IPv4', 'IPv6'];
const [MOST_ENDPOINTS, MOST_ADDRESSES, MOST_PORTS] = [1000, 100, 20000];

/** Upstream: pkg/apis/discovery/validation/validation.go ValidateEndpointSlice. */
function validateSlice({ addressType, ...lists }: V1EndpointSlice): readonly FieldError[] {
  const [endpoints, ports] = [lists.endpoints ?? [], lists.ports ?? []];
  return [
    ...(addressType ? oneOf(addressType, 'addressType', TYPES) : [required('addressType')]),
    ...(endpoints.length > MOST_ENDPOINTS
      ? [tooMany('endpoints', endpoints.length, MOST_ENDPOINTS)]
      : endpoints.flatMap((endpoint, i) =>
          sound.get(endpoint) === addressType ? [] : validateEndpoint(endpoint, addressType, `endpoints[${i}]`),
        )),
    ...(ports.length > MOST_PORTS
      ? [tooMany('ports', ports.length, MOST_PORTS)]
      : ports.flatMap((port, i) =>
          validatePort(port, `ports[${i}]`, ports.findIndex((other) => (other.name ?? '') === (port.name ?? '')) < i),
        )),
  ];
}

/** Frozen endpoints that were found sound, and as what: a slice that changes has a hundred, and one of them is new. */
const sound = new WeakMap<V1Endpoint, string>();

function validateEndpoint(endpoint: V1Endpoint, type: string, at: string): readonly FieldError[] {
  const { addresses = [], hostname, nodeName, deprecatedTopology, hints } = endpoint;
  const field = `${at}.addresses`;
  const errors = [
    ...(addresses.length === 0
      ? [required(field, 'must contain at least 1 address')]
      : addresses.length > MOST_ADDRESSES
        ? [tooMany(field, addresses.length, MOST_ADDRESSES)]
        : []),
    ...addresses.flatMap((address, i) => addressErrors(address, type, `${field}[${i}]`)),
    ...(typeof nodeName === 'string' ? malformedName(nodeName, `${at}.nodeName`) : []),
    ...checkLabels(deprecatedTopology, `${at}.deprecatedTopology`),
    ...(typeof hostname === 'string' ? malformedName(hostname, `${at}.hostname`, 'label') : []),
    ...hintErrors(hints?.forZones, `${at}.hints.forZones`, labelValueErrors),
    ...hintErrors(hints?.forNodes, `${at}.hints.forNodes`, nameErrors),
  ];
  if (errors.length === 0 && Object.isFrozen(endpoint)) sound.set(endpoint, type);
  return errors;
}

const MOST_HINTS = 8;

function hintErrors(
  hints: readonly { readonly name: string }[] | undefined,
  at: string,
  wrong: (name: string) => readonly string[],
): readonly FieldError[] {
  if (!hints) return [];
  if (hints.length > MOST_HINTS) return [tooMany(at, hints.length, MOST_HINTS)];
  return hints.flatMap(({ name }, i) => [
    ...(hints.findIndex((other) => other.name === name) < i ? [duplicate(`${at}[${i}].name`, name)] : []),
    ...wrong(name).map((why) => invalid(`${at}[${i}].name`, name, why)),
  ]);
}

function addressErrors(address: string, type: string, field: string): readonly FieldError[] {
  if (type === 'IPv4' || type === 'IPv6') {
    const malformed = ipErrors(address, field);
    return malformed.length > 0
      ? malformed
      : [
          ...(isIpv6(address) === (type === 'IPv6') ? [] : [invalid(field, address, `must be an ${type} address`)]),
          ...specialIpErrors(address, field),
        ];
  }
  if (type !== 'FQDN') return [];
  const name = address.replace(/\.$/, '');
  if (address === '') return [required(field)];
  return nameErrors(name).length > 0
    ? [invalid(field, name, nameErrors(name).join(','))]
    : name.includes('.')
      ? []
      : [invalid(field, name, 'should be a domain with at least two segments separated by dots')];
}

function validatePort({ name = '', protocol, appProtocol }: DiscoveryV1EndpointPort, at: string, isDouble: boolean): readonly FieldError[] {
  return [
    ...(name === '' ? [] : malformedName(name, `${at}.name`, 'label')),
    ...(isDouble ? [duplicate(`${at}.name`, name)] : []),
    ...oneOf(protocol, `${at}.protocol`, PROTOCOLS),
    ...(typeof appProtocol === 'string' ? checkKey(appProtocol, `${at}.appProtocol`) : []),
  ];
}

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export default {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  singular: 'endpointslice',
  shortNames: [],
  namespaced: true,
  model: 'V1EndpointSlice',
  subresources: [],
  applyDefaults: (e) =>
    e.ports ? withMore(e, { ports: e.ports.map((p) => ({ ...p, name: p.name ?? '', protocol: p.protocol ?? 'TCP' })) }) : e,
  prepareForCreate: (e) => withMore(e, { metadata: withMore(e.metadata ?? {}, { generation: 1 }) }),
  prepareForUpdate: (next, old) =>
    withMore(next, {
      metadata: withMore(next.metadata ?? {}, {
        generation: (old.metadata?.generation ?? 1) + (sameJson([next.endpoints, next.ports], [old.endpoints, old.ports]) ? 0 : 1),
      }),
    }),
  validate: (e) => [...checkMetadata(e.metadata), ...validateSlice(e)],
  validateUpdate: (next, old) =>
    next.addressType === old.addressType ? [] : [invalid('addressType', next.addressType, 'field is immutable')],
  columns: [
    nameColumn,
    { name: 'AddressType', value: (e) => e.addressType },
    {
      name: 'Ports',
      value: (e) => few((e.ports ?? []).map((p) => (p.port === undefined || p.port === null ? (p.name ?? '*') : String(p.port)))),
    },
    { name: 'Endpoints', value: (e) => few((e.endpoints ?? []).flatMap((x) => x.addresses)) },
    ageColumn,
  ],
} satisfies Kind<V1EndpointSlice>;
