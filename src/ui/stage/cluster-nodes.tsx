/** The boxes of the cluster view, as React Flow draws them: they only show what the scene says. */
import type { Node, NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { many } from '../../lib/many.ts';
import type { ComponentBox } from '../../views/cluster-components.ts';
import type { MachineBox } from '../../views/cluster-machines.ts';
import type { ControlPlane, Named, ServiceBox, Tray } from '../../views/cluster.ts';
import type { Focus } from '../../views/focus.ts';
import { entering, enteringAnywhere, Opener } from './Opener.tsx';
import { Fleet } from './Fleet.tsx';
import { headOf, stateOf } from './machine-words.ts';
import { placed } from './placed.ts';
import { PodTokens } from './PodTokens.tsx';
import { select } from './select.ts';
import css from './stage.module.css';

type Data<T> = { readonly box: T; readonly focus: Focus; readonly lit?: string | undefined } & Record<string, unknown>;
const ringOf = (focus: Focus, key: string) => ({
  'data-ring': focus.rings.get(key),
  'data-glow': focus.glow === key || undefined,
  'data-dim': (focus.glow !== undefined && focus.glow !== key && !focus.rings.has(key)) || undefined,
});

const Component = memo(({ data: { box: c, focus } }: NodeProps<Node<Data<ComponentBox>>>) => {
  const isOpen = c.id !== 'kubectl' && c.id !== 'registry';
  return (
    <div
      className={css.component}
      data-plane={c.plane}
      data-up={c.isUp || undefined}
      data-failed={c.failed || undefined}
      {...ringOf(focus, `component/${c.id}`)}
      style={{ width: c.box.w, height: c.box.h }}
      data-testid={`component-${c.id}`}
    >
      <button
        type="button"
        title={c.whole}
        {...(isOpen ? entering(c.address, `actor/${c.address}`) : { onClick: () => select(`actor/${c.address}`) })}
      >
        <b>{c.title}</b>
        {c.lines.map((line, i) => (
          <small key={`${i}/${line}`}>{line}</small>
        ))}
      </button>
      {isOpen && <Opener at={c.address} name={c.title} />}
    </div>
  );
});

const Machine = memo(({ data: { box: m, focus, lit } }: NodeProps<Node<Data<MachineBox>>>) => {
  const glowsInside =
    focus.glow?.startsWith(`part/${m.name}/`) === true || m.parts.some((p) => focus.rings.has(`part/${m.name}/${p.name}`));
  const ring = ringOf(focus, `machine/${m.name}`);
  const head = headOf(m);
  return (
    <div
      className={css.machine}
      data-state={m.isOff ? 'off' : m.ready ? 'ready' : 'unready'}
      {...ring}
      data-glow={ring['data-glow'] ?? (focus.glow?.startsWith(`part/${m.name}/`) || undefined)}
      data-dim={ring['data-dim'] && !glowsInside ? true : undefined}
      data-covered={(lit !== undefined && cellsReach(m) > m.box.w - LIT_EDGE - lit.length * LIT_CHAR) || undefined}
      style={{ width: m.box.w, height: m.box.h }}
      data-testid={`machine-${m.name}`}
      {...enteringAnywhere(m.name)}
    >
      <button
        type="button"
        className={css.machineHead}
        title={`Machine ${m.name}: ${stateOf(m) || m.ip}, ${m.isCordoned ? 'cordoned: no new pods, ' : ''}pods ${m.podCIDR}`}
        {...entering(m.name, `machine/${m.name}`)}
      >
        <b>{m.name}</b>
        <span key={head}>{head}</span>
      </button>
      <Opener at={m.name} name={m.name} />
      {m.parts.map((p) => (
        <button
          type="button"
          key={p.name}
          title={`${p.name} on ${m.name}`}
          className={css.part}
          data-up={p.isUp || undefined}
          data-ring={focus.rings.get(`part/${m.name}/${p.name}`)}
          data-glow={focus.glow === `part/${m.name}/${p.name}` || undefined}
          style={placed(p.box)}
          {...entering(p.address, `actor/${p.address}`)}
        >
          {p.label}
        </button>
      ))}
      <PodTokens pods={m.pods} cells={m.cells} focus={focus} />
      {m.kernel.h > 0 && <Kernel m={m} lit={lit} isActor={focus.glow === `part/${m.name}/linux`} />}
      {m.kernel.h === 0 && lit !== undefined && <span className={css.denseRules}>{lit}</span>}
      {m.kernel.h === 0 && m.more > 0 && <span className={css.more}>+{m.more}</span>}
    </div>
  );
});

/** Of the kernel's words about rules, px: the widest character, and what is right of them. */
const LIT_CHAR = 8.8;
const LIT_EDGE = 24;
/** How far the shapes of the later pods reach into the kernel's line. */
const cellsReach = ({ cells, kernel }: MachineBox): number => (kernel.h === 0 ? 0 : Math.max(0, ...cells.map(({ box }) => box.x + box.w)));

/** The machine's kernel: the later pods that found no token are counted in it, and the rules of a chosen Service light up. */
function Kernel({ m, lit, isActor }: { readonly m: MachineBox; readonly lit: string | undefined; readonly isActor: boolean }) {
  return (
    <button
      type="button"
      className={css.kernel}
      data-glow={isActor || undefined}
      data-lit={lit !== undefined || undefined}
      style={placed(m.kernel)}
      title="the kernel: routes, rules, connections"
      {...entering(`${m.name}/linux`, `actor/${m.name}/linux`)}
    >
      <span>
        {m.cells.length + m.more > 0
          ? `+${m.cells.length + m.more}`
          : lit === undefined
            ? `kernel · ${m.podCIDR || 'no pod addresses'}`
            : ''}
      </span>
      <span>{lit ?? (m.cells.length > 0 || m.box.w < 300 ? '' : `+${m.system} system`)}</span>
    </button>
  );
}

/** Which pods stand behind it, in a line; that there are none for it at all is said in words. */
function behind({ box, ip, ready, total, selectsNone }: ServiceBox): string {
  const isLow = box.h < 40;
  if (selectsNone) return isLow ? '✗ no pod' : '✗ selects no pod';
  return `${isLow ? '' : ip === 'None' ? 'headless ' : `${ip} `}→ ${ready} of ${total}`;
}

/** `more`: Services that found no place are counted on the last that did. */
const Service = memo(({ data: { box: s, focus, lit, more } }: NodeProps<Node<Data<ServiceBox> & { readonly more: number }>>) => {
  const line = behind(s);
  return (
    <button
      type="button"
      className={css.service}
      data-low={s.box.h < 40 || undefined}
      data-none={s.selectsNone || undefined}
      data-lit={lit !== undefined || undefined}
      {...ringOf(focus, `service/${s.key}`)}
      style={{ width: s.box.w, height: s.box.h }}
      onClick={() => select(`service/${s.key}`)}
      title={
        s.selectsNone
          ? `Service ${s.key}, ${s.ip}: no pod has the labels that it asks for`
          : `Service ${s.key}: it exists only as rules on every machine`
      }
    >
      <b key={s.box.h}>{s.box.h < 40 ? s.name : `Service ${s.name}`}</b>
      <small key={line}>{line}</small>
      {more > 0 && (
        <em key={more} title={`and ${many(more, 'Service')} more`}>
          +{more}
        </em>
      )}
    </button>
  );
});

const Names = ({ of, focus }: { readonly of: Named; readonly focus: Focus }) => (
  <>
    {of.pods.map((p) => (
      <button
        type="button"
        key={p.key}
        className={css.name}
        style={placed(p.box)}
        data-ring={focus.rings.get(`pod/${p.key}`)}
        data-tone={p.tone}
        data-pod={p.key}
        onClick={() => select(`pod/${p.key}`)}
        title={`${p.name}: ${p.word}`}
      >
        {p.glyph} {p.short}
      </button>
    ))}
    {of.more > 0 && <em title={`and ${many(of.more, 'pod')} more`}>+{of.more}</em>}
  </>
);

const Frame = memo(({ data: { box: f, focus } }: NodeProps<Node<Data<ControlPlane>>>) => (
  <div
    className={css.frame}
    style={{ width: f.box.w, height: f.box.h }}
    data-ring={focus.rings.get(`machine/${f.name}`)}
    data-glow={focus.glow === `machine/${f.name}` || undefined}
    data-testid={`machine-${f.name}`}
    {...enteringAnywhere(f.name)}
  >
    <button
      type="button"
      className={css.frameHead}
      style={{ left: f.head.x - f.box.x, top: f.head.y - f.box.y }}
      {...entering(f.name, `machine/${f.name}`)}
    >
      <b>{f.name}</b>{' '}
      <span key={`${f.isCordoned} ${f.pods}`}>
        {f.isCordoned ? 'cordoned' : f.ip} · {f.pods} pods
      </span>
    </button>
    <Opener at={f.name} name={f.name} />
    <Names of={f.own} focus={focus} />
  </div>
));

const TrayNode = memo(({ data: { box: t, focus } }: NodeProps<Node<Data<Tray>>>) => (
  <div
    className={css.tray}
    style={{ width: t.box.w, height: t.box.h }}
    data-empty={t.waiting === 0 || undefined}
    aria-label="Pods without a machine"
    role="group"
  >
    <span key={`${t.waiting} ${t.box.w < 220}`}>
      {t.waiting > 0
        ? `${t.box.w < 180 ? 'waiting' : 'no machine yet'}: ${t.waiting}`
        : t.box.w < 220
          ? 'no pod waits'
          : 'every pod has a machine'}
    </span>
    <Names of={t} focus={focus} />
  </div>
));

export const nodeTypes = { component: Component, machine: Machine, fleet: Fleet, service: Service, frame: Frame, tray: TrayNode };
