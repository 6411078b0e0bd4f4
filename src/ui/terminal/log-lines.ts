/** What the terminal shows at a row: what was typed, what was printed, and what still waits to be told. */
import type { Session } from '../../engine/session.ts';
import type { TraceEvent } from '../../kernel/trace.ts';
import { commandText } from '../transport/command-text.ts';
import { execText } from './exec.ts';

/** 'wait': typed, and not yet answered. 'note': beside the answer, and no failure. */
export interface LogLine {
  readonly kind: 'in' | 'wait' | 'out' | 'note' | 'err';
  readonly text: string;
}
export interface Log {
  readonly lines: readonly LogLine[];
  /** How many were answered. */
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

interface Exited {
  readonly exitCode?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly printed?: readonly { readonly to: 'stdout' | 'stderr'; readonly text: string }[];
}
/** In the order in which it was written. */
const written = (exited: Exited): NonNullable<Exited['printed']> =>
  exited.printed ?? (['stdout', 'stderr'] as const).map((to) => ({ to, text: exited[to] ?? '' })).filter(({ text }) => text !== '');

/** The one that was asked for last: who shows it and who waits for its end ask at each step. */
let last: { readonly of: Telling; readonly log: Log } | undefined;
export function logAt(of: Telling): Log {
  if (last?.of.events !== of.events || last.of.session !== of.session || last.of.bootRows !== of.bootRows || last.of.row !== of.row)
    last = { of: { events: of.events, session: of.session, bootRows: of.bootRows, row: of.row }, log: readAt(of) };
  return last.log;
}

function readAt({ events, session, bootRows, row }: Telling): Log {
  const lines: LogLine[] = [];
  const given = (session?.commands ?? []).flatMap(({ command }, i) =>
    command.do === 'kubectl'
      ? [{ n: i + 1, text: `$ ${commandText(command)}` }]
      : command.do === 'connect' || command.do === 'lookup'
        ? [{ n: i + 1, text: execText(command) }]
        : [],
  );
  const kubectls = given.filter(({ n }) => session?.commands[n - 1].command.do === 'kubectl');
  const told = new Set<number>();
  const open = new Map<string, number>();
  /** What those have printed that still run. */
  const goesOn = new Map<string, string>();
  let [ended, started] = [0, 0];
  const answer = (n: number, line: LogLine): void => {
    lines.push({ kind: 'in', text: given.find((g) => g.n === n)?.text ?? '' }, line);
    told.add(n);
    ended++;
  };
  for (let i = bootRows; i < row; i++) {
    const event = events[i];
    if (event.type === 'exit' && goesOn.has(event.by) && event.causes.length === 0) lines.push({ kind: 'note', text: '^C' });
    if (event.type !== 'note') continue;
    const { says, with: words } = event.fact;
    if (says === 'kubectl/started') {
      open.set(event.by, lines.length);
      told.add(kubectls[started++]?.n);
      lines.push({ kind: 'wait', text: `$ kubectl ${String(words?.command)}` });
    }
    if (says === 'curl/done') {
      const done = words as { readonly session: number; readonly verdict: string; readonly body?: string; readonly why: string };
      answer(
        done.session,
        done.verdict === 'answered' ? { kind: 'out', text: done.body ?? '' } : { kind: 'err', text: `curl: ${done.why}` },
      );
    }
    if (says === 'dig/done') {
      const done = words as { readonly session: number; readonly rcode: string; readonly answers: readonly string[] };
      answer(done.session, { kind: done.rcode === 'NOERROR' ? 'out' : 'err', text: done.answers.join('\n') || done.rcode });
    }
    if (says !== 'kubectl/exited' && says !== 'kubectl/printed') continue;
    const shown = goesOn.get(event.by);
    const asked = open.get(event.by);
    if (asked !== undefined) lines[asked] = { ...lines[asked], kind: 'in' };
    // One that goes on waits for nobody: whoever types is free.
    if (shown === undefined) ended++;
    if (says === 'kubectl/printed') {
      const text = String(words?.text);
      goesOn.set(event.by, (shown ?? '') + text);
      lines.push({ kind: 'out', text });
      continue;
    }
    const exited = (words ?? {}) as Exited;
    for (const { to, text } of written(exited).filter((chunk) => !shown?.includes(chunk.text)))
      lines.push({ kind: to === 'stdout' ? 'out' : exited.exitCode === 0 ? 'note' : 'err', text });
  }
  return {
    lines: [...lines, ...given.filter(({ n }) => !told.has(n)).map(({ text }): LogLine => ({ kind: 'wait', text }))],
    ended,
    given: given.length,
  };
}
