/** What was typed and is not yet answered: with the worker, or waiting until the story before it is told, as in a shell. It outlives the panel. */
import { create } from 'zustand';
import { splitLine } from '../../kubectl/argv.ts';
import { pictureAt } from '../../story/picture.ts';
import { useStore, type Store } from '../app/store.ts';
import { activeText } from '../editor/drafts.ts';
import { goTo } from '../transport/playback.ts';
import { execCommand } from './exec.ts';
import { logAt } from './log-lines.ts';

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
  const words = splitLine(line.trim().replace(/&$/, ''));
  const args = words[0] === 'kubectl' ? words.slice(1) : words;
  useAhead.setState({ queue, sent: { line, isRead: !isPlaying && READS.has(args[0]) } });
  act(execCommand(args, pictureAt(book, row)) ?? { do: 'kubectl', args, stdin: readsStdin(args) ? activeText() : '' });
}

/** To where the last command was answered, or began to wait; to the end when nothing is told after it. */
function goToAnswer(): void {
  const { events, beats, row } = useStore.getState();
  const last = events.findLast((e) => e.type === 'note' && e.fact.says === 'kubectl/started');
  const answer = events.findIndex(
    (e, i) => i >= row && e.type === 'note' && ANSWERS.has(e.fact.says) && last?.type === 'note' && e.by === last.by,
  );
  if (answer >= 0) goTo(beats.some((b) => b.to > answer + 1) ? answer + 1 : events.length);
}
const ANSWERS: ReadonlySet<string> = new Set(['kubectl/exited', 'kubectl/printed']);

/** Ctrl-C: a command that goes on is ended; whichever was begun last, unless one is meant. */
export function interrupt(client = logAt(useStore.getState()).running.at(-1)?.client): void {
  if (client !== undefined) useStore.getState().act({ do: 'hang-up', client });
}

/** After what changes the store in two steps, such as going to the end. */
useStore.subscribe(() => {
  if (useAhead.getState() !== NOTHING) queueMicrotask(goOn);
});
