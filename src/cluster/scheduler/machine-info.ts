/**
 * Machines as the scheduler counts them: sums kept as pods come and go, so that a cycle never adds up what has not changed. Plain data.
 * Upstream: pkg/scheduler/framework/types.go NodeInfo, backend/cache/cache.go (v1.36). Simplified: machines stand in order of name, not of zone.
 */
import { assert } from '../../lib/assert.ts';
import type { V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import { hostPortsOf } from './host-ports.ts';
import type { Likeness, MachineInfo, PodGroup, Resources } from './plugin.ts';
import { heldBy, isResizing, resourcesOf } from './pod-request.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Sums extends Mutable<Omit<Resources, 'scalar'>> {
  readonly scalar: Map<string, number>;
}

export interface Machine {
  readonly name: string;
  node: V1Node | undefined;
  readonly pods: Map<string, V1Pod>;
  readonly groups: Map<string, Mutable<PodGroup>>;
  readonly requested: Sums;
  readonly nonZeroRequested: Sums;
  readonly usedPorts: Map<string, number>;
  readonly choosy: Map<string, V1Pod>;
}

export interface Fleet {
  readonly machines: Map<string, Machine>;
  /** image name → on how many machines it is */
  readonly imageHolders: Map<string, number>;
  /** The groups of all machines, and on how many each is. */
  readonly groups: Map<string, Likeness & { machines: number }>;
  /** Names of the machines whose Node is known, sorted. */
  order: readonly string[];
}

const createSums = (): Sums => ({ cpuMilli: 0, memory: 0, ephemeralStorage: 0, pods: 0, scalar: new Map() });
export const createFleet = (): Fleet => ({ machines: new Map(), imageHolders: new Map(), groups: new Map(), order: [] });

function machineAt(fleet: Fleet, name: string): Machine {
  let machine = fleet.machines.get(name);
  if (!machine) {
    machine = {
      name,
      node: undefined,
      pods: new Map(),
      groups: new Map(),
      requested: createSums(),
      nonZeroRequested: createSums(),
      usedPorts: new Map(),
      choosy: new Map(),
    };
    fleet.machines.set(name, machine);
  }
  return machine;
}

/** A fleet of one: a copy of a machine on which pods may come and go in thought. */
export function fleetOf({ name, node, pods, groups, requested, nonZeroRequested, usedPorts, choosy }: MachineInfo): Fleet {
  const own = (sums: Resources): Sums => ({ ...sums, scalar: new Map(sums.scalar) });
  const machine: Machine = {
    name,
    node,
    pods: new Map(pods),
    groups: new Map([...groups].map(([key, group]) => [key, { ...group }])),
    requested: own(requested),
    nonZeroRequested: own(nonZeroRequested),
    usedPorts: new Map(usedPorts),
    choosy: new Map(choosy),
  };
  return {
    machines: new Map([[name, machine]]),
    imageHolders: new Map(),
    groups: new Map([...groups].map(([key, group]) => [key, { ...group, machines: 1 }])),
    order: [name],
  };
}

/** Takes a Node in, or its absence. */
export function setNode(fleet: Fleet, name: string, node: V1Node | undefined): void {
  const machine = machineAt(fleet, name);
  const old = machine.node;
  machine.node = node;
  if (imagesOf(old) !== imagesOf(node)) {
    for (const image of imagesOf(old).keys()) add(fleet.imageHolders, image, -1);
    for (const image of imagesOf(node).keys()) add(fleet.imageHolders, image, 1);
  }
  if (!old !== !node)
    fleet.order = node
      ? [...fleet.order.slice(0, sortedIndexOf(fleet.order, name)), name, ...fleet.order.slice(sortedIndexOf(fleet.order, name))]
      : fleet.order.filter((other) => other !== name);
  else if (node) renewFace(fleet, machine);
  if (!node && machine.pods.size === 0) fleet.machines.delete(name);
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const now = (counts.get(key) ?? 0) + by;
  if (now === 0) counts.delete(key);
  else counts.set(key, now);
}

function addTo(sums: Sums, what: Resources, sign: 1 | -1): void {
  sums.cpuMilli += sign * what.cpuMilli;
  sums.memory += sign * what.memory;
  sums.ephemeralStorage += sign * what.ephemeralStorage;
  for (const [name, value] of what.scalar) add(sums.scalar, name, sign * value);
}

/** Equal namespace and labels, equal text; two blanks never occur in labels. */
export const groupKeyOf = ({ metadata }: V1Pod): string => `${metadata?.namespace ?? ''} ${textOf(metadata?.labels ?? NO_LABELS)}`;
const isAlike = (a: V1Pod, b: V1Pod): boolean => a.metadata?.labels === b.metadata?.labels || groupKeyOf(a) === groupKeyOf(b);
/** Pods of one template share their labels. */
const texts = new WeakMap<object, string>();
function textOf(labels: Readonly<Record<string, string>>): string {
  let text = texts.get(labels);
  if (text === undefined) {
    text = Object.keys(labels)
      .sort((a, b) => (a < b ? -1 : 1))
      .map((name) => `${name}=${labels[name]}`)
      .join(' ');
    if (Object.isFrozen(labels)) texts.set(labels, text);
  }
  return text;
}

const hasOwnTerms = ({ spec }: V1Pod): boolean =>
  spec?.affinity?.podAffinity !== undefined || spec?.affinity?.podAntiAffinity !== undefined;

/** Counts a pod on a machine, in place of what was known under its key. */
export function addPod(fleet: Fleet, name: string, key: string, pod: V1Pod): void {
  const machine = machineAt(fleet, name);
  const old = machine.pods.get(key);
  if (
    old &&
    old.spec === pod.spec &&
    !isResizing(old) &&
    !isResizing(pod) &&
    isAlike(old, pod) &&
    !old.metadata?.deletionTimestamp === !pod.metadata?.deletionTimestamp
  ) {
    machine.pods.set(key, pod);
    return;
  }
  if (old) count(fleet, machine, key, old, -1);
  machine.pods.set(key, pod);
  count(fleet, machine, key, pod, 1);
}

export function removePod(fleet: Fleet, name: string, key: string): void {
  const machine = fleet.machines.get(name);
  const pod = machine?.pods.get(key);
  if (!machine || !pod) return;
  machine.pods.delete(key);
  count(fleet, machine, key, pod, -1);
  if (!machine.node && machine.pods.size === 0) fleet.machines.delete(name);
}

function count(fleet: Fleet, machine: Machine, key: string, pod: V1Pod, sign: 1 | -1): void {
  const { exact, nonZero } = heldBy(pod);
  addTo(machine.requested, exact, sign);
  addTo(machine.nonZeroRequested, nonZero, sign);
  machine.requested.pods += sign;
  for (const port of hostPortsOf(pod)) add(machine.usedPorts, port, sign);
  if (hasOwnTerms(pod)) {
    if (sign > 0) machine.choosy.set(key, pod);
    else machine.choosy.delete(key);
  }
  const live = pod.metadata?.deletionTimestamp ? 0 : 1;
  const group = groupKeyOf(pod);
  const known = machine.groups.get(group);
  if (known) {
    known.all += sign;
    known.live += sign * live;
    if (known.all === 0) {
      machine.groups.delete(group);
      countGroup(fleet, group, known, -1);
    }
    return;
  }
  assert(sign > 0, 'a pod that leaves was counted');
  const fresh = { namespace: pod.metadata?.namespace ?? '', labels: pod.metadata?.labels ?? NO_LABELS, all: 1, live };
  machine.groups.set(group, fresh);
  countGroup(fleet, group, fresh, 1);
}
function countGroup({ groups }: Fleet, key: string, { namespace, labels }: Likeness, sign: 1 | -1): void {
  const known = groups.get(key);
  if (!known) groups.set(key, { namespace, labels, machines: 1 });
  else if ((known.machines += sign) === 0) groups.delete(key);
}
const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({});

const NO_IMAGES: ReadonlyMap<string, number> = new Map();
const images = new WeakMap<V1Node, ReadonlyMap<string, number>>();
function imagesOf(node: V1Node | undefined): ReadonlyMap<string, number> {
  if (!node?.status?.images?.length) return NO_IMAGES;
  let known = images.get(node);
  if (!known) {
    known = new Map(node.status.images.flatMap((image) => (image.names ?? []).map((name) => [name, image.sizeBytes ?? 0] as const)));
    images.set(node, known);
  }
  return known;
}

const allocatables = new WeakMap<V1Node, Resources>();
function allocatableOf(node: V1Node): Resources {
  let known = allocatables.get(node);
  if (!known) {
    known = resourcesOf(node.status?.allocatable ?? node.status?.capacity);
    allocatables.set(node, known);
  }
  return known;
}

/** The face that plugins see, made once for a Node and a Machine; it reads the Machine's own maps and sums. */
const faces = new WeakMap<Machine, { readonly node: V1Node; readonly info: MachineInfo }>();
function infoOf(machine: Machine): MachineInfo {
  const { node } = machine;
  assert(node, `${machine.name} has a Node`);
  const known = faces.get(machine);
  if (known?.node === node) return known.info;
  const { name, pods, groups, requested, nonZeroRequested, usedPorts, choosy } = machine;
  const info: MachineInfo = {
    name,
    node,
    pods,
    groups,
    requested,
    nonZeroRequested,
    usedPorts,
    choosy,
    allocatable: allocatableOf(node),
    images: imagesOf(node),
  };
  faces.set(machine, { node, info });
  return info;
}

/** A fleet's faces as they were asked for last. */
const faceLists = new WeakMap<Fleet, { readonly order: readonly string[]; readonly infos: MachineInfo[] }>();

/** The machines whose Node is known, by name; good until the next setNode. */
export function machineInfos(fleet: Fleet): readonly MachineInfo[] {
  const known = faceLists.get(fleet);
  if (known?.order === fleet.order) return known.infos;
  const infos = fleet.order.map((name) => infoOf(machineAt(fleet, name)));
  faceLists.set(fleet, { order: fleet.order, infos });
  return infos;
}

function renewFace(fleet: Fleet, machine: Machine): void {
  const known = faceLists.get(fleet);
  if (known?.order === fleet.order) known.infos[sortedIndexOf(fleet.order, machine.name)] = infoOf(machine);
}

function sortedIndexOf(names: readonly string[], name: string): number {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (names[middle] < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
