/** An actor's inside at the cursor: facts and tables, what the last beat changed, and how far to believe it. */
import { useMemo } from 'react';
import { pictureAt } from '../../story/picture.ts';
import type { Table } from '../../story/inside.ts';
import { fidelityOf } from '../../views/fidelity.ts';
import { useFields } from '../app/store.ts';
import { enter } from '../stage/zoom.ts';
import { useInsides } from '../stage/use-insides.ts';
import css from './inspector.module.css';

const SHOWN = 60;

/** kubectl's newest run stands for the laptop. */
function useAddress(address: string): string {
  const { book, row } = useFields('book', 'row');
  if (address !== 'laptop/kubectl') return address;
  for (let r = row - 1; r >= 0; r--) {
    const e = book.events[r];
    if (e?.type === 'spawn' && e.spawned.role === 'kubectl') return e.by;
  }
  return address;
}

function TableView({ table }: { readonly table: Table }) {
  if (table.rows.length === 0)
    return (
      <section className={css.table}>
        <h3>{table.name}</h3>
        <p className={css.none}>none</p>
      </section>
    );
  const fresh = new Set(table.fresh);
  const rest = table.rows.length - SHOWN + table.more;
  return (
    <section className={css.table}>
      <h3>{table.name}</h3>
      <div>
        <table aria-label={table.name}>
          <thead>
            <tr>
              {table.columns.map((c, i) => (
                <th key={`${i}/${c}`} scope="col">
                  {c}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.slice(0, SHOWN).map((r, i) => (
              <tr key={`${i}/${r[0]}`} data-fresh={fresh.has(i) || undefined}>
                {r.map((c, n) => (
                  <td key={`${n}/${c}`}>{c}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rest > 0 && <p className={css.none}>and {rest} more</p>}
    </section>
  );
}

export default function ActorDetails({ address }: { readonly address: string }) {
  const { book, row } = useFields('book', 'row');
  const at = useAddress(address);
  const answer = useInsides(useMemo(() => [at], [at]));
  const inside = answer.insides[at];
  const role = pictureAt(book, row).actors.get(at)?.role ?? inside?.role;
  const fidelity = role === undefined ? undefined : fidelityOf(role);
  if (answer.row < 0) return <p role="status">Looking inside …</p>;
  if (!inside) return <p>Nothing runs at {at} at this moment.</p>;
  const canEnter = role !== 'kubectl' && role !== 'registry';
  return (
    <>
      {fidelity && (
        <p className={css.fidelity}>
          <b data-badge={fidelity.badge}>{fidelity.badge}</b> {fidelity.simplified}. <span>Upstream: {fidelity.upstream}</span>
        </p>
      )}
      {canEnter && (
        <button type="button" className={css.enter} onClick={() => enter(at)}>
          Open on the stage
        </button>
      )}
      <dl className={css.rows}>
        {inside.facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {inside.tables.map((t) => (
        <TableView key={t.name} table={t} />
      ))}
    </>
  );
}
