/**
 * What containers see of their mounts, and where they begin. Sources: website content/en/docs: concepts/storage/{volumes,projected-volumes}.md, tasks/configure-pod-container/security-context.md,
 * tasks/inject-data-application/{distribute-credentials-secure,downward-api-volume-expose-pod-information}.md; busybox 1.36 for the words and columns.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

const container = { image: 'busybox:1.28', command: ['sh', '-c', 'pwd; sleep 3600'] };
const PODS = [
  {
    metadata: { name: 'demo' },
    spec: {
      securityContext: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000 },
      containers: [
        {
          ...container,
          name: 'c',
          workingDir: '/data/demo',
          volumeMounts: [
            { name: 'vol', mountPath: '/data/demo' },
            { name: 'vol', mountPath: '/kept', readOnly: true },
          ],
        },
      ],
      volumes: [{ name: 'vol', emptyDir: {} }],
    },
  },
  {
    metadata: { name: 'objects', labels: { a: 'b' } },
    spec: {
      containers: [
        {
          ...container,
          name: 'c',
          volumeMounts: [
            { name: 'conf', mountPath: '/etc/config' },
            { name: 'conf', mountPath: '/etc/one', subPath: 'level' },
            { name: 'all', mountPath: '/projected-volume' },
            { name: 'image', mountPath: '/volume' },
          ],
        },
      ],
      volumes: [
        { name: 'conf', configMap: { name: 'conf' } },
        { name: 'image', image: { reference: 'quay.io/crio/artifact:v2' } },
        {
          name: 'all',
          projected: {
            defaultMode: 0o400,
            sources: [
              { secret: { name: 'sec', items: [{ key: 'username', path: 'my-group/my-username', mode: 0o777 }] } },
              { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
            ],
          },
        },
      ],
    },
  },
];

let cluster: Cluster;
beforeAll(() => {
  cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('create configmap conf --from-literal=level=INFO');
  cluster.kubectl('create secret generic sec --from-literal=username=my-app');
  for (const pod of PODS) cluster.kubectl('create -f -', JSON.stringify({ apiVersion: 'v1', kind: 'Pod', ...pod }));
  cluster.settle();
});
const run = (pod: string, script: string): string => {
  const { stdout, stderr } = cluster.kubectl(['exec', pod, '--', 'sh', '-c', script]);
  return stdout + stderr.replace(/command terminated.*\n$/, '');
};

describe('a working directory', () => {
  it('is where the container begins', () => expect(cluster.kubectl('logs demo').stdout).toBe('/data/demo\n'));
  it('is where a command begins that is run in it', () => expect(cluster.kubectl('exec demo -- pwd').stdout).toBe('/data/demo\n'));
  it.each([
    ['cd /etc/config && ls && cat level && pwd', 'level\nINFO/etc/config\n'],
    ['cd /etc; cd config/..; echo $PWD; cat config/level; echo', '/etc\nINFO\n'],
    ['cd /etc/config; ls *; [ -f level ] && echo here', 'level\nhere\n'],
    ['echo $(cd /tmp; pwd); pwd', '/tmp\n/\n'],
    ['cd /nowhere || pwd', "/\nsh: cd: can't cd to /nowhere: No such file or directory\n"],
    ['cd /etc/config/level', "sh: cd: can't cd to /etc/config/level: Not a directory\n"],
    ['cd /usr/share && pwd', '/usr/share\n'],
  ])('%s', (script, text) => expect(run('objects', script)).toBe(text));
});

describe('ls -l', () => {
  const about = (pod: string, script: string): readonly string[] =>
    run(pod, script)
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/\w{3} [ \d]\d [\d:]{5}/, 'WHEN').replace(/ +/g, ' '));
  it('an emptyDir with a fsGroup, and a file in it', () => {
    expect(about('demo', 'ls -l /data')).toEqual(['total 4', 'drwxrwsrwx 2 root 2000 4096 WHEN demo']);
    expect(about('demo', 'echo hello > testfile; ls -l')).toEqual(['total 4', '-rw-r--r-- 1 1000 2000 6 WHEN testfile']);
  });
  it('what is made of objects has the modes that the manifest gives', () => {
    expect(about('objects', 'ls -la /projected-volume')).toEqual([
      'total 16',
      'drwxrwxrwx 2 root root 4096 WHEN .',
      'drwxr-xr-x 2 root root 4096 WHEN ..',
      '-r-------- 1 root root 5 WHEN labels',
      'drwxr-xr-x 2 root root 4096 WHEN my-group',
    ]);
    expect(about('objects', 'ls -l /projected-volume/..data/my-group')).toEqual(['total 4', '-rwxrwxrwx 1 root root 6 WHEN my-username']);
    expect(about('objects', 'ls -l /etc/config/ /etc/one')).toEqual([
      '-rw-r--r-- 1 root root 4 WHEN /etc/one',
      '',
      '/etc/config/:',
      'total 4',
      '-rw-r--r-- 1 root root 4 WHEN level',
    ]);
  });
  it('an image as a volume is a folder', () => expect(run('objects', 'ls -d /volume')).toBe('/volume\n'));
});

describe('nothing is written', () => {
  it.each([
    ['objects', 'echo x > /etc/config/y; echo $?', "1\nsh: can't create /etc/config/y: Read-only file system\n"],
    ['objects', 'touch /projected-volume/x', 'touch: /projected-volume/x: Read-only file system\n'],
    ['objects', 'rm /etc/config/level; cat /etc/one; echo', "INFO\nrm: can't remove '/etc/config/level': Read-only file system\n"],
    ['demo', 'mkdir /kept/d', "mkdir: can't create directory '/kept/d': Read-only file system\n"],
    ['demo', 'cp /etc/hosts /kept', "cp: can't create '/kept/hosts': Read-only file system\n"],
    ['demo', 'echo a | tee /kept/t', 'a\ntee: /kept/t: Read-only file system\n'],
    ['demo', 'echo b > /data/demo/t', ''],
    ['demo', 'cat /kept/t', 'b\n'],
  ])('%s: %s', (pod, script, text) => expect(run(pod, script)).toBe(text));
});
