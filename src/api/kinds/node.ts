/** Node. Upstream: pkg/registry/core/node/strategy.go, printers.go printNode (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { forbidden } from '../machinery/field-error.ts';
import { checkMetadata } from '../machinery/names.ts';
import type { V1Node } from '../schema/kubernetes.ts';

const ROLE = 'node-role.kubernetes.io/';
const statusText = (n: V1Node): string => {
  const ready = n.status?.conditions?.find((c) => c.type === 'Ready');
  const words = [ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'];
  return [...words, ...(n.spec?.unschedulable ? ['SchedulingDisabled'] : [])].join(',');
};
const roles = (n: V1Node): string => Object.keys(n.metadata?.labels ?? {}).filter((k) => k.startsWith(ROLE)).map((k) => k.slice(ROLE.length)).sort((a, b) => (a < b ? -1 : 1)).join(',') || '<none>';
const address = (n: V1Node, type: string): string => n.status?.addresses?.find((a) => a.type === type)?.address ?? '<none>';

export default {
  group: '', version: 'v1', kind: 'Node', plural: 'nodes', singular: 'node', shortNames: ['no'], namespaced: false, model: 'V1Node', subresources: ['status'],
  prepareForUpdate: (next, old) => ({ ...next, status: old.status }),
  validate: (n) => checkMetadata(n.metadata),
  validateUpdate: (next, old) => (old.spec?.podCIDR && next.spec?.podCIDR !== old.spec.podCIDR ? [forbidden('spec.podCIDR', 'node updates may not change podCIDR except from "" to valid')] : []),
  selectableFields: (n) => ({ 'spec.unschedulable': String(n.spec?.unschedulable ?? false) }),
  columns: [
    nameColumn, { name: 'Status', value: statusText }, { name: 'Roles', value: roles }, ageColumn, { name: 'Version', value: (n) => n.status?.nodeInfo?.kubeletVersion ?? '' },
    { name: 'Internal-IP', wide: true, value: (n) => address(n, 'InternalIP') }, { name: 'External-IP', wide: true, value: (n) => address(n, 'ExternalIP') }, { name: 'OS-Image', wide: true, value: (n) => n.status?.nodeInfo?.osImage ?? '<unknown>' },
    { name: 'Kernel-Version', wide: true, value: (n) => n.status?.nodeInfo?.kernelVersion ?? '<unknown>' }, { name: 'Container-Runtime', wide: true, value: (n) => n.status?.nodeInfo?.containerRuntimeVersion ?? '<unknown>' },
  ],
} satisfies Kind<V1Node>;
