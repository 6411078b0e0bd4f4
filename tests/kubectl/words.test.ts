/** What kubectl says and does, line by line. Every text is what kubectl v1.32.4 said against the same API, but for "from … namespace", which delete says since v1.34. */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { outputOf, tells } from './said.ts';

const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: {app: a}, ports: [{port: 80}]}\n';
const yaml = {
  config: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: colours, labels: {a: b}}\ndata: {sky: blue}\n',
  pod: (name: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: c, image: nginx:1.29}]}\n`,
};
const deployment = (name: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec:\n  selector: {matchLabels: {app: ${name}}}\n  template:\n    metadata: {labels: {app: ${name}}}\n    spec: {containers: [{name: c, image: 'nginx:1.29'}]}\n`;
const TEMPLATE =
  'Pod Template:\n  Labels:\tapp=agent\n  Containers:\n   c:\n    Image:\tnginx:1.29\n    Port:\t<none>\n    Host Port:\t<none>\n    Environment:\t<none>\n    Mounts:\t<none>\n  Volumes:\t<none>\n  Node-Selectors:\t<none>\n  Tolerations:\t<none>\n';
const FORCE =
  'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n';

tells({
  delete: [
    ['create -f -', 'configmap/colours created\n', yaml.config],
    [
      'delete cm --all --dry-run=client',
      'configmap "colours" deleted from default namespace (dry run)\nconfigmap "kube-root-ca.crt" deleted from default namespace (dry run)\n',
    ],
    ['delete cm -l a=b --dry-run=client -o name', 'configmap/colours\n'],
    [
      'delete cm colours --dry-run',
      'configmap "colours" deleted from default namespace (dry run)\n--dry-run is deprecated and can be replaced with --dry-run=client.\n',
    ],
    ['delete cm colours --dry-run=sever', 'error: Invalid dry-run value (sever). Must be "none", "server", or "client".\n'],
    ['delete cm colours --cascade=bogus', 'error: invalid cascade value (bogus). Must be "background", "foreground", or "orphan"\n'],
    ['delete cm colours --force --grace-period=3', 'error: --force and --grace-period greater than 0 cannot be specified together\n'],
    ['delete cm colours --now --grace-period=3', 'error: --now and --grace-period cannot be specified together\n'],
    [
      'delete cm colours --cascade=false',
      'configmap "colours" deleted from default namespace\nwarning: --cascade=false is deprecated (boolean value) and can be replaced with --cascade=orphan.\n',
    ],
    ['create -f -', 'pod/big created\n', yaml.pod('big')],
    ['delete pod big --force', `pod "big" force deleted from default namespace\n${FORCE}`],
    ['delete -f -', 'Error from server (NotFound): error when deleting "STDIN": pods "big" not found\n', yaml.pod('big')],
  ],
  'several objects': [
    [
      'create -f -',
      'deployment.apps/a created\ndeployment.apps/b created\npod/big created\n',
      `${deployment('a')}---\n${deployment('b')}---\n${yaml.pod('big')}`,
    ],
    ['rollout status deploy', 'deployment "a" successfully rolled out\ndeployment "b" successfully rolled out\n'],
    [
      'rollout status deploy/a deploy/nope deploy/b',
      'deployment "a" successfully rolled out\ndeployment "b" successfully rolled out\nError from server (NotFound): deployments.apps "nope" not found\n',
    ],
    [
      'rollout status deploy/a pod/big rs/x',
      'deployment "a" successfully rolled out\nno status viewer has been implemented for Pod\nError from server (NotFound): replicasets.apps "x" not found\n',
    ],
    ['rollout status deploy/a --revision=9', 'error: desired revision (9) is different from the running revision (1)\n'],
    ['set image deploy/a deploy/b c=nginx:1.30', 'deployment.apps/a image updated\ndeployment.apps/b image updated\n'],
    ['set image deploy a b c=nginx:1.30', ''],
    ['set image deploy/a deploy/nope c=nginx:1.31', 'Error from server (NotFound): deployments.apps "nope" not found\n'],
    ['set image deploy c=nginx:1.31 a', 'error: all resources must be specified before image changes: a\n'],
    [
      'rollout history deploy',
      'deployment.apps/a \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\ndeployment.apps/b \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n',
    ],
    ['rollout undo deploy/a deploy/b', 'deployment.apps/a rolled back\ndeployment.apps/b rolled back\n'],
    [
      'rollout undo deploy/a deploy/b --to-revision=99',
      'unable to find specified revision 99 in history\nunable to find specified revision 99 in history\n',
    ],
    ['rollout pause deploy/a deploy/b', 'deployment.apps/a paused\ndeployment.apps/b paused\n'],
    ['rollout resume deploy', 'deployment.apps/a resumed\ndeployment.apps/b resumed\n'],
    ['rollout restart deploy', 'deployment.apps/a restarted\ndeployment.apps/b restarted\n'],
    [
      'scale deploy/a rs --replicas=1',
      "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'\n",
    ],
    ['scale deploy nope --replicas=1', 'Error from server (NotFound): deployments.apps "nope" not found\n'],
    ['scale rs -l q=q --replicas=1', 'error: no objects passed to scale\n'],
    ['get pod/', 'error: arguments in resource/name form must have a single resource and name\n'],
  ],
  'a DaemonSet has a history': [
    ['create -f -', 'daemonset.apps/agent created\n', deployment('agent').replace('Deployment', 'DaemonSet')],
    ['set image ds/agent c=nginx:1.30', 'daemonset.apps/agent image updated\n'],
    ['rollout history ds/agent', 'daemonset.apps/agent \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n'],
    ['rollout history ds/agent --revision=1', `daemonset.apps/agent with revision #1\n${TEMPLATE}\n`],
    ['rollout undo ds/agent --dry-run=client', `daemonset.apps/agent will roll back to ${TEMPLATE} (dry run)\n`],
    ['rollout undo ds/agent', 'daemonset.apps/agent rolled back\n'],
    ['get ds agent -o jsonpath={.spec.template.spec.containers[0].image}', 'nginx:1.29'],
    ['rollout history ds/agent', 'daemonset.apps/agent \nREVISION  CHANGE-CAUSE\n2         <none>\n3         <none>\n\n'],
    ['rollout undo ds/agent --to-revision=9', 'error: unable to find specified revision 9 in history\n'],
    ['rollout pause ds/agent', 'error: daemonsets.apps "agent" pausing is not supported\n'],
  ],
  'small words': [
    ['run big --image=nginx --rm', "error: --rm should only be used for attached containers\nSee 'kubectl run -h' for help and examples\n"],
    [
      'run big --image=nginx -t',
      "error: -i/--stdin is required for containers with -t/--tty=true\nSee 'kubectl run -h' for help and examples\n",
    ],
    ['run big --image=nginx', 'pod/big created\n'],
    ['label pod big --list', 'run=big\n'],
    ['label pod big x=y --list', 'run=big\nx=y\n'],
    ['annotate pod big --list', ''],
    ['label pod -l q=q x=y', ''],
    ['taint node worker-1 a=b:NoSchedule', 'node/worker-1 tainted\n'],
    ['taint node worker-1 a=c:NoSchedule --overwrite', 'node/worker-1 modified\n'],
    ['taint node worker-1 a-', 'node/worker-1 untainted\n'],
    ['taint node worker-1', 'error: at least one taint update is required\n'],
    ['logs deploy/nope', 'error: error from server (NotFound): deployments.apps "nope" not found in namespace "default"\n'],
    [
      'exec big ls',
      "error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples\n",
    ],
    ['describe pod zz', 'Error from server (NotFound): pods "zz" not found\n'],
  ],
  apply: [
    ['apply -f -', 'deployment.apps/a created\n', deployment('a')],
    ['apply --force -f -', 'deployment.apps/a configured\n', deployment('a').replaceAll('app: a', 'app: z')],
    ['get deploy a -o jsonpath={.spec.selector}', '{"matchLabels":{"app":"z"}}'],
    [
      'apply -n kube-public -f -',
      `error: the namespace from the provided object "default" does not match the namespace "kube-public". You must pass '--namespace=default' to perform this operation.\n`,
      yaml.config.replace('colours', 'colours, namespace: default'),
    ],
    [
      'delete -n kube-public -f -',
      `error: the namespace from the provided object "default" does not match the namespace "kube-public". You must pass '--namespace=default' to perform this operation.\n`,
      yaml.config.replace('colours', 'colours, namespace: default'),
    ],
    [
      'apply -f -',
      'error: from gg-: cannot use generate name with apply\n',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: gg-}\n',
    ],
    [
      'apply -f -',
      'error: error when retrieving current configuration of:\nResource: "/v1, Resource=configmaps", GroupVersionKind: "/v1, Kind=ConfigMap"\nName: "", Namespace: "default"\nfrom server for: "STDIN": resource name may not be empty\n',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n',
    ],
    [
      'delete -f -',
      'error: error when deleting "STDIN": resource name may not be empty\n',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n',
    ],
    [
      'apply --validate=bogus -f -',
      'error: invalid - validate option "bogus"; must be one of: strict (or true), warn, ignore (or false)\n',
      yaml.config,
    ],
    ['apply --validate=warn -f -', 'configmap/colours created\nWarning: unknown field "foo"\n', `${yaml.config}foo: bar\n`],
    ['apply --validate=false -f -', 'configmap/colours configured\n', `${yaml.config}fob: bar\n`.replace('blue', 'red')],
  ],
  replace: [
    ['create -f -', 'service/s created\n', SERVICE],
    ['replace --force -f -', 'service "s" deleted from default namespace\nservice/s replaced\n', SERVICE],
    ['replace --force -f -', 'service/s2 replaced\n', SERVICE.replace('name: s', 'name: s2')],
    ['replace --force -f - --dry-run=client', 'error: --dry-run can not be used when --force is set\n', SERVICE],
    ['replace --grace-period=5 -f -', 'error: --grace-period must have --force specified\n', SERVICE],
  ],
  'generators print empty fields': [
    [
      'create deployment x --image=nginx --dry-run=client -o yaml',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels:\n    app: x\n  name: x\nspec:\n  replicas: 1\n  selector:\n    matchLabels:\n      app: x\n  strategy: {}\n  template:\n    metadata:\n      labels:\n        app: x\n    spec:\n      containers:\n      - image: nginx\n        name: nginx\n        resources: {}\nstatus: {}\n',
    ],
    [
      'create service clusterip s --tcp=80 --dry-run=client -o yaml',
      'apiVersion: v1\nkind: Service\nmetadata:\n  labels:\n    app: s\n  name: s\nspec:\n  ports:\n  - name: "80"\n    port: 80\n    protocol: TCP\n    targetPort: 80\n  selector:\n    app: s\n  type: ClusterIP\nstatus:\n  loadBalancer: {}\n',
    ],
    [
      'create secret generic s --from-literal=a=b --dry-run=client -o yaml',
      'apiVersion: v1\ndata:\n  a: Yg==\nkind: Secret\nmetadata:\n  name: s\n',
    ],
  ],
  'apply --prune': [
    [
      'apply --prune -f -',
      'error: all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector\n',
      yaml.config,
    ],
    ['apply --prune --all -l a=b -f -', 'error: cannot set --all and --selector at the same time\n', yaml.config],
  ],
});

/** Of a List of three, named a, b and c. */
const paths: readonly (readonly [path: string, prints: string])[] = [
  ['{..image}', 'nginx:1.29 nginx:1.29 nginx:1.29'],
  ['{.items[-1:].metadata.name}', 'c'],
  ['{.items[0:2].kind}', 'Deployment Deployment'],
  ['{.items[-1].metadata.name}', 'c'],
  ['{.items[::2].metadata.name}', 'a c'],
  ['{.items[1:1].kind}', ''],
  ["{.items[0].metadata['name','namespace']}", 'a default'],
  ['{.items[0,1].metadata.name}', 'a b'],
  ['{.kind}{\'\\t\'}{"\\n"}x', 'List\t\nx'],
  ['a{.kind}b {.kind}', 'aListb List'],
  ['.kind', '.kind'],
  ['{1}{true}{1.5}', '1true1.5'],
  [
    '{range .items[*]}{.metadata.name}:{range .spec.template.spec.containers[*]}{.name}={.image},{end};{end}',
    'a:c=nginx:1.29,;b:c=nginx:1.29,;c:c=nginx:1.29,;',
  ],
  ['{range .nothing[*]}x{end}y', 'y'],
  ['{.items[1].spec.selector}', '{"matchLabels":{"app":"b"}}'],
  ["{.items[?(@.metadata.name!='a')].metadata.name}", 'b c'],
  ['{.items[0].metadata', 'error: error parsing jsonpath {.items[0].metadata, unclosed action\n'],
  ["{'abc}", "error: error parsing jsonpath {'abc}, unterminated quoted string\n"],
  ['{.items[a]}', 'error: error parsing jsonpath {.items[a]}, invalid array index a\n'],
  ['{#}', "error: error parsing jsonpath {#}, unrecognized character in action: U+0023 '#'\n"],
];
/** Of an empty List, what stands before 'Printing more information'. */
const wrongPaths: readonly (readonly [path: string, error: string])[] = [
  ['{.items[5]}', 'array index out of bounds: index 5, length 0'],
  ['{foo}', 'unrecognized identifier foo'],
  ['{end}', 'not in range, nothing to end'],
  ['{.kind[0]}', 'string is not array or slice'],
];

describe('-o jsonpath', () => {
  const cluster = openCluster();
  for (const name of ['a', 'b', 'c']) cluster.kubectl('create -f -', deployment(name));
  const out = (format: string, of = 'deploy'): string => {
    const r = cluster.kubectl(['get', ...of.split(' '), '-o', format]);
    expect(r.exitCode).toBe(r.stderr === '' ? 0 : 1);
    return r.stdout + r.stderr;
  };
  it.each(paths)('%s', (path, prints) => expect(out(`jsonpath=${path}`)).toBe(prints));
  it.each(wrongPaths)('%s', (path, error) =>
    expect(out(`jsonpath=${path}`, 'cm -l a=b')).toBe(
      `error: error executing jsonpath "${path}": Error executing template: ${error}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${path}\n\tobject given to jsonpath engine was:\n\t\tmap[string]interface {}{"apiVersion":"v1", "items":[]interface {}{}, "kind":"List", "metadata":map[string]interface {}{"resourceVersion":""}}\n\n\n`,
    ),
  );
  it('-as-json prints a list an action', () =>
    expect(out('jsonpath-as-json={.items[*].metadata.name}')).toBe('[\n    "a",\n    "b",\n    "c"\n]\n'));
  it('columns are as Go prints them', () =>
    expect(out('custom-columns=S:.spec.selector,I:..image,X:.nope')).toBe(
      `${'S'.padEnd(30)}I            X\n` + ['a', 'b', 'c'].map((n) => `map[matchLabels:map[app:${n}]]   nginx:1.29   <none>\n`).join(''),
    ));
});

describe('one at a time', () => {
  const cluster = openCluster({ topology: { workers: 2 } });
  const out = outputOf(cluster);
  it('describe takes a name for the beginning of one', () =>
    expect(out('describe node work').match(/^Name: .*$/gm)).toEqual(['Name:               worker-1', 'Name:               worker-2']));
  it('a paused Deployment of a new template has no new ReplicaSet', () => {
    cluster.kubectl('create -f -', deployment('a'));
    cluster.settle();
    cluster.kubectl('rollout pause deploy/a');
    cluster.kubectl('set image deploy/a c=nginx:1.30');
    expect(out('describe deploy a')).toMatch(/\nOldReplicaSets: +a-\w+ \(1\/1 replicas created\)\nNewReplicaSet: +<none>\n/);
  });
  it('--server-print=false leaves names, ages and labels', () => {
    expect(out('get nodes --server-print=false -o wide').replace(/\d+s$/gm, 'AGE')).toBe(
      'NAME       AGE\ncp-1       AGE\nworker-1   AGE\nworker-2   AGE\n',
    );
    expect(out('get ns default --server-print=false -L q --no-headers')).toMatch(/^default +\d+s +$/m);
  });
  it('a broken document says one thing, after what stands before it', () =>
    expect(out('apply -f -', `${yaml.config}---\na: [\n`).replace(/line .*/, '')).toBe(
      'configmap/colours created\nerror: error parsing STDIN: error converting YAML to JSON: yaml: \n',
    ));
});
