import { describe, expect, it } from 'vitest';
import { openCluster, replay } from '../../src/engine/headless.ts';
import { advanceTo, command, createEngine, forkAt, settle, worldAt } from '../../src/engine/engine.ts';
import { hashWorld } from '../../src/kernel/state-hash.ts';
import { SAMPLE } from '../../src/scenarios/sample.ts';

const apply = (cluster: ReturnType<typeof openCluster>, text: string) => cluster.kubectl('apply -f -', text);

describe('a Deployment and a Service', () => {
  it('become running, ready pods behind a Service', () => {
    const cluster = openCluster();
    expect(cluster.now).toBeGreaterThan(0);
    expect(apply(cluster, SAMPLE)).toEqual({ stdout: 'deployment.apps/web created\nservice/web created\n', stderr: '', exitCode: 0 });
    expect(cluster.settle().settled).toBe(true);
    expect(cluster.kubectl('rollout status deploy/web')).toEqual({
      stdout: 'deployment "web" successfully rolled out\n',
      stderr: '',
      exitCode: 0,
    });
    const pods = cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/pods' }).body as {
      items: { spec: { nodeName: string }; status: { phase: string; podIP: string } }[];
    };
    expect(pods.items.map((p) => p.status.phase)).toEqual(['Running', 'Running', 'Running']);
    expect(new Set(pods.items.map((p) => p.spec.nodeName)).size, 'one on each worker').toBe(3);
    expect(new Set(pods.items.map((p) => p.status.podIP)).size).toBe(3);
    expect(apply(cluster, SAMPLE).stdout).toBe('deployment.apps/web unchanged\nservice/web unchanged\n');
  });

  it('gives the same digest for the same session, another for another seed', () => {
    const run = (seed: number) => {
      const cluster = openCluster({ seed });
      apply(cluster, SAMPLE);
      cluster.settle();
      return cluster;
    };
    const first = run(7);
    expect(run(7).digest()).toBe(first.digest());
    expect(run(8).digest()).not.toBe(first.digest());
    const again = replay(first.session());
    expect(again.digest()).toBe(first.digest());
    expect(again.now).toBe(first.now);
  });

  it('scales, rolls to a new template, and is deleted with everything it owns', () => {
    const cluster = openCluster();
    apply(cluster, SAMPLE);
    cluster.settle();
    expect(cluster.kubectl('scale deploy/web --replicas=5').stdout).toBe('deployment.apps/web scaled\n');
    cluster.settle();
    expect(cluster.kubectl('get deploy web').stdout).toMatch(/web +5\/5 +5 +5 /);
    expect(cluster.kubectl('set image deploy/web nginx=nginx:1.30').stdout).toBe('deployment.apps/web image updated\n');
    cluster.kubectl('rollout status deploy/web');
    cluster.settle();
    const sets = cluster
      .kubectl('get rs --no-headers')
      .stdout.trim()
      .split('\n')
      .map((line) => line.split(/ +/).slice(1, 4));
    expect(sets.sort((a, b) => (a.join() < b.join() ? -1 : 1))).toEqual([
      ['0', '0', '0'],
      ['5', '5', '5'],
    ]);
    expect(cluster.kubectl('delete deploy web').stdout).toContain('deployment.apps "web" deleted');
    cluster.settle();
    cluster.advance(40);
    expect(cluster.kubectl('get pods,rs').stderr).toBe('No resources found in default namespace.\n');
  });

  it('restarts a killed container in place and gives a pod without pause a new address', () => {
    const cluster = openCluster();
    apply(cluster, SAMPLE);
    cluster.settle();
    const pod = () =>
      (
        cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/pods?labelSelector=app=web' }).body as {
          items: { metadata: { name: string }; status: { podIP: string; containerStatuses: { restartCount: number; ready: boolean }[] } }[];
        }
      ).items[0];
    const before = pod();
    cluster.fault({ do: 'kill', what: `default/${before.metadata.name}/nginx` });
    cluster.settle();
    cluster.advance(5);
    expect(pod().status.podIP, 'the foundation stands').toBe(before.status.podIP);
    expect(pod().status.containerStatuses[0]).toMatchObject({ restartCount: 1, ready: true });
    cluster.fault({ do: 'kill', what: `default/${before.metadata.name}/pause` });
    cluster.settle();
    cluster.advance(60);
    expect(pod().metadata.name).toBe(before.metadata.name);
    expect(pod().status.podIP).not.toBe(before.status.podIP);
    expect(pod().status.containerStatuses[0].ready).toBe(true);
  });

  it('says why a pod is Pending and why an image cannot be pulled', () => {
    const cluster = openCluster();
    apply(cluster, SAMPLE.replace('cpu: 250m', 'cpu: "64"').replace('replicas: 3', 'replicas: 1'));
    cluster.settle();
    expect(cluster.kubectl('get pods --no-headers').stdout).toMatch(/0\/1 +Pending/);
    expect(cluster.kubectl('get events').stdout).toContain('0/4 nodes are available: 1 node(s) had untolerated taint');
    const other = openCluster();
    apply(other, SAMPLE.replace('nginx:1.29', 'nginx:nope'));
    other.settle();
    other.advance(20);
    expect(other.kubectl('get pods --no-headers').stdout).toMatch(/ErrImagePull|ImagePullBackOff/);
  });

  it('marks a dead machine Unknown after 50 s, taints it, and moves its pods after 5 minutes', () => {
    const cluster = openCluster();
    apply(cluster, SAMPLE);
    cluster.settle();
    cluster.fault({ do: 'kill', what: 'worker-2' });
    cluster.advance(75);
    expect(cluster.kubectl('get node worker-2 --no-headers').stdout).toMatch(/worker-2 +NotReady/);
    const node = cluster.request({ method: 'GET', path: '/api/v1/nodes/worker-2' }).body as {
      spec: { taints: { key: string; effect: string }[] };
    };
    expect(node.spec.taints.map((t) => `${t.key}:${t.effect}`)).toEqual([
      'node.kubernetes.io/unreachable:NoSchedule',
      'node.kubernetes.io/unreachable:NoExecute',
    ]);
    cluster.advance(330);
    const running = cluster
      .kubectl('get pods -o wide --no-headers')
      .stdout.trim()
      .split('\n')
      .filter((line) => / Running /.test(line));
    expect(running.length).toBe(3);
    expect(running.every((line) => !line.includes('worker-2'))).toBe(true);
  });
});

describe('time travel', () => {
  it('restoring at any delivery and running equals the first run', () => {
    const engine = createEngine({ seed: 3 });
    settle(engine, 240_000_000);
    command(engine, { do: 'kubectl', args: ['apply', '-f', '-'], stdin: SAMPLE });
    settle(engine, engine.world.now + 60_000_000);
    const whole = hashWorld(engine.world);
    for (const part of [0.1, 0.5, 0.8, 0.95]) {
      const delivered = Math.floor(engine.world.delivered * part);
      const past = worldAt(engine, delivered);
      expect(past.delivered).toBe(delivered);
    }
    const end = worldAt(engine, engine.world.delivered);
    expect(end.digest).toBe(engine.world.digest);
    expect(hashWorld(engine.world)).toBe(whole);
  });

  it('acting in the past forgets the future', () => {
    const engine = createEngine({ seed: 3 });
    settle(engine, 240_000_000);
    const row = engine.trace.length;
    const { delivered } = engine.world;
    command(engine, { do: 'kubectl', args: ['apply', '-f', '-'], stdin: SAMPLE });
    settle(engine, engine.world.now + 60_000_000);
    forkAt(engine, delivered, row);
    expect(engine.trace.length).toBe(row);
    expect(engine.commands).toEqual([]);
    command(engine, { do: 'kubectl', args: ['get', 'nodes'], stdin: '' });
    advanceTo(engine, engine.world.now + 5_000_000);
    expect(engine.world.actors.has('laptop/kubectl-1')).toBe(false);
  });

  it('every event leads back to a command or to power-on', () => {
    const cluster = openCluster();
    apply(cluster, SAMPLE);
    cluster.settle();
    const seen = new Set<number>();
    for (const event of cluster.trace()) {
      for (const cause of event.causes) expect(seen.has(cause), `cause ${cause} of event ${event.id}`).toBe(true);
      if (event.causes.length === 0)
        expect(
          event.type === 'spawn' || event.type === 'exit' || (event.type === 'hop' && event.kind === 'start'),
          `${event.type} ${event.id} has no cause`,
        ).toBe(true);
      seen.add(event.id);
    }
  });
});
