/** What an image of busybox has not. Sources: `busybox --list` of 1.35; runc's words as in missing-program.test.ts; ash's of a name that is nowhere: `sh: bash: not found`, 127. */
import { beforeAll, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

let cluster: Cluster;
beforeAll(() => {
  cluster = openCluster({ topology: { workers: 1 } });
  for (const image of ['busybox:1.36', 'alpine:3.22', 'nginx:1.29', 'nginx:1.29-alpine', 'debian:12'])
    cluster.kubectl(`run ${image.replaceAll(/[:.]/g, '-')} --image=${image} --command -- sleep 36000`);
  cluster.kubectl('run told --image=busybox --restart=Never --command -- /bin/bash -c true');
  cluster.settle(60);
});

it.each([
  ['busybox-1-36', 'git', 'exec: "git": executable file not found in $PATH'],
  ['busybox-1-36', 'bash', 'exec: "bash": executable file not found in $PATH'],
  ['busybox-1-36', '/bin/bash', 'exec: "/bin/bash": stat /bin/bash: no such file or directory'],
  ['busybox-1-36', '/usr/bin/git', 'exec: "/usr/bin/git": stat /usr/bin/git: no such file or directory'],
  ['alpine-3-22', 'bash', 'exec: "bash": executable file not found in $PATH'],
  ['nginx-1-29-alpine', 'bash', 'exec: "bash": executable file not found in $PATH'],
])('%s has no %s', (pod, command, why) => {
  expect(cluster.kubectl(['exec', pod, '--', command])).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `error: Internal error occurred: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: ${why}\n`,
  });
});

it.each([
  ['busybox-1-36', 'sh'],
  ['busybox-1-36', '/bin/sh'],
  ['busybox-1-36', 'chmod'],
  ['busybox-1-36', '/bin/ls'],
  ['busybox-1-36', '/app/start'],
  ['alpine-3-22', 'apk'],
  ['nginx-1-29', 'bash'],
  ['debian-12', 'bash'],
])('%s has %s', (pod, command) => {
  expect(cluster.kubectl(['exec', pod, '--', command]).exitCode).toBe(0);
});

it('a script does not find it either', () => {
  const said = cluster.kubectl(['exec', 'busybox-1-36', '--', 'sh', '-c', 'bash -c true; which bash; echo $?']);
  expect(said).toMatchObject({ stdout: '1\n', stderr: 'sh: bash: not found\n' });
  expect(cluster.kubectl(['exec', 'debian-12', '--', 'sh', '-c', 'bash -c "echo hi"']).stdout).toBe('hi\n');
});

it('a container that is told to run it does not start', () => {
  const ended = cluster.kubectl(
    'get pod told -o jsonpath={.status.containerStatuses[0].state.terminated.reason}{.status.containerStatuses[0].state.terminated.message}',
  ).stdout;
  expect(ended).toMatch(/^StartError.*exec: "\/bin\/bash": stat \/bin\/bash: no such file or directory$/);
});
