/**
 * Who may do what from the beginning. Upstream: plugin/pkg/auth/authorizer/node/node_authorizer_test.go TestNodeAuthorizer, plugin/pkg/admission/noderestriction/admission_test.go,
 * bootstrappolicy/testdata/cluster-roles.yaml (v1.36); website content/en/docs/reference/access-authn-authz/{node,rbac}.md.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Identity } from '../../../src/cluster/client/identity.ts';
import { openCluster, type Cluster } from '../../../src/engine/headless.ts';

const node: Identity = { user: 'system:node:worker-1', groups: ['system:nodes', 'system:authenticated'] };
const jane: Identity = { user: 'jane', groups: ['system:authenticated'] };
const anonymous: Identity = { user: 'system:anonymous', groups: ['system:unauthenticated'] };
const scheduler: Identity = { user: 'system:kube-scheduler', groups: ['system:authenticated'] };

let cluster: Cluster;
beforeAll(() => {
  cluster = openCluster({ topology: { workers: 2 } });
  for (const name of ['one', 'two']) cluster.kubectl(`create secret generic ${name} --from-literal=a=b`);
  cluster.kubectl(
    'apply -f -',
    `
{apiVersion: v1, kind: Pod, metadata: {name: one}, spec: {nodeName: worker-1, containers: [{name: c, image: nginx, envFrom: [{secretRef: {name: one}}]}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: two}, spec: {nodeName: worker-2, containers: [{name: c, image: nginx, envFrom: [{secretRef: {name: two}}]}]}}`,
  );
  cluster.settle();
});

const asked = (as: Identity, path: string): readonly [number, string] => {
  const [plain, query] = path.split('?');
  const { status, body } = cluster.request({ method: 'GET', path: query ? `${plain}?${query}` : plain, as });
  return [
    status,
    (body as { readonly message?: string }).message?.replace(
      /^.*in API group "\S*" (at the cluster scope|in the namespace "\S+")(: )?/,
      '',
    ) ?? '',
  ];
};

describe('a kubelet reads', () => {
  it.each([
    ['/api/v1/namespaces/default/secrets/one', 200, ''],
    ['/api/v1/namespaces/default/secrets/two', 403, "no relationship found between node 'worker-1' and this object"],
    ['/api/v1/namespaces/default/secrets', 403, 'No Object name found'],
    ['/api/v1/secrets', 403, 'can only read namespaced object of this type'],
    ['/api/v1/namespaces/default/configmaps/kube-root-ca.crt', 200, ''],
    ['/api/v1/namespaces/kube-system/configmaps/kubelet-config', 200, ''],
    ['/api/v1/nodes/worker-1', 200, ''],
    ['/api/v1/nodes/worker-2', 403, "node 'worker-1' cannot read 'worker-2', only its own Node object"],
    ['/api/v1/nodes', 403, "node 'worker-1' cannot read all nodes, only its own Node object"],
    ['/api/v1/nodes?fieldSelector=metadata.name=worker-1', 200, ''],
    ['/api/v1/namespaces/default/pods/one', 200, ''],
    ['/api/v1/namespaces/default/pods/two', 403, "no relationship found between node 'worker-1' and this object"],
    ['/api/v1/pods', 403, 'can only list/watch pods with spec.nodeName field selector'],
    ['/api/v1/pods?fieldSelector=spec.nodeName=worker-1', 200, ''],
    ['/api/v1/pods?fieldSelector=spec.nodeName=worker-2', 403, 'can only list/watch pods with spec.nodeName field selector'],
    ['/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/worker-1', 200, ''],
    [
      '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/worker-2',
      403,
      'can only access node lease with the same name as the requesting node',
    ],
    ['/apis/apps/v1/deployments', 403, ''],
  ])('%s: %i', (path, status, reason) => expect(asked(node, path)).toEqual([status, reason]));
});

describe('a kubelet writes', () => {
  const patched = (machine: string, body: object) =>
    cluster.request({
      method: 'PATCH',
      path: `/api/v1/nodes/${machine}`,
      as: node,
      body,
      headers: { 'Content-Type': 'application/merge-patch+json' },
    });
  it.each([
    ['node-restriction.kubernetes.io/a', 403],
    ['foo.node-restriction.kubernetes.io/a', 403],
    ['other.kubernetes.io/a', 403],
    ['other.k8s.io/a', 403],
    ['kubelet.kubernetes.io/a', 200],
    ['foo.node.kubernetes.io/a', 200],
    ['topology.kubernetes.io/zone', 200],
    ['example.com/a', 200],
    ['a', 200],
  ])('the label %s of its Node: %i', (label, status) => {
    const { status: code, body } = patched('worker-1', { metadata: { labels: { [label]: 'x' } } });
    expect(code).toBe(status);
    if (status === 403) expect(body).toMatchObject({ message: `nodes "worker-1" is forbidden: is not allowed to modify labels: ${label}` });
  });
  // CVE-2025-5187: kubernetes/kubernetes#133468.
  it('no taints, no owners, and no other Node', () => {
    expect(
      patched('worker-1', { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'a', uid: 'x' }] } }).body,
    ).toMatchObject({
      code: 403,
      message: 'nodes "worker-1" is forbidden: node "worker-1" is not allowed to modify ownerReferences',
    });
    expect(patched('worker-1', { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }).body).toMatchObject({
      code: 403,
      message: 'nodes "worker-1" is forbidden: node "worker-1" is not allowed to modify taints',
    });
    expect(patched('worker-2', { metadata: { labels: { a: 'x' } } }).body).toMatchObject({
      code: 403,
      message: 'nodes "worker-2" is forbidden: node "worker-1" is not allowed to modify node "worker-2"',
    });
  });
  it('of pods mirrors only, and deletes its own', () => {
    const made = (annotations: object) =>
      cluster.request({
        method: 'POST',
        path: '/api/v1/namespaces/default/pods',
        as: node,
        body: { metadata: { name: 'x', annotations }, spec: { nodeName: 'worker-1', containers: [{ name: 'c', image: 'nginx' }] } },
      }).body;
    expect(made({})).toMatchObject({
      code: 403,
      message:
        'pods "x" is forbidden: pod does not have "kubernetes.io/config.mirror" annotation, node "worker-1" can only create mirror pods',
    });
    expect(made({ 'kubernetes.io/config.mirror': 'x' })).toMatchObject({
      code: 403,
      message: 'pods "x" is forbidden: node "worker-1" can only create pods with an owner reference set to itself',
    });
    expect(cluster.request({ method: 'DELETE', path: '/api/v1/namespaces/default/pods/two', as: node }).body).toMatchObject({
      code: 403,
      message: 'pods "two" is forbidden: node "worker-1" can only delete pods with spec.nodeName set to itself',
    });
  });
});

it.each([
  [jane, '/api', 200],
  [anonymous, '/api', 403],
  [jane, '/livez', 200],
  [jane, '/livez/etcd', 403],
  [anonymous, '/version', 200],
  [jane, '/metrics', 403],
  [jane, '/apis/batch/v1/namespaces/default/jobs', 403],
  [scheduler, '/api/v1/namespaces/default/secrets', 403],
  [scheduler, '/api/v1/pods', 200],
  [anonymous, '/api/v1/namespaces/kube-public/configmaps/cluster-info', 200],
] as const)('%o asks for %s: %i', (as, path, status) => expect(asked(as, path)[0]).toBe(status));

describe('kubectl auth can-i', () => {
  it('says which rule allows it, or why it may not', () => {
    const review = (as: Identity) =>
      cluster.request({
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        as,
        body: { spec: { resourceAttributes: { verb: 'create', resource: 'pods', subresource: 'binding', namespace: 'default' } } },
      }).body;
    expect(review(scheduler)).toMatchObject({
      status: {
        allowed: true,
        reason:
          'RBAC: allowed by ClusterRoleBinding "system:kube-scheduler" of ClusterRole "system:kube-scheduler" to User "system:kube-scheduler"',
      },
    });
    expect(review(jane)).toMatchObject({ status: { allowed: false } });
    expect(cluster.kubectl('auth can-i get secrets/two --as=system:node:worker-1 --as-group=system:nodes').stdout).toBe(
      "no - no relationship found between node 'worker-1' and this object\n",
    );
  });
  /** website content/en/docs/reference/access-authn-authz/authorization.md; the order of staging/src/k8s.io/kubectl/pkg/cmd/auth/cani.go. */
  it('--list', () => {
    const lines = cluster.kubectl('auth can-i --list --as=jane').stdout.split('\n');
    expect(lines.slice(0, 5)).toEqual([
      'Resources                                       Non-Resource URLs   Resource Names   Verbs',
      'selfsubjectreviews.authentication.k8s.io        []                  []               [create]',
      'selfsubjectaccessreviews.authorization.k8s.io   []                  []               [create]',
      'selfsubjectrulesreviews.authorization.k8s.io    []                  []               [create]',
      '                                                [/api/*]            []               [get]',
    ]);
    expect(cluster.kubectl('auth can-i --list').stdout.split('\n').slice(0, 3)).toEqual([
      'Resources                                       Non-Resource URLs   Resource Names   Verbs',
      '*.*                                             []                  []               [*]',
      '                                                [*]                 []               [*]',
    ]);
    expect(cluster.kubectl('auth can-i --list --no-headers --as=system:node:worker-1 --as-group=system:nodes').stderr).toBe(
      'Warning: the list may be incomplete: node authorizer does not support user rule resolution\n',
    );
  });
});
