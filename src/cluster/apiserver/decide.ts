/**
 * The apiserver's pure heart: one request, what is known, and what etcd said so far give an answer or the next transaction. When an answer of etcd
 * arrives the request is decided again from the top with one answer more: nothing is remembered that can be recomputed.
 * Upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers, pkg/registry/generic/registry/store.go (v1.36).
 * Simplified: one version a kind, so nothing is converted; audit and priority & fairness are not modelled.
 */
import { badRequest, expired, methodNotAllowed, notFound } from '../../api/machinery/status.ts';
import { decodeBase64, encodeBase64 } from '../../lib/base64.ts';
import { byKey, keyOf, type KubeObject } from '../../api/object.ts';
import { assertNever } from '../../lib/assert.ts';
import { decideCreate } from './decide-create.ts';
import { decideDelete, decideDeleteCollection } from './decide-delete.ts';
import { decideEviction } from './decide-eviction.ts';
import { late } from '../late.ts';
import { decideUpdate } from './decide-update.ts';
import { fail, listed, listHead, readFirst, stamped, type Asked, type Decision } from './decision.ts';
import { resourceFor } from './resources/registry.ts';
import { storageKey } from './storage-key.ts';
import { machineOf, placeOf, selectionOf, selects } from './watch-cache.ts';

export function decide(asked: Asked): Decision {
  const { info } = asked;
  if (info.subresource !== undefined && !servesSubresource(asked))
    return fail(notFound(`${info.resource}/${info.subresource}`, info.name ?? ''));
  switch (info.verb) {
    case 'get':
      return decideGet(asked);
    case 'list':
      return decideList(asked);
    case 'create':
      return info.subresource === undefined
        ? decideCreate(asked)
        : info.subresource === 'eviction'
          ? decideEviction(asked)
          : info.subresource === 'token'
            ? late().decideToken(asked)
            : decideUpdate(asked);
    case 'update':
    case 'patch':
      return info.name === undefined ? fail(methodNotAllowed(info.resource, info.verb)) : decideUpdate(asked);
    case 'delete':
      return decideDelete(asked);
    case 'deletecollection':
      return decideDeleteCollection(asked);
    case 'watch':
      return fail(badRequest('a watch is not decided but opened'));
    default:
      return assertNever(info.verb);
  }
}

function servesSubresource({ info }: Asked): boolean {
  return (
    info.kind.subresources.includes(info.subresource ?? '') || resourceFor(info.kind).subresources?.[info.subresource ?? ''] !== undefined
  );
}

/** A read of one object goes to etcd, so that it is never stale. */
function decideGet({ info, answers, request, view }: Asked): Decision {
  const name = info.name ?? '';
  const wanted = Number(request.query?.resourceVersion ?? 0);
  if (wanted > view.revision) return { awaits: wanted };
  const answer = answers[0];
  if (!answer) return readFirst(storageKey(info.kind, name, info.namespace));
  const kv = answer.ranges[0][0];
  if (!kv) return fail(notFound(info.resource, name));
  const object = stamped(kv.value, kv.modRevision);
  const special = info.subresource === undefined ? undefined : resourceFor(info.kind).subresources?.[info.subresource];
  return { answer: { code: 200, body: special ? special.show(object) : object } };
}

const TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';
/** The revision in a token that goes on with whatever is there now. */
const ANY_REVISION = -1;

function decideList(asked: Asked): Decision {
  const { info, request, view } = asked;
  const query = request.query ?? {};
  const selection = selectionOf(query, info.namespace, info.name);
  const token = query.continue ? readToken(query.continue) : undefined;
  if (query.continue && !token) return fail(badRequest('continue key is not valid: invalid token'));
  const wanted = Number(query.resourceVersion ?? 0);
  if (wanted > view.revision) return { awaits: wanted };
  const isExact = query.resourceVersionMatch === 'Exact' || (wanted > 0 && Number(query.limit ?? 0) > 0 && !query.resourceVersionMatch);
  const moment = token ? (token.revision === ANY_REVISION ? undefined : token.revision) : isExact ? wanted : undefined;
  const isLatest = token ? token.revision === ANY_REVISION : !query.resourceVersion;
  const listing = listed(asked, { isLatest, ...(moment === undefined ? {} : { revision: moment }) });
  if ('ask' in listing) return listing.ask;
  const { objects, newest } = listing;
  const version = moment ?? newest;
  if (!objects || version > newest)
    return token
      ? fail({ ...expired(TOO_OLD), metadata: { continue: writeToken(ANY_REVISION, token.after) } })
      : fail(expired('The resourceVersion for the provided list is too old.'));
  const machine = machineOf(selection, info.resource);
  const found = [...objects]
    .filter((object) => (machine === undefined || placeOf(object) === machine) && selects(selection, info.kind, object))
    .sort(byKey);
  return {
    answer: {
      code: 200,
      body: page(listHead(info.kind), found, {
        limit: Number(query.limit ?? 0),
        version,
        ...(token ? { after: token.after } : {}),
        isSelective: selection.labels.length + selection.fields.length > 0,
      }),
    },
  };
}

/** How many are left is not said when a selector would have to be run over them. */
function page(
  head: { readonly kind: string; readonly apiVersion: string },
  found: readonly KubeObject[],
  of: { readonly limit: number; readonly version: number; readonly after?: string; readonly isSelective: boolean },
): object {
  const { after, limit, version } = of;
  const at = after === undefined ? 0 : found.findIndex((object) => keyOf(object) > after);
  const start = at < 0 ? found.length : at;
  const items = limit > 0 ? found.slice(start, start + limit) : found.slice(start);
  const left = found.length - start - items.length;
  const more =
    left > 0
      ? { continue: writeToken(version, keyOf(items[items.length - 1])), ...(of.isSelective ? {} : { remainingItemCount: left }) }
      : {};
  return { ...head, metadata: { resourceVersion: String(version), ...more }, items };
}

/** As upstream: JSON in unpadded base64. */
const writeToken = (revision: number, after: string): string =>
  encodeBase64(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${after}\u0000` })).replace(/=+$/, '');
function readToken(token: string): { readonly revision: number; readonly after: string } | undefined {
  try {
    const { rv, start } = JSON.parse(decodeBase64(token)) as { readonly rv?: unknown; readonly start?: unknown };
    return typeof rv === 'number' && typeof start === 'string' ? { revision: rv, after: start.replace(/\0$/, '') } : undefined;
  } catch {
    return undefined;
  }
}
