/** Machines as the scheduler counts them. Upstream: pkg/scheduler/framework/types.go NodeInfo; component-helpers/resource PodRequests (v1.36). */
import { cpuMilli, wholeUnits } from '../../api/machinery/quantity.ts';
import type { V1Container, V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import type { MachineInfo, Resources } from './plugin.ts';

const DEFAULT_CPU = 100;
const DEFAULT_MEMORY = 200 * 1048576;
const KNOWN = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods']);

type Amounts = Readonly<Record<string, string>> | undefined;
const toResources = (amounts: Amounts, pods = 0): Resources => ({
  cpuMilli: cpuMilli(amounts?.cpu), memory: wholeUnits(amounts?.memory), ephemeralStorage: wholeUnits(amounts?.['ephemeral-storage']), pods: amounts?.pods === undefined ? pods : wholeUnits(amounts.pods),
  scalar: new Map(Object.entries(amounts ?? {}).filter(([name]) => !KNOWN.has(name)).map(([name, value]) => [name, wholeUnits(value)])),
});

function combine(a: Resources, b: Resources, how: (x: number, y: number) => number): Resources {
  const scalar = a.scalar.size + b.scalar.size === 0 ? a.scalar : new Map([...new Set([...a.scalar.keys(), ...b.scalar.keys()])].map((name) => [name, how(a.scalar.get(name) ?? 0, b.scalar.get(name) ?? 0)]));
  return { cpuMilli: how(a.cpuMilli, b.cpuMilli), memory: how(a.memory, b.memory), ephemeralStorage: how(a.ephemeralStorage, b.ephemeralStorage), pods: how(a.pods, b.pods), scalar };
}
const plus = (a: Resources, b: Resources): Resources => combine(a, b, (x, y) => x + y);
const NOTHING: Resources = { cpuMilli: 0, memory: 0, ephemeralStorage: 0, pods: 0, scalar: new Map() };

/** max(containers + sidecars, each init container with the sidecars before it) + overhead. */
function podRequest(pod: V1Pod, of: (container: V1Container) => Resources): Resources {
  let sum = (pod.spec?.containers ?? []).map(of).reduce(plus, NOTHING);
  let sidecars = NOTHING;
  let init = NOTHING;
  for (const container of pod.spec?.initContainers ?? []) {
    const own = of(container);
    if (container.restartPolicy === 'Always') { sidecars = plus(sidecars, own); sum = plus(sum, own); init = combine(init, sidecars, Math.max); }
    else init = combine(init, plus(own, sidecars), Math.max);
  }
  return plus(combine(sum, init, Math.max), toResources(pod.spec?.overhead));
}

const requests = new WeakMap<V1Pod, readonly [Resources, Resources]>();
/** Pods are frozen, so what they ask for is computed once. */
function both(pod: V1Pod): readonly [Resources, Resources] {
  let known = requests.get(pod);
  if (!known) {
    known = [podRequest(pod, (c) => toResources(c.resources?.requests)), podRequest(pod, (c) => {
      const own = toResources(c.resources?.requests);
      return { ...own, cpuMilli: c.resources?.requests?.cpu === undefined ? DEFAULT_CPU : own.cpuMilli, memory: c.resources?.requests?.memory === undefined ? DEFAULT_MEMORY : own.memory };
    })];
    requests.set(pod, known);
  }
  return known;
}
export const requestOf = (pod: V1Pod): Resources => both(pod)[0];
export const nonZeroRequestOf = (pod: V1Pod): Resources => both(pod)[1];

export const hostPortsOf = (pod: V1Pod): readonly string[] => (pod.spec?.containers ?? []).flatMap((c) => (c.ports ?? []).flatMap((p) => (p.hostPort ? [`${p.protocol ?? 'TCP'}/${p.hostPort}`] : [])));

/** Upstream: normalizedImageName: a name without a tag is ':latest'. */
export const normalizedImage = (name: string): string => (name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name);

export interface Machine { node: V1Node | undefined; readonly pods: Map<string, V1Pod>; requested: Resources; nonZero: Resources }

export const createMachine = (): Machine => ({ node: undefined, pods: new Map(), requested: NOTHING, nonZero: NOTHING });

export function addPod(machine: Machine, key: string, pod: V1Pod): void {
  removePod(machine, key);
  machine.pods.set(key, pod);
  machine.requested = { ...plus(machine.requested, requestOf(pod)), pods: machine.pods.size };
  machine.nonZero = plus(machine.nonZero, nonZeroRequestOf(pod));
}

export function removePod(machine: Machine, key: string): void {
  const pod = machine.pods.get(key);
  if (!pod) return;
  machine.pods.delete(key);
  machine.requested = { ...combine(machine.requested, requestOf(pod), (x, y) => x - y), pods: machine.pods.size };
  machine.nonZero = combine(machine.nonZero, nonZeroRequestOf(pod), (x, y) => x - y);
}

const allocatables = new WeakMap<V1Node, Resources>();
function allocatableOf(node: V1Node): Resources {
  let known = allocatables.get(node);
  if (!known) { known = toResources(node.status?.allocatable, 110); allocatables.set(node, known); }
  return known;
}

/** The machines for one cycle, by name; images counted over all of them. */
export function machineInfos(machines: Iterable<Machine>): readonly MachineInfo[] {
  const present = [...machines].filter((m): m is Machine & { node: V1Node } => m.node !== undefined).sort((a, b) => ((a.node.metadata?.name ?? '') < (b.node.metadata?.name ?? '') ? -1 : 1));
  const holders = new Map<string, number>();
  for (const { node } of present) for (const image of node.status?.images ?? []) for (const name of image.names ?? []) holders.set(name, (holders.get(name) ?? 0) + 1);
  return present.map((machine) => infoOf(machine, holders));
}

function infoOf(machine: Machine & { node: V1Node }, holders: ReadonlyMap<string, number>): MachineInfo {
  const { node } = machine;
  return {
    node, allocatable: allocatableOf(node), requested: machine.requested, nonZeroRequested: machine.nonZero,
    get pods() { return [...machine.pods.values()]; },
    get usedPorts() { return new Set([...machine.pods.values()].flatMap(hostPortsOf)); },
    get images() { return new Map((node.status?.images ?? []).flatMap((image) => (image.names ?? []).map((name) => [name, { sizeBytes: image.sizeBytes ?? 0, machines: holders.get(name) ?? 1 }] as const))); },
  };
}
