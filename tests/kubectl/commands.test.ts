/** Commands that came after the others, line by line. Every text is what kubectl v1.32.4 said against the same API, but for `creationTimestamp: null`, which is not printed since v1.34. */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { outputOf, tells } from './said.ts';

tells({
  'set env': [
    ['create deployment web --image=nginx:1.29', 'deployment.apps/web created\n'],
    ['create cm colours --from-literal=sky.x=blue', 'configmap/colours created\n'],
    ['create secret generic s --from-literal=k=v', 'secret/s created\n'],
    ['set env deploy/web A=b C=d', 'deployment.apps/web env updated\n'],
    ['set env deploy/web --from=cm/colours', 'deployment.apps/web env updated\nWarning: key sky.x transferred to SKY_X\n'],
    ['set env deploy/web --from=secret/s --prefix=P_ A-', 'deployment.apps/web env updated\nWarning: key k transferred to K\n'],
    [
      'set env deploy web --list',
      '# Deployment web, container nginx\nC=d\n# SKY_X from configmap colours, key sky.x\n# P_K from secret s, key k\n',
    ],
    ['set env deploy/web C=e --dry-run=client', 'deployment.apps/web env updated (dry run)\n'],
    ['set env deploy/web Z=z -o name', 'deployment.apps/web\n'],
    ['set env deploy/web Z=z', ''],
    ['set env deploy -l app=web Q=s', 'deployment.apps/web env updated\n'],
    ['set env deploy/web -e -', 'deployment.apps/web env updated\n', 'FOO=bar\n# x\nBAR=baz # c\n'],
    [
      'set env deploy/web --list=true Y=z',
      '# Deployment web, container nginx\nC=d\n# SKY_X from configmap colours, key sky.x\n# P_K from secret s, key k\nZ=z\nQ=s\nFOO=bar\nBAR=baz \nY=z\n',
    ],
    ['set env deploy/web A=b --list -o yaml', 'error: --list and --output may not be specified together\n'],
    ['set env deploy/web --keys=a', 'error: when specifying --keys, a configmap or secret must be provided with --from\n'],
    ['set env deploy/web Y=y Y-', 'error: can not both modify and remove the same environment variable in the same command\n'],
    ['set env node/worker-1 --list', ''],
    ['set env pods --all -l a=b --list', 'error: cannot set --all and --selector at the same time\n'],
    ['set env deploy/web B=c --from=cm/nope', 'Error from server (NotFound): configmaps "nope" not found\n'],
    ['set env', 'error: one or more resources must be specified as <resource> <name> or <resource>/<name>\n'],
  ],
  'set resources, set serviceaccount, set selector': [
    ['create deployment web --image=nginx:1.29', 'deployment.apps/web created\n'],
    ['run bad --image=nginx:1.29', 'pod/bad created\n'],
    ['set resources deploy --all --limits=cpu=1 --dry-run=client', 'deployment.apps/web resource requirements updated (dry run)\n'],
    [
      'set resources deploy/web --limits=cpu=x',
      "error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'\n",
    ],
    ['set resources deploy/web -c=ng* --requests=cpu=100m,memory=1Mi', 'deployment.apps/web resource requirements updated\n'],
    [
      'set resources pod/bad --limits=cpu=1',
      'error: failed to patch resources update to pod template Pod "bad" is invalid: [metadata: Invalid value: "BestEffort": Pod QoS is immutable, spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)]\n',
    ],
    ['get deploy web -o jsonpath={.spec.template.spec.containers[0].resources}', '{"requests":{"cpu":"100m","memory":"1Mi"}}'],
    ['set resources deploy --limits=cpu=0', 'error: resource(s) were provided, but no name was specified\n'],
    [
      'set sa deploy/web',
      "error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'\n",
    ],
    [
      'set sa cm/kube-root-ca.crt x',
      'error: configmaps/kube-root-ca.crt the object is not a pod or does not have a pod template: *v1.ConfigMap\n',
    ],
    ['set sa deploy web runner -o name', 'deployment.apps/web\n'],
    ['set selector svc kubernetes x', 'error: match expression [{x Exists []}] not supported on this object\n'],
    ['set selector deploy web a=b', 'error: setting a selector is only supported for Services\n'],
    ['set subject rolebinding x --user=y', `error: the server doesn't have a resource type "rolebinding"\n`],
    ['set nothing', `error: unknown command "nothing"\nSee 'kubectl set -h' for help and examples\n`],
  ],
  'create service, run --expose': [
    [
      'create service loadbalancer lb --tcp=80:8080 --dry-run=client -o yaml',
      'apiVersion: v1\nkind: Service\nmetadata:\n  labels:\n    app: lb\n  name: lb\nspec:\n  ports:\n  - name: 80-8080\n    port: 80\n    protocol: TCP\n    targetPort: 8080\n  selector:\n    app: lb\n  type: LoadBalancer\nstatus:\n  loadBalancer: {}\n',
    ],
    [
      'create service externalname ex --external-name=example.org --dry-run=client -o yaml',
      'apiVersion: v1\nkind: Service\nmetadata:\n  labels:\n    app: ex\n  name: ex\nspec:\n  externalName: example.org\n  selector:\n    app: ex\n  type: ExternalName\nstatus:\n  loadBalancer: {}\n',
    ],
    [
      'create svc clusterip a --clusterip=None --dry-run=client -o yaml',
      'apiVersion: v1\nkind: Service\nmetadata:\n  labels:\n    app: a\n  name: a\nspec:\n  clusterIP: None\n  selector:\n    app: a\n  type: ClusterIP\nstatus:\n  loadBalancer: {}\n',
    ],
    ['create service clusterip a', 'error: at least one tcp port specifier must be provided\n'],
    ['create service clusterip a --tcp=x', 'error: strconv.ParseUint: parsing "x": invalid syntax\n'],
    [
      'create service clusterip a b',
      "error: exactly one NAME is required, got 2\nSee 'kubectl create service clusterip -h' for help and examples\n",
    ],
    [
      'create svc nodeport a --tcp=80 --node-port=30001 --dry-run=client -o jsonpath={.spec.ports[0]}',
      '{"name":"80","nodePort":30001,"port":80,"protocol":"TCP","targetPort":80}',
    ],
    [
      'run p --image=nginx --port=80 --expose --dry-run=client -o yaml',
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: p\nspec:\n  ports:\n  - port: 80\n    protocol: TCP\n    targetPort: 80\n  selector:\n    run: p\nstatus:\n  loadBalancer: {}\n---\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    run: p\n  name: p\nspec:\n  containers:\n  - image: nginx\n    name: p\n    ports:\n    - containerPort: 80\n    resources: {}\n  dnsPolicy: ClusterFirst\n  restartPolicy: Always\nstatus: {}\n',
    ],
    ['run p --image=nginx --port=80 --expose --dry-run=client', 'service/p created (dry run)\npod/p created (dry run)\n'],
  ],
  'kinds that are not served, and wrong words': [
    ['create deployment web --image=nginx:1.29', 'deployment.apps/web created\n'],
    ['create cronjob x --image=y --schedule=a', 'error: failed to create cronjob: the server could not find the requested resource\n'],
    ['create ingress x --rule=a/b=c:80', 'error: failed to create ingress: the server could not find the requested resource\n'],
    [
      'create pdb x --selector=a=b --min-available=1',
      'error: failed to create poddisruptionbudgets: the server could not find the requested resource\n',
    ],
    ['create quota q', 'error: failed to create quota: the server could not find the requested resource\n'],
    ['create clusterrole r --verb=get --resource=pods', 'Error from server (NotFound): the server could not find the requested resource\n'],
    ['create rolebinding r --role=a --user=b', 'error: failed to create rolebinding: the server could not find the requested resource\n'],
    [
      'create clusterrolebinding r --clusterrole=a --user=b',
      'error: failed to create clusterrolebinding: the server could not find the requested resource\n',
    ],
    ['create priorityclass p --value=5', 'error: failed to create priorityclass: the server could not find the requested resource\n'],
    ['autoscale deploy web --max=5 --cpu=50%', 'Error from server (NotFound): the server could not find the requested resource\n'],
    [
      'autoscale deploy web --max=5 --cpu=500m',
      'error: failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: %!w(<nil>)\n',
    ],
    [
      'autoscale deploy web --max=5 --cpu-percent=50',
      "Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).\nerror: failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: empty input\n",
    ],
    ['autoscale deploy nope --max=5', 'Error from server (NotFound): deployments.apps "nope" not found\n'],
    ['certificate approve x', `error: the server doesn't have a resource type "certificatesigningrequests"\n`],
    ['top pod bad', 'error: Metrics API not available\n'],
    ['top nodes', 'error: Metrics API not available\n'],
    ['top pod a b', "error: pod [NAME | -l label]\nSee 'kubectl top pod -h' for help and examples\n"],
    ['top pod a --field-selector=spec.nodeName=cp-1', 'error: only one of NAME or selector can be provided\n'],
    ['top node cp-1 -l a=b', 'error: only one of NAME or --selector can be provided\n'],
    ['create svc foo', `error: unknown command "foo"\nSee 'kubectl create service -h' for help and examples\n`],
    ['create secret foo x', `error: unknown command "foo x"\nSee 'kubectl create secret -h' for help and examples\n`],
    [
      'auth can-i get pods foo',
      "error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.\n",
    ],
    ['config nothing', `error: unknown command "nothing"\nSee 'kubectl config -h' for help and examples\n`],
    ['config use-context x', 'error: no context exists with the name: "x"\n'],
    ['version foo', 'error: extra arguments: [foo]\n'],
    ['version -o foo', "error: --output must be 'yaml' or 'json'\n"],
    ['api-versions foo', "error: unexpected arguments: [foo]\nSee 'kubectl api-versions -h' for help and examples\n"],
    ['api-resources foo', "error: unexpected arguments: [foo]\nSee 'kubectl api-resources -h' for help and examples\n"],
    ['api-resources --sort-by=foo', 'error: --sort-by accepts only name or kind\n'],
    [
      'api-resources -o toml',
      'error: unable to match a printer suitable for the output format "toml", allowed formats are: json,kyaml,name,wide,yaml\n',
    ],
  ],
  'flags that say no, and wrong changes': [
    ['create deployment web --image=nginx:1.29 --replicas=2', 'deployment.apps/web created\n'],
    ['create cm colours --from-literal=sky=blue', 'configmap/colours created\n'],
    ['get pods -A=false -o name --sort-by=.metadata.uid -l none=x', ''],
    ['get cm --all-namespaces=false -o name', 'configmap/colours\nconfigmap/kube-root-ca.crt\n'],
    ['get cm -o custom-columns', 'error: custom-columns format specified but no custom columns given\n'],
    ['get cm -o template', 'error: template format specified but no template given\n'],
    ['get cm,svc --no-headers -l none=x', 'No resources found in default namespace.\n'],
    ['get deployments.extensions', `error: the server doesn't have a resource type "deployments"\n`],
    ['get DEPLOY', `error: the server doesn't have a resource type "DEPLOY"\n`],
    ['get pods --raw /version', 'error: arguments may not be passed when --raw is specified\n'],
    ['get pods --subresource=status', 'error: subresource cannot be used when bulk resources are specified\n'],
    ['get deploy web --output-watch-events', 'error: --output-watch-events option can only be used with --watch or --watch-only\n'],
    ['get -f nope.yaml', 'error: the path "nope.yaml" does not exist\n'],
    ['delete -f nope.yaml', 'error: the path "nope.yaml" does not exist\n'],
    ['get cm --kubeconfig=/nope', 'error: stat /nope: no such file or directory\n'],
    ['label deploy web a=b a-', 'error: can not both modify and remove a label in the same command\n'],
    ['label deploy web =x', 'error: at least one label update is required\n'],
    [
      'label deploy web k=bad!val',
      `error: invalid label value: "k=bad!val": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')\n`,
    ],
    ['label deploy/web a=b deploy/x', 'error: all resources must be specified before label changes: deploy/x\n'],
    ['annotate deploy/web a=b deploy/x', 'error: all resources must be specified before annotation changes: deploy/x\n'],
    ['annotate deploy web a=b a-', 'error: can not both modify and remove the following annotation(s) in the same command: a\n'],
    ['label -f - x=y', 'configmap/colours labeled\n', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: colours}\n'],
    [`patch deploy web -p '{"spec":{"replicas":3}}'`, 'deployment.apps/web patched\n'],
    [`patch deploy web -p '{"spec":{"replicas":3}}'`, 'deployment.apps/web patched (no change)\n'],
    [
      `patch deploy web --type=json -p '[{"op":"remove","path":"/spec/nope"}]'`,
      "The request is invalid: : error in remove for path: '/spec/nope': Unable to remove nonexistent key: nope: missing value\n",
    ],
    [`patch deploy web -p '{"foo":1}'`, 'deployment.apps/web patched (no change)\nWarning: unknown field "foo"\n'],
    [`patch deploy web --subresource=scale --type=merge -p '{"spec":{"replicas":2}}'`, 'scale.autoscaling/web patched\n'],
    ['patch deploy web --patch-file=nope', 'error: unable to read patch file: open nope: no such file or directory\n'],
    [
      'delete cm colours -i',
      'You are about to delete the following 1 resource(s):\nconfigmap/colours\nDo you want to continue? (y/N): deletion is cancelled\n',
    ],
    ['label deploy web a=b --dry-run=client -o jsonpath={.metadata.labels.a}', 'b'],
    ['get deploy web -o jsonpath={.metadata.labels}', '{"app":"web"}'],
  ],
  'wait, taint, cordon, logs, exec': [
    ['create deployment web --image=nginx:1.29 --replicas=2', 'deployment.apps/web created\n'],
    ['run bad --image=nginx', 'pod/bad created\n'],
    ['wait pod/bad', 'error: unrecognized condition: []\n'],
    ['wait --for=jsonpath= pod/bad', 'error: jsonpath expression cannot be empty\n'],
    ['wait --for=create pod/zz --timeout=1s', 'error: timed out waiting for the condition\n'],
    [
      'taint nodes worker-1 a=b',
      "error: invalid taint spec: a=b, name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')\nSee 'kubectl taint -h' for help and examples\n",
    ],
    ['taint nodes worker-1 a=b:c:d', "error: invalid taint spec: a=b:c:d\nSee 'kubectl taint -h' for help and examples\n"],
    [
      'taint nodes worker-1 k=b!d:NoSchedule',
      "error: invalid taint spec: k=b!d:NoSchedule, a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')\nSee 'kubectl taint -h' for help and examples\n",
    ],
    [
      'taint nodes worker-1 a=b:NoSchedule a=c:NoSchedule --overwrite',
      "error: duplicated taints with the same key and effect: {a c NoSchedule <nil>}\nSee 'kubectl taint -h' for help and examples\n",
    ],
    ['taint node/worker-1 l-', `the server doesn't have a resource type "node/worker-1"\n`],
    ['cordon worker-1 nope', 'Error from server (NotFound): nodes "nope" not found\n'],
    ['get node worker-1 -o jsonpath={.spec.unschedulable}', ''],
    [
      'cordon worker-1 -l a=b',
      "error: cannot specify both a node name and a --selector option\nSee 'kubectl cordon -h' for help and examples\n",
    ],
    [
      'logs svc/kubernetes',
      "error: cannot get the logs from *v1.Service: invalid service 'kubernetes': Service is defined without a selector\n",
    ],
    ['logs bad --tail=-5', 'error: --tail must be greater than or equal to -1\n'],
    ['logs bad --since-time=x', 'error: parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"\n'],
    ['logs bad -l a=b', "error: only a selector (-l) or a POD name is allowed\nSee 'kubectl logs -h' for help and examples\n"],
    [
      'logs bad a b',
      "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples\n",
    ],
    ['logs bad --since=1h --since-time=2020-01-01T00:00:00Z', 'error: at most one of `sinceTime` or `sinceSeconds` may be specified\n'],
    ['logs deploy/nope', 'error: error from server (NotFound): deployments.apps "nope" not found in namespace "default"\n'],
    ['exec bad -c zzz -- ls', 'error: container zzz is not valid for pod bad out of: bad\n'],
    ['rollout undo deploy/web --to-revision=-1', 'error: unable to find specified revision -1 in history\n'],
  ],
  'what is made of flags': [
    ['create deployment web --image=nginx:1.29', 'deployment.apps/web created\n'],
    ['create cm x --from-file=nope', 'error: error reading nope: no such file or directory\n'],
    [
      'create cm x --from-literal=a=b --from-literal=a=c',
      'error: cannot add key "a", another key by that name already exists in Data for ConfigMap "x"\n',
    ],
    [
      'create cm x --from-literal=bad/key=1',
      `error: "bad/key" is not a valid key name for a ConfigMap: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')\n`,
    ],
    [
      'create secret docker-registry x --docker-username=a',
      'error: either --from-file or the combination of --docker-username, --docker-password and --docker-server is required\n',
    ],
    [
      'create secret docker-registry x --docker-username=a --docker-password=b --docker-email=c --dry-run=client -o yaml',
      'apiVersion: v1\ndata:\n  .dockerconfigjson: eyJhdXRocyI6eyJodHRwczovL2luZGV4LmRvY2tlci5pby92MS8iOnsidXNlcm5hbWUiOiJhIiwicGFzc3dvcmQiOiJiIiwiZW1haWwiOiJjIiwiYXV0aCI6IllUcGkifX19\nkind: Secret\nmetadata:\n  name: x\ntype: kubernetes.io/dockerconfigjson\n',
    ],
    ['create secret tls x', 'error: key and cert must be specified\n'],
    ['create ns x --dry-run=client -o yaml', 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: x\nspec: {}\nstatus: {}\n'],
    ['create deployment x --image=a --image=b -- ls', 'error: cannot specify multiple --image options and command\n'],
    ['run x --image=nginx --restart=Foo', "error: invalid restart policy: Foo\nSee 'kubectl run -h' for help and examples\n"],
    ['run x --image=nginx --env=A', 'error: invalid env: A\n'],
    ['run x --image=nginx --labels=a', 'error: unexpected label spec: a\n'],
    ['run x --image=nginx --port=x', 'error: strconv.Atoi: parsing "x": invalid syntax\n'],
    ['run x --image=nginx --image-pull-policy=Foo', "error: invalid image pull policy: Foo\nSee 'kubectl run -h' for help and examples\n"],
    ['run x --image=nginx --env=A= --dry-run=client -o jsonpath={.spec.containers[0].env}', '[{"name":"A"}]'],
    [
      'run x --image=nginx --annotations=a=b --privileged --dry-run=client -o yaml',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    a: b\n  labels:\n    run: x\n  name: x\nspec:\n  containers:\n  - image: nginx\n    name: x\n    resources: {}\n    securityContext:\n      privileged: true\n  dnsPolicy: ClusterFirst\n  restartPolicy: Always\nstatus: {}\n',
    ],
    [`run x --image=nginx '--overrides={"spec":{"hostNetwork":true}}' --dry-run=client -o jsonpath={.spec.hostNetwork}`, 'true'],
    ['expose deploy web', "error: couldn't find port via --port flag or introspection\n"],
    ['expose deploy web --port=x', 'error: strconv.Atoi: parsing "x": invalid syntax\n'],
    [
      'expose deploy web --port=80 --selector=a=b --external-ip=1.2.3.4 --session-affinity=ClientIP --load-balancer-ip=1.2.3.4 --dry-run=client -o yaml',
      'apiVersion: v1\nkind: Service\nmetadata:\n  labels:\n    app: web\n  name: web\nspec:\n  externalIPs:\n  - 1.2.3.4\n  ports:\n  - port: 80\n    protocol: TCP\n    targetPort: 80\n  selector:\n    a: b\n  sessionAffinity: ClientIP\nstatus:\n  loadBalancer: {}\n',
    ],
    ['expose rs -l app=web --port=80', 'error: resource(s) were provided, but no name was specified\n'],
    ['replace -f nope', 'error: the path "nope" does not exist\n'],
  ],
  'describe, auth can-i, --local': [
    ['create deployment web --image=nginx:1.29', 'deployment.apps/web created\n'],
    [
      'describe',
      'error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.\n',
    ],
    ['describe -A pods nope', 'error: a resource cannot be retrieved by name across all namespaces\n'],
    ['auth can-i "*" "*"', 'yes\n'],
    ['auth can-i get /healthz', 'yes\n'],
    ['auth can-i delete nodes', "yes\nWarning: resource 'nodes' is not namespace scoped\n\n"],
    ['auth can-i delete nodes -A', 'yes\n'],
    ['auth can-i get nope', "yes\nWarning: the server doesn't have a resource type 'nope'\n\n"],
    ['auth can-i get pods/web --subresource=log', 'yes\n'],
    [
      'set image deploy/web nginx=nginx:1.35 --local',
      "error: you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n",
    ],
    ['label deploy web a=b --local', 'error: can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set\n'],
  ],
});

describe('events', () => {
  const cluster = openCluster();
  const run = (line: string, stdin = '') => {
    const r = cluster.kubectl(line, stdin);
    cluster.settle();
    return r;
  };
  const plain = (text: string): string => text.replace(/\b\d+[smhd]\b(?: \(x\d+ over \w+\))?/g, 'AGE').replace(/ +/g, ' ');
  run('run web --image=nginx:1.29');
  it('of one object, in the order of their time', () =>
    expect(
      plain(
        run('events --for pod/web')
          .stdout.split('\n')
          .map((line) => line.split(/ {2,}/).slice(0, 4).join(' '))
          .join('\n'),
      ),
    ).toBe(
      'LAST SEEN TYPE REASON OBJECT\nAGE Normal Pulling Pod/web\nAGE Normal Scheduled Pod/web\nAGE Normal Pulled Pod/web\nAGE Normal Created Pod/web\nAGE Normal Started Pod/web\n',
    ));
  it('names the namespace with -A, and no header with --no-headers', () => {
    expect(plain(run('events -A --for node/cp-1').stdout.split('\n')[0])).toBe('NAMESPACE LAST SEEN TYPE REASON OBJECT MESSAGE');
    expect(run('events --for pod/web --no-headers').stdout).not.toContain('LAST SEEN');
  });
  it('are a list for -o', () => {
    expect(run('events --for pod/web -o jsonpath={.kind}:{.items[*].reason}').stdout).toBe(
      'EventList:Pulling Scheduled Pulled Created Started',
    );
    expect(run('events --for pod/web -o yaml').stdout).toContain('\n  eventTime: null\n');
    expect(run('events --for pod/web -o name').stdout).toBe('');
  });
  it.each([
    ['events -A --for pod/zzz', 'No events found.\n'],
    ['events -n kube-public -o yaml', 'No events found in kube-public namespace.\n'],
    ['events --for web', 'error: --for must be in resource/name form\n'],
    ['events --for pod/a/b', 'error: arguments in resource/name form may not have more than one slash\n'],
    ['events --for nothing/x', 'the server doesn\'t have a resource type "nothing"\n'],
    ['events --types=foo', 'error: valid --types are Normal or Warning\n'],
    ['events --types=warning --for pod/web', 'No events found in default namespace.\n'],
    [
      'events -o wide',
      'error: unable to match a printer suitable for the output format "wide", allowed formats are: go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml\n',
    ],
  ])('%s', (line, text) => expect(run(line).stderr).toBe(text));
  it('a watch prints those that are there and those that come, each as it comes', () => {
    cluster.kubectl('delete pod web --wait=false');
    const { stdout, exitCode } = cluster.kubectl('events --for pod/web -w');
    expect(exitCode).toBe(130);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/)[2])).toEqual([
      'REASON',
      'Scheduled',
      'Pulling',
      'Pulled',
      'Created',
      'Started',
      'Killing',
      undefined,
    ]);
  });
});

/** As kubeadm writes admin.conf; what kubectl makes of it was not asked, as the real one was given no file. */
describe('the kubeconfig', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const out = outputOf(cluster);
  it.each([
    ['config view --minify -o jsonpath={..server}', 'https://192.168.0.10:6443'],
    ['config current-context', 'kubernetes-admin@kubernetes\n'],
    ['config get-contexts -o name', 'kubernetes-admin@kubernetes\n'],
    ['config get-clusters', 'NAME\nkubernetes\n'],
    ['config get-users', 'NAME\nkubernetes-admin\n'],
    ['config use-context kubernetes-admin@kubernetes', 'Switched to context "kubernetes-admin@kubernetes".\n'],
    ['config get-contexts --no-headers', '*     kubernetes-admin@kubernetes   kubernetes   kubernetes-admin   \n'],
    [
      'config set-context --current --namespace=x',
      'error: config set-context is not simulated: the kubeconfig does not change; a command takes its namespace from -n\n',
    ],
  ])('%s', (line, text) => expect(out(line)).toBe(text));
  it('is shown without its keys', () =>
    expect(out('config view')).toBe(
      'apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: DATA+OMITTED\n    server: https://192.168.0.10:6443\n  name: kubernetes\ncontexts:\n- context:\n    cluster: kubernetes\n    user: kubernetes-admin\n  name: kubernetes-admin@kubernetes\ncurrent-context: kubernetes-admin@kubernetes\nkind: Config\npreferences: {}\nusers:\n- name: kubernetes-admin\n  user:\n    client-certificate-data: DATA+OMITTED\n    client-key-data: DATA+OMITTED\n',
    ));
  it.each([
    ['plugin list', /^error: kubectl plugin is not simulated\n$/],
    ['proxy', /^error: kubectl proxy is not simulated: .*`kubectl get --raw PATH`.*\n$/],
    ['edit pod x', /^error: kubectl edit is not simulated: .*`kubectl get TYPE NAME -o yaml`.*\n$/],
    ['-n kube-system edit cm coredns', /^error: kubectl edit is not simulated: /],
    ['cp a b', /^error: kubectl cp is not simulated: .*`kubectl exec POD -- cat FILE`.*\n$/],
  ])('tools that need a terminal or a tunnel are refused by name, with what to do instead: %s', (line, says) =>
    expect(out(line)).toMatch(says),
  );
  it('help lists commands and flags', () => {
    expect(out('set')).toBe(
      'Available Commands:\n  env\n  image\n  resources\n  selector\n  serviceaccount\n  subject\n\nUsage:\n  kubectl set SUBCOMMAND [options]\n\nUse "kubectl set <command> --help" for more information about a given command.\n',
    );
    expect(out('help set env')).toBe(out('set env --help'));
    expect(out('drain -h')).toContain('    --ignore-daemonsets\n');
    expect(out('--help')).toContain('\n  rollout\n');
  });
});

describe('drain of several machines', () => {
  const cluster = openCluster();
  const out = (line: string): string => {
    const r = cluster.kubectl(line);
    cluster.settle();
    return (r.stdout + r.stderr).replace(/-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-X');
  };
  const DAEMONS = 'kube-flannel/kube-flannel-ds-X, kube-system/kube-proxy-X';
  const refusal = `cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ${DAEMONS}`;
  const warning = `Warning: ignoring DaemonSet-managed Pods: ${DAEMONS}\n`;
  it.each([
    ['drain worker-1 nope', 'Error from server (NotFound): nodes "nope" not found\n'],
    ['drain -l a=b', ''],
    [
      'drain worker-1 -l a=b',
      "error: cannot specify both a node name and a --selector option\nSee 'kubectl drain -h' for help and examples\n",
    ],
    ['drain worker-1 --pod-selector=a===b', 'error: --pod-selector=<pod_selector> must be a valid label selector\n'],
    [
      'drain worker-1 worker-2',
      `node/worker-1 cordoned\nnode/worker-2 cordoned\n${['worker-1', 'worker-2'].map((node) => `error: unable to drain node "${node}" due to error: ${refusal}, continuing command...\n`).join('')}There are pending nodes to be drained:\n worker-1\n worker-2\n${refusal}\n${refusal}\n`,
    ],
    [
      'drain worker-1 worker-2 --ignore-daemonsets --dry-run=server',
      `node/worker-1 already cordoned (server dry run)\nnode/worker-2 already cordoned (server dry run)\nnode/worker-1 drained (server dry run)\nnode/worker-2 drained (server dry run)\n${warning}${warning}`,
    ],
    [
      'drain -l kubernetes.io/hostname=worker-1 --ignore-daemonsets --pod-selector=a=b',
      'node/worker-1 already cordoned\nnode/worker-1 drained\n',
    ],
    ['run slow --image=busybox:1.37 --command -- sleep 3600', 'pod/slow created\n'],
    [
      'drain worker-3 worker-1 --ignore-daemonsets --force --timeout=2s',
      `node/worker-3 cordoned\nnode/worker-1 already cordoned\nevicting pod default/slow\nnode/worker-1 drained\nWarning: deleting Pods that declare no controller: default/slow; ignoring DaemonSet-managed Pods: ${DAEMONS}\nThere are pending pods in node "worker-3" when an error occurred: error when waiting for pod "slow" in namespace "default" to terminate: context deadline exceeded\npod/slow\nerror: unable to drain node "worker-3" due to error: error when waiting for pod "slow" in namespace "default" to terminate: context deadline exceeded, continuing command...\n${warning}There are pending nodes to be drained:\n worker-3\nerror when waiting for pod "slow" in namespace "default" to terminate: context deadline exceeded\n`,
    ],
  ])('%s', (line, text) => expect(out(line)).toBe(text));
});

describe('--sort-by', () => {
  const cluster = openCluster();
  for (const name of ['web', 'api']) cluster.kubectl(`create deployment ${name} --image=nginx:1.29`);
  const out = outputOf(cluster);
  const lost = (path: string): string => `error: couldn't find any field with path "${path}" in the list of objects\n`;
  it.each([
    ['get deploy --sort-by=.foo', 'No resources found in default namespace.\n'],
    ['get nodes --sort-by=foo', 'No resources found\n'],
    ['get deploy --sort-by=.foo -o name', lost('{.foo}')],
    ['get cm --sort-by={foo} -o name', lost('{.foo}')],
    ['get deploy --sort-by=.foo -o json', lost('{.foo}')],
    ['get deploy,rs --sort-by=.metadata.name', lost('{.metadata.name}')],
    ['get deploy,rs --sort-by=.metadata.name -o name --no-headers', 'deployment.apps/api\n'],
    [
      'get deploy --sort-by={.foo -o name',
      "error: unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'\n",
    ],
    [
      'get deploy -o custom-columns=A:{.foo',
      "error: unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'\n",
    ],
  ])('%s', (line, text) => expect(out(line)).toContain(text));
});

describe('the order of both streams', () => {
  const cluster = openCluster();
  cluster.kubectl('create deployment web --image=nginx:1.29 --replicas=2');
  cluster.settle();
  const written = (line: string, stdin = ''): readonly string[] => {
    cluster.kubectl(line, stdin);
    const notes = [...cluster.trace()].flatMap((event) =>
      event.type === 'note' && event.fact.says === 'kubectl/exited'
        ? [event.fact.with as { readonly printed?: readonly { readonly to: string; readonly text: string }[] }]
        : [],
    );
    return (notes.at(-1)?.printed ?? []).map(({ to, text }) => `${to}: ${text.split('\n')[0].replace(/web-\S+/, 'web-x')}`);
  };
  it('is in the note that a command leaves', () => {
    expect(written('logs deploy/web')).toEqual(['stderr: Found 2 pods, using pod/web-x', expect.stringMatching(/^stdout: ./)]);
    expect(written('delete deploy nope web --wait=false')).toEqual([
      'stdout: deployment.apps "web" deleted from default namespace',
      'stderr: Error from server (NotFound): deployments.apps "nope" not found',
    ]);
    expect(written('set env deploy/web A=b')).toEqual([]);
  });
});

/** As upstream's template prints them: staging/src/k8s.io/kubectl/pkg/explain/v2/templates/plaintext.tmpl (v1.36). The real kubectl finds no schemas in this server's OpenAPI documents. */
describe('explain', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const out = outputOf(cluster);
  it('a kind has its words and those of its fields, in lines of 80', () =>
    expect(out('explain pods').split('\n').slice(0, 13)).toEqual([
      'KIND:       Pod',
      'VERSION:    v1',
      '',
      'DESCRIPTION:',
      '    Pod is a collection of containers that can run on a host. This resource is',
      '    created by clients and scheduled onto hosts.',
      '    ',
      'FIELDS:',
      '  apiVersion\t<string>',
      '    APIVersion defines the versioned schema of this representation of an object.',
      '    Servers should convert recognized schemas to the latest internal value, and',
      '    may reject unrecognized values. More info:',
      '    https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
    ]));
  it("a field has the words that it may be, its own description and its type's", () => {
    expect(out('explain pod.spec.restartPolicy')).toBe(
      'KIND:       Pod\nVERSION:    v1\n\nFIELD: restartPolicy <string>\nENUM:\n    Always\n    Never\n    OnFailure\n\nDESCRIPTION:\n    Restart policy for all containers within the pod. One of Always, OnFailure,\n    Never. In some contexts, only a subset of those values may be permitted.\n    Default to Always. More info:\n    https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy\n    \n\n',
    );
    expect(out('explain deploy.spec.template.spec.containers')).toContain(
      'FIELD: containers <[]Container>\n\n\nDESCRIPTION:\n    List of containers belonging to the pod. Containers cannot currently be\n    added or removed. There must be at least one container in a Pod. Cannot be\n    updated.\n    A single application container that you want to run within a pod.\n    \nFIELDS:\n  args\t<[]string>\n',
    );
  });
  it('--recursive leaves the descriptions out', () =>
    expect([out('explain pod --recursive'), out('explain pod -R')]).toEqual(
      Array(2).fill(expect.stringMatching(/\n {2}metadata\t<ObjectMeta>\n {4}annotations\t<map\[string\]string>\n/)),
    ));
  it('no more than one word', () => expect(out('explain pod spec')).toBe('error: We accept only this format: explain RESOURCE\n'));
});

/** In the words of kubectl v1.32.4, which says "Error: " of flags where later ones say "error: ". */
describe('values of flags', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  it.each([
    ['scale deploy web --replicas=x', 'invalid argument "x" for "--replicas" flag: strconv.ParseInt: parsing "x": invalid syntax'],
    ['scale deploy web --replicas=1.5', 'invalid argument "1.5" for "--replicas" flag: strconv.ParseInt: parsing "1.5": invalid syntax'],
    ['delete pod x --grace-period=x', 'invalid argument "x" for "--grace-period" flag: strconv.ParseInt: parsing "x": invalid syntax'],
    ['delete pod x --timeout=x', 'invalid argument "x" for "--timeout" flag: time: invalid duration "x"'],
    ['get pods -A=x', 'invalid argument "x" for "-A, --all-namespaces" flag: strconv.ParseBool: parsing "x": invalid syntax'],
  ])('%s', (line, text) =>
    expect(cluster.kubectl(line).stderr).toBe(`error: ${text}\nSee 'kubectl ${line.split(' ')[0]} --help' for usage.\n`),
  );
});
