/** The cluster view: where everything sits, as a pure function of the picture. Slots are stable: nothing moves when a pod is born. Units are pixels at zoom 1. */
import type { V1EndpointSlice, V1Node, V1Pod, V1Service } from '../api/schema/kubernetes.ts';
import { podLine } from '../api/pods/print.ts';
import { objectsOf, type Picture } from '../story/picture.ts';

export interface Box { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
export interface PodToken { readonly key: string; readonly name: string; readonly short: string; readonly ip: string; readonly status: string; readonly ready: boolean; readonly box: Box; readonly containers: readonly { readonly name: string; readonly state: string }[]; readonly isSystem: boolean }
export interface MachineBox { readonly name: string; readonly ip: string; readonly ready: boolean; readonly isOff: boolean; readonly podCIDR: string; readonly box: Box; readonly pods: readonly PodToken[]; readonly hidden: number; readonly system: number; readonly parts: readonly { readonly name: string; readonly box: Box; readonly isUp: boolean }[]; /** The machine's own kernel, where routes and rules are. */ readonly kernel: Box }
export interface ComponentBox { readonly id: string; readonly title: string; readonly detail: string; readonly plane: 'control' | 'storage' | 'client' | 'network'; readonly box: Box; readonly isUp: boolean }
export interface ServiceBox { readonly key: string; readonly name: string; readonly ip: string; readonly ready: number; readonly total: number; readonly box: Box }
export interface Scene { readonly components: readonly ComponentBox[]; readonly machines: readonly MachineBox[]; readonly services: readonly ServiceBox[]; readonly tray: readonly PodToken[]; readonly waiting: number; readonly trayBox: Box; readonly controlPlane: { readonly name: string; readonly ip: string; readonly pods: number; readonly box: Box } }

const MACHINE = { w: 300, h: 258 } as const;
const POD = { w: 133, h: 64 } as const;
/** The processes that are drawn on each machine: name, left edge, width. */
const PARTS = [['kubelet', 12, 66], ['containerd', 83, 88], ['cni', 176, 46], ['kube-proxy', 227, 61]] as const;
const LEFT = 24;
const WIDTH = 1216;
const TOP = 318;
const PER_ROW = 4;
const SHOWN = 4;

const stateOf = (pod: V1Pod, name: string): string => {
  const s = pod.status?.containerStatuses?.find((c) => c.name === name)?.state;
  return s?.running ? 'running' : s?.terminated ? 'ended' : 'waiting';
};
const isSystem = (pod: V1Pod): boolean => (pod.metadata?.namespace ?? '').startsWith('kube-');
const isDrawn = (pod: V1Pod): boolean => !isSystem(pod) || pod.metadata?.labels?.['k8s-app'] === 'kube-dns';

function token(pod: V1Pod, box: Box): PodToken {
  const name = pod.metadata?.name ?? '';
  return {
    key: `${pod.metadata?.namespace}/${name}`, name, short: name.length > 11 ? `…${name.slice(-5)}` : name, ip: pod.status?.podIP ?? '', status: podLine(pod, 0).status, ready: pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false, box,
    containers: (pod.spec?.containers ?? []).map((c) => ({ name: c.name, state: stateOf(pod, c.name) })), isSystem: isSystem(pod),
  };
}

export function sceneOf(picture: Picture): Scene {
  const nodes = objectsOf<V1Node>(picture, 'minions');
  const pods = objectsOf<V1Pod>(picture, 'pods');
  const control = nodes.find((n) => n.metadata?.labels?.['node-role.kubernetes.io/control-plane'] !== undefined);
  const workers = nodes.filter((n) => n !== control || nodes.length === 1).sort((a, b) => compareNames(a.metadata?.name ?? '', b.metadata?.name ?? ''));
  const columns = Math.min(PER_ROW, workers.length);
  const stride = columns > 1 ? (WIDTH - MACHINE.w) / (columns - 1) : 0;
  const waiting = pods.filter((p) => !p.spec?.nodeName && isDrawn(p));
  const trayBox: Box = { x: 838, y: 176, w: 190, h: 92 };
  return {
    components: componentsOf(picture, control?.metadata?.name ?? 'cp-1', waiting.length), services: servicesOf(picture), trayBox, waiting: waiting.length,
    machines: workers.map((node, i) => machineBox(node, pods, picture, { x: LEFT + (i % PER_ROW) * stride, y: TOP + Math.floor(i / PER_ROW) * (MACHINE.h + 36), ...MACHINE })),
    tray: waiting.slice(0, 3).map((p, i) => token(p, { x: trayBox.x + 10, y: trayBox.y + 26 + i * 20, w: 170, h: 20 })),
    controlPlane: { name: control?.metadata?.name ?? '', ip: control?.status?.addresses?.[0]?.address ?? '', pods: pods.filter((p) => p.spec?.nodeName === control?.metadata?.name).length, box: { x: 284, y: 10, w: 758, h: 274 } },
  };
}

function compareNames(a: string, b: string): number {
  const n = (s: string): number => Number(/(\d+)$/.exec(s)?.[1] ?? 0);
  return n(a) - n(b) || (a < b ? -1 : 1);
}

function machineBox(node: V1Node, all: readonly V1Pod[], picture: Picture, box: Box): MachineBox {
  const name = node.metadata?.name ?? '';
  const mine = all.filter((p) => p.spec?.nodeName === name);
  const drawn = mine.filter(isDrawn);
  const slots = drawn.slice(0, SHOWN).map((p, i) => token(p, { x: box.x + 12 + (i % 2) * (POD.w + 10), y: box.y + 90 + Math.floor(i / 2) * (POD.h + 8), ...POD }));
  const isUp = (part: string): boolean => picture.actors.has(`${name}/${part}`);
  return {
    name, ip: node.status?.addresses?.find((a) => a.type === 'InternalIP')?.address ?? '', ready: node.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false, isOff: !isUp('containerd') && !isUp('kubelet'), podCIDR: node.spec?.podCIDR ?? '', box,
    pods: slots, hidden: drawn.length - slots.length, system: mine.length - drawn.length,
    kernel: { x: box.x + 8, y: box.y + box.h - 28, w: box.w - 16, h: 22 },
    parts: PARTS.map(([part, x, w]) => ({ name: part, isUp: isUp(part), box: { x: box.x + x, y: box.y + 46, w, h: 32 } })),
  };
}

function componentsOf(picture: Picture, cp: string, waiting: number): readonly ComponentBox[] {
  const up = (part: string): boolean => picture.actors.has(`${cp}/${part}`);
  return [
    { id: 'kubectl', title: '$ kubectl', detail: 'your laptop', plane: 'client', box: { x: 24, y: 60, w: 190, h: 64 }, isUp: true },
    { id: 'kube-apiserver', title: 'kube-apiserver', detail: 'the only door to etcd', plane: 'control', box: { x: 318, y: 50, w: 216, h: 68 }, isUp: up('kube-apiserver') },
    { id: 'etcd', title: 'etcd', detail: `revision ${picture.revision}`, plane: 'storage', box: { x: 690, y: 46, w: 160, h: 76 }, isUp: up('etcd') },
    { id: 'kube-controller-manager', title: 'controller-manager', detail: 'wanted = there?', plane: 'control', box: { x: 304, y: 192, w: 228, h: 68 }, isUp: up('kube-controller-manager') },
    { id: 'kube-scheduler', title: 'kube-scheduler', detail: waiting > 0 ? `${waiting} without a machine` : 'nothing to place', plane: 'control', box: { x: 586, y: 192, w: 228, h: 68 }, isUp: up('kube-scheduler') },
    { id: 'registry', title: 'registry', detail: 'on the internet', plane: 'network', box: { x: 24, y: 194, w: 190, h: 64 }, isUp: true },
  ];
}

function servicesOf(picture: Picture): readonly ServiceBox[] {
  const slices = objectsOf<V1EndpointSlice>(picture, 'endpointslices');
  return objectsOf<V1Service>(picture, 'services/specs').filter((s) => !(s.metadata?.namespace ?? '').startsWith('kube-') && s.metadata?.name !== 'kubernetes').slice(0, 3).map((s, i) => {
    const endpoints = slices.filter((e) => e.metadata?.namespace === s.metadata?.namespace && e.metadata?.labels?.['kubernetes.io/service-name'] === s.metadata?.name).flatMap((e) => e.endpoints ?? []);
    return { key: `${s.metadata?.namespace}/${s.metadata?.name}`, name: s.metadata?.name ?? '', ip: s.spec?.clusterIP ?? '', ready: endpoints.filter((e) => e.conditions?.ready).length, total: endpoints.length, box: { x: 1064, y: 50 + i * 84, w: 176, h: 76 } };
  });
}

const middle = (box: Box): { readonly x: number; readonly y: number } => ({ x: box.x + box.w / 2, y: box.y + box.h / 2 });

/** Where an address is on the stage; undefined when it is not drawn. */
export function anchorOf(scene: Scene, address: string): { readonly x: number; readonly y: number } | undefined {
  const [host, part] = address.split('/');
  if (host === 'laptop') return middle(scene.components[0].box);
  if (host === 'registry' || host === 'internet') return middle(scene.components[5].box);
  const machine = scene.machines.find((m) => m.name === host);
  if (host === scene.controlPlane.name) {
    const component = scene.components.find((c) => c.id === part);
    if (component) return middle(component.box);
    if (!machine) return { x: scene.controlPlane.box.x + scene.controlPlane.box.w - 80, y: scene.controlPlane.box.y + 20 };
  }
  if (machine && (part === 'linux' || part?.startsWith('curl-') || part?.startsWith('dig-'))) return middle(machine.kernel);
  if (machine) return middle((machine.parts.find((p) => p.name === part) ?? (part === 'kube-flannel' ? machine.parts[2] : undefined))?.box ?? machine.box);
  for (const m of scene.machines) { const pod = m.pods.find((p) => p.key === `${host}/${part}`); if (pod) return middle(pod.box); }
  return undefined;
}
