/**
 * What is there when a cluster is new. Sources: cmd/kubeadm/app/phases/controlplane/{manifests,volumes}_test.go, phases/etcd/local_test.go, util/staticpod/utils_test.go, pkg/kubelet/config/common.go,
 * pkg/controlplane/controller/{clusterauthenticationtrust,legacytokentracking} (v1.36).
 */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';
import { encodeBase32 } from '../../src/lib/base32.ts';
import type { V1ConfigMap, V1Lease, V1Node, V1Pod } from '../../src/api/schema/kubernetes.ts';

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

/** Upstream: cmd/kubeadm/app/phases/addons/{dns,proxy}/manifests.go, flannel's kube-flannel.yml: what kubectl describe prints of them. */
it('the add-ons are what their manifests say', () => {
  const described = (what: string): string => cluster.kubectl(`describe ${what}`).stdout.replace(/ +/g, ' ');
  const dns = described('deployment -n kube-system coredns');
  for (const line of [
    'Ports: 53/UDP (dns), 53/TCP (dns-tcp), 9153/TCP (metrics), 8080/TCP (liveness-probe), 8181/TCP (readiness-probe)',
    'Liveness: http-get http://:liveness-probe/health delay=60s timeout=5s period=10s #success=1 #failure=5',
    'Readiness: http-get http://:readiness-probe/ready delay=0s timeout=1s period=10s #success=1 #failure=3',
    '/etc/coredns from config-volume (ro)',
    'Priority Class Name: system-cluster-critical',
    'Node-Selectors: kubernetes.io/os=linux',
  ])
    expect(dns).toContain(line);
  const proxy = described('daemonset -n kube-system kube-proxy');
  for (const line of ['NODE_NAME: (v1:spec.nodeName)', '/run/xtables.lock from xtables-lock (rw)', 'HostPathType: FileOrCreate'])
    expect(proxy).toContain(line);
  const flannel = described('daemonset -n kube-flannel kube-flannel-ds');
  for (const line of ['Selector: app=flannel,k8s-app=flannel', '/etc/kube-flannel/ from flannel-cfg (rw)', 'EVENT_QUEUE_DEPTH: 5000'])
    expect(flannel).toContain(line);
  const network = cluster.kubectl('get cm -n kube-flannel kube-flannel-cfg -o jsonpath={.data.net-conf\\.json}').stdout;
  expect(JSON.parse(network)).toEqual({ Network: '10.200.0.0/16', EnableNFTables: false, Backend: { Type: 'vxlan' } });
});
