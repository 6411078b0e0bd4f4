/** A packet under the magnifier: what is written on it, what has just changed, and the rules that it met. It lies over the control plane, which no packet ever passes. */
import type { PacketView } from '../../story/packet-view.ts';
import type { Box } from '../../views/geometry.ts';
import type { View } from './draw-dot.ts';
import css from './stage.module.css';

function Address({ now, was }: { readonly now: string; readonly was?: string | undefined }) {
  return was === undefined ? (
    <span>{now}</span>
  ) : (
    <span>
      <del>{was}</del> <ins>{now}</ins>
    </span>
  );
}

/** The next rule begins with the whole name of the chain. */
const SAID_NEXT = /^(KUBE-[A-Z]{2,3}-).*/;

export default function PacketCard({
  packet: view,
  box,
  at,
}: {
  readonly packet: PacketView;
  /** Where the control plane is drawn. */
  readonly box: Box;
  readonly at: View;
}) {
  const inner = (
    <div>
      <small>
        {view.proto} {view.kind}
      </small>
      <Address now={view.src} was={view.wasSrc} /> → <Address now={view.dst} was={view.wasDst} />
    </div>
  );
  return (
    <section
      className={css.packet}
      aria-label="The packet"
      data-testid="packet"
      tabIndex={0}
      style={{ left: box.x * at.zoom + at.x, top: box.y * at.zoom + at.y, width: box.w, minHeight: box.h, transform: `scale(${at.zoom})` }}
    >
      <h3>{view.hook ? `${view.hook} on ${view.machine}` : `The packet on ${view.machine}`}</h3>
      <div className={css.wire}>
        {view.outer ? (
          <div>
            <small>udp 8472</small>
            {view.outer.src} → {view.outer.dst} {inner}
          </div>
        ) : (
          inner
        )}
      </div>
      {view.rules.length > 0 && (
        <ol className={css.rules}>
          {view.rules.map((r) => (
            <li key={`${r.chain}/${r.target}`}>
              <b>{r.chain}</b> {r.test} → {r.target.replace(SAID_NEXT, '$1…')} {r.die && <i>({r.die})</i>}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
