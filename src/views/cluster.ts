/** The cluster view: where everything sits, as a pure function of the picture, the moment and the room. Slots are stable: nothing moves when a pod is born. */
import { mapMatches } from '../api/machinery/label-map.ts';
import { internalIp } from '../api/machinery/node-address.ts';
import type { V1EndpointSlice, V1Node, V1Pod, V1Service } from '../api/schema/kubernetes.ts';
import { isControlPlane, isOwn, objectsOf, type Picture } from '../story/picture.ts';
import { componentsOf, LEAST_H, NARROW, zonesOf, type ComponentBox, type Zones } from './cluster-components.ts';
import { fit, fitMiddle, type Box, type Room } from './geometry.ts';
import { machineBox, MACHINE_GAP, machinesArea, type MachineBox } from './cluster-machines.ts';
import type { Moment } from './moment.ts';
import { podToken, type PodToken } from './pod-token.ts';
import { slotOf, type Slots } from './slots.ts';

export interface ServiceBox {
  readonly key: string;
  readonly name: string;
  readonly ip: string;
  readonly ready: number;
  readonly total: number;
  /** It asks for labels that no pod has. */
  readonly selectsNone: boolean;
  readonly box: Box;
}
/** Pods as names in a row or more. */
export interface Named {
  readonly pods: readonly PodToken[];
  /** Those that found no place. */
  readonly more: number;
}
export interface Tray extends Named {
  readonly box: Box;
  readonly waiting: number;
}
export interface ControlPlane {
  readonly name: string;
  readonly ip: string;
  readonly isCordoned: boolean;
  readonly pods: number;
  /** The user's, beside the name. */
  readonly own: Named;
  readonly box: Box;
  /** The button that leads into the machine. */
  readonly head: Box;
}
export interface Scene {
  readonly room: Room;
  readonly components: readonly ComponentBox[];
  readonly machines: readonly MachineBox[];
  /** There are so many machines that each is a tile. */
  readonly isFleet: boolean;
  readonly services: readonly ServiceBox[];
  /** Services that found no place. */
  readonly moreServices: number;
  readonly tray: Tray;
  readonly controlPlane: ControlPlane;
  /** The infrastructure network: a wire under the machines. */
  readonly network: {
    readonly cidr: string;
    readonly y: number;
    readonly left: number;
    readonly right: number;
    /** Where the overlay's tunnel is, when a packet is in it. */
    readonly tunnelY: number;
  };
}
export interface Looking {
  readonly picture: Picture;
  readonly moment: Moment;
  readonly slots: Slots;
  readonly room: Room;
  readonly infraCIDR?: string;
}

/** The least room in which every text has its place; less is shown smaller. */
export const LEAST: Room = { w: 1040, h: LEAST_H };
const LEAST_NARROW: Room = { w: 740, h: 540 };

/** The room as the scene fills it: at least what the texts need, in the shape of the room that there is. */
function filled(room: Room): Room {
  const least = room.w < NARROW && room.w > 0 ? LEAST_NARROW : LEAST;
  const w = Math.max(least.w, room.w);
  return { w, h: Math.max(least.h, room.w > 0 ? (room.h * w) / room.w : room.h) };
}
/** Tall while there is room for all, else in one line each. */
const SERVICE = { tall: { h: 50, gap: 8 }, low: { h: 25, gap: 4 } } as const;
const TRAY = { top: 24, row: 20, column: 92 } as const;
/** Right of the control plane's name and count. */
const BESIDE_HEAD = 220;

/** How many pods of the tray are shown by name. */
export const trayPlaces = (room: Room): number => placesIn(trayArea(zonesOf(filled(room)).tray));
const trayArea = ({ w, h }: Box): Box => ({ x: 8, y: TRAY.top, w: w - 16, h: h - TRAY.top - 2 });
const columnsIn = (area: Box): number => Math.max(1, Math.floor(area.w / TRAY.column));
const placesIn = (area: Box): number => Math.max(1, Math.floor(area.h / TRAY.row)) * columnsIn(area);

export function sceneOf(looking: Looking): Scene {
  const { picture, moment, slots, room, infraCIDR = '192.168.0.0/24' } = looking;
  const all = filled(room);
  const zones = zonesOf(all);
  const pods = objectsOf<V1Pod>(picture, 'pods');
  const nodes = objectsOf<V1Node>(picture, 'minions');
  const control = nodes.find(isControlPlane);
  const name = control?.metadata?.name ?? 'cp-1';
  const workers = nodes
    .filter((n) => n !== control || nodes.length === 1)
    .sort((a, b) => compareNames(a.metadata?.name ?? '', b.metadata?.name ?? ''));
  const byMachine = groupPods(pods);
  const tray = namedOf(looking, { pods: byMachine.get(''), places: slots.get('') }, trayArea(zones.tray));
  const area = machinesArea(all, zones.machinesTop, workers.length);
  return {
    room: { w: all.w, h: area.bottom + MACHINE_GAP.below },
    components: componentsOf(picture, moment, zones, name),
    ...servicesOf(picture, zones.services, pods),
    tray: { box: zones.tray, waiting: tray.pods.length + tray.more, ...tray },
    isFleet: area.isFleet,
    machines: workers.map((node, i) =>
      machineBox(
        { node, pods: byMachine.get(node.metadata?.name ?? '') ?? [], picture, moment, places: slots.get(node.metadata?.name ?? '') },
        area.boxes[i],
        area.isFleet,
      ),
    ),
    controlPlane: {
      name,
      ip: internalIp(control),
      isCordoned: control?.spec?.unschedulable === true,
      pods: byMachine.get(name)?.length ?? 0,
      own: namedOf(
        looking,
        { pods: nodes.length > 1 ? byMachine.get(name) : [] },
        { x: BESIDE_HEAD, y: 3, w: zones.etcd.x - zones.frame.x - BESIDE_HEAD, h: TRAY.row },
      ),
      box: zones.frame,
      head: zones.frameHead,
    },
    network: {
      cidr: infraCIDR,
      y: area.bottom + 30,
      left: 12,
      right: Math.max(all.w - 104, ...area.boxes.map((b) => b.x + b.w / 2 + 24)),
      tunnelY: area.bottom + 14,
    },
  };
}

function groupPods(pods: readonly V1Pod[]): ReadonlyMap<string, readonly V1Pod[]> {
  const groups = new Map<string, V1Pod[]>();
  for (const pod of pods) {
    const home = pod.spec?.nodeName ?? '';
    const group = groups.get(home);
    if (group) group.push(pod);
    else groups.set(home, [pod]);
  }
  return groups;
}

function compareNames(a: string, b: string): number {
  const n = (s: string): number => Number(/(\d+)$/.exec(s)?.[1] ?? 0);
  return n(a) - n(b) || (a < b ? -1 : 1);
}

/** The user's among these pods, as names in their places; without places, one after the other. Boxes are relative to what the area is in. */
function namedOf(
  { picture, moment }: Looking,
  { pods, places }: { readonly pods: readonly V1Pod[] | undefined; readonly places?: ReadonlyMap<string, number> | undefined },
  area: Box,
): Named {
  const own = (pods ?? []).filter((p) => isOwn(p));
  const columns = columnsIn(area);
  const w = area.w / columns;
  const shown = own.flatMap((pod, i) => {
    const slot = places ? slotOf(places, pod) : i;
    if (slot >= placesIn(area)) return [];
    const token = podToken(pod, picture, moment, {
      x: area.x + (slot % columns) * w,
      y: area.y + Math.floor(slot / columns) * TRAY.row,
      w: w - 4,
      h: TRAY.row,
    });
    return [{ ...token, short: fit(token.short, Math.floor((w - 30) / 8.8)) }];
  });
  return { pods: shown, more: own.length - shown.length };
}

/** Whether it asks for labels that no pod of its namespace has. */
const isBlind = ({ metadata, spec }: V1Service, pods: readonly V1Pod[]): boolean =>
  spec?.type !== 'ExternalName' &&
  Object.keys(spec?.selector ?? {}).length > 0 &&
  !pods.some((p) => p.metadata?.namespace === metadata?.namespace && mapMatches(spec?.selector, p.metadata?.labels));

function servicesOf(picture: Picture, zone: Zones['services'], pods: readonly V1Pod[]): Pick<Scene, 'services' | 'moreServices'> {
  const slices = objectsOf<V1EndpointSlice>(picture, 'endpointslices');
  const all = objectsOf<V1Service>(picture, 'services/specs').filter((s) => isOwn(s) && s.metadata?.name !== 'kubernetes');
  const columns = Math.max(1, Math.floor((zone.w + 12) / 236));
  const rowsOf = ({ h, gap }: { readonly h: number; readonly gap: number }): number => Math.max(1, Math.floor((zone.h + gap) / (h + gap)));
  const size = all.length <= columns * rowsOf(SERVICE.tall) ? SERVICE.tall : SERVICE.low;
  const rows = rowsOf(size);
  const w = (zone.w - 12 * (columns - 1)) / columns;
  const services = all.slice(0, columns * rows).map((s, i): ServiceBox => {
    const endpoints = slices
      .filter(
        (e) => e.metadata?.namespace === s.metadata?.namespace && e.metadata?.labels?.['kubernetes.io/service-name'] === s.metadata?.name,
      )
      .flatMap((e) => e.endpoints ?? []);
    return {
      key: `${s.metadata?.namespace}/${s.metadata?.name}`,
      name: fitMiddle(s.metadata?.name ?? '', Math.max(16, Math.floor((w - 130) / 9.4))),
      ip: s.spec?.clusterIP ?? '',
      ready: endpoints.filter((e) => e.conditions?.ready).length,
      total: endpoints.length,
      selectsNone: isBlind(s, pods),
      box: { x: zone.x + (i % columns) * (w + 12), y: zone.y + Math.floor(i / columns) * (size.h + size.gap), w, h: size.h },
    };
  });
  return { services, moreServices: all.length - services.length };
}
