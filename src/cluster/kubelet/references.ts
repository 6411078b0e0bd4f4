/**
 * The ConfigMaps and Secrets that a pod names, and what its containers' environment becomes with them.
 * Upstream: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables, pkg/volume/{configmap,secret} (v1.36).
 * Simplified: they are read before a container starts, where upstream watches them; projected service account tokens and their root CA are taken as there; what is in binaryData counts as text.
 */
import { allContainers } from '../../api/pods/containers.ts';
import type { V1Container, V1EnvVar, V1Pod } from '../../api/schema/kubernetes.ts';
import { decodeBase64 } from '../../lib/base64.ts';
import { expandVariables } from '../../lib/expand-variables.ts';
import { envNeeds, pullSecrets, volumeNeeds } from '../../api/pods/references.ts';
import { hostPathError } from './host-paths.ts';
import { fieldValue, resourceValue, type Downward } from './downward.ts';

/** 'configmaps/app' → its entries, or null when there is none. */
export type References = ReadonlyMap<string, Readonly<Record<string, string>> | null>;
/** Those that its volumes show. */
export const mountedReferences = (pod: V1Pod): readonly string[] => [...new Set(volumeNeeds(pod).map((need) => need.ref))];

/** Its volumes do without this one. */
export const isOptionalMount = (pod: V1Pod, reference: string): boolean =>
  volumeNeeds(pod).every((need) => need.ref !== reference || need.isOptional);

const missingText = (ref: string): string =>
  `${ref.startsWith('secrets/') ? 'secret' : 'configmap'} ${JSON.stringify(ref.slice(ref.indexOf('/') + 1))} not found`;

/** Why a volume cannot be mounted yet, in the words of the event FailedMount. */
export function mountError(pod: V1Pod, found: References): string | undefined {
  const failure = (volume: string): string => `MountVolume.SetUp failed for volume ${JSON.stringify(volume)} : `;
  for (const { name } of pod.spec?.volumes ?? []) {
    const error = hostPathError(found, name);
    if (error !== undefined) return failure(name) + error;
  }
  for (const { volume, ref, isOptional, keys } of volumeNeeds(pod)) {
    if (isOptional) continue;
    const data = found.get(ref);
    const start = failure(volume);
    if (data === null) return start + missingText(ref);
    const lacking = data && keys.find((key) => data[key] === undefined);
    if (lacking !== undefined)
      return `${start}${ref.startsWith('secrets/') ? 'references non-existent secret key' : 'configmap references non-existent config key'}: ${lacking}`;
  }
  return undefined;
}

/** Upstream: pkg/kubelet/kubelet_pods.go getPullSecretsForPod, which says it at every sync. */
export function pullWarning(pod: V1Pod, found: References): string | undefined {
  const lacking = pullSecrets(pod).filter((ref) => found.get(ref) === null);
  return lacking.length === 0
    ? undefined
    : `Unable to retrieve some image pull secrets (${lacking.map((ref) => ref.replace('secrets/', '')).join(', ')}); attempting to pull the image may not succeed.`;
}

/** The entries of an object as text: a Secret's are base64 in the API. */
export function entriesOf(object: {
  readonly kind?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}): Readonly<Record<string, string>> {
  const decoded = (data: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(data).map(([k, v]) => [k, decodeBase64(v)]));
  return object.kind === 'Secret' ? decoded(object.data) : { ...object.data, ...decoded(object.binaryData) };
}

/** A container's environment with every reference resolved; `error` as CreateContainerConfigError says it. */
export function environmentOf(
  container: V1Container,
  namespace: string,
  found: References,
  where?: Downward,
): { readonly env: readonly V1EnvVar[] } | { readonly error: string } {
  const lacking = envNeeds(container).find((need) => !need.isOptional && found.get(need.ref) === null);
  if (lacking) return { error: missingText(lacking.ref) };
  const env: V1EnvVar[] = [];
  for (const { configMapRef, secretRef, prefix = '' } of container.envFrom ?? []) {
    for (const [name, value] of Object.entries(
      found.get(configMapRef ? `configmaps/${configMapRef.name}` : `secrets/${secretRef?.name}`) ?? {},
    ))
      env.push({ name: prefix + name, value });
  }
  for (const one of container.env ?? []) {
    const key = one.valueFrom?.configMapKeyRef ?? one.valueFrom?.secretKeyRef;
    if (!key) {
      env.push(where ? { name: one.name, value: ownValue(one, container, where, env) } : one);
      continue;
    }
    const isSecret = one.valueFrom?.secretKeyRef !== undefined;
    const value = found.get(`${isSecret ? 'secrets' : 'configmaps'}/${key.name}`)?.[key.key];
    if (value !== undefined) env.push({ name: one.name, value });
    else if (!key.optional)
      return { error: `couldn't find key ${key.key} in ${isSecret ? 'Secret' : 'ConfigMap'} ${namespace}/${key.name}` };
  }
  return { env };
}

/** A value of the manifest, with `$(NAME)` of what came before it or of a Service, or one of the pod's own fields. */
function ownValue({ value, valueFrom }: V1EnvVar, container: V1Container, where: Downward, before: readonly V1EnvVar[]): string {
  if (valueFrom?.fieldRef) return fieldValue(valueFrom.fieldRef.fieldPath, where);
  const of = valueFrom?.resourceFieldRef;
  if (of)
    return resourceValue(
      of,
      allContainers(where.pod).find((c) => c.name === (of.containerName ?? container.name)),
      where,
    );
  return value?.includes('$')
    ? expandVariables(value, Object.fromEntries([...where.services, ...before].map((v) => [v.name, v.value ?? ''])))
    : (value ?? '');
}
