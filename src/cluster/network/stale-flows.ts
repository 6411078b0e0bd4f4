/**
 * UDP flows whose Service has other endpoints now are forgotten, or they would go on to where nobody is: with every write of the rules.
 * Upstream: pkg/proxy/conntrack/cleanup.go CleanStaleEntries (v1.36). Simplified: the kernel does it where kube-proxy asks it to by netlink.
 */
import type { V1EndpointSlice, V1Service } from '../../api/schema/kubernetes.ts';
import { connectionsOf, forget, type Conntrack } from './conntrack.ts';
import { targetsOf } from './endpoint-categories.ts';

export function forgetStale(
  table: Conntrack,
  { services, slices }: { readonly services: readonly V1Service[]; readonly slices: readonly V1EndpointSlice[] },
  now: number,
): void {
  const flows = connectionsOf(table, now).filter((c) => c.proto === 'udp');
  if (flows.length === 0) return;
  const behind = servedOverUdp(services, slices);
  for (const flow of flows) {
    const {
      original: { dst, dport },
      reply,
    } = flow;
    if (
      behind.get(`${dst}:${dport}`)?.has(`${reply.src}:${reply.sport}`) === false ||
      (!behind.has(`${dst}:${dport}`) && behind.get(String(dport))?.has(`${reply.src}:${reply.sport}`) === false)
    )
      forget(table, flow);
  }
}

/** 'address:port' of a Service, or a node port, → 'address:port' of what serves behind it. */
function servedOverUdp(services: readonly V1Service[], slices: readonly V1EndpointSlice[]): ReadonlyMap<string, ReadonlySet<string>> {
  const behind = new Map<string, ReadonlySet<string>>();
  for (const service of services) {
    const { clusterIPs = [], externalIPs = [], ports = [] } = service.spec ?? {};
    const balanced = (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, ipMode }) => (ip && ipMode !== 'Proxy' ? [ip] : []));
    for (const port of ports.filter((p) => p.protocol === 'UDP')) {
      const serving = new Set(
        targetsOf(service, port, slices, {})
          .filter((t) => t.isReady || t.isLingering)
          .map((t) => `${t.ip}:${t.port}`),
      );
      for (const ip of [...clusterIPs, ...externalIPs, ...balanced]) behind.set(`${ip}:${port.port}`, serving);
      if (port.nodePort) behind.set(String(port.nodePort), serving);
    }
  }
  return behind;
}
