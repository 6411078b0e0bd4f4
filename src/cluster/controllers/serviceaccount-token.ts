/**
 * Fills Secrets of type service-account-token, and deletes those whose ServiceAccount is gone.
 * Upstream: pkg/controller/serviceaccount/tokens_controller.go (v1.36). Simplified: the account is looked for in the cache alone; a Secret that goes is not taken out of its account's `secrets`.
 */
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import { keyOf } from '../../api/object.ts';
import type { V1Secret, V1ServiceAccount } from '../../api/schema/kubernetes.ts';
import { encodeBase64 } from '../../lib/base64.ts';
import { CLUSTER_CA } from '../boot/certificates.ts';
import { NAME_ANNOTATION, secretToken, UID_ANNOTATION } from '../service-account-claims.ts';
import { nothing, type Controller } from './controller.ts';
import { destroy, update } from './paths.ts';

const isToken = ({ type }: V1Secret): boolean => type === 'kubernetes.io/service-account-token';
const accountOf = ({ metadata }: V1Secret): string => `${metadata?.namespace}/${metadata?.annotations?.[NAME_ANNOTATION] ?? ''}`;

export default {
  name: 'serviceaccount-token',
  watches: [
    { resource: 'secrets', keys: ({ object, deleted }) => (!deleted && isToken(object as V1Secret) ? [keyOf(object)] : []) },
    {
      resource: 'serviceaccounts',
      keys: ({ object, deleted, cache }) =>
        deleted
          ? cache
              .list<V1Secret>('secrets', object.metadata?.namespace)
              .filter((s) => isToken(s) && accountOf(s) === keyOf(object))
              .map(keyOf)
          : [],
    },
  ],
  reconcile(key, cache) {
    const secret = cache.get<V1Secret>('secrets', key);
    if (!secret || !isToken(secret)) return nothing;
    const account = cache.get<V1ServiceAccount>('serviceaccounts', accountOf(secret));
    const { annotations, namespace = '' } = secret.metadata ?? {};
    const uid = annotations?.[UID_ANNOTATION];
    if (!account || (uid && uid !== account.metadata?.uid)) return { writes: [destroy('secrets', secret)], notes: [] };
    const data = {
      ...secret.data,
      'ca.crt': encodeBase64(CLUSTER_CA),
      namespace: secret.data?.namespace || encodeBase64(namespace),
      token: secret.data?.token || encodeBase64(secretToken(account, secret)),
    };
    if (sameJson(secret.data ?? {}, data)) return nothing;
    const metadata = { ...secret.metadata, annotations: { ...annotations, [UID_ANNOTATION]: account.metadata?.uid ?? '' } };
    return { writes: [update('secrets', { ...secret, metadata, data })], notes: [] };
  },
} satisfies Controller;
