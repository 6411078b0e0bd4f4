/**
 * What a container finds in its environment and says of itself. Sources: website content/en/docs/tasks/configure-pod-container/security-context.md, tasks/inject-data-application/define-environment-variable-container.md,
 * concepts/containers/container-environment.md; busybox' ps and id; containerd's and runc's order of the environment; kubernetes/test/images/agnhost/serve-hostname/serve_hostname.go.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

let cluster: Cluster;
const MANIFESTS = `
{apiVersion: v1, kind: Pod, metadata: {name: root}, spec: {enableServiceLinks: false, containers: [{name: c, image: busybox, command: [sleep, 1h], env: [{name: A, value: b}]}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: demo}, spec: {securityContext: {runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000]}, containers: [{name: c, image: busybox, command: [sh, -c, sleep 1h], tty: true}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: own}, spec: {restartPolicy: Never, containers: [{name: c, image: busybox, command: [sh, -c, 'echo $HOME $(HOSTNAME) $(B)'], env: [{name: HOME, value: /here}, {name: B, value: b}]}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: c, image: nginx}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: names}, spec: {terminationGracePeriodSeconds: 10, containers: [{name: c, image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', args: [serve-hostname]}]}}`;
beforeAll(() => {
  cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('apply -f -', MANIFESTS);
  cluster.settle(60);
});
const said = (pod: string, command: string): string => {
  const { stdout, stderr } = cluster.kubectl(['exec', pod, '--', ...command.split(' ')]);
  return stdout + stderr;
};

it('the environment begins with PATH, and ends with the user’s HOME', () => {
  const names = said('root', 'env').trim().split('\n');
  expect(names.slice(0, 3)).toEqual(['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOSTNAME=root', 'A=b']);
  expect(names.at(-1)).toBe('HOME=/root');
  expect(said('demo', 'env')).toMatch(/^PATH=.*\nTERM=xterm\nHOSTNAME=demo\n[^]*\nHOME=\/\n$/);
});
it('a manifest’s HOME stands, and only a manifest’s variables are expanded', () =>
  expect(cluster.kubectl('logs own').stdout).toBe('sh: HOSTNAME: not found\n/here b\n'));

describe('who and where', () => {
  it.each([
    ['root', 'id', 'uid=0(root) gid=0(root) groups=0(root)\n'],
    ['root', 'whoami', 'root\n'],
    ['root', 'id -u', '0\n'],
    ['root', 'pwd', '/\n'],
    ['demo', 'id', 'uid=1000 gid=3000 groups=2000,3000,4000\n'],
    ['demo', 'whoami', 'whoami: unknown uid 1000\ncommand terminated with exit code 1\n'],
    ['demo', 'id -G', '2000 3000 4000\n'],
    ['root', 'uname', 'Linux\n'],
    ['root', 'uname -n', 'root\n'],
    ['root', 'uname -sm', 'Linux x86_64\n'],
    ['root', 'ls /', 'bin\ndev\netc\nhome\nproc\nroot\nsys\ntmp\nusr\nvar\n'],
    ['root', 'ls /tmp', ''],
  ])('%s: %s', (pod, command, out) => expect(said(pod, command)).toBe(out));
  it('ps shows the first process and itself', () => {
    expect(said('demo', 'ps').split('\n').slice(0, 2)).toEqual(['PID   USER     TIME  COMMAND', '    1 1000      0:00 sleep 1h']);
    expect(said('web', 'ps ax')).toMatch(
      /^PID .*\n {4}1 root {6}0:00 nginx: master process nginx -g daemon off;\n +\d+ root {6}0:00 ps ax\n$/,
    );
  });
  it('the kernel is the machine’s', () =>
    expect(said('root', 'uname -r').trim()).toBe(cluster.kubectl('get node worker-1 -o jsonpath={.status.nodeInfo.kernelVersion}').stdout));
  it('hostname -i is the pod’s address', () =>
    expect(said('root', 'hostname -i').trim()).toBe(cluster.kubectl('get pod root -o jsonpath={.status.podIP}').stdout));
});

it('serve-hostname sleeps when it is told to end', () => {
  cluster.kubectl('delete pod names --wait=false');
  cluster.advance(8);
  expect(cluster.kubectl('get pod names --no-headers').stdout).toMatch(/1\/1 +Terminating/);
  cluster.advance(4);
  expect(cluster.kubectl('get pod names').exitCode).toBe(1);
});
