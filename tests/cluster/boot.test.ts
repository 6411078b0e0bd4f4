/**
 * What is there when a cluster is new. Sources: cmd/kubeadm/app/phases/controlplane/{manifests,volumes}_test.go, phases/etcd/local_test.go, util/staticpod/utils_test.go, pkg/kubelet/config/common.go,
 * pkg/controlplane/controller/{clusterauthenticationtrust,legacytokentracking} (v1.36).
 */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';
import { encodeBase32 } from '../../src/lib/base32.ts';
import type { V1ConfigMap, V1Lease, V1Namespace, V1Node, V1Pod, V1Service } from '../../src/api/schema/kubernetes.ts';

let cluster: Cluster;
beforeAll(() => {
  cluster = openCluster({ topology: { workers: 1 } });
  cluster.advance(40);
});
const get = <O>(path: string): O => cluster.request({ method: 'GET', path }).body as O;
const pod = (component: string): V1Pod => get(`/api/v1/namespaces/kube-system/pods/${component}-cp-1`);

describe('a pod of the control plane', () => {
  it.each<[string, number, object, readonly string[], readonly string[]]>([
    [
      'etcd',
      20,
      { cpu: '100m', memory: '100Mi' },
      ['etcd-data', 'etcd-certs'],
      [
        '--advertise-client-urls=https://192.168.0.10:2379',
        '--listen-metrics-urls=http://127.0.0.1:2381',
        '--initial-cluster=cp-1=https://192.168.0.10:2380',
      ],
    ],
    [
      'kube-apiserver',
      28,
      { cpu: '250m' },
      ['ca-certs', 'etc-ca-certificates', 'k8s-certs', 'usr-local-share-ca-certificates', 'usr-share-ca-certificates'],
      ['--allow-privileged=true', '--service-cluster-ip-range=10.254.0.0/24', '--tls-private-key-file=/etc/kubernetes/pki/apiserver.key'],
    ],
    [
      'kube-controller-manager',
      18,
      { cpu: '200m' },
      [
        'ca-certs',
        'etc-ca-certificates',
        'flexvolume-dir',
        'k8s-certs',
        'kubeconfig',
        'usr-local-share-ca-certificates',
        'usr-share-ca-certificates',
      ],
      ['--controllers=*,bootstrapsigner,tokencleaner', '--cluster-cidr=10.200.0.0/16', '--bind-address=127.0.0.1'],
    ],
    [
      'kube-scheduler',
      6,
      { cpu: '100m' },
      ['kubeconfig'],
      ['--authentication-kubeconfig=/etc/kubernetes/scheduler.conf', '--leader-elect=true'],
    ],
  ])('%s is as kubeadm writes it', (component, words, requests, volumes, some) => {
    const { metadata, spec, status } = pod(component);
    const [container] = spec?.containers ?? [];
    expect([container.command?.length, container.resources?.requests, spec?.volumes?.map((v) => v.name)]).toEqual([
      words,
      requests,
      volumes,
    ]);
    expect(container.command).toEqual(expect.arrayContaining([...some]));
    expect(container.command?.slice(1)).toEqual([...(container.command ?? [])].slice(1).sort((a, b) => (a < b ? -1 : 1)));
    expect(spec).toMatchObject({
      hostNetwork: true,
      priority: 2000001000,
      priorityClassName: 'system-node-critical',
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      tolerations: [{ operator: 'Exists', effect: 'NoExecute' }],
    });
    expect(spec?.volumes?.every((v) => v.hostPath)).toBe(true);
    expect(metadata?.labels).toEqual({ component, tier: 'control-plane' });
    expect(metadata?.annotations?.['kubernetes.io/config.seen']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
    expect(status?.containerStatuses?.[0].ready).toBe(true);
  });
  // cmd/kubeadm/app/constants/constants.go (v1.36): ProbePort, DefaultEtcdVersion.
  it('has the port that probes would ask, and the image of its version', () => {
    const told = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map((component) => {
      const [container] = pod(component).spec?.containers ?? [];
      return [container.image, container.ports];
    });
    const port = (containerPort: number): readonly object[] => [
      { name: 'probe-port', containerPort, hostPort: containerPort, protocol: 'TCP' },
    ];
    expect(told).toEqual([
      ['registry.k8s.io/etcd:3.6.8-0', port(2381)],
      ['registry.k8s.io/kube-apiserver:v1.36.0', port(6443)],
      ['registry.k8s.io/kube-controller-manager:v1.36.0', port(10257)],
      ['registry.k8s.io/kube-scheduler:v1.36.0', port(10259)],
    ]);
  });
  it('says where it listens', () =>
    expect(
      [pod('etcd'), pod('kube-apiserver')].map((p) =>
        Object.entries(p.metadata?.annotations ?? {}).filter(([key]) => key.startsWith('kubeadm')),
      ),
    ).toEqual([
      [['kubeadm.kubernetes.io/etcd.advertise-client-urls', 'https://192.168.0.10:2379']],
      [['kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint', '192.168.0.10:6443']],
    ]));
});

/** Sources: cmd/kubeadm/app/phases/addons/{dns,proxy}/manifests.go (v1.36), flannel-io/flannel Documentation/kube-flannel.yml. */
describe('the add-ons', () => {
  const podsOf = (namespace: string, labels: string): readonly V1Pod[] =>
    get<{ items: V1Pod[] }>(`/api/v1/namespaces/${namespace}/pods?labelSelector=${labels}`).items;

  it('kube-proxy runs everywhere, by the name of its machine', () => {
    const pods = podsOf('kube-system', 'k8s-app=kube-proxy');
    expect(pods).toHaveLength(2);
    for (const { spec } of pods) {
      expect(spec).toMatchObject({
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        containers: [
          { command: ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf', '--hostname-override=$(NODE_NAME)'] },
        ],
      });
      expect(spec?.tolerations?.slice(0, 2)).toEqual([{ key: 'CriticalAddonsOnly', operator: 'Exists' }, { operator: 'Exists' }]);
    }
  });
  it("flannel's pods have its labels, and tolerate what keeps others from being placed", () => {
    const pods = podsOf('kube-flannel', 'app=flannel,tier=node');
    expect(pods.map((p) => p.spec?.tolerations?.[0])).toEqual(Array(2).fill({ operator: 'Exists', effect: 'NoSchedule' }));
    expect(pods[0].spec?.containers[0].command).toEqual(['/opt/bin/flanneld']);
    expect(get<V1Namespace>('/api/v1/namespaces/kube-flannel').metadata?.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'privileged',
    });
  });
  it('CoreDNS is asked at ports that have names, and tells who collects metrics', () => {
    const [{ spec }] = podsOf('kube-system', 'k8s-app=kube-dns');
    const [container] = spec?.containers ?? [];
    expect(container.ports?.slice(3).map((p) => [p.name, p.containerPort])).toEqual([
      ['liveness-probe', 8080],
      ['readiness-probe', 8181],
    ]);
    expect([container.livenessProbe?.httpGet?.port, container.readinessProbe?.httpGet?.port]).toEqual([
      'liveness-probe',
      'readiness-probe',
    ]);
    expect(get<V1Service>('/api/v1/namespaces/kube-system/services/kube-dns').metadata?.annotations).toEqual({
      'prometheus.io/port': '9153',
      'prometheus.io/scrape': 'true',
    });
  });
  it('CoreDNS would rather have its pods on two machines', () => {
    const own = openCluster({ topology: { workers: 2 } });
    own.kubectl('delete pods -n kube-system -l k8s-app=kube-dns');
    own.settle();
    const names = own.kubectl("get pods -n kube-system -l k8s-app=kube-dns -o jsonpath='{.items[*].metadata.name}'").stdout.split(' ');
    const likes = names.map((name) =>
      own
        .explain(`kube-system/${name}`)
        .at(-1)
        ?.nodes.map((n) => n.scores.find((s) => s.plugin === 'InterPodAffinity')?.normalized)
        .sort(),
    );
    expect(likes, 'one comes first, and the other keeps away from it').toContainEqual([0, 100, 100]);
  });
});

it('the settings of the cluster are kept in ConfigMaps', () => {
  const names = (namespace: string) =>
    get<{ items: V1ConfigMap[] }>(`/api/v1/namespaces/${namespace}/configmaps`).items.map((m) => m.metadata?.name);
  expect(names('kube-system')).toEqual([
    'coredns',
    'extension-apiserver-authentication',
    'kube-apiserver-legacy-service-account-token-tracking',
    'kube-proxy',
    'kube-root-ca.crt',
    'kubeadm-config',
    'kubelet-config',
  ]);
  expect(names('kube-public')).toEqual(['cluster-info', 'kube-root-ca.crt']);
  expect(get<V1ConfigMap>('/api/v1/namespaces/kube-system/configmaps/kubelet-config').data?.kubelet).toContain(
    'clusterDNS:\n- 10.254.0.10\n',
  );
  expect(
    get<V1ConfigMap>('/api/v1/namespaces/kube-system/configmaps/kube-apiserver-legacy-service-account-token-tracking').data?.since,
  ).toMatch(/^\d{4}-\d\d-\d\d$/);
});

/** Upstream: test/integration/controlplane/apiserver_identity_test.go TestCreateLeaseOnStart. */
it('the apiserver keeps a Lease of its own', () => {
  const hash = createHash('sha256').update('\0\u0004cp-1\0\u000ekube-apiserver').digest();
  const [name] = get<{ items: V1Lease[] }>('/apis/coordination.k8s.io/v1/namespaces/kube-system/leases')
    .items.map((l) => l.metadata?.name ?? '')
    .filter((n) => n.startsWith('apiserver-'));
  expect(name).toBe(`apiserver-${encodeBase32(hash.subarray(0, 16))}`);
  const lease = (): V1Lease => get<V1Lease>(`/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${name}`);
  const before = lease();
  cluster.advance(10);
  expect(before).toMatchObject({
    metadata: { labels: { 'apiserver.kubernetes.io/identity': 'kube-apiserver', 'kubernetes.io/hostname': 'cp-1' } },
    spec: { leaseDurationSeconds: 3600 },
  });
  expect(before.spec?.holderIdentity).toMatch(new RegExp(`^${name}_[-0-9a-f]{36}$`));
  expect((lease().spec?.renewTime ?? '') > (before.spec?.renewTime ?? '')).toBe(true);
});

/** Upstream: flannel-io/flannel pkg/subnet/kube/annotations.go. */
it('flannel says on each Node how its pods are reached', () => {
  const { metadata } = get<V1Node>('/api/v1/nodes/worker-1');
  const mac = (cluster.host('worker-1').links as readonly { readonly ifname: string; readonly address: string }[]).find(
    (l) => l.ifname === 'flannel.1',
  )?.address;
  expect(metadata?.annotations).toMatchObject({
    'flannel.alpha.coreos.com/backend-data': `{"VNI":1,"VtepMAC":"${mac}"}`,
    'flannel.alpha.coreos.com/backend-type': 'vxlan',
    'flannel.alpha.coreos.com/kube-subnet-manager': 'true',
    'flannel.alpha.coreos.com/public-ip': '192.168.0.11',
  });
});

/** Upstream: pkg/controlplane/controller/kubernetesservice/controller_test.go TestCreateOrUpdateMasterService; EndpointInterval is 10 s. */
it('the Service and the slice of the API come back at the address that they had', () => {
  const before = cluster.kubectl(
    'get service,endpointslice kubernetes -o custom-columns=:.metadata.name,:.spec.clusterIP,:.endpoints',
  ).stdout;
  expect(cluster.kubectl('delete service,endpointslice --all').exitCode).toBe(0);
  expect(cluster.kubectl('get services').stderr).toBe('No resources found in default namespace.\n');
  cluster.advance(10);
  expect(
    cluster.kubectl('get service,endpointslice kubernetes -o custom-columns=:.metadata.name,:.spec.clusterIP,:.endpoints').stdout,
  ).toBe(before);
  expect(before).toContain('10.254.0.1');
});

/** Sources: the same manifests, as kubectl describe prints them. */
it('the add-ons mount what their manifests say', () => {
  const described = (what: string): string => cluster.kubectl(`describe ${what}`).stdout.replace(/ +/g, ' ');
  expect(described('deployment -n kube-system coredns')).toContain('/etc/coredns from config-volume (ro)');
  const proxy = described('daemonset -n kube-system kube-proxy');
  for (const line of ['/run/xtables.lock from xtables-lock (rw)', 'HostPathType: FileOrCreate', '/lib/modules from lib-modules (ro)'])
    expect(proxy).toContain(line);
  const flannel = described('daemonset -n kube-flannel kube-flannel-ds');
  for (const line of ['Selector: app=flannel,k8s-app=flannel', '/etc/kube-flannel/ from flannel-cfg (rw)', 'EVENT_QUEUE_DEPTH: 5000'])
    expect(flannel).toContain(line);
  const network = cluster.kubectl('get cm -n kube-flannel kube-flannel-cfg -o jsonpath={.data.net-conf\\.json}').stdout;
  expect(JSON.parse(network)).toEqual({ Network: '10.200.0.0/16', EnableNFTables: false, Backend: { Type: 'vxlan' } });
});
