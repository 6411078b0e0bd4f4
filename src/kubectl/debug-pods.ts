/**
 * The pods that kubectl debug makes: a copy of one that is changed, and one that runs on a machine's own network and disk.
 * Upstream: staging/src/k8s.io/kubectl/pkg/cmd/debug/{debug,profiles}.go (v1.36). Simplified: nothing is read from --custom.
 */
import { safeSuffix } from '../api/machinery/rand.ts';
import { allContainers } from '../api/pods/containers.ts';
import type { V1Container, V1EnvVar, V1EphemeralContainer, V1Pod, V1SecurityContext } from '../api/schema/kubernetes.ts';
import { fnv1a32, mix } from '../lib/hash.ts';
import { halves, listOf } from './argv.ts';
import type { Env } from './command.ts';

/** Whether a flag is given and says yes. */
export const isOn = ({ argv: { flags } }: Env, flag: string): boolean => flags.has(flag) && flags.get(flag) !== 'false';
export const PROFILES: readonly string[] = ['legacy', 'general', 'baseline', 'restricted', 'netadmin', 'sysadmin'];
const profileOf = ({ argv: { flags } }: Env): string => flags.get('profile') ?? 'general';

/** Five letters that nobody guesses, and that are the same in every run. */
export function suffix({ nowMs }: Env, name: string): string {
  let hash = fnv1a32(`${nowMs}/${name}`);
  return safeSuffix((n) => {
    hash = mix(hash, n);
    return hash % n;
  });
}

const secured = (container: V1Container, more: V1SecurityContext): V1Container => ({
  ...container,
  securityContext: { ...container.securityContext, ...more },
});
const adding = (container: V1Container, ...capabilities: readonly string[]): V1Container =>
  secured(container, {
    capabilities: {
      ...container.securityContext?.capabilities,
      add: [...(container.securityContext?.capabilities?.add ?? []), ...capabilities],
    },
  });
function bare(container: V1Container): V1Container {
  const { securityContext: _, ...rest } = container;
  return rest;
}

/** What a profile makes of the container that is for debugging. */
function profiled(container: V1Container, env: Env, isOnNode: boolean): V1Container {
  switch (profileOf(env)) {
    case 'general':
      return isOnNode ? bare(container) : adding(container, 'SYS_PTRACE');
    case 'baseline':
      return bare(container);
    case 'restricted':
      return secured(bare(container), {
        runAsNonRoot: true,
        capabilities: { drop: ['ALL'] },
        allowPrivilegeEscalation: false,
        seccompProfile: { type: 'RuntimeDefault' },
      });
    case 'netadmin':
      return adding(container, 'NET_ADMIN', 'NET_RAW');
    case 'sysadmin':
      return secured(container, { privileged: true });
    default:
      return container;
  }
}

/** --env: 'a=b' and 'a=b,c=d'. */
const variables = ({ argv }: Env): readonly V1EnvVar[] =>
  listOf(argv, 'env')
    .map(halves)
    .map(([name, value]) => ({ name, value }));

/** What the flags say of the container: its image, words, variables and streams. */
function told(container: V1Container, env: Env): V1Container {
  const { flags, rest = [] } = env.argv;
  const { args: _, ...unsaid } = container;
  const worded = rest.length === 0 ? container : isOn(env, 'arguments-only') ? { ...container, args: rest } : { ...unsaid, command: rest };
  const [image, pull, own] = [flags.get('image'), flags.get('image-pull-policy'), variables(env)];
  return {
    ...worded,
    ...(image ? { image } : {}),
    ...(pull ? { imagePullPolicy: pull } : {}),
    ...(own.length > 0 ? { env: own } : {}),
    stdin: isOn(env, 'stdin'),
    tty: isOn(env, 'tty'),
  };
}

export function nodePod(node: string, env: Env): V1Pod {
  const { flags } = env.argv;
  const profile = profileOf(env);
  const [seesDisk, isInHost] = [
    ['legacy', 'general', 'sysadmin'].includes(profile),
    ['legacy', 'general', 'sysadmin', 'netadmin'].includes(profile),
  ];
  const container = profiled(told({ name: flags.get('container') ?? 'debugger', terminationMessagePolicy: 'File' }, env), env, true);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `node-debugger-${node}-${suffix(env, node)}`, labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } },
    spec: {
      containers: [seesDisk ? { ...container, volumeMounts: [{ mountPath: '/host', name: 'host-root' }] } : container],
      nodeName: node,
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
      ...(seesDisk ? { volumes: [{ name: 'host-root', hostPath: { path: '/' } }] } : {}),
      ...(isInHost ? { hostNetwork: true, hostPID: true, hostIPC: true } : {}),
    },
  };
}

/** All names that containers of the pod have. */
const namesIn = (pod: V1Pod): readonly string[] => allContainers(pod).map((c) => c.name);

/** The name of the container for debugging: the one that is asked for, or a new one. */
export function containerName(pod: V1Pod, env: Env): { readonly name: string; readonly said: string } {
  const asked = env.argv.flags.get('container');
  const name = asked ?? `debugger-${suffix(env, namesIn(pod).join())}`;
  return { name, said: asked !== undefined || isOn(env, 'quiet') ? '' : `Defaulting debug container name to ${name}.\n` };
}

/** The container that joins a running pod. */
export function joining(pod: V1Pod, env: Env): { readonly container: V1EphemeralContainer; readonly said: string } {
  const { name, said } = containerName(pod, env);
  const target = env.argv.flags.get('target');
  const container = profiled(told({ name, terminationMessagePolicy: 'File' }, env), env, false);
  return { container: { ...container, ...(target ? { targetContainerName: target } : {}) }, said };
}

function withoutProbes({ livenessProbe, readinessProbe, startupProbe, ...container }: V1Container, env: Env): V1Container {
  return {
    ...container,
    ...(livenessProbe && isOn(env, 'keep-liveness') ? { livenessProbe } : {}),
    ...(readinessProbe && isOn(env, 'keep-readiness') ? { readinessProbe } : {}),
    ...(startupProbe && isOn(env, 'keep-startup') ? { startupProbe } : {}),
  };
}

/** The pod as a new one of another name, with what the profile leaves of it. */
function bareCopy({ metadata, spec }: V1Pod, containers: readonly V1Container[], env: Env): V1Pod {
  const { flags } = env.argv;
  const isLegacy = profileOf(env) === 'legacy';
  const { ephemeralContainers: _e, nodeName, shareProcessNamespace, initContainers, containers: _c, ...rest } = spec ?? { containers };
  const shares = flags.has('share-processes') ? isOn(env, 'share-processes') : (shareProcessNamespace ?? (isLegacy ? undefined : true));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: flags.get('copy-to'),
      namespace: metadata?.namespace,
      ...(metadata?.labels && isOn(env, 'keep-labels') && !isLegacy ? { labels: metadata.labels } : {}),
      ...(metadata?.annotations && (isLegacy || isOn(env, 'keep-annotations')) ? { annotations: metadata.annotations } : {}),
    },
    spec: {
      ...rest,
      containers: isLegacy ? containers : containers.map((c) => withoutProbes(c, env)),
      ...(initContainers && (isLegacy || flags.get('keep-init-containers') !== 'false') ? { initContainers } : {}),
      ...(shares === undefined ? {} : { shareProcessNamespace: shares }),
      ...(nodeName && isOn(env, 'same-node') ? { nodeName } : {}),
    },
  };
}

/** The copy, and the name of the container that it is about; '': of none. */
export function copyOf(
  pod: V1Pod,
  env: Env,
): { readonly pod: V1Pod; readonly container: string; readonly said: string } | { readonly error: string } {
  const images = new Map(listOf(env.argv, 'set-image').map(halves));
  const containers = (pod.spec?.containers ?? []).map((c) => ({ ...c, image: images.get(c.name) ?? images.get('*') ?? c.image }));
  const asked = env.argv.flags.get('container');
  const isThere = asked !== undefined && containers.some((c) => c.name === asked);
  if (!isThere && !env.argv.flags.has('image'))
    return images.size > 0
      ? { pod: unprofiled(pod, containers, env), container: '', said: '' }
      : { error: 'error: you must specify image when creating new container\n' };
  const { name, said } = containerName(pod, env);
  const all = isThere ? containers : [...containers, { name, terminationMessagePolicy: 'File' }];
  return {
    pod: bareCopy(
      pod,
      all.map((c) => (c.name === name ? profiled(told(c, env), env, false) : c)),
      env,
    ),
    container: name,
    said,
  };
}

/** Where only images change, no profile is applied. */
function unprofiled({ metadata, spec }: V1Pod, containers: readonly V1Container[], env: Env): V1Pod {
  const { ephemeralContainers: _, nodeName, ...rest } = spec ?? { containers };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: env.argv.flags.get('copy-to'),
      namespace: metadata?.namespace,
      ...(metadata?.annotations ? { annotations: metadata.annotations } : {}),
      ...(metadata?.labels ? { labels: metadata.labels } : {}),
    },
    spec: {
      ...rest,
      containers,
      ...(env.argv.flags.has('share-processes') ? { shareProcessNamespace: isOn(env, 'share-processes') } : {}),
      ...(nodeName && isOn(env, 'same-node') ? { nodeName } : {}),
    },
  };
}
