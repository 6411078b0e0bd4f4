/**
 * Asks containers how they are. Upstream: pkg/kubelet/prober/{worker,prober_manager}.go (v1.36).
 * Simplified: a probe meets the container's process directly; a gRPC probe asks whether its port is open.
 */
import { allContainers } from '../../api/pods/containers.ts';
import type { V1Container, V1Probe } from '../../api/schema/kubernetes.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import type { ExecCall, ExecReply, HttpCall, HttpReply } from '../runtime/process-protocol.ts';
import { knock, unwrapped } from './knock.ts';
import { hasStarted, isRunning, recordOf, type PodWorker, type ProbeState } from './known.ts';
import { withEntry } from '../../lib/persistent.ts';

export type ProbeType = 'startup' | 'readiness' | 'liveness';
export interface ProbeTimer {
  readonly probe: string;
  readonly pod: string;
  readonly container: string;
  readonly type: ProbeType;
  readonly id: string;
  /** Asked for between its times. */
  readonly isExtra?: true;
}
const TYPES: readonly ProbeType[] = ['startup', 'readiness', 'liveness'];
const FRESH: ProbeState = Object.freeze({ successes: 0, failures: 0, isOk: undefined, runs: 0 });

export const probeOf = (container: V1Container, type: ProbeType): V1Probe | undefined =>
  type === 'startup' ? container.startupProbe : type === 'readiness' ? container.readinessProbe : container.livenessProbe;
const seconds = (n: number | undefined, otherwise: number): number => (n ?? otherwise) * 1_000_000;

/** A port by its number or its name; undefined: there is none of that name. Upstream: pkg/probe/util.go ResolveContainerPort. */
export const portOf = (port: number | string, container: V1Container): number | undefined =>
  typeof port === 'number' ? port : container.ports?.find((p) => p.name === port)?.containerPort;

/** Starts the probes of a container that just started. */
export function beginProbes(ctx: Context, worker: PodWorker, container: V1Container, id: string): void {
  for (const type of TYPES) {
    const probe = probeOf(container, type);
    if (!probe) continue;
    worker.probes = withEntry(worker.probes, `${container.name}/${type}`, FRESH);
    ctx.wake(
      seconds(probe.initialDelaySeconds, 0) + 100_000 + ctx.draw(`probe/${worker.key}/${container.name}/${type}`).below(200_000),
      { probe: 'run', pod: worker.key, container: container.name, type, id } satisfies ProbeTimer,
      type === 'liveness',
    );
  }
}

/** Asks at once whether a container that counts as started is ready. Upstream: prober_manager.go UpdatePodStatus, manualTriggerCh. */
export function askAtOnce(ctx: Context, worker: PodWorker, container: V1Container, id: string): void {
  if (
    container.readinessProbe &&
    isPastDelay(container.readinessProbe, recordOf(worker, container.name).current?.startedAt ?? ctx.now, ctx.now)
  )
    ctx.wake(0, { probe: 'run', pod: worker.key, container: container.name, type: 'readiness', id, isExtra: true } satisfies ProbeTimer);
}

const isPastDelay = ({ initialDelaySeconds }: V1Probe, startedAt: number, now: number): boolean =>
  now - startedAt >= seconds(initialDelaySeconds, 0);

export interface ProbeResult {
  /** Undefined when nothing came to light: there is nobody to ask, or the command could not be started. */
  readonly ok: boolean | undefined;
  readonly why: string;
}

/** Sends one probe, when its time has come, or says at once how it went; arranges the next. `from`: the machine's address among its pods; `machineIP`: among machines. */
export function runProbe(
  ctx: Context,
  worker: PodWorker,
  timer: ProbeTimer,
  at: { readonly from: string; readonly machine: string; readonly machineIP: string },
): ProbeResult | 'sent' | 'over' {
  const container = allContainers(worker.pod).find((c) => c.name === timer.container);
  const record = recordOf(worker, timer.container);
  const probe = container && probeOf(container, timer.type);
  if (!probe || !isRunning(record) || record.current?.id !== timer.id || (worker.isTerminating && timer.type !== 'readiness'))
    return 'over';
  const state = worker.probes.get(`${timer.container}/${timer.type}`) ?? FRESH;
  const isMeant = timer.type === 'startup' || hasStarted(worker, container);
  // What failed for good is on hold until there is a new container.
  if ((timer.type === 'startup' && state.isOk) || (timer.type !== 'readiness' && state.isOk === false)) return 'over';
  const isSettled = state.isOk === true || state.runs >= (probe.failureThreshold ?? 3) + 3;
  if (!timer.isExtra) ctx.wake(seconds(probe.periodSeconds, 10), timer, isSettled || !isMeant || timer.type === 'liveness');
  if (!isMeant) return 'sent';
  const deadlineUs = seconds(probe.timeoutSeconds, 1);
  if (probe.exec) {
    ctx.call(
      record.current.address,
      { protocol: 'exec', command: probe.exec.command ?? [], takesTime: true, limitUs: deadlineUs } satisfies ExecCall,
      { probed: timer },
      { deadlineUs },
    );
    return 'sent';
  }
  const target = probe.httpGet ?? probe.tcpSocket ?? probe.grpc;
  if (!target) return { ok: true, why: '' };
  const port = portOf(target.port, container);
  if (port === undefined) return { ok: undefined, why: `strconv.Atoi: parsing ${JSON.stringify(target.port)}: invalid syntax` };
  const call: HttpCall = {
    protocol: 'http',
    method: probe.httpGet ? 'GET' : 'CONNECT',
    path: probe.httpGet?.path ?? '/',
    port,
    from: at.from,
    agent: 'kube-probe/1.36',
  };
  knock(
    ctx,
    {
      call,
      process: record.current.address,
      host: (probe.httpGet ?? probe.tcpSocket)?.host,
      podIP: worker.sandbox?.ip,
      machine: at.machine,
      machineIP: at.machineIP,
    },
    { probed: timer },
    deadlineUs,
  );
  return 'sent';
}

export function isGood(told: Answer): ProbeResult {
  const answer = unwrapped(told);
  if (answer.outcome === 'deadline')
    return { ok: false, why: 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)' };
  const reply = answer.body as HttpReply | ExecReply | undefined;
  if (answer.outcome === 'reply' && reply?.protocol === 'exec')
    return reply.error === undefined
      ? { ok: reply.exitCode === 0, why: reply.stdout + reply.stderr }
      : { ok: undefined, why: `rpc error: code = Unknown desc = ${reply.error}` };
  if (answer.outcome === 'refused' || !reply || reply.protocol !== 'http' || reply.refused)
    return { ok: false, why: 'connect: connection refused' };
  return { ok: reply.status >= 200 && reply.status < 400, why: `HTTP probe failed with statuscode: ${reply.status}` };
}

/** Counts a result; says whether it turned the probe's verdict. */
export function countResult(
  worker: PodWorker,
  timer: ProbeTimer,
  probe: V1Probe,
  ok: boolean | undefined,
): 'turned-ok' | 'turned-bad' | 'failing' | 'same' {
  const key = `${timer.container}/${timer.type}`;
  const was = worker.probes.get(key) ?? FRESH;
  if (ok === undefined) {
    worker.probes = withEntry(worker.probes, key, { ...was, runs: was.runs + 1 });
    return 'same';
  }
  const next: ProbeState = ok
    ? { ...was, successes: was.successes + 1, failures: 0, runs: was.runs + 1 }
    : { ...was, successes: 0, failures: was.failures + 1, runs: was.runs + 1 };
  if (ok && next.successes >= (probe.successThreshold ?? 1)) {
    worker.probes = withEntry(worker.probes, key, { ...next, isOk: true });
    return was.isOk ? 'same' : 'turned-ok';
  }
  if (!ok && next.failures >= (probe.failureThreshold ?? 3)) {
    worker.probes = withEntry(worker.probes, key, { ...next, isOk: false, failures: 0 });
    return was.isOk === false && timer.type === 'readiness' ? 'failing' : 'turned-bad';
  }
  worker.probes = withEntry(worker.probes, key, next);
  return ok ? 'same' : 'failing';
}
