/** The request that an apiserver is at, and how far it is: read from the trace. */
import { hopWords } from '../story/hop-words.ts';
import type { TraceEvent } from './chronicle.ts';

export interface RequestAt {
  readonly method: string;
  readonly path: string;
  readonly from: string;
  /** As the apiserver knows the caller; '' until it has said so. */
  readonly user: string;
  readonly verb: string;
  readonly changedBy: readonly string[];
  readonly code: number;
  readonly isRefused: boolean;
  readonly reached: 'arrived' | 'admitted' | 'etcd' | 'stored' | 'answered' | 'told';
  readonly told: readonly string[];
}

/** How far back the request of the moment can lie. */
const NEAR = 400;
type Hop = Extract<TraceEvent, { type: 'hop' | 'lost' }>;
const bodyOf = (event: TraceEvent | undefined): Readonly<Record<string, unknown>> =>
  event?.type === 'hop' ? ((event.body ?? {}) as Readonly<Record<string, unknown>>) : {};

/** Chatter and reads that nothing follows from are passed over while a write is near. */
function isTelling(event: TraceEvent, address: string): event is Hop {
  if (event.type !== 'hop' || event.to !== address || event.kind !== 'call' || event.background) return false;
  const { request } = bodyOf(event) as { readonly request?: { readonly method: string; readonly path: string } };
  return request !== undefined && !/\/(events|leases)(\/|$)/.test(request.path);
}

/** The newest request that has reached the apiserver before a row. */
export function requestAt(events: readonly TraceEvent[], row: number, address: string): RequestAt | undefined {
  for (let r = Math.min(row, events.length) - 1; r >= Math.max(0, row - NEAR); r--) {
    const event = events[r];
    if (isTelling(event, address)) return follow(events, { call: event, from: r, to: row, address });
  }
  return undefined;
}

function follow(
  events: readonly TraceEvent[],
  { call, from, to, address }: { readonly call: Hop; readonly from: number; readonly to: number; readonly address: string },
): RequestAt {
  const { request } = bodyOf(call) as { readonly request: { readonly method: string; readonly path: string } };
  const led = new Set<number>([call.id]);
  const told: string[] = [];
  let said: { readonly user: string; readonly verb: string; readonly changedBy: readonly string[] } | undefined;
  let reached: RequestAt['reached'] = 'arrived';
  let code = 0;
  let isRefused = false;
  for (let r = from + 1; r < to; r++) {
    const event = events[r];
    if (!event.causes.some((c) => led.has(c)) && !(event.type === 'hop' && led.has(event.re))) continue;
    if (event.type === 'note' && event.by === address) {
      if (event.fact.says === 'apiserver/admitted') {
        said = event.fact.with as unknown as typeof said;
        reached = 'admitted';
      } else if (event.fact.says === 'apiserver/forbidden') {
        said = { changedBy: [], ...(event.fact.with as object) } as unknown as typeof said;
        isRefused = true;
      }
    }
    if (event.type !== 'hop' || (event.from !== address && event.to !== address)) continue;
    const words = hopWords(event);
    if (event.from === address && words.protocol === 'etcd' && event.kind === 'call') {
      reached = 'etcd';
      led.add(event.id);
    } else if (event.to === address && words.protocol === 'etcd' && event.kind === 'reply') {
      reached = 'stored';
      led.add(event.id);
    } else if (event.to === address && words.protocol === 'etcd') led.add(event.id);
    else if (event.from === address && event.re === call.id) {
      reached = 'answered';
      code = (bodyOf(event).response as { readonly code?: number } | undefined)?.code ?? 0;
    } else if (event.from === address && words.protocol === 'watch') {
      told.push(event.to);
      if (reached === 'answered' || reached === 'stored') reached = 'told';
    }
  }
  return {
    method: request.method,
    path: request.path,
    from: call.from,
    user: said?.user ?? '',
    verb: said?.verb ?? '',
    changedBy: said?.changedBy ?? [],
    code,
    isRefused: isRefused || code >= 400,
    reached,
    told,
  };
}
