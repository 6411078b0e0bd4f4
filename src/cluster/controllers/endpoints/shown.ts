/**
 * What a Service shows of a pod: an endpoint with its ports, conditions and hints.
 * Upstream: staging/src/k8s.io/endpointslice/utils.go, trafficdist/trafficdist.go (v1.36). Simplified: no hints for the annotation topology-mode.
 */
import { mapMatches } from '../../../api/machinery/label-map.ts';
import { sameJson } from '../../../api/machinery/patch/same-json.ts';
import { canonicalJson } from '../../../api/machinery/template-hash.ts';
import type { DiscoveryV1EndpointPort, V1Endpoint, V1Pod, V1Service, V1ServicePort } from '../../../api/schema/kubernetes.ts';
import { deepFreeze } from '../../../lib/deep-freeze.ts';
import { isReady } from '../../client/indexed-cache.ts';
import type { Shown, Zones } from './selected.ts';

/** What a Service shows of a pod. Both are frozen, so it is worked out once; a Service of thousands of pods is brought up to date for each of them. */
const known = new WeakMap<V1Service, WeakMap<V1Pod, Shown | 'nothing'>>();

export function showsOf(service: V1Service, zones: Zones): (pod: V1Pod) => Shown | undefined {
  let memory = known.get(service);
  if (!memory) {
    memory = new WeakMap();
    known.set(service, memory);
  }
  const pods = memory;
  return (pod) => {
    const found = pods.get(pod);
    if (found === 'nothing') return undefined;
    const zone = zones.size === 0 ? undefined : zones.get(pod.spec?.nodeName ?? '');
    if (found && found.zone === zone) return found;
    if (!hasAddress(pod) || !mapMatches(service.spec?.selector, pod.metadata?.labels)) {
      pods.set(pod, 'nothing');
      return undefined;
    }
    const ports = portsOf(service, pod);
    const shown: Shown = { endpoint: deepFreeze(endpointOf(service, pod, zone)), ports, portsKey: canonicalJson(ports), zone };
    pods.set(pod, shown);
    return shown;
  };
}

const hasAddress = (pod: V1Pod): boolean =>
  Boolean(pod.status?.podIP) && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';

const portsOf = (service: V1Service, pod: V1Pod): readonly DiscoveryV1EndpointPort[] =>
  (service.spec?.ports ?? []).flatMap((port) => {
    const number = targetPort(port, pod);
    return number === undefined
      ? []
      : [
          {
            name: port.name ?? '',
            port: number,
            protocol: port.protocol ?? 'TCP',
            ...(port.appProtocol ? { appProtocol: port.appProtocol } : {}),
          },
        ];
  });

/** Upstream: FindPort. */
function targetPort(port: V1ServicePort, pod: V1Pod): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  const sidecars = (pod.spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always');
  for (const container of [...(pod.spec?.containers ?? []), ...sidecars]) {
    const named = container.ports?.find((p) => p.name === target && (p.protocol ?? 'TCP') === (port.protocol ?? 'TCP'));
    if (named) return named.containerPort;
  }
  return undefined;
}

function endpointOf(service: V1Service, pod: V1Pod, zone: string | undefined): V1Endpoint {
  const isTerminating = pod.metadata?.deletionTimestamp !== undefined;
  const serving = isReady(pod);
  const ready = service.spec?.publishNotReadyAddresses || (serving && !isTerminating);
  const hostname = pod.spec?.hostname && pod.spec.subdomain === service.metadata?.name ? pod.spec.hostname : undefined;
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: { ready, serving, terminating: isTerminating },
    ...(ready ? hintsOf(service, zone, pod.spec?.nodeName) : {}),
    ...(hostname ? { hostname } : {}),
    nodeName: pod.spec?.nodeName,
    targetRef: { kind: 'Pod', namespace: pod.metadata?.namespace, name: pod.metadata?.name, uid: pod.metadata?.uid },
    ...(zone ? { zone } : {}),
  };
}

const NEAR = new Set(['PreferClose', 'PreferSameZone', 'PreferSameNode']);

/** For whom a ready endpoint is near. */
function hintsOf({ metadata, spec }: V1Service, zone: string | undefined, machine: string | undefined): Pick<V1Endpoint, 'hints'> {
  const mode =
    metadata?.annotations?.['service.kubernetes.io/topology-mode'] ?? metadata?.annotations?.['service.kubernetes.io/topology-aware-hints'];
  const isNode = spec?.trafficDistribution === 'PreferSameNode' && machine !== undefined;
  if (!NEAR.has(spec?.trafficDistribution ?? '') || mode?.toLowerCase() === 'auto' || (zone === undefined && !isNode)) return {};
  return { hints: { ...(isNode ? { forNodes: [{ name: machine }] } : {}), ...(zone === undefined ? {} : { forZones: [{ name: zone }] }) } };
}

/** Is all that an endpoint shows of a pod as it was? Upstream: podEndpointsChanged. */
export function looksSame(a: V1Pod, b: V1Pod): boolean {
  return (
    isReady(a) === isReady(b) &&
    a.status?.podIP === b.status?.podIP &&
    a.spec?.nodeName === b.spec?.nodeName &&
    !a.metadata?.deletionTimestamp === !b.metadata?.deletionTimestamp &&
    hasAddress(a) === hasAddress(b) &&
    (a.metadata?.labels === b.metadata?.labels || sameJson(a.metadata?.labels ?? {}, b.metadata?.labels ?? {}))
  );
}
