/**
 * DELETE: gone at once, or first marked with a deletion timestamp while somebody still has to clean up (grace, finalizers).
 * Upstream: store.go Delete, rest/delete.go BeforeDelete, deletionFinalizersForGarbageCollection (v1.36). Simplified: nothing.
 */
import { conflict, notFound } from '../../api/machinery/status.ts';
import type { KubeObject, ObjectMeta } from '../../api/object.ts';
import type { V1DeleteOptions, V1Status } from '../../api/schema/kubernetes.ts';
import type { Op } from '../etcd/protocol.ts';
import { refuse } from './admission/registry.ts';
import { currentOf, fail, listed, readFirst, unstamped, type Asked, type Decision, type ObjectDecision } from './decision.ts';
import { graceOf } from './graceful-deletion.ts';
import { storageKey } from './storage-key.ts';
import { selectionOf, selects } from './watch-cache.ts';

export function decideDelete(asked: Asked): ObjectDecision {
  const { info, answers, view } = asked;
  const name = info.name ?? '';
  const key = storageKey(info.kind, name, info.namespace);
  const { current, isFresh } = currentOf(asked);
  const mayBeStale = !isFresh && answers.length === 0;
  if (!current) return mayBeStale ? readFirst(key) : fail(notFound(info.resource, name));
  const refusal = refuse({ operation: 'DELETE', info, object: current, as: asked.as }, view) ?? precondition(asked, current);
  if (refusal) return refusal.code === 409 && mayBeStale ? readFirst(key) : fail(refusal);
  const op = deletion(asked, current, key);
  if (isDryRun(asked)) return { answer: { code: 200, body: op.op === 'put' ? current : success(asked, current) } };
  if (op.op === 'put' && op.value === undefined) return { answer: { code: 200, body: current } };
  const onSuccess =
    op.op === 'put'
      ? { code: 200, object: op.value as KubeObject }
      : { code: 200, body: SHOWN.has(info.kind.plural) ? current : success(asked, current) };
  return {
    onSuccess,
    commit: { compare: [{ key, modRevision: Number(current.metadata?.resourceVersion) }], success: [op], failure: [{ op: 'range', key }] },
  };
}

/** Not one transaction: what is deleted when one is refused stays so. Upstream: store.go DeleteCollection, with the one worker of --delete-collection-workers. */
export function decideDeleteCollection(asked: Asked): Decision {
  const { info, request } = asked;
  const listing = listed(asked, { isLatest: true });
  if ('ask' in listing) return listing.ask;
  const selection = selectionOf(request.query ?? {}, info.namespace);
  const found = [...(listing.objects ?? [])].filter((object) => selects(selection, info.kind, object));
  const list = {
    kind: `${info.kind.kind}List`,
    apiVersion: found[0]?.apiVersion ?? 'v1',
    metadata: { resourceVersion: String(listing.newest) },
    items: found,
  };
  if (found.length === 0 || isDryRun(asked)) return { answer: { code: 200, body: list } };
  const each = found.filter((object) => {
    const op = deletion(asked, object, '');
    return op.op === 'delete' || op.value !== undefined;
  });
  return each.length === 0 ? { answer: { code: 200, body: list } } : { each, list };
}

/** What is answered with the object itself when it is gone. Upstream: ReturnDeletedObject in each storage. */
const SHOWN: ReadonlySet<string> = new Set(['pods', 'services', 'serviceaccounts']);

export const isDryRun = ({ request }: Asked): boolean =>
  request.query?.dryRun === 'All' || ((request.body as V1DeleteOptions | undefined)?.dryRun ?? []).includes('All');

export function precondition({ info, request }: Asked, current: KubeObject): V1Status | undefined {
  const wants = (request.body as V1DeleteOptions | undefined)?.preconditions;
  const name = info.name ?? '';
  if (wants?.uid !== undefined && wants.uid !== current.metadata?.uid)
    return conflict(
      info.resource,
      name,
      `Precondition failed: UID in precondition: ${wants.uid}, UID in object meta: ${current.metadata?.uid}`,
    );
  if (wants?.resourceVersion !== undefined && wants.resourceVersion !== current.metadata?.resourceVersion)
    return conflict(
      info.resource,
      name,
      `Precondition failed: ResourceVersion in precondition: ${wants.resourceVersion}, ResourceVersion in object meta: ${current.metadata?.resourceVersion}`,
    );
  return undefined;
}

function success({ info }: Asked, current: KubeObject): V1Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: current.metadata?.name,
      ...(info.kind.group ? { group: info.kind.group } : {}),
      kind: info.kind.plural,
      uid: current.metadata?.uid,
    },
  };
}

/** What becomes of one object; a put of undefined means that nothing changes. */
function deletion({ info, request, view }: Asked, current: KubeObject, key: string): Extract<Op, { op: 'put' | 'delete' }> {
  const options = (request.body ?? {}) as V1DeleteOptions;
  const was: ObjectMeta = current.metadata ?? {};
  const finalizers = finalizersAfter(
    options.propagationPolicy ??
      request.query?.propagationPolicy ??
      (options.orphanDependents === undefined ? undefined : options.orphanDependents ? 'Orphan' : 'Background'),
    was.finalizers ?? [],
  );
  const sent =
    options.gracePeriodSeconds ?? (request.query?.gracePeriodSeconds === undefined ? undefined : Number(request.query.gracePeriodSeconds));
  const grace = graceOf(info.kind, current, sent, view.now);
  const terminating =
    info.kind.plural === 'namespaces' &&
    ((current as { readonly spec?: { readonly finalizers?: readonly string[] } }).spec?.finalizers ?? []).length > 0;
  if (grace.seconds === 0 && finalizers.length === 0 && !terminating) return { op: 'delete', key };
  const isFirst = was.deletionTimestamp === undefined;
  if (
    !isFirst &&
    was.deletionTimestamp === grace.until &&
    (was.deletionGracePeriodSeconds ?? 0) === grace.seconds &&
    sameMembers(finalizers, was.finalizers ?? [])
  )
    return { op: 'put', key, value: undefined };
  const { finalizers: _f, ...rest } = unstamped(current).metadata ?? {};
  const metadata: ObjectMeta = {
    ...rest,
    deletionTimestamp: grace.until,
    ...(terminating ? {} : { deletionGracePeriodSeconds: grace.seconds }),
    ...(finalizers.length > 0 ? { finalizers } : {}),
    ...(was.generation === undefined || !isFirst ? {} : { generation: was.generation + 1 }),
  };
  const marked = { ...unstamped(current), metadata } as KubeObject;
  return { op: 'put', key, value: terminating ? { ...marked, status: { phase: 'Terminating' } } : marked };
}

const sameMembers = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((item) => b.includes(item));

/** Upstream: shouldOrphanDependents, shouldDeleteDependents: the policy that is named counts, else the one that a finalizer stands for. */
const POLICIES: ReadonlyMap<string, string> = new Map([
  ['orphan', 'Orphan'],
  ['foregroundDeletion', 'Foreground'],
]);

export function finalizersAfter(named: string | undefined, had: readonly string[]): readonly string[] {
  const before = had.find((f) => POLICIES.has(f));
  const policy = named ?? (before === undefined ? 'Background' : POLICIES.get(before));
  const others = had.filter((f) => !POLICIES.has(f));
  if (policy === 'Foreground') return [...others, 'foregroundDeletion'];
  return policy === 'Orphan' ? [...others, 'orphan'] : others;
}
