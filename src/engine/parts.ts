/** The pure hearts of the machines, over plain objects and with no cluster. */
import type { V1EndpointSlice, V1Service } from '../api/schema/kubernetes.ts';
import { buildRules, saveText } from '../cluster/network/rules.ts';

export { chainName } from '../cluster/network/rules.ts';
export { dnsAnswer } from '../cluster/network/dns.ts';
export { table } from '../api/machinery/table.ts';

/** iptables-save text of the nat and filter tables. `clusterCIDR` defaults to 10.200.0.0/16. */
export function proxyRules(r: { readonly services: readonly V1Service[]; readonly endpointSlices: readonly V1EndpointSlice[]; readonly config?: { readonly clusterCIDR?: string; readonly machine?: string } }): { readonly nat: string; readonly filter: string } {
  const rules = buildRules(r.services, r.endpointSlices, { clusterCIDR: r.config?.clusterCIDR ?? '10.200.0.0/16', ...(r.config?.machine ? { machine: r.config.machine } : {}) });
  return { nat: saveText(rules, 'nat'), filter: saveText(rules, 'filter') };
}
