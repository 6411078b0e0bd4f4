/** The steps of a pod besides its containers' own: its sandbox, its ConfigMaps and Secrets, its end. Upstream: kuberuntime_manager.go SyncPod, pod_workers.go (v1.36). */
import { allContainers } from '../../api/pods/containers.ts';
import { resolvConfOf } from '../network/resolver.ts';
import type { Context } from '../../kernel/component.ts';
import { callApi } from '../client/api-client.ts';
import type { CriCall } from '../runtime/cri.ts';
import { sayWhy } from './cannot-make.ts';
import { retryAfter, sandboxFailed } from './container-steps.ts';
import { recordOf, type PodWorker } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';
import { graceUsOf, LEAST_GRACE_US, runHook } from './hooks.ts';
import { mountedReferences } from './references.ts';
import { MOST_NODENAME, nodenameOf, tooLong } from './hostname.ts';
import { forget } from './forget.ts';
import { portMappingsOf } from '../network/host-ports.ts';
import { hostPathCalls, wantedBy } from './host-paths.ts';
import { addresseeOf, RUNTIME_TIMEOUT_US, say, tellRuntime, type Addressee } from './worker-calls.ts';
import { NO_ENTRIES, withEntry } from '../../lib/persistent.ts';

export type Call = (body: CriCall, container?: string) => void;

export interface ReferenceThen extends Addressee {
  readonly reference: string;
}

const MOUNT_FIRST_US = 500_000;
const MOUNT_MOST_US = 122_000_000;

/** Returns true when there cannot be one. */
export function makeSandbox(state: KubeletState, worker: PodWorker, ctx: Context, call: Call): boolean {
  const { pod } = worker;
  worker.endsSince = undefined;
  if (!state.isNetworkReady && !pod.spec?.hostNetwork) return false;
  if (worker.sandbox) say(state, worker, ctx, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
  const hostname = nodenameOf(pod, state.config.machine);
  if (hostname.length > MOST_NODENAME) {
    sandboxFailed(state, worker, tooLong(hostname), ctx);
    return true;
  }
  const dns = resolvConfOf(pod, state.config.clusterDns);
  const portMappings = portMappingsOf(pod);
  const identity = { namespace: pod.metadata?.namespace ?? '', name: pod.metadata?.name ?? '', uid: worker.uid };
  call({
    protocol: 'cri',
    verb: 'RunPodSandbox',
    pod: identity,
    attempt: worker.sandboxAttempts++,
    hostNetwork: pod.spec?.hostNetwork ?? false,
    hostname,
    ...(dns ? { dns } : {}),
    ...(portMappings.length > 0 ? { portMappings } : {}),
  });
  return false;
}

export function stop(state: KubeletState, worker: PodWorker, name: string, ctx: Context, call: Call): void {
  const { pod } = worker;
  const container = allContainers(pod).find((c) => c.name === name);
  say(state, worker, ctx, 'Normal', 'Killing', worker.why.get(name) ?? `Stopping container ${name}`, name);
  if (worker.isRestartingAll)
    return call({ protocol: 'cri', verb: 'StopContainer', container: recordOf(worker, name).current?.id ?? '', timeoutUs: 0 }, name);
  if (!worker.killing.has(name)) worker.endsSince ??= ctx.now;
  const waitedUs = worker.killing.has(name) ? 0 : ctx.now - (worker.endsSince ?? ctx.now);
  const graceUs = graceUsOf(worker, container);
  const timeoutUs = waitedUs === 0 ? graceUs : Math.max(LEAST_GRACE_US, graceUs - waitedUs);
  if (container?.lifecycle?.preStop && timeoutUs > 0) runHook(state, worker, container, 'preStop', ctx, timeoutUs);
  else call({ protocol: 'cri', verb: 'StopContainer', container: recordOf(worker, name).current?.id ?? '', timeoutUs }, name);
}

/** Asks for the pod's ConfigMaps and Secrets, and for its paths of the machine, all at once. */
export function askReferences(state: KubeletState, worker: PodWorker, ctx: Context): void {
  worker.references = undefined;
  const paths = hostPathCalls(worker);
  worker.found = NO_ENTRIES;
  for (const reference of wantedBy(worker)) {
    worker.busy++;
    const then: ReferenceThen = { reference, ...addresseeOf(worker) };
    const path = paths.get(reference);
    if (path) {
      ctx.call(state.config.containerd, path, then, { deadlineUs: RUNTIME_TIMEOUT_US });
      continue;
    }
    const [plural, name] = reference.split('/');
    callApi(ctx, state.endpoint, { method: 'GET', path: `/api/v1/namespaces/${worker.pod.metadata?.namespace}/${plural}/${name}` }, then);
  }
}

/** What the volumes show from now on. */
export function showReferences(worker: PodWorker): void {
  for (const reference of mountedReferences(worker.pod)) {
    const entries = worker.found.get(reference);
    if (entries !== undefined) worker.shown = withEntry(worker.shown, reference, entries);
  }
}

export function unmounted(state: KubeletState, worker: PodWorker, why: string, ctx: Context): void {
  say(state, worker, ctx, 'Warning', 'FailedMount', why);
  if (!worker.waits.has('')) sayWhy(worker, { reason: 'FailedMount', message: why }, ctx);
  retryAfter(worker, '', ctx.now, { firstUs: MOUNT_FIRST_US, mostUs: MOUNT_MOST_US });
  worker.references = undefined;
}

/** The pod is over on this machine: last status, then the object may go. */
export function finish(state: KubeletState, worker: PodWorker, ctx: Context): void {
  worker.isFinished = true;
  if (worker.sandbox && worker.isTerminating)
    tellRuntime(state, ctx, { protocol: 'cri', verb: 'RemovePodSandbox', sandbox: worker.sandbox.id });
  if (worker.isDeleted) forget(state, worker, ctx);
}
