/**
 * The apiserver's pure heart: one request, what is known, and what etcd said so far give an answer or the next transaction. When an answer of etcd
 * arrives the request is decided again from the top with one answer more: nothing is remembered that can be recomputed.
 * Upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers, pkg/registry/generic/registry/store.go (v1.36).
 * Simplified: one version a kind, so nothing is converted; audit and priority & fairness are not modelled.
 */
import { badRequest, expired, methodNotAllowed, notFound } from '../../api/machinery/status.ts';
import { keyOf, type KubeObject } from '../../api/object.ts';
import { assertNever } from '../../lib/assert.ts';
import { decideCreate } from './decide-create.ts';
import { decideDelete, decideDeleteCollection } from './decide-delete.ts';
import { decideUpdate } from './decide-update.ts';
import { fail, stamped, type Asked, type Decision } from './decision.ts';
import { resourceFor } from './resources/registry.ts';
import { storageKey } from './storage-key.ts';
import { selectionOf, selects } from './watch-cache.ts';

export function decide(asked: Asked): Decision {
  const { info } = asked;
  if (info.subresource !== undefined && !servesSubresource(asked)) return fail(notFound(`${info.resource}/${info.subresource}`, info.name ?? ''));
  switch (info.verb) {
    case 'get': return decideGet(asked);
    case 'list': return decideList(asked);
    case 'create': return info.subresource === undefined ? decideCreate(asked) : decideUpdate(asked);
    case 'update': case 'patch': return info.name === undefined ? fail(methodNotAllowed(info.resource, info.verb)) : decideUpdate(asked);
    case 'delete': return decideDelete(asked);
    case 'deletecollection': return decideDeleteCollection(asked);
    case 'watch': return fail(badRequest('a watch is not decided but opened'));
    default: return assertNever(info.verb);
  }
}

function servesSubresource({ info }: Asked): boolean {
  return info.kind.subresources.includes(info.subresource ?? '') || resourceFor(info.kind).subresources?.[info.subresource ?? ''] !== undefined;
}

/** A read of one object goes to etcd, so that it is never stale. */
function decideGet({ info, answers }: Asked): Decision {
  const name = info.name ?? '';
  const answer = answers[0];
  if (!answer) return { commit: { compare: [], success: [{ op: 'range', key: storageKey(info.kind, name, info.namespace) }], failure: [] } };
  const kv = answer.ranges[0][0];
  if (!kv) return fail(notFound(info.resource, name));
  const object = stamped(kv.value, kv.modRevision);
  const special = info.subresource === undefined ? undefined : resourceFor(info.kind).subresources?.[info.subresource];
  return { answer: { code: 200, body: special ? special.show(object) : object } };
}

function decideList({ info, request, view }: Asked): Decision {
  const query = request.query ?? {};
  let selection;
  try { selection = selectionOf(query, info.namespace, info.name); } catch (error) { return fail(badRequest(`unable to parse requirement: ${(error as Error).message}`)); }
  const found: KubeObject[] = [];
  for (const object of view.list(info.resource)) if (selects(selection, info.kind, object)) found.push(object);
  found.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const limit = Number(query.limit ?? 0);
  let start = 0;
  let version = view.revision;
  if (query.continue !== undefined && query.continue !== '') {
    const token = readToken(query.continue);
    if (!token) return fail(badRequest('continue key is not valid: invalid token'));
    if (token.revision > view.revision) return fail(expired('The provided continue parameter is too old to display a consistent list result.'));
    version = token.revision;
    start = found.findIndex((object) => keyOf(object) > token.after);
    if (start < 0) start = found.length;
  }
  const items = limit > 0 ? found.slice(start, start + limit) : found.slice(start);
  const left = found.length - start - items.length;
  const metadata = { resourceVersion: String(version), ...(left > 0 ? { continue: writeToken(version, keyOf(items[items.length - 1])), remainingItemCount: left } : {}) };
  const { group, version: apiVersion, kind } = info.kind;
  return { answer: { code: 200, body: { kind: `${kind}List`, apiVersion: group === '' ? apiVersion : `${group}/${apiVersion}`, metadata, items } } };
}

const writeToken = (revision: number, after: string): string => `${revision}.${encodeURIComponent(after)}`;
function readToken(token: string): { readonly revision: number; readonly after: string } | undefined {
  const match = /^(\d+)\.(.+)$/.exec(token);
  if (!match) return undefined;
  try { return { revision: Number(match[1]), after: decodeURIComponent(match[2]) }; } catch { return undefined; }
}
