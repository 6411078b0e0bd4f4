/**
 * PUT, PATCH and POST to a subresource: read, change, put if unchanged since. A lost compare starts again from what is there now.
 * Upstream: store.go Update, GuaranteedUpdate; rest/update.go; handlers/patch.go (v1.36). Simplified: server-side apply comes later.
 */
import { badRequest, conflict, invalid, notFound, unknownError } from '../../api/machinery/status.ts';
import { checkMetadata, checkMetadataUpdate } from '../../api/machinery/names.ts';
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import { goText } from '../../api/machinery/patch/values.ts';
import { invalid as invalidField } from '../../api/machinery/field-error.ts';
import { applyPatch, PATCH_TYPES } from '../../api/machinery/patch/apply-patch.ts';
import type { KubeObject, ObjectMeta } from '../../api/object.ts';
import type { V1Status } from '../../api/schema/kubernetes.ts';
import { omit } from '../../lib/omit.ts';
import { withMore } from '../../lib/with-more.ts';
import { admissionWarnings, admit, refuse } from './admission/registry.ts';
import { refusal } from './authorize.ts';
import { checkBody, decode } from './check-body.ts';
import { decideCreate } from './decide-create.ts';
import { type Asked, currentOf, type ObjectDecision, fail, readFirst, sharedWhenEmpty, stamped, unstamped } from './decision.ts';
import type { RequestInfo } from './request-info.ts';
import { resourceFor } from './resources/registry.ts';
import type { Subresource } from './resources/resource.ts';
import { storageKey } from './storage-key.ts';

const OPTIMISTIC = 'the object has been modified; please apply your changes to the latest version and try again';

export function decideUpdate(asked: Asked): ObjectDecision {
  const { info, answers, request } = asked;
  const name = info.name ?? '';
  const key = storageKey(info.kind, name, info.namespace);
  const { current, isFresh } = currentOf(asked);
  const mayBeStale = !isFresh && answers.length === 0;
  if (!current) return mayBeStale ? readFirst(key) : isCreatable(asked) ? createInstead(asked) : fail(notFound(info.resource, name));
  const changed = change(asked, current);
  if ('status' in changed) return mayBeStale && changed.status.code === 409 ? readFirst(key) : fail(changed.status);
  const { object: next, warnings } = changed;
  const special = specialOf(info);
  const code = request.method === 'POST' ? 201 : 200;
  const show = (object: KubeObject): unknown => (special ? special.show(object) : object);
  if (sameJson(next, unstamped(current))) return { answer: { code, body: show(current), warnings } };
  if (request.query?.dryRun === 'All')
    return { answer: { code, body: show(stamped(next, Number(current.metadata?.resourceVersion ?? 0))), warnings } };
  const compare = [{ key, modRevision: Number(current.metadata?.resourceVersion ?? 0) }];
  const isGone =
    next.metadata?.deletionTimestamp !== undefined &&
    (next.metadata.finalizers ?? []).length === 0 &&
    (next.metadata.deletionGracePeriodSeconds ?? 0) === 0 &&
    isEmptied(info.kind.plural, next);
  return {
    onSuccess: { code, object: next, warnings: sharedWhenEmpty(warnings) },
    commit: { compare, success: [isGone ? { op: 'delete', key } : { op: 'put', key, value: next }], failure: [{ op: 'range', key }] },
  };
}

const specialOf = ({ kind, subresource }: RequestInfo): Subresource | undefined =>
  subresource === undefined ? undefined : resourceFor(kind).subresources?.[subresource];

/** Upstream: AllowCreateOnUpdate of the kind's strategy. */
const isCreatable = ({ info, request }: Asked): boolean =>
  request.method === 'PUT' && info.subresource === undefined && info.kind.isCreatedByUpdate === true;

/** What is not there is made, by whoever may make it; the revision that was sent counts for nothing. */
function createInstead(asked: Asked): ObjectDecision {
  const { info, request, as, answers } = asked;
  const sent = (request.body ?? {}) as KubeObject;
  const stranger = identityRefusal(asked, {}, omit(sent.metadata ?? {}, REVISION));
  if (stranger) return fail(stranger);
  const creation = { ...info, verb: 'create' } as const;
  const refused = refusal(as, creation);
  if (refused) return fail(refused);
  return decideCreate({
    ...asked,
    request: { ...request, body: { ...sent, metadata: omit(sent.metadata ?? {}, REVISION) } },
    answers: request.query?.dryRun === 'All' ? answers : [],
  });
}
const REVISION: ReadonlySet<string> = new Set(['resourceVersion']);

/** Namespaces hold their own finalizers in spec. */
function isEmptied(plural: string, object: KubeObject): boolean {
  return (
    plural !== 'namespaces' ||
    ((object as { readonly spec?: { readonly finalizers?: readonly string[] } }).spec?.finalizers ?? []).length === 0
  );
}

/** What a client sends of them counts for nothing. */
const SERVERS_OWN: ReadonlySet<string> = new Set([
  'resourceVersion',
  'managedFields',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'selfLink',
]);

type Changed = { readonly object: KubeObject; readonly warnings: readonly string[] } | { readonly status: V1Status };

function change(asked: Asked, current: KubeObject): Changed {
  const { info, request } = asked;
  const special = specialOf(info);
  if (special) {
    const body = request.method === 'PATCH' ? patched(asked, special.show(current) as KubeObject, special.model) : { object: request.body };
    if ('status' in body) return body;
    const stranger =
      request.method === 'POST'
        ? undefined
        : identityRefusal(asked, current.metadata ?? {}, (body.object as KubeObject | undefined)?.metadata ?? {});
    if (stranger) return { status: stranger };
    const written = special.write(current, body.object, asked.view);
    if ('status' in written) return written;
    return finish(asked, current, written.object, []);
  }
  if (request.method === 'PATCH') {
    const sent = patched(asked, current, info.kind.model);
    if ('status' in sent) return sent;
    const decoded = decode(info.kind.model, sent.object, request.query?.fieldValidation);
    return 'error' in decoded
      ? { status: undecodable(asked, sent.object, decoded.error) }
      : finish(asked, current, decoded.object, decoded.warnings);
  }
  const checked = checkBody(asked, request.body);
  if ('status' in checked) return checked;
  return finish(asked, current, checked.object, checked.warnings);
}

function patched(
  { request, info }: Asked,
  current: KubeObject,
  model: string | undefined,
): { readonly object: KubeObject } | { readonly status: V1Status } {
  const outcome = applyPatch({
    contentType: (request.contentType ?? PATCH_TYPES.strategic).split(';')[0].trim().toLowerCase(),
    object: current,
    patch: request.body,
    model: model ?? '',
  });
  if ('status' in outcome) return outcome;
  return { object: outcome.object as KubeObject & typeof info };
}

/** A strategic patch is never text on its way into the object: other words are said of it. Upstream: handlers/patch.go, apimachinery pkg/runtime/converter.go. */
function undecodable({ request }: Asked, object: KubeObject, error: string): V1Status {
  const isStrategic = (request.contentType ?? PATCH_TYPES.strategic).startsWith(PATCH_TYPES.strategic);
  const [, from, to] = /^json: cannot unmarshal (\S+) .*of type (\S+)$/.exec(error) ?? [];
  const why =
    !isStrategic || to === undefined
      ? error
      : to.startsWith('[]')
        ? `cannot restore slice from ${from}`
        : to.startsWith('map[')
          ? `cannot restore map from ${from}`
          : to.startsWith('v1.')
            ? `cannot restore struct from: ${from}`
            : from === 'number' && to === 'string'
              ? 'cannot convert int64 to string'
              : `unrecognized type: ${to}`;
  return invalid({ group: '', kind: '' }, '', [invalidField('patch', isStrategic ? goText(request.body) : JSON.stringify(object), why)]);
}

/** What is sent must be about the object that the path names, as it is now. */
function identityRefusal({ info }: Asked, was: ObjectMeta, wants: ObjectMeta): V1Status | undefined {
  const name = info.name ?? '';
  if (!wants.name) return badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  if (wants.name !== name) return badRequest(`the name of the object (${wants.name}) does not match the name on the URL (${name})`);
  if (info.kind.namespaced && wants.namespace !== undefined && wants.namespace !== info.namespace)
    return badRequest('the namespace of the provided object does not match the namespace sent on the request');
  if (wants.uid !== undefined && wants.uid !== was.uid)
    return conflict(info.resource, name, `Precondition failed: UID in precondition: ${wants.uid}, UID in object meta: ${was.uid ?? ''}`);
  const { resourceVersion: version = '' } = wants;
  if (!/^\d*$/.test(version)) return unknownError(`strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`);
  return Number(version) > 0 && version !== was.resourceVersion ? conflict(info.resource, name, OPTIMISTIC) : undefined;
}

/** The metadata with one field as it was. */
const withKept = (next: ObjectMeta, was: ObjectMeta, field: 'labels' | 'ownerReferences' | undefined): ObjectMeta =>
  field === undefined ? next : { ...omit(next, new Set([field])), ...(was[field] === undefined ? {} : { [field]: was[field] }) };

/** Identity cannot be changed, defaults and strategy apply, admission and validation have their say. */
function finish(asked: Asked, current: KubeObject, sent: KubeObject, warnings: readonly string[]): Changed {
  const { info, view, as, lots } = asked;
  const { kind } = info;
  const special = specialOf(info);
  const name = info.name ?? '';
  const [was, wants] = [current.metadata ?? {}, sent.metadata ?? {}];
  const stranger = identityRefusal(asked, was, wants);
  if (stranger) return { status: stranger };
  const kept = {
    name,
    uid: was.uid,
    creationTimestamp: was.creationTimestamp,
    ...(was.namespace === undefined ? {} : { namespace: was.namespace }),
    ...(was.generation === undefined ? {} : { generation: was.generation }),
    ...(was.deletionTimestamp === undefined
      ? {}
      : { deletionTimestamp: was.deletionTimestamp, deletionGracePeriodSeconds: was.deletionGracePeriodSeconds }),
  };
  const free = omit(wants, SERVERS_OWN);
  const old = unstamped(current);
  let next: KubeObject;
  if (info.subresource === 'status') {
    next = {
      ...old,
      metadata: withKept(withMore(free, kept), was, kind.keptByStatus),
      status: (sent as { readonly status?: unknown }).status,
    } as KubeObject;
    next = kind.defaultStatus?.(next) ?? next;
  } else next = withMore(sent, { apiVersion: current.apiVersion, kind: current.kind, metadata: withMore(free, kept) });
  if (info.subresource === undefined) {
    next = kind.applyDefaults?.(next) ?? next;
    const allotted = resourceFor(kind).beforeUpdate?.(next, old, view, lots) ?? { object: next };
    if ('status' in allotted) return allotted;
    next = kind.prepareForUpdate?.(allotted.object, old, { now: view.now }) ?? allotted.object;
  } else if (special?.model !== undefined || info.subresource === 'scale')
    next = kind.prepareForUpdate?.(next, old, { now: view.now }) ?? next;
  const mutated = admit({ operation: 'UPDATE', info, old: current, as, object: next }, view);
  if ('status' in mutated) return mutated;
  next = mutated.object;
  if (info.subresource === undefined) {
    const errors = [
      ...checkMetadataUpdate(next.metadata, old.metadata),
      ...(kind.validate?.(next) ?? []),
      ...(kind.validateUpdate?.(next, old) ?? []),
    ];
    if (errors.length > 0) return { status: invalid(kind, name, errors) };
  }
  if (info.subresource === 'status') {
    const errors = [
      ...checkMetadata(next.metadata),
      ...checkMetadataUpdate(next.metadata, old.metadata),
      ...(kind.validateStatusUpdate?.(next, old) ?? []),
    ];
    if (errors.length > 0) return { status: invalid(kind, name, errors) };
  }
  const attributes = { operation: 'UPDATE', info, old: current, as, object: next } as const;
  const refusal = refuse(attributes, view);
  if (refusal) return { status: refusal };
  const own = [...(info.subresource === undefined ? (kind.updateWarnings?.(next, old) ?? []) : []), ...admissionWarnings(attributes, view)];
  return { object: unstamped(next), warnings: own.length > 0 ? [...warnings, ...own] : warnings };
}
