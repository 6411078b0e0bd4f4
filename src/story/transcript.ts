/** The trace as prose: who asked whom for what, indented by cause. Ids, revisions and drawn names are hidden, so that a transcript changes only when behaviour does. */
import type { KubeObject } from '../api/object.ts';
import type { TraceEvent } from '../kernel/trace.ts';
import { isShown, nameInWords } from './hop-words.ts';

type Hop = Extract<TraceEvent, { type: 'hop' | 'lost' }>;
type Body = Readonly<Record<string, unknown>>;
const MOST_DEPTH = 12;

/** `from`: virtual µs that count as zero; by default the first event's. */
export function transcript(events: readonly TraceEvent[], from = events[0]?.at ?? 0): string {
  const depths = new Map<number, number>();
  const lines: string[] = [];
  for (const event of events) {
    const said = isShown(event) ? lineOf(event) : undefined;
    const above = Math.max(-1, ...event.causes.map((cause) => depths.get(cause) ?? -1));
    const depth = said === undefined ? above : above + 1;
    depths.set(event.id, depth);
    if (said !== undefined)
      lines.push(`${(((event as Hop).sentAt - from) / 1e6).toFixed(3).padStart(7)}  ${'  '.repeat(Math.min(MOST_DEPTH, depth))}${said}`);
  }
  return `${hideDrawn(lines.join('\n'))}\n`;
}

const who = (address: string): string =>
  address
    .replace(/^cp-1\//, '')
    .replace(/kubectl-\d+/, 'kubectl')
    .replace(/^laptop\//, 'user/');

function lineOf(hop: Hop): string | undefined {
  const body = (hop.body ?? {}) as Body;
  const line = (arrow: string, text: string): string => `${who(hop.from)} ${arrow} ${who(hop.to)}  ${text}`;
  if (hop.kind === 'refused') return line('✗', 'connection refused');
  switch (body.protocol) {
    case 'api': {
      const request = body.request as
        | { readonly method: string; readonly path: string; readonly query?: Readonly<Record<string, string>> }
        | undefined;
      if (request) return request.query?.watch ? undefined : line('→', `${request.method} ${request.path}`);
      const { code } = (body.response ?? {}) as { readonly code?: number };
      return (code ?? 0) >= 400 ? line('✗', String(code)) : undefined;
    }
    case 'watch': {
      const object = body.object as KubeObject;
      return line(
        '⇢',
        `${String(body.type)} ${object.kind} ${object.metadata?.namespace ? `${object.metadata.namespace}/` : ''}${nameInWords(object)}`,
      );
    }
    case 'etcd': {
      const { success } = (body.txn ?? {}) as { readonly success?: readonly { readonly op: string; readonly key: string }[] };
      return success && success[0]?.op !== 'range' ? line('→', `${success[0]?.op} ${success[0]?.key}`) : undefined;
    }
    case 'cri':
      return hop.kind === 'call' ? line('→', String(body.verb)) : undefined;
    case 'cni':
      return hop.kind === 'call' ? line('→', `CNI ${String(body.command)}`) : undefined;
    case 'registry':
      return hop.kind === 'call' ? line('→', `manifest ${String(body.image)}`) : undefined;
    case 'http':
      return hop.kind === 'call' ? line('→', `${String(body.method)} :${String(body.port)}${String(body.path)}`) : undefined;
    default:
      return undefined;
  }
}

/** Drawn suffixes become letters, in the order they appear. */
function hideDrawn(text: string): string {
  const letters = new Map<string, string>();
  return text.replace(/-([bcdfghjklmnpqrstvwxz2-9]{5})(?=\b)/g, (_all: string, suffix: string) => {
    const letter = letters.get(suffix) ?? String.fromCharCode(65 + (letters.size % 26));
    letters.set(suffix, letter);
    return `-${letter}`;
  });
}
