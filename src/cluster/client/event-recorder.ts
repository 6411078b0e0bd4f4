/** Writes Event objects. Upstream: client-go tools/record/event.go, events_cache.go (v1.36). Simplified: repeats of the same event raise the count of the first; no spam filter. */
import { kindNamed } from '../../api/registry.ts';
import { rfc3339 } from '../../api/machinery/time.ts';
import type { KubeObject } from '../../api/object.ts';
import type { CoreV1Event } from '../../api/schema/kubernetes.ts';
import type { Context } from '../../kernel/component.ts';
import { safeSuffix } from '../../api/machinery/rand.ts';
import { LayeredMap } from '../../lib/layered-map.ts';
import { callApi, type Endpoint } from './api-client.ts';

export interface EventText { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string }
export interface EventRecorder { readonly component: string; readonly host?: string; readonly epochMs: number; readonly seen: LayeredMap<CoreV1Event> }

const MOST_SEEN = 4096;

export const createEventRecorder = (component: string, epochMs: number, host?: string): EventRecorder => ({ component, epochMs, seen: new LayeredMap(), ...(host ? { host } : {}) });

/** Posts the event, or patches the count of the same one from before. Nobody waits for the answer. */
export function recordEvent(ctx: Context, recorder: EventRecorder, endpoint: Endpoint, object: KubeObject, text: EventText, fieldPath?: string): void {
  const { metadata } = object;
  const now = rfc3339(recorder.epochMs + Math.floor(ctx.now / 1000));
  const namespace = metadata?.namespace ?? 'default';
  const identity = `${object.kind}/${namespace}/${metadata?.name}/${metadata?.uid}/${fieldPath ?? ''}/${text.reason}/${text.message}`;
  const before = recorder.seen.get(identity);
  if (before) {
    const count = (before.count ?? 1) + 1;
    recorder.seen.set(identity, Object.freeze({ ...before, count, lastTimestamp: now }));
    callApi(ctx, endpoint, { method: 'PATCH', path: `/api/v1/namespaces/${namespace}/events/${before.metadata.name}`, contentType: 'application/strategic-merge-patch+json', body: { count, lastTimestamp: now } }, { event: true }, { background: true });
    return;
  }
  const rng = ctx.draw(`event/${identity}/${ctx.now}`);
  const event: CoreV1Event = {
    apiVersion: 'v1', kind: 'Event', metadata: { name: `${metadata?.name}.${safeSuffix((n) => rng.below(n), 16)}`, namespace },
    involvedObject: { apiVersion: object.apiVersion ?? kindNamed(object.kind ?? '')?.version, kind: object.kind, name: metadata?.name, namespace: metadata?.namespace, uid: metadata?.uid, resourceVersion: metadata?.resourceVersion, ...(fieldPath ? { fieldPath } : {}) },
    reason: text.reason, message: text.message, type: text.type, source: { component: recorder.component, ...(recorder.host ? { host: recorder.host } : {}) }, firstTimestamp: now, lastTimestamp: now, count: 1, reportingComponent: recorder.component, reportingInstance: recorder.host ?? '',
  };
  if (recorder.seen.size >= MOST_SEEN) recorder.seen.clear();
  recorder.seen.set(identity, Object.freeze(event));
  callApi(ctx, endpoint, { method: 'POST', path: eventsIn(namespace), body: event }, { event: true }, { background: true });
}

let lastPath = { namespace: '', path: '' };
/** One text for the many events of a namespace. */
function eventsIn(namespace: string): string {
  if (namespace !== lastPath.namespace) lastPath = { namespace, path: `/api/v1/namespaces/${namespace}/events` };
  return lastPath.path;
}

export const isEventAnswer = (then: unknown): boolean => typeof then === 'object' && then !== null && 'event' in then;
