/** What the apiserver's pure heart says of a request: an answer, or a transaction that it must first see the outcome of. */
import type { Kind } from '../../api/kind.ts';
import { apiVersionOf } from '../../api/registry.ts';
import type { V1Status } from '../../api/schema/kubernetes.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Fact } from '../../kernel/fact.ts';
import { omit } from '../../lib/omit.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import type { Identity } from '../client/identity.ts';
import type { KeyValue, Op, Txn } from '../etcd/protocol.ts';
import type { RequestInfo } from './request-info.ts';
import { resourceFor } from './resources/registry.ts';
import { storageFolder, storagePrefix } from './storage-key.ts';
import type { ServerView } from './view.ts';

export interface TxnAnswer {
  readonly succeeded: boolean;
  readonly revision: number;
  readonly ranges: readonly (readonly KeyValue[])[];
}

/** Numbers that must be the same each time the request is decided again. */
export interface Lots {
  /** An integer below n, for a purpose. */
  readonly below: (purpose: string, n: number) => number;
  /** The suffix of a generated name; another one on each attempt. */
  readonly suffix: (base: string, attempt: number) => string;
  readonly uid: (key: string) => string;
}

export interface Asked {
  readonly request: ApiRequest;
  readonly info: RequestInfo;
  readonly as: Identity;
  readonly view: ServerView;
  /** What this request's earlier transactions returned. */
  readonly answers: readonly TxnAnswer[];
  readonly lots: Lots;
}

/** `each`: every one of these is deleted by itself, one after the other; then the list is the answer. `awaits`: the caches must have come this far first. */
export type Decision =
  | ObjectDecision
  | { readonly awaits: number; readonly notes?: readonly Fact[] }
  | { readonly each: readonly KubeObject[]; readonly list: unknown; readonly notes?: readonly Fact[] };
export type ObjectDecision =
  | { readonly answer: ApiResponse; readonly notes?: readonly Fact[] }
  | {
      readonly commit: Txn;
      readonly ttlSeconds?: number;
      readonly notes?: readonly Fact[];
      /** The answer when the transaction succeeds; without it the request is decided again. */
      readonly onSuccess?: OnSuccess;
    };

/** `object`, as written, is shown with the revision that it got; or `body` as it is. */
export interface OnSuccess {
  readonly code: number;
  readonly object?: KubeObject;
  readonly body?: unknown;
  readonly warnings?: readonly string[];
}

/** Shared, since every transaction keeps its own in the trace. */
export const NO_OPS: readonly Op[] = Object.freeze([]);

export const fail = (status: V1Status): { readonly answer: ApiResponse } => ({ answer: { code: status.code ?? 500, body: status } });

/** Asks etcd for one object before deciding. */
export const readFirst = (key: string): ObjectDecision => ({ commit: { compare: [], success: [{ op: 'range', key }], failure: [] } });

/**
 * What there is of a resource, from the cache or else from etcd: now, or at a revision; no `objects` when that is too long ago.
 * `isLatest`: etcd is asked first how far it is. Upstream: etcd3/store.go GetCurrentResourceVersion, for consistent reads from the cache.
 */
export function listed(
  { info, answers, view }: Asked,
  { revision, isLatest }: { readonly revision?: number; readonly isLatest?: boolean } = {},
):
  | { readonly objects: Iterable<KubeObject> | undefined; /** The newest revision that this knows of. */ readonly newest: number }
  | { readonly ask: Decision } {
  const isCached = !resourceFor(info.kind).isUncached;
  if (isCached && isLatest && answers.length === 0) return { ask: readFirst(storagePrefix(info.kind)) };
  if (isCached)
    return { objects: revision === undefined ? view.list(info.resource) : view.listAt(info.resource, revision), newest: view.revision };
  const answer = answers[answers.length - 1];
  if (!answer)
    return {
      ask: {
        commit: {
          compare: [],
          success: [{ op: 'prefix', key: storageFolder(info.kind, info.namespace), ...(revision === undefined ? {} : { revision }) }],
          failure: [],
        },
      },
    };
  return { objects: answer.ranges[0]?.map((kv) => stamped(kv.value, kv.modRevision)), newest: answer.revision };
}

export const listHead = (kind: Kind): { readonly kind: string; readonly apiVersion: string } => ({
  kind: `${kind.kind}List`,
  apiVersion: apiVersionOf(kind),
});

/** The object that a request is about: as etcd last said, else as the cache has it, which may be behind. */
export function currentOf({ info, answers, view }: Asked): { readonly current: KubeObject | undefined; readonly isFresh: boolean } {
  const last = answers[answers.length - 1];
  if (last === undefined || last.ranges.length === 0)
    return {
      current: view.get(info.resource, info.namespace === undefined ? (info.name ?? '') : `${info.namespace}/${info.name ?? ''}`),
      isFresh: false,
    };
  const kv = last.ranges[0][0];
  return { current: kv && stamped(kv.value, kv.modRevision), isFresh: true };
}

/** An object as the API shows it: etcd's revision is its resourceVersion. */
export function stamped(value: unknown, revision: number): KubeObject {
  const object = value as KubeObject;
  const now = Object.freeze({ ...object, metadata: Object.freeze({ ...object.metadata, resourceVersion: String(revision) }) });
  if (object.metadata?.managedFields === undefined && object.metadata?.resourceVersion === undefined && Object.isFrozen(object))
    stored.set(now, object);
  return now;
}
/** From what is shown back to what etcd keeps. */
const stored = new WeakMap<KubeObject, KubeObject>();

const NOT_STORED: ReadonlySet<string> = new Set(['resourceVersion', 'managedFields']);

/** An object as etcd keeps it. */
export function unstamped<O extends KubeObject>(object: O): O {
  if (object.metadata?.resourceVersion === undefined && object.metadata?.managedFields === undefined) return object;
  const known = stored.get(object);
  if (known) return known as O;
  return { ...object, metadata: omit(object.metadata, NOT_STORED) };
}

const NOTHING: readonly string[] = Object.freeze([]);
/** Every answer keeps its own in the trace, and nearly all of them are empty. */
export const sharedWhenEmpty = (list: readonly string[]): readonly string[] => (list.length === 0 ? NOTHING : list);
