/** The pure hearts of the machines, over plain objects and with no cluster. */
import { applyPatch, PATCH_TYPES } from '../api/machinery/patch/apply-patch.ts';
import type { KubeObject } from '../api/object.ts';
import { kindOf } from '../api/registry.ts';
import type { V1EndpointSlice, V1Node, V1Service, V1Status } from '../api/schema/kubernetes.ts';
import { saveText } from '../cluster/network/rules.ts';
import { buildRules } from '../cluster/network/service-rules.ts';

export { chainName } from '../cluster/network/rules.ts';
export { dnsPart as dnsAnswer } from '../cluster/network/dns.ts';
export { table, tables } from './table-part.ts';
export { admit } from '../cluster/apiserver/admit-part.ts';
export { schedule } from '../cluster/scheduler/schedule-part.ts';
export { reconcile } from '../cluster/controllers/reconcile-part.ts';
export { podStatus } from '../cluster/kubelet/pod-status-part.ts';

/** One patch onto one object. `apply` (server-side) comes later. */
export function patch(r: { readonly type: 'json' | 'merge' | 'strategic'; readonly object: KubeObject; readonly patch: unknown }): { readonly object: unknown } | { readonly status: V1Status } {
  return applyPatch({ contentType: PATCH_TYPES[r.type], object: r.object, patch: r.patch, model: kindOf(r.object.apiVersion, r.object.kind)?.model ?? '' });
}

/** `clusterCIDR` defaults to 10.200.0.0/16. */
export interface ProxyRulesRequest {
  readonly services: readonly V1Service[];
  readonly endpointSlices: readonly V1EndpointSlice[];
  readonly nodes?: readonly V1Node[];
  readonly config?: { readonly clusterCIDR?: string; readonly machine?: string; readonly nodeName?: string; readonly nodeIP?: string; readonly masqueradeAll?: boolean };
}
/**
 * iptables-save text of the nat and filter tables as kube-proxy writes them on one machine. `machine` (or `nodeName`, or the only one of `nodes`) says which endpoints
 * are local; its zone and address are looked up in `nodes`.
 */
export function proxyRules({ services, endpointSlices, nodes = [], config = {} }: ProxyRulesRequest): { readonly nat: string; readonly filter: string } {
  const machine = config.machine ?? config.nodeName ?? (nodes.length === 1 ? nodes[0].metadata?.name : undefined);
  const node = nodes.find((n) => n.metadata?.name === machine);
  const zone = node?.metadata?.labels?.['topology.kubernetes.io/zone'];
  const machineIP = config.nodeIP ?? node?.status?.addresses?.find((a) => a.type === 'InternalIP')?.address;
  const rules = buildRules(services, endpointSlices, { clusterCIDR: config.clusterCIDR ?? '10.200.0.0/16', masqueradeAll: config.masqueradeAll ?? false, ...(machine === undefined ? {} : { machine }), ...(zone === undefined ? {} : { zone }), ...(machineIP === undefined ? {} : { machineIP }) });
  return { nat: saveText(rules, 'nat'), filter: saveText(rules, 'filter') };
}
