/** The node graph: React Flow for what stands still, one canvas for what moves. */
import { Background, Controls, Handle, Position, ReactFlow, useReactFlow, useStore as useFlow, type Edge, type Node, type NodeProps } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { memo, useEffect, useMemo, useRef } from 'react';
import { anchorOf, sceneOf, type ComponentBox, type MachineBox, type Scene, type ServiceBox } from '../../views/cluster.ts';
import { hopWords } from '../../story/hop-words.ts';
import { pictureAt } from '../../story/picture.ts';
import { useStore } from '../app/store.ts';
import { moving } from '../transport/playback.ts';
import { packetView } from '../../story/packet-view.ts';
import { PacketCard, useFact } from './PacketCard.tsx';
import css from './stage.module.css';

type Data<T> = { readonly box: T } & Record<string, unknown>;
const select = (selected: string): void => useStore.setState({ selected, why: undefined });
const glyph = (status: string, ready: boolean): string => (ready ? '●' : status === 'Running' ? '◐' : status === 'Terminating' ? '◌' : /Err|Back|Crash|Failed|Unsched/.test(status) ? '✗' : '○');

const Component = memo(({ data }: NodeProps<Node<Data<ComponentBox>>>) => {
  const { box } = data;
  return (
    <button type="button" className={`${css.component} ${css[box.plane]} ${box.isUp ? '' : css.down}`} style={{ width: box.box.w, height: box.box.h }} onClick={() => select(`component/${box.id}`)}>
      <Handle type="target" position={Position.Top} className={css.handle} /><Handle type="source" position={Position.Bottom} className={css.handle} />
      <b>{box.title}</b><small>{box.isUp ? box.detail : 'not running'}</small>
    </button>
  );
});

const Machine = memo(({ data }: NodeProps<Node<Data<MachineBox>>>) => {
  const { box: m } = data;
  return (
    <div className={`${css.machine} ${m.isOff ? css.off : m.ready ? '' : css.unready}`} style={{ width: m.box.w, height: m.box.h }}>
      <Handle type="target" position={Position.Top} className={css.handle} />
      <button type="button" className={css.machineHead} onClick={() => select(`machine/${m.name}`)}><b>{m.name}</b><span>{m.isOff ? 'off' : m.ready ? m.ip : 'NotReady'}</span></button>
      {m.parts.map((part) => <button type="button" key={part.name} title={part.name} className={`${css.part} ${part.isUp ? '' : css.down}`} style={{ left: part.box.x - m.box.x, top: part.box.y - m.box.y, width: part.box.w, height: part.box.h }} onClick={() => select(`actor/${m.name}/${part.name}`)}>{part.name.replace('kube-', '')}</button>)}
      {m.pods.map((pod) => (
        <button type="button" key={pod.key} className={`${css.pod} ${pod.isSystem ? css.dim : ''}`} style={{ left: pod.box.x - m.box.x, top: pod.box.y - m.box.y, width: pod.box.w, height: pod.box.h }} onClick={() => select(`pod/${pod.key}`)} title={pod.name}>
          <b title={pod.name}><span aria-hidden="true">{glyph(pod.status, pod.ready)}</span> {pod.short}</b>
          <span className={css.blocks}>{pod.containers.slice(0, 3).map((c) => <i key={c.name} data-state={c.state}>{c.name}</i>)}</span>
          <span className={css.foundation}>{pod.ip || pod.status}</span>
        </button>
      ))}
      <button type="button" className={css.kernel} style={{ left: m.kernel.x - m.box.x, top: m.kernel.y - m.box.y, width: m.kernel.w, height: m.kernel.h }} onClick={() => select(`actor/${m.name}/linux`)} title="the kernel: routes, rules, connections"><span>kernel · {m.podCIDR || 'no pod addresses yet'}</span><span>{m.hidden > 0 ? `+${m.hidden} pods · ` : ''}+{m.system} system</span></button>
    </div>
  );
});

const Service = memo(({ data }: NodeProps<Node<Data<ServiceBox>>>) => {
  const { box: s } = data;
  const fact = useFact();
  const isLit = fact !== undefined && packetView(fact)?.service === s.key;
  return <button type="button" className={`${css.service} ${isLit ? css.lit : ''}`} style={{ width: s.box.w, height: s.box.h }} onClick={() => select(`service/${s.key}`)}><b>Service {s.name}</b><small>{s.ip}</small><small>→ {s.ready} of {s.total} ready</small></button>;
});

const Frame = memo(({ data }: NodeProps<Node<Data<Scene>>>) => {
  const { box: scene } = data;
  return (
    <>
      <div className={css.frame} style={{ width: scene.controlPlane.box.w, height: scene.controlPlane.box.h }}><span>{scene.controlPlane.name} · {scene.controlPlane.ip} · {scene.controlPlane.pods} pods</span></div>
    </>
  );
});

const Tray = memo(({ data }: NodeProps<Node<Data<Scene>>>) => {
  const { box: scene } = data;
  return <div className={css.tray} style={{ width: scene.trayBox.w, height: scene.trayBox.h }}><span>no machine yet{scene.waiting > 3 ? `: ${scene.waiting}` : ""}</span>{scene.tray.map((p) => <button type="button" key={p.key} onClick={() => select(`pod/${p.key}`)}>◇ {p.short}</button>)}</div>;
});

const nodeTypes = { component: Component, machine: Machine, service: Service, frame: Frame, tray: Tray };
const edge = (source: string, target: string): Edge => ({ id: `${source}-${target}`, source, target, type: 'straight', focusable: false, selectable: false });

function nodesOf(scene: Scene): Node[] {
  const at = (id: string, type: string, box: { readonly x: number; readonly y: number }, data: unknown, zIndex = 1): Node => ({ id, type, position: { x: box.x, y: box.y }, data: { box: data }, draggable: false, selectable: false, zIndex });
  return [
    at('frame', 'frame', scene.controlPlane.box, scene, 0),
    ...scene.components.map((c) => at(c.id, 'component', c.box, c)),
    ...(scene.tray.length > 0 ? [at('tray', 'tray', scene.trayBox, scene)] : []),
    ...scene.services.map((s) => at(`service/${s.key}`, 'service', s.box, s)),
    ...scene.machines.map((m) => at(m.name, 'machine', m.box, m)),
  ];
}
const edgesOf = (scene: Scene): Edge[] => [edge('kubectl', 'kube-apiserver'), edge('kube-apiserver', 'etcd'), edge('kube-apiserver', 'kube-controller-manager'), edge('kube-apiserver', 'kube-scheduler'), ...scene.machines.map((m) => edge('kube-apiserver', m.name))];

const COLOURS: Readonly<Record<string, string>> = { api: '--control', watch: '--control', etcd: '--storage', cri: '--machine', cni: '--network', net: '--network', probe: '--machine', packet: '--network', registry: '--network', other: '--client' };

/** Room below for the zoom buttons. */
const FIT = { padding: { top: '8px', left: '10px', right: '10px', bottom: '40px' } } as const;

/** Keeps the whole stage in view when its room changes. */
function Refit({ rows }: { readonly rows: number }) {
  const flow = useReactFlow();
  const width = useFlow((s) => s.width);
  const height = useFlow((s) => s.height);
  useEffect(() => { void flow.fitView(FIT); }, [flow, width, height, rows]);
  return null;
}

/** Draws what is under way: a dot where the hop is, and what it carries. */
function Dots({ scene }: { readonly scene: Scene }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const transform = useFlow((s) => s.transform);
  const live = useRef({ scene, transform });
  useEffect(() => { live.current = { scene, transform }; }, [scene, transform]);
  useEffect(() => {
    let handle = 0;
    let wasDrawn = false;
    const draw = (): void => {
      handle = requestAnimationFrame(draw);
      const element = canvas.current;
      const context = element?.getContext('2d');
      if (!element || !context || (!moving.current && !wasDrawn)) return;
      const ratio = window.devicePixelRatio;
      const { clientWidth: w, clientHeight: h } = element;
      if (element.width !== w * ratio || element.height !== h * ratio) { element.width = w * ratio; element.height = h * ratio; }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, w, h);
      wasDrawn = false;
      if (moving.current) wasDrawn = drawHop(context, live.current.scene, live.current.transform, moving.current.row, moving.current.progress);
    };
    draw();
    return () => cancelAnimationFrame(handle);
  }, []);
  return <canvas ref={canvas} className={css.dots} data-testid="dots" aria-hidden="true" />;
}

function drawHop(context: CanvasRenderingContext2D, scene: Scene, [tx, ty, zoom]: readonly [number, number, number], row: number, progress: number): boolean {
  const event = useStore.getState().events[row];
  if (event?.type !== 'hop' && event?.type !== 'lost') return false;
  const [from, to] = [anchorOf(scene, event.from), anchorOf(scene, event.to)];
  if (!from || !to) return false;
  const style = getComputedStyle(document.documentElement);
  const { protocol, text, failed } = hopWords(event);
  const colour = style.getPropertyValue(failed ? '--bad' : (COLOURS[protocol] ?? '--client')).trim();
  const [ax, ay, bx, by] = [from.x * zoom + tx, from.y * zoom + ty, to.x * zoom + tx, to.y * zoom + ty];
  const ease = progress < 0.5 ? 2 * progress * progress : 1 - 2 * (1 - progress) * (1 - progress);
  const [x, y] = [ax + (bx - ax) * ease, ay + (by - ay) * ease];
  context.strokeStyle = colour;
  context.lineWidth = 3;
  context.setLineDash(protocol === 'watch' ? [6, 6] : []);
  context.beginPath(); context.moveTo(ax, ay); context.lineTo(bx, by); context.stroke();
  context.setLineDash([]);
  context.beginPath(); context.arc(x, y, 10, 0, 7);
  if (protocol === 'watch') { context.lineWidth = 4; context.fillStyle = style.getPropertyValue('--bg').trim(); context.fill(); context.stroke(); } else { context.fillStyle = colour; context.fill(); }
  context.font = '15px "DejaVu Sans Mono", ui-monospace, monospace';
  const width = context.measureText(text).width + 18;
  const left = Math.min(Math.max(6, x + 16), context.canvas.clientWidth - width - 6);
  const top = Math.max(6, y - 34);
  context.fillStyle = style.getPropertyValue('--panel').trim();
  context.strokeStyle = colour; context.lineWidth = 1;
  context.beginPath(); context.roundRect(left, top, width, 26, 7); context.fill(); context.stroke();
  context.fillStyle = style.getPropertyValue('--ink').trim();
  context.fillText(text, left + 9, top + 18);
  return true;
}

export default function Stage() {
  const row = useStore((s) => s.row);
  const book = useStore((s) => s.book);
  const scene = useMemo(() => sceneOf(pictureAt(book, row)), [book, row]);
  const nodes = useMemo(() => nodesOf(scene), [scene]);
  const edges = useMemo(() => edgesOf(scene), [scene]);
  return (
    <div className={css.stage} data-testid="stage">
      <ReactFlow nodes={nodes} edges={edges} nodeTypes={nodeTypes} fitView fitViewOptions={FIT} minZoom={0.2} maxZoom={2.5} nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false} zoomOnDoubleClick={false} proOptions={{ hideAttribution: false }}>
        <Background gap={28} size={1} />
        <Controls showInteractive={false} position="bottom-right" orientation="horizontal" />
        <Refit rows={scene.machines.length} />
        <Dots scene={scene} />
      </ReactFlow>
      <PacketCard />
    </div>
  );
}
