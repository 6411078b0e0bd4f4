/** Which flags each command knows, as upstream declares them, and which of them take a value. Upstream: staging/src/k8s.io/kubectl/pkg/cmd (v1.36). Simplified: flags that make no difference here are known and ignored. */

/** Names end in '=' when they take a value, in '?' when a value is optional. */
const GLOBAL = 'as= as-group= as-uid= cache-dir= certificate-authority= client-certificate= client-key= cluster= context= disable-compression help insecure-skip-tls-verify kubeconfig= kuberc= log-flush-frequency= match-server-version n= namespace= password= profile= profile-output= request-timeout= s= server= tls-server-name= token= user= username= v= vmodule= warnings-as-errors';
const PRINT = 'o= output= template= show-managed-fields allow-missing-template-keys';
const FILES = 'f= filename= k= kustomize= R recursive';
const WRITE = 'dry-run? field-manager= validate?';
const LABEL = `${PRINT} ${FILES} ${WRITE} l= selector= all all-namespaces A field-selector= list local overwrite resource-version=`;
const CREATE = `${PRINT} ${WRITE} save-config`;

const OF: Readonly<Record<string, string>> = {
  annotate: LABEL, label: LABEL, 'api-resources': 'api-group= cached namespaced? no-headers o= output= sort-by= verbs= categories= show-managed-fields', 'api-versions': '', apply: `${PRINT} ${FILES} ${WRITE} all cascade? force force-conflicts grace-period= l= selector= openapi-patch overwrite? prune prune-allowlist= server-side subresource= timeout= wait`,
  'auth can-i': 'A all-namespaces list no-headers q quiet subresource=', 'auth whoami': PRINT, 'cluster-info': '', 'config current-context': '', 'config get-contexts': 'no-headers o= output=', 'config view': `${PRINT} flatten merge? minify raw`, 'config set-context': 'current', cordon: `${WRITE} l= selector=`, uncordon: `${WRITE} l= selector=`,
  create: `${CREATE} ${FILES} edit raw= l= selector= windows-line-endings`, 'create configmap': `${CREATE} append-hash from-env-file= from-file= from-literal=`, 'create deployment': `${CREATE} image= port= r= replicas=`, 'create namespace': CREATE, 'create secret generic': `${CREATE} append-hash from-env-file= from-file= from-literal= type=`, 'create service clusterip': `${CREATE} clusterip= tcp=`, 'create service nodeport': `${CREATE} node-port= tcp=`, 'create serviceaccount': CREATE,
  delete: `${FILES} A all-namespaces all cascade? dry-run? field-selector= force grace-period= i ignore-not-found interactive l= selector= now o= output= raw= timeout= wait?`, describe: `${FILES} A all-namespaces chunk-size= l= selector= show-events?`, diff: `${FILES} concurrency= field-manager= force-conflicts prune server-side l= selector=`, drain: 'chunk-size= delete-emptydir-data disable-eviction dry-run? force grace-period= ignore-daemonsets pod-selector= l= selector= skip-wait-for-delete-timeout= timeout=', edit: `${PRINT} ${FILES} ${WRITE}`,
  exec: 'c= container= f= filename= i stdin t tty pod-running-timeout= q quiet', explain: 'api-version= o= output= recursive', expose: `${CREATE} ${FILES} cluster-ip= external-ip= l= labels= load-balancer-ip= name= override-type= overrides= port= protocol= selector= session-affinity= target-port= type=`,
  get: `${PRINT} ${FILES} A all-namespaces chunk-size= field-selector= ignore-not-found L= label-columns= l= selector= no-headers output-watch-events raw= server-print? show-kind show-labels sort-by= subresource= w watch watch-only`, logs: 'all-containers all-pods c= container= f follow? ignore-errors insecure-skip-tls-verify-backend limit-bytes= max-log-requests= pod-running-timeout= prefix p previous l= selector= since= since-time= tail= timestamps',
  patch: `${PRINT} ${FILES} ${WRITE} local p= patch= patch-file= subresource= type=`, replace: `${PRINT} ${FILES} ${WRITE} cascade? force grace-period= raw= save-config subresource= timeout= wait`, 'rollout history': `${PRINT} ${FILES} revision= l= selector=`, 'rollout pause': `${PRINT} ${FILES} field-manager= l= selector=`, 'rollout restart': `${PRINT} ${FILES} field-manager= l= selector=`, 'rollout resume': `${PRINT} ${FILES} field-manager= l= selector=`, 'rollout status': `${FILES} revision= l= selector= timeout= w watch?`, 'rollout undo': `${PRINT} ${FILES} dry-run? to-revision= l= selector=`,
  run: `${CREATE} ${FILES} annotations= attach command env= expose image= image-pull-policy= i stdin labels= l= override-type= overrides= pod-running-timeout= port= privileged q quiet restart= rm t tty cascade? force grace-period= timeout= wait leave-stdin-open`, scale: `${PRINT} ${FILES} all current-replicas= dry-run? replicas= resource-version= l= selector= timeout=`,
  'set image': `${PRINT} ${FILES} ${WRITE} all local l= selector=`, taint: `${PRINT} ${WRITE} all l= selector= overwrite`, 'top node': 'l= selector= no-headers', 'top pod': 'A all-namespaces containers l= selector= no-headers', version: 'client o= output=', wait: `${PRINT} ${FILES} A all-namespaces all field-selector= for= local l= selector= timeout=`,
};

/** '=' takes a value, '?' may, '' does not; undefined when the command has no such flag. */
export function flagKind(command: string, name: string): '=' | '?' | '' | undefined {
  for (const word of `${GLOBAL} ${OF[command] ?? ''}`.split(' ')) {
    const bare = word.replace(/[=?]$/, '');
    if (bare === name) return word === bare ? '' : word.endsWith('=') ? '=' : '?';
  }
  return undefined;
}
