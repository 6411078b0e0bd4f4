/** The trace cut into beats: one actor finishing one job, with the hops that carried it. Alike beats of siblings fold into one, "×3". */
import type { Fact } from '../kernel/fact.ts';
import type { TraceEvent } from '../kernel/trace.ts';
import { wordsOf, type Sentence, type Sentences } from './sentence.ts';

const files = import.meta.glob<Sentences>('./narration/*.ts', { eager: true, import: 'default' });
export const sentences: ReadonlyMap<string, Sentence> = new Map(Object.keys(files).sort((a, b) => (a < b ? -1 : 1)).flatMap((path) => Object.entries(files[path])));

export interface Beat {
  /** Rows [from, to) of the trace. */
  readonly from: number;
  readonly to: number;
  readonly id: number;
  readonly at: number;
  readonly by: string;
  readonly fact: Fact;
  readonly title: string;
  readonly why: string;
  readonly doc?: string;
  readonly act: 1 | 2 | 3 | 4 | 5;
  /** How many siblings did the same. */
  readonly times: number;
}

/** Facts that are told only when nothing else explains them. */
const QUIET = new Set(['client/answered', 'client/event', 'kubelet/registered']);
/** How many beats back a sibling is looked for. */
const WINDOW = 6;

export function beatsOf(events: readonly TraceEvent[], from: number): readonly Beat[] {
  const beats: Beat[] = [];
  let start = from;
  for (let row = from; row < events.length; row++) {
    const event = events[row];
    if (event.type !== 'note' || QUIET.has(event.fact.says)) continue;
    const sentence = sentences.get(event.fact.says);
    if (!sentence) continue;
    const words = wordsOf(event.fact);
    if (sentence.isTold && !sentence.isTold(words)) continue;
    const sibling = siblingOf(beats, event.fact);
    if (sibling >= 0) {
      const was = beats[sibling];
      beats[sibling] = { ...was, times: was.times + 1 };
      const last = beats.length - 1;
      beats[last] = { ...beats[last], to: row + 1 };
      start = row + 1;
      continue;
    }
    beats.push({ from: start, to: row + 1, id: event.id, at: event.at, by: event.by, fact: event.fact, title: sentence.title(words, event.fact), why: sentence.why?.(words, event.fact) ?? '', act: sentence.act, times: 1, ...(sentence.doc ? { doc: sentence.doc } : {}) });
    start = row + 1;
  }
  return beats;
}

/** A recent beat that says the same of somebody else. What the scheduler and the apiserver say is about one object each, and is not folded. */
function siblingOf(beats: readonly Beat[], fact: Fact): number {
  if (!/^(kubelet|containerd|cni|kube-proxy|flannel)\//.test(fact.says)) return -1;
  for (let i = beats.length - 1; i >= Math.max(0, beats.length - WINDOW); i--) {
    if (beats[i].fact.says === fact.says && beats[i].fact.about !== fact.about) return i;
  }
  return -1;
}

/** The beat that a row belongs to; the last one that has begun. */
export function beatAt(beats: readonly Beat[], row: number): number {
  let [low, high] = [0, beats.length];
  while (low < high) { const middle = (low + high) >> 1; if (beats[middle].to <= row) low = middle + 1; else high = middle; }
  return low;
}
