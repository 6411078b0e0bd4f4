/** The trace cut into beats: one actor finishing one job, with the hops that carried it. Alike beats of siblings fold into one, "×3". */
import type { Fact } from '../kernel/fact.ts';
import type { TraceEvent } from '../kernel/trace.ts';
import { deedsOf, type Deed, type Given } from './given.ts';
import { noRepeats, toldBy } from './repeats.ts';
import { wordsOf, type Act, type Sentence, type Sentences } from './sentence.ts';

const files = import.meta.glob<Sentences>('./narration/*.ts', { eager: true, import: 'default' });
export const sentences: ReadonlyMap<string, Sentence> = new Map(
  Object.keys(files)
    .sort((a, b) => (a < b ? -1 : 1))
    .flatMap((path) => Object.entries(files[path])),
);

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
  readonly doc: string;
  readonly act: Act;
  /** The row after which it has happened, and those of the siblings that did the same, in order. */
  readonly done: readonly number[];
}

/** Facts that are told only when nothing else explains them. */
export const QUIET: ReadonlySet<string> = new Set(['client/answered', 'client/event', 'kubelet/registered']);
/** What happens within this time of a sibling is "at the same time", µs. */
const TOGETHER_US = 500_000;
/** From so long on time passes with nothing to see, and is torn out of timelines. */
export const IDLE_US = 300_000;

/** The siblings that were told of one thing: the last of their beats, how many were told, when the last one happened. */
interface Family {
  readonly beat: number;
  readonly told: number;
  readonly at: number;
}

/** `given`: the session's commands; without them only the trace speaks. */
export function beatsOf(events: readonly TraceEvent[], from: number, given: readonly Given[] = []): readonly Beat[] {
  const deeds = deedsOf(events, given, from);
  let deed = 0;
  const beats: Beat[] = [];
  const families = new Map<string, Family>();
  const said = new Map<string, string>();
  const repeats = noRepeats();
  let start = from;
  for (let row = from; row < events.length; row++) {
    for (; deeds[deed]?.row <= row; deed++) {
      start = tellDeed(beats, deeds[deed], start);
      families.clear();
      repeats.command++;
    }
    const event = events[row];
    if (event.type !== 'note' || QUIET.has(event.fact.says)) continue;
    const sentence = sentences.get(event.fact.says);
    if (!sentence) continue;
    const words = wordsOf(event.fact);
    if (sentence.isTold && !sentence.isTold(words)) continue;
    const before = toldBy(repeats, events, row, beats.length);
    if (before?.isOnceMore) countTo(beats, before.beat, row + 1);
    if (before) continue;
    if (sentence.folds === 'latest' && isSaidAgain(said, event, sentence.title(words, event.fact))) continue;
    const last = beats.length - 1;
    if (sentence.folds === 'latest' && isUpdateOf(beats[last], event)) start = beats.pop()?.from ?? start;
    const key = sentence.folds === 'siblings' ? `${event.fact.says} ${sentence.alike?.(words) ?? ''}` : undefined;
    const family = key === undefined ? undefined : familyOf(families, key, event.at);
    if (key !== undefined && family && family.told >= (sentence.tells ?? 1)) {
      families.set(key, { ...family, at: event.at });
      const told = beats[family.beat];
      const isBetter =
        family.beat === last && sentence.leads?.(words, event.fact) === true && !sentence.leads(wordsOf(told.fact), told.fact);
      beats[family.beat] = {
        ...(isBetter ? { ...beatOf(event, sentence, told.from, told.to), at: told.at } : told),
        done: [...told.done, row + 1],
      };
      beats[last] = { ...beats[last], to: row + 1 };
    } else {
      beats.push(beatOf(event, sentence, start, row + 1));
      if (key !== undefined) families.set(key, { beat: beats.length - 1, told: (family?.told ?? 0) + 1, at: event.at });
    }
    start = row + 1;
  }
  for (; deed < deeds.length; deed++) start = tellDeed(beats, deeds[deed], start);
  return beats;
}

/** A deed of the user is a beat of its own. One that left no row of its own takes the last row of the beat before it. Returns where the next beat starts. */
function tellDeed(beats: Beat[], { row, id, at, by, fact }: Deed, start: number): number {
  const sentence = sentences.get(fact.says);
  if (!sentence) return start;
  const last = beats.at(-1);
  const from = row > start ? start : row - 1;
  if (from < start && last) beats[beats.length - 1] = { ...last, to: from };
  beats.push(beatOf({ type: 'note', id, at, by, fact, causes: [] }, sentence, from, row));
  return row;
}

type Note = Extract<TraceEvent, { type: 'note' }>;

const AGAIN = 'So it goes on: told again only when it ends otherwise.';
/** One time more of what a beat has told. */
function countTo(beats: Beat[], index: number, to: number): void {
  const beat = beats[index];
  if (beat) beats[index] = { ...beat, done: [...beat.done, to], why: beat.why.endsWith(AGAIN) ? beat.why : `${beat.why} ${AGAIN}` };
}

function beatOf(note: Note, sentence: Sentence, from: number, to: number): Beat {
  const words = wordsOf(note.fact);
  const { act, doc } = sentence;
  return {
    from,
    to,
    id: note.id,
    at: note.at,
    by: note.by,
    fact: note.fact,
    title: sentence.title(words, note.fact),
    why: sentence.why?.(words, note.fact) ?? '',
    act: typeof act === 'function' ? act(words) : act,
    done: [to],
    doc,
  };
}

/** Whether a thing is only told what it was told last. */
function isSaidAgain(said: Map<string, string>, note: Note, title: string): boolean {
  const key = `${note.fact.says} ${note.fact.about}`;
  const isSame = said.get(key) === title;
  said.set(key, title);
  return isSame;
}

const isUpdateOf = (beat: Beat | undefined, note: Note): boolean =>
  beat !== undefined && beat.fact.says === note.fact.says && beat.fact.about === note.fact.about && note.at - beat.at < TOGETHER_US;

function familyOf(families: ReadonlyMap<string, Family>, key: string, at: number): Family | undefined {
  const family = families.get(key);
  return family && at - family.at < TOGETHER_US ? family : undefined;
}

/** How many siblings have done what a beat tells, at a row: ' ×3', or ' (1 of 3)' while others are to come; never alone on a line. */
export function timesAt({ done }: Beat, row: number): string {
  if (done.length === 1) return '';
  const over = Math.max(1, done.filter((to) => to <= row).length);
  return over < done.length ? `\u00a0(${over}\u00a0of\u00a0${done.length})` : `\u00a0×${over}`;
}

/** How many beats are over at a row, which is the index of the one under way or next. */
export function beatAt(beats: readonly Beat[], row: number): number {
  let [low, high] = [0, beats.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (beats[middle].to <= row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The beat that a row stands in, or else the one just over; -1 before the first. */
export function beatNow(beats: readonly Beat[], row: number): number {
  const done = beatAt(beats, row);
  return beats[done] && row > beats[done].from ? done : done - 1;
}
