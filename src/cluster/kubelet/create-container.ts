/** CreateContainer: what the runtime is asked to make of a container of the manifest, or why it cannot be asked. Upstream: kuberuntime_container.go generateContainerConfig (v1.36). */
import type { V1Container, V1EphemeralContainer } from '../../api/schema/kubernetes.ts';
import type { Context } from '../../kernel/component.ts';
import { backOffKey, raised } from './back-off.ts';
import { cannotMake } from './cannot-make.ts';
import { kindOf, recordOf, type PodWorker } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';
import { lastEnd } from './next-step.ts';
import { withSubPaths } from './sub-paths.ts';
import { downwardOf, mountedFiles, mountsOf, sharedFolders } from './downward.ts';
import { referencesOf } from '../../api/pods/references.ts';
import { ROOT } from '../runtime/linux-user.ts';
import { linuxUserOf } from './run-as.ts';
import { environmentOf, type References } from './references.ts';
import { say } from './worker-calls.ts';
import { withEntry, withoutMember } from '../../lib/persistent.ts';
import type { Call } from './pod-steps.ts';

const CONFIG_RETRY_US = 10_000_000;

/** Returns true when it cannot be made as it is asked for. */
export function create(state: KubeletState, worker: PodWorker, container: V1Container, ctx: Context, call: Call): boolean {
  const { name } = container;
  const record = recordOf(worker, name);
  const ended = lastEnd(worker, name);
  const where = downwardOf(state, worker);
  const { services } = where;
  const references: References = worker.references ?? new Map();
  const resolved = environmentOf(container, worker.pod.metadata?.namespace ?? '', references, where);
  const own = 'env' in resolved ? resolved.env : (container.env ?? []);
  const env = own.length === 0 ? services : [...own, ...services.filter((s) => !own.some((v) => v.name === s.name))];
  const placed = withSubPaths(container, env);
  if ('error' in placed) {
    configError(state, worker, { container, why: placed.error }, ctx);
    return true;
  }
  if (ended !== undefined)
    worker.backoff = withEntry(worker.backoff, backOffKey(container), raised(worker.backoff.get(backOffKey(container)), ended, ctx.now));
  worker.probeKilled = withoutMember(worker.probeKilled, name);
  worker.replaced = withoutMember(worker.replaced, name);
  const files = mountedFiles(placed.container, references, where);
  const shared = sharedFolders(placed.container, worker.pod);
  const mounts = mountsOf(placed.container, worker.pod);
  const user = linuxUserOf(container, worker.pod);
  const target = (container as V1EphemeralContainer).targetContainerName;
  call(
    {
      protocol: 'cri',
      verb: 'CreateContainer',
      sandbox: worker.sandbox?.id ?? '',
      container: {
        name,
        image: container.image ?? '',
        attempt: record.attempts,
        ...(kindOf(worker.pod, container).kind === 'init' ? { isAwaited: true as const } : {}),
        ...(worker.pod.spec?.shareProcessNamespace ? { sharesPids: true as const } : {}),
        ...(target === undefined ? {} : { targets: target }),
        ports: (container.ports ?? []).map((p) => ({
          port: p.containerPort,
          protocol: p.protocol ?? 'TCP',
          ...(p.name ? { name: p.name } : {}),
        })),
        spec: placed.container,
        ...(container.command ? { command: container.command } : {}),
        ...(container.args ? { args: container.args } : {}),
        ...(env.length > 0 ? { env } : {}),
        ...(user === ROOT ? {} : { user }),
        ...(Object.keys(files).length > 0 ? { files } : {}),
        ...(shared.length > 0 ? { shared } : {}),
        ...(mounts.length > 0 ? { mounts } : {}),
      },
    },
    name,
  );
  return false;
}

export function configError(
  state: KubeletState,
  worker: PodWorker,
  { container: { name }, why }: { readonly container: V1Container; readonly why: string },
  ctx: Context,
): void {
  cannotMake(worker, name, { reason: 'CreateContainerConfigError', message: why }, ctx);
  say(state, worker, ctx, 'Warning', 'Failed', `Error: ${why}`, name);
  worker.waits = withEntry(worker.waits, name, { until: ctx.now + CONFIG_RETRY_US, delayUs: CONFIG_RETRY_US });
  if (referencesOf(worker.pod).length > 0) worker.references = undefined;
  worker.containers = withEntry(worker.containers, name, { ...recordOf(worker, name), hasImage: false });
}
