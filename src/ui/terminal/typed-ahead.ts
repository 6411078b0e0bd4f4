/** What was typed and is not yet answered: with the worker, or waiting until the story before it is told, as in a shell. It outlives the panel. */
import { create } from 'zustand';
import { splitLine } from '../../kubectl/argv.ts';
import { CTRL_C } from '../../lib/control-keys.ts';
import { pictureAt } from '../../story/picture.ts';
import { useStore, type Store } from '../app/store.ts';
import { activeText } from '../editor/drafts.ts';
import { goTo } from '../transport/playback.ts';
import { execCommand } from './exec.ts';
import { logAt, type Log, type Running } from './log-lines.ts';

interface Ahead {
  readonly queue: readonly string[];
  readonly sent: { readonly line: string; /** Its answer is gone to. */ readonly isRead: boolean } | undefined;
}
const NOTHING: Ahead = { queue: [], sent: undefined };
export const useAhead = create<Ahead>()(() => NOTHING);

/** They change nothing: where no story is being told, their answer comes at once. */
const READS = new Set(['get', 'describe', 'logs', 'events', 'explain', 'version', 'cluster-info', 'api-resources', 'api-versions', 'top']);
/** Whether the command reads the manifest: `-f -`, `--filename=-`. */
const readsStdin = (args: readonly string[]): boolean =>
  args.some((arg, i) => (arg === '-' && /^(-f|--filename)$/.test(args[i - 1] ?? '')) || /^(-f=?|--filename=)-$/.test(arg));

function isTelling(store: Store): boolean {
  if (!store.isPlaying) return false;
  const { ended, given } = logAt(store);
  return ended < given;
}
export const isFree = (store: Store): boolean => store.status === 'ready' && !store.isBusy && !isTelling(store);

export function typed(line: string): void {
  useAhead.setState(({ queue }) => ({ queue: [...queue, line] }));
  goOn();
}

function goOn(): void {
  const { sent } = useAhead.getState();
  const { status, isBusy } = useStore.getState();
  if (status !== 'ready') useAhead.setState(NOTHING, true);
  if (isBusy || status !== 'ready') return;
  if (sent) {
    useAhead.setState({ sent: undefined });
    if (sent.isRead) goToAnswer();
  }
  const {
    queue: [next, ...queue],
  } = useAhead.getState();
  if (next !== undefined && isFree(useStore.getState())) run(next, queue);
}

/** A line that ends in & says what every line is here: who types waits for none that goes on. */
function run(line: string, queue: readonly string[]): void {
  const { isPlaying, book, row, act } = useStore.getState();
  const reader = readerOf(logAt(useStore.getState()));
  if (reader) {
    useAhead.setState({ queue, sent: { line, isRead: !isPlaying } });
    act({ do: 'type', client: reader.client, text: `${line}\n` });
    return;
  }
  const words = splitLine(line.trim().replace(/&$/, ''));
  const args = words[0] === 'kubectl' ? words.slice(1) : words;
  useAhead.setState({ queue, sent: { line, isRead: !isPlaying && READS.has(args[0]) } });
  act(
    execCommand(args, pictureAt(book, row)) ?? {
      do: 'kubectl',
      args,
      stdin: readsStdin(args) ? activeText() : '',
      ...(args.some((word) => /^(exec|run|attach|debug)$/.test(word)) ? { isTerminal: true } : {}),
    },
  );
}

/** To where the last command was answered, or began to wait; to the end when nothing is told after it. */
function goToAnswer(): void {
  const { events, beats, row } = useStore.getState();
  const last = events.findLast((e) => e.type === 'note' && (e.fact.says === 'kubectl/started' || e.fact.says === 'kubectl/typed'));
  if (last?.type !== 'note') return;
  const client = last.fact.says === 'kubectl/typed' ? last.fact.about : last.by;
  const answers = events.flatMap((e, i) =>
    i >= row && e.type === 'note' && e.by === client && ANSWERS.has(e.fact.says) ? [{ i, ...e.fact }] : [],
  );
  const says = (is: (words: NonNullable<(typeof answers)[number]['with']>) => boolean): number | undefined =>
    answers.find(({ with: words = {} }) => client === last.by || is(words))?.i;
  // A shell's next prompt; while it runs what was typed, what that says, or at least what was typed.
  const answer = says((words) => words.prompt !== undefined) ?? says((words) => words.isNews === undefined) ?? answers.at(0)?.i ?? -1;
  if (answer >= 0) goTo(beats.some((b) => b.to > answer + 1) ? answer + 1 : events.length);
}
const ANSWERS: ReadonlySet<string> = new Set(['kubectl/exited', 'kubectl/printed']);

/** Who reads what is typed. */
export const readerOf = ({ running }: Pick<Log, 'running'>): Running | undefined => running.findLast(({ prompt }) => prompt !== undefined);

/** Ctrl-C: a command that goes on is ended; whichever was begun last, unless one is meant. One that reads what is typed gets the key, and ends by Ctrl-D. */
export function interrupt(one = logAt(useStore.getState()).running.at(-1), key = CTRL_C): void {
  const { act, isPlaying } = useStore.getState();
  if (one?.prompt !== undefined) {
    useAhead.setState({ queue: [], sent: { line: key === CTRL_C ? '^C' : '', isRead: !isPlaying } });
    act({ do: 'type', client: one.client, text: key });
  } else if (one) act({ do: 'hang-up', client: one.client });
}

/** After what changes the store in two steps, such as going to the end. */
useStore.subscribe(() => {
  if (useAhead.getState() !== NOTHING) queueMicrotask(goOn);
});
