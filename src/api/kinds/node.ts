/** Node. Upstream: pkg/registry/core/node/strategy.go, printers.go printNode (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { duplicate, forbidden, invalid, required, type FieldError } from '../machinery/field-error.ts';
import { cidrErrors } from '../machinery/ip-rules.ts';
import { checkKey, checkMetadata, labelValueErrors } from '../machinery/names.ts';
import { amountErrors } from '../machinery/resource-rules.ts';
import { effectErrors } from '../pods/validate-toleration.ts';
import type { V1Node, V1Taint } from '../schema/kubernetes.ts';

const ROLE = 'node-role.kubernetes.io/';
const statusText = (n: V1Node): string => {
  const ready = n.status?.conditions?.find((c) => c.type === 'Ready');
  const words = [ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'];
  return [...words, ...(n.spec?.unschedulable ? ['SchedulingDisabled'] : [])].join(',');
};
export function rolesOf(n: V1Node): string {
  const found = Object.entries(n.metadata?.labels ?? {}).map(([key, value]) =>
    key.startsWith(ROLE) ? key.slice(ROLE.length) : key === 'kubernetes.io/role' ? value : '',
  );
  return [...new Set(found.filter((role) => role !== ''))].sort((a, b) => (a < b ? -1 : 1)).join(',') || '<none>';
}

const TAINTS = 'metadata.taints';

/** Upstream: pkg/apis/core/validation/validation.go validateNodeTaints; it looks for them under metadata. */
function validateTaints(taints: readonly V1Taint[]): readonly FieldError[] {
  return taints.flatMap((taint, i) => {
    const at = `${TAINTS}[${i}]`;
    const wrong = labelValueErrors(taint.value ?? '');
    const isDouble = taints.findIndex((other) => other.key === taint.key && other.effect === taint.effect) < i;
    return [
      ...checkKey(taint.key ?? '', `${at}.key`),
      ...(wrong.length > 0 ? [invalid(`${at}.value`, taint.value, wrong.join(';'))] : []),
      ...(taint.effect ? effectErrors(taint.effect, `${at}.effect`) : [required(`${at}.effect`)]),
      ...(isDouble
        ? [
            duplicate(
              at,
              { Key: taint.key, Value: taint.value ?? '', Effect: taint.effect, TimeAdded: taint.timeAdded ?? null },
              'taints must be unique by key and effect pair',
            ),
          ]
        : []),
    ];
  });
}

const amountsErrors = (status: V1Node['status']): readonly FieldError[] =>
  (['capacity', 'allocatable'] as const).flatMap((field) =>
    Object.entries(status?.[field] ?? {}).flatMap(([name, amount]) => amountErrors(name, amount, `status.${field}.${name}`)),
  );

const addressErrors = (addresses: NonNullable<V1Node['status']>['addresses'] = []): readonly FieldError[] =>
  addresses.flatMap((a, i) =>
    addresses.findIndex((other) => other.type === a.type && other.address === a.address) < i
      ? [duplicate(`status.addresses[${i}]`, { Type: a.type, Address: a.address })]
      : [],
  );

function validateNode({ spec, status }: V1Node): readonly FieldError[] {
  const cidrs = spec?.podCIDRs ?? [];
  const at = 'spec.podCIDRs';
  return [
    ...validateTaints(spec?.taints ?? []),
    ...amountsErrors(status),
    ...cidrs.flatMap((cidr, i) => cidrErrors(cidr, `${at}[${i}]`)),
    ...(cidrs.length > 1 && (cidrs.length > 2 || new Set(cidrs.map((cidr) => cidr.includes(':'))).size < 2)
      ? [invalid(at, cidrs, 'may specify no more than one CIDR for each IP family')]
      : []),
    ...cidrs.flatMap((cidr, i) => (cidrs.indexOf(cidr) < i ? [duplicate(`${at}[${i}]`, cidr)] : [])),
  ];
}

/** The one block and the list say the same; where they differ, the one counts. Upstream: pkg/apis/core/v1/conversion.go Convert_v1_NodeSpec_To_core_NodeSpec and back. */
function withBlocks(node: V1Node): V1Node {
  const { podCIDR, podCIDRs = [] } = node.spec ?? {};
  const all = podCIDR && podCIDR !== podCIDRs[0] ? [podCIDR] : podCIDRs;
  return all.length === 0 || (all === podCIDRs && all[0] === podCIDR)
    ? node
    : { ...node, spec: { ...node.spec, podCIDR: all[0], podCIDRs: [...all] } };
}

const CIDR_KEPT = 'node updates may not change podCIDR except from "" to valid';

function validateNodeUpdate(next: V1Node, old: V1Node): readonly FieldError[] {
  const [was, now] = [old, next].map(({ spec }) => spec?.podCIDRs ?? []);
  const changed = was.length === now.length ? was.filter((cidr, i) => cidr !== now[i]).length : was.length > 0 ? 1 : 0;
  return [
    ...addressErrors(next.status?.addresses),
    ...Array.from({ length: changed }, () => forbidden('spec.podCIDRs', CIDR_KEPT)),
    ...(old.spec?.providerID && old.spec.providerID !== next.spec?.providerID
      ? [forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid')]
      : []),
    ...(old.spec?.externalID === next.spec?.externalID ? [] : [forbidden('spec.externalID', 'may not be updated')]),
  ];
}

/** '6.12.0 (amd64)' */
function kernelOf({ status }: V1Node): string {
  const { kernelVersion, architecture } = status?.nodeInfo ?? {};
  return `${kernelVersion || '<unknown>'}${architecture ? ` (${architecture})` : ''}`;
}
const address = (n: V1Node, type: string): string => n.status?.addresses?.find((a) => a.type === type)?.address ?? '<none>';

export default {
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  namespaced: false,
  model: 'V1Node',
  subresources: ['status'],
  prepareForUpdate: (next, old) => ({ ...next, status: old.status }),
  applyDefaults: (n) =>
    withBlocks(n.status?.capacity && !n.status.allocatable ? { ...n, status: { ...n.status, allocatable: n.status.capacity } } : n),
  validate: (n) => [...checkMetadata(n.metadata), ...validateNode(n)],
  validateUpdate: validateNodeUpdate,
  validateStatusUpdate: ({ status }) => [...amountsErrors(status), ...addressErrors(status?.addresses)],
  selectableFields: (n) => ({ 'spec.unschedulable': String(n.spec?.unschedulable ?? false) }),
  columns: [
    nameColumn,
    { name: 'Status', value: statusText },
    { name: 'Roles', value: rolesOf },
    ageColumn,
    { name: 'Version', value: (n) => n.status?.nodeInfo?.kubeletVersion ?? '' },
    { name: 'Internal-IP', wide: true, value: (n) => address(n, 'InternalIP') },
    { name: 'External-IP', wide: true, value: (n) => address(n, 'ExternalIP') },
    { name: 'OS-Image', wide: true, value: (n) => n.status?.nodeInfo?.osImage || '<unknown>' },
    { name: 'Kernel-Version', wide: true, value: kernelOf },
    { name: 'Container-Runtime', wide: true, value: (n) => n.status?.nodeInfo?.containerRuntimeVersion || '<unknown>' },
  ],
} satisfies Kind<V1Node>;
