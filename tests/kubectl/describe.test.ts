/**
 * What describe says of fields that few objects have. The texts are what kubectl v1.32.4 said against the same API, but for ports, whose names it leaves out,
 * `Optional` under projected volumes, where it prints the address of a pointer, and the words of `UIDs`, which v1.36 leaves together.
 */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { outputOf } from './said.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: {name: big, labels: {a: b}}
spec:
  readinessGates: [{conditionType: example.com/ready}]
  topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {a: b}}}]
  securityContext: {seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: c
    image: nginx:1.29
    ports: [{containerPort: 80, name: http, hostPort: 8080}, {containerPort: 53, protocol: UDP}]
    resources: {limits: {cpu: 1, memory: 64Mi}}
    envFrom: [{configMapRef: {name: cfg, optional: true}, prefix: P_}]
    env: [{name: M, value: "x\\nz"}, {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}, {name: ME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}, {name: R, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}]
  volumes:
  - {name: d, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}, {path: cpu, resourceFieldRef: {containerName: c, resource: limits.cpu}}]}}
  - {name: p, projected: {sources: [{configMap: {name: cfg, optional: true}}, {downwardAPI: {items: [{path: l, fieldRef: {fieldPath: metadata.labels}}]}}, {serviceAccountToken: {path: t, expirationSeconds: 700}}]}}
  - {name: f, nfs: {server: a, path: /b, readOnly: true}}
  - {name: csi, csi: {driver: a.b, readOnly: true, volumeAttributes: {foo: bar}}}
`;
const OTHERS = `apiVersion: v1
kind: ServiceAccount
metadata: {name: sa1}
secrets: [{name: a}]
imagePullSecrets: [{name: b}, {name: c}]
---
apiVersion: v1
kind: Service
metadata: {name: lb}
spec: {type: LoadBalancer, clusterIP: 10.254.0.99, loadBalancerIP: 5.6.7.8, loadBalancerSourceRanges: [10.0.0.0/8], selector: {app: web}, ports: [{port: 80, nodePort: 30080}]}
---
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {name: l1}
spec: {holderIdentity: x, leaseDurationSeconds: 5}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: es1}
addressType: IPv4
endpoints: [{addresses: [10.1.1.1], conditions: {ready: true}, hostname: a, nodeName: worker-1, zone: z, targetRef: {kind: Pod, name: x}}, {addresses: [10.1.1.2]}]
ports: [{name: a, port: 80, protocol: TCP}]
---
apiVersion: apps/v1
kind: ControllerRevision
metadata: {name: cr1}
revision: 1
data: {aB: [1, {c: d}], empty: {}, UIDs: x}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: still}
spec: {replicas: 0, paused: true, selector: {matchLabels: {app: still}}, template: {metadata: {labels: {app: still}}, spec: {containers: [{name: c, image: nginx}], topologySpreadConstraints: [{maxSkew: 2, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}, {maxSkew: 1, topologyKey: host, whenUnsatisfiable: ScheduleAnyway}]}}}
`;
const cluster = openCluster();
cluster.kubectl('apply -f -', `${POD}---\n${OTHERS}`);
cluster.settle();
const out = outputOf(cluster);
/** Without what differs from run to run. */
const plain = (text: string): string =>
  text
    .replace(/containerd:\/\/\w+/g, 'containerd://ID')
    .replace(/worker-\d\/[\d.]+/, 'NODE')
    .replace(/10\.200\.\d+\.\d+/g, 'IP')
    .replace(/kube-api-access-\w{5}/g, 'kube-api-access-X')
    .replace(/\w{8}-\w{4}-\w{4}-\w{4}-\w{12}/g, 'UID')
    .replace(/Resource Version:( +)\d+/g, 'Resource Version:$1N')
    .replace(/\w{3}, \d\d \w{3} \d{4} [\d:]+ \+0000|\d{4}-\d\d-\d\dT[\d:]+Z/g, 'TIME');

const LINES = ['pod big', 'sa sa1', 'svc lb', 'lease l1', 'endpointslice es1', 'controllerrevision cr1', 'deploy still'].map(
  (what) => `describe ${what} --show-events=false`,
);

it('describe', async () => {
  await expect(LINES.map((line) => `$ kubectl ${line}\n${plain(out(line))}`).join('\n')).toMatchFileSnapshot('describe.golden.txt');
});

describe('files with more in them than can be read', () => {
  const OK = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ok}\ndata: {a: b}\n';
  const more = '---\napiVersion: v2\nkind: Foo\nmetadata: {name: a}\n';
  const missing =
    'resource mapping not found for name: "a" namespace: "" from "STDIN": no matches for kind "Foo" in version "v2"\nensure CRDs are installed first\n';
  cluster.kubectl('apply -f -', OK);
  it.each([
    ['get -o name -f -', `configmap/ok\nerror: ${missing}`],
    ['label -f - x=y', `configmap/ok labeled\nerror: ${missing}`],
    ['delete -f -', `configmap "ok" deleted from default namespace\nerror: ${missing}`],
  ])('%s goes on with the others, and says so at its end', (line, text) => {
    expect(out(line, OK + more)).toBe(text);
  });
  it('get and describe say it without "error: "', () =>
    expect(['get -f -', 'describe -f -'].map((line) => out(line, more))).toEqual([missing, missing]));
  it('a pod of several is missed by its name', () =>
    expect(out('describe pod/none deploy/none')).toBe(
      'Error from server (NotFound): pods "none" not found\nError from server (NotFound): deployments.apps "none" not found\n',
    ));
  it('a static pod has the Events of its kubelet', () =>
    expect(out('describe pod etcd-cp-1 -n kube-system')).toMatch(
      /\n {2}Normal {2}Started .* kubelet {2}spec\.containers\{etcd\}: Container started\n$/,
    ));
});
