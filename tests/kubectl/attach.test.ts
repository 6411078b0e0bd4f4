/** Being attached. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/run/run.go, pkg/cmd/attach/{attach,attach_test}.go (v1.36.4); the order of words and the exit codes are those of the real kubectl 1.36.4. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

const RECORDED =
  'All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\n';
const PROMPT = "If you don't see a command prompt, try pressing enter.\n";
let cluster: Cluster;
const run = (line: string): readonly [string, string, number] => {
  const { stdout, stderr, exitCode } = cluster.kubectl(line);
  return [stdout, stderr, exitCode];
};
beforeAll(() => {
  cluster = openCluster({ topology: { workers: 2 } });
  cluster.kubectl('create deployment web --image=nginx --port=80');
  cluster.kubectl('expose deployment web --port=80');
  cluster.settle(60);
});

describe('kubectl run, attached', () => {
  it('prints what the container says, and with --rm deletes the pod: a first try of a Service', () => {
    expect(run('run a1 -i --rm --restart=Never --image=busybox -- wget -qO- web')).toEqual([
      '<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n<h1>Welcome to nginx!</h1>\n</body>\n</html>\npod "a1" deleted from default namespace\n',
      RECORDED + PROMPT,
      0,
    ]);
    cluster.settle(60);
    expect(run('get pod a1')[2]).toBe(1);
  });
  it('ends with the exit code of a pod that is never restarted', () => {
    expect(run('run a2 -i --restart=Never --image=busybox -- sh -c "echo one; sleep 5; echo two; exit 3"')).toEqual([
      'one\ntwo\n',
      `${RECORDED}${PROMPT}pod default/a2 terminated (Error)\n`,
      3,
    ]);
  });
  it('says how to resume a session with a terminal, and deletes the Service that --expose made', () => {
    expect(run('run a3 -it --rm --restart=Never --expose --port=80 --image=busybox -- sh -c "echo hi; sleep 1"')).toEqual([
      'service/a3 created\nhi\nSession ended, resume using \'kubectl attach a3 -c a3 -n default -i -t\' command\npod "a3" deleted from default namespace\nservice "a3" deleted from default namespace\n',
      RECORDED + PROMPT,
      0,
    ]);
  });
  // pkg/cmd/attach: a session is one with a process; what the container says when it runs anew comes to nobody.
  it('ends with the process that it is attached to, also of a pod that runs it again', () => {
    expect(run('run again -i --rm --image=busybox -- sh -c "echo hello; sleep 1.2"')).toEqual([
      'hello\npod "again" deleted from default namespace\n',
      RECORDED + PROMPT,
      0,
    ]);
  });
  it('is silent with --quiet, and prints the log of a pod that is already over', () => {
    expect(run('run a4 -q -i --rm --restart=Never --image=busybox -- sh -c "echo hi; exit 1"')).toEqual([
      'hi\n',
      'pod default/a4 terminated (Error)\n',
      1,
    ]);
  });
  it('waits a minute for the pod, or as long as it is told', () => {
    const before = cluster.now;
    expect(run('run a5 -i --rm --image=nope:missing --restart=Never --pod-running-timeout=20s -- x')).toEqual([
      'pod "a5" deleted from default namespace\n',
      'error: timed out waiting for the condition\n',
      1,
    ]);
    expect(Math.round(cluster.now - before)).toBe(20);
  });
  it('sends stdin, stdinOnce and tty', () => {
    expect(run('run a6 -it --image=busybox -- sh')[1]).toContain('nothing can be typed');
    expect(run('get pod a6 -o jsonpath="{.spec.containers[0].stdin} {.spec.containers[0].stdinOnce} {.spec.containers[0].tty}"')[0]).toBe(
      'true true true',
    );
    cluster.settle(60);
    expect(run('get pod a6 --no-headers')[0], 'its shell waits').toMatch(/1\/1 +Running +0/);
  });
  it('says that a pod is already there', () => {
    expect(run('run a6 -i --image=busybox -- sh')).toEqual(['', 'Error from server (AlreadyExists): pods "a6" already exists\n', 1]);
  });
});

describe('kubectl attach', () => {
  it.each([
    ['attach', 'error: at least 1 argument is required for attach\n'],
    ['attach one two three', 'error: expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw 3: [one two three]\n'],
    ['attach nobody', 'Error from server (NotFound): pods "nobody" not found\n'],
    ['attach a6 -c foo', 'error: cannot attach to the container: container foo is not valid for pod a6 out of: a6\n'],
    ['attach a2', 'error: cannot attach a container in a completed pod; current phase is Failed\n'],
  ])('%s', (line, err) => {
    expect(run(line)).toEqual(['', err, 1]);
  });

  it('prints what comes from now on, until the container ends', () => {
    run('run b1 --restart=Never --image=busybox -- sh -c "echo before; sleep 30; echo after"');
    cluster.settle(10);
    expect(run('attach pod b1')).toEqual(['after\n', RECORDED + PROMPT, 0]);
  });
});
