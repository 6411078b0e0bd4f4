/**
 * Lists, for each Service with a selector, the addresses of the pods that it selects, in slices of at most a hundred.
 * Upstream: pkg/controller/endpointslice, staging/src/k8s.io/endpointslice/{reconciler,utils}.go, trafficdist/trafficdist.go (v1.36).
 * Simplified: new endpoints come in the order in which their pods came; those of a Node that is gone stay until their pods go; no hints for the annotation topology-mode, no last-change-trigger-time.
 */
import { mapMatches } from '../../api/machinery/label-map.ts';
import { controllerOf, controllerRef } from '../../api/machinery/owner.ts';
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import { canonicalJson } from '../../api/machinery/template-hash.ts';
import { keyOf } from '../../api/object.ts';
import type {
  DiscoveryV1EndpointPort,
  V1Endpoint,
  V1EndpointSlice,
  V1Node,
  V1Pod,
  V1Service,
  V1ServicePort,
} from '../../api/schema/kubernetes.ts';
import { nearMiss } from '../../api/services/near-miss.ts';
import { deepFreeze } from '../../lib/deep-freeze.ts';
import type { Cache } from '../client/cache.ts';
import { isReady } from '../client/indexed-cache.ts';
import type { ApiRequest } from '../api-request.ts';
import { nothing, type Controller, type Plan } from './controller.ts';
import { hold, isWhole, notInWhole, onlyPorts, selectedOf, type Selected, type Shown, type Zones } from './endpoints/selected.ts';
import { shareOut, shareRest, type Filled } from './endpoints/slices.ts';
import { create, destroy, update } from './paths.ts';

const SERVICE = 'kubernetes.io/service-name';
const MANAGED = 'endpointslice.kubernetes.io/managed-by';
const HEADLESS = 'service.kubernetes.io/headless';
const MANAGER = 'endpointslice-controller.k8s.io';

export default {
  name: 'endpointslice',
  watches: [
    { resource: 'services', keys: ({ object }) => [keyOf(object)] },
    {
      resource: 'endpointslices.discovery.k8s.io',
      keys: ({ object }) => {
        const owner = controllerOf(object);
        return owner?.kind === 'Service' ? [`${object.metadata?.namespace}/${owner.name}`] : [];
      },
    },
    {
      resource: 'pods',
      keys: ({ object, old, deleted, cache }) => {
        if (old && !deleted && looksSame(old as V1Pod, object as V1Pod)) return [];
        const [is, was] = [object.metadata?.labels, old?.metadata?.labels];
        const found: string[] = [];
        cache.each<V1Service>('services', object.metadata?.namespace ?? '', (s) => {
          if (mapMatches(s.spec?.selector, is) || (was !== is && mapMatches(s.spec?.selector, was))) found.push(keyOf(s));
        });
        return found;
      },
    },
  ],
  reconcile(key, cache) {
    const service = cache.get<V1Service>('services', key);
    if (!service || service.spec?.type === 'ExternalName' || Object.keys(service.spec?.selector ?? {}).length === 0) return nothing;
    const have = cache
      .controlledBy<V1EndpointSlice>('endpointslices.discovery.k8s.io', service.metadata?.uid ?? '')
      .filter((s) => !s.metadata?.deletionTimestamp);
    const slices = [...have].sort((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
    const selected = selectedOf(service, cache, { zones: zonesOf(cache), showsOf });
    return plan(service, slices, {
      groups: oneGroup(selected, slices) ?? groupsOf(selected, service, cache),
      misses: () => missesOf(service, cache),
    });
  },
} satisfies Controller;

/** Endpoints of the same ports, and how they go into the slices of those ports. */
interface Group {
  readonly ports: readonly DiscoveryV1EndpointPort[];
  readonly ready: number;
  readonly total: number;
  readonly share: (slices: readonly V1EndpointSlice[]) => readonly Filled[];
}

/** Nearly always all pods show the same ports, and all slices have them: then only what changed is looked at. */
function oneGroup(selected: Selected, slices: readonly V1EndpointSlice[]): readonly Group[] | undefined {
  if (selected.members.size === 0) return [{ ports: [], ready: 0, total: 0, share: (own) => shareOut([], own) }];
  const ports = onlyPorts(selected);
  if (!ports || !slices.every((slice) => slice.ports === ports || sameJson(slice.ports ?? [], ports)) || !hold(selected, slices))
    return undefined;
  return [
    {
      ports,
      ready: selected.ready,
      total: selected.members.size,
      share: (own) => shareRest(notInWhole(selected), own, (slice) => isWhole(selected, slice)),
    },
  ];
}

function groupsOf(selected: Selected, service: V1Service, cache: Cache): readonly Group[] {
  const groups = new Map<string, { readonly ports: readonly DiscoveryV1EndpointPort[]; readonly endpoints: V1Endpoint[] }>();
  cache.each<V1Pod>('pods', service.metadata?.namespace ?? '', (pod) => {
    const shown = selected.shows(pod);
    if (!shown) return;
    const group = groups.get(shown.portsKey);
    if (group) group.endpoints.push(shown.endpoint);
    else groups.set(shown.portsKey, { ports: shown.ports, endpoints: [shown.endpoint] });
  });
  return [...groups.values()].map(({ ports, endpoints }) => ({
    ports,
    ready: endpoints.filter((e) => e.conditions?.ready).length,
    total: endpoints.length,
    share: (own) => shareOut(endpoints, own),
  }));
}

/** What a Service shows of a pod. Both are frozen, so it is worked out once; a Service of thousands of pods is brought up to date for each of them. */
const known = new WeakMap<V1Service, WeakMap<V1Pod, Shown | 'nothing'>>();

/** Machine → its zone, of the machines that are in one. */
function zonesOf(cache: Cache): Zones {
  const zones = new Map<string, string>();
  cache.each<V1Node>('nodes', '', ({ metadata }) => {
    const zone = metadata?.labels?.['topology.kubernetes.io/zone'];
    if (zone !== undefined) zones.set(metadata?.name ?? '', zone);
  });
  return zones;
}

function showsOf(service: V1Service, zones: Zones): (pod: V1Pod) => Shown | undefined {
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

/** Is all that an endpoint shows of a pod as it was? Upstream: podEndpointsChanged. */
function looksSame(a: V1Pod, b: V1Pod): boolean {
  return (
    isReady(a) === isReady(b) &&
    a.status?.podIP === b.status?.podIP &&
    a.spec?.nodeName === b.spec?.nodeName &&
    !a.metadata?.deletionTimestamp === !b.metadata?.deletionTimestamp &&
    hasAddress(a) === hasAddress(b) &&
    (a.metadata?.labels === b.metadata?.labels || sameJson(a.metadata?.labels ?? {}, b.metadata?.labels ?? {}))
  );
}
const hasAddress = (pod: V1Pod): boolean =>
  Boolean(pod.status?.podIP) && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';

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

/** For people: where no pod is selected, what the Service asks for and who comes nearest. */
function missesOf(service: V1Service, cache: Cache): object {
  const pods: V1Pod[] = [];
  cache.each<V1Pod>('pods', service.metadata?.namespace ?? '', (pod) => {
    pods.push(pod);
  });
  return { ...nearMiss(service, pods) };
}

function plan(
  service: V1Service,
  have: readonly V1EndpointSlice[],
  { groups, misses }: { readonly groups: readonly Group[]; readonly misses: () => object },
): Plan {
  const writes: ApiRequest[] = [];
  const free = [...have];
  let [ready, total] = [0, 0];
  const { [HEADLESS]: _headless, ...own } = service.metadata?.labels ?? {};
  const labels = {
    ...own,
    [SERVICE]: service.metadata?.name ?? '',
    [MANAGED]: MANAGER,
    ...(service.spec?.clusterIP === 'None' ? { [HEADLESS]: '' } : {}),
  };
  for (const { ports, ready: more, total: all, share } of groups) {
    ready += more;
    total += all;
    const shared = share(free.filter((slice) => slice.ports === ports || sameJson(slice.ports ?? [], ports)));
    // A Service always has a slice, though an empty one; an old one of other ports is made over before a new one is made.
    const filled = shared.length > 0 ? shared : groups.length === 1 ? [{ endpoints: [], isChanged: true }] : [];
    for (const { slice: own, endpoints: held, isChanged } of filled) {
      const slice = own ?? free.find((other) => !filled.some((f) => f.slice === other));
      if (slice) free.splice(free.indexOf(slice), 1);
      // Slices of a Service that goes are collected with it: a new one would only come in between.
      if (!slice) {
        if (!service.metadata?.deletionTimestamp)
          writes.push(
            create('endpointslices', service.metadata?.namespace, {
              apiVersion: 'discovery.k8s.io/v1',
              kind: 'EndpointSlice',
              metadata: {
                generateName: `${service.metadata?.name}-`,
                namespace: service.metadata?.namespace,
                labels,
                ownerReferences: [controllerRef(service)],
              },
              addressType: 'IPv4',
              endpoints: held,
              ports,
            } as V1EndpointSlice),
          );
      } else if (
        own
          ? isChanged || !sameJson(slice.metadata?.labels, labels)
          : !sameJson([slice.endpoints ?? [], slice.ports ?? [], slice.metadata?.labels], [held, ports, labels])
      )
        writes.push(update('endpointslices', { ...slice, metadata: { ...slice.metadata, labels }, endpoints: held, ports }));
    }
  }
  for (const slice of free) writes.push(destroy('endpointslices', slice));
  const notes =
    writes.length > 0
      ? [
          {
            says: 'endpointslice/synced',
            about: `services/${keyOf(service)}`,
            with: { service: service.metadata?.name, ready, total, isNew: have.length === 0, ...(total === 0 ? misses() : {}) },
          },
        ]
      : [];
  return { writes, notes, isToldAfter: true };
}
