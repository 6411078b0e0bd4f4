/** An object: its YAML with what the last beat changed, what it hangs together with, its Events, and why it is as it is. */
import type { CSSProperties } from 'react';
import { beatNow, type Beat } from '../../story/beats.ts';
import { missText } from '../../story/miss-text.ts';
import { pictureAt, type PictureBook } from '../../story/picture.ts';
import { markedLines, type MarkedLine } from '../../views/marked-lines.ts';
import { shownYaml } from '../../views/object-yaml.ts';
import { eventsOf, missOf, relatedOf } from '../../views/related.ts';
import { useFields, useStore } from '../app/store.ts';
import Why from './Why.tsx';
import css from './inspector.module.css';

const open = (path: string): void => useStore.setState({ selected: `object${path}`, why: undefined });

/** The last commit of an object before a row. */
function lastChangeOf({ events }: PictureBook, row: number, path: string): { readonly id: number; readonly revision: number } | undefined {
  for (let r = row - 1; r >= 0; r--) {
    const event = events[r];
    if (event?.type === 'commit' && event.commit.ref === path) return { id: event.id, revision: event.commit.revision };
  }
  return undefined;
}

/** The object's YAML, marked where it differs from before the beat. */
function linesOf(book: PictureBook, beats: readonly Beat[], row: number, path: string): readonly MarkedLine[] {
  const object = pictureAt(book, row).objects.get(path);
  const since = beats[beatNow(beats, row)]?.from;
  const before = since === undefined ? undefined : pictureAt(book, since).objects.get(path);
  return object ? markedLines(before && shownYaml(before), shownYaml(object)) : [];
}

/** A long line goes on under itself, not at the edge. */
const hanging = (text: string): CSSProperties => {
  const indent = text.length - text.trimStart().length + 4;
  return { paddingLeft: `${indent}ch`, textIndent: `-${indent}ch` };
};

export default function ObjectDetails({ path }: { readonly path: string }) {
  const { book, beats, row } = useFields('book', 'beats', 'row');
  const picture = pictureAt(book, row);
  const object = picture.objects.get(path);
  const lastChange = lastChangeOf(book, row, path);
  const lines = linesOf(book, beats, row, path);
  if (!object) return <p>It does not exist at this moment.</p>;
  const related = relatedOf(picture, path);
  const told = eventsOf(picture, object);
  const miss = missOf(picture, object);
  return (
    <>
      <p className={css.kind}>
        {object.kind} · written at revision {lastChange?.revision}
        {lines.some((l) => l.isFresh) && <span> · changed lines are marked</span>}
      </p>
      {miss && (
        <p className={css.miss} role="note">
          <b>Selects no pod.</b> {missText(miss)}
        </p>
      )}
      {related.length > 0 && (
        <ul className={css.related} aria-label="Related objects">
          {related.map((r) => (
            <li key={`${r.why}/${r.ref}`}>
              <span>{r.why}</span>{' '}
              <button type="button" onClick={() => open(r.ref)}>
                {r.name}
              </button>
            </li>
          ))}
        </ul>
      )}
      <pre className={css.yaml}>
        {lines.map((l, i) => {
          const Line = l.isFresh ? 'mark' : 'span';
          return (
            <Line key={`${i}/${l.text}`} style={hanging(l.text)}>
              {l.text}
              {'\n'}
            </Line>
          );
        })}
      </pre>
      <h3>Events</h3>
      {told.length === 0 ? (
        <p className={css.none}>No Event is about it.</p>
      ) : (
        <ul className={css.events}>
          {told.map((e) => (
            <li key={`${e.reason}/${e.message}`} data-type={e.type}>
              <b>{e.reason}</b>
              {e.count > 1 && ` ×${e.count}`} {e.message}
            </li>
          ))}
        </ul>
      )}
      {lastChange !== undefined && (
        <details className={css.causes}>
          <summary>Why is it as it is?</summary>
          <Why id={lastChange.id} />
        </details>
      )}
    </>
  );
}
