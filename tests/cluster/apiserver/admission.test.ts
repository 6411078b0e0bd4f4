/** Cases: plugin/pkg/admission/{serviceaccount,priority,defaulttolerationseconds}/admission_test.go, staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission_test.go, pkg/apis/core/v1/defaults_test.go (v1.36). */
import { describe, expect, it } from 'vitest';
import { admit } from '../../../src/cluster/apiserver/admit-part.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import { openCluster } from '../../../src/engine/headless.ts';
import type { V1Pod } from '../../../src/api/schema/kubernetes.ts';

const TOKENS = '/var/run/secrets/kubernetes.io/serviceaccount';
const pod = (spec: object = {}, metadata: object = {}): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'ns', ...metadata },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  }) as KubeObject;
const account = (more: object = {}, name = 'default'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace: 'ns' },
  ...more,
});
const of = (object: KubeObject, objects?: readonly KubeObject[]): V1Pod => {
  const outcome = admit({ operation: 'CREATE', object, ...(objects ? { objects } : {}) });
  if ('status' in outcome) throw new Error(outcome.status.message);
  return outcome.object as V1Pod;
};
const refusal = (object: KubeObject, objects?: readonly KubeObject[]): string => {
  const outcome = admit({ operation: 'CREATE', object, ...(objects ? { objects } : {}) });
  return 'status' in outcome ? (outcome.status.message ?? '') : '';
};

describe("a pod's account", () => {
  it('is the default one, by either name', () => {
    expect([of(pod()).spec?.serviceAccountName, of(pod({ serviceAccountName: '' })).spec?.serviceAccountName]).toEqual([
      'default',
      'default',
    ]);
    expect(of(pod({ serviceAccount: 'old' }), [account({}, 'old')]).spec).toMatchObject({
      serviceAccountName: 'old',
      serviceAccount: 'old',
    });
  });
  it('must be there', () =>
    expect(refusal(pod({ serviceAccountName: 'nobody' }), [account()])).toBe(
      'pods "p" is forbidden: error looking up service account ns/nobody: serviceaccount "nobody" not found',
    ));
  it('mounts its token into every container, once', () => {
    const { spec } = of(
      pod({
        initContainers: [{ name: 'i', image: 'i' }],
        containers: [{ name: 'c', image: 'i', volumeMounts: [{ name: 'v', mountPath: TOKENS }] }],
        volumes: [{ name: 'v' }],
      }),
    );
    expect([
      spec?.initContainers?.[0].volumeMounts?.map((m) => m.mountPath),
      spec?.containers[0].volumeMounts?.length,
      spec?.volumes?.length,
    ]).toEqual([[TOKENS], 1, 2]);
    expect(
      of(pod({ containers: [{ name: 'c', image: 'i', volumeMounts: [{ name: 'v', mountPath: TOKENS }] }], volumes: [{ name: 'v' }] })).spec
        ?.volumes?.length,
    ).toBe(1);
  });
  it('may keep its token, and so may the pod', () => {
    const mounts = (object: KubeObject, objects?: readonly KubeObject[]): boolean => (of(object, objects).spec?.volumes ?? []).length > 0;
    expect([
      mounts(pod()),
      mounts(pod({ automountServiceAccountToken: false })),
      mounts(pod(), [account({ automountServiceAccountToken: false })]),
      mounts(pod({ automountServiceAccountToken: true }), [account({ automountServiceAccountToken: false })]),
    ]).toEqual([true, false, false, true]);
  });
  it('lends its pull secrets to a pod without any', () => {
    const has = [account({ imagePullSecrets: [{ name: 'foo' }] })];
    expect([of(pod(), has).spec?.imagePullSecrets, of(pod({ imagePullSecrets: [{ name: 'bar' }] }), has).spec?.imagePullSecrets]).toEqual([
      [{ name: 'foo' }],
      [{ name: 'bar' }],
    ]);
  });
  it('is not for mirrors', () => {
    const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
    expect(of(pod({ nodeName: 'n' }, mirror)).spec).not.toHaveProperty('serviceAccountName');
    expect(refusal(pod({ nodeName: 'n', serviceAccountName: 'default' }, mirror))).toBe(
      'pods "p" is forbidden: a mirror pod may not reference service accounts',
    );
    expect(refusal(pod({ nodeName: 'n', volumes: [{ name: 'v', secret: { secretName: 's' } }] }, mirror))).toBe(
      'pods "p" is forbidden: a mirror pod may not reference secrets',
    );
  });
});

/** Upstream: plugin/pkg/admission/podtopologylabels/admission_test.go TestPodTopology; pkg/registry/core/pod/storage/storage.go setPodNodeAndMetadata. */
describe('where a pod is', () => {
  const [ZONE, REGION] = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: 'n',
      labels: { [ZONE]: 'zone1', [REGION]: 'region1', 'topology.kubernetes.io/arbitrary': 'x', 'non-topology.kubernetes.io/label': 'y' },
    },
  };
  const there = { [ZONE]: 'zone1', [REGION]: 'region1' };
  const bound = (binding: object, metadata: object = {}): V1Pod => {
    const cluster = openCluster({ topology: { workers: [{ name: 'n', labels: node.metadata.labels }] } });
    const path = '/api/v1/namespaces/default/pods';
    cluster.request({
      method: 'POST',
      path,
      body: { metadata: { name: 'p', ...metadata }, spec: { schedulerName: 'nobody', containers: [{ name: 'c', image: 'nginx' }] } },
    });
    cluster.request({ method: 'POST', path: `${path}/p/binding`, body: { target: { kind: 'Node', name: 'n' }, ...binding } });
    return cluster.request({ method: 'GET', path: `${path}/p` }).body as V1Pod;
  };
  it('is said by its labels from when it is bound', () => expect(bound({}).metadata?.labels).toEqual(there));
  it('unless the Binding says otherwise; what the pod said before is forgotten', () => {
    const { labels, annotations } =
      bound(
        { metadata: { labels: { [ZONE]: 'other', a: 'b' }, annotations: { why: 'so' } } },
        { labels: { [REGION]: 'mine', own: 'x' }, annotations: { why: 'not', own: 'y' } },
      ).metadata ?? {};
    expect([labels, annotations]).toEqual([
      { [ZONE]: 'other', [REGION]: 'region1', a: 'b', own: 'x' },
      { why: 'so', own: 'y' },
    ]);
  });
  it('is said by one that names its machine, where it does not say so itself', () => {
    const objects = [node, account()];
    expect(of(pod({ nodeName: 'n' }, { labels: { [ZONE]: 'mine' } }), objects).metadata?.labels).toEqual({
      [ZONE]: 'mine',
      [REGION]: 'region1',
    });
    expect(of(pod({ nodeName: 'nowhere' }), objects).metadata).not.toHaveProperty('labels');
    expect(of(pod(), objects).metadata).not.toHaveProperty('labels');
  });
});

describe("a pod's priority", () => {
  it.each<[string, object, number]>([
    ['none', {}, 0],
    ["a critical machine's", { priorityClassName: 'system-node-critical' }, 2000001000],
    ["a critical cluster's", { priorityClassName: 'system-cluster-critical' }, 2000000000],
    ['its own, when it is the same', { priority: 0 }, 0],
  ])('%s', (_, spec, priority) => {
    expect(of(pod(spec)).spec).toMatchObject({ priority, preemptionPolicy: 'PreemptLowerPriority' });
  });
  it.each<[string, object, string]>([
    ['of no class', { priorityClassName: 'foo' }, 'no PriorityClass with name foo was found'],
    [
      'as a number',
      { priority: 1000 },
      'the integer value of priority (1000) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    ],
    [
      'with a policy',
      { preemptionPolicy: 'Never' },
      'the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name',
    ],
  ])('%s is refused', (_, spec, why) => {
    expect(refusal(pod(spec))).toBe(`pods "p" is forbidden: ${why}`);
  });
  it('stays through an update that does not name it', () => {
    const old = of(pod());
    const { priority: _p, preemptionPolicy: _y, ...spec } = old.spec ?? { containers: [] };
    expect(
      admit({
        operation: 'UPDATE',
        object: { ...old, metadata: { ...old.metadata, labels: { a: 'b' } }, spec } as KubeObject,
        old: old as KubeObject,
      }),
    ).toMatchObject({ object: { spec: { priority: 0, preemptionPolicy: 'PreemptLowerPriority' } } });
  });
});

const NOT_READY = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 };
const UNREACHABLE = { ...NOT_READY, key: 'node.kubernetes.io/unreachable' };
it.each<[string, readonly object[], readonly object[]]>([
  ['none', [], [NOT_READY, UNREACHABLE]],
  [
    'another',
    [{ key: 'foo', operator: 'Equal', value: 'bar', effect: 'NoSchedule' }],
    [{ key: 'foo', operator: 'Equal', value: 'bar', effect: 'NoSchedule' }, NOT_READY, UNREACHABLE],
  ],
  [
    'one for machines that are not ready',
    [{ ...NOT_READY, tolerationSeconds: 700 }],
    [{ ...NOT_READY, tolerationSeconds: 700 }, UNREACHABLE],
  ],
  [
    'one for machines that are unreachable, forever',
    [{ key: UNREACHABLE.key, operator: 'Exists' }],
    [{ key: UNREACHABLE.key, operator: 'Exists' }, NOT_READY],
  ],
  [
    'both',
    [
      { ...UNREACHABLE, tolerationSeconds: 1 },
      { ...NOT_READY, tolerationSeconds: 2 },
    ],
    [
      { ...UNREACHABLE, tolerationSeconds: 1 },
      { ...NOT_READY, tolerationSeconds: 2 },
    ],
  ],
  ['one for everything', [{ operator: 'Exists' }], [{ operator: 'Exists' }]],
])('tolerations: %s', (_, given, expected) => {
  expect(of(pod({ tolerations: given })).spec?.tolerations).toEqual(expected);
});

describe('a namespace', () => {
  const space = (name: string, more: object = {}): KubeObject =>
    ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, ...more }) as KubeObject;
  it('must be there', () => expect(refusal(pod(), [space('other'), account()])).toBe('namespaces "ns" not found'));
  it('takes nothing new while it ends', () => {
    const outcome = admit({ operation: 'CREATE', object: pod(), objects: [space('ns', { status: { phase: 'Terminating' } }), account()] });
    expect(outcome).toMatchObject({
      status: {
        code: 403,
        message: 'pods "p" is forbidden: unable to create new content in namespace ns because it is being terminated',
        details: { causes: [{ reason: 'NamespaceTerminating', message: 'namespace ns is being terminated', field: 'metadata.namespace' }] },
      },
    });
  });
  it.each(['default', 'kube-system', 'kube-public'])('%s stays', (name) => {
    expect(admit({ operation: 'DELETE', object: space(name) })).toMatchObject({
      status: { code: 403, message: `namespaces "${name}" is forbidden: this namespace may not be deleted` },
    });
  });
});

it('what a pod tells of itself has a version, in variables, files and projections', () => {
  const fieldRef = { fieldPath: 'metadata.name' };
  const { spec } = of(
    pod({
      automountServiceAccountToken: false,
      containers: [{ name: 'c', image: 'i', env: [{ name: 'A', valueFrom: { fieldRef } }] }],
      volumes: [
        { name: 'd', downwardAPI: { items: [{ path: 'a', fieldRef }] } },
        {
          name: 'p',
          projected: { sources: [{ downwardAPI: { items: [{ path: 'a', fieldRef }] } }, { serviceAccountToken: { path: 't' } }] },
        },
      ],
    }),
  );
  const versioned = { apiVersion: 'v1', fieldPath: 'metadata.name' };
  expect(spec).toMatchObject({
    containers: [{ env: [{ valueFrom: { fieldRef: versioned } }] }],
    volumes: [
      { downwardAPI: { defaultMode: 420, items: [{ fieldRef: versioned }] } },
      {
        projected: {
          defaultMode: 420,
          sources: [{ downwardAPI: { items: [{ fieldRef: versioned }] } }, { serviceAccountToken: { expirationSeconds: 3600 } }],
        },
      },
    ],
  });
});

it.each<[object, string]>([
  [
    { target: { kind: 'Service', name: 'n' } },
    'Binding "p" is invalid: target.kind: Unsupported value: "Service": supported values: "Node", "<empty>"',
  ],
  [{ target: { kind: 'Node' } }, 'Binding "p" is invalid: target.name: Required value'],
])('a binding %j', (more, message) => {
  expect(
    admit({
      operation: 'CREATE',
      subresource: 'binding',
      object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'ns' }, ...more } as KubeObject,
      old: of(pod()) as KubeObject,
    }),
  ).toMatchObject({ status: { code: 422, message } });
});

/** Upstream: plugin/pkg/admission/runtimeclass/admission_test.go. */
describe("a pod's runtime class", () => {
  it('must be there', () =>
    expect(refusal(pod({ runtimeClassName: 'gvisor' }))).toBe('pods "p" is forbidden: pod rejected: RuntimeClass "gvisor" not found'));
  it('says what its sandbox costs, and nobody else', () =>
    expect(refusal(pod({ overhead: { cpu: '1' } }))).toBe(
      'pods "p" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
    ));
});
