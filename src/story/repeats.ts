/**
 * What a pod asks of its own accord, again and again, as in `while true; do wget …`: the first time is told, the others are counted to it, and told again only where they end otherwise.
 * What a command of the user has brought about is told whenever they ask for it.
 */
import type { TraceEvent } from '../kernel/trace.ts';

type Note = Extract<TraceEvent, { type: 'note' }>;
type Words = Readonly<Record<string, unknown>>;
/** One connection or one question. `ends`: how it ended; `before`: how the one before it did. `beat`: where the first is told. */
interface Call {
  readonly isTold: boolean;
  readonly command: number;
  readonly beat: number;
  readonly before: ReadonlySet<string>;
  readonly ends: Set<string>;
}
export interface Repeats {
  /** By who asks whom. */
  readonly calls: Map<string, Call>;
  /** By the client's own address and port, on this side of a masquerade and on the other. */
  readonly sockets: Map<string, Call>;
  /** How many commands the user has given. */
  command: number;
}

export const noRepeats = (): Repeats => ({ calls: new Map(), sockets: new Map(), command: 0 });

/** Requests that no command of the user's asked for. */
const OF_ITS_OWN = 0;
/** Pods of one set ask alike: of their names this is each one's own. Source: SafeEncodeString of k8s.io/apimachinery/pkg/util/rand. */
const OWN_ENDING = /-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
const NEAR = 200;
const ENDS: ReadonlySet<string> = new Set([
  'packet/answered',
  'packet/rejected',
  'packet/dropped',
  'packet/nobody-listens',
  'packet/no-neighbour',
]);

/** The beat that has told of this already, and whether it is one time more; undefined for what is to be told. `next`: the number that its beat would have. */
export function toldBy(
  repeats: Repeats,
  events: readonly TraceEvent[],
  row: number,
  next: number,
): { readonly beat: number; readonly isOnceMore: boolean } | undefined {
  const note = events[row];
  if (note.type !== 'note') return undefined;
  const { says, with: words = {} } = note.fact;
  if (says === 'kubectl/started') repeats.command++;
  if (says === 'coredns/answered') return questionTold(repeats, events, { note, row, next });
  if (!says.startsWith('packet/') || words.flow !== OF_ITS_OWN) return undefined;
  if (says === 'packet/sent') {
    const call = begin(repeats, `${String(words.from).replace(OWN_ENDING, '')} ${String(words.proto)} ${String(words.dst)}`, {
      isForeground: isForeground(events, row),
      next,
    });
    repeats.sockets.set(String(words.src), call);
    return call.isTold ? undefined : { beat: call.beat, isOnceMore: true };
  }
  return packetTold(repeats, says, words);
}

function begin(
  { calls, command }: Repeats,
  key: string,
  { isForeground, next }: { readonly isForeground: boolean; readonly next: number },
): Call {
  const was = calls.get(key);
  const isTold = was === undefined || (isForeground && was.command !== command);
  const call: Call = {
    isTold,
    command: isTold ? command : was.command,
    beat: isTold ? next : was.beat,
    before: was?.ends ?? new Set(),
    ends: new Set(),
  };
  calls.set(key, call);
  return call;
}

function packetTold({ sockets }: Repeats, says: string, words: Words): { readonly beat: number; readonly isOnceMore: boolean } | undefined {
  const call = [words.src, words.dst, words.was, words.wasSrc].map((end) => sockets.get(String(end))).find((c) => c !== undefined);
  if (!call) return undefined;
  if (says === 'packet/masqueraded') sockets.set(String(words.src), call);
  return endsAsBefore(call, ENDS.has(says) ? `${says} ${String(words.kind)}` : undefined)
    ? { beat: call.beat, isOnceMore: false }
    : undefined;
}

/** Whether nothing of it is new. */
function endsAsBefore(call: Call, end: string | undefined): boolean {
  if (end === undefined) return !call.isTold;
  call.ends.add(end);
  return !call.isTold && call.before.has(end);
}

/** A name that is asked for, by whomever: whether of its own accord is known from the packet that brought the question. */
function questionTold(
  repeats: Repeats,
  events: readonly TraceEvent[],
  { note, row, next }: { readonly note: Note; readonly row: number; readonly next: number },
): { readonly beat: number; readonly isOnceMore: boolean } | undefined {
  const brought = lastOf(
    events,
    row,
    (e) => e.type === 'note' && e.fact.says === 'packet/delivered' && note.by.startsWith(`${String(e.fact.with?.servedBy)}/`),
  );
  if (brought?.type !== 'note' || brought.fact.with?.flow !== OF_ITS_OWN) return undefined;
  const { name, rcode, found } = note.fact.with ?? {};
  const call = begin(repeats, `dns ${String(name)}`, { isForeground: isForeground(events, row), next });
  return endsAsBefore(call, `${String(rcode)} ${String(found)}`) ? { beat: call.beat, isOnceMore: true } : undefined;
}

function lastOf(events: readonly TraceEvent[], row: number, is: (event: TraceEvent) => boolean): TraceEvent | undefined {
  for (let at = row - 1; at >= 0 && at > row - NEAR; at--) if (is(events[at])) return events[at];
  return undefined;
}

function isForeground(events: readonly TraceEvent[], row: number): boolean {
  const [cause] = events[row].causes;
  const asked = lastOf(events, row, (e) => e.id === cause);
  return asked?.type === 'hop' && !asked.background;
}
