/**
 * Whose bearer token this is. Who has a certificate, too, is whom that names: it is looked at first.
 * Upstream: pkg/serviceaccount/{jwt,claims,legacy}.go, pkg/kubeapiserver/authenticator/config.go (v1.36). Simplified: a user has neither uid nor extra; no leeway.
 */
import { parseTime } from '../../api/machinery/time.ts';
import { claimsOf } from '../../lib/jwt.ts';
import { serviceAccount, type Identity } from '../client/identity.ts';
import { ISSUER, type Claims } from '../service-account-claims.ts';
import type { ServerView } from './view.ts';
import { decodeBase64 } from '../../lib/base64.ts';
import type { V1Secret } from '../../api/schema/kubernetes.ts';

/** Undefined: nobody's. */
export function bearer(token: string, view: ServerView): Identity | undefined {
  const claims = claimsOf(token) as Partial<Claims> | undefined;
  const [, , namespace = '', name = ''] = claims?.sub?.split(':') ?? [];
  const uidOf = (resource: string, key = name): string | undefined => view.get(resource, `${namespace}/${key}`)?.metadata?.uid;
  if (!claims || uidOf('serviceaccounts') === undefined) return undefined;
  const own = claims['kubernetes.io'];
  if (!own) {
    const secret = view.get<V1Secret>(
      'secrets',
      `${namespace}/${(claims as Readonly<Record<string, string>>)['kubernetes.io/serviceaccount/secret.name']}`,
    );
    return secret && decodeBase64(secret.data?.token ?? '') === token ? serviceAccount(namespace, name) : undefined;
  }
  const { serviceaccount, node, pod, secret } = own;
  const isValid =
    (claims.exp ?? Infinity) * 1000 > parseTime(view.now) &&
    claims.aud?.includes(ISSUER) === true &&
    (!serviceaccount.uid || uidOf('serviceaccounts') === serviceaccount.uid) &&
    (!node || pod !== undefined || view.get('nodes', node.name ?? '')?.metadata?.uid === node.uid) &&
    (!pod || uidOf('pods', pod.name) === pod.uid) &&
    (!secret || uidOf('secrets', secret.name) === secret.uid);
  return isValid ? serviceAccount(namespace, name) : undefined;
}
