/** What is selected: the object as YAML, an actor's inside, or why something happened. */
import { useEffect, useMemo, useState } from 'react';
import { toYaml } from '../../api/manifest/print.ts';
import type { Row } from '../../kernel/component.ts';
import type { TraceEvent } from '../../kernel/trace.ts';
import { sentences } from '../../story/beats.ts';
import { indexCauses, whyChain } from '../../story/causes.ts';
import { hopWords } from '../../story/hop-words.ts';
import { pictureAt } from '../../story/picture.ts';
import { wordsOf } from '../../story/sentence.ts';
import { inspect, useStore } from '../app/store.ts';
import css from './inspector.module.css';

const FOLDERS: Readonly<Record<string, string>> = { pod: 'pods', service: 'services/specs', machine: 'minions' };

/** One line for an event on the way up to its cause. */
function lineOf(event: TraceEvent): string | undefined {
  if (event.type === 'note') return sentences.get(event.fact.says)?.title(wordsOf(event.fact), event.fact);
  if (event.type === 'hop' && event.kind === 'start' && event.causes.length === 0) return `${event.to} starts: this is where it all began`;
  if (event.type === 'hop' && event.from !== event.to && event.kind !== 'start') return `${event.from} → ${event.to}: ${hopWords(event).text}`;
  if (event.type === 'spawn') return `${event.by} is started`;
  return undefined;
}

function Why({ id }: { readonly id: number }) {
  const { events, bootRows } = useStore();
  const chain = useMemo(() => whyChain(events, indexCauses(events), id), [events, id]);
  const lines = chain.flatMap((event) => { const text = lineOf(event); return text === undefined ? [] : [{ id: event.id, text, at: event.at }]; });
  return <ol className={css.why} data-testid="why" data-boot={bootRows}>{lines.map((l) => <li key={l.id}><span>{(l.at / 1e6).toFixed(3)} s</span> {l.text}</li>)}</ol>;
}

function Rows({ rows }: { readonly rows: readonly Row[] }) {
  return <dl className={css.rows}>{rows.map((r, i) => <div key={`${r.name}/${i}`}><dt>{r.name}</dt><dd>{r.value}{r.rows && r.rows.length > 0 && <Rows rows={r.rows.slice(0, 60)} />}</dd></div>)}</dl>;
}

function Inside({ address }: { readonly address: string }) {
  const row = useStore((s) => s.row);
  const [rows, setRows] = useState<readonly Row[] | undefined>([]);
  useEffect(() => { let isCurrent = true; void inspect(row, address).then((r) => { if (isCurrent) setRows(r); }); return () => { isCurrent = false; }; }, [row, address]);
  return rows === undefined ? <p>Nothing runs at {address} at this moment.</p> : <Rows rows={rows} />;
}

export function Inspector() {
  const { selected, why, book, row, set } = useStore();
  const picture = pictureAt(book, row);
  const [kind, ...rest] = (selected ?? '').split('/');
  const name = rest.join('/');
  const folder = FOLDERS[kind];
  const object = folder ? picture.objects.get(`/registry/${folder}/${name}`) : undefined;
  const title = why !== undefined ? 'Why?' : folder ? `${object?.kind ?? kind} ${rest.at(-1) ?? ''}` : name;
  return (
    <aside className={css.inspector} aria-label="Inspector">
      <header><b>{title}</b><button type="button" onClick={() => set({ selected: undefined, why: undefined })} aria-label="Close">×</button></header>
      <div className={css.body} tabIndex={0} role="region" aria-label="Details">
        {why !== undefined ? <Why id={why} /> : folder ? (object ? <pre>{toYaml(object)}</pre> : <p>It does not exist at this moment.</p>) : <Inside address={kind === 'component' ? (name === 'registry' ? 'registry/registry' : name === 'kubectl' ? 'laptop/kubectl-1' : `cp-1/${name}`) : name} />}
      </div>
    </aside>
  );
}
