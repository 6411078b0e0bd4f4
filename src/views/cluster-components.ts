/** The boxes of the control plane and what is outside, and what each says of itself: only what the picture and the trace say. */
import { controllerOf } from '../api/machinery/owner.ts';
import { isOver } from '../api/pods/phase.ts';
import type { V1DaemonSet, V1Pod, V1ReplicaSet } from '../api/schema/kubernetes.ts';
import { many } from '../lib/many.ts';
import { isOwn, objectsOf, type Picture } from '../story/picture.ts';
import { isTable, rowsOf } from '../story/printed-table.ts';
import { fit, fitMiddle, MONO, type Box, type Plane, type Room } from './geometry.ts';
import type { Moment } from './moment.ts';

export interface ComponentBox {
  readonly id: string;
  readonly address: string;
  readonly title: string;
  readonly lines: readonly string[];
  /** All of it, where a line is cut. */
  readonly whole: string;
  readonly plane: Plane;
  readonly box: Box;
  readonly isUp: boolean;
  readonly watches: readonly string[];
  readonly failed?: boolean;
}
export interface Zones {
  readonly frame: Box;
  readonly frameHead: Box;
  readonly kubectl: Box;
  readonly registry: Box;
  readonly apiserver: Box;
  readonly etcd: Box;
  readonly manager: Box;
  readonly scheduler: Box;
  readonly services: Box;
  readonly tray: Box;
  readonly machinesTop: number;
}

const ROW1 = 31;
const TALL = 56;
/** Between the rows of the control plane: an eye fits. */
const GAP = 21;
/** Characters that fit a width: monospaced and proportional, at the sizes of the style sheet. */
const monoIn = (w: number): number => Math.floor((w - 26) / MONO);
const sansIn = (w: number): number => Math.floor((w - 24) / 8);

/** The height for which the rows are as close as they can be. */
export const LEAST_H = 452;

/** Under this width what is outside moves above the control plane. */
export const NARROW = 820;
export const zonesOf = (room: Room): Zones => (room.w < NARROW ? narrowZones(room) : wideZones(room));

/** Beside an open inspector: kubectl, the registry and Services above, the tray at the right. */
function narrowZones({ w }: Room): Zones {
  const top = 100;
  const frame: Box = { x: 30, y: top, w: w - 30 - 164, h: ROW1 + 2 * TALL + GAP + 6 };
  const [row1, row2] = [top + ROW1 - 4, top + ROW1 - 4 + TALL + GAP];
  const trunkX = frame.x + 14 + 206 + 24;
  const apiserver: Box = { x: trunkX - 190, y: row1, w: 280, h: TALL };
  const etcdX = apiserver.x + apiserver.w + 30;
  return {
    frame,
    frameHead: { x: frame.x + 8, y: frame.y + 1, w: 330, h: 24 },
    apiserver,
    machinesTop: frame.y + frame.h + 32,
    manager: { x: frame.x + 14, y: row2, w: 206, h: TALL },
    scheduler: { x: trunkX + 24, y: row2, w: frame.x + frame.w - 14 - trunkX - 24, h: TALL },
    etcd: { x: etcdX, y: row1 - 5, w: frame.x + frame.w - 14 - etcdX, h: TALL + 9 },
    kubectl: { x: 30, y: 6, w: 226, h: 80 },
    registry: { x: 272, y: 18, w: 190, h: TALL },
    services: { x: 478, y: 18, w: w - 16 - 478, h: TALL },
    tray: { x: frame.x + frame.w + 12, y: top, w: w - 16 - frame.x - frame.w - 12, h: frame.h },
  };
}

/** Three zones side by side: outside, the control plane's machine, and what is only data. Extra room is shared between them. */
function wideZones({ w, h }: Room): Zones {
  const extra = w - 1040;
  const air = Math.min(40, Math.max(0, (h - LEAST_H) * 0.3));
  const row2 = ROW1 + TALL + GAP + air * 0.45;
  const left = 208 + extra * 0.24;
  const frame: Box = { x: 30 + left + 14, y: 4, w: 522 + extra * 0.34, h: row2 + TALL + 10 - 4 };
  const trunkX = frame.x + 14 + 206 + extra * 0.12 + 24;
  const right = frame.x + frame.w + 16;
  const scheduler: Box = { x: trunkX + 24, y: row2, w: frame.x + frame.w - 14 - trunkX - 24, h: TALL };
  const apiserver: Box = { x: trunkX - 190 - extra * 0.06, y: ROW1, w: 280 + extra * 0.1, h: TALL };
  const etcdX = apiserver.x + apiserver.w + 44;
  const split = frame.y + frame.h - 68 - air * 0.4;
  return {
    frame,
    frameHead: { x: frame.x + 8, y: frame.y + 2, w: 330, h: 26 },
    apiserver,
    scheduler,
    machinesTop: frame.y + frame.h + 32 + air * 0.4,
    manager: { x: frame.x + 14, y: row2, w: trunkX - 24 - frame.x - 14, h: TALL },
    etcd: { x: etcdX, y: ROW1 - 5, w: frame.x + frame.w - 14 - etcdX, h: TALL + 9 },
    kubectl: { x: 30, y: ROW1 + TALL / 2 - 40, w: left, h: 80 },
    registry: { x: 30, y: row2, w: left, h: TALL },
    services: { x: right, y: 4, w: w - 16 - right, h: split - 12 },
    tray: { x: right, y: split, w: w - 16 - right, h: frame.y + frame.h - split },
  };
}

export function componentsOf(picture: Picture, moment: Moment, zones: Zones, cp: string): readonly ComponentBox[] {
  const part = (id: string, title: string, box: Box, line: string, plane: Plane = 'control'): ComponentBox => {
    const address = `${cp}/${id}`;
    const isUp = picture.actors.has(address);
    return {
      id,
      address,
      title,
      box,
      plane,
      isUp,
      whole: line,
      lines: [isUp ? fit(line, sansIn(box.w)) : 'not running'],
      watches: moment.watches.get(address) ?? [],
    };
  };
  return [
    kubectlBox(moment, zones.kubectl),
    part('kube-apiserver', 'kube-apiserver', zones.apiserver, watchLine(moment)),
    part('etcd', 'etcd', zones.etcd, `${picture.revision < 10_000 ? 'revision' : 'rev'} ${picture.revision}`, 'storage'),
    part('kube-controller-manager', 'controller-manager', zones.manager, managerLine(picture, moment)),
    part('kube-scheduler', 'kube-scheduler', zones.scheduler, schedulerLine(picture, moment)),
    {
      id: 'registry',
      address: 'registry/registry',
      title: 'registry',
      plane: 'network',
      box: zones.registry,
      isUp: true,
      whole: 'image registry, on the internet',
      watches: [],
      lines: [registryLine(moment, zones.registry)],
    },
  ];
}

function kubectlBox({ kubectl, watches }: Moment, box: Box): ComponentBox {
  const answer = kubectl?.answer ?? '';
  const answers = isTable(answer) ? rowsOf(answer) : answer.split('\n').filter((l) => l !== '');
  const room = monoIn(box.w);
  const said = answers.length > 1 ? [answers[0], answers.length > 2 ? `… ${answers.length - 1} more lines` : answers[1]] : answers;
  return {
    id: 'kubectl',
    address: 'laptop/kubectl',
    title: fit(`$ kubectl ${kubectl?.command ?? ''}`.trim(), monoIn(box.w)),
    plane: 'client',
    box,
    isUp: true,
    watches: [...watches].flatMap(([who, what]) => (who.startsWith('laptop/') ? what : [])),
    failed: kubectl?.failed ?? false,
    whole: `${kubectl?.command ?? ''}\n${kubectl?.answer ?? ''}`,
    lines: said.length > 0 ? said.map((l) => answerIn(bareOf(l), room)) : [kubectl ? 'waits for an answer' : 'on your laptop'],
  };
}

/** Of a line that a watch prints what is told of a table's row; of others all. */
const bareOf = (line: string): string => line.replace(/^(\S+) +(\d+\/\d+) +(\S+) .*/, '$1 $2 $3').replace(/ {2,}/g, '  ');

/** What has happened to an object says more than its group: 'deployment.apps/web created' is '…/web created' where it must be cut; and how a pod is, more than all of its name. */
function answerIn(line: string, room: number): string {
  const [, name, state] = /^(\S+)( \d+\/\d+ .*)$/.exec(line) ?? [];
  if (state !== undefined && state.length < room) return `${fitMiddle(name, room - state.length)}${state}`;
  const bare = line.replace(/^[^ /]+\/(?=\S+ \w+$)/, '…/');
  return line.length > room && bare.length <= room ? bare : fit(line, room);
}

function watchLine({ watches }: Moment): string {
  const open = [...watches.values()].reduce((sum, w) => sum + w.length, 0);
  return `${open} watch${open === 1 ? '' : 'es'} open`;
}

/** Whether a pod counts for its set: neither over nor ending. */
const isActive = (pod: V1Pod): boolean => !pod.metadata?.deletionTimestamp && !isOver(pod);

/** What it counts: the ReplicaSet or DaemonSet that changed last, of those that want pods. */
function managerLine(picture: Picture, { counted }: Moment): string {
  const set = counted === undefined ? undefined : (picture.objects.get(counted) as V1ReplicaSet | V1DaemonSet | undefined);
  const pods = objectsOf<V1Pod>(picture, 'pods').filter(isActive);
  if (!set) {
    const bare = pods.filter((p) => isOwn(p) && !controllerOf(p)).length;
    return bare === 0 ? 'no ReplicaSet to count' : `no set, ${many(bare, 'bare pod')}`;
  }
  const have = pods.filter((p) => controllerOf(p)?.uid === set.metadata?.uid).length;
  const want = wantOf(set);
  return `${set.kind}: ${have} ${want === undefined ? 'so far' : `of ${want}`}`;
}

/** A DaemonSet's is known when its controller has written the status. */
function wantOf({ spec, status }: V1ReplicaSet | V1DaemonSet): number | undefined {
  if (spec && 'replicas' in spec) return spec.replicas;
  return status && 'desiredNumberScheduled' in status && status.observedGeneration !== undefined
    ? status.desiredNumberScheduled
    : undefined;
}

/** What it placed while the cluster came up is no news. */
function schedulerLine(picture: Picture, { placing }: Moment): string {
  const own = objectsOf<V1Pod>(picture, 'pods').filter(isOwn);
  const waiting = own.filter((p) => !p.spec?.nodeName).length;
  if (!placing || !own.some((p) => p.metadata?.name === placing.pod))
    return waiting > 0 ? `${many(waiting, 'pod')} to place` : 'no pod waits';
  const looked = many(placing.evaluated, 'node');
  if (placing.feasible === 0) return `${looked} → none fits`;
  return `${looked} → ${placing.feasible} fit${placing.feasible === 1 ? 's' : ''}${placing.machine ? ` → ${placing.machine}` : ''}`;
}

function registryLine({ pulls }: Moment, box: Box): string {
  const images = new Set([...pulls.values()].flat());
  const pulling = [...pulls.values()].filter((p) => p.length > 0).length;
  if (images.size === 0) return 'on the internet';
  return fit(`${shortImage([...images][0])}${pulling > 1 ? ` ×${pulling}` : ''}`, sansIn(box.w));
}

const shortImage = (image: string): string => image.replace(/^docker\.io\//, '').replace(/^library\//, '');
