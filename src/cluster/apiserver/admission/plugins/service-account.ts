/**
 * Gives every pod a service account and mounts its token.
 * Upstream: plugin/pkg/admission/serviceaccount/admission.go (v1.36). Simplified: image pull secrets of the account are not copied.
 */
import type { V1Container, V1Pod, V1ServiceAccount, V1VolumeMount } from '../../../../api/schema/kubernetes.ts';
import { forbidden } from '../../../../api/machinery/status.ts';
import { fnv1a32 } from '../../../../lib/hash.ts';
import { safeEncode } from '../../../../api/machinery/rand.ts';
import { knownName, type AdmissionPlugin } from '../admission.ts';

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

export default {
  name: 'ServiceAccount',
  order: 70,
  admit({ operation, info, object }, view) {
    if (operation !== 'CREATE' || info.kind.plural !== 'pods' || info.subresource !== undefined) return { object };
    const pod = object as V1Pod;
    if (!pod.spec || pod.metadata?.annotations?.['kubernetes.io/config.mirror'] !== undefined) return { object };
    const name = pod.spec.serviceAccountName ?? 'default';
    const account = view.get<V1ServiceAccount>('serviceaccounts', `${info.namespace}/${name}`);
    if (!account) return { status: forbidden('pods', knownName(pod), `error looking up service account ${info.namespace}/${name}: serviceaccount "${name}" not found`) };
    const spec = { ...pod.spec, serviceAccountName: name, serviceAccount: name };
    const mounts = pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
    if (!mounts) return { object: { ...pod, spec } };
    const volume = `kube-api-access-${safeEncode(String(fnv1a32(`${pod.metadata?.uid}`) % 100000).padStart(5, '0'))}`;
    const mount: V1VolumeMount = { name: volume, readOnly: true, mountPath: TOKEN_PATH };
    const withToken = (c: V1Container): V1Container => (c.volumeMounts?.some((m) => m.mountPath === TOKEN_PATH) ? c : { ...c, volumeMounts: [...(c.volumeMounts ?? []), mount] });
    return {
      object: {
        ...pod,
        spec: {
          ...spec, containers: spec.containers.map(withToken), ...(spec.initContainers ? { initContainers: spec.initContainers.map(withToken) } : {}),
          volumes: [...(spec.volumes ?? []), { name: volume, projected: { defaultMode: 420, sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
            { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
          ] } }],
        },
      },
    };
  },
} satisfies AdmissionPlugin;
