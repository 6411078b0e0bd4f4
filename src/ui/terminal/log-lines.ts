/** What the terminal shows at a row: what was typed, what was printed, and what still waits to be told. */
import type { Session } from '../../engine/session.ts';
import type { Fact } from '../../kernel/fact.ts';
import type { TraceEvent } from '../../kernel/trace.ts';
import { commandText } from '../transport/command-text.ts';
import { execText } from './exec.ts';

/** 'wait': typed, and not yet answered. 'note': beside the answer, and no failure. */
export interface LogLine {
  readonly kind: 'in' | 'wait' | 'out' | 'note' | 'err';
  readonly text: string;
}
/** A command that goes on: the address of its kubectl. */
export interface Running {
  readonly client: string;
  readonly text: string;
  /** What stands before the words that it reads; '' while it runs what it has read. Without it, it reads none. */
  readonly prompt?: string;
}
export interface Log {
  readonly lines: readonly LogLine[];
  /** Those that go on, in the order in which they were begun. */
  readonly running: readonly Running[];
  /** How many were answered, or wait for what may never come. */
  readonly ended: number;
  /** How many were given. */
  readonly given: number;
}
interface Telling {
  readonly events: readonly TraceEvent[];
  readonly session: Session | undefined;
  readonly bootRows: number;
  readonly row: number;
}

interface Printed {
  readonly exitCode?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly printed?: readonly { readonly to: 'stdout' | 'stderr'; readonly text: string }[];
}
/** In the order in which it was written; errors are known by the end. */
const linesOf = ({ printed, exitCode = 0, ...streams }: Printed): readonly LogLine[] =>
  (printed ?? (['stdout', 'stderr'] as const).map((to) => ({ to, text: streams[to] ?? '' })))
    .filter(({ text }) => text !== '')
    .map(({ to, text }) => ({ kind: to === 'stdout' ? 'out' : exitCode === 0 ? 'note' : 'err', text }));

/** The one that was asked for last: who shows it and who waits for its end ask at each step. */
let last: { readonly of: Telling; readonly log: Log } | undefined;
export function logAt(of: Telling): Log {
  if (last?.of.events !== of.events || last.of.session !== of.session || last.of.bootRows !== of.bootRows || last.of.row !== of.row)
    last = { of: { events: of.events, session: of.session, bootRows: of.bootRows, row: of.row }, log: readAt(of) };
  return last.log;
}

/** Of whom a trace tells an end, and of whom anything: what it prints, too. */
interface Told {
  readonly ends: ReadonlySet<string>;
  readonly any: ReadonlySet<string>;
}
const tolds = new WeakMap<readonly TraceEvent[], Told>();
function toldIn(events: readonly TraceEvent[]): Told {
  const known = tolds.get(events);
  if (known) return known;
  const [ends, any] = [new Set<string>(), new Set<string>()];
  for (const event of events) {
    if (event.type !== 'note') continue;
    if (event.fact.says === 'kubectl/exited') ends.add(event.by);
    if (event.fact.says === 'kubectl/exited' || event.fact.says === 'kubectl/printed') any.add(event.by);
  }
  const told = { ends, any };
  tolds.set(events, told);
  return told;
}

/** What was typed, by the session's number of it. */
const givenOf = (session: Session | undefined): readonly { readonly n: number; readonly text: string; readonly isKubectl: boolean }[] =>
  (session?.commands ?? []).flatMap(({ command }, i) => {
    const given = (text: string): readonly [{ readonly n: number; readonly text: string; readonly isKubectl: boolean }] => [
      { n: i + 1, text, isKubectl: command.do === 'kubectl' },
    ];
    switch (command.do) {
      case 'kubectl':
        return given(`$ ${commandText(command)}`);
      case 'type':
        return given(commandText(command));
      case 'connect':
      case 'lookup':
        return given(execText(command));
      default:
        return [];
    }
  });

/** A kubectl that runs: where its line is, whether it goes on, and whether whoever types waits for it. */
interface Open {
  readonly at: number;
  readonly text: string;
  readonly goesOn: boolean;
  readonly isAwaited: boolean;
  readonly prompt?: string;
  /** How often was typed since it last waited for words. */
  readonly typed: number;
}
interface Reading {
  readonly lines: LogLine[];
  readonly open: Map<string, Open>;
  ended: number;
  readonly known: Told;
}
type Note = Extract<TraceEvent, { type: 'note' }>;

/** One that this trace never hears of waits for nothing that could be shown. */
function begun(reading: Reading, { by, fact }: Note): void {
  const { lines, open, known } = reading;
  const text = `$ kubectl ${String(fact.with?.command)}`;
  const isHeard = known.any.has(by);
  open.set(by, { at: lines.length, text, goesOn: !isHeard, isAwaited: isHeard, typed: 0 });
  lines.push({ kind: isHeard ? 'wait' : 'in', text });
  if (!isHeard) reading.ended++;
}

function printed(reading: Reading, { by, fact }: Note): void {
  const { lines, open, known } = reading;
  const mine = open.get(by);
  if (!mine) return;
  const isOver = fact.says === 'kubectl/exited';
  lines[mine.at] = { kind: 'in', text: mine.text };
  lines.push(...linesOf((fact.with ?? {}) as Printed));
  // One of which no end is known waits for nobody: whoever types is free.
  const isAwaited = mine.isAwaited && !isOver && known.ends.has(by);
  if (mine.isAwaited && !isAwaited) reading.ended++;
  const now = fact.with?.prompt;
  const prompt = typeof now === 'string' ? now : mine.prompt === undefined ? undefined : '';
  const isOwed = isOver || typeof now === 'string';
  if (isOwed) reading.ended += mine.typed;
  open.set(by, { ...mine, goesOn: !isOver, isAwaited, typed: isOwed ? 0 : mine.typed, ...(prompt === undefined ? {} : { prompt }) });
}

/** Somebody has typed into one that reads. */
function typedInto(reading: Reading, client: string): void {
  const { open } = reading;
  const it = open.get(client);
  if (!it) reading.ended++;
  else open.set(client, { ...it, typed: it.typed + 1 });
}

function ended(reading: Reading, { by, causes }: Extract<TraceEvent, { type: 'exit' }>): void {
  const { open, lines } = reading;
  reading.ended += open.get(by)?.typed ?? 0;
  if (open.delete(by) && causes.length === 0) lines.push({ kind: 'note', text: '^C' });
}

/** What curl or dig has come to; undefined for anything else. */
function doneLine({ says, with: words = {} }: Fact): LogLine | undefined {
  if (says === 'curl/done')
    return words.verdict === 'answered'
      ? { kind: 'out', text: String(words.body ?? '') }
      : { kind: 'err', text: `curl: ${String(words.why)}` };
  if (says !== 'dig/done') return undefined;
  const answers = (words.answers as readonly string[]).join('\n');
  return { kind: words.rcode === 'NOERROR' ? 'out' : 'err', text: answers || String(words.rcode) };
}

function readAt({ events, session, bootRows, row }: Telling): Log {
  const given = givenOf(session);
  const kubectls = given.filter(({ isKubectl }) => isKubectl);
  const reading: Reading = { lines: [], open: new Map(), ended: 0, known: toldIn(events) };
  const told = new Set<number>();
  let started = 0;
  for (let i = bootRows; i < row; i++) {
    const event = events[i];
    if (event.type === 'exit') ended(reading, event);
    if (event.type !== 'note') continue;
    const { says } = event.fact;
    if (says === 'kubectl/started') {
      told.add(kubectls[started++]?.n);
      begun(reading, event);
    }
    if (says === 'kubectl/typed') {
      told.add(Number(event.fact.with?.session));
      typedInto(reading, event.fact.about ?? '');
    }
    if (says === 'kubectl/printed' || says === 'kubectl/exited') printed(reading, event);
    const line = doneLine(event.fact);
    if (!line) continue;
    const n = Number(event.fact.with?.session);
    reading.lines.push({ kind: 'in', text: given.find((g) => g.n === n)?.text ?? '' }, line);
    told.add(n);
    reading.ended++;
  }
  return {
    lines: [...reading.lines, ...given.filter(({ n }) => !told.has(n)).map(({ text }): LogLine => ({ kind: 'wait', text }))],
    running: [...reading.open]
      .filter(([, { goesOn }]) => goesOn)
      .map(([client, { text, prompt }]) => ({
        client,
        text,
        ...(prompt === undefined ? {} : { prompt }),
      })),
    ended: reading.ended,
    given: given.length,
  };
}
