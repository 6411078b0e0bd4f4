/** A packet under the magnifier: what is written on it, what has just changed, and the rules that it met. */
import { packetView } from '../../story/packet-view.ts';
import { beatAt } from '../../story/beats.ts';
import { useStore } from '../app/store.ts';
import css from './stage.module.css';

/** The fact of the beat that is shown. */
export function useFact() {
  const { beats, row } = useStore();
  const done = beatAt(beats, row);
  return (beats[done] && row > beats[done].from ? beats[done] : beats[done - 1])?.fact;
}

function Address({ now, was }: { readonly now: string; readonly was?: string | undefined }) {
  return was === undefined ? <span>{now}</span> : <span><del>{was}</del> <ins>{now}</ins></span>;
}

export function PacketCard() {
  const fact = useFact();
  const view = fact && packetView(fact);
  if (!view) return null;
  const inner = <div><small>{view.proto} {view.kind}</small><Address now={view.src} was={view.wasSrc} /> → <Address now={view.dst} was={view.wasDst} /></div>;
  return (
    <section className={css.packet} aria-label="The packet" data-testid="packet" tabIndex={0}>
      <h3>{view.hook ? `${view.hook} on ${view.machine}` : `The packet on ${view.machine}`}</h3>
      <div className={css.wire}>{view.outer ? <div><small>udp 8472</small>{view.outer.src} → {view.outer.dst} {inner}</div> : inner}</div>
      {view.rules.length > 0 && <ol className={css.rules}>{view.rules.map((r) => <li key={`${r.chain}/${r.target}`}><b>{r.chain}</b> {r.test} → {r.target} {r.die && <i>({r.die})</i>}</li>)}</ol>}
    </section>
  );
}
