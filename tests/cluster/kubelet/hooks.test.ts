/** Container hooks. Sources: kubernetes.io task "Attach Handlers to Container Lifecycle Events" (lifecycle-events.yaml), concepts/containers/container-lifecycle-hooks, pkg/kubelet/kuberuntime/kuberuntime_container.go (v1.36). */
import { expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../../src/engine/headless.ts';

const open = (container: object, spec: object = {}): Cluster => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl(
    'apply -f -',
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'demo' },
      spec: { ...spec, containers: [{ name: 'c', image: 'nginx', ...container }] },
    }),
  );
  cluster.settle(120);
  return cluster;
};
const sh = (script: string): object => ({ exec: { command: ['/bin/sh', '-c', script] } });
const events = (cluster: Cluster): readonly string[] =>
  cluster.kubectl(['get', 'events', '-o', 'jsonpath={range .items[*]}{.reason}:{.message}{"\\n"}{end}']).stdout.split('\n');

it('postStart runs in the container, and the pod is Running only after it', () => {
  const cluster = open({ lifecycle: { postStart: sh('echo Hello from the postStart handler > /usr/share/message; sleep 20') } });
  const [began, ready] = cluster
    .kubectl(['get', 'pod', 'demo', '-o', 'jsonpath={.status.startTime} {.status.conditions[?(@.type=="Ready")].lastTransitionTime}'])
    .stdout.split(' ')
    .map(Date.parse);
  expect(ready - began).toBeGreaterThanOrEqual(20_000);
  expect(cluster.kubectl('exec demo -- cat /usr/share/message').stdout).toBe('Hello from the postStart handler\n');
});

it('a postStart hook that fails has its container killed and started again, later and later', () => {
  const cluster = open({ lifecycle: { postStart: sh('exit 3') } });
  cluster.advance(60);
  expect(events(cluster)).toEqual(expect.arrayContaining(['FailedPostStartHook:PostStartHook failed', 'Killing:FailedPostStartHook']));
  expect(cluster.kubectl('get pod demo').stdout).toMatch(/demo +0\/1 +CrashLoopBackOff +[1-9]/);
});

it('a postStart hook that hangs holds the pod up until it is deleted', () => {
  const cluster = open({ lifecycle: { postStart: sh('sleep infinity') } });
  cluster.advance(300);
  expect(cluster.kubectl('get pod demo').stdout).toMatch(/demo +0\/1 +ContainerCreating +0/);
  cluster.kubectl('delete pod demo --wait=false');
  cluster.advance(40);
  expect(cluster.kubectl('get pods').stderr).toContain('No resources found');
});

it.each<readonly [string, object, number, number]>([
  ['takes its time out of the grace period', { preStop: sh('sleep 12') }, 12, 13],
  ['may sleep', { preStop: { sleep: { seconds: 7 } } }, 7, 8],
  ['is cut short when the grace period is over, and two seconds are left', { preStop: sh('sleep 100') }, 30, 33],
  ['may ask a page', { preStop: { httpGet: { port: 80, path: '/' } } }, 0, 2],
])('a preStop hook %s', (_, lifecycle, least, most) => {
  const cluster = open({ lifecycle });
  const from = cluster.now;
  cluster.kubectl('delete pod demo');
  const seconds = cluster.now - from;
  expect(seconds).toBeGreaterThanOrEqual(least);
  expect(seconds).toBeLessThan(most + 1);
});

it('a preStop hook that fails is said in an Event, and the container ends all the same', () => {
  const cluster = open({ lifecycle: { preStop: { exec: { command: ['/no-such-command'] } } } });
  cluster.kubectl('delete pod demo');
  expect(events(cluster)).toContain('FailedPreStopHook:PreStopHook failed');
  expect(cluster.kubectl('get pods').stderr).toContain('No resources found');
});

it('a cluster in which a hook takes its time is not at rest', () => {
  const cluster = open({ lifecycle: { preStop: sh('sleep 10') } });
  cluster.kubectl('delete pod demo --wait=false');
  expect(cluster.settle(60).settled).toBe(true);
  expect(cluster.kubectl('get pods').stderr).toContain('No resources found');
});

it('a shorter grace cuts a sleeping hook short', () => {
  const cluster = open({ lifecycle: { preStop: { sleep: { seconds: 60 } } } }, { terminationGracePeriodSeconds: 100 });
  cluster.kubectl('delete pod demo --wait=false');
  cluster.advance(2);
  const from = cluster.now;
  cluster.kubectl('delete pod demo --grace-period=3');
  expect(cluster.now - from).toBeLessThan(6);
});
