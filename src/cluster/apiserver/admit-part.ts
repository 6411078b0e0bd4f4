/** What would the apiserver make of this object? Defaults, mutating admission, strategy, validation and validating admission, in its order, with no cluster. */
import { keyOf, type KubeObject } from '../../api/object.ts';
import { pathOf, resourceNameOf } from '../../api/paths.ts';
import { kindOf } from '../../api/registry.ts';
import { validateResize, withResources } from '../../api/pods/resize.ts';
import { safeSuffix, uuid } from '../../api/machinery/rand.ts';
import { badRequest, genericNotFound } from '../../api/machinery/status.ts';
import type { V1Status } from '../../api/schema/kubernetes.ts';
import { assert } from '../../lib/assert.ts';
import { fnv1a32 } from '../../lib/hash.ts';
import type { ApiRequest } from '../api-request.ts';
import { identities, type Identity } from '../client/identity.ts';
import { bringLate } from '../late.ts';
import { podSecurity } from './admission/pod-security/pod-security.ts';
import { resizeRefusal } from './admission/resize-refusal.ts';
import { decide } from './decide.ts';
import { decideToken } from './decide-token.ts';
import { stamped, type Asked, type Lots } from './decision.ts';
import { refusalBefore } from './negotiate.ts';
import { requestInfo } from './request-info.ts';
import type { ServerView } from './view.ts';

export interface AdmitRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly object: KubeObject;
  /** The object as it is stored, with its defaults; on DELETE the object itself when absent. */
  readonly old?: KubeObject;
  readonly as?: { readonly user: string; readonly groups?: readonly string[] };
  /** What else there is. Without any Namespace or ServiceAccount among them, those that the object needs are taken as there. */
  readonly objects?: readonly KubeObject[];
  readonly subresource?: string;
  /** Extra query parameters, such as fieldValidation: 'Strict'. */
  readonly query?: Readonly<Record<string, string>>;
}

bringLate({ decideToken, podSecurity, resizeRefusal, validateResize, withResources });
const NOW = '2026-05-04T09:00:00Z';
const METHODS = { CREATE: 'POST', UPDATE: 'PUT', DELETE: 'DELETE' } as const;

/** The object as it would be stored, or why not. */
export function admit(r: AdmitRequest): { readonly object: unknown } | { readonly status: V1Status } {
  const kind = kindOf(r.object.apiVersion, r.object.kind);
  if (!kind) return { status: r.object.kind ? genericNotFound() : badRequest("Object 'Kind' is missing") };
  const { name = '', namespace = 'default' } = r.old?.metadata ?? r.object.metadata ?? {};
  const at = { group: kind.group, version: kind.version, plural: kind.plural, ...(kind.namespaced ? { namespace } : {}) };
  const path = pathOf(
    r.operation === 'CREATE' && r.subresource === undefined
      ? at
      : { ...at, name: name || r.object.metadata?.name || '', ...(r.subresource === undefined ? {} : { subresource: r.subresource }) },
  );
  const request: ApiRequest = {
    method: METHODS[r.operation],
    path,
    ...(r.query ? { query: r.query } : {}),
    ...(r.operation === 'DELETE' ? {} : { body: JSON.parse(JSON.stringify(r.object)) as unknown }),
  };
  const info = requestInfo(request);
  if (!info) return { status: genericNotFound() };
  const early = refusalBefore(info, request);
  if (early) return { status: early };
  const stored =
    r.operation === 'CREATE' && r.subresource === undefined
      ? undefined
      : stamped(kind.applyDefaults?.(r.old ?? r.object) ?? r.old ?? r.object, 1);
  const as: Identity = r.as ? { user: r.as.user, groups: [...(r.as.groups ?? []), 'system:authenticated'] } : identities.admin;
  const asked: Asked = { request, info, as, view: viewOver(r, namespace, stored), answers: [], lots };
  const decision = decide(asked);
  if ('answer' in decision)
    return decision.answer.code >= 400 ? { status: decision.answer.body as V1Status } : { object: decision.answer.body };
  assert(!('awaits' in decision), 'only a read waits for the caches');
  if ('each' in decision) return { object: decision.list };
  return { object: decision.onSuccess?.object ?? decision.onSuccess?.body };
}

function viewOver({ objects = [] }: AdmitRequest, namespace: string, stored: KubeObject | undefined): ServerView {
  const given = [...objects];
  if (!objects.some((o) => o.kind === 'Namespace'))
    given.push({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace }, status: { phase: 'Active' } } as KubeObject);
  if (!objects.some((o) => o.kind === 'ServiceAccount'))
    given.push({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } });
  const byResource = new Map<string, Map<string, KubeObject>>();
  for (const object of stored ? [...given, stored] : given) {
    const kind = kindOf(object.apiVersion, object.kind);
    if (!kind) continue;
    const resource = resourceNameOf(kind.group, kind.plural);
    byResource.set(
      resource,
      (byResource.get(resource) ?? new Map<string, KubeObject>()).set(
        keyOf(kind.namespaced && !object.metadata?.namespace ? { ...object, metadata: { ...object.metadata, namespace } } : object),
        object,
      ),
    );
  }
  return {
    revision: 1,
    serviceCIDR: '10.254.0.0/24',
    now: NOW,
    get: <O extends KubeObject>(resource: string, key: string) => byResource.get(resource)?.get(key) as O | undefined,
    list: <O extends KubeObject>(resource: string) => (byResource.get(resource)?.values() ?? []) as Iterable<O>,
    listAt: (resource) => byResource.get(resource)?.values(),
  };
}

/** The same throws for the same text. */
const dice = (text: string) => {
  let throws = 0;
  return (n: number): number => fnv1a32(`${throws++}/${text}`) % n;
};
const lots: Lots = {
  below: (purpose, n) => fnv1a32(purpose) % n,
  suffix: (base, attempt) => safeSuffix(dice(`${base}/${attempt}`)),
  uid: (key) => uuid(dice(key)),
};
