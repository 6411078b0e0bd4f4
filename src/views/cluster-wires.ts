/** The cluster view's wires, and the way that a message takes along them. No wire crosses a box: they run in the gaps. */
import { MOST_LARGE, type MachineBox } from './cluster-machines.ts';
import type { Scene } from './cluster.ts';
import {
  bow,
  curve,
  elbow,
  middle,
  onBottom,
  onLeft,
  onRight,
  onTop,
  reversed,
  type Box,
  type Plane,
  type Point,
  type Track,
} from './geometry.ts';

export interface Wire {
  readonly id: string;
  readonly plane: Plane;
  readonly track: Track;
  /** What the opener watches through it: an eye is drawn where it begins. */
  readonly watches: readonly string[];
}

/** An eye is so large. */
export const EYE = { w: 26, h: 16 };
/** Its middle: beside the box from which the wire goes. */
export function eyeOf([{ x, y }, next]: Track): Point {
  const [dx, dy] = [next.x - x, next.y - y];
  return Math.abs(dx) > Math.abs(dy) ? { x: x + 14 * Math.sign(dx), y } : { x, y: y + 9 * Math.sign(dy) };
}

/** How far above a fleet its wires run. */
const FLEET_LEVEL = 14;

const componentOf = (scene: Scene, id: string) => scene.components.find((c) => c.id === id);
const boxOf = (scene: Scene, id: string): Box => componentOf(scene, id)?.box ?? { x: 0, y: 0, w: 0, h: 0 };

/** Where the machines' wires go up, between the controller manager and the scheduler. */
function trunkOf(scene: Scene): number {
  const manager = boxOf(scene, 'kube-controller-manager');
  return (manager.x + manager.w + boxOf(scene, 'kube-scheduler').x) / 2;
}

/** The wires of a fleet, drawn as one: up the trunk, from a line along its upper edge. */
export function fleetWays(scene: Scene): readonly Track[] {
  const { y, h } = boxOf(scene, 'kube-apiserver');
  const level = scene.machines[0].box.y - FLEET_LEVEL;
  const [left, right] = [scene.machines[0].box.x, Math.max(...scene.machines.map(({ box }) => box.x + box.w))];
  const x = trunkOf(scene);
  return [
    [
      { x, y: y + h },
      { x, y: level },
    ],
    [
      { x: left, y: level },
      { x: right, y: level },
    ],
  ];
}

/** From each client to the apiserver, and from the apiserver to etcd. */
export function wiresOf(scene: Scene): readonly Wire[] {
  const api = boxOf(scene, 'kube-apiserver');
  const [manager, scheduler, etcd, kubectl] = ['kube-controller-manager', 'kube-scheduler', 'etcd', 'kubectl'].map((id) =>
    boxOf(scene, id),
  );
  const trunk = trunkOf(scene);
  const wire = (id: string, plane: Plane, track: Track): Wire => ({ id, plane, track, watches: componentOf(scene, id)?.watches ?? [] });
  const below = scene.controlPlane.box.y + scene.controlPlane.box.h;
  const bottom = api.y + api.h;
  const isAbove = kubectl.y + kubectl.h < scene.controlPlane.box.y;
  return [
    wire(
      'kubectl',
      'client',
      isAbove
        ? curve(onBottom(kubectl, 0.96), { x: kubectl.x + kubectl.w + 44, y: api.y })
        : curve(onRight(kubectl), { x: api.x, y: middle(api).y }, 'level'),
    ),
    wire('etcd', 'storage', [onLeft(etcd), { x: api.x + api.w, y: middle(etcd).y }]),
    wire(
      'kube-controller-manager',
      'control',
      curve(onTop(manager, 0.55), { x: Math.max(api.x + 24, manager.x + manager.w * 0.55), y: bottom }),
    ),
    wire('kube-scheduler', 'control', curve({ x: scheduler.x + 34, y: scheduler.y }, { x: scheduler.x + 34, y: bottom })),
    ...scene.machines.map((m, i): Wire => {
      const x = trunk + (i - (scene.machines.length - 1) / 2) * Math.min(9, 34 / Math.max(1, scene.machines.length - 1));
      return {
        id: `machine/${m.name}`,
        plane: 'machine',
        watches: m.watches,
        track: machineWay(scene, m, { x, y: bottom }, below + 7 + lane(i, scene.machines.length) * 6),
      };
    }),
  ];
}

/** Wires to one side turn at heights of their own: the nearer the machine, the lower. */
const lane = (i: number, count: number): number => Math.min(2, Math.floor(Math.abs((count - 1) / 2 - Math.abs(i - (count - 1) / 2))));

/** From a machine's top through the corridor under the control plane; machines of later rows go up between their neighbours. */
function machineWay(scene: Scene, machine: MachineBox, to: Point, level: number): Track {
  const top = onTop(machine.box);
  const first = scene.machines[0].box;
  if (scene.isFleet || machine.box.y <= first.y) return elbow(top, to, scene.isFleet ? first.y - FLEET_LEVEL : level);
  const gutter = { x: machine.box.x + machine.box.w + 8, y: first.y - 4 };
  return [...elbow(top, gutter, machine.box.y - 7, 6), ...elbow(gutter, to, level).slice(1)];
}

const within = (machine: MachineBox, box: Box): Box => ({ x: machine.box.x + box.x, y: machine.box.y + box.y, w: box.w, h: box.h });
const isKernel = (part: string | undefined): boolean => part === 'linux' || (part !== undefined && /^(curl|dig)-/.test(part));

/** What is drawn at an address: a component, a machine with a part of it, or a pod; undefined when it is not drawn. */
export interface Place {
  readonly component?: string;
  readonly machine?: MachineBox;
  readonly isControl?: true;
  readonly box: Box;
  readonly isKernel?: boolean;
}

export function placeOf(scene: Scene, address: string): Place | undefined {
  const [host, part] = address.split('/');
  if (host === 'laptop' || host === 'user') return { component: 'kubectl', box: boxOf(scene, 'kubectl') };
  if (host === 'registry' || host === 'internet') return { component: 'registry', box: boxOf(scene, 'registry') };
  const component = host === scene.controlPlane.name ? componentOf(scene, part) : undefined;
  if (component) return { component: component.id, box: component.box };
  const machine = scene.machines.find((m) => m.name === host);
  if (machine) return placeOnMachine(machine, part);
  if (host === scene.controlPlane.name) return { isControl: true, box: scene.controlPlane.head };
  for (const m of scene.machines) {
    const pod = [...m.pods, ...m.cells].find((p) => p.key === `${host}/${part}`);
    if (pod) return { machine: m, box: within(m, pod.box) };
  }
  return host.startsWith('kube-') ? { isControl: true, box: scene.controlPlane.head } : undefined;
}

function placeOnMachine(machine: MachineBox, part: string | undefined): Place {
  if (isKernel(part) && machine.kernel.h > 0) return { machine, box: within(machine, machine.kernel), isKernel: true };
  const box = machine.parts.find((p) => p.name === (part === 'kube-flannel' ? 'cni' : part))?.box;
  return { machine, box: box ? within(machine, box) : { ...machine.box, h: 30 } };
}

/** The track of a hop; undefined when an end is not drawn or both are one. */
export function routeOf(scene: Scene, wires: readonly Wire[], from: string, to: string): Track | undefined {
  const [a, b] = [placeOf(scene, from), placeOf(scene, to)];
  if (!a || !b || (a.box.x === b.box.x && a.box.y === b.box.y)) return undefined;
  const [out, back] = [wireFrom(wires, a, b), wireFrom(wires, b, a)];
  if (out) return a.machine ? [middle(a.box), ...out.track] : out.track;
  if (back) return b.machine ? [...reversed(back.track), middle(b.box)] : reversed(back.track);
  if (a.component === 'registry' || b.component === 'registry')
    return a.component === 'registry' ? reversed(pullWay(scene, b, a)) : pullWay(scene, a, b);
  if ((a.machine ?? a.isControl) && (b.machine ?? b.isControl) && a.machine !== b.machine) return overNetwork(scene, a, b);
  return bow(middle(a.box), middle(b.box), 14);
}

function wireFrom(wires: readonly Wire[], from: Place, to: Place): Wire | undefined {
  if (from.component === 'kube-apiserver' && to.component === 'etcd') return undefined;
  if (to.component !== 'kube-apiserver') return undefined;
  return wires.find((w) => w.id === (from.machine ? `machine/${from.machine.name}` : from.component));
}

/** Between a machine and the registry: through the corridor under the control plane. */
function pullWay(scene: Scene, machine: Place, registry: Place): Track {
  const y = scene.controlPlane.box.y + scene.controlPlane.box.h + 16;
  const start = middle(machine.box);
  const top = { x: start.x, y: machine.machine?.box.y ?? start.y };
  return [start, ...elbow(top, onBottom(registry.box), y)];
}

/** Down the leg, along the wire, and up again; the control plane's leg runs up at the left. */
function overNetwork(scene: Scene, a: Place, b: Place): Track {
  return [...legOf(scene, a), ...reversed(legOf(scene, b))];
}

function legOf(scene: Scene, place: Place): Track {
  const { y } = scene.network;
  const start = middle(place.box);
  if (place.machine) {
    const x = legX(place.machine);
    return [start, { x, y: place.machine.box.y + place.machine.box.h }, { x, y }];
  }
  return [start, ...controlLeg(scene).slice(1), { x: scene.network.left, y }];
}

/** Where a machine stands on the wire; the wire's name has the left end. */
export const legX = (machine: Pick<MachineBox, 'box'>): number => Math.max(machine.box.x + machine.box.w / 2, 162);

/** How far apart the legs of a crowd stand at least. */
const BETWEEN_LEGS = 14;

/** The machines whose legs are drawn: of a crowd, the row that is nearest to the wire, and of that no more than can be told apart. */
export function leggedOf<M extends Pick<MachineBox, 'box'>>({ machines }: { readonly machines: readonly M[] }): readonly M[] {
  if (machines.length <= MOST_LARGE) return machines;
  const lowest = machines[machines.length - 1].box.y;
  let last = Number.NEGATIVE_INFINITY;
  return machines.filter((machine) => {
    if (machine.box.y !== lowest || legX(machine) < last + BETWEEN_LEGS) return false;
    last = legX(machine);
    return true;
  });
}

/** The control plane's machine stands on the same network: its leg goes round the left edge. */
export function controlLeg(scene: Scene): Track {
  const frame = scene.controlPlane.box;
  const [kubectl, registry] = [boxOf(scene, 'kubectl'), boxOf(scene, 'registry')];
  const y = registry.y > kubectl.y + kubectl.h ? (kubectl.y + kubectl.h + registry.y) / 2 : frame.y + frame.h / 2;
  return [
    { x: frame.x, y },
    { x: scene.network.left + 14, y },
    { x: scene.network.left, y: y + 14 },
    { x: scene.network.left, y: scene.network.y },
  ];
}

/** The overlay between two machines, by their addresses: a tunnel over the wire. */
export function tunnelOf(scene: Scene, from: string, to: string): Track | undefined {
  const end = (ip: string): Point | undefined => {
    const m = scene.machines.find((x) => x.ip === ip);
    return m
      ? { x: legX(m), y: scene.network.tunnelY }
      : ip === scene.controlPlane.ip
        ? { x: scene.network.left, y: scene.network.tunnelY }
        : undefined;
  };
  const [a, b] = [end(from), end(to)];
  return a && b ? [a, b] : undefined;
}
