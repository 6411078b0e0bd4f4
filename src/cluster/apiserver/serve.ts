/** A request comes in: who sends it, whether they may, and where it goes on. Upstream: staging/src/k8s.io/apiserver/pkg/server/config.go, DefaultBuildHandlerChain. */
import { genericNotFound, serviceUnavailable, unauthorized } from '../../api/machinery/status.ts';
import type { V1Status } from '../../api/schema/kubernetes.ts';
import type { Context } from '../../kernel/component.ts';
import type { Message } from '../../kernel/message.ts';
import type { ApiCall } from '../client/api-client.ts';
import { ANONYMOUS } from '../client/identity.ts';
import { refusal, unservedRefusal } from './authorize.ts';
import { discover } from './discovery.ts';
import { late } from '../late.ts';
import { proxyToKubelet } from './kubelet-proxy.ts';
import { impersonated } from './impersonate.ts';
import { requestInfo } from './request-info.ts';
import { resourceFor } from './resources/registry.ts';
import { glance } from './crowds.ts';
import { refusalBefore, timeoutError } from './negotiate.ts';
import { openDirect } from './direct-watches.ts';
import { openWatch, type Client } from './watches.ts';
import { type ApiserverState, serverOf, cacheOf, viewOf } from './server-state.ts';
import { reply, proceed } from './proceed.ts';
import { useOf } from './lots.ts';

/** What the machine of a pod is asked for. */
const PROXIED: ReadonlySet<string | undefined> = new Set(['log', 'exec', 'attach']);

export function serve(state: ApiserverState, message: Message, ctx: Context): void {
  const { request, as: caller } = message.body as ApiCall;
  const client: Client = { id: message.id, from: message.from };
  const refuse = (status: V1Status): void => reply(ctx, client, { code: status.code ?? 500, body: status });
  state.served++;
  const tooLong = timeoutError(request);
  if (tooLong) return refuse(tooLong);
  const known =
    request.token !== undefined && caller.user === ANONYMOUS.user ? late().bearer(request.token, viewOf(state, ctx.now)) : caller;
  if (!known) return refuse(unauthorized());
  const actor = request.impersonate ? impersonated(known, request.impersonate) : { as: known };
  if ('status' in actor) return refuse(actor.status);
  const { as } = actor;
  const info = requestInfo(request);
  if (!info) {
    const denied = unservedRefusal(as, request);
    if (denied) return refuse(denied);
    const found =
      (request.method === 'POST' ? late().reviewAccess(as, request, viewOf(state, ctx.now)) : undefined) ??
      discover(request, { isReady: state.isReady, address: `${state.config.ip}:6443` });
    return found ? reply(ctx, client, found) : refuse(genericNotFound());
  }
  if (!state.isReady) return refuse(serviceUnavailable('apiserver not ready'));
  const denied = refusal(
    as,
    request.query?.fieldSelector === undefined ? info : { ...info, fields: request.query.fieldSelector },
    viewOf(state, ctx.now),
  );
  if (denied) {
    ctx.note({
      says: 'apiserver/forbidden',
      about: `${info.resource}/${info.namespace ?? ''}/${info.name ?? ''}`,
      with: { user: as.user, verb: info.verb },
    });
    return refuse(denied);
  }
  const early = refusalBefore(info, request);
  if (early) return refuse(early);
  if (info.verb === 'watch' && resourceFor(info.kind).isUncached) return openDirect(serverOf(state), client, request, info, ctx);
  if (info.verb === 'watch')
    return openWatch(
      { cache: cacheOf(state, info.resource), revision: state.revision, nowMs: state.config.epochMs + Math.floor(ctx.now / 1000) },
      client,
      request,
      info,
      ctx,
    );
  const seen =
    info.verb === 'list' && request.concern ? glance(cacheOf(state, info.resource), info.kind, request, state.revision, ctx) : undefined;
  if (seen) return reply(ctx, client, seen);
  if (PROXIED.has(info.subresource)) return proxyToKubelet({ view: viewOf(state, ctx.now), info, request, client, ctx, refuse });
  if (info.subresource === 'portforward')
    return late().forwardToKubelet({ view: viewOf(state, ctx.now), info, request, client, ctx, refuse });
  proceed(
    state,
    {
      client,
      request,
      as,
      answers: [],
      lot: `${info.resource}/${info.namespace ?? ''}/${info.name ?? ''}`,
      at: ctx.now,
      use: useOf(state, request),
    },
    ctx,
  );
}
