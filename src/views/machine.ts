/** A machine, cut open: its processes at the left, its pods as network namespaces that are plugged into the bridge, and its kernel's tables at the right. */
import type { V1Node, V1Pod } from '../api/schema/kubernetes.ts';
import { many } from '../lib/many.ts';
import { factIn, tableIn, type Inside } from '../story/inside.ts';
import { isReady, objectsOf } from '../story/picture.ts';
import { areaOf, panel, roomOf, rulesOptions, split, tablePanel, type CutWire, type Cutaway, type Panel, type Seen } from './cutaway.ts';
import { elbow, fit, onBottom, type Box } from './geometry.ts';
import { podToken, type PodToken } from './pod-token.ts';
import { slotOf } from './slots.ts';

const PARTS = ['kubelet', 'containerd', 'cni', 'kube-proxy', 'linux'] as const;
/** Whose insides the view needs. */
export const machineLooks = (machine: string): readonly string[] => PARTS.map((part) => `${machine}/${part}`);

const POD = { w: 156, gap: 12, most: 150, cables: 22 } as const;
const BRIDGE_H = 34;
/** Two lines: the link, and its address. */
const LINK_H = 48;
const HEADING = 30;

interface Here extends Seen {
  readonly machine: string;
  /** Whether a process of the machine runs. */
  readonly isUp: (part: string) => boolean;
  readonly inside: (part: string) => Inside | undefined;
  readonly token: (pod: V1Pod) => PodToken;
}

export function machineCut(seen: Seen): Cutaway {
  const machine = seen.address;
  const room = roomOf(seen.room);
  const here: Here = {
    ...seen,
    machine,
    isUp: (part) => seen.picture.actors.has(`${machine}/${part}`),
    inside: (part) => seen.insides[`${machine}/${part}`],
    token: (pod) => podToken(pod, seen.picture, seen.moment, { x: 0, y: 0, w: 0, h: 0 }),
  };
  const [left, middle, right] = split(areaOf(room, 30), 'columns', [24.5, 34.5, 41], 14);
  const pods = objectsOf<V1Pod>(seen.picture, 'pods').filter((p) => p.spec?.nodeName === machine);
  const [own, shared] = [pods.filter((p) => !p.spec?.hostNetwork), pods.filter((p) => p.spec?.hostNetwork)];
  const net = networkOf(here, own, shared, middle);
  const linux = here.inside('linux');
  return {
    title: machine,
    room,
    alarm: alarmOf(here),
    subtitle: here.isUp('linux')
      ? `${factIn(linux, 'address')} · pods ${factIn(linux, 'pod addresses')} · ${many(pods.length, 'pod')}`
      : inApi(pods.length),
    panels: [...processesOf(here, left), ...net.panels, ...kernelOf(here, right)],
    wires: [
      ...net.wires,
      {
        id: 'infra',
        plane: 'network',
        isThick: true,
        track: [
          { x: 16, y: room.h - 12 },
          { x: room.w - 16, y: room.h - 12 },
        ],
      },
    ],
  };
}

/** What is wrong with the machine, as it is and as the API has it. */
function alarmOf({ machine, isUp, picture, moment }: Here): string {
  const node = picture.objects.get(`/registry/minions/${machine}`) as V1Node | undefined;
  if (!node) return '';
  const isOn = isUp('linux');
  return [
    isOn ? '' : 'off',
    moment.cut.has(machine) ? 'cut off' : '',
    isOn && !isUp('kubelet') ? 'kubelet stopped' : '',
    isReady(node) ? '' : 'NotReady',
    node.spec?.unschedulable ? 'cordoned' : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** What a panel of a process that is not there says instead. */
const DOWN = { note: 'not running', isDown: true } as const;
/** So does one of what a kernel has in memory only. */
const GONE = { note: 'gone', isDown: true } as const;
/** Of pods on a machine that is off only the objects are left. */
const inApi = (pods: number): string => `${many(pods, 'pod')} in the API`;

function processesOf(here: Here, area: Box): readonly Panel[] {
  const [kubelet, containerd, cni] = split(area, 'rows', [38, 36, 26]);
  return [kubeletPanel(here, kubelet), containerdPanel(here, containerd), cniPanel(here, cni)];
}

function kubeletPanel({ machine, inside, isUp }: Here, box: Box): Panel {
  const address = `${machine}/kubelet`;
  return tablePanel(
    {
      id: 'kubelet',
      title: 'kubelet',
      note: 'a worker each',
      plane: 'machine',
      box,
      addresses: [address],
      opens: address,
      selects: `actor/${address}`,
      ...(isUp('kubelet') ? {} : DOWN),
    },
    tableIn(inside('kubelet'), 'workers'),
    { empty: 'no pod', columns: [0, 1], rowsFirst: true, tone: (t) => (t === 'in sync' ? 'ok' : undefined) },
  );
}

/** Its containers, and while it pulls, its pulls. */
function containerdPanel({ machine, inside, isUp }: Here, box: Box): Panel {
  const runtime = inside('containerd');
  const address = `${machine}/containerd`;
  const frame = { id: 'containerd', title: 'containerd', plane: 'machine', box, addresses: [address], opens: address } as const;
  if (!isUp('containerd')) return panel({ ...frame, ...DOWN });
  const pulls = tableIn(runtime, 'pulls');
  if (pulls.rows.length > 0) return tablePanel({ ...frame, note: 'pulls now' }, pulls, { empty: '' });
  return tablePanel({ ...frame, note: `${factIn(runtime, 'images') || 'no'} images` }, tableIn(runtime, 'containers'), {
    empty: 'no container',
    columns: [1, 2],
    rowsFirst: true,
    tone: (t) => (t === 'running' ? 'ok' : t.startsWith('exited') ? 'bad' : undefined),
  });
}

function cniPanel({ machine, inside, isUp }: Here, box: Box): Panel {
  return tablePanel(
    {
      id: 'cni',
      title: 'CNI',
      note: 'leases',
      plane: 'network',
      box,
      addresses: [`${machine}/cni`, `${machine}/kube-flannel`],
      opens: `${machine}/cni`,
      ...(isUp('cni') ? {} : DOWN),
    },
    tableIn(inside('cni'), 'leases'),
    { empty: 'no address is leased', rowsFirst: true, isBare: true },
  );
}

function kernelOf({ machine, inside, moment, isUp }: Here, area: Box): readonly Panel[] {
  const [rules, routes, conntrack] = split(area, 'rows', [42, 28, 30]);
  const linux = inside('linux');
  const opens = `${machine}/linux`;
  const down = isUp('linux') ? {} : GONE;
  return [
    tablePanel(
      { id: 'rules', title: 'iptables', note: 'Services as rules', plane: 'network', box: rules, opens, ...down },
      tableIn(linux, 'rules'),
      { empty: 'kube-proxy wrote none yet', columns: [1, 3, 5], ...rulesOptions(moment), rowsFirst: true },
    ),
    tablePanel({ id: 'routes', title: 'routes', plane: 'network', box: routes, opens, ...down }, tableIn(linux, 'routes'), {
      empty: 'none',
      columns: [0, 2],
      isBare: true,
    }),
    tablePanel(
      { id: 'conntrack', title: 'conntrack', note: 'asked · answers', plane: 'network', box: conntrack, opens, ...down },
      tableIn(linux, 'conntrack'),
      { empty: 'no connection is remembered', columns: [2, 3], rowsFirst: true, isBare: true },
    ),
  ];
}

const bare = (address = ''): string => address.replace(/\/\d+$/, '');

/** Pods, the bridge that they are plugged into, and the links that lead out. */
function networkOf(
  here: Here,
  own: readonly V1Pod[],
  shared: readonly V1Pod[],
  area: Box,
): { readonly panels: readonly Panel[]; readonly wires: readonly CutWire[] } {
  const { machine, inside, isUp, moment } = here;
  const isOn = isUp('linux');
  const linksY = area.y + area.h - LINK_H;
  const processes = processChips(here, shared, { ...area, h: linksY - area.y - 16 });
  const bridge: Box = { x: area.x, y: processes.top - 20 - BRIDGE_H, w: area.w, h: BRIDGE_H };
  const gateway = factIn(inside('linux'), 'gateway');
  const pods = podPanels(here, own, { ...area, y: area.y + HEADING, h: bridge.y - area.y - HEADING - POD.cables });
  const [flannel, eth0] = split({ x: area.x, y: linksY, w: area.w, h: LINK_H }, 'columns', [1, 1.12], 62);
  const links = new Map(tableIn(inside('linux'), 'links').rows.map(([name, address]) => [name, address]));
  const hasBridge = links.has('cni0');
  const link = (id: string, note: string, box: Box, addresses: readonly string[]): Panel =>
    panel({
      id,
      title: id,
      note,
      plane: 'network',
      box,
      shape: 'link',
      addresses,
      opens: `${machine}/linux`,
      ...(isOn ? {} : GONE),
    });
  return {
    panels: [
      ...pods.panels,
      link('cni0', hasBridge ? `bridge · ${gateway}` : 'made with the first pod', bridge, [`${machine}/linux`]),
      ...processes.panels,
      link('flannel.1', links.has('flannel.1') ? bare(links.get('flannel.1')) : 'not yet', flannel, []),
      link('eth0', bare(links.get('eth0')), eth0, ['*']),
    ],
    wires: [
      ...pods.wires.map((w): CutWire => ({ ...w, track: [...w.track, { x: w.track[w.track.length - 1].x, y: bridge.y }] })),
      {
        id: 'out',
        plane: 'network',
        track: elbow({ x: bridge.x + 14, y: bridge.y + bridge.h }, { x: flannel.x + 14, y: flannel.y }, bridge.y + bridge.h + 8),
      },
      {
        id: 'tunnel',
        plane: 'network',
        isDashed: true,
        track: [
          { x: flannel.x + flannel.w, y: flannel.y + LINK_H / 2 },
          { x: eth0.x, y: eth0.y + LINK_H / 2 },
        ],
        label: 'VXLAN',
      },
      {
        id: 'leg',
        plane: 'network',
        isThick: true,
        ...(isOn && !moment.cut.has(machine) ? {} : { isDown: true as const }),
        track: [onBottom(eth0), { x: eth0.x + eth0.w / 2, y: area.y + area.h + 18 }],
      },
    ],
  };
}

/** Of a chip so wide. */
const charsIn = (w: number): number => Math.floor((w - 16) / 8.74);

/** Processes that use the machine's own network: static pods and daemons. */
function processChips(
  { machine, token, picture }: Here,
  shared: readonly V1Pod[],
  area: Box,
): { readonly panels: readonly Panel[]; readonly top: number } {
  const columns = Math.max(1, Math.floor((area.w + 8) / 166));
  const all = [...shared].sort((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
  const shown = all.slice(0, columns * 3);
  const rows = Math.ceil(shown.length / columns);
  const w = (area.w - (columns - 1) * 8) / columns;
  const top = area.y + area.h - rows * 34;
  const panels = shown.map((pod, i) => {
    const { name, glyph, first: part, key } = token(pod);
    const isStatic = pod.metadata?.annotations?.['kubernetes.io/config.source'] === 'file' || name.endsWith(`-${machine}`);
    const whole = `${glyph} ${part.replace('kube-controller-manager', 'controller-manager')}`;
    const saysStatic = isStatic && whole.length <= charsIn(w - 52);
    return panel({
      id: `process/${key}`,
      title: fit(whole, charsIn(w)),
      ...(saysStatic ? { note: 'static' } : {}),
      plane: 'control',
      shape: 'link',
      box: { x: area.x + (i % columns) * (w + 8), y: top + Math.floor(i / columns) * 34, w, h: 28 },
      addresses: [`${machine}/${part}`],
      opens: `${machine}/${part}`,
      selects: `pod/${key}`,
      ...(picture.actors.has(`${machine}/${part}`) || picture.actors.has(`${key}/${part}`) ? {} : { isDown: true }),
    });
  });
  return { panels, top };
}

function podPanels(
  { token, slots, machine, isUp }: Here,
  own: readonly V1Pod[],
  area: Box,
): { readonly panels: readonly Panel[]; readonly wires: readonly CutWire[] } {
  const columns = Math.max(1, Math.floor((area.w + POD.gap) / (POD.w + POD.gap)));
  const w = (area.w - (columns - 1) * POD.gap) / columns;
  const rows = Math.max(1, Math.floor((area.h + POD.cables) / (96 + POD.cables)));
  const h = Math.min(POD.most, (area.h - (rows - 1) * POD.cables) / rows);
  const places = slots.get(machine);
  const placed = own.map((pod) => ({ pod: token(pod), slot: slotOf(places, pod) })).sort((a, b) => a.slot - b.slot);
  const most = columns * rows;
  const shown = placed.filter(({ slot }) => slot < most);
  const panels = shown.map(({ pod, slot }) =>
    podPanel(pod, {
      x: area.x + (slot % columns) * (w + POD.gap),
      y: area.y + area.h - h - Math.floor(slot / columns) * (h + POD.cables),
      w,
      h,
    }),
  );
  const wires = shown.flatMap(({ pod, slot }, i): readonly CutWire[] => {
    if (!pod.foundation) return [];
    const { box } = panels[i];
    const isLast = slot < columns;
    const gutter = { x: box.x + box.w + POD.gap / 2, y: area.y + area.h };
    return [
      {
        id: `veth/${pod.key}`,
        plane: 'network',
        track: isLast
          ? [onBottom(box), { x: box.x + box.w / 2, y: area.y + area.h }]
          : elbow(onBottom(box, 0.8), gutter, box.y + box.h + POD.cables / 2, 8),
      },
    ];
  });
  const hidden = placed.length - shown.length;
  const title =
    own.length === 0
      ? 'no pod with a network of its own'
      : !isUp('linux')
        ? inApi(own.length)
        : `${many(own.length, 'network namespace')}${hidden > 0 ? `, ${hidden} not drawn` : ''}`;
  const heading = panel({
    id: 'namespaces',
    title,
    plane: 'machine',
    shape: 'label',
    box: { x: area.x, y: area.y - HEADING, w: area.w, h: HEADING - 6 },
  });
  return { panels: [heading, ...panels], wires };
}

/** Its name first: what is said of it takes a line of its own, where there is no room for both. */
function podPanel(pod: PodToken, box: Box): Panel {
  const chars = Math.floor((box.w - 30) / 9.2);
  const isTwoLines = pod.short.length + pod.word.length > chars;
  const room = Math.max(1, Math.floor((box.h - 56) / 24) - (isTwoLines ? 1 : 0));
  return panel({
    id: `pod/${pod.key}`,
    title: fit(pod.short, chars),
    note: pod.word,
    glyph: pod.glyph,
    plane: 'machine',
    shape: 'pod',
    box,
    foundation: pod.foundation ? `pause ${pod.foundation.ip}` : '',
    ground: pod.ground,
    selects: `pod/${pod.key}`,
    opens: `${pod.key}/${pod.first}`,
    addresses: [...pod.containers.map((c) => `${pod.key}/${c.name}`), `${pod.key}/pause`, pod.key],
    content: {
      kind: 'blocks',
      blocks: pod.containers.slice(0, room).map(({ name, state }) => ({ name: fit(name, Math.floor((box.w - 34) / 8.6)), state })),
      more: Math.max(0, pod.containers.length - room),
    },
  });
}
