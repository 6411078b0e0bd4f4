/** POST: decode → default → mutating admission → prepare → validate → validating admission → put if absent. Upstream: store.go Create, rest/create.go (v1.36). */
import { alreadyExists, badRequest, invalid } from '../../api/machinery/status.ts';
import { apiVersionOf } from '../../api/registry.ts';
import { keyOf, type KubeObject, type ObjectMeta } from '../../api/object.ts';
import { omit } from '../../lib/omit.ts';
import { admissionWarnings, admit, refuse } from './admission/registry.ts';
import { checkBody } from './check-body.ts';
import { type Asked, fail, NO_OPS, type ObjectDecision, readFirst, sharedWhenEmpty, unstamped } from './decision.ts';
import { resourceFor } from './resources/registry.ts';
import { storageKey } from './storage-key.ts';

/** Upstream: maxNameGenerationCreateAttempts. */
const NAME_ATTEMPTS = 8;

export function decideCreate(asked: Asked): ObjectDecision {
  const { info, request, view, answers, lots, as } = asked;
  const { kind } = info;
  const checked = checkBody(asked, request.body);
  if ('status' in checked) return fail(checked.status);
  const named = withIdentity(asked, checked.object);
  if ('status' in named) return fail(named.status);
  const defaulted = kind.applyDefaults?.(named.object) ?? named.object;
  const mutated = admit({ operation: 'CREATE', info, as, object: defaulted }, view);
  if ('status' in mutated) return fail(mutated.status);
  let object = mutated.object;
  object = kind.prepareForCreate?.(object, { now: view.now }) ?? object;
  const name = object.metadata?.name ?? '';
  const errors = [...(kind.validate?.(object) ?? []), ...(kind.validateCreate?.(object) ?? [])];
  if (errors.length > 0) return fail(invalid(kind, name, errors));
  const special = resourceFor(kind);
  const allotted = special.beforeCreate?.(object, view, lots) ?? { object };
  if ('status' in allotted) return fail(allotted.status);
  object = unstamped(allotted.object);
  const attributes = { operation: 'CREATE', info, as, object } as const;
  const refusal = refuse(attributes, view);
  if (refusal) return fail(refusal);
  const warnings = [...checked.warnings, ...(kind.warnings?.(object) ?? []), ...admissionWarnings(attributes, view)];
  const notes = [
    {
      says: 'apiserver/admitted',
      about: `${info.resource}/${keyOf(object)}`,
      with: { user: as.user, verb: 'create', kind: kind.kind, name, changedBy: sharedWhenEmpty(mutated.changedBy) },
    },
  ];
  const key = storageKey(kind, name, info.namespace);
  const answer = answers[answers.length - 1];
  if (request.query?.dryRun === 'All')
    return !answer
      ? readFirst(key)
      : answer.ranges[0]?.length
        ? fail(alreadyExists(info.resource, name))
        : { answer: { code: 201, body: object, warnings } };
  if (answer && (!object.metadata?.generateName || answers.length >= NAME_ATTEMPTS)) return fail(alreadyExists(info.resource, name));
  return {
    onSuccess: { code: 201, object, warnings: sharedWhenEmpty(warnings) },
    commit: { compare: [{ key, modRevision: 0 }], success: [{ op: 'put', key, value: object }], failure: NO_OPS },
    ...(special.ttlSeconds ? { ttlSeconds: special.ttlSeconds } : {}),
    ...(answers.length === 0 ? { notes } : {}),
  };
}

function withIdentity(
  { info, lots, view, answers }: Asked,
  object: KubeObject,
): { readonly object: KubeObject } | { readonly status: ReturnType<typeof badRequest> } {
  const given: ObjectMeta = object.metadata ?? {};
  if (info.kind.namespaced && given.namespace !== undefined && given.namespace !== info.namespace)
    return { status: badRequest('the namespace of the provided object does not match the namespace sent on the request') };
  if (Number(given.resourceVersion ?? 0) > 0) return { status: badRequest('resourceVersion should not be set on objects to be created') };
  const name =
    given.name ||
    (given.generateName
      ? `${given.generateName.slice(0, 58)}${lots.suffix(given.generateName, answers.filter((a) => !a.succeeded).length)}`
      : '');
  const metadata: { -readonly [K in keyof ObjectMeta]: ObjectMeta[K] } = omit(given, SERVERS_OWN);
  if (name) metadata.name = name;
  if (info.kind.namespaced) metadata.namespace = info.namespace;
  metadata.uid = lots.uid(`${info.resource}/${info.namespace ?? ''}/${name}`);
  metadata.creationTimestamp = view.now;
  return { object: { apiVersion: apiVersionOf(info.kind), kind: info.kind.kind, ...omit(object, TYPE), metadata } };
}

/** What a client may send of them counts for nothing. */
const SERVERS_OWN: ReadonlySet<string> = new Set([
  'resourceVersion',
  'uid',
  'creationTimestamp',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'namespace',
]);
const TYPE: ReadonlySet<string> = new Set(['apiVersion', 'kind']);
