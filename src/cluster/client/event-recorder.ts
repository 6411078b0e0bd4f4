/** Writes Event objects as most components do. Upstream: client-go tools/record/event.go (v1.36). Simplified: what 4096 objects were told is forgotten at once. */
import { rfc3339 } from '../../api/machinery/time.ts';
import { keyOf, type KubeObject } from '../../api/object.ts';
import type { Context } from '../../kernel/component.ts';
import { LayeredMap } from '../../lib/layered-map.ts';
import { withMore } from '../../lib/with-more.ts';
import type { Endpoint } from './api-client.ts';
import { correlate, type SaidAbout } from './event-correlator.ts';
import { eventName, referenceTo, writeEvent, type EventText } from './event-writer.ts';

/** `said`: by source and object. */
export interface EventRecorder {
  readonly source: Source;
  readonly epochMs: number;
  readonly said: LayeredMap<SaidAbout>;
}
interface Source {
  readonly component: string;
  readonly host?: string;
}

/** Upstream: maxLruCacheEntries. */
const MOST_REMEMBERED = 4096;

export const createEventRecorder = (component: string, epochMs: number, host?: string): EventRecorder => ({
  source: Object.freeze({ component, ...(host ? { host } : {}) }),
  epochMs,
  said: new LayeredMap(),
});

/** Posts the event, or patches the count of the same one from before. Nobody waits for the answer. */
export function recordEvent(
  ctx: Context,
  recorder: EventRecorder,
  endpoint: Endpoint,
  object: KubeObject,
  text: EventText,
  fieldPath?: string,
): void {
  const { said, source } = recorder;
  const { metadata } = object;
  const nowMs = recorder.epochMs + Math.floor(ctx.now / 1000);
  const now = rfc3339(nowMs);
  const key = `${source.component} ${metadata?.uid ?? keyOf(object)}`;
  const memory = said.get(key);
  const {
    memory: next,
    event,
    count,
    isSpam,
  } = correlate(
    memory,
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: eventName(
          ctx,
          { epochMs: recorder.epochMs, source: source.component + (source.host ?? ''), earlier: memory?.said.length ?? 0 },
          metadata?.name ?? '',
        ),
        namespace: metadata?.namespace ?? 'default',
      },
      involvedObject: referenceTo(object, fieldPath),
      reason: text.reason,
      message: text.message,
      type: text.type,
      source,
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      eventTime: null,
      reportingComponent: source.component,
      reportingInstance: source.host ?? '',
    },
    nowMs,
  );
  if (said.size >= MOST_REMEMBERED && !memory) said.clear();
  said.set(key, next);
  if (isSpam) return;
  if (count === 1) writeEvent(ctx, endpoint, event);
  else writeEvent(ctx, endpoint, withMore(event, { count, lastTimestamp: now }), { count, lastTimestamp: now, message: event.message });
}
