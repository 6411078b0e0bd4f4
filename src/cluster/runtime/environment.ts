/**
 * The environment of a container's process. What pods are told of Services is one list that the containers of a namespace share, and often by far the most
 * of it; so the parts are put together when a program looks.
 * Upstream: containerd internal/cri/server/container_create.go buildContainerSpec, oci.WithDefaultPathEnv; runc libcontainer/init_linux.go. Simplified: an image brings no variables of its own.
 */
import type { V1EnvVar } from '../../api/schema/kubernetes.ts';

export type Variables = Readonly<Record<string, string>>;
/** `told`: what the pod and its Services say. It stands where it is named first and has the last word over `before`; `after` is what is left. */
export interface Environment {
  readonly before: Variables;
  readonly told: Variables;
  readonly after: Variables;
}

/** In the order in which `env` prints it. */
export const variablesIn = ({ before, told, after }: Environment): Variables => ({ ...before, ...told, ...after });

const made = new WeakMap<readonly V1EnvVar[], Variables>();

/** By name; the last of a name counts. Made once of a list that is frozen. */
export function valuesOf(env: readonly V1EnvVar[]): Variables {
  const known = made.get(env);
  if (known) return known;
  const values = Object.freeze(Object.fromEntries(env.map(({ name, value }) => [name, value ?? ''] as const)));
  if (Object.isFrozen(env)) made.set(env, values);
  return values;
}
