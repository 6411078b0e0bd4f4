/** The pure hearts of the machines, over plain objects and with no cluster. */
import { applyPatch } from '../api/machinery/patch/apply-patch.ts';
import type { KubeObject } from '../api/object.ts';
import { kindOf } from '../api/registry.ts';
import type { V1EndpointSlice, V1Service, V1Status } from '../api/schema/kubernetes.ts';
import { buildRules, saveText } from '../cluster/network/rules.ts';

export { chainName } from '../cluster/network/rules.ts';
export { dnsPart as dnsAnswer } from '../cluster/network/dns.ts';
export { table } from '../api/machinery/table.ts';
export { admit } from '../cluster/apiserver/admit-part.ts';
export { schedule } from '../cluster/scheduler/schedule-part.ts';
export { reconcile } from '../cluster/controllers/reconcile-part.ts';
export { podStatus } from '../cluster/kubelet/pod-status-part.ts';

/** One patch onto one object. `apply` (server-side) comes later. */
export function patch(r: { readonly type: 'json' | 'merge' | 'strategic'; readonly object: KubeObject; readonly patch: unknown }): { readonly object: unknown } | { readonly status: V1Status } {
  const contentType = { json: 'application/json-patch+json', merge: 'application/merge-patch+json', strategic: 'application/strategic-merge-patch+json' }[r.type];
  return applyPatch({ contentType, object: r.object, patch: r.patch, model: kindOf(r.object.apiVersion, r.object.kind)?.model ?? '' });
}

/** iptables-save text of the nat and filter tables. `clusterCIDR` defaults to 10.200.0.0/16. */
export function proxyRules(r: { readonly services: readonly V1Service[]; readonly endpointSlices: readonly V1EndpointSlice[]; readonly config?: { readonly clusterCIDR?: string; readonly machine?: string } }): { readonly nat: string; readonly filter: string } {
  const rules = buildRules(r.services, r.endpointSlices, { clusterCIDR: r.config?.clusterCIDR ?? '10.200.0.0/16', ...(r.config?.machine ? { machine: r.config.machine } : {}) });
  return { nat: saveText(rules, 'nat'), filter: saveText(rules, 'filter') };
}
