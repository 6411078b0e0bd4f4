/**
 * Gives every pod a service account and mounts its token.
 * Upstream: plugin/pkg/admission/serviceaccount/admission.go (v1.36). Simplified: an account cannot keep its pods to its own secrets.
 */
import type { V1Container, V1Pod, V1ServiceAccount, V1Volume, V1VolumeMount } from '../../../../api/schema/kubernetes.ts';
import { allContainers } from '../../../../api/pods/containers.ts';
import { forbidden } from '../../../../api/machinery/status.ts';
import { deepFreeze } from '../../../../lib/deep-freeze.ts';
import { fnv1a32 } from '../../../../lib/hash.ts';
import { safeEncode } from '../../../../api/machinery/rand.ts';
import { withMore } from '../../../../lib/with-more.ts';
import { knownName, type AdmissionPlugin } from '../admission.ts';

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const TOKEN_VOLUMES = 'kube-api-access-';
/** One for all pods. */
const TOKEN_VOLUME: V1Volume['projected'] = deepFreeze({
  defaultMode: 420,
  sources: [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
  ],
});

const hasToken = (c: V1Container): boolean => c.volumeMounts?.some((m) => m.mountPath === TOKEN_PATH) ?? false;

/** A pod from a file on a machine may lean on nothing in the API. */
function mirrorRefusal({ spec }: V1Pod): string | undefined {
  if (spec?.serviceAccountName) return 'a mirror pod may not reference service accounts';
  const holds = (source: 'secret' | 'configMap'): boolean => spec?.volumes?.some((volume) => volume[source]) ?? false;
  if (holds('secret')) return 'a mirror pod may not reference secrets';
  if (holds('configMap')) return 'a mirror pod may not reference configmaps';
  if (spec?.volumes?.some((volume) => volume.persistentVolumeClaim)) return 'a mirror pod may not reference persistentvolumeclaims';
  return spec?.volumes?.some((volume) => volume.projected?.sources?.some((source) => source.serviceAccountToken))
    ? 'a mirror pod may not use ServiceAccountToken volume projections'
    : undefined;
}

export default {
  name: 'ServiceAccount',
  order: 70,
  admit({ operation, info, object }, view) {
    if (operation !== 'CREATE' || info.kind.plural !== 'pods' || info.subresource !== undefined) return { object };
    const pod = object as V1Pod;
    if (!pod.spec) return { object };
    if (pod.metadata?.annotations?.['kubernetes.io/config.mirror'] !== undefined) {
      const why = mirrorRefusal(pod);
      return why === undefined ? { object } : { status: forbidden('pods', pod.metadata.name ?? '', why) };
    }
    const name = pod.spec.serviceAccountName || pod.spec.serviceAccount || 'default';
    const account = view.get<V1ServiceAccount>('serviceaccounts', `${info.namespace}/${name}`);
    if (!account)
      return {
        status: forbidden(
          'pods',
          knownName(pod),
          `error looking up service account ${info.namespace}/${name}: serviceaccount "${name}" not found`,
        ),
      };
    const pulls = pod.spec.imagePullSecrets?.length ? undefined : account.imagePullSecrets;
    const spec = withMore(pod.spec, {
      serviceAccountName: name,
      serviceAccount: name,
      ...(pulls?.length ? { imagePullSecrets: pulls } : {}),
    });
    const mounts = pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
    if (!mounts) return { object: { ...pod, spec } };
    if (allContainers(pod).every(hasToken)) return { object: { ...pod, spec } };
    const known = spec.volumes?.find((v) => v.name.startsWith(TOKEN_VOLUMES))?.name;
    const volume = known ?? `${TOKEN_VOLUMES}${safeEncode(String(fnv1a32(`${pod.metadata?.uid}`) % 100000).padStart(5, '0'))}`;
    const mount: V1VolumeMount = { name: volume, readOnly: true, mountPath: TOKEN_PATH };
    const withToken = (c: V1Container): V1Container =>
      hasToken(c) ? c : withMore(c, { volumeMounts: [...(c.volumeMounts ?? []), mount] });
    return {
      object: {
        ...pod,
        spec: withMore(spec, {
          containers: spec.containers.map(withToken),
          ...(spec.initContainers ? { initContainers: spec.initContainers.map(withToken) } : {}),
          ...(known === undefined ? { volumes: [...(spec.volumes ?? []), { name: volume, projected: TOKEN_VOLUME }] } : {}),
        }),
      },
    };
  },
} satisfies AdmissionPlugin;
