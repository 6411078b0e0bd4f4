/** The ConfigMaps and Secrets that a pod names. Upstream: pkg/api/v1/pod/util.go VisitPodSecretNames, VisitPodConfigmapNames (v1.36). */
import type { V1Container, V1Pod } from '../schema/kubernetes.ts';
import { allContainers } from './containers.ts';

export const ROOT_CA = 'kube-root-ca.crt';
/** `ref`: 'configmaps/app'. */
export interface Need {
  readonly ref: string;
  readonly isOptional: boolean;
}

export function envNeeds(container: V1Container): readonly Need[] {
  return [
    ...(container.envFrom ?? []).flatMap(({ configMapRef: c, secretRef: s }) => [
      ...(c ? [{ ref: `configmaps/${c.name}`, isOptional: c.optional ?? false }] : []),
      ...(s ? [{ ref: `secrets/${s.name}`, isOptional: s.optional ?? false }] : []),
    ]),
    ...(container.env ?? []).flatMap(({ valueFrom: v }) => [
      ...(v?.configMapKeyRef ? [{ ref: `configmaps/${v.configMapKeyRef.name}`, isOptional: v.configMapKeyRef.optional ?? false }] : []),
      ...(v?.secretKeyRef ? [{ ref: `secrets/${v.secretKeyRef.name}`, isOptional: v.secretKeyRef.optional ?? false }] : []),
    ]),
  ];
}

/** `keys`: those that the volume names. */
interface VolumeNeed extends Need {
  readonly volume: string;
  readonly keys: readonly string[];
}
interface Source {
  readonly name?: string;
  readonly optional?: boolean;
  readonly items?: readonly { readonly key: string }[];
}

/** Simplified: the cluster's own root certificates are there without being asked for. */
export function volumeNeeds(pod: V1Pod): readonly VolumeNeed[] {
  return (pod.spec?.volumes ?? []).flatMap(({ name: volume, configMap, secret, projected }) => {
    const need = (plural: string, source: Source | undefined): readonly VolumeNeed[] =>
      source && source.name !== ROOT_CA
        ? [{ volume, ref: `${plural}/${source.name}`, isOptional: source.optional ?? false, keys: (source.items ?? []).map((i) => i.key) }]
        : [];
    return [
      ...need('configmaps', configMap),
      ...need('secrets', secret && { ...secret, name: secret.secretName }),
      ...(projected?.sources ?? []).flatMap((p) => [...need('configmaps', p.configMap), ...need('secrets', p.secret)]),
    ];
  });
}

/** The Secrets for the registries of its images: without them it is tried all the same. */
export const pullSecrets = (pod: V1Pod): readonly string[] =>
  (pod.spec?.imagePullSecrets ?? []).flatMap(({ name }) => (name ? [`secrets/${name}`] : []));

/** Every reference of the pod, each once. */
export function referencesOf(pod: V1Pod): readonly string[] {
  return [...new Set([...pullSecrets(pod), ...[...volumeNeeds(pod), ...allContainers(pod).flatMap(envNeeds)].map((need) => need.ref)])];
}
