/**
 * The endpoints that a Service wants and the slices they lie in, brought up to date from the informer's journal: a pass over a Service of thousands
 * of pods costs what has changed since the last one. It is a memo of frozen things: dropped (after time travel, after a long absence) it is built
 * again from all pods, and says the same.
 */
import { mapMatches } from '../../../api/machinery/label-map.ts';
import { keyOf } from '../../../api/object.ts';
import type { DiscoveryV1EndpointPort, V1Endpoint, V1EndpointSlice, V1Pod, V1Service } from '../../../api/schema/kubernetes.ts';
import type { Cache, Journal } from '../../client/cache.ts';

export type Zones = ReadonlyMap<string, string>;
export interface Shown {
  readonly endpoint: V1Endpoint;
  readonly ports: readonly DiscoveryV1EndpointPort[];
  readonly portsKey: string;
  readonly zone: string | undefined;
}
type Shows = (pod: V1Pod) => Shown | undefined;

export interface Selected {
  readonly zones: Zones;
  readonly shows: Shows;
  /** How far the journal was read, and its last entry then: another history has another entry there. */
  mark: number;
  last: Journal['changes'][number] | undefined;
  /** Pods that the selector matches → their place in the informer's order. */
  readonly places: Map<string, number>;
  nextPlace: number;
  /** Those of them that have an endpoint. */
  readonly members: Map<string, Shown>;
  ready: number;
  readonly byPorts: Map<string, { readonly ports: readonly DiscoveryV1EndpointPort[]; count: number }>;
  readonly homes: Map<V1Endpoint, V1EndpointSlice>;
  /** Slice → how many of its endpoints are wanted as they are. */
  readonly matching: Map<V1EndpointSlice, number>;
  /** Members whose endpoint lies in no slice. */
  readonly homeless: Set<string>;
}

const memory = new WeakMap<V1Service, Selected>();

export function selectedOf(
  service: V1Service,
  cache: Cache,
  { zones, showsOf }: { readonly zones: Zones; readonly showsOf: (service: V1Service, zones: Zones) => Shows },
): Selected {
  const journal = cache.podJournal(service.metadata?.namespace ?? '');
  const known = memory.get(service);
  if (known && sameZones(known.zones, zones) && catchUp(known, service, cache, journal)) return known;
  const shows = showsOf(service, zones);
  const built: Selected = {
    zones,
    shows,
    mark: 0,
    last: undefined,
    places: new Map(),
    nextPlace: 0,
    members: new Map(),
    ready: 0,
    byPorts: new Map(),
    homes: new Map(),
    matching: new Map(),
    homeless: new Set(),
  };
  cache.each<V1Pod>('pods', service.metadata?.namespace ?? '', (pod) => {
    if (!mapMatches(service.spec?.selector, pod.metadata?.labels)) return;
    built.places.set(keyOf(pod), built.nextPlace++);
    join(built, keyOf(pod), shows(pod));
  });
  readTo(built, journal);
  memory.set(service, built);
  return built;
}

const sameZones = (a: Zones, b: Zones): boolean => a.size === b.size && [...a].every(([machine, zone]) => b.get(machine) === zone);

function readTo(selected: Selected, journal: Journal): void {
  selected.mark = journal.forgotten + journal.changes.length;
  selected.last = journal.changes[journal.changes.length - 1];
}

/** Reads on in the journal; false when it is not the one that was read before, or has forgotten too much. */
function catchUp(selected: Selected, service: V1Service, cache: Cache, journal: Journal): boolean {
  const from = selected.mark - journal.forgotten;
  if (from < 1 || from > journal.changes.length || journal.changes[from - 1] !== selected.last) return false;
  for (let i = from; i < journal.changes.length; i++) {
    const { key, type } = journal.changes[i];
    if (type !== 'MODIFIED') {
      leave(selected, key);
      selected.places.delete(key);
    }
    const pod = type === 'DELETED' ? undefined : cache.get<V1Pod>('pods', key);
    if (!pod) continue;
    const isSelected = mapMatches(service.spec?.selector, pod.metadata?.labels);
    if (isSelected && !selected.places.has(key)) {
      if (type === 'MODIFIED') return false;
      selected.places.set(key, selected.nextPlace++);
    }
    leave(selected, key);
    if (isSelected) join(selected, key, selected.shows(pod));
  }
  readTo(selected, journal);
  return true;
}

function join(selected: Selected, key: string, shown: Shown | undefined): void {
  if (!shown) return;
  selected.members.set(key, shown);
  if (shown.endpoint.conditions?.ready) selected.ready++;
  const group = selected.byPorts.get(shown.portsKey);
  if (group) group.count++;
  else selected.byPorts.set(shown.portsKey, { ports: shown.ports, count: 1 });
  const home = selected.homes.get(shown.endpoint);
  if (home) selected.matching.set(home, (selected.matching.get(home) ?? 0) + 1);
  else selected.homeless.add(key);
}

function leave(selected: Selected, key: string): void {
  const shown = selected.members.get(key);
  if (!shown) return;
  selected.members.delete(key);
  if (shown.endpoint.conditions?.ready) selected.ready--;
  const group = selected.byPorts.get(shown.portsKey);
  if (group && --group.count === 0) selected.byPorts.delete(shown.portsKey);
  const home = selected.homes.get(shown.endpoint);
  if (home) selected.matching.set(home, (selected.matching.get(home) ?? 0) - 1);
  else selected.homeless.delete(key);
}

/** The ports, when all members show the same. */
export function onlyPorts({ byPorts }: Selected): readonly DiscoveryV1EndpointPort[] | undefined {
  for (const { ports } of byPorts.values()) return byPorts.size === 1 ? ports : undefined;
  return undefined;
}

const podKey = ({ targetRef }: V1Endpoint): string => `${targetRef?.namespace}/${targetRef?.name}`;

/** Takes in which slices there are now; false when an endpoint lies in two of them. */
export function hold(selected: Selected, slices: readonly V1EndpointSlice[]): boolean {
  const there = new Set(slices);
  for (const slice of selected.matching.keys()) if (!there.has(slice)) letGo(selected, slice);
  return slices.every((slice) => selected.matching.has(slice) || settle(selected, slice));
}

function settle(selected: Selected, slice: V1EndpointSlice): boolean {
  let matching = 0;
  selected.matching.set(slice, 0);
  for (const endpoint of slice.endpoints ?? []) {
    if (selected.homes.has(endpoint)) {
      letGo(selected, slice);
      return false;
    }
    selected.homes.set(endpoint, slice);
    const key = podKey(endpoint);
    if (selected.members.get(key)?.endpoint !== endpoint) continue;
    matching++;
    selected.homeless.delete(key);
  }
  selected.matching.set(slice, matching);
  return true;
}

function letGo(selected: Selected, slice: V1EndpointSlice): void {
  selected.matching.delete(slice);
  for (const endpoint of slice.endpoints ?? []) {
    if (selected.homes.get(endpoint) !== slice) continue;
    selected.homes.delete(endpoint);
    const key = podKey(endpoint);
    if (selected.members.get(key)?.endpoint === endpoint) selected.homeless.add(key);
  }
}

/** Whether all endpoints of a slice are wanted as they are. */
export const isWhole = ({ matching }: Selected, slice: V1EndpointSlice): boolean =>
  (slice.endpoints ?? []).length > 0 && matching.get(slice) === slice.endpoints?.length;

/** The wanted endpoints that do not lie in a whole slice, in the order of their pods. */
export function notInWhole(selected: Selected): readonly V1Endpoint[] {
  const keys = [...selected.homeless];
  for (const slice of selected.matching.keys()) {
    if (isWhole(selected, slice)) continue;
    for (const endpoint of slice.endpoints ?? []) {
      const key = podKey(endpoint);
      if (selected.members.get(key)?.endpoint === endpoint) keys.push(key);
    }
  }
  const placeOf = (key: string): number => selected.places.get(key) ?? 0;
  return keys.sort((a, b) => placeOf(a) - placeOf(b)).flatMap((key) => selected.members.get(key)?.endpoint ?? []);
}
