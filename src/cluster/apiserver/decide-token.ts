/**
 * POST …/serviceaccounts/x/token: a token that is made and not kept.
 * Upstream: pkg/registry/core/serviceaccount/storage/token.go, pkg/apis/authentication/validation (v1.36).
 * Simplified: what it is bound to is read from the cache; no webhook may be named.
 */
import { badRequest, conflict, invalid, notFound } from '../../api/machinery/status.ts';
import { invalid as invalidField } from '../../api/machinery/field-error.ts';
import { parseTime, rfc3339 } from '../../api/machinery/time.ts';
import type { KubeObject } from '../../api/object.ts';
import type { V1Node, V1Pod, V1Secret, V1ServiceAccount, V1Status } from '../../api/schema/kubernetes.ts';
import { signed } from '../../lib/jwt.ts';
import { ISSUER, subjectOf, type Reference } from '../service-account-claims.ts';
import { currentOf, fail, readFirst, type Asked, type ObjectDecision } from './decision.ts';
import { storageKey } from './storage-key.ts';

interface BoundReference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
}
interface TokenRequest extends KubeObject {
  readonly spec?: {
    readonly audiences?: readonly string[] | null;
    readonly expirationSeconds?: number | null;
    readonly boundObjectRef?: BoundReference | null;
  };
}
const GROUP = 'authentication.k8s.io';
const KIND = { group: GROUP, kind: 'TokenRequest' };
const [LEAST_S, MOST_S, USUAL_S] = [600, 4_294_967_296, 3600];
const BOUND: Readonly<Record<string, string>> = { Node: 'nodes', Pod: 'pods', Secret: 'secrets' };

export function decideToken(asked: Asked): ObjectDecision {
  const { info, request, answers, view, lots } = asked;
  const { name = '', namespace = '' } = info;
  const { metadata, spec = {} } = (request.body ?? {}) as TokenRequest;
  const strange = (['name', 'namespace'] as const).find((field) => metadata?.[field] && metadata[field] !== info[field]);
  if (strange)
    return fail(
      invalid(KIND, name, [
        invalidField(`metadata.${strange}`, metadata?.[strange], `must match the service account ${strange} if specified`),
      ]),
    );
  const { current } = currentOf(asked);
  if (!current) return answers.length === 0 ? readFirst(storageKey(info.kind, name, namespace)) : fail(notFound('serviceaccounts', name));
  const { boundObjectRef = null } = spec;
  const audiences = spec.audiences?.length ? spec.audiences : [ISSUER];
  const seconds = spec.expirationSeconds ?? USUAL_S;
  const wrong = seconds < LEAST_S ? 'less than 10 minutes' : seconds > MOST_S ? 'larger than 2^32 seconds' : undefined;
  if (wrong) return fail(invalid(KIND, '', [invalidField('spec.expirationSeconds', seconds, `may not specify a duration ${wrong}`)]));
  const bound = boundObjectRef === null ? {} : boundTo(asked, boundObjectRef);
  if ('status' in bound) return fail(bound.status);
  const nowMs = parseTime(view.now);
  const token = boundToken({
    account: current as V1ServiceAccount,
    audiences,
    nowS: nowMs / 1000,
    seconds,
    id: lots.uid(`${namespace}/${name}/token`),
    ...bound,
  });
  const body = {
    kind: 'TokenRequest',
    apiVersion: `${GROUP}/v1`,
    metadata: { name, namespace, creationTimestamp: view.now },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef },
    status: { token, expirationTimestamp: rfc3339(nowMs + seconds * 1000) },
  };
  return { answer: { code: 201, body } };
}

type Bound = { readonly pod?: V1Pod; readonly node?: V1Node | undefined; readonly secret?: V1Secret };

function boundTo(
  { info, view }: Asked,
  { apiVersion = '', kind = '', name = '', uid }: BoundReference,
): Bound | { readonly status: V1Status } {
  const [version, group = ''] = apiVersion.split('/').reverse();
  const resource = group === '' ? BOUND[kind] : undefined;
  if (resource === undefined) return { status: badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`) };
  const object = view.get(resource, kind === 'Node' ? name : `${info.namespace}/${name}`);
  if (!object) return { status: notFound(resource, name) };
  const pod = kind === 'Pod' ? (object as V1Pod) : undefined;
  if (pod && pod.spec?.serviceAccountName !== info.name)
    return {
      status: badRequest(
        `cannot bind token for serviceaccount ${JSON.stringify(info.name)} to pod running with different serviceaccount name.`,
      ),
    };
  if (uid && uid !== object.metadata?.uid)
    return {
      status: conflict(
        kind,
        name,
        `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
      ),
    };
  if (kind === 'Node') return { node: object as V1Node };
  return pod ? { pod, node: view.get<V1Node>('nodes', pod.spec?.nodeName ?? '') } : { secret: object as V1Secret };
}

const refOf = (object: KubeObject | undefined): Reference | undefined =>
  object && { name: object.metadata?.name ?? '', uid: object.metadata?.uid ?? '' };
/** A token that ends by itself, and with what it is bound to. The members stand in the order of their names, as Go writes them. */
function boundToken(r: {
  readonly account: V1ServiceAccount;
  readonly audiences: readonly string[];
  readonly nowS: number;
  readonly seconds: number;
  readonly id: string;
  readonly node?: V1Node | undefined;
  readonly pod?: V1Pod | undefined;
  readonly secret?: V1Secret | undefined;
}): string {
  return signed({
    aud: r.audiences,
    exp: r.nowS + r.seconds,
    iat: r.nowS,
    iss: ISSUER,
    jti: r.id,
    'kubernetes.io': {
      namespace: r.account.metadata?.namespace,
      node: refOf(r.node),
      pod: refOf(r.pod),
      secret: refOf(r.secret),
      serviceaccount: refOf(r.account),
    },
    nbf: r.nowS,
    sub: subjectOf(r.account),
  });
}
