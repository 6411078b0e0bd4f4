/**
 * What containers find in their volumes while they run. Sources: kubernetes.io tasks "Communicate Between Containers in the Same Pod Using a Shared Volume", "Logging Architecture" (counter-pod-streaming-sidecar.yaml),
 * "Configure a Pod to Use a ConfigMap" (mounted ConfigMaps are updated automatically; environment variables and subPath mounts are not).
 */
import { describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../../src/engine/headless.ts';

const open = (...objects: readonly object[]): Cluster => {
  const cluster = openCluster({ topology: { workers: 1 } });
  expect(cluster.kubectl('apply -f -', objects.map((o) => JSON.stringify(o)).join('\n---\n'))).toMatchObject({ exitCode: 0 });
  cluster.settle(120);
  return cluster;
};
const pod = (name: string, spec: object): object => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: name } }, spec });
const configMap = (text: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'page' },
  data: { 'index.html': text },
});

describe('an emptyDir', () => {
  it('shows each container what the other wrote, also when the writer is gone', () => {
    const cluster = open(
      pod('two', {
        restartPolicy: 'Never',
        volumes: [{ name: 'shared-data', emptyDir: {} }],
        containers: [
          { name: 'nginx-container', image: 'nginx', volumeMounts: [{ name: 'shared-data', mountPath: '/usr/share/nginx/html' }] },
          {
            name: 'debian-container',
            image: 'debian',
            volumeMounts: [{ name: 'shared-data', mountPath: '/pod-data' }],
            command: ['/bin/sh'],
            args: ['-c', 'echo Hello from the debian container > /pod-data/index.html'],
          },
        ],
      }),
    );
    expect(cluster.kubectl('exec two -c nginx-container -- curl -s localhost').stdout).toBe('Hello from the debian container\n');
    cluster.kubectl('exec two -c nginx-container -- rm /usr/share/nginx/html/index.html');
    cluster.fault({ do: 'kill', what: 'default/two/nginx-container' });
    cluster.settle(60);
    expect(cluster.kubectl('exec two -c nginx-container -- curl -s localhost').stdout).not.toContain('debian');
  });

  it('carries a log to a sidecar that follows it, from its first line and past what is kept of a file', () => {
    const varlog = [{ name: 'varlog', mountPath: '/var/log' }];
    const cluster = open(
      pod('counter', {
        volumes: [{ name: 'varlog', emptyDir: {} }],
        containers: [
          {
            name: 'count',
            image: 'busybox:1.28',
            args: [
              '/bin/sh',
              '-c',
              'i=0; while true; do echo "same" >> /var/log/1.log; echo "line $i" >> /var/log/2.log; i=$((i+1)); sleep 1; done',
            ],
            volumeMounts: varlog,
          },
          { name: 'log-1', image: 'busybox:1.28', args: ['/bin/sh', '-c', 'tail -n+1 -F /var/log/1.log'], volumeMounts: varlog },
          { name: 'log-2', image: 'busybox:1.28', args: ['/bin/sh', '-c', 'tail -n+1 -F /var/log/2.log'], volumeMounts: varlog },
        ],
      }),
    );
    cluster.advance(5);
    expect(cluster.kubectl('logs counter log-2').stdout).toMatch(/^line 0\nline 1\nline 2\n/);
    cluster.advance(1000);
    const last = (): number => Number(/line (\d+)\n$/.exec(cluster.kubectl('logs counter -c log-2 --tail=1').stdout)?.[1]);
    const before = [last(), cluster.kubectl('logs counter log-1').stdout];
    cluster.advance(7);
    expect(last()).toBe(Number(before[0]) + 7);
    expect(cluster.kubectl('logs counter log-1').stdout).toMatch(/^(same\n)+$/);
    expect(cluster.kubectl('exec counter -c log-1 -- tail -n 2 /var/log/2.log').stdout).toBe(`line ${last() - 1}\nline ${last()}\n`);
  });
});

describe('what is mounted', () => {
  it('stays as it was when its ConfigMap is deleted, also over a restart of the kubelet', () => {
    const cluster = open(
      configMap('one\n'),
      pod('web', {
        volumes: [{ name: 'html', configMap: { name: 'page' } }],
        containers: [{ name: 'c', image: 'nginx', volumeMounts: [{ name: 'html', mountPath: '/usr/share/nginx/html' }] }],
      }),
    );
    cluster.fault({ do: 'kill', what: 'worker-1/kubelet' });
    cluster.settle(60);
    cluster.kubectl('delete configmap page');
    cluster.advance(200);
    expect(cluster.kubectl('exec web -- curl -s localhost').stdout).toBe('one\n');
  });

  it('is no reason for a container without a command to run on', () => {
    const cluster = open(
      pod('once', {
        restartPolicy: 'Never',
        volumes: [{ name: 'v', emptyDir: {} }],
        containers: [{ name: 'c', image: 'busybox', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
      }),
    );
    expect(cluster.kubectl('get pod once --no-headers').stdout).toMatch(/once +0\/1 +Completed/);
  });

  it('twice in one container is one, and of mounts in mounts the inner one counts', () => {
    const cluster = open(
      pod('twice', {
        volumes: [
          { name: 'v', emptyDir: {} },
          { name: 'w', emptyDir: {} },
        ],
        containers: [
          {
            name: 'c',
            image: 'nginx',
            volumeMounts: [
              { name: 'v', mountPath: '/a' },
              { name: 'v', mountPath: '/b' },
              { name: 'w', mountPath: '/a/sub' },
            ],
          },
        ],
      }),
    );
    cluster.kubectl(['exec', 'twice', '--', 'sh', '-c', 'echo x > /a/f; echo y > /a/sub/g']);
    expect(['ls /b', 'cat /b/f', 'cat /a/sub/g'].map((command) => cluster.kubectl(`exec twice -- ${command}`).stdout)).toEqual([
      'f\n',
      'x\n',
      'y\n',
    ]);
  });

  it('follows its ConfigMap and its labels within a minute and a half; the environment and a subPath do not until the container is another', () => {
    const cluster = open(
      configMap('one\n'),
      pod('web', {
        volumes: [
          { name: 'html', configMap: { name: 'page' } },
          { name: 'info', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
        ],
        containers: [
          {
            name: 'c',
            image: 'nginx',
            volumeMounts: [
              { name: 'html', mountPath: '/usr/share/nginx/html' },
              { name: 'info', mountPath: '/info' },
              { name: 'html', mountPath: '/etc/page', subPath: 'index.html' },
            ],
            env: [{ name: 'PAGE', valueFrom: { configMapKeyRef: { name: 'page', key: 'index.html' } } }],
          },
        ],
      }),
    );
    const seen = (): readonly string[] =>
      ['curl -s localhost', 'cat /info/labels', 'printenv PAGE', 'cat /etc/page'].map((command) =>
        cluster.kubectl(`exec web -- ${command}`).stdout.trim(),
      );
    expect(seen()).toEqual(['one', 'app="web"', 'one', 'one']);
    cluster.kubectl('apply -f -', JSON.stringify(configMap('two\n')));
    cluster.kubectl('label pod web tier=front');
    expect(seen()[0]).toBe('one');
    cluster.advance(91);
    expect(seen()).toEqual(['two', 'app="web"\ntier="front"', 'one', 'one']);
    cluster.fault({ do: 'kill', what: 'default/web/c' });
    cluster.settle(60);
    expect(seen()).toEqual(['two', 'app="web"\ntier="front"', 'two', 'two']);
  });
});

/** Upstream: test/e2e/storage/host_path_type.go; pkg/volume/hostpath/host_path.go checkType. */
describe('a hostPath', () => {
  const spec = (path: string, type: string | undefined, more: object = {}): object => ({
    volumes: [{ name: 'v', hostPath: { path, ...(type === undefined ? {} : { type }) } }],
    containers: [
      { name: 'c', image: 'busybox:1.37', command: ['sleep', '3600'], volumeMounts: [{ name: 'v', mountPath: '/mnt/v' }], ...more },
    ],
  });

  it.each<readonly [string, string, string | undefined]>([
    ['/does-not-exist', 'Directory', "hostPath /does-not-exist doesn't exist"],
    ['/does-not-exist', 'File', "hostPath /does-not-exist doesn't exist"],
    ['/does-not-exist', 'Socket', "hostPath /does-not-exist doesn't exist"],
    ['/does-not-exist', 'DirectoryOrCreate', undefined],
    ['/does-not-exist', 'FileOrCreate', undefined],
    ['/no/such/folder/file', 'FileOrCreate', 'open /no/such/folder/file: no such file or directory'],
    ['/var/log', 'Directory', undefined],
    ['/var/log/', 'File', "hostPath type check failed: /var/log/ is not a file, it's a Directory"],
    ['/var/log', 'FileOrCreate', "hostPath type check failed: /var/log is not a file, it's a Directory"],
    ['/etc/hosts', 'File', undefined],
    ['/etc/hosts', 'DirectoryOrCreate', "hostPath type check failed: /etc/hosts is not a directory, it's a File"],
    ['/var/run/containerd/containerd.sock', 'Socket', undefined],
    [
      '/run/containerd/containerd.sock',
      'BlockDevice',
      "hostPath type check failed: /run/containerd/containerd.sock is not a block device, it's a Socket",
    ],
    ['/dev/null', 'CharDevice', undefined],
  ])('%s as a %s', (path, type, error) => {
    const cluster = open(pod('p', spec(path, type)));
    const why = cluster.kubectl('get events --field-selector reason=FailedMount -o jsonpath={.items[0].message}').stdout;
    expect(why).toBe(error === undefined ? '' : `MountVolume.SetUp failed for volume "v" : ${error}`);
    expect(cluster.kubectl('get pod p --no-headers').stdout).toContain(error === undefined ? 'Running' : 'ContainerCreating');
  });

  it('is the folder of the machine: pods share it, it outlives them, and who waits for it gets it', () => {
    const cluster = open(
      pod('reader', spec('/data/foo', 'Directory')),
      pod('root', spec('/', undefined)),
      pod('writer', spec('/data/foo/', 'DirectoryOrCreate', { command: ['sh', '-c', 'echo hello > /mnt/v/a.txt; sleep 3600'] })),
      pod('alien', { ...spec('/x', undefined), volumes: [{ name: 'v', emptyDir: {} }] }),
    );
    cluster.advance(60);
    const say = (name: string, command: string): string => cluster.kubectl(`exec ${name} -- ${command}`).stdout;
    expect(say('reader', 'cat /mnt/v/a.txt')).toBe('hello\n');
    expect(say('alien', 'ls /mnt/v')).toBe('');
    cluster.kubectl('delete pod reader writer --now');
    expect(say('root', 'ls /mnt/v/data/foo')).toBe('a.txt\n');
    cluster.kubectl('create -f -', JSON.stringify(pod('later', spec('/data/foo/a.txt', 'File'))));
    cluster.settle();
    expect(say('later', 'cat /mnt/v')).toBe('hello\n');
    cluster.kubectl(['exec', 'later', '--', 'sh', '-c', 'echo bye >> /mnt/v']);
    cluster.advance(1);
    expect(say('root', 'cat /mnt/v/data/foo/a.txt')).toBe('hello\nbye\n');
  });
});
