/**
 * When the API learns of what a kubelet does: of what the kubelet has seen in the runtime, and no sooner.
 * Upstream: pkg/kubelet/kubelet.go SyncPod (postSync), OnPodSandboxReady; pkg/kubelet/pleg/generic.go relistPod, Relist, Start; kuberuntime/kuberuntime_container.go computeInitContainerActions; prober/worker.go doProbe (v1.36).
 */
import { describe, expect, it } from 'vitest';
import type { V1ContainerState, V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { openCluster, type Cluster } from '../../../src/engine/headless.ts';
import type { TraceEvent } from '../../../src/kernel/trace.ts';

const PODS = '/api/v1/namespaces/default/pods';
const SLEEP = { image: 'busybox:1.37', command: ['sleep', '1000'] };
const BIG = { image: 'nginx:1.29' };

type Hop = Extract<TraceEvent, { type: 'hop' }>;
const hops = (cluster: Cluster): readonly Hop[] => [...cluster.trace()].filter((e) => e.type === 'hop');
const asks =
  (verb: string) =>
  ({ kind, body }: Hop): boolean =>
    kind === 'call' && (body as { readonly verb?: string }).verb === verb;
const create = (cluster: Cluster, spec: object): void => {
  cluster.request({ method: 'POST', path: PODS, body: { metadata: { name: 'p' }, spec } });
};
const read = (cluster: Cluster): V1Pod => cluster.request({ method: 'GET', path: `${PODS}/p` }).body as V1Pod;
const word = (state: V1ContainerState | undefined): string =>
  state?.running ? 'running' : (state?.waiting?.reason ?? state?.terminated?.reason ?? '');

/** Each state of its containers that a watch shows, in order. */
function told(cluster: Cluster, spec: object): readonly string[] {
  const lines: string[] = [];
  cluster.watch(`${PODS}?watch=1`, ({ object }) => {
    const { initContainerStatuses: inits = [], containerStatuses: own = [] } = (object as V1Pod).status ?? {};
    const line = [...inits, ...own].map(({ state }) => word(state)).join(' ');
    if (line !== '' && lines.at(-1) !== line) lines.push(line);
  });
  create(cluster, spec);
  return lines;
}

/** The report of a running container: the message that carries it, and what its sender had just heard. */
function reportOf(cluster: Cluster, container: string): { readonly report: Hop | undefined; readonly heard: Hop | undefined } {
  const all = hops(cluster);
  const report = all.find(
    ({ kind, from, body }) =>
      kind === 'call' && from.endsWith('/kubelet') && new RegExp(`"name":"${container}","state":{"running"`).test(JSON.stringify(body)),
  );
  return { report, heard: all.find(({ id }) => id === report?.causes[0]) };
}

describe('what the API is told of a pod', () => {
  it('while images are pulled: that it has a sandbox, and not which address', () => {
    const cluster = openCluster({ topology: { workers: 1 } });
    create(cluster, { containers: [{ name: 'c', ...BIG }] });
    cluster.advance(1);
    const { status } = read(cluster);
    expect(status?.conditions?.find((c) => c.type === 'PodReadyToStartContainers')?.status).toBe('True');
    expect([status?.phase, status?.podIP, word(status?.containerStatuses?.[0].state)]).toEqual(['Pending', undefined, 'ContainerCreating']);
    cluster.settle();
    expect(read(cluster).status?.podIP).toBe('10.200.1.2');
  });

  it('that it runs, when the kubelet has looked at it, at once after it was started', () => {
    const cluster = openCluster({ topology: { workers: 1 } });
    create(cluster, { containers: [{ name: 'c', ...SLEEP }] });
    cluster.settle();
    const { heard } = reportOf(cluster, 'c');
    const look = hops(cluster).find(({ id }) => id === heard?.causes[0]);
    expect(look && asks('ListContainers')(look)).toBe(true);
    const started = hops(cluster).find((h) => asks('StartContainer')(h) && h.at > (look?.at ?? 0) - 2000);
    expect((heard?.at ?? 0) - (started?.at ?? 0)).toBeLessThan(2000);
    expect(heard?.body).toMatchObject({ containers: [{ name: 'c', state: 'RUNNING', startedAt: started?.at }] });
  });

  it('of two containers nothing before both were started, although one is asked whether it is ready as soon as it runs', () => {
    const cluster = openCluster({ topology: { workers: 1 } });
    const lines = told(cluster, {
      containers: [
        { name: 'a', ...SLEEP, readinessProbe: { exec: { command: ['true'] }, periodSeconds: 1 } },
        { name: 'b', ...BIG },
      ],
    });
    cluster.settle();
    expect(lines).toEqual(['ContainerCreating ContainerCreating', 'running running']);
  });

  it('of one beside another that cannot be started: at the next relist', () => {
    const cluster = openCluster({ topology: { workers: 1 } });
    const lines = told(cluster, {
      containers: [
        { name: 'a', ...SLEEP },
        { name: 'b', image: 'nginx:no-such-tag' },
      ],
    });
    cluster.advance(5);
    expect(lines.slice(0, 2)).toEqual(['ContainerCreating ContainerCreating', 'running ErrImagePull']);
    expect(reportOf(cluster, 'a').heard?.body).toEqual({ relist: true });
  });

  it('that a sidecar runs, before what comes after it is started', () => {
    const cluster = openCluster({ topology: { workers: 1 } });
    const lines = told(cluster, {
      initContainers: [{ name: 's', ...SLEEP, restartPolicy: 'Always' }],
      containers: [{ name: 'c', ...BIG }],
    });
    cluster.settle();
    expect(lines).toEqual(['PodInitializing PodInitializing', 'running PodInitializing', 'running running']);
  });

  it('not that it ran, if it ended before the kubelet looked', () => {
    const cluster = openCluster({ topology: { workers: 1 } });
    const isStarted = (h: Hop): boolean => asks('StartContainer')(h) && h.at > since;
    const since = cluster.now * 1e6;
    const lines = told(cluster, { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox:1.37', command: ['false'] }] });
    while (!hops(cluster).some(isStarted)) cluster.advance(0.0001);
    cluster.fault({ do: 'pause', what: 'worker-1/kubelet' });
    cluster.advance(3);
    cluster.fault({ do: 'resume', what: 'worker-1/kubelet' });
    cluster.settle();
    expect(lines).toEqual(['ContainerCreating', 'Error']);
  });

  it('that other resources were given, without waiting for a relist', () => {
    const cluster = openCluster({ topology: { workers: 1 } });
    const requests = { cpu: '100m', memory: '64Mi' };
    create(cluster, { containers: [{ name: 'c', ...SLEEP, resources: { requests } }] });
    cluster.settle();
    cluster.kubectl(
      `patch pod p --subresource resize --patch '{"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"200m"}}}]}}'`,
    );
    cluster.advance(0.05);
    const { status } = read(cluster);
    expect(status?.containerStatuses?.[0].resources?.requests).toEqual({ ...requests, cpu: '200m' });
    expect(status?.conditions?.map((c) => c.type)).not.toContain('PodResizeInProgress');
  });
});

it('a kubelet’s seconds count from its own start', () => {
  const cluster = openCluster();
  const spec =
    'spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: "busybox:1.37", command: [sleep, "1"]}]}}}';
  cluster.kubectl('create -f -', `{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: d}, ${spec}}`);
  cluster.advance(10);
  const phases = new Map<string, number[]>();
  for (const { kind, body, to, at } of hops(cluster))
    if (kind === 'wake' && (body as { readonly relist?: true }).relist) phases.set(to, [...(phases.get(to) ?? []), at % 1_000_000]);
  expect(Math.min(...[...phases.values()].map((all) => all.length))).toBeGreaterThan(1);
  expect([...phases.values()].map((all) => new Set(all).size)).toEqual([1, 1, 1]);
  expect(new Set([...phases.values()].flat()).size).toBe(3);
});
