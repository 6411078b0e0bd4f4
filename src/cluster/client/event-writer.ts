/** Events on their way to the apiserver. Nobody waits for the answer. Upstream: client-go tools/record/event.go recordToSink, recordEvent; tools/events/event_broadcaster.go (v1.36). */
import { kindNamed } from '../../api/registry.ts';
import type { KubeObject } from '../../api/object.ts';
import type { CoreV1Event, V1ObjectReference } from '../../api/schema/kubernetes.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import { fnv1a32 } from '../../lib/hash.ts';
import { callApi, responseOf, type Endpoint } from './api-client.ts';

export interface EventText {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** Upstream: reference.GetReference. */
export function referenceTo({ apiVersion, kind, metadata }: KubeObject, fieldPath?: string): V1ObjectReference {
  return {
    apiVersion: apiVersion ?? kindNamed(kind ?? '')?.version,
    kind,
    name: metadata?.name,
    namespace: metadata?.namespace,
    uid: metadata?.uid,
    resourceVersion: metadata?.resourceVersion,
    ...(fieldPath ? { fieldPath } : {}),
  };
}

/** Created, or patched. */
interface Told {
  readonly event: CoreV1Event;
  readonly patch?: object;
  readonly tries: number;
}
const BACKGROUND = Object.freeze({ background: true });
/** Upstream: maxTriesPerEvent, defaultSleepDuration. */
const MOST_TRIES = 12;
const TRY_AGAIN_US = 10_000_000;

export function writeEvent(ctx: Context, endpoint: Endpoint, event: CoreV1Event, patch?: object): void {
  write(ctx, endpoint, { event, tries: 1, ...(patch ? { patch } : {}) });
}

function write(ctx: Context, endpoint: Endpoint, told: Told): void {
  const { event, patch } = told;
  const path = eventsIn(event.metadata.namespace ?? '');
  if (patch)
    callApi(
      ctx,
      endpoint,
      { method: 'PATCH', path: `${path}/${event.metadata.name}`, contentType: 'application/strategic-merge-patch+json', body: patch },
      { told },
      BACKGROUND,
    );
  else callApi(ctx, endpoint, { method: 'POST', path, body: event }, { told }, BACKGROUND);
}

/** Upstream: the object's name and the nanoseconds since 1970. Here the last three digits tell sources and events of one moment apart. */
export function eventName(
  { now }: Context,
  of: { readonly epochMs: number; readonly source: string; /** How many there were before. */ readonly earlier: number },
  name: string,
): string {
  return `${name}.${(BigInt(of.epochMs * 1000 + now) * 1000n + BigInt((fnv1a32(of.source) + of.earlier) % 1000)).toString(16)}`;
}

let lastPath = { namespace: '', path: '' };
/** One text for the many events of a namespace. */
function eventsIn(namespace: string): string {
  if (namespace !== lastPath.namespace) lastPath = { namespace, path: `/api/v1/namespaces/${namespace}/events` };
  return lastPath.path;
}

const toldIn = (data: unknown): Told | undefined =>
  typeof data === 'object' && data !== null && 'told' in data ? (data as { readonly told: Told }).told : undefined;

/** Whether this was an answer about an event. One that has expired since is written anew, one that did not get through again later. */
export function eventAnswered(ctx: Context, endpoint: Endpoint, answer: Answer, then: unknown): boolean {
  const told = toldIn(then);
  if (!told) return false;
  const { event, tries, patch } = told;
  const { code } = responseOf(answer);
  if (code === 404 && patch) write(ctx, endpoint, { event, tries });
  if (code > 0 || tries >= MOST_TRIES) return true;
  // The first time at random, so that not everybody comes back at once.
  ctx.wake(
    tries === 1 ? ctx.draw(`event/${event.metadata.name}`).below(TRY_AGAIN_US) : TRY_AGAIN_US,
    { told: { ...told, tries: tries + 1 } },
    true,
  );
  return true;
}

/** Whether this was the time to try an event again. */
export function eventTried(ctx: Context, endpoint: Endpoint, { kind, body }: Message): boolean {
  const told = kind === 'wake' ? toldIn(body) : undefined;
  if (told) write(ctx, endpoint, told);
  return told !== undefined;
}
