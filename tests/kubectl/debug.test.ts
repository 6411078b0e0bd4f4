/** kubectl debug. Sources: website content/en/docs/tasks/debug/debug-application/debug-running-pod.md; kubectl v0.36.0 pkg/cmd/debug/debug_test.go TestGeneratePodCopyWithDebugContainer, TestGenerateNodeDebugPodCustomProfile, TestCompleteAndValidate, and the words of debug.go. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { V1Pod } from '../../src/api/schema/kubernetes.ts';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

let cluster: Cluster;
const out = (line: string): string => {
  const { stdout, stderr } = cluster.kubectl(line);
  return stdout + stderr;
};
const pod = (name: string): V1Pod => JSON.parse(cluster.kubectl(`get pod ${name} -o json`).stdout) as V1Pod;
beforeAll(() => {
  cluster = openCluster({ topology: { workers: 2 } });
  cluster.kubectl(
    'create -f -',
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'myapp', labels: { app: 'a' }, annotations: { note: 'n' } },
      spec: {
        restartPolicy: 'Never',
        initContainers: [{ name: 'first', image: 'busybox:1.28' }],
        containers: [{ name: 'myapp', image: 'busybox:1.28', args: ['sleep', '1d'], readinessProbe: { exec: { command: ['true'] } } }],
      },
    }),
  );
  cluster.settle();
});
let copies = 0;
const copied = (flags: string): V1Pod => {
  const name = `copy-${++copies}`;
  expect(out(`debug myapp --copy-to=${name} -q ${flags}`)).toBe('');
  return pod(name);
};
const containers = ({ spec }: V1Pod): readonly unknown[] =>
  (spec?.containers ?? []).map(
    ({ name, image, command, args, env, stdin, tty, securityContext }) =>
      JSON.parse(JSON.stringify({ name, image, command, args, env, stdin, tty, securityContext })) as unknown,
  );
const MYAPP = { name: 'myapp', image: 'busybox:1.28', args: ['sleep', '1d'] };

describe('a copy', () => {
  it('has one more container, and neither labels nor probes; its processes are shared', () => {
    const { metadata, spec } = copied('-c debugger --image=busybox');
    expect([
      metadata?.labels,
      metadata?.annotations,
      spec?.shareProcessNamespace,
      spec?.containers?.[0].readinessProbe,
      spec?.initContainers?.length,
    ]).toEqual([undefined, undefined, true, undefined, 1]);
    expect(containers(pod('copy-1'))).toEqual([
      MYAPP,
      { name: 'debugger', image: 'busybox', securityContext: { capabilities: { add: ['SYS_PTRACE'] } } },
    ]);
    expect(spec?.volumes?.length).toBe(1);
  });
  it('keeps what it is told to', () => {
    const { metadata, spec } = copied(
      '-c d --image=busybox --keep-labels --keep-annotations --keep-readiness --keep-init-containers=false --share-processes=false',
    );
    expect([
      metadata?.labels,
      metadata?.annotations,
      spec?.shareProcessNamespace,
      spec?.containers?.[0].readinessProbe?.exec,
      spec?.initContainers,
    ]).toEqual([{ app: 'a' }, { note: 'n' }, false, { command: ['true'] }, undefined]);
  });
  it('runs something else', () =>
    expect(containers(copied('--container=myapp --env=A=1,B=2 -- sleep 1'))).toEqual([
      {
        name: 'myapp',
        image: 'busybox:1.28',
        command: ['sleep', '1'],
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
        securityContext: { capabilities: { add: ['SYS_PTRACE'] } },
      },
    ]));
  it('with words after the image’s own', () =>
    expect(containers(copied('-c d --image=busybox --arguments-only -- one two'))[1]).toMatchObject({ args: ['one', 'two'] }));
  it('has other images, and all else as it was', () => {
    const { metadata, spec } = copied('--set-image=*=ubuntu');
    expect([spec?.containers?.[0].image, metadata?.labels, spec?.shareProcessNamespace]).toEqual(['ubuntu', { app: 'a' }, undefined]);
  });
  it.each([
    ['baseline', undefined],
    ['netadmin', { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } }],
    ['sysadmin', { privileged: true }],
    [
      'restricted',
      { runAsNonRoot: true, capabilities: { drop: ['ALL'] }, allowPrivilegeEscalation: false, seccompProfile: { type: 'RuntimeDefault' } },
    ],
  ])('as --profile=%s wants it', (profile, securityContext) =>
    expect(pod(copied(`-c d --image=busybox --profile=${profile}`).metadata?.name ?? '').spec?.containers?.[1].securityContext).toEqual(
      securityContext,
    ),
  );
  it('takes the place of the pod', () => {
    cluster.kubectl('run old --image=nginx');
    expect(out('debug old --copy-to=new --replace -c d --image=busybox')).toBe('');
    cluster.settle(60);
    expect(out('get pods old new -o name')).toBe('pod/new\nError from server (NotFound): pods "old" not found\n');
  });
});

describe('a session', () => {
  it('with a new container begins with its name', () => {
    const [first, second] = cluster.kubectl('debug myapp -it --image=ubuntu --share-processes --copy-to=myapp-debug').stdout.split('\n');
    expect(first).toMatch(/^Defaulting debug container name to debugger-[a-z0-9]{5}\.$/);
    expect(second).toBe(
      `Session ended, resume using 'kubectl attach myapp-debug -c ${/debugger-\w+/.exec(first ?? '')?.[0]} -n default -i -t' command`,
    );
    expect(out('get pod myapp-debug --no-headers')).toMatch(/ 2\/2 +Running /);
  });
  it('shows the log of what has ended', () =>
    expect(cluster.kubectl('debug myapp -i --copy-to=ended -c d --image=busybox -- echo hi').stdout).toBe('hi\n'));
  it('on a Node is in its network, and sees its disk', () => {
    const text = cluster.kubectl('debug node/worker-1 --image=ubuntu -- sleep 60').stdout;
    const name =
      /^Creating debugging pod (node-debugger-worker-1-\w{5}) with container debugger on node worker-1\.\n$/.exec(text)?.[1] ?? '';
    const { metadata, spec } = pod(name);
    expect([
      metadata?.labels,
      spec?.nodeName,
      spec?.hostNetwork,
      spec?.hostPID,
      spec?.hostIPC,
      spec?.restartPolicy,
      spec?.volumes?.[0],
      spec?.containers?.[0].volumeMounts?.[0],
    ]).toEqual([
      { 'app.kubernetes.io/managed-by': 'kubectl-debug' },
      'worker-1',
      true,
      true,
      true,
      'Never',
      { name: 'host-root', hostPath: { path: '/', type: '' } },
      { mountPath: '/host', name: 'host-root' },
    ]);
    cluster.settle(60);
    expect(out(`get pod ${name} -o jsonpath={.status.podIP}`)).toBe('192.168.0.11');
  });
});

describe('is refused', () => {
  it.each([
    ['myapp', 'you must specify --image when not using --copy-to.'],
    ['myapp --image=busybox -t', '-i/--stdin is required for containers with -t/--tty=true'],
    ['--image=busybox', 'NAME or filename is required for debug'],
    ['myapp --image=busybox --image-pull-policy=Sometimes', 'invalid image pull policy: Sometimes'],
    ['myapp --image=busybox --replace', '--replace may only be used with --copy-to.'],
    ['myapp --image=busybox --same-node', '--same-node may only be used with --copy-to.'],
    ['myapp --set-image=*=busybox', '--set-image may only be used with --copy-to.'],
    ['myapp --copy-to=x', 'you must specify --image, --set-image or command arguments.'],
    ['myapp --copy-to=x -- sh', 'you must specify an existing container or a new image when specifying args.'],
    ['myapp --copy-to=x --image=busybox --target=myapp', '--target is incompatible with --copy-to. Use --share-processes instead.'],
    ['myapp --image=a --profile=x', 'unknown profile: x'],
  ])('%s', (line, words) => expect(out(`debug ${line}`)).toBe(`error: ${words}\n`));
  it('what is neither pod nor Node, nor there', () =>
    expect([out('debug deploy/coredns -n kube-system --image=a'), out('debug node/nobody --image=a')]).toEqual([
      'error: "apps/v1, Kind=Deployment" not supported by debug\n',
      'Error from server (NotFound): nodes "nobody" not found\n',
    ]));
});

/** Upstream: debug_test.go TestGenerateDebugContainer. */
describe('a container that joins a running pod', () => {
  const joined = (flags: string): unknown => {
    expect(out(`debug myapp -q ${flags}`)).toBe('');
    return pod('myapp').spec?.ephemeralContainers?.at(-1);
  };
  it('is as the flags and the profile say, and comes after those before', () => {
    const usual = {
      imagePullPolicy: 'IfNotPresent',
      resources: {},
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
    };
    expect(joined('--image=busybox:1.28 --target=myapp -c one --profile=baseline -- sleep 1d')).toEqual({
      ...usual,
      name: 'one',
      image: 'busybox:1.28',
      command: ['sleep', '1d'],
      targetContainerName: 'myapp',
    });
    expect(joined('--image=busybox:1.28 -c two --env=A=b --arguments-only -- echo hi')).toEqual({
      ...usual,
      name: 'two',
      image: 'busybox:1.28',
      args: ['echo', 'hi'],
      env: [{ name: 'A', value: 'b' }],
      securityContext: { capabilities: { add: ['SYS_PTRACE'] } },
    });
    expect(joined('--image=busybox:1.28 -c three --profile=sysadmin --image-pull-policy=Always')).toMatchObject({
      imagePullPolicy: 'Always',
      securityContext: { privileged: true },
    });
    expect(pod('myapp').spec?.ephemeralContainers?.map((c) => c.name)).toEqual(['one', 'two', 'three']);
  });
  it('is attached to: what it says is printed, and a shell is left waiting', () => {
    expect(out('debug myapp --image=busybox:1.28 -c says --attach -- sh -c "sleep 1; echo done"')).toContain('done\n');
    const said = out('debug -it myapp --image=busybox:1.28 --target=myapp');
    expect(said).toMatch(
      /^Targeting container "myapp"\. If you don't see processes from this container .*\nDefaulting debug container name to (debugger-\w{5})\.\nSession ended, resume using 'kubectl attach myapp -c \1 -n default -i -t' command\n/,
    );
    const name = /debugger-\w{5}/.exec(said)?.[0] ?? '';
    expect(out(`exec myapp -c ${name} -- echo here`)).toBe('here\n');
    expect(out('logs myapp')).toMatch(new RegExp(`^Defaulted container "myapp" out of: myapp, .*${name} \\(ephem\\), first \\(init\\)\\n`));
  });
  it('has a name that no other has, and a target that is there', () =>
    expect([out('debug myapp --image=busybox -c one -q'), out('debug myapp --image=busybox -c x -q --target=nobody')]).toEqual([
      'The Pod "myapp" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers "one" may not be changed\n\n',
      expect.stringMatching(/^The Pod "myapp" is invalid: spec\.ephemeralContainers\[\d\]\.targetContainerName: Not found: "nobody"\n$/),
    ]));
});
