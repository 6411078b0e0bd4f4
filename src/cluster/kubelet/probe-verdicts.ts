/** What a probe's result leads to: readiness, a start that counts, or a restart. Upstream: pkg/kubelet/prober/{prober,worker}.go (v1.36). */
import { allContainers } from '../../api/pods/containers.ts';
import type { V1Container, V1Probe } from '../../api/schema/kubernetes.ts';
import type { Context } from '../../kernel/component.ts';
import type { PodWorker } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';
import { humanBackoff } from './back-off.ts';
import { askAtOnce, countResult, portOf, probeOf, type ProbeResult, type ProbeTimer } from './probes.ts';
import { say } from './worker-calls.ts';
import { withEntry, withMember } from '../../lib/persistent.ts';

/** The words of the event Unhealthy. */
function outputOf(worker: PodWorker, container: V1Container, probe: V1Probe, why: string): string {
  const { host, port: named = 0 } = probe.httpGet ?? probe.tcpSocket ?? {};
  const address = `${host || worker.sandbox?.ip}:${portOf(named, container)}`;
  const dialled = `dial tcp ${address}: ${why}`;
  if (probe.exec)
    return why.startsWith('context')
      ? `command timed out: ${JSON.stringify((probe.exec.command ?? []).join(' '))} timed out after ${humanBackoff((probe.timeoutSeconds ?? 1) * 1_000_000)}`
      : why;
  if (probe.grpc)
    return `timeout: failed to connect service "${worker.sandbox?.ip}:${probe.grpc.port}" within ${humanBackoff((probe.timeoutSeconds ?? 1) * 1_000_000)}: context deadline exceeded`;
  if (!probe.httpGet) return dialled;
  if (why.startsWith('HTTP')) return why;
  const url = `Get "${(probe.httpGet.scheme ?? 'HTTP').toLowerCase()}://${address}${probe.httpGet.path ?? '/'}"`;
  return why.startsWith('context') ? `${url}: ${why}` : `${url}: ${dialled}`;
}

/** True when the pod must be looked at again. */
export function judge(state: KubeletState, worker: PodWorker, timer: ProbeTimer, result: ProbeResult, ctx: Context): boolean {
  const container = allContainers(worker.pod).find((c) => c.name === timer.container);
  const probe = container && probeOf(container, timer.type);
  if (!probe) return false;
  const verdict = countResult(worker, timer, probe, result.ok);
  const title = timer.type[0].toUpperCase() + timer.type.slice(1);
  if (result.ok === undefined)
    say(state, worker, ctx, 'Warning', 'Unhealthy', `${title} probe errored and resulted in unknown state: ${result.why}`, timer.container);
  else if (!result.ok)
    say(
      state,
      worker,
      ctx,
      'Warning',
      'Unhealthy',
      `${title} probe failed: ${outputOf(worker, container, probe, result.why)}`,
      timer.container,
    );
  if (verdict !== 'turned-ok' && verdict !== 'turned-bad') return false;
  ctx.toForeground();
  const about = `pods/${worker.key}`;
  if (verdict === 'turned-ok') {
    ctx.note({
      says: 'kubelet/probe-succeeded',
      about,
      with: { pod: worker.pod.metadata?.name, container: timer.container, type: timer.type },
    });
    if (timer.type === 'startup') askAtOnce(ctx, worker, container, timer.id);
    return true;
  }
  ctx.note({
    says: 'kubelet/probe-failed',
    about,
    with: { pod: worker.pod.metadata?.name, container: timer.container, type: timer.type, why: result.why },
  });
  if (timer.type !== 'readiness') {
    worker.killing = withMember(worker.killing, timer.container);
    worker.why = withEntry(worker.why, timer.container, `Container ${timer.container} failed ${timer.type} probe, will be restarted`);
  }
  return true;
}
