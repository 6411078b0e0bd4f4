/**
 * The ConfigMaps and Secrets that a pod names, and what its containers' environment becomes with them.
 * Upstream: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables, pkg/volume/{configmap,secret} (v1.36).
 * Simplified: they are read once before the pod starts and again while one is missing; projected service account tokens and their root CA are taken as there.
 */
import { allContainers } from '../../api/pods/containers.ts';
import type { V1Container, V1EnvVar, V1Pod } from '../../api/schema/kubernetes.ts';
import { decodeBase64 } from '../../lib/base64.ts';

/** 'configmaps/app' → its entries, or null when there is none. */
export type References = ReadonlyMap<string, Readonly<Record<string, string>> | null>;
interface Need { readonly ref: string; readonly isOptional: boolean }

function envNeeds(container: V1Container): readonly Need[] {
  return [
    ...(container.envFrom ?? []).flatMap(({ configMapRef: c, secretRef: s }) => [...(c ? [{ ref: `configmaps/${c.name}`, isOptional: c.optional ?? false }] : []), ...(s ? [{ ref: `secrets/${s.name}`, isOptional: s.optional ?? false }] : [])]),
    ...(container.env ?? []).flatMap(({ valueFrom: v }) => [...(v?.configMapKeyRef ? [{ ref: `configmaps/${v.configMapKeyRef.name}`, isOptional: v.configMapKeyRef.optional ?? false }] : []), ...(v?.secretKeyRef ? [{ ref: `secrets/${v.secretKeyRef.name}`, isOptional: v.secretKeyRef.optional ?? false }] : [])]),
  ];
}

function volumeNeeds(pod: V1Pod): readonly (Need & { readonly volume: string })[] {
  return (pod.spec?.volumes ?? []).flatMap(({ name: volume, configMap: c, secret: s }) => [...(c ? [{ volume, ref: `configmaps/${c.name}`, isOptional: c.optional ?? false }] : []), ...(s ? [{ volume, ref: `secrets/${s.secretName}`, isOptional: s.optional ?? false }] : [])]);
}

/** Every reference of the pod, each once. */
export function referencesOf(pod: V1Pod): readonly string[] {
  return [...new Set([...volumeNeeds(pod), ...allContainers(pod).flatMap(envNeeds)].map((need) => need.ref))];
}

const missingText = (ref: string): string => `${ref.startsWith('secrets/') ? 'secret' : 'configmap'} ${JSON.stringify(ref.slice(ref.indexOf('/') + 1))} not found`;

/** Why a volume cannot be mounted yet, in the words of the event FailedMount. */
export function mountError(pod: V1Pod, found: References): string | undefined {
  const lacking = volumeNeeds(pod).find((need) => !need.isOptional && found.get(need.ref) === null);
  return lacking && `MountVolume.SetUp failed for volume ${JSON.stringify(lacking.volume)} : ${missingText(lacking.ref)}`;
}

/** The entries of an object as text: a Secret's are base64 in the API. */
export function entriesOf(object: { readonly kind?: string; readonly data?: Readonly<Record<string, string>> }): Readonly<Record<string, string>> {
  return object.kind === 'Secret' ? Object.fromEntries(Object.entries(object.data ?? {}).map(([k, v]) => [k, decodeBase64(v)])) : (object.data ?? {});
}

/** A container's environment with every reference resolved; `error` as CreateContainerConfigError says it. */
export function environmentOf(container: V1Container, namespace: string, found: References): { readonly env: readonly V1EnvVar[] } | { readonly error: string } {
  const lacking = envNeeds(container).find((need) => !need.isOptional && found.get(need.ref) === null);
  if (lacking) return { error: missingText(lacking.ref) };
  const env: V1EnvVar[] = [];
  for (const { configMapRef, secretRef, prefix = '' } of container.envFrom ?? []) {
    for (const [name, value] of Object.entries(found.get(configMapRef ? `configmaps/${configMapRef.name}` : `secrets/${secretRef?.name}`) ?? {})) env.push({ name: prefix + name, value });
  }
  for (const one of container.env ?? []) {
    const key = one.valueFrom?.configMapKeyRef ?? one.valueFrom?.secretKeyRef;
    if (!key) { env.push(one); continue; }
    const isSecret = one.valueFrom?.secretKeyRef !== undefined;
    const value = found.get(`${isSecret ? 'secrets' : 'configmaps'}/${key.name}`)?.[key.key];
    if (value !== undefined) env.push({ name: one.name, value });
    else if (!key.optional) return { error: `couldn't find key ${key.key} in ${isSecret ? 'Secret' : 'ConfigMap'} ${namespace}/${key.name}` };
  }
  return { env };
}
