/** A wire: why it exists, the watches that stand on it, and what went over it last. */
import { useMemo } from 'react';
import { wireWhy } from '../../views/wire-why.ts';
import { useStore } from '../app/store.ts';
import css from './inspector.module.css';

export default function WireDetails({ id }: { readonly id: string }) {
  const events = useStore((s) => s.events);
  const row = useStore((s) => s.row);
  const { title, why, watches, last } = useMemo(() => wireWhy(events, row, id), [events, row, id]);
  return (
    <>
      <h3>{title}</h3>
      <p>{why}</p>
      <section className={css.table}>
        <h3>Watches that stand on it</h3>
        {watches.length === 0 ? (
          <p className={css.none}>none</p>
        ) : (
          <div>
            <table aria-label="Watches">
              <thead>
                <tr>
                  <th scope="col">resource</th>
                  <th scope="col">opened by</th>
                  <th scope="col">selects</th>
                </tr>
              </thead>
              <tbody>
                {watches.map((w) => (
                  <tr key={`${w.who}/${w.what}`}>
                    <td>{w.what}</td>
                    <td>{w.who.split('/').at(-1)}</td>
                    <td>{w.selects || 'all'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      <h3>Last messages</h3>
      {last.length === 0 ? (
        <p className={css.none}>Nothing but heartbeats lately.</p>
      ) : (
        <ul className={css.events}>
          {last.map((l) => (
            <li key={l.row}>{l.text}</li>
          ))}
        </ul>
      )}
    </>
  );
}
