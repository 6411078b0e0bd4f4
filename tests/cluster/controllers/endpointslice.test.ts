import { describe, expect, it } from 'vitest';
import type { V1Endpoint, V1EndpointSlice, V1Pod, V1Service } from '../../../src/api/schema/kubernetes.ts';
import { shareOut } from '../../../src/cluster/controllers/endpoints/slices.ts';
import { reconcile } from '../../../src/cluster/controllers/reconcile-part.ts';

const service = (spec: object = {}, metadata: object = {}): V1Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default', uid: 's', ...metadata },
  spec: { selector: { app: 'web' }, clusterIP: '10.254.0.9', ports: [{ name: 'http', port: 80, targetPort: 'web' }], ...spec },
});
const pod = (
  i: number,
  { ready = true, metadata = {}, status = {} }: { ready?: boolean; metadata?: object; status?: object } = {},
): V1Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `web-${String(i).padStart(3, '0')}`, namespace: 'default', uid: `p${i}`, labels: { app: 'web' }, ...metadata },
  spec: { nodeName: 'w1', containers: [{ name: 'c', ports: [{ name: 'web', containerPort: 8080 }] }] },
  status: { phase: 'Running', podIP: `10.200.0.${i + 2}`, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }], ...status },
});
const run = (...objects: (V1Service | V1Pod | V1EndpointSlice)[]) => reconcile('endpointslice', { key: 'default/web', objects });
const made = (...objects: (V1Service | V1Pod | V1EndpointSlice)[]): V1EndpointSlice => run(...objects).writes[0].body as V1EndpointSlice;

/** Upstream: TestPodToEndpoint, endpointslice/utils_test.go. */
describe('an endpoint', () => {
  const table: readonly (readonly [string, Parameters<typeof pod>[1], object, V1Endpoint['conditions']])[] = [
    ['Ready pod', {}, {}, { ready: true, serving: true, terminating: false }],
    ['Ready pod + publishNotReadyAddresses', {}, { publishNotReadyAddresses: true }, { ready: true, serving: true, terminating: false }],
    ['Unready pod', { ready: false }, {}, { ready: false, serving: false, terminating: false }],
    [
      'Unready pod + publishNotReadyAddresses',
      { ready: false },
      { publishNotReadyAddresses: true },
      { ready: true, serving: false, terminating: false },
    ],
    [
      'Ready, terminating pod',
      { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } },
      {},
      { ready: false, serving: true, terminating: true },
    ],
    [
      'Not ready, terminating pod',
      { ready: false, metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } },
      {},
      { ready: false, serving: false, terminating: true },
    ],
  ];
  for (const [name, options, spec, conditions] of table)
    it(name, () =>
      expect(made(service(spec), pod(0, options)).endpoints?.[0]).toEqual({
        addresses: ['10.200.0.2'],
        conditions,
        nodeName: 'w1',
        targetRef: { kind: 'Pod', namespace: 'default', name: 'web-000', uid: 'p0' },
      }),
    );
});

/** Upstream: endpointslice/trafficdist/trafficdist_test.go TestReconcileHints; reconciler.go hintsEnabled. */
describe('for whom an endpoint is near', () => {
  const machine = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'w1', labels: { 'topology.kubernetes.io/zone': 'a' } } };
  const near = (
    trafficDistribution: string | undefined,
    { ready = true, annotations = {}, nodes = [machine] as object[] } = {},
  ): V1Endpoint['hints'] =>
    (
      reconcile('endpointslice', {
        key: 'default/web',
        objects: [service({ trafficDistribution }, { annotations }), pod(0, { ready }), ...nodes],
      }).writes[0].body as V1EndpointSlice
    ).endpoints?.[0].hints;
  const zone = { forZones: [{ name: 'a' }] };
  it.each([
    ['PreferClose', zone],
    ['PreferSameZone', zone],
    ['PreferSameNode', { ...zone, forNodes: [{ name: 'w1' }] }],
    ['Unknown', undefined],
    [undefined, undefined],
  ])('%s', (how, hints) => expect(near(how)).toEqual(hints));
  it('nobody while it is not ready, by an older annotation, or when its zone is not known', () => {
    expect(near('PreferClose', { ready: false })).toBeUndefined();
    expect(near('PreferClose', { annotations: { 'service.kubernetes.io/topology-mode': 'Auto' } })).toBeUndefined();
    expect([near('PreferClose', { nodes: [] }), near('PreferSameNode', { nodes: [] })]).toEqual([
      undefined,
      { forNodes: [{ name: 'w1' }] },
    ]);
  });
  it('a wrong hint is set right, and one that nobody asks for goes', () => {
    const first = reconcile('endpointslice', {
      key: 'default/web',
      objects: [service({ trafficDistribution: 'PreferClose' }), pod(0), machine],
    }).writes[0].body as V1EndpointSlice;
    const slice = (hints: object): V1EndpointSlice => ({
      ...first,
      kind: 'EndpointSlice',
      metadata: { ...first.metadata, name: 'web-abc' },
      endpoints: first.endpoints?.map((one) => ({ ...one, hints })),
    });
    const after = (how: string | undefined, hints: object): unknown =>
      reconcile('endpointslice', {
        key: 'default/web',
        objects: [service({ trafficDistribution: how }), pod(0), machine, slice(hints)],
      }).writes.map(({ method, body }) => [method, (body as V1EndpointSlice).endpoints?.[0].hints]);
    expect(after('PreferClose', { forZones: [{ name: 'b' }] })).toEqual([['PUT', zone]]);
    expect(after('PreferClose', zone)).toEqual([]);
    expect(after(undefined, zone)).toEqual([['PUT', undefined]]);
  });
});

describe('the slices of a Service', () => {
  it('the first is there though nobody is selected', () => {
    const slice = made(service());
    expect(slice).toMatchObject({
      metadata: {
        generateName: 'web-',
        labels: { 'kubernetes.io/service-name': 'web', 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' },
        ownerReferences: [{ kind: 'Service', name: 'web', uid: 's', controller: true, blockOwnerDeletion: true }],
      },
      addressType: 'IPv4',
      endpoints: [],
      ports: [],
    });
  });
  it('named target ports are looked up in the pod', () =>
    expect(made(service(), pod(0)).ports).toEqual([{ name: 'http', port: 8080, protocol: 'TCP' }]));
  it('and in its sidecars', () =>
    expect(
      made(service(), {
        ...pod(0),
        spec: {
          containers: [],
          initContainers: [
            { name: 'i', ports: [{ name: 'web', containerPort: 1 }] },
            { name: 's', restartPolicy: 'Always', ports: [{ name: 'web', containerPort: 9090 }] },
          ],
        },
      }).ports,
    ).toEqual([{ name: 'http', port: 9090, protocol: 'TCP' }]));
  it('a headless Service is marked, the Service has its labels passed on', () =>
    expect(made(service({ clusterIP: 'None' }, { labels: { team: 'a', 'kubernetes.io/service-name': 'x' } })).metadata?.labels).toEqual({
      team: 'a',
      'kubernetes.io/service-name': 'web',
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      'service.kubernetes.io/headless': '',
    }));
  it('ended pods and pods without an address are left out', () =>
    expect(made(service(), pod(0, { status: { podIP: undefined } }), pod(1, { status: { phase: 'Failed' } })).endpoints).toEqual([]));
  it('a Service without a selector is left alone', () => expect(run(service({ selector: undefined }), pod(0)).writes).toEqual([]));
  it('a slice that is right is not written again', () => {
    const slice = { ...made(service(), pod(0)), kind: 'EndpointSlice' } as V1EndpointSlice;
    expect(run(service(), pod(0), { ...slice, metadata: { ...slice.metadata, name: 'web-abc', namespace: 'default' } }).writes).toEqual([]);
  });
  /** Upstream: TestReconcilerFinalizeSvcDeletionTimestamp, endpointslice/reconciler_test.go. */
  it('of one that goes are kept right, and none is new', () => {
    const going = service({}, { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['example.com/a'] });
    expect(run(going, pod(0)).writes).toEqual([]);
    const slice = { ...made(service(), pod(0)), kind: 'EndpointSlice' } as V1EndpointSlice;
    const { writes } = run(going, pod(0, { ready: false }), {
      ...slice,
      metadata: { ...slice.metadata, name: 'web-abc', namespace: 'default' },
    });
    expect(writes).toMatchObject([{ method: 'PUT', body: { endpoints: [{ conditions: { ready: false } }] } }]);
  });
  it('250 pods make slices of 100, 100 and 50', () =>
    expect(
      run(service(), ...Array.from({ length: 250 }, (_, i) => pod(i))).writes.map((w) => (w.body as V1EndpointSlice).endpoints?.length),
    ).toEqual([100, 100, 50]));
});

/** Upstream: TestReconcileEndpointSlicesSomePreexisting and …Updating, endpointslice/reconciler_test.go. */
describe('few slices change', () => {
  const endpoint = (i: number): V1Endpoint => ({ addresses: [`10.0.${i >> 8}.${i & 255}`], targetRef: { uid: `p${i}` } });
  const range = (from: number, to: number): V1Endpoint[] => Array.from({ length: to - from }, (_, i) => endpoint(from + i));
  const slice = (name: string, endpoints: readonly V1Endpoint[]): V1EndpointSlice => ({
    metadata: { name },
    addressType: 'IPv4',
    endpoints,
  });
  const sizes = (filled: ReturnType<typeof shareOut>): string[] =>
    filled.map((f) => `${f.slice?.metadata?.name ?? 'new'} ${f.endpoints.length}`);
  it('250 wanted, 62 and 61 held: one new slice (0 -> 100) and one updated slice (62 -> 89)', () =>
    expect(sizes(shareOut(range(0, 250), [slice('a', range(0, 62)), slice('b', range(62, 123))]))).toEqual(['a 89', 'b 61', 'new 100']));
  it('a change is where new ones go', () =>
    expect(sizes(shareOut([...range(0, 80), ...range(120, 130)], [slice('a', range(0, 50)), slice('b', range(50, 90))]))).toEqual([
      'a 50',
      'b 40',
    ]));
  it('a slice that loses all is dropped', () =>
    expect(sizes(shareOut(range(0, 10), [slice('a', range(0, 10)), slice('b', range(10, 20))]))).toEqual(['a 10']));
});
