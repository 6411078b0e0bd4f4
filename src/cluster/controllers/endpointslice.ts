/**
 * Lists, for each Service with a selector, the addresses of the pods that it selects, in slices of at most a hundred.
 * Upstream: pkg/controller/endpointslice, staging/src/k8s.io/endpointslice/{reconciler,utils}.go (v1.36).
 * Simplified: slices are filled in pod-name order and not balanced for least change beyond keeping each pod in its slice; no topology hints.
 */
import { mapMatches } from '../../api/machinery/labels.ts';
import { controllerOf, controllerRef } from '../../api/machinery/owner.ts';
import { canonicalJson } from '../../api/machinery/template-hash.ts';
import { keyOf } from '../../api/object.ts';
import type { DiscoveryV1EndpointPort, V1Endpoint, V1EndpointSlice, V1Node, V1Pod, V1Service, V1ServicePort } from '../../api/schema/kubernetes.ts';
import { isReady } from '../client/indexed-cache.ts';
import type { ApiRequest } from '../api-request.ts';
import { nothing, type Controller } from './controller.ts';
import { create, destroy, update } from './paths.ts';

const SERVICE = 'kubernetes.io/service-name';
const MANAGED = 'endpointslice.kubernetes.io/managed-by';
const MANAGER = 'endpointslice-controller.k8s.io';
const MOST = 100;

export default {
  name: 'endpointslice',
  watches: [
    { resource: 'services', keys: ({ object }) => [keyOf(object)] },
    { resource: 'endpointslices.discovery.k8s.io', keys: ({ object }) => { const owner = controllerOf(object); return owner?.kind === 'Service' ? [`${object.metadata?.namespace}/${owner.name}`] : []; } },
    {
      resource: 'pods',
      keys: ({ object, old, deleted, cache }) => {
        if (old && !deleted && looksSame(old as V1Pod, object as V1Pod)) return [];
        const labels = [object.metadata?.labels, old?.metadata?.labels];
        return cache.list<V1Service>('services', object.metadata?.namespace).filter((s) => labels.some((l) => mapMatches(s.spec?.selector, l))).map(keyOf);
      },
    },
  ],
  reconcile(key, cache) {
    const service = cache.get<V1Service>('services', key);
    if (!service || service.metadata?.deletionTimestamp || service.spec?.type === 'ExternalName' || Object.keys(service.spec?.selector ?? {}).length === 0) return nothing;
    const pods = cache.list<V1Pod>('pods', service.metadata?.namespace).filter((pod) => mapMatches(service.spec?.selector, pod.metadata?.labels) && hasAddress(pod));
    const groups = new Map<string, { readonly ports: readonly DiscoveryV1EndpointPort[]; readonly endpoints: V1Endpoint[] }>();
    for (const pod of pods.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))) {
      const ports = portsOf(service, pod);
      const group = groups.get(canonicalJson(ports)) ?? { ports, endpoints: [] };
      group.endpoints.push(endpointOf(service, pod, cache.get<V1Node>('nodes', pod.spec?.nodeName ?? '')));
      groups.set(canonicalJson(ports), group);
    }
    if (groups.size === 0) groups.set('', { ports: [], endpoints: [] });
    const have = cache.controlledBy<V1EndpointSlice>('endpointslices.discovery.k8s.io', service.metadata?.uid ?? '').filter((s) => !s.metadata?.deletionTimestamp);
    return plan(service, [...have].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)), [...groups.values()]);
  },
} satisfies Controller;

/** Is all that an endpoint shows of a pod as it was? Upstream: podEndpointsChanged. */
function looksSame(a: V1Pod, b: V1Pod): boolean {
  return isReady(a) === isReady(b) && a.status?.podIP === b.status?.podIP && a.spec?.nodeName === b.spec?.nodeName && !a.metadata?.deletionTimestamp === !b.metadata?.deletionTimestamp && hasAddress(a) === hasAddress(b)
    && (a.metadata?.labels === b.metadata?.labels || canonicalJson(a.metadata?.labels ?? {}) === canonicalJson(b.metadata?.labels ?? {}));
}
const hasAddress = (pod: V1Pod): boolean => Boolean(pod.status?.podIP) && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';

function targetPort(port: V1ServicePort, pod: V1Pod): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  for (const container of pod.spec?.containers ?? []) {
    const named = container.ports?.find((p) => p.name === target && (p.protocol ?? 'TCP') === (port.protocol ?? 'TCP'));
    if (named) return named.containerPort;
  }
  return undefined;
}

const portsOf = (service: V1Service, pod: V1Pod): readonly DiscoveryV1EndpointPort[] => (service.spec?.ports ?? []).flatMap((port) => {
  const number = targetPort(port, pod);
  return number === undefined ? [] : [{ name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP', ...(port.appProtocol ? { appProtocol: port.appProtocol } : {}) }];
});

function endpointOf(service: V1Service, pod: V1Pod, node: V1Node | undefined): V1Endpoint {
  const isTerminating = pod.metadata?.deletionTimestamp !== undefined;
  const serving = isReady(pod);
  const zone = node?.metadata?.labels?.['topology.kubernetes.io/zone'];
  const hostname = pod.spec?.hostname && pod.spec.subdomain === service.metadata?.name ? pod.spec.hostname : undefined;
  return {
    addresses: [pod.status?.podIP ?? ''], conditions: { ready: service.spec?.publishNotReadyAddresses || (serving && !isTerminating), serving, terminating: isTerminating },
    ...(hostname ? { hostname } : {}), nodeName: pod.spec?.nodeName, targetRef: { kind: 'Pod', namespace: pod.metadata?.namespace, name: pod.metadata?.name, uid: pod.metadata?.uid }, ...(zone ? { zone } : {}),
  };
}

function plan(service: V1Service, have: readonly V1EndpointSlice[], groups: readonly { readonly ports: readonly DiscoveryV1EndpointPort[]; readonly endpoints: readonly V1Endpoint[] }[]): { readonly writes: readonly ApiRequest[]; readonly notes: readonly { readonly says: string; readonly about: string; readonly with: Record<string, unknown> }[] } {
  const writes: ApiRequest[] = [];
  const free = [...have];
  let [ready, total] = [0, 0];
  const labels = { ...service.metadata?.labels, [SERVICE]: service.metadata?.name ?? '', [MANAGED]: MANAGER, ...(service.spec?.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}) };
  for (const { ports, endpoints } of groups) {
    ready += endpoints.filter((e) => e.conditions?.ready).length;
    total += endpoints.length;
    for (const chunk of chunks(endpoints, free, ports)) {
      const slice = chunk.slice;
      if (!slice) writes.push(create('endpointslices', service.metadata?.namespace, { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { generateName: `${service.metadata?.name}-`, labels, ownerReferences: [controllerRef(service)] }, addressType: 'IPv4', endpoints: chunk.endpoints, ports } as V1EndpointSlice));
      else if (canonicalJson([slice.endpoints ?? [], slice.ports ?? [], slice.metadata?.labels]) !== canonicalJson([chunk.endpoints, ports, labels])) writes.push(update('endpointslices', { ...slice, metadata: { ...slice.metadata, labels }, endpoints: chunk.endpoints, ports }));
    }
  }
  for (const slice of free) writes.push(destroy('endpointslices', slice));
  const notes = writes.length > 0 ? [{ says: 'endpointslice/synced', about: `services/${keyOf(service)}`, with: { service: service.metadata?.name, ready, total, isNew: have.length === 0 } }] : [];
  return { writes, notes };
}

/** Shares endpoints over slices: a pod stays in the slice that has it, the others fill what is left. Takes the used slices out of `free`. */
function chunks(endpoints: readonly V1Endpoint[], free: V1EndpointSlice[], ports: readonly DiscoveryV1EndpointPort[]): readonly { readonly slice?: V1EndpointSlice; readonly endpoints: readonly V1Endpoint[] }[] {
  const mine = free.filter((slice) => canonicalJson(slice.ports ?? []) === canonicalJson(ports));
  const slices = mine.length > 0 ? mine : free.filter((slice) => (slice.endpoints ?? []).length === 0).slice(0, 1);
  const left = new Map(endpoints.map((e) => [e.targetRef?.uid ?? e.addresses[0], e]));
  const filled = slices.map((slice) => ({ slice, endpoints: (slice.endpoints ?? []).flatMap((e) => { const id = e.targetRef?.uid ?? e.addresses[0]; const now = left.get(id); left.delete(id); return now ? [now] : []; }) }));
  const rest = [...left.values()];
  for (const f of filled) while (f.endpoints.length < MOST && rest.length > 0) f.endpoints.push(rest.shift() as V1Endpoint);
  const kept: { slice?: V1EndpointSlice; endpoints: V1Endpoint[] }[] = filled.filter((f, i) => f.endpoints.length > 0 || i === 0);
  while (rest.length > 0) kept.push({ endpoints: rest.splice(0, MOST) });
  if (kept.length === 0) kept.push({ endpoints: [] });
  for (const { slice } of kept) if (slice) free.splice(free.indexOf(slice), 1);
  return kept;
}
