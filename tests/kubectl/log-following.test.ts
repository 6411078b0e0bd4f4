/** `kubectl logs -f` prints what comes, until its container has ended. */
import { describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

const pod = (name: string, script: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: {app: x}}\nspec: {restartPolicy: Never, containers: [{name: c, image: 'busybox:1.37', command: [sh, -c, '${script}']}]}\n`;
function running(script: string): Cluster {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('create -f -', pod('a', script));
  cluster.kubectl('wait pod/a --for=condition=Ready');
  cluster.advance(0.5);
  return cluster;
}

describe('logs -f', () => {
  it('follows to the end', () => {
    const cluster = running('for i in 1 2 3 4 5 6; do echo line $i; sleep 1; done');
    expect(cluster.kubectl('logs -f a')).toEqual({ stdout: 'line 1\nline 2\nline 3\nline 4\nline 5\nline 6\n', stderr: '', exitCode: 0 });
    const at = cluster.now;
    expect(cluster.kubectl('logs -f a --tail=1').stdout).toBe('line 6\n');
    expect(cluster.now - at, 'what has ended is not waited for').toBeLessThan(1);
    expect(cluster.kubectl('logs -f a --timestamps --tail=2').stdout).toMatch(/^2026-\S+Z line 5\n2026-\S+Z line 6\n$/);
  });
  it('ends with its pod', () => {
    const cluster = running('echo here; sleep 3; echo there; sleep 3600');
    cluster.kubectl('delete pod a --wait=false');
    expect(cluster.kubectl('logs -f a')).toMatchObject({ stdout: 'here\nthere\n', exitCode: 0 });
  });
  // kubectl pkg/cmd/logs/logs.go consumeWithRetry (v1.36).
  it('waits for a container that has not started, and says each second why', () => {
    const cluster = openCluster({ topology: { workers: 1 } });
    cluster.kubectl('create -f -', pod('a', 'echo here').replace('busybox:1.37', 'nginx:1.29'));
    cluster.advance(0.5);
    const { stdout, stderr, exitCode } = cluster.kubectl('logs -f a');
    expect([stdout.split('\n').at(-2), exitCode]).toEqual(['here', 0]);
    expect(stderr).toMatch(/^(container "c" in pod "a" is waiting to start: ContainerCreating\n)+$/);
    expect(cluster.kubectl('logs -f a').stderr).toBe('');
  });
  it('waits for it as long as --pod-running-timeout says', () => {
    const cluster = openCluster({ topology: { workers: 1 } });
    cluster.kubectl('create -f -', pod('a', 'echo here').replace('busybox:1.37', 'nginx:does-not-exist'));
    cluster.advance(5);
    const { stderr, exitCode } = cluster.kubectl('logs -f a --pod-running-timeout=3s');
    const why = 'container "c" in pod "a" is waiting to start: trying and failing to pull image';
    expect([stderr.split('\n'), exitCode]).toEqual([[why, why, why, 'error: context deadline exceeded', ''], 1]);
    expect(cluster.kubectl('logs a')).toMatchObject({
      stderr: expect.stringMatching(/^Error from server \(BadRequest\): /) as string,
      exitCode: 1,
    });
  });
  it('is given up after ten minutes, as with Ctrl-C', () =>
    expect(running('echo here; sleep 3600').kubectl('logs -f -l app=x --prefix')).toMatchObject({
      stdout: '[pod/a/c] here\n',
      exitCode: 130,
    }));
});
