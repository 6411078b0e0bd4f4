/**
 * Lists, for each Service with a selector, the addresses of the pods that it selects, in slices of at most a hundred.
 * Upstream: pkg/controller/endpointslice, staging/src/k8s.io/endpointslice/reconciler.go (v1.36).
 * Simplified: new endpoints come in the order in which their pods came; those of a Node that is gone stay until their pods go; no last-change-trigger-time.
 */
import { mapMatches } from '../../api/machinery/label-map.ts';
import { controllerOf, controllerRef } from '../../api/machinery/owner.ts';
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import { keyOf } from '../../api/object.ts';
import type { DiscoveryV1EndpointPort, V1Endpoint, V1EndpointSlice, V1Node, V1Pod, V1Service } from '../../api/schema/kubernetes.ts';
import { nearMiss } from '../../api/services/near-miss.ts';
import type { Fact } from '../../kernel/fact.ts';
import type { Cache } from '../client/cache.ts';
import type { ApiRequest } from '../api-request.ts';
import { nothing, type Controller, type Plan } from './controller.ts';
import { hold, isWhole, notInWhole, onlyPorts, selectedOf, type Selected, type Zones } from './endpoints/selected.ts';
import { looksSame, showsOf } from './endpoints/shown.ts';
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

/** Machine → its zone, of the machines that are in one. */
function zonesOf(cache: Cache): Zones {
  const zones = new Map<string, string>();
  cache.each<V1Node>('nodes', '', ({ metadata }) => {
    const zone = metadata?.labels?.['topology.kubernetes.io/zone'];
    if (zone !== undefined) zones.set(metadata?.name ?? '', zone);
  });
  return zones;
}

/** For people: where no pod is selected, what the Service asks for and who comes nearest. */
function missesOf(service: V1Service, cache: Cache): object {
  const pods: V1Pod[] = [];
  cache.each<V1Pod>('pods', service.metadata?.namespace ?? '', (pod) => {
    pods.push(pod);
  });
  return { ...nearMiss(service, pods) };
}

interface Wanted {
  readonly groups: readonly Group[];
  readonly misses: () => object;
}

/** Fills slices, makes the ones that are missing, and deletes those that are left over. */
function plan(service: V1Service, have: readonly V1EndpointSlice[], { groups, misses }: Wanted): Plan {
  const writes: ApiRequest[] = [];
  const free = [...have];
  const labels = labelsOf(service);
  for (const { ports, share } of groups) {
    const shared = share(free.filter((slice) => slice.ports === ports || sameJson(slice.ports ?? [], ports)));
    // A Service always has a slice, though an empty one; an old one of other ports is made over before a new one is made.
    const filled = shared.length > 0 ? shared : groups.length === 1 ? [{ endpoints: [], isChanged: true }] : [];
    for (const { slice: own, endpoints, isChanged } of filled) {
      const slice = own ?? free.find((other) => !filled.some((f) => f.slice === other));
      if (slice) free.splice(free.indexOf(slice), 1);
      // Slices of a Service that goes are collected with it: a new one would only come in between.
      if (!slice) {
        if (!service.metadata?.deletionTimestamp)
          writes.push(create('endpointslices', service.metadata?.namespace, newSlice(service, { labels, endpoints, ports })));
      } else if (own ? isChanged || !sameJson(slice.metadata?.labels, labels) : !isAlready(slice, { labels, endpoints, ports }))
        writes.push(update('endpointslices', { ...slice, metadata: { ...slice.metadata, labels }, endpoints, ports }));
    }
  }
  for (const slice of free) writes.push(destroy('endpointslices', slice));
  return { writes, notes: writes.length > 0 ? [syncedFact(service, { groups, misses }, have.length === 0)] : [], isToldAfter: true };
}

interface Content {
  readonly labels: Readonly<Record<string, string>>;
  readonly endpoints: readonly V1Endpoint[];
  readonly ports: readonly DiscoveryV1EndpointPort[];
}

function labelsOf({ metadata, spec }: V1Service): Content['labels'] {
  const { [HEADLESS]: _headless, ...own } = metadata?.labels ?? {};
  return { ...own, [SERVICE]: metadata?.name ?? '', [MANAGED]: MANAGER, ...(spec?.clusterIP === 'None' ? { [HEADLESS]: '' } : {}) };
}

const isAlready = (slice: V1EndpointSlice, { labels, endpoints, ports }: Content): boolean =>
  sameJson([slice.endpoints ?? [], slice.ports ?? [], slice.metadata?.labels], [endpoints, ports, labels]);

const newSlice = (service: V1Service, { labels, endpoints, ports }: Content): V1EndpointSlice =>
  ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${service.metadata?.name}-`,
      namespace: service.metadata?.namespace,
      labels,
      ownerReferences: [controllerRef(service)],
    },
    addressType: 'IPv4',
    endpoints,
    ports,
  }) as V1EndpointSlice;

function syncedFact(service: V1Service, { groups, misses }: Wanted, isNew: boolean): Fact {
  const ready = groups.reduce((n, group) => n + group.ready, 0);
  const total = groups.reduce((n, group) => n + group.total, 0);
  return {
    says: 'endpointslice/synced',
    about: `services/${keyOf(service)}`,
    with: { service: service.metadata?.name, ready, total, isNew, ...(total === 0 ? misses() : {}) },
  };
}
