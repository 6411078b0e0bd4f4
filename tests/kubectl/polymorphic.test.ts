/** Commands that treat kinds differently: what is exposed, rolled back, read. Cases: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/*_test.go (v1.36); every text is what kubectl v1.32.4 said against the same API. */
import { tells } from './said.ts';

const container = (name: string, ...ports: readonly object[]): object => ({ name, image: 'nginx:1.29', ports });
const manifest = (kind: string, name: string, spec: object, metadata: object = {}): string =>
  JSON.stringify({ apiVersion: ['Pod', 'Service'].includes(kind) ? 'v1' : 'apps/v1', kind, metadata: { name, ...metadata }, spec });
const pod = (name: string, metadata: object, ...containers: readonly object[]): string => manifest('Pod', name, { containers }, metadata);
const replicaSet = manifest('ReplicaSet', 'rs', {
  selector: { matchLabels: { app: 'rs' }, matchExpressions: [{ key: 'x', operator: 'In', values: ['a', 'b'] }] },
  template: { metadata: { labels: { app: 'rs', x: 'a' } }, spec: { containers: [container('c', { containerPort: 80 })] } },
});
const [tcp, udp] = [
  { containerPort: 80, protocol: 'TCP' },
  { containerPort: 53, protocol: 'UDP' },
];
const PORTS = '-o jsonpath={range.spec.ports[*]}{.name}:{.port}/{.protocol}:{.targetPort},{end}';
const OLD = { nodeSelector: { 'beta.kubernetes.io/os': 'linux' }, containers: [{ name: 'c', image: 'nginx:1.29' }] };
const SAID = 'Warning: spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead\n';

tells({
  expose: [
    ['create -f -', 'pod/two created\n', pod('two', { labels: { app: 'two' } }, container('a', tcp), container('b', udp))],
    ['create -f -', 'pod/dns created\n', pod('dns', { labels: { app: 'dns' } }, container('a', { ...tcp, containerPort: 53 }, udp))],
    ['create -f -', 'pod/bare created\n', pod('bare', {}, container('a', tcp))],
    ['create -f -', 'replicaset.apps/rs created\n', replicaSet],
    ['create -f -', 'service/nosel created\n', manifest('Service', 'nosel', { ports: [{ port: 80 }] })],
    [`expose pod two ${PORTS}`, 'port-1:80/TCP:80,port-2:53/UDP:53,'],
    [`expose pod two --name=one --port=53 ${PORTS}`, ':53/UDP:53,'],
    [`expose pod two --name=stomped --protocol=TCP --target-port=web ${PORTS}`, 'port-1:80/TCP:web,port-2:53/TCP:web,'],
    [`expose pod dns ${PORTS}`, 'port-1-tcp:53/TCP:53,port-1-udp:53/UDP:53,'],
    [`expose service dns --name=dns2 ${PORTS}`, 'port-1-tcp:53/TCP:53,port-1-udp:53/UDP:53,'],
    ['expose pod bare --cluster-ip=None --selector=a=b --name=headless', 'service/headless exposed\n'],
    [
      'expose pod bare',
      "error: couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed\n",
    ],
    [
      'expose service nosel --name=x',
      "error: couldn't retrieve selectors via --selector flag or introspection: the service has no pod selector set\n",
    ],
    [
      'expose rs rs',
      'error: couldn\'t retrieve selectors via --selector flag or introspection: couldn\'t convert expressions - "[{Key:x Operator:In Values:[a b]}]" to map-based selector format\n',
    ],
    ['expose cm kube-root-ca.crt --port=80', 'error: cannot expose a ConfigMap\n'],
  ],
  'rollout undo brings back what a revision was annotated with': [
    ['create deployment web --image=nginx:1.29', 'deployment.apps/web created\n'],
    ['annotate deploy web kubernetes.io/change-cause=first note=one', 'deployment.apps/web annotated\n'],
    ['set image deploy/web nginx=nginx:1.30', 'deployment.apps/web image updated\n'],
    ['annotate deploy web kubernetes.io/change-cause=second later=two --overwrite', 'deployment.apps/web annotated\n'],
    ['rollout undo deploy/web', 'deployment.apps/web rolled back\n'],
    ['rollout history deploy/web', 'deployment.apps/web \nREVISION  CHANGE-CAUSE\n2         second\n3         first\n\n'],
    [
      'get deploy web -o jsonpath={.metadata.annotations}',
      '{"deployment.kubernetes.io/revision":"3","kubernetes.io/change-cause":"first","note":"one"}',
    ],
  ],
  'roll-outs and logs of what has none': [
    ['create -f -', 'replicaset.apps/rs created\n', replicaSet],
    ['rollout history rs/rs', 'error: no history viewer has been implemented for "ReplicaSet.apps"\n'],
    ['rollout undo rs/rs', 'error: no rollbacker has been implemented for "ReplicaSet.apps"\n'],
    ['rollout status rs/rs', 'error: no status viewer has been implemented for ReplicaSet.apps\n'],
    ['create deployment web --image=nginx:1.29', 'deployment.apps/web created\n'],
    ['set image deploy/web nginx=nginx:1.30', 'deployment.apps/web image updated\n'],
    ['rollout pause deploy/web', 'deployment.apps/web paused\n'],
    [
      'rollout undo deploy/web',
      "error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again\n",
    ],
    [
      'create -f -',
      'pod/two created\n',
      pod('two', { annotations: { 'kubectl.kubernetes.io/default-container': 'z' } }, container('a'), container('b')),
    ],
    [
      'logs two --tail=1',
      'nginx: [notice] start worker processes\nDefault container name "z" not found in pod two\nDefaulted container "a" out of: a, b\n',
    ],
    ['exec two -- true', 'error: container z is not valid for pod two out of: a, b\n'],
  ],
  'what the server warns of': [
    ['create -f -', `pod/a created\npod/b created\n${SAID}`, `${manifest('Pod', 'a', OLD)}\n---\n${manifest('Pod', 'b', OLD)}`],
    ['replace --force --grace-period=0 -f -', `pod "a" deleted from default namespace\npod/a replaced\n${SAID}`, manifest('Pod', 'a', OLD)],
    [`run c --image=nginx:1.29 '--overrides=${JSON.stringify({ spec: { nodeSelector: OLD.nodeSelector } })}'`, `pod/c created\n${SAID}`],
    [
      `run d --image=nginx:1.29 --warnings-as-errors '--overrides=${JSON.stringify({ spec: { nodeSelector: OLD.nodeSelector } })}'`,
      `pod/d created\n${SAID}error: 1 warning received\n`,
    ],
    [
      'expose pod c --port=80 --external-ip=203.0.113.9',
      'service/c exposed\nWarning: spec.externalIPs is deprecated and may no longer be implemented in some clusters\n',
    ],
  ],
});
