/** kubectl, typed. What it prints is read from the trace, at the row that is shown. */
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { splitLine } from '../../kubectl/argv.ts';
import { pictureAt } from '../../story/picture.ts';
import { useStore } from '../app/store.ts';
import { activeText } from '../editor/drafts.ts';
import { execCommand, execText } from './exec.ts';
import css from './terminal.module.css';

const ENDS = new Set(['kubectl/exited', 'curl/done', 'dig/done']);

/** Whether the command reads the manifest: `-f -`, `--filename=-`. */
const readsStdin = (args: readonly string[]): boolean => args.some((arg, i) => (arg === '-' && /^(-f|--filename)$/.test(args[i - 1] ?? '')) || /^(-f=?|--filename=)-$/.test(arg));

interface Exited { readonly stdout?: string; readonly stderr?: string; readonly printed?: readonly { readonly to: 'stdout' | 'stderr'; readonly text: string }[] }
/** In the order in which it was written. */
const written = (exited: Exited): NonNullable<Exited['printed']> => exited.printed ?? (['stdout', 'stderr'] as const).map((to) => ({ to, text: exited[to] ?? '' })).filter(({ text }) => text !== '');

export function Terminal() {
  const { events, book, row, bootRows, session, isPlaying, act, isBusy, status } = useStore();
  /** Where was typed while this was fetched: the words and the focus go on here. */
  const [early] = useState(() => document.querySelector<HTMLInputElement>('#prompt'));
  const [line, setLine] = useState(early?.value ?? '');
  const [typed, setTyped] = useState<readonly string[]>([]);
  /** How far back in what was typed the line is taken from. */
  const [back, setBack] = useState(0);
  /** Typed ahead while the cluster was at work. */
  const queue = useRef<string[]>([]);
  const log = useRef<HTMLDivElement>(null);
  const { lines, ended } = useMemo(() => {
    const out: { readonly kind: 'in' | 'out' | 'err'; readonly text: string }[] = [];
    let count = 0;
    /** What was typed for the command of the session with this number. */
    const asked = (n: number) => ({ kind: 'in', text: execText(session?.commands[n - 1]?.command) }) as const;
    for (let i = bootRows; i < row; i++) {
      const event = events[i];
      if (event.type !== 'note') continue;
      if (ENDS.has(event.fact.says)) count++;
      if (event.fact.says === 'kubectl/started') out.push({ kind: 'in', text: `$ kubectl ${String(event.fact.with?.command)}` });
      if (event.fact.says === 'curl/done') { const done = event.fact.with as { readonly session: number; readonly verdict: string; readonly body?: string; readonly why: string }; out.push(asked(done.session), done.verdict === 'answered' ? { kind: 'out', text: done.body ?? '' } : { kind: 'err', text: `curl: ${done.why}` }); }
      if (event.fact.says === 'dig/done') { const done = event.fact.with as { readonly session: number; readonly rcode: string; readonly answers: readonly string[] }; out.push(asked(done.session), { kind: done.rcode === 'NOERROR' ? 'out' : 'err', text: done.answers.join('\n') || done.rcode }); }
      if (event.fact.says === 'kubectl/exited') for (const { to, text } of written((event.fact.with ?? {}) as Exited)) out.push({ kind: to === 'stdout' ? 'out' : 'err', text });
    }
    return { lines: out, ended: count };
  }, [events, row, bootRows, session]);
  const given = (session?.commands ?? []).filter(({ command: { do: what } }) => what === 'kubectl' || what === 'connect' || what === 'lookup').length;
  /** While the last command is played to its end, the next one waits, as in a shell. */
  const isFree = status === 'ready' && !isBusy && !(isPlaying && ended < given);
  const run = (text: string): void => {
    const words = splitLine(text.trim());
    const args = words[0] === 'kubectl' ? words.slice(1) : words;
    act(execCommand(args, pictureAt(book, row)) ?? { do: 'kubectl', args, stdin: readsStdin(args) ? activeText() : '' });
  };
  const enter = (): void => {
    if (line.trim() === '') return;
    setTyped([line, ...typed]);
    setBack(0);
    setLine('');
    if (isFree) run(line); else queue.current.push(line);
  };
  useEffect(() => { const next = isFree ? queue.current.shift() : undefined; if (next !== undefined) run(next); });
  const recall = (event: KeyboardEvent): void => {
    const to = back + (event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0);
    if (to === back || to < 0 || to > typed.length) return;
    event.preventDefault();
    setBack(to);
    setLine(to === 0 ? '' : typed[to - 1]);
  };
  useEffect(() => { log.current?.scrollTo({ top: log.current.scrollHeight }); }, [lines]);
  return (
    <div className={css.terminal}>
      <div className={css.out} ref={log} role="log" aria-label="kubectl output">{lines.length === 0 && <p>Try: get pods -o wide · describe pod … · scale deploy/web --replicas=5 · apply -f - (the manifest) · exec POD -- curl http://web</p>}{lines.map((l, i) => <pre key={i} data-kind={l.kind}>{l.text}</pre>)}</div>
      <form onSubmit={(e) => { e.preventDefault(); enter(); }}><label>$ kubectl <input id="prompt" autoFocus={early !== null} value={line} onChange={(e) => setLine(e.target.value)} aria-label="kubectl command" autoComplete="off" spellCheck={false} onKeyDown={recall} aria-busy={!isFree} /></label></form>
    </div>
  );
}
