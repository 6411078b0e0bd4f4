/** The page's end of the language worker. A worker that dies or thinks too long is replaced; whoever asked hears `undefined`. */
import { tooLong } from '../../api/manifest/limits.ts';
import type { Answered, Answers, Asked, Findings, Question } from './language-protocol.ts';

const PATIENCE_MS = 15_000;

interface Pending {
  readonly done: (answer: Answers[Question['do']] | undefined) => void;
  readonly timer: number;
}
const pending = new Map<number, Pending>();
let worker: Worker | undefined;
let count = 0;

function drop(): void {
  worker?.terminate();
  worker = undefined;
  for (const { done, timer } of pending.values()) {
    window.clearTimeout(timer);
    done(undefined);
  }
  pending.clear();
}

function start(): Worker {
  const fresh = new Worker(new URL('./language-worker.ts', import.meta.url), { type: 'module', name: 'language' });
  fresh.addEventListener('error', drop);
  fresh.addEventListener('message', ({ data }: MessageEvent<Answered>) => {
    const waiting = pending.get(data.id);
    if (!waiting) return;
    pending.delete(data.id);
    window.clearTimeout(waiting.timer);
    waiting.done(data.answer);
  });
  return fresh;
}

export function ask<Q extends Question>(question: Q): Promise<Answers[Q['do']] | undefined> {
  const id = ++count;
  return new Promise((resolve) => {
    worker ??= start();
    pending.set(id, { done: resolve as Pending['done'], timer: window.setTimeout(drop, PATIENCE_MS) });
    worker.postMessage({ id, question } satisfies Asked);
  });
}

const said = (message: string): Findings => ({
  problems: [{ line: 1, column: 1, endLine: 1, endColumn: 1, severity: 'error', message }],
  marks: [],
  objects: 0,
});

/** What is wrong with a text. What is too long to be read is not even sent. */
export async function check(text: string): Promise<Findings> {
  const excess = tooLong(text);
  return excess === undefined
    ? ((await ask({ do: 'check', text })) ??
        said('the text could not be checked: its worker did not answer; the text is kept, and can be applied'))
    : said(excess);
}
