/** Which flags each command knows, as upstream declares them, and which of them take a value. Upstream: staging/src/k8s.io/kubectl/pkg/cmd (v1.36). Simplified: flags that make no difference here are known and ignored. */

/** Names end in '=' when they take a value, in '?' when a value is optional. */
const GLOBAL =
  'as= as-group= as-uid= as-user-extra= cache-dir= certificate-authority= client-certificate= client-key= cluster= context= disable-compression h help insecure-skip-tls-verify kubeconfig= kuberc= log-flush-frequency= match-server-version n= namespace= password= profile= profile-output= request-timeout= s= server= tls-server-name= token= user= username= v= vmodule= warnings-as-errors';
const PRINT = 'o= output= template= show-managed-fields allow-missing-template-keys';
const FILES = 'f= filename= k= kustomize= R recursive';
const WRITE = 'dry-run? field-manager= validate?';
const LABEL = `record? ${PRINT} ${FILES} ${WRITE} l= selector= all all-namespaces A field-selector= list local overwrite resource-version=`;
const CREATE = `${PRINT} ${WRITE} save-config`;

const OF: Readonly<Record<string, string>> = {
  autoscale: `record? ${CREATE} ${FILES} cpu= cpu-percent= max= memory= min= name=`,
  'create clusterrole': `${CREATE} aggregation-rule= non-resource-url= resource= resource-name= verb=`,
  'create clusterrolebinding': `${CREATE} clusterrole= group= serviceaccount= user=`,
  'create cronjob': `${CREATE} image= restart= schedule=`,
  'create ingress': `${CREATE} annotation= class= default-backend= rule=`,
  'create job': `${CREATE} from= image=`,
  'create poddisruptionbudget': `${CREATE} max-unavailable= min-available= selector=`,
  'create priorityclass': `${CREATE} description= global-default preemption-policy= value=`,
  'create quota': `${CREATE} hard= scopes=`,
  'create role': `${CREATE} resource= resource-name= verb=`,
  'create rolebinding': `${CREATE} clusterrole= group= role= serviceaccount= user=`,
  'create token': `${PRINT} audience= bound-object-kind= bound-object-name= bound-object-uid= duration=`,
  'set subject': `${PRINT} ${FILES} ${WRITE} all group= local l= selector= serviceaccount= user=`,
  attach: 'c= container= i stdin t tty pod-running-timeout= q quiet detach-keys=',
  annotate: LABEL,
  label: LABEL,
  'api-resources': 'api-group= cached namespaced? no-headers o= output= sort-by= verbs= categories= show-managed-fields',
  'api-versions': '',
  apply: `record? ${PRINT} ${FILES} ${WRITE} all cascade? force force-conflicts grace-period= l= selector= openapi-patch overwrite? prune prune-allowlist= server-side subresource= timeout= wait`,
  'apply set-last-applied': `${PRINT} dry-run? create-annotation f= filename=`,
  'apply view-last-applied': `${FILES} o= output= all l= selector=`,
  'auth can-i': 'A all-namespaces list no-headers q quiet subresource=',
  'auth whoami': PRINT,
  'cluster-info': '',
  'cluster-info dump': `${PRINT} A all-namespaces namespaces= output-directory= pod-running-timeout=`,
  'config current-context': '',
  'config get-contexts': 'no-headers o= output=',
  'config view': `${PRINT} flatten merge? minify raw`,
  'config set-context': 'current namespace= user= cluster=',
  cordon: `${WRITE} l= selector=`,
  uncordon: `${WRITE} l= selector=`,
  create: `record? ${CREATE} ${FILES} edit raw= l= selector= windows-line-endings`,
  'create configmap': `${CREATE} append-hash from-env-file= from-file= from-literal=`,
  'create deployment': `${CREATE} image= port= r= replicas=`,
  'create namespace': CREATE,
  'create secret docker-registry': `${CREATE} append-hash docker-email= docker-password= docker-server= docker-username= from-file=`,
  'create secret tls': `${CREATE} append-hash cert= key=`,
  'create secret generic': `${CREATE} append-hash from-env-file= from-file= from-literal= type=`,
  'create service clusterip': `${CREATE} clusterip= tcp=`,
  'create service externalname': `${CREATE} external-name= tcp=`,
  'create service loadbalancer': `${CREATE} tcp=`,
  'create service nodeport': `${CREATE} node-port= tcp=`,
  'create serviceaccount': CREATE,
  debug:
    'arguments-only attach? c= container= copy-to= custom= env= f= filename= image= image-pull-policy= keep-annotations keep-init-containers? keep-labels keep-liveness keep-readiness keep-startup profile= q quiet replace same-node set-image= share-processes? i stdin t tty target=',
  delete: `${FILES} A all-namespaces all cascade? dry-run? field-selector= force grace-period= i ignore-not-found interactive l= selector= now o= output= raw= timeout= wait?`,
  describe: `${FILES} A all-namespaces chunk-size= l= selector= show-events?`,
  diff: `${FILES} concurrency= field-manager= force-conflicts prune server-side l= selector=`,
  drain:
    'chunk-size= delete-emptydir-data disable-eviction dry-run? force grace-period= ignore-daemonsets pod-selector= l= selector= skip-wait-for-delete-timeout= timeout=',
  edit: `${PRINT} ${FILES} ${WRITE}`,
  events: `${PRINT} A all-namespaces chunk-size= for= no-headers types= w watch`,
  exec: 'c= container= f= filename= i stdin t tty pod-running-timeout= q quiet',
  explain: 'api-version= o= output= R recursive',
  expose: `record? ${CREATE} ${FILES} cluster-ip= external-ip= l= labels= load-balancer-ip= name= override-type= overrides= port= protocol= selector= session-affinity= target-port= type=`,
  get: `${PRINT} ${FILES} A all-namespaces chunk-size= field-selector= ignore-not-found L= label-columns= l= selector= no-headers output-watch-events raw= server-print? show-kind show-labels sort-by= subresource= w watch watch-only`,
  logs: 'all-containers all-pods c= container= f follow? ignore-errors insecure-skip-tls-verify-backend limit-bytes= max-log-requests= pod-running-timeout= prefix p previous l= selector= since= since-time= tail= timestamps',
  patch: `record? ${PRINT} ${FILES} ${WRITE} local p= patch= patch-file= subresource= type=`,
  'port-forward': 'address= pod-running-timeout=',
  replace: `record? ${PRINT} ${FILES} ${WRITE} cascade? force grace-period= raw= save-config subresource= timeout= wait`,
  'rollout history': `${PRINT} ${FILES} revision= l= selector=`,
  'rollout pause': `${PRINT} ${FILES} field-manager= l= selector=`,
  'rollout restart': `${PRINT} ${FILES} field-manager= l= selector=`,
  'rollout resume': `${PRINT} ${FILES} field-manager= l= selector=`,
  'rollout status': `${FILES} revision= l= selector= timeout= w watch?`,
  'rollout undo': `${PRINT} ${FILES} dry-run? to-revision= l= selector=`,
  run: `record? ${CREATE} ${FILES} annotations= attach command detach-keys= env= expose image= image-pull-policy= i stdin labels= l= override-type= overrides= pod-running-timeout= port= privileged q quiet restart= rm t tty cascade? force grace-period= timeout= wait leave-stdin-open`,
  scale: `record? ${PRINT} ${FILES} all current-replicas= dry-run? replicas= resource-version= l= selector= timeout=`,
  'set env': `${PRINT} ${FILES} ${WRITE} all c= containers= e= env= from= keys= list local l= selector= overwrite? prefix= resolve`,
  'set image': `record? ${PRINT} ${FILES} ${WRITE} all local l= selector=`,
  'set selector': `record? ${PRINT} ${FILES} ${WRITE} all local resource-version=`,
  'set serviceaccount': `record? ${PRINT} ${FILES} ${WRITE} all local`,
  'set resources': `record? ${PRINT} ${FILES} ${WRITE} all c= containers= limits= local l= selector= requests=`,
  taint: `${PRINT} ${WRITE} all l= selector= overwrite`,
  'top node': 'l= selector= no-headers show-capacity show-swap sort-by= use-protocol-buffers?',
  'top pod': 'A all-namespaces containers field-selector= l= selector= no-headers show-swap sort-by= sum use-protocol-buffers?',
  version: 'client o= output=',
  wait: `${PRINT} ${FILES} A all-namespaces all field-selector= for= local l= selector= timeout=`,
};

/** '=' takes a value, '?' may, '' does not; undefined when the command has no such flag. */
export function flagKind(command: string, name: string): '=' | '?' | '' | undefined {
  for (const word of `${GLOBAL} ${OF[command] ?? ''}`.split(' ')) {
    const bare = word.replace(/[=?]$/, '');
    if (bare === name) return word === bare ? '' : word.endsWith('=') ? '=' : '?';
  }
  return undefined;
}

/** Of one command alone, with the letters. */
export const flagsOf = (command: string): readonly string[] => [
  ...new Set(
    (OF[command] ?? '')
      .split(' ')
      .map((word) => word.replace(/[=?]$/, ''))
      .filter((word) => word !== ''),
  ),
];
