/** A request on its way: it is decided with what is known, committed to etcd or held until the caches have come so far, and answered. */
import { pathOf } from '../../api/paths.ts';
import { internalError, tooLargeVersion } from '../../api/machinery/status.ts';
import { keyOf } from '../../api/object.ts';
import type { Context } from '../../kernel/component.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import type { ApiReply } from '../client/api-client.ts';
import { ETCD_TIMEOUT_US, type EtcdCall, type EtcdReply } from '../etcd/protocol.ts';
import { decide } from './decide.ts';
import { stamped, type OnSuccess, type TxnAnswer } from './decision.ts';
import { requestInfo } from './request-info.ts';
import { resourceFor } from './resources/registry.ts';
import { encoded } from './encode.ts';
import type { Client } from './watches.ts';
import { etcdOf, viewOf, type ApiserverState, type Collection, type Held, type Pending, type Then } from './server-state.ts';
import { lotsOf } from './lots.ts';

/** Upstream: cacher/watch_cache.go blockTimeout. */
const HOLD_US = 3_000_000;
const ETCD_TIMED_OUT: ApiResponse = { code: 500, body: internalError('etcdserver: request timed out') };

/** Decides the request with what is known by now; commits, or answers. */
export function proceed(state: ApiserverState, pending: Pending, ctx: Context): void {
  const info = requestInfo(pending.request);
  if (!info) return;
  const decision = decide({
    request: pending.request,
    info,
    as: pending.as,
    view: viewOf(state, pending.at),
    answers: pending.answers,
    lots: lotsOf(pending, ctx),
  });
  for (const note of decision.notes ?? []) ctx.note(note);
  if ('answer' in decision) return finish(state, pending, decision.answer, ctx);
  if ('awaits' in decision) return hold(state, pending, decision.awaits, ctx);
  if ('each' in decision) return deleteNext(state, { whole: pending, each: decision.each, list: decision.list, done: 0 }, ctx);
  const { client, request, as, answers, lot, at, use, within } = pending;
  const next: Pending = {
    client,
    request,
    as,
    answers,
    lot,
    at,
    use,
    ...(decision.onSuccess ? { onSuccess: decision.onSuccess } : {}),
    ...(within ? { within } : {}),
  };
  const txn: EtcdCall = { protocol: 'etcd', verb: 'txn', txn: decision.commit };
  if (decision.ttlSeconds === undefined) {
    ctx.call(etcdOf(state), txn, { step: 'txn', pending: next } satisfies Then, { deadlineUs: ETCD_TIMEOUT_US });
    return;
  }
  if (state.eventLease && state.eventLease.until > ctx.now) return attachAndCommit(state, next, txn, ctx);
  ctx.call(
    etcdOf(state),
    { protocol: 'etcd', verb: 'leaseGrant', ttlSeconds: decision.ttlSeconds } satisfies EtcdCall,
    { step: 'lease', pending: next, txn } satisfies Then,
    { deadlineUs: ETCD_TIMEOUT_US },
  );
}

function hold(state: ApiserverState, pending: Pending, revision: number, ctx: Context): void {
  state.held = [...state.held, Object.freeze({ pending, revision, until: ctx.now + HOLD_US })];
  ctx.wake(HOLD_US, { held: true });
}

/** Those that waited long enough are refused, and those that need not wait any more are decided. */
export function lookAtHeld(state: ApiserverState, ctx: Context): void {
  if (state.held.length === 0) return;
  const isDue = ({ revision, until }: Held): boolean => revision <= state.revision || until <= ctx.now;
  const due = state.held.filter(isDue);
  state.held = state.held.filter((held) => !isDue(held));
  for (const { pending, revision } of due)
    if (revision <= state.revision) proceed(state, pending, ctx);
    else finish(state, pending, { code: 504, body: tooLargeVersion(revision, state.revision) }, ctx);
}

export function finish(state: ApiserverState, pending: Pending, response: ApiResponse, ctx: Context): void {
  const { within } = pending;
  if (within && (response.code < 400 || response.code === 404)) return deleteNext(state, { ...within, done: within.done + 1 }, ctx);
  reply(ctx, pending.client, inShape(state, pending, response, ctx));
}

function deleteNext(state: ApiserverState, within: Collection, ctx: Context): void {
  const { whole, each, list, done } = within;
  const info = requestInfo(whole.request);
  if (!info || done === each.length) return finish(state, whole, { code: 200, body: list }, ctx);
  const { namespace, name } = each[done].metadata ?? {};
  const { group, version, plural } = info.kind;
  const request: ApiRequest = Object.freeze({
    ...whole.request,
    path: pathOf({ group, version, plural, ...(namespace ? { namespace } : {}), name: name ?? '' }),
  });
  proceed(state, { ...whole, request, answers: [], lot: `${info.resource}/${namespace ?? ''}/${name}`, at: ctx.now, within }, ctx);
}

function inShape(state: ApiserverState, { request }: Pending, response: ApiResponse, ctx: Context): ApiResponse {
  const info = request.accept === undefined ? undefined : requestInfo(request);
  return info ? encoded(response, { request, kind: info.kind, nowMs: state.config.epochMs + Math.floor(ctx.now / 1000) }) : response;
}

/** What a write that went through shows: the very object that watches were told of, when etcd has told it already. */
export function shown(state: ApiserverState, pending: Pending, { code, object, body, warnings }: OnSuccess, revision: number): ApiResponse {
  const info = requestInfo(pending.request);
  const special = info?.subresource === undefined ? undefined : resourceFor(info.kind).subresources?.[info.subresource];
  const told = info && object ? state.resources.get(info.resource)?.objects.get(keyOf(object)) : undefined;
  const written = told?.metadata?.resourceVersion === String(revision) ? told : object && stamped(object, revision);
  return { code, body: written ? (special ? special.show(written) : written) : body, ...(warnings ? { warnings } : {}) };
}

export function attachAndCommit(state: ApiserverState, pending: Pending, call: EtcdCall, ctx: Context): void {
  if (call.verb !== 'txn') return;
  const lease = state.eventLease?.id ?? 0;
  const { compare, success, failure } = call.txn;
  ctx.call(
    etcdOf(state),
    {
      protocol: 'etcd',
      verb: 'txn',
      txn: { compare, success: success.map((op) => (op.op === 'put' ? { op: op.op, key: op.key, value: op.value, lease } : op)), failure },
    } satisfies EtcdCall,
    { step: 'txn', pending } satisfies Then,
    { deadlineUs: ETCD_TIMEOUT_US },
  );
}

export function reply(ctx: Context, client: Client, response: ApiResponse): void {
  ctx.reply({ protocol: 'api', response } satisfies ApiReply, client);
}

/** The lease for new events is there: what waits for it is committed. */
export function leaseGranted(
  state: ApiserverState,
  { pending, txn }: { readonly pending: Pending; readonly txn: EtcdCall },
  body: EtcdReply | undefined,
  ctx: Context,
): void {
  if (body?.verb !== 'leaseGrant') return finish(state, pending, ETCD_TIMED_OUT, ctx);
  state.eventLease = { id: body.lease, until: ctx.now + 60_000_000 };
  attachAndCommit(state, pending, txn, ctx);
}

/** Etcd has taken the write, or found that somebody else was there before: then it is decided again. */
export function committed(state: ApiserverState, pending: Pending, body: EtcdReply | undefined, ctx: Context): void {
  const again = (answer: TxnAnswer): void => proceed(state, { ...pending, answers: [...pending.answers, answer] }, ctx);
  if (body?.verb === 'error') return again({ succeeded: false, revision: state.revision, ranges: [] });
  if (body?.verb !== 'txn') return finish(state, pending, ETCD_TIMED_OUT, ctx);
  // Etcd tells watches first: there is nothing older that the caches have not heard of.
  state.revision = Math.max(state.revision, body.revision);
  if (body.succeeded && pending.onSuccess) return finish(state, pending, shown(state, pending, pending.onSuccess, body.revision), ctx);
  again({ succeeded: body.succeeded, revision: body.revision, ranges: body.ranges });
}
