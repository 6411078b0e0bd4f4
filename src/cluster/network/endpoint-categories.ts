/**
 * Which endpoints of a Service's port a machine may send traffic to.
 * Upstream: pkg/proxy/topology.go CategorizeEndpoints, pkg/proxy/endpointslicecache.go (v1.36). Simplified: nothing.
 */
import { keyOf } from '../../api/object.ts';
import type { V1Endpoint, V1EndpointSlice, V1Service, V1ServicePort } from '../../api/schema/kubernetes.ts';

export interface Target {
  readonly ip: string;
  readonly port: number;
  readonly isLocal: boolean;
  readonly isReady: boolean;
  /** Serves on while it is going. */
  readonly isLingering: boolean;
  readonly zones: readonly string[];
  readonly machines: readonly string[];
}
export interface Where {
  readonly machine?: string;
  readonly zone?: string;
}
export interface Traffic {
  readonly usesCluster: boolean;
  readonly usesLocal: boolean;
}
export interface Categories {
  readonly cluster: readonly Target[];
  readonly local: readonly Target[];
  /** All that this machine can reach. */
  readonly reachable: readonly Target[];
  /** Is there any in the whole cluster? */
  readonly hasAny: boolean;
}

function targetOf(endpoint: V1Endpoint, port: number, { machine }: Where): Target {
  const { ready = true, serving = true, terminating = false } = endpoint.conditions ?? {};
  const names = (hints: readonly { readonly name: string }[] | undefined): readonly string[] => (hints ?? []).map(({ name }) => name);
  return {
    ip: endpoint.addresses[0],
    port,
    isLocal: machine !== undefined && endpoint.nodeName === machine,
    isReady: ready,
    isLingering: !ready && serving && terminating,
    zones: names(endpoint.hints?.forZones),
    machines: names(endpoint.hints?.forNodes),
  };
}

/** The endpoints of one port from all slices of a Service, by address. */
export function targetsOf(service: V1Service, port: V1ServicePort, slices: readonly V1EndpointSlice[], where: Where): readonly Target[] {
  const found = new Map<string, Target>();
  for (const slice of slices) {
    if ((slice.addressType ?? 'IPv4') !== 'IPv4') continue;
    const { namespace, labels } = slice.metadata ?? {};
    if (`${namespace}/${labels?.['kubernetes.io/service-name']}` !== keyOf(service)) continue;
    const number = slice.ports?.find(
      (p) => (p.name ?? '') === (port.name ?? '') && (p.protocol ?? 'TCP') === (port.protocol ?? 'TCP'),
    )?.port;
    if (number !== undefined)
      for (const endpoint of slice.endpoints ?? [])
        if (endpoint.addresses?.length > 0) found.set(`${endpoint.addresses[0]}:${number}`, targetOf(endpoint, number, where));
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, target]) => target);
}

/** Hints count when every ready endpoint has one and one of them names this machine, or else its zone. Upstream: topologyModeFromHints. */
function hinted(ready: readonly Target[], { machine, zone }: Where): (target: Target) => boolean {
  const agrees = (of: (target: Target) => readonly string[], name: string | undefined): name is string =>
    name !== undefined && ready.length > 0 && ready.every((t) => of(t).length > 0) && ready.some((t) => of(t).includes(name));
  if (agrees((t) => t.machines, machine)) return (t) => t.machines.includes(machine);
  if (agrees((t) => t.zones, zone)) return (t) => t.zones.includes(zone);
  return () => true;
}

export function categorize(all: readonly Target[], { usesCluster, usesLocal }: Traffic, where: Where): Categories {
  const ready = all.filter((t) => t.isReady);
  const lingering = all.filter((t) => t.isLingering);
  const cluster = !usesCluster ? [] : ready.length > 0 ? ready.filter(hinted(ready, where)) : lingering;
  if (!usesLocal) return { cluster, local: [], reachable: cluster, hasAny: cluster.length > 0 };
  const readyHere = ready.filter((t) => t.isLocal);
  const local = readyHere.length > 0 ? readyHere : lingering.filter((t) => t.isLocal);
  return {
    cluster,
    local,
    reachable: all.filter((t) => cluster.includes(t) || local.includes(t)),
    hasAny: ready.length + lingering.length > 0,
  };
}
