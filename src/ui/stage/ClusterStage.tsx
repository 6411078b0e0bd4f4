/** The cluster zoom: React Flow for what stands still, one canvas for what moves. */
import { ReactFlow, useReactFlow, useStore as useFlow, type Node } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef } from 'react';
import { pictureAt } from '../../story/picture.ts';
import { focusOf, type Focus } from '../../views/focus.ts';
import type { MachineBox } from '../../views/cluster-machines.ts';
import { momentAt, type Moment } from '../../views/moment.ts';
import { placeOf, routeOf, tunnelOf, wiresOf, type Wire } from '../../views/cluster-wires.ts';
import { sceneOf, trayPlaces, type Scene } from '../../views/cluster.ts';
import { fitMiddle, type Box } from '../../views/geometry.ts';
import { wordsOf } from '../../views/label-place.ts';
import { slotsAt } from '../../views/slots.ts';
import { useFields } from '../app/store.ts';
import { nodeTypes as boxes } from './cluster-nodes.tsx';
import { Dots } from './Dots.tsx';
import type { FleetData } from './Fleet.tsx';
import { WasSeen } from './PodTokens.tsx';
import { textScale } from './text-scale.ts';
import { Wires, type WireData } from './Wires.tsx';

/** Fetched with the first packet. */
const PacketCard = lazy(() => import('./PacketCard.tsx'));
const nodeTypes = { ...boxes, wires: Wires };
const fixed = { draggable: false, selectable: false, focusable: false, style: { pointerEvents: 'all' } } as const;

/** The name that the focus uses for what is drawn at an address. */
export function keyAt(scene: Scene, address: string): string | undefined {
  const place = placeOf(scene, address);
  if (!place) return undefined;
  if (place.component !== undefined) return `component/${place.component}`;
  if (place.isControl) return `machine/${scene.controlPlane.name}`;
  if (place.isKernel) return `part/${place.machine?.name}/linux`;
  const part = place.machine?.parts.find((p) => p.address === address);
  return part ? `part/${place.machine?.name}/${part.name}` : `machine/${place.machine?.name}`;
}

interface Drawn {
  readonly scene: Scene;
  readonly wires: readonly Wire[];
  readonly moment: Moment;
  readonly focus: Focus;
  readonly service: string | undefined;
}

/** A letter of the strip, and its edges, px. */
const LIT = { char: 8.2, edges: 46 } as const;

/** What a machine's strip says of the chosen Service, as far as there is room. */
function litText({ moment, service }: Drawn, { name: machine, box }: MachineBox): string | undefined {
  if (service === undefined) return undefined;
  const endpoints = moment.rulesFor(machine, service);
  const more = service === moment.proxied?.service && moment.proxied.more > 0 ? ` +${moment.proxied.more}` : '';
  if (endpoints === undefined) return `no rules for it${more}`;
  const room = Math.floor((box.w - LIT.edges) / LIT.char);
  const to = ` → ${endpoints === 0 ? 'REJECT' : endpoints}${more}`;
  const name = fitMiddle(service.split('/')[1], Math.max(3, Math.min(18, room - to.length)));
  const whole = `${endpoints === 0 ? '' : 'rules: '}${name}${to}`;
  return whole.length <= room ? whole : `${name}${to}`;
}

/** Where a node is. Its size is known: measured again at each step, it would be hidden until then. */
const at = ({ x, y, w, h }: Box) => ({ position: { x, y }, measured: { width: w, height: h } });

/** A box of React Flow for each machine; a fleet is one. */
function machinesOf(drawn: Drawn): readonly Node[] {
  const { scene, focus } = drawn;
  if (scene.isFleet)
    return [
      {
        ...fixed,
        id: 'fleet',
        type: 'fleet',
        zIndex: 2,
        ...at({ x: 0, y: 0, w: 0, h: 0 }),
        data: { machines: scene.machines, focus } satisfies FleetData,
      },
    ];
  return scene.machines.map((m): Node => ({
    ...fixed,
    id: `machine/${m.name}`,
    type: 'machine',
    zIndex: 2,
    ...at(m.box),
    data: { box: m, focus, lit: m.isOff ? undefined : litText(drawn, m) },
  }));
}

function nodesOf(drawn: Drawn): readonly Node[] {
  const { scene, wires, moment, focus, service } = drawn;
  const tunnel = moment.packet?.outer ? tunnelOf(scene, moment.packet.outer.src, moment.packet.outer.dst) : undefined;
  const active = focus.glow?.replace('component/', '').replace(/^part\/([^/]+)\/(kubelet|kube-proxy)$/, 'machine/$1');
  return [
    { ...fixed, id: 'frame', type: 'frame', zIndex: 0, ...at(scene.controlPlane.box), data: { box: scene.controlPlane, focus } },
    {
      ...fixed,
      id: 'wires',
      type: 'wires',
      zIndex: 1,
      ...at({ x: 0, y: 0, ...scene.room }),
      style: { pointerEvents: 'none' as const },
      data: { scene, wires, tunnel, active } satisfies WireData,
    },
    ...scene.components.map((c): Node => ({ ...fixed, id: c.id, type: 'component', zIndex: 2, ...at(c.box), data: { box: c, focus } })),
    { ...fixed, id: 'tray', type: 'tray', zIndex: 2, ...at(scene.tray.box), data: { box: scene.tray, focus } },
    ...scene.services.map((s, i): Node => ({
      ...fixed,
      id: `service/${s.key}`,
      type: 'service',
      zIndex: 2,
      ...at(s.box),
      data: { box: s, focus, lit: s.key === service ? s.key : undefined, more: i === scene.services.length - 1 ? scene.moreServices : 0 },
    })),
    ...machinesOf(drawn),
  ];
}

function useDrawn(): Drawn & { readonly scale: number } {
  const { row, book, beats, selected, infraCIDR } = useFields('row', 'book', 'beats', 'selected', 'infraCIDR');
  const width = useFlow((s) => s.width);
  const height = useFlow((s) => s.height);
  const scale = textScale();
  return useMemo(() => {
    const picture = pictureAt(book, row);
    const moment = momentAt(book, beats, row);
    const room = { w: width / scale, h: height / scale };
    const scene = sceneOf({
      picture,
      moment,
      slots: slotsAt(book, row, trayPlaces(room)),
      room,
      infraCIDR,
    });
    const service = selected?.startsWith('service/')
      ? selected.slice('service/'.length)
      : (moment.packet?.service ?? moment.proxied?.service);
    return {
      scene,
      wires: wiresOf(scene),
      moment,
      service,
      scale,
      focus: focusOf(moment, picture, (address) => keyAt(scene, address), scene.isFleet),
    };
  }, [row, book, beats, selected, infraCIDR, width, height, scale]);
}

/** Fills the stage: the scene is made for its room, so that only what is left over by rounding is centred. */
function Fit({ scene, onFit }: { readonly scene: Scene; readonly onFit: () => void }) {
  const flow = useReactFlow();
  const width = useFlow((s) => s.width);
  const height = useFlow((s) => s.height);
  const { w, h } = scene.room;
  useEffect(() => {
    if (width === 0) return;
    const zoom = Math.min(width / w, height / h);
    void flow.setViewport({ x: (width - w * zoom) / 2, y: Math.max(0, (height - h * zoom) / 2), zoom }).then(onFit);
  }, [flow, width, height, w, h, onFit]);
  return null;
}

/** `onReady`: called when it has its place and can be seen. */
export function ClusterStage({ onReady }: { readonly onReady: (at: string) => void }) {
  const drawn = useDrawn();
  const { scene, wires } = drawn;
  const nodes = useMemo(() => nodesOf(drawn), [drawn]);
  const transform = useFlow((s) => s.transform);
  const view = useMemo(() => ({ x: transform[0], y: transform[1], zoom: transform[2] }), [transform]);
  const route = useMemo(() => (from: string, to: string) => routeOf(scene, wires, from, to), [scene, wires]);
  const words = useMemo(() => wordsOf(scene), [scene]);
  const seen = useRef(false);
  const onFit = useCallback(() => {
    onReady('');
    seen.current = true;
  }, [onReady]);
  return (
    <WasSeen value={seen}>
      <ReactFlow
        nodes={nodes as Node[]}
        nodeTypes={nodeTypes}
        minZoom={0.2}
        maxZoom={4}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        elementsSelectable={false}
        zoomOnDoubleClick={false}
        proOptions={{ hideAttribution: false }}
      >
        <Fit scene={scene} onFit={onFit} />
      </ReactFlow>
      {drawn.moment.packet && (
        <Suspense fallback={null}>
          <PacketCard packet={drawn.moment.packet} box={scene.controlPlane.box} at={view} />
        </Suspense>
      )}
      <Dots route={route} view={view} words={words} />
    </WasSeen>
  );
}
