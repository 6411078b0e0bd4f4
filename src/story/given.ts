/** What the user did to the cluster itself, beside kubectl: faults and requests. They leave at most a bare exit or spawn in the trace, so their beats are told from the session's commands. */
import type { Fact } from '../kernel/fact.ts';
import type { TraceEvent } from '../kernel/trace.ts';

export interface Given {
  readonly at: number;
  readonly command: {
    readonly do: string;
    readonly what?: string;
    readonly a?: string;
    readonly b?: string;
    readonly connect?: { readonly from: string; readonly to: string };
    readonly lookup?: { readonly from: string; readonly name: string };
  };
}
/** `row`: the first row after the command's own; `id`: of its first event, negative when it left none. */
export interface Deed {
  readonly row: number;
  readonly first: number;
  readonly id: number;
  readonly at: number;
  readonly by: string;
  readonly fact: Fact;
}

const isRoot = (event: TraceEvent | undefined, at: number): boolean =>
  event !== undefined && event.at === at && event.causes.length === 0 && (event.type === 'exit' || event.type === 'spawn');

/** Commands in the order of the trace, each with the rows that are its own doing. */
export function placed(
  events: readonly TraceEvent[],
  given: readonly Given[],
  from: number,
): readonly { readonly given: Given; readonly first: number; readonly row: number }[] {
  let row = from;
  return given.map((g) => {
    while (row < events.length && events[row].at <= g.at && !isRoot(events[row], g.at)) row++;
    const first = row;
    while (isRoot(events[row], g.at)) {
      row++;
      if (g.command.do === 'kubectl') break;
    }
    return { given: g, first, row };
  });
}

/** The row before which the last command was given. */
export const rowBefore = (events: readonly TraceEvent[], given: readonly Given[], from: number): number =>
  placed(events, given, from).at(-1)?.first ?? from;

/** What is told of: all but kubectl, which tells of itself. */
export function deedsOf(events: readonly TraceEvent[], given: readonly Given[], from: number): readonly Deed[] {
  return placed(events, given, from).flatMap(({ given: { at, command }, first, row }, i) => {
    const told = toldOf(command);
    return told ? [{ row, first, at, id: first < row ? events[first].id : -1 - i, ...told }] : [];
  });
}

function toldOf(command: Given['command']): { readonly by: string; readonly fact: Fact } | undefined {
  if (command.connect) return { by: hostOf(command.connect.from), fact: { says: 'user/connect', with: { ...command.connect } } };
  if (command.lookup) return { by: hostOf(command.lookup.from), fact: { says: 'user/lookup', with: { ...command.lookup } } };
  if (command.a !== undefined && command.b !== undefined)
    return { by: command.b, fact: { says: `user/${command.do}`, about: `nodes/${command.b}`, with: { a: command.a, machine: command.b } } };
  return command.what === undefined ? undefined : { by: command.what, fact: struck(command.do, command.what) };
}

const hostOf = (from: string): string => from.replace(/^node\//, '');

/** 'worker-1', 'worker-1/kubelet', 'default/web-x7k2p/nginx', 'default/web-x7k2p/pause' */
function struck(verb: string, what: string): Fact {
  const [first, second, third] = what.split('/');
  if (third !== undefined)
    return {
      says: `user/${verb}-${third === 'pause' ? 'pause' : 'container'}`,
      about: `pods/${first}/${second}`,
      with: { pod: second, container: third },
    };
  return {
    says: `user/${verb}-${second === undefined ? 'machine' : 'service'}`,
    about: `nodes/${first}`,
    with: { machine: first, service: second ?? '' },
  };
}
