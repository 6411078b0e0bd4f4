/** Node. Upstream: pkg/registry/core/node/strategy.go, printers.go printNode (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { duplicate, forbidden, invalid, notSupported, required, type FieldError } from '../machinery/field-error.ts';
import { checkKey, checkMetadata, labelValueErrors } from '../machinery/names.ts';
import type { V1Node, V1Taint } from '../schema/kubernetes.ts';

const ROLE = 'node-role.kubernetes.io/';
const statusText = (n: V1Node): string => {
  const ready = n.status?.conditions?.find((c) => c.type === 'Ready');
  const words = [ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'];
  return [...words, ...(n.spec?.unschedulable ? ['SchedulingDisabled'] : [])].join(',');
};
function roles(n: V1Node): string {
  const found = Object.entries(n.metadata?.labels ?? {}).map(([key, value]) => (key.startsWith(ROLE) ? key.slice(ROLE.length) : key === 'kubernetes.io/role' ? value : ''));
  return [...new Set(found.filter((role) => role !== ''))].sort((a, b) => (a < b ? -1 : 1)).join(',') || '<none>';
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Upstream: pkg/apis/core/validation/validation.go validateNodeTaints. */
function validateTaints(taints: readonly V1Taint[]): readonly FieldError[] {
  const seen = new Set<string>();
  return taints.flatMap((taint, i) => {
    const at = `spec.taints[${i}]`;
    const pair = `${taint.effect}/${taint.key}`;
    const isDouble = seen.has(pair);
    seen.add(pair);
    return [
      ...checkKey(taint.key ?? '', `${at}.key`), ...labelValueErrors(taint.value ?? '').map((why) => invalid(`${at}.value`, taint.value, why)),
      ...(taint.effect ? (EFFECTS.includes(taint.effect) ? [] : [notSupported(`${at}.effect`, taint.effect, EFFECTS)]) : [required(`${at}.effect`)]),
      ...(isDouble ? [duplicate(at, taint)] : []),
    ];
  });
}

const address = (n: V1Node, type: string): string => n.status?.addresses?.find((a) => a.type === type)?.address ?? '<none>';

export default {
  group: '', version: 'v1', kind: 'Node', plural: 'nodes', singular: 'node', shortNames: ['no'], namespaced: false, model: 'V1Node', subresources: ['status'],
  prepareForUpdate: (next, old) => ({ ...next, status: old.status }),
  applyDefaults: (n) => (n.status?.capacity && !n.status.allocatable ? { ...n, status: { ...n.status, allocatable: n.status.capacity } } : n),
  validate: (n) => [...checkMetadata(n.metadata), ...validateTaints(n.spec?.taints ?? [])],
  validateUpdate: (next, old) => (old.spec?.podCIDR && next.spec?.podCIDR !== old.spec.podCIDR ? [forbidden('spec.podCIDR', 'node updates may not change podCIDR except from "" to valid')] : []),
  selectableFields: (n) => ({ 'spec.unschedulable': String(n.spec?.unschedulable ?? false) }),
  columns: [
    nameColumn, { name: 'Status', value: statusText }, { name: 'Roles', value: roles }, ageColumn, { name: 'Version', value: (n) => n.status?.nodeInfo?.kubeletVersion ?? '' },
    { name: 'Internal-IP', wide: true, value: (n) => address(n, 'InternalIP') }, { name: 'External-IP', wide: true, value: (n) => address(n, 'ExternalIP') }, { name: 'OS-Image', wide: true, value: (n) => n.status?.nodeInfo?.osImage || '<unknown>' },
    { name: 'Kernel-Version', wide: true, value: (n) => n.status?.nodeInfo?.kernelVersion || '<unknown>' }, { name: 'Container-Runtime', wide: true, value: (n) => n.status?.nodeInfo?.containerRuntimeVersion || '<unknown>' },
  ],
} satisfies Kind<V1Node>;
