/**
 * Our kubectl prints what the real one prints, word for word, against the same API. The record is of a real kubectl (its version is in it); where one is installed it is asked again.
 * `ORRERY_RECORD=1` writes the record anew. Ages, times, uids and other random letters, versions, and blanks between columns, are not compared.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { kubectlSays, kubectlVersion, type Said, type Step } from './real-kubectl.mjs';

const FILE = new URL('kubectl.recorded.json', import.meta.url);
const web = (replicas: number, more = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  labels: {tier: front}\nspec:\n  replicas: ${replicas}\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers:\n      - name: nginx\n        image: nginx:1.29\n        ports: [{containerPort: 80}]\n${more}`;
const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: web}\n  ports: [{port: 80}]\n';
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: colours}\ndata: {sky: blue}\n';
const PULL = 'apiVersion: v1\nkind: Pod\nmetadata: {name: pull}\nspec: {containers: [{name: c, image: "nginx:nope"}]}\n';
const ODD = JSON.stringify({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'odd', annotations: { yes: 'on', 'a/b': '', '1e3': 'x', _: 'y', '0x1F': 'é', '12': 'z', 'a-': 'q' } },
  data: {
    lines: 'one\n  two\n\nthree\n',
    open: 'one\ntwo',
    tab: '\tx\ty',
    tabs: '\tx\n\ty\n',
    words: 'say "hi" \\ \u0007\u001b\u0085\u00a0\u2028\u{1f600}\u200b',
    cr: 'a\r\nb',
    '2001-01-01': 'day',
    null: 'n',
  },
});
const words = (text: string): readonly string[] => text.split(' ');
const STEPS: readonly Step[] = [
  [words('get nodes')],
  [words('get pods')],
  [words('get namespaces')],
  [words('apply -f -'), `${web(2)}---\n${SERVICE}`],
  [words('get deployments')],
  [words('get deploy,svc,rs -o wide')],
  [words('get pods -o wide')],
  [words('get pods -n kube-system -l k8s-app=kube-dns')],
  [words('apply -f -'), `${web(2)}---\n${SERVICE}`],
  [words('apply -f -'), web(3)],
  [words('get deploy web -o name')],
  [words('scale deployment web --replicas=1')],
  [words('get rs')],
  [words('rollout status deployment web')],
  [words('rollout history deployment web')],
  [words('get pod nobody')],
  [words('get nothing')],
  [words('delete pod nobody')],
  [words('get deploy web -o jsonpath={.spec.replicas}')],
  [words('label deployment web stage=test')],
  [words('label deployment web stage=live')],
  [words('label deployment web stage=live --overwrite')],
  [words('get deploy --show-labels')],
  [words('annotate deployment web note=hello')],
  [words('set image deployment/web nginx=nginx:1.30')],
  [words('rollout status deployment web')],
  [words('get endpointslices')],
  [words('describe deployment web')],
  [words('describe service web')],
  [words('describe node worker-2')],
  [words('describe configmap kube-root-ca.crt')],
  [words('logs deploy/web')],
  [words('cordon worker-1')],
  [words('get nodes')],
  [words('uncordon worker-1')],
  [words('uncordon worker-1')],
  [words('create -f -'), CONFIG],
  [words('create -f -'), CONFIG],
  [words('get configmap colours -o jsonpath={.data}')],
  [words('patch configmap colours -p {"data":{"sky":"grey"}}')],
  [words('patch configmap colours -p {"data":{"sky":"grey"}}')],
  [words('get cm')],
  [words('delete configmap colours')],
  [words('apply -f -'), web(1, '        prots: []\n')],
  [words('apply -f -'), web(-1)],
  [words('apply -f -'), web(1).replace('image: nginx:1.29', 'image: 5')],
  [words('delete deployment web')],
  [words('get all')],
  [words('api-resources --namespaced=false')],
  [words('api-resources -o wide')],
  [words('api-resources --verbs=deletecollection --categories=all -o name')],
  [words('apply -f -'), `${web(1)}---\n${CONFIG}`],
  [words('set env deploy/web A=b C=d')],
  [words('set env deploy/web --list')],
  [words('set env deploy/web A- --from=configmap/colours --prefix=P_')],
  [words('set env deploy/web --list')],
  [words('set env deploy/web C=e --overwrite=false')],
  [words('set env deploy/web A=b -c nope')],
  [words('set env pods --all --list')],
  [words('set env deploy/web 1A=b')],
  [words('set env cm/colours A=b')],
  [words('set env A=b deploy/web')],
  [words('set env deploy/web --from=deploy/web')],
  [words('set resources deploy/web --limits=cpu=200m,memory=512Mi')],
  [words('set resources deploy/web --limits=cpu=200m')],
  [words('set resources deploy/web --limits=cpu')],
  [words('set resources deploy/web -c nope --limits=cpu=1')],
  [words('set resources deploy/web --requests=cpu=2')],
  [words('set resources deploy/web')],
  [words('set serviceaccount deploy web default')],
  [words('set selector svc kubernetes a=b')],
  [words('events --for deploy/web --types=Normal')],
  [words('events --for nothing/web')],
  [words('events -n kube-public')],
  [words('events --for web')],
  [words('apply view-last-applied cm colours')],
  [words('apply view-last-applied cm/colours -o json')],
  [words('apply set-last-applied -f -'), CONFIG],
  [words('apply set-last-applied -f -'), CONFIG],
  [words('run p --image=nginx:1.29 --port=80 --expose')],
  [words('run p --image=nginx:1.29 --expose')],
  [words('create job j --image=nginx')],
  [words('create role r --verb=get --resource=pods')],
  [words('autoscale deploy web --max=3')],
  [words('create service nothing')],
  [words('delete pod p -o yaml')],
  [words('label pod p a=b -o wide')],
  [words('create -f -'), ODD],
  [words('get cm odd -o kyaml')],
  [words('get cm colours odd -o kyaml')],
  [words('get ns default -o kyaml')],
  [words('get svc kubernetes -o kyaml')],
  [words('exec deploy/web -- hostname')],
  [['exec', 'deploy/web', '--', 'sh', '-c', 'echo one; exit 3']],
  [words('exec deploy/nope -- ls')],
  [words('exec deploy/web -- cat /nope')],
  [words('apply -f -'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: twice}\ndata:\n  a: b\n  a: c\n'],
  [words('apply -f -'), `apiVersion: v1\nkind: List\nitems:\n- ${CONFIG.replace(/\n(?=.)/g, '\n  ')}`],
  [words('scale deploy web --replicas=2147483648')],
  [words('create deployment made --image=nginx --replicas=2 --port=80')],
  [words('expose deployment made')],
  [words('describe service made')],
  [words('create secret generic s --from-literal=k=v -o yaml')],
  [words('create service nodeport n --tcp=80:8080')],
  [words('get svc n -o kyaml')],
  [words('run q --image=nginx --env=A=b -l a=b')],
  [words('get pod q -o jsonpath={.spec.containers[0].env}')],
  [words('create ns team -o yaml')],
  [words('create sa bob -n team')],
  [words('auth can-i create pods')],
  [words('auth whoami')],
  ...[
    'pod',
    'pod.spec',
    'pods.spec.containers',
    'deploy.spec.strategy --recursive',
    'event',
    'lease.spec.renewTime',
    'svc.spec.type',
    'node.status.capacity',
    'pod.spec.nope',
    'controllerrevision.data',
    'pod.spec.containers.livenessProbe.httpGet.port',
    'deployments.apps.spec',
    'pods.v1',
    'deploy --api-version=apps/v2',
    'rs --api-version=apps/v1',
    'nothing',
    'endpointslices.endpoints',
    'pod.metadata.managedFields.fieldsV1',
  ].map((what): Step => [words(`explain ${what}`)]),
  [words('apply -f -'), PULL],
  [words('describe pod pull')],
  [words('describe sa default')],
  [words('describe ns default')],
  [words('describe sa,cm -n kube-public')],
  [words('describe cm -n kube-public --show-events')],
  [words('describe pods/none pod/pull')],
  [words('describe pod pull -l a=b')],
  [words('events --for pod/pull')],
  [words('wait pod/pull')],
  [words('wait pod/pull --for=jsonpath={.spec.containers}=x')],
  [words('wait pod/pull --for=jsonpath={.metadata.name}=')],
  [words('wait pod/pull --for=Create --for=jsonpath={.metadata.name}=pull -o name')],
  [words('wait cm/colours --for=jsonpath={.data.sky}=blue --for=jsonpath={.kind}')],
  [words('label cm colours k=v --list')],
  [words('label cm --all --list')],
  [words('label cm colours a=b=c')],
  [words('label cm colours a=b -l c=d')],
  [words('label -f - k=v --local -o yaml'), CONFIG],
  [words('patch cm colours -p {"data":{"a":"b"}} --dry-run=client')],
  [words('taint nodes worker-1 x=y:NoSchedule --dry-run=client')],
  [words('taint nodes worker-1 x=y:NoSchedule x:NoSchedule-')],
  [words('scale deploy nope --replicas=1')],
  [words('rollout undo deploy/web')],
  [words('rollout undo cm/colours')],
  [words('rollout history cm/colours')],
  [words('rollout history deploy/web --revision=-1')],
  [words('set env deploy/web NOPE-')],
  [words('apply -f - -o jsonpath={.kind}'), `${CONFIG}---\n${SERVICE}`],
  [words('apply -f - --server-side'), CONFIG],
  [words('apply -f - --server-side --force'), CONFIG],
  [words('apply -f - --force-conflicts'), CONFIG],
  [words('apply -f - --subresource=status'), CONFIG],
  [words('apply -f - --dry-run'), CONFIG],
  [words('apply -f - --dry-run=client -o jsonpath={.data}'), CONFIG.replace('blue', 'red')],
  [words('apply -f - -l a=b'), CONFIG],
  [words('apply -f - --force'), SERVICE.replace('spec:', 'spec:\n  clusterIP: 10.96.0.99')],
  [words('get svc web -o name')],
  [words('replace -f -'), SERVICE],
  [words('replace -f - --timeout=1s'), CONFIG],
  [words('diff -f - --force-conflicts'), CONFIG],
  ...[
    'create job j --image=nginx',
    'create cronjob c --image=nginx',
    'create role r --verb=get,list --resource=pods,deploy',
    'create clusterrole r --verb=get --non-resource-url=/x',
    'create rolebinding r --role=x --user=u --serviceaccount=a:b',
    'create quota q --hard=cpu=1',
    'create pdb p --selector=a=b --min-available=1',
    'create pc p --value=10',
    'create ingress i --rule=a.b/c=s:80',
    'create cm c --from-literal=a=b --append-hash',
    'create secret generic s --from-literal=a=b --append-hash',
    'create deploy',
    'create svc clusterip s --tcp=80:99999',
    'autoscale deploy web --max=3 --cpu=50% --memory=500Mi',
    'autoscale deploy web --max=0',
    'autoscale deploy web --max=1 --cpu=x',
    'autoscale cm colours --max=1',
    'run p --image=NGINX',
    'run p --image=nginx --override-type=nope --overrides={}',
    'run p --image=nginx -it',
    'expose svc web --name=w2 --session-affinity=Nope',
  ].map((line): Step => [words(`${line} --dry-run=client -o yaml`)]),
  [words('logs pull -c nope')],
  [words('exec pull -c nope -- ls')],
  [words('exec cm/colours -- ls')],
  [words('top pod --sort-by=nope')],
  [words('delete cm colours -i'), 'n\n'],
  [words('delete cm colours -i'), 'y\n'],
  [words('get pods -L app -L tier')],
  [words('get pods -o custom-columns-file=/nope')],
  [words('get --raw nope')],
  [words('get node worker-1 -A')],
  [words('get pods --as-group=g')],
  [words('get pods --context=nope')],
  [words('apply -k /nope')],
  [words('api-resources -o json')],
  [words('api-resources -o yaml')],
  [words('api-resources -o nope')],
  [words('auth can-i nope pods')],
  [words('auth can-i --list -A')],
  [words('drain worker-1 --dry-run=client')],
];
const plain = (text: string): string =>
  text
    .replace(/^W\d{4} [\d:.]+ +\d+ /gm, 'W ')
    .replace(/kube-api-access-\w{5}/g, 'kube-api-access-X')
    .replace(/\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000/g, 'TIME')
    .replace(/\(?\b(?:\d+[dhms]){1,2}(?: ago\))?(?=\s|$|\))/g, 'AGE')
    .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, 'UID')
    .replace(/(resourceVersion: )"\d+"/g, '$1VERSION')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'INSTANT')
    .replace(/[ \t]+/g, ' ')
    .replace(/ $/gm, '');
const shape = ({ stdout, stderr, exitCode }: Said) => ({ stdout: plain(stdout), stderr: plain(stderr), exitCode });
interface Record {
  readonly version: string;
  readonly said: readonly Said[];
}

const version = await kubectlVersion().catch(() => undefined);
if (process.env.ORRERY_RECORD && version)
  writeFileSync(FILE, `${JSON.stringify({ version, said: (await kubectlSays(openCluster(), STEPS)).map(shape) }, null, 1)}\n`);
const record = JSON.parse(readFileSync(FILE, 'utf8')) as Record;

describe(`the real kubectl (${record.version})`, () => {
  it('has a record of every step, which a kubectl on this machine confirms', async () => {
    expect(record.said).toHaveLength(STEPS.length);
    if (version === record.version) expect((await kubectlSays(openCluster(), STEPS)).map(shape)).toEqual(record.said);
  });
  const cluster = openCluster();
  const ours = STEPS.map(([args, stdin]) => {
    const said = cluster.kubectl(args, stdin);
    cluster.settle();
    return said;
  });
  it.each(STEPS.map(([args], i) => [`${i + 1}: kubectl ${args.join(' ')}`, i] as const))('%s', (_name, i) => {
    expect(shape(ours[i])).toEqual(record.said[i]);
  });
});
