/** One panel of a cutaway: a table, the stages of a pipeline, a pod on its foundation, or a name. It only shows what the view says. */
import { memo } from 'react';
import type { Content, Panel as Scene, Stage } from '../../../views/cutaway.ts';
import { entering, Opener } from '../Opener.tsx';
import { placed } from '../placed.ts';
import { select } from '../select.ts';
import css from './cutaway.module.css';

const SIGNS: Readonly<Record<Stage['state'], string>> = { done: '✓', now: '▶', todo: '·', failed: '✗' };

function Body({ content, name }: { readonly content: Content; readonly name: string }) {
  switch (content.kind) {
    case 'table':
      return <TableBody content={content} name={name} />;
    case 'stages':
      return (
        <ol className={css.stages}>
          {content.stages.map((s) => (
            <li key={s.name} data-state={s.state}>
              <b>
                <span aria-hidden="true">{SIGNS[s.state]}</span> {s.name}
              </b>
              <small>{s.note}</small>
            </li>
          ))}
        </ol>
      );
    case 'blocks':
      return (
        <div className={css.podBlocks}>
          {content.blocks.map((b) => (
            <span key={b.name} data-state={b.state}>
              {b.name}
            </span>
          ))}
          {content.more > 0 && <span>+{content.more}</span>}
        </div>
      );
    case 'none':
      return null;
  }
}

function TableBody({ content, name }: { readonly content: Extract<Content, { kind: 'table' }>; readonly name: string }) {
  if (content.lines.length === 0 && content.more === 0) return <p className={css.empty}>{content.empty}</p>;
  return (
    <table className={css.table} aria-label={name}>
      <colgroup>
        {content.widths.map((w, i) => (
          <col key={`${i}/${w}`} style={{ width: w }} />
        ))}
      </colgroup>
      {content.columns.length > 0 && (
        <thead>
          <tr>
            {content.columns.map((c, i) => (
              <th key={`${i}/${c}`} scope="col">
                {c}
              </th>
            ))}
          </tr>
        </thead>
      )}
      <tbody>
        {content.lines.map((line, i) => (
          <tr key={`${i}/${line.cells[0]?.text}`} data-fresh={line.isFresh || undefined} data-lit={line.isLit || undefined}>
            {line.cells.map((c, n) => (
              <td key={`${n}/${c.text}`} title={c.whole} data-tone={c.tone}>
                {c.text}
              </td>
            ))}
          </tr>
        ))}
        {content.more > 0 && (
          <tr>
            <td colSpan={content.widths.length} className={css.more}>
              and {content.more} more
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

export const Panel = memo(
  ({ panel: p, isActor, isNext }: { readonly panel: Scene; readonly isActor: boolean; readonly isNext: boolean }) => {
    const canClick = p.selects !== undefined || p.opens !== undefined;
    const head = (
      <>
        <b>
          {p.glyph && <span aria-hidden="true">{p.glyph} </span>}
          {p.title}
        </b>
        {p.note && <span>{p.note}</span>}
      </>
    );
    return (
      <section
        className={css.panel}
        data-shape={p.shape}
        data-plane={p.plane}
        data-down={p.isDown}
        data-glow={isActor || undefined}
        data-ring={isNext ? 'next' : undefined}
        style={placed(p.box)}
        aria-label={p.title}
      >
        {canClick ? (
          <button
            type="button"
            className={css.head}
            {...(p.opens ? entering(p.opens, p.selects ?? `actor/${p.opens}`) : { onClick: () => select(p.selects ?? '') })}
          >
            {head}
          </button>
        ) : (
          <div className={css.head}>{head}</div>
        )}
        {p.opens && p.shape === 'box' && <Opener at={p.opens} name={p.title} />}
        <Body content={p.content} name={p.title} />
        {p.foundation !== undefined &&
          (p.foundation === '' ? (
            <div key="ground" className={css.ground}>
              {p.ground}
            </div>
          ) : (
            <div key="foundation" className={css.foundation}>
              {p.foundation}
            </div>
          ))}
      </section>
    );
  },
);
