/** What is said of a program that is not there. Sources: Go's os/exec LookPath, and what runc's users report: `exec: "/bin/bash": stat /bin/bash: no such file or directory`, `exec: "ps": executable file not found in $PATH`. */
import { expect, it } from 'vitest';
import { PROGRAMS } from '../../src/cluster/runtime/shell/commands.ts';
import { COMMAND_NAMES } from '../../src/cluster/runtime/shell/command-names.ts';
import { openCluster } from '../../src/engine/headless.ts';

it.each([
  ['/nonexistent', 'exec: "/nonexistent": stat /nonexistent: no such file or directory'],
  ['bin/nonexistent', 'exec: "bin/nonexistent": stat bin/nonexistent: no such file or directory'],
  ['nonexistent', 'exec: "nonexistent": executable file not found in $PATH'],
])('%s', (command, why) => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const container = (name: string, more: object): object => ({ name, image: 'nginx:1.29', ...more });
  cluster.kubectl(
    'apply -f -',
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: {
        containers: [
          container('bad', { command: [command] }),
          container('good', { livenessProbe: { exec: { command: [command] }, periodSeconds: 1 } }),
        ],
      },
    }),
  );
  cluster.advance(20);
  expect(
    cluster.kubectl([
      'get',
      'pod',
      'p',
      '-o',
      'jsonpath={.status.containerStatuses[0].lastState.terminated.reason} {.status.containerStatuses[0].lastState.terminated.message}',
    ]).stdout,
  ).toMatch(new RegExp(`^StartError .*: ${why.replaceAll(/[$"/]/g, '\\$&')}$`));
  expect(cluster.kubectl(['exec', 'p', '-c', 'good', '--', command]).stderr).toContain(why);
  expect(
    cluster.kubectl(['get', 'pod', 'p', '-o', 'jsonpath={.status.containerStatuses[1].restartCount}']).stdout,
    'a probe that cannot be asked says nothing: worker.go throws its result away',
  ).toBe('0');
  expect(cluster.kubectl('get events -o jsonpath={.items[*].message}').stdout).toContain(
    `Liveness probe errored and resulted in unknown state: rpc error: code = Unknown desc = failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: ${why}`,
  );
});

/** website content/en/docs/tasks/debug/debug-application/debug-running-pod.md: 'exec: "sh": executable file not found in $PATH' of a pause image; v1.36's containerd says it as above. */
it('an image of one program has no shell', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  for (const name of ['pause', 'busybox'])
    cluster.kubectl(
      `run ${name} --image=${name === 'pause' ? 'registry.k8s.io/pause:3.1' : 'busybox'} --restart=Never${name === 'pause' ? '' : ' -- sleep 3600'}`,
    );
  cluster.kubectl('run shell --image=registry.k8s.io/pause:3.1 --restart=Never --command -- sh -c true');
  cluster.settle(30);
  for (const command of ['sh', 'ls'])
    expect(cluster.kubectl(['exec', 'pause', '--', command])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`exec: "${command}": executable file not found in $PATH`) as string,
    });
  expect(cluster.kubectl('exec busybox -- sh -c true').exitCode).toBe(0);
  expect(cluster.kubectl('get pod shell -o jsonpath={.status.containerStatuses[0].state.terminated.reason}').stdout).toBe('StartError');
});

it('a command that the shell has is known by its name alone', () => {
  expect([...COMMAND_NAMES].sort()).toEqual([...PROGRAMS.keys()].sort());
});
