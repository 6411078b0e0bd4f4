/** Writes Event objects. Upstream: client-go tools/record/event.go (v1.36). Simplified: the scheduler's, of events.k8s.io, are written as everybody's; what 4096 objects were told is forgotten at once. */
import { kindNamed } from '../../api/registry.ts';
import { rfc3339 } from '../../api/machinery/time.ts';
import { keyOf, type KubeObject } from '../../api/object.ts';
import type { CoreV1Event } from '../../api/schema/kubernetes.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import { fnv1a32 } from '../../lib/hash.ts';
import { LayeredMap } from '../../lib/layered-map.ts';
import { withMore } from '../../lib/with-more.ts';
import { callApi, responseOf, type Endpoint } from './api-client.ts';
import { correlate, type SaidAbout } from './event-correlator.ts';

export interface EventText { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string }
/** `said`: by source and object. */
export interface EventRecorder { readonly source: Source; readonly epochMs: number; readonly said: LayeredMap<SaidAbout> }
interface Source { readonly component: string; readonly host?: string }

/** Upstream: maxLruCacheEntries. */
const MOST_REMEMBERED = 4096;

export const createEventRecorder = (component: string, epochMs: number, host?: string): EventRecorder => ({ source: Object.freeze({ component, ...(host ? { host } : {}) }), epochMs, said: new LayeredMap() });

/** Posts the event, or patches the count of the same one from before. Nobody waits for the answer. */
export function recordEvent(ctx: Context, recorder: EventRecorder, endpoint: Endpoint, object: KubeObject, text: EventText, fieldPath?: string): void {
  const { said, source } = recorder;
  const { metadata } = object;
  const nowMs = recorder.epochMs + Math.floor(ctx.now / 1000);
  const now = rfc3339(nowMs);
  const key = `${source.component} ${metadata?.uid ?? keyOf(object)}`;
  const memory = said.get(key);
  const { memory: next, event, count, isSpam } = correlate(memory, {
    apiVersion: 'v1', kind: 'Event', metadata: { name: eventName(ctx, recorder, metadata?.name ?? '', memory?.said.length ?? 0), namespace: metadata?.namespace ?? 'default' },
    involvedObject: { apiVersion: object.apiVersion ?? kindNamed(object.kind ?? '')?.version, kind: object.kind, name: metadata?.name, namespace: metadata?.namespace, uid: metadata?.uid, resourceVersion: metadata?.resourceVersion, ...(fieldPath ? { fieldPath } : {}) },
    reason: text.reason, message: text.message, type: text.type, source, firstTimestamp: now, lastTimestamp: now, count: 1, eventTime: null, reportingComponent: source.component, reportingInstance: source.host ?? '',
  }, nowMs);
  if (said.size >= MOST_REMEMBERED && !memory) said.clear();
  said.set(key, next);
  if (isSpam) return;
  if (count === 1) write(ctx, endpoint, { event, tries: 1 });
  else write(ctx, endpoint, { event: withMore(event, { count, lastTimestamp: now }), isRepeat: true, tries: 1 });
}

/** An event on its way: created, or its count and message patched. */
interface Told { readonly event: CoreV1Event; readonly isRepeat?: true; readonly tries: number }
const BACKGROUND = Object.freeze({ background: true });
/** Upstream: maxTriesPerEvent, defaultSleepDuration. */
const MOST_TRIES = 12;
const TRY_AGAIN_US = 10_000_000;

function write(ctx: Context, endpoint: Endpoint, told: Told): void {
  const { event, isRepeat } = told;
  const path = eventsIn(event.metadata.namespace ?? '');
  if (!isRepeat) { callApi(ctx, endpoint, { method: 'POST', path, body: event }, { told }, BACKGROUND); return; }
  const { count, lastTimestamp, message } = event;
  callApi(ctx, endpoint, { method: 'PATCH', path: `${path}/${event.metadata.name}`, contentType: 'application/strategic-merge-patch+json', body: { count, lastTimestamp, message } }, { told }, BACKGROUND);
}

/** Upstream: the object's name and the nanoseconds since 1970. Here the last three digits tell sources and events of one moment apart. */
function eventName({ now }: Context, { source: { component, host }, epochMs }: EventRecorder, name: string, earlier: number): string {
  return `${name}.${(BigInt(epochMs * 1000 + now) * 1000n + BigInt((fnv1a32(component + (host ?? '')) + earlier) % 1000)).toString(16)}`;
}

let lastPath = { namespace: '', path: '' };
/** One text for the many events of a namespace. */
function eventsIn(namespace: string): string {
  if (namespace !== lastPath.namespace) lastPath = { namespace, path: `/api/v1/namespaces/${namespace}/events` };
  return lastPath.path;
}

const toldIn = (data: unknown): Told | undefined => (typeof data === 'object' && data !== null && 'told' in data ? (data as { readonly told: Told }).told : undefined);

/** Whether this was an answer about an event. One that has expired since is written anew, one that did not get through again later. Upstream: recordToSink, recordEvent. */
export function eventAnswered(ctx: Context, endpoint: Endpoint, answer: Answer, then: unknown): boolean {
  const told = toldIn(then);
  if (!told) return false;
  const { event, tries, isRepeat } = told;
  const { code } = responseOf(answer);
  if (code === 404 && isRepeat) write(ctx, endpoint, { event, tries });
  if (code > 0 || tries >= MOST_TRIES) return true;
  // The first time at random, so that not everybody comes back at once.
  ctx.wake(tries === 1 ? ctx.draw(`event/${event.metadata.name}`).below(TRY_AGAIN_US) : TRY_AGAIN_US, { told: { ...told, tries: tries + 1 } }, true);
  return true;
}

/** Whether this was the time to try an event again. */
export function eventTried(ctx: Context, endpoint: Endpoint, { kind, body }: Message): boolean {
  const told = kind === 'wake' ? toldIn(body) : undefined;
  if (told) write(ctx, endpoint, told);
  return told !== undefined;
}
