/** Upstream's own examination of what is mounted, carried over: kubernetes/test/e2e/common/storage (v1.36). The titles name file and test. Modes, users and groups of files are not simulated. */
import { beforeAll, describe, expect, it } from 'vitest';
import { alone, busybox, MERGE, type Examiner } from './examiner.ts';

let e: Examiner;
beforeAll(() => {
  e = alone({ workers: 1 });
});
const DATA = { 'data-1': 'value-1\n', 'data-2': 'value-2\n', 'data-3': 'value-3\n' };
const mount = (mountPath: string, name = 'v') => ({ name, mountPath });
const reads = (path: string, volumeMounts: readonly object[] = [mount('/etc/v')], more: object = {}): object =>
  busybox(`cat ${path}`, { volumeMounts, ...more });
const make = (kind: 'configMap' | 'secret', name: string, data: Readonly<Record<string, string>> = DATA, more: object = {}): void => {
  e.create(`${kind.toLowerCase()}s`, { metadata: { name }, ...(kind === 'secret' ? { stringData: data } : { data }), ...more });
};
/** The volume that shows an object, by itself or projected. */
const FORMS = (['configMap', 'secret'] as const).flatMap((kind) =>
  [false, true].map(
    (isProjected) =>
      [
        isProjected ? `projected_${kind.toLowerCase()}.go` : kind === 'secret' ? 'secrets_volume.go' : 'configmap_volume.go',
        kind,
        isProjected,
      ] as const,
  ),
);
const volumeOf = (kind: string, isProjected: boolean, name: string, more: object = {}, of = 'v'): object =>
  isProjected
    ? { name: of, projected: { sources: [{ [kind]: { name, ...more } }] } }
    : { name: of, [kind]: { [kind === 'secret' ? 'secretName' : 'name']: name, ...more } };
/** What the kubelet has not read again yet is there after its sync period. */
const shows = (pod: string, path: string, text: string | undefined): void => {
  e.until(() => {
    const { stdout, exitCode } = e.cluster.kubectl(['exec', pod, '--', 'cat', path]);
    return text === undefined ? exitCode !== 0 : stdout.trimEnd() === text;
  }, 120);
};

describe.each(FORMS)('common/storage/%s', (file, kind, isProjected) => {
  const id = file.replace(/[_.]/g, '-');
  const volume = (name: string, more: object = {}, of = 'v'): object => volumeOf(kind, isProjected, name, more, of);

  it('should be consumable from pods in volume', () => {
    make(kind, id);
    expect(
      e
        .output(`${id}-plain`, busybox('cat /etc/v/data-1; ls /etc/v', { volumeMounts: [mount('/etc/v')] }), { volumes: [volume(id)] })
        .trim()
        .split(/\s+/),
    ).toEqual(['value-1', ...Object.keys(DATA)]);
    expect(
      e.output(`${id}-mode`, reads('/etc/v/data-1'), {
        volumes: [volume(id, isProjected ? {} : { defaultMode: 256 })],
        securityContext: { runAsUser: 1000, fsGroup: 1001 },
      }),
    ).toBe('value-1\n');
  });

  it('should be consumable from pods in volume with mappings, and Item mode set', () => {
    expect(
      e.output(`${id}-mapped`, reads('/etc/v/path/to/data-2'), {
        volumes: [volume(id, { items: [{ key: 'data-2', path: 'path/to/data-2', mode: 256 }] })],
      }),
    ).toBe('value-2\n');
  });

  it('should be consumable in multiple volumes in the same pod', () => {
    expect(
      e.output(`${id}-multiple`, reads('/etc/v/data-1 /etc/w/data-1', [mount('/etc/v'), mount('/etc/w', 'w')]), {
        volumes: [volume(id), volume(id, {}, 'w')],
      }),
    ).toBe('value-1\nvalue-1\n');
  });

  it('updates should be reflected in volume', () => {
    make(kind, `${id}-upd`, { 'data-1': 'value-1' });
    e.pod(`${id}-updated`, { volumes: [volume(`${id}-upd`)], containers: [busybox('sleep 6000', { volumeMounts: [mount('/etc/v')] })] });
    e.running(`${id}-updated`);
    shows(`${id}-updated`, '/etc/v/data-1', 'value-1');
    e.patch(
      `${kind.toLowerCase()}s`,
      `${id}-upd`,
      kind === 'secret' ? { stringData: { 'data-1': 'value-2' } } : { data: { 'data-1': 'value-2' } },
    );
    shows(`${id}-updated`, '/etc/v/data-1', 'value-2');
  });

  it('optional updates should be reflected in volume', () => {
    make(kind, `${id}-del`, { 'data-1': 'value-1' });
    make(kind, `${id}-opt`, { 'data-1': 'value-1' });
    e.pod(`${id}-optional`, {
      volumes: [
        volume(`${id}-del`, { optional: true }),
        volume(`${id}-opt`, { optional: true }, 'w'),
        volume(`${id}-create`, { optional: true }, 'x'),
      ],
      containers: [busybox('sleep 6000', { volumeMounts: [mount('/etc/v'), mount('/etc/w', 'w'), mount('/etc/x', 'x')] })],
    });
    e.running(`${id}-optional`);
    shows(`${id}-optional`, '/etc/v/data-1', 'value-1');
    shows(`${id}-optional`, '/etc/x/data-1', undefined);
    e.remove(`${kind.toLowerCase()}s`, `${id}-del`);
    e.patch(
      `${kind.toLowerCase()}s`,
      `${id}-opt`,
      kind === 'secret'
        ? { stringData: { 'data-3': 'value-3' }, data: { 'data-1': null } }
        : { data: { 'data-3': 'value-3', 'data-1': null } },
    );
    make(kind, `${id}-create`, { 'data-1': 'value-1' });
    shows(`${id}-optional`, '/etc/x/data-1', 'value-1');
    shows(`${id}-optional`, '/etc/w/data-3', 'value-3');
    shows(`${id}-optional`, '/etc/v/data-1', undefined);
  });

  it('should fail pod creation when the object, or a key of it, is not there and not optional', () => {
    e.pod(`${id}-nobody`, { volumes: [volume('nobody')], containers: [busybox('true', { volumeMounts: [mount('/etc/v')] })] });
    e.pod(`${id}-nokey`, {
      volumes: [volume(id, { items: [{ key: 'data-9', path: 'p' }] })],
      containers: [busybox('true', { volumeMounts: [mount('/etc/v')] })],
    });
    e.cluster.advance(20);
    for (const name of ['nobody', 'nokey']) {
      expect(e.podNamed(`${id}-${name}`).status.phase).toBe('Pending');
      expect(e.say(`get events --field-selector involvedObject.name=${id}-${name},reason=FailedMount`)).toContain(
        'MountVolume.SetUp failed for volume "v"',
      );
    }
    expect(
      e.output(`${id}-anyhow`, busybox('echo ok', { volumeMounts: [mount('/etc/v')] }), {
        volumes: [volume('nobody', { optional: true })],
      }),
    ).toBe('ok\n');
  });
});

describe('common/storage/configmap_volume.go, secrets_volume.go', () => {
  it('binary data should be reflected in volume', () => {
    e.create('configmaps', { metadata: { name: 'binary' }, data: { 'data-1': 'value-1' }, binaryData: { 'dump.bin': 'aGVsbG8K' } });
    expect(e.output('binary', reads('/etc/v/data-1 /etc/v/dump.bin'), { volumes: [volumeOf('configMap', false, 'binary')] })).toBe(
      'value-1hello\n',
    );
  });

  it.each(['configMap', 'secret'] as const)('should be immutable if `immutable` field is set: %s', (kind) => {
    const path = e.at(`${kind.toLowerCase()}s`, 'immutable');
    make(kind, 'immutable', { 'data-1': 'value-1' });
    const put = (change: object): number => {
      const old = e.ask<{ readonly data: object; readonly metadata: { readonly labels?: object } }>('GET', path).body;
      return e.ask('PUT', path, { ...old, ...change }).status;
    };
    expect(put({ data: { 'data-2': 'dmFsdWU=' } })).toBe(200);
    expect(put({ immutable: true })).toBe(200);
    expect(put({ data: { 'data-3': 'dmFsdWU=' } })).toBe(422);
    expect([put({ immutable: false }), put({ immutable: undefined })]).toEqual([422, 422]);
    expect(put({ metadata: { name: 'immutable', labels: { a: 'b' } } })).toBe(200);
    expect(e.ask('PATCH', path, { metadata: { labels: { a: 'label' } } }, { 'content-type': MERGE }).status).toBe(200);
    expect(e.ask('DELETE', path).status).toBe(200);
  });

  it('secrets_volume.go: should be able to mount in a volume regardless of a different secret existing with same name in different namespace', () => {
    e.say('create namespace other');
    make('secret', 'same');
    expect(
      e.ask('POST', '/api/v1/namespaces/other/secrets', { metadata: { name: 'same' }, stringData: { 'data-1': 'another' } }).status,
    ).toBe(201);
    expect(e.output('same', reads('/etc/v/data-1'), { volumes: [volumeOf('secret', false, 'same')] })).toBe('value-1\n');
  });
});

describe.each([
  ['downwardapi_volume.go', false],
  ['projected_downwardapi.go', true],
] as const)('common/storage/%s', (file, isProjected) => {
  const id = file.replace(/[_.]/g, '-');
  const volume = (items: readonly object[]): object => ({
    name: 'v',
    ...(isProjected ? { projected: { sources: [{ downwardAPI: { items } }] } } : { downwardAPI: { items } }),
  });
  const field = (path: string, fieldPath: string) => ({ path, fieldRef: { fieldPath } });
  const amount = (path: string, resource: string, divisor?: string) => ({
    path,
    resourceFieldRef: { containerName: 'c', resource, ...(divisor ? { divisor } : {}) },
  });

  it('should provide podname only', () => {
    expect(
      e.output(`${id}-name`, reads('/etc/v/podname'), { volumes: [volume([{ ...field('podname', 'metadata.name'), mode: 256 }])] }),
    ).toBe(`${id}-name\n`);
  });

  it('should update labels, and annotations, on modification', () => {
    e.pod(
      `${id}-labels`,
      {
        volumes: [volume([field('labels', 'metadata.labels'), field('annotations', 'metadata.annotations')])],
        containers: [busybox('sleep 6000', { volumeMounts: [mount('/etc/v')] })],
      },
      { labels: { key1: 'value1', key2: 'value2' }, annotations: { builder: 'bar' } },
    );
    e.running(`${id}-labels`);
    shows(`${id}-labels`, '/etc/v/labels', 'key1="value1"\nkey2="value2"');
    shows(`${id}-labels`, '/etc/v/annotations', 'builder="bar"');
    e.patch('pods', `${id}-labels`, { metadata: { labels: { key3: 'value3' }, annotations: { builder: 'foo' } } });
    shows(`${id}-labels`, '/etc/v/labels', 'key1="value1"\nkey2="value2"\nkey3="value3"');
    shows(`${id}-labels`, '/etc/v/annotations', 'builder="foo"');
  });

  it.each([
    ['cpu limit', 'limits.cpu', '2', undefined],
    ['memory limit', 'limits.memory', '67108864', undefined],
    ['cpu request', 'requests.cpu', '1', undefined],
    ['memory request', 'requests.memory', '33554432', undefined],
    ['memory request in 1Mi', 'requests.memory', '32', '1Mi'],
  ])("should provide container's %s", (what, resource, want, divisor) => {
    expect(
      e.output(
        `${id}-${what.toLowerCase().replaceAll(' ', '-')}`,
        reads('/etc/v/it', undefined, {
          resources: { requests: { cpu: '250m', memory: '32Mi' }, limits: { cpu: '1250m', memory: '64Mi' } },
        }),
        { volumes: [volume([amount('it', resource, divisor)])] },
      ),
    ).toBe(`${want}\n`);
  });

  it.each(['cpu', 'memory'])('should provide node allocatable (%s) as default limit if the limit is not set', (what) => {
    expect(e.output(`${id}-usual-${what}`, reads('/etc/v/it'), { volumes: [volume([amount('it', `limits.${what}`)])] })).toMatch(
      /^[1-9]\d*\n$/,
    );
  });
});

describe('common/storage/projected_combined.go, empty_dir.go', () => {
  it('projected_combined.go: should project all components that make up the projection API', () => {
    make('configMap', 'combined', { 'configmap-data': 'configmap-value-1' });
    make('secret', 'combined', { 'secret-data': 'secret-value-1' });
    const sources = [
      { downwardAPI: { items: [{ path: 'podname', fieldRef: { fieldPath: 'metadata.name' } }] } },
      { secret: { name: 'combined', items: [{ key: 'secret-data', path: 'secret-data' }] } },
      { configMap: { name: 'combined', items: [{ key: 'configmap-data', path: 'configmap-data' }] } },
    ];
    expect(
      e.output('all', reads('/all/podname /all/secret-data /all/configmap-data', [mount('/all')]), {
        volumes: [{ name: 'v', projected: { sources } }],
      }),
    ).toBe('allsecret-value-1configmap-value-1\n');
  });

  it.each([
    ['default medium', {}],
    ['tmpfs', { medium: 'Memory' }],
  ])('empty_dir.go: should support (root,0644,%s)', (what, emptyDir) => {
    expect(
      e.output(
        `empty-${what.split(' ')[0]}`,
        busybox('echo mount-tester new file > /test-volume/test-file; cat /test-volume/test-file', {
          volumeMounts: [mount('/test-volume')],
        }),
        { volumes: [{ name: 'v', emptyDir }] },
      ),
    ).toBe('mount-tester new file\n');
  });

  it('empty_dir.go: pod should support shared volumes between containers', () => {
    e.pod('shared', {
      volumes: [{ name: 'v', emptyDir: {} }],
      terminationGracePeriodSeconds: 1,
      containers: [
        busybox('sleep 100000', { name: 'main', volumeMounts: [mount('/usr/share/volumeshare')] }),
        busybox('echo Hello from the busy-box sub-container > /usr/share/volumeshare/shareddata.txt; sleep 100000', {
          name: 'sub',
          volumeMounts: [mount('/usr/share/volumeshare')],
        }),
      ],
    });
    e.ready('shared');
    expect(e.say('exec shared -c main -- cat /usr/share/volumeshare/shareddata.txt')).toBe('Hello from the busy-box sub-container\n');
    const volumeMounts = [mount('/v')];
    expect(
      e.output('shared-in-turn', busybox('cat /v/data', { volumeMounts }), {
        volumes: [{ name: 'v', emptyDir: {} }],
        initContainers: [busybox('echo Hello > /v/data', { name: 'first', volumeMounts })],
      }),
    ).toBe('Hello\n');
  });

  it('storage/subpath.go: should support subpaths with configmap, secret, downward and projected pods', () => {
    make('configMap', 'sub', { 'configmap-key': 'configmap-value' });
    expect(
      e.output('sub-file', reads('/etc/file', [{ name: 'v', mountPath: '/etc/file', subPath: 'configmap-key' }]), {
        volumes: [volumeOf('configMap', false, 'sub')],
      }),
    ).toBe('configmap-value\n');
    expect(
      e.output(
        'sub-folder',
        busybox('cat /folder/key; ls /folder', { volumeMounts: [{ name: 'v', mountPath: '/folder', subPath: 'a' }] }),
        { volumes: [volumeOf('configMap', true, 'sub', { items: [{ key: 'configmap-key', path: 'a/key' }] })] },
      ),
    ).toBe('configmap-valuekey\n');
  });
});
