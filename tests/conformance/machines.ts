/** A cluster and the few moves that upstream's e2e framework has: create, look, wait until. */
import { expect } from 'vitest';
import { openCluster, type Cluster, type Topology } from '../../src/engine/headless.ts';

export type Terminated = { readonly exitCode: number; readonly reason: string; readonly message?: string; readonly startedAt: string; readonly finishedAt: string };
export interface ContainerState { readonly waiting?: { readonly reason: string; readonly message?: string }; readonly running?: { readonly startedAt: string }; readonly terminated?: Terminated }
export interface ContainerStatus { readonly name: string; readonly ready: boolean; readonly started: boolean; readonly restartCount: number; readonly state: ContainerState; readonly lastState: ContainerState }
export interface Condition { readonly type: string; status: string; readonly reason?: string; readonly message?: string; readonly lastTransitionTime: string; readonly observedGeneration?: number }
export interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly generation: number; readonly resourceVersion: string; labels: Record<string, string>; annotations: Record<string, string>; readonly deletionTimestamp?: string; readonly deletionGracePeriodSeconds?: number };
  readonly spec: { readonly nodeName: string; activeDeadlineSeconds?: number; readonly terminationGracePeriodSeconds: number; readonly containers: { image: string }[]; tolerations: object[] };
  readonly status: { readonly phase: string; readonly reason?: string; readonly message?: string; readonly hostIP: string; readonly hostIPs: object[]; readonly podIP: string; readonly qosClass: string; readonly startTime: string; readonly observedGeneration: number; readonly conditions: Condition[]; readonly containerStatuses: ContainerStatus[]; readonly initContainerStatuses: ContainerStatus[] };
}

export const core = (kind: string, name = '', namespace = 'default'): string => `/api/v1/namespaces/${namespace}/${kind}${name && `/${name}`}`;
export const busybox = (script: string, more: object = {}): object => ({ name: 'c', image: 'busybox:1.37', command: ['sh', '-c', script], ...more });
export const pause = (more: object = {}): object => ({ name: 'c', image: 'registry.k8s.io/pause:3.10.1', ...more });
export const cond = (pod: Pod, type: string): Condition | undefined => pod.status.conditions?.find((c) => c.type === type);
export const isReady = (pod: Pod): boolean => cond(pod, 'Ready')?.status === 'True';
export const restarts = (pod: Pod): number => pod.status.containerStatuses?.[0].restartCount ?? 0;
export const seconds = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;

export function examiner(topology: Topology = { workers: 2 }) {
  const cluster: Cluster = openCluster({ topology });
  const ask = <T>(method: string, path: string, body?: unknown, type = 'application/json'): { readonly status: number; readonly body: T } => cluster.request({ method, path, ...(body === undefined ? {} : { body, headers: { 'content-type': type } }) }) as { status: number; body: T };
  const create = <T = Pod>(path: string, body: unknown): T => { const made = ask<T>('POST', path, body); expect(made.status, JSON.stringify(made.body)).toBe(201); return made.body; };
  const podOf = (name: string): Pod => ask<Pod>('GET', core('pods', name)).body;
  /** Asks twice a second. */
  const until = <T>(what: () => T, limitSeconds = 300): Exclude<T, false | undefined> => {
    for (const end = cluster.now + limitSeconds; ;) {
      const found = what();
      if (found) return found as Exclude<T, false | undefined>;
      if (cluster.now >= end) throw new Error(`still not so after ${limitSeconds} s: ${what.toString()}`);
      cluster.advance(0.5);
    }
  };
  return {
    cluster, ask, create, podOf, until,
    pod: (name: string, spec: object, metadata: object = {}): Pod => create(core('pods'), { apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec }),
    running: (name: string): Pod => until(() => podOf(name).status.phase === 'Running' && podOf(name)),
    ready: (name: string): Pod => until(() => isReady(podOf(name)) && podOf(name)),
    ended: (name: string): Pod => until(() => /Succeeded|Failed/.test(podOf(name).status.phase) && podOf(name)),
    gone: (path: string, limitSeconds = 60): true => until(() => ask('GET', path).status === 404, limitSeconds),
    patch: <T = Pod>(path: string, body: unknown, type = 'strategic-merge-patch') => { const done = ask<T>('PATCH', path, body, `application/${type}+json`); expect(done.status, JSON.stringify(done.body)).toBe(200); return done.body; },
    list: <T = Pod>(path: string): readonly T[] => ask<{ readonly items: readonly T[] }>('GET', path).body.items,
    logs: (name: string, container = 'c'): string => cluster.kubectl(['logs', name, '-c', container]).stdout,
    say: (line: string, stdin = ''): string => { const { stdout, stderr, exitCode } = cluster.kubectl(line, stdin); expect(exitCode, stderr).toBe(0); return stdout; },
    /** What a pod that runs to its end says: e2eoutput.TestContainerOutput. */
    output(name: string, container: object, spec: object = {}, metadata: object = {}): string {
      this.pod(name, { restartPolicy: 'Never', containers: [container], ...spec }, metadata);
      expect(this.ended(name).status, JSON.stringify(podOf(name).status)).toMatchObject({ phase: 'Succeeded' });
      return this.logs(name);
    },
  };
}
export type Examiner = ReturnType<typeof examiner>;
