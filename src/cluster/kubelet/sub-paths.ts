/** Which part of a volume a mount shows, with the container's variables in its name. Upstream: pkg/kubelet/kubelet_pods.go makeMounts, container/helpers.go ExpandContainerVolumeMounts (v1.36). Simplified: nothing. */
import type { V1Container, V1EnvVar, V1VolumeMount } from '../../api/schema/kubernetes.ts';
import { valuesOf } from '../runtime/environment.ts';
import { expandVariables } from '../../lib/expand-variables.ts';

/** The container with every `subPathExpr` as a `subPath`; `error` as CreateContainerConfigError says it. */
export function withSubPaths(
  container: V1Container,
  env: readonly V1EnvVar[],
): { readonly container: V1Container } | { readonly error: string } {
  const values = valuesOf(env);
  const volumeMounts: V1VolumeMount[] = [];
  for (const { subPathExpr, ...mount } of container.volumeMounts ?? []) {
    const lacking = [...new Set([...(subPathExpr ?? '').replaceAll('$$', '').matchAll(/\$\(([^)]*)\)/g)].map(([, name]) => name))]
      .filter((name) => !values[name])
      .sort((a, b) => (a < b ? -1 : 1));
    if (lacking.length > 0) return { error: `missing value for ${lacking.map((name) => JSON.stringify(name)).join(', ')}` };
    const subPath = subPathExpr ? expandVariables(subPathExpr, values) : mount.subPath;
    if (subPath?.startsWith('/')) return { error: `error SubPath \`${subPath}\` must not be an absolute path` };
    if (subPath?.split('/').includes('..')) return { error: `unable to provision SubPath \`${subPath}\`: must not contain '..'` };
    volumeMounts.push({ ...mount, ...(subPath === undefined ? {} : { subPath }) });
  }
  return { container: container.volumeMounts ? { ...container, volumeMounts } : container };
}
