/**
 * Writes Events as the events.k8s.io API has them: the same again becomes a series, whose count is written when it begins, every half hour, and when it ends.
 * Upstream: client-go tools/events/event_broadcaster.go, event_recorder.go (v1.36).
 * Simplified: they go to the core group, in its form; what was said once is forgotten after six minutes to the second, and 4096 of all at once.
 */
import { rfc3339Micro } from '../../api/machinery/time.ts';
import type { KubeObject } from '../../api/object.ts';
import type { CoreV1Event } from '../../api/schema/kubernetes.ts';
import type { Context } from '../../kernel/component.ts';
import type { Message, Us } from '../../kernel/message.ts';
import { deepFreeze } from '../../lib/deep-freeze.ts';
import { LayeredMap } from '../../lib/layered-map.ts';
import type { Endpoint } from './api-client.ts';
import { eventName, referenceTo, writeEvent, type EventText } from './event-writer.ts';

/** `count`: how often it was said; `writtenAt`: when the apiserver was last told of that. */
interface Said {
  readonly event: CoreV1Event;
  readonly count: number;
  readonly at: Us;
  readonly writtenAt: Us;
}
export interface SeriesRecorder {
  readonly controller: string;
  readonly epochMs: number;
  readonly said: LayeredMap<Said>;
}

/** Upstream: finishTime, refreshTime. */
const FINISH_US = 360_000_000;
const REFRESH_US = 1_800_000_000;
const MOST_REMEMBERED = 4096;
const NOWHERE = Object.freeze({});

export const createSeriesRecorder = (controller: string, epochMs: number): SeriesRecorder => ({
  controller,
  epochMs,
  said: new LayeredMap(),
});

/** What it says plays no part in whether it is the same. Upstream: getKey. */
export function recordSeries(
  ctx: Context,
  recorder: SeriesRecorder,
  endpoint: Endpoint,
  regarding: KubeObject,
  text: EventText & { readonly action: string; /** Another object that it is about. */ readonly related?: KubeObject },
): void {
  const { said, controller, epochMs } = recorder;
  const { metadata } = regarding;
  const reportingInstance = `${controller}-${ctx.host}`;
  const key = `${text.reason} ${text.action} ${metadata?.namespace ?? ''}/${metadata?.name} ${metadata?.uid} ${metadata?.resourceVersion}${text.related ? ` ${text.related.metadata?.uid} ${text.related.metadata?.resourceVersion}` : ''}`;
  const before = said.get(key);
  if (before && (before.count > 1 || ctx.now - before.at < FINISH_US)) {
    goOn(ctx, recorder, endpoint, key, before);
    return;
  }
  if (said.size >= MOST_REMEMBERED) said.clear();
  const event: CoreV1Event = deepFreeze({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: eventName(ctx, { epochMs, source: reportingInstance, earlier: 0 }, metadata?.name ?? ''),
      namespace: metadata?.namespace ?? 'default',
    },
    involvedObject: referenceTo(regarding),
    ...(text.related ? { related: referenceTo(text.related) } : {}),
    reason: text.reason,
    ...(text.message === '' ? {} : { message: text.message }),
    type: text.type,
    action: text.action,
    source: NOWHERE,
    eventTime: rfc3339Micro(epochMs, ctx.now),
    firstTimestamp: null,
    lastTimestamp: null,
    reportingComponent: controller,
    reportingInstance,
  });
  said.set(key, Object.freeze({ event, count: 1, at: ctx.now, writtenAt: ctx.now }));
  writeEvent(ctx, endpoint, event);
}

function goOn(ctx: Context, recorder: SeriesRecorder, endpoint: Endpoint, key: string, { event, count, writtenAt }: Said): void {
  const isNew = count === 1;
  const next = { event, count: count + 1, at: ctx.now, writtenAt: isNew ? ctx.now : writtenAt };
  recorder.said.set(key, Object.freeze(next));
  if (!isNew) return;
  tell(ctx, recorder, endpoint, next);
  ctx.wake(FINISH_US, { series: key }, true);
}

function tell(ctx: Context, recorder: SeriesRecorder, endpoint: Endpoint, { event, count, at }: Said): void {
  const series = deepFreeze({ count, lastObservedTime: rfc3339Micro(recorder.epochMs, at) });
  writeEvent(ctx, endpoint, Object.freeze({ ...event, series }), { series });
}

/** Whether this was the time to look at a series. Upstream: finishSeries, refreshExistingEventSeries. */
export function seriesLookedAt(ctx: Context, recorder: SeriesRecorder, endpoint: Endpoint, { kind, body }: Message): boolean {
  if (kind !== 'wake' || typeof body !== 'object' || body === null || !('series' in body)) return false;
  const { series: key } = body as { readonly series: string };
  const said = recorder.said.get(key);
  if (!said) return true;
  const isOver = ctx.now - said.at >= FINISH_US;
  if (isOver || ctx.now - said.writtenAt >= REFRESH_US) tell(ctx, recorder, endpoint, said);
  if (isOver) {
    recorder.said.delete(key);
    return true;
  }
  if (ctx.now - said.writtenAt >= REFRESH_US) recorder.said.set(key, Object.freeze({ ...said, writtenAt: ctx.now }));
  ctx.wake(FINISH_US, { series: key }, true);
  return true;
}
