/** Upstream: test/e2e/apimachinery/{watch,chunking,table_conversion,discovery,server_version,health_handlers,request_timeout,protocol,field_validation,generated_clientset,watchlist,apiserver_identity}.go (v1.36). */
import { describe, expect, it } from 'vitest';
import { alone, examine, NGINX, podOf, type Any, type Examiner, type Seen } from './examiner.ts';

const KEY = 'watch-this-configmap';
const watching = (e: Examiner, labels: readonly string[], resourceVersion?: string): ReturnType<Examiner['watch']> =>
  e.watch(
    `${e.at('configmaps')}?labelSelector=${encodeURIComponent(`${KEY} in (${labels.join(',')})`)}${resourceVersion === undefined ? '' : `&resourceVersion=${resourceVersion}`}`,
  );
const make = (e: Examiner, name: string, label: string): Any => e.create('configmaps', { metadata: { name, labels: { [KEY]: label } } });
const mutate = (e: Examiner, name: string, value: string): Any =>
  e.retry('configmaps', name, (map) => {
    map.data = { mutation: value };
  });
const relabel = (e: Examiner, name: string, label: string): Any =>
  e.retry('configmaps', name, (map) => {
    map.metadata.labels[KEY] = label;
  });
/** What has been seen, as type and what the object says. */
const seen = (e: Examiner, events: readonly Seen[]): string[] => {
  e.cluster.advance(1);
  return events.map(({ type, object }) => `${type} ${object.metadata.name} ${object.data?.mutation ?? '-'}`);
};

describe('apimachinery/watch.go', () => {
  it('should observe add, update, and delete watch notifications on configmaps', () => {
    const e = examine();
    const [a, b, ab] = [watching(e, ['A']), watching(e, ['B']), watching(e, ['A', 'B'])];
    const objects = [make(e, 'a', 'A'), mutate(e, 'a', '1'), mutate(e, 'a', '2')];
    e.remove('configmaps', 'a');
    make(e, 'b', 'B');
    e.remove('configmaps', 'b');
    const [forA, forB] = [
      ['ADDED a -', 'MODIFIED a 1', 'MODIFIED a 2', 'DELETED a 2'],
      ['ADDED b -', 'DELETED b -'],
    ];
    expect([seen(e, a.events), seen(e, b.events), seen(e, ab.events)]).toEqual([forA, forB, [...forA, ...forB]]);
    expect(a.events.slice(0, 3).map((event) => event.object)).toEqual(objects);
    for (const watch of [a, b, ab]) watch.stop();
  });

  it('should be able to start watching from a specific resource version', () => {
    const e = examine();
    make(e, 'past', 'from');
    const first = mutate(e, 'past', '1');
    mutate(e, 'past', '2');
    e.remove('configmaps', 'past');
    const watch = watching(e, ['from'], first.metadata.resourceVersion);
    expect(seen(e, watch.events)).toEqual(['MODIFIED past 2', 'DELETED past 2']);
    watch.stop();
  });

  it('should be able to restart watching from the last resource version observed by the previous watch', () => {
    const e = examine();
    const broken = watching(e, ['again']);
    make(e, 'closed', 'again');
    mutate(e, 'closed', '1');
    expect(seen(e, broken.events)).toEqual(['ADDED closed -', 'MODIFIED closed 1']);
    broken.stop();
    mutate(e, 'closed', '2');
    const restarted = watching(e, ['again'], broken.events[1].object.metadata.resourceVersion);
    e.remove('configmaps', 'closed');
    expect(seen(e, restarted.events)).toEqual(['MODIFIED closed 2', 'DELETED closed 2']);
    restarted.stop();
  });

  it('should observe an object deletion if it stops meeting the requirements of the selector', () => {
    const e = examine();
    const watch = watching(e, ['restored']);
    make(e, 'changed', 'restored');
    mutate(e, 'changed', '1');
    relabel(e, 'changed', 'wrong');
    expect(seen(e, watch.events)).toEqual(['ADDED changed -', 'MODIFIED changed 1', 'DELETED changed 1']);
    mutate(e, 'changed', '2');
    expect(seen(e, watch.events)).toHaveLength(3);
    relabel(e, 'changed', 'restored');
    mutate(e, 'changed', '3');
    e.remove('configmaps', 'changed');
    expect(seen(e, watch.events).slice(3)).toEqual(['ADDED changed 2', 'MODIFIED changed 3', 'DELETED changed 3']);
    watch.stop();
  });

  it('should receive events on concurrent watches in same order', () => {
    const e = examine();
    let version = e.ask('GET', e.at('configmaps')).body.metadata.resourceVersion as string;
    const watches: ReturnType<Examiner['watch']>[] = [];
    const existing: string[] = [];
    for (let i = 0; i < 30; i++) {
      const watch = e.watch(`${e.at('configmaps')}?resourceVersion=${version}`);
      watches.push(watch);
      if (existing.length === 0 || i % 3 === 0) {
        existing.push(`cm-${i}`);
        e.create('configmaps', { metadata: { name: `cm-${i}` } });
      } else if (i % 3 === 1) e.update('configmaps', { metadata: { name: existing[0] }, data: { i: `${i}` } });
      else e.remove('configmaps', existing.shift() ?? '');
      e.cluster.advance(0.1);
      version = watches[0].events[i].object.metadata.resourceVersion;
    }
    const versions = watches.map((watch) => {
      watch.stop();
      return watch.events.map((event) => event.object.metadata.resourceVersion);
    });
    versions.forEach((mine, i) => expect(mine).toEqual(versions[0].slice(i)));
  });
});

describe('apimachinery/chunking.go', () => {
  const TOTAL = 60;
  const names = (list: Any): string[] => list.items.map((item: Any) => item.metadata.name);
  const all = Array.from({ length: TOTAL }, (_, i) => `template-${String(i).padStart(4, '0')}`);

  it('should return chunks of results for list calls', () => {
    const e = examine();
    for (const name of all) e.create('leases', { metadata: { name } });
    for (const limit of [7, 13, 60, 61]) {
      const found: string[] = [];
      for (let at = '', version = ''; ;) {
        const { body } = e.ask('GET', `${e.at('leases')}?limit=${limit}${at && `&continue=${at}`}`);
        expect(body.items.length).toBeLessThanOrEqual(limit);
        version ||= body.metadata.resourceVersion;
        expect(body.metadata.resourceVersion).toBe(version);
        expect(body.metadata.remainingItemCount).toBe(body.metadata.continue ? TOTAL - found.length - body.items.length : undefined);
        found.push(...names(body));
        if (!body.metadata.continue) break;
        at = body.metadata.continue;
      }
      expect(found).toEqual(all);
    }
  });

  it('should support continue listing from the last key if the original version has been compacted away, though the list is inconsistent', () => {
    const e = alone({ workers: 0 });
    for (const name of all) e.create('leases', { metadata: { name } });
    const first = e.ask('GET', `${e.at('leases')}?limit=6`).body;
    expect(first.metadata.remainingItemCount).toBe(TOTAL - 6);
    let gone: Any;
    e.until(() => {
      e.cluster.advance(20);
      gone = e.ask('GET', `${e.at('leases')}?limit=6&continue=${first.metadata.continue}`);
      return gone.status === 410;
    }, 1200);
    expect(gone.body).toMatchObject({ reason: 'Expired', metadata: { continue: expect.stringMatching(/./) as string } });
    const found = names(first);
    for (let at = gone.body.metadata.continue as string | undefined, version = ''; at;) {
      const { body } = e.ask('GET', `${e.at('leases')}?limit=6&continue=${at}`);
      version ||= body.metadata.resourceVersion;
      expect(body.metadata.resourceVersion).toBe(version);
      expect(version).not.toBe(first.metadata.resourceVersion);
      found.push(...names(body));
      at = body.metadata.continue;
    }
    expect(found).toEqual(all);
  });
});

describe('apimachinery/table_conversion.go', () => {
  const table = (e: Examiner, path: string, version = 'v1beta1'): Any =>
    e.ask('GET', path, undefined, { accept: `application/json;as=Table;v=${version};g=meta.k8s.io` });
  it('should return pod details', () => {
    const e = examine();
    e.create(
      'pods',
      podOf('pod-1', { restartPolicy: 'Never', containers: [{ name: 'c', image: NGINX, ports: [{ containerPort: 8080 }] }] }),
    );
    for (const version of ['v1', 'v1beta1']) {
      const { body } = table(e, e.at('pods', 'pod-1'), version);
      expect(body).toMatchObject({
        kind: 'Table',
        apiVersion: `meta.k8s.io/${version}`,
        rows: [{ cells: expect.arrayContaining(['pod-1']) as string[] }],
      });
      expect([body.columnDefinitions[0].name, body.rows[0].cells[0], body.rows[0].cells.length]).toEqual([
        'Name',
        'pod-1',
        body.columnDefinitions.length,
      ]);
    }
  });
  it('should return chunks of table results for list calls', () => {
    const e = examine();
    for (let i = 0; i < 5; i++) e.create('secrets', { metadata: { name: `template-000${i}` } });
    const first = table(e, `${e.at('secrets')}?limit=2`).body;
    expect([first.rows.map((row: Any) => row.cells[0]), Boolean(first.metadata.resourceVersion), Boolean(first.metadata.continue)]).toEqual(
      [['template-0000', 'template-0001'], true, true],
    );
    expect(table(e, `${e.at('secrets')}?continue=${first.metadata.continue}`).body.rows[0].cells[0]).toBe('template-0002');
  });
  it('should return generic metadata details across all namespaces for nodes', () => {
    const { body } = table(examine(), '/api/v1/nodes');
    expect([body.rows.length, body.rows[0].cells.length, body.columnDefinitions[0].name, Boolean(body.metadata.resourceVersion)]).toEqual([
      4,
      body.columnDefinitions.length,
      'Name',
      true,
    ]);
  });
  it('should return a 406 for a backend which does not implement metadata', () => {
    const { status, body } = examine().ask(
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      { spec: { nonResourceAttributes: { path: '/', verb: 'get' } } },
      { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    );
    expect([status, body.code]).toEqual([406, 406]);
  });
});

describe('apimachinery/discovery.go', () => {
  const SERVED = [
    ['/api/v1', 'namespaces'],
    ['/apis/apps/v1', 'deployments'],
    ['/apis/authorization.k8s.io/v1', 'selfsubjectaccessreviews'],
    ['/apis/authentication.k8s.io/v1', 'selfsubjectreviews'],
    ['/apis/coordination.k8s.io/v1', 'leases'],
    ['/apis/discovery.k8s.io/v1', 'endpointslices'],
  ] as const;
  it('should accurately determine present and missing resources', () => {
    const e = examine();
    const has = (groupVersion: string, name: string): boolean => {
      const { status, body } = e.ask('GET', groupVersion);
      return status === 200 && body.resources.some((r: Any) => r.name === name);
    };
    expect([
      has('/api/v1', 'namespaces'),
      has('/apis/apps/v1', 'deployments'),
      has('/apis/apps/v1', 'please-dont-ever-create-this'),
      has('/apis/not-these-apps/v1', 'deployments'),
    ]).toEqual([true, true, false, false]);
    expect(e.ask('GET', '/apis/not-these-apps/v1').status).toBe(404);
  });
  it('should validate PreferredVersion for each APIGroup', () => {
    const e = examine();
    const { groups } = e.ask('GET', '/apis/').body;
    expect(groups.length).toBeGreaterThan(0);
    for (const { name } of groups) {
      const { versions, preferredVersion } = e.ask('GET', `/apis/${name}/`).body;
      expect(versions.map((v: Any) => v.groupVersion)).toContain(preferredVersion.groupVersion);
    }
  });
  it.each(SERVED)('should locate the groupVersion and a resource within each APIGroup: %s %s', (path, resource) => {
    const { body } = examine().ask('GET', path);
    expect([body.kind, body.groupVersion]).toEqual(['APIResourceList', path.replace(/^\/apis?\//, '')]);
    expect(body.resources.map((r: Any) => r.name)).toContain(resource);
  });
});

describe('apimachinery/server_version.go, health_handlers.go, request_timeout.go, apiserver_identity.go', () => {
  it('should find the server version', () => {
    const { major, minor, emulationMajor, emulationMinor, minCompatibilityMajor, minCompatibilityMinor } = examine().ask(
      'GET',
      '/version',
    ).body;
    expect([major, minor]).toEqual([expect.stringMatching(/^[1-9]\d*$/), expect.stringMatching(/^\d+\+?$/)]);
    // pkg/controlplane/instance_test.go TestVersion (v1.36); the least compatible version is the one before.
    expect([emulationMajor, emulationMinor]).toEqual([major, minor]);
    expect([minCompatibilityMajor, minCompatibilityMinor]).toEqual([major, String(Number(minor) - 1)]);
  });
  it.each(['/healthz', '/livez', '/readyz'])('should contain necessary checks: %s', (path) => {
    const e = examine();
    expect(e.ask('GET', path)).toMatchObject({ status: 200, body: 'ok' });
    const { status, body } = e.ask('GET', `${path}?verbose=1`);
    const needed = [
      'ping',
      'log',
      'etcd',
      'poststarthook/start-apiserver-admission-initializer',
      'poststarthook/generic-apiserver-start-informers',
      'poststarthook/start-system-namespaces-controller',
      'poststarthook/start-cluster-authentication-info-controller',
      ...(path === '/readyz' ? ['informer-sync'] : []),
    ];
    expect([status, needed.filter((check) => !String(body).split('\n').includes(`[+]${check} ok`))]).toEqual([200, []]);
  });
  it('should return HTTP status code 400 if the user specifies an invalid timeout in the request URL', () => {
    const { status, body } = examine().ask('GET', '/version?timeout=invalid');
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining('invalid timeout specified in the request URL')]);
  });
  it.each(['3m', '0s'])(
    'the request should be served with a default timeout if the specified timeout in the request URL exceeds maximum allowed, or is 0s: %s',
    (timeout) => expect(examine().ask('GET', `/version?timeout=${timeout}`).status).toBe(200),
  );
  it('kube-apiserver identity should persist after restart', () => {
    const e = alone({ workers: 0 });
    const leases = (): string[] =>
      e
        .ask(
          'GET',
          '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases?labelSelector=apiserver.kubernetes.io%2Fidentity%3Dkube-apiserver',
        )
        .body.items.map((lease: Any) => `${lease.metadata.name} ${lease.metadata.uid}`);
    const before = leases();
    expect(before).toHaveLength(1);
    e.cluster.fault({ do: 'kill', what: 'cp-1/kube-apiserver' });
    e.cluster.advance(60);
    expect(leases()).toEqual(before);
  });
});

describe('apimachinery/protocol.go', () => {
  it.each([
    'application/json',
    'application/vnd.kubernetes.protobuf,application/json',
    'application/json,application/vnd.kubernetes.protobuf',
  ])('watch and report errors with accept %s', (accept) => {
    const e = examine();
    const before = e.ask('GET', e.at('configmaps')).body.metadata.resourceVersion;
    e.create('configmaps', { metadata: { name: 'negotiation' } });
    const events: Seen[] = [];
    const watch = e.cluster.watch(
      `${e.at('configmaps')}?resourceVersion=${before}&fieldSelector=metadata.name%3Dnegotiation`,
      (event) => void events.push(event),
      { headers: { accept } },
    );
    e.until(() => events.length > 0);
    watch.stop();
    expect(events[0]).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'negotiation' } } });
  });
});

describe('apimachinery/field_validation.go', () => {
  const body = (metadata: string, spec: string): string =>
    `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"my-dep",${metadata}"labels":{"app":"nginx"}},"spec":{${spec}"selector":{"matchLabels":{"app":"nginx"}},"template":{"metadata":{"labels":{"app":"nginx"}},"spec":{"containers":[{"name":"nginx","image":"nginx:latest"}]}}}}`;
  it.each([
    [
      'should detect unknown and duplicate fields of a typed object',
      '',
      '"unknownField":"foo","replicas":2,"replicas":3,',
      'strict decoding error: unknown field "spec.unknownField", duplicate field "spec.replicas"',
    ],
    [
      'should detect unknown metadata fields of a typed object',
      '"unknownMeta":"foo",',
      '',
      'strict decoding error: unknown field "metadata.unknownMeta"',
    ],
  ])('%s', (_, metadata, spec, message) => {
    const e = examine();
    const answer = e.ask('POST', `${e.at('deployments')}?fieldManager=field_validation_mgr&fieldValidation=Strict`, body(metadata, spec), {
      'content-type': 'application/json',
    });
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining(message)]);
  });
});

describe('apimachinery/generated_clientset.go', () => {
  it('should create pods, set the deletionTimestamp and deletionGracePeriodSeconds of the pod', () => {
    const e = examine();
    const { items, metadata } = e.ask('GET', `${e.at('pods')}?labelSelector=time%3D7`).body;
    expect(items).toEqual([]);
    const watch = e.watch(`${e.at('pods')}?labelSelector=time%3D7&resourceVersion=${metadata.resourceVersion}`);
    const pod = e.create(
      'pods',
      podOf(
        'pod7',
        {
          containers: [
            {
              name: 'nginx',
              image: NGINX,
              ports: [{ containerPort: 80 }],
              livenessProbe: { httpGet: { path: '/index.html', port: 8080 }, initialDelaySeconds: 30 },
            },
          ],
        },
        { labels: { name: 'foo', time: '7' } },
      ),
    );
    expect(e.ask('GET', `${e.at('pods')}?labelSelector=time%3D7&resourceVersion=${pod.metadata.resourceVersion}`).body.items).toHaveLength(
      1,
    );
    e.until(() => e.get('pods', 'pod7').status.phase === 'Running');
    expect(watch.events[0].type).toBe('ADDED');
    e.remove('pods', 'pod7', { gracePeriodSeconds: 31 });
    e.until(() =>
      watch.events.some(
        ({ type, object }) =>
          type === 'MODIFIED' && object.metadata.deletionTimestamp !== undefined && object.metadata.deletionGracePeriodSeconds === 31,
      ),
    );
    watch.stop();
  });
});

describe('apimachinery/watchlist.go', () => {
  const OPTIONS = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const five = (e: Examiner): Any[] =>
    Array.from({ length: 5 }, (_, i) => e.create('secrets', { metadata: { name: `secret-${i + 1}`, labels: { watchlist: 'true' } } }));
  it('should be requested by informers when WatchListClient is enabled', () => {
    const e = examine();
    const secrets = five(e);
    const watch = e.watch(`${e.at('secrets')}?${OPTIONS}&labelSelector=watchlist%3Dtrue`);
    e.until(() =>
      watch.events.some(({ type, object }) => type === 'BOOKMARK' && object.metadata.annotations?.['k8s.io/initial-events-end'] === 'true'),
    );
    expect(watch.events.filter((event) => event.type === 'ADDED').map((event) => event.object)).toEqual(secrets);
    const secret = e.retry('secrets', 'secret-1', (one) => {
      one.stringData = { foo: 'bar' };
    });
    e.until(() => watch.events.some((event) => event.type === 'MODIFIED'));
    expect(watch.events.at(-1)?.object).toEqual(secret);
    expect(secret).toMatchObject({ data: { foo: 'YmFy' } });
    watch.stop();
  });
});
