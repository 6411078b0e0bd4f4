/** What the control plane does, in sentences. */
import type { Sentences, Words } from '../sentence.ts';

const DOCS = 'https://kubernetes.io/docs/concepts';
const PLUGIN_WORDS: Readonly<Record<string, string>> = { NodeResourcesFit: 'it has more free CPU and memory', NodeResourcesBalancedAllocation: 'CPU and memory stay better balanced', PodTopologySpread: 'fewer pods of the same set are there', ImageLocality: 'the image is already there', TaintToleration: 'it has fewer soft taints', NodeAffinity: 'the pod prefers it' };

/** Written so often, or so little by themselves, that they only ride along with what others say. */
const UNTOLD = new Set(['Event', 'Lease', 'ControllerRevision', 'EndpointSlice', 'Binding', 'SubjectAccessReview', 'TokenReview']);
const lines = (text: string): readonly string[] => text.trim().split('\n');
const isPerson = (w: Words): boolean => !w.text('user').startsWith('system:');
const caller = (w: Words): string => w.text('user').replace(/^system:(kube-|node:|serviceaccount:[^:]*:)?/, 'the ').replace(/^the (worker|cp)-/, 'the kubelet of $1-');
const mutated = (w: Words): string => (w.list('changedBy').length > 0 ? `, lets ${w.list('changedBy').join(', ')} add to it` : '');

export default {
  'kubectl/started': { act: 1, title: (w) => `You run kubectl ${w.text('command')}.`, why: () => 'kubectl is only a client: it turns the command into HTTPS requests to the apiserver.', doc: `${DOCS}/overview/components/` },
  'kubectl/exited': {
    act: 1, title: (w) => (w.number('exitCode') === 0 ? `kubectl prints: ${lines(w.text('stdout')).slice(0, 3).join(' · ').slice(0, 90)}` : 'kubectl is refused.'),
    why: (w) => (w.number('exitCode') !== 0 ? lines(w.text('stderr')).join(' · ').slice(0, 400) : w.text('stdout').includes('created') ? '“created” means: written down in etcd. No container has been started yet.' : ''),
  },
  'apiserver/admitted': {
    act: (w) => (isPerson(w) ? 1 : 2), isTold: (w) => !UNTOLD.has(w.text('kind')), folds: 'siblings', alike: (w) => `${w.text('kind')} ${w.text('user')} ${w.text('verb')}`, tells: 2,
    title: (w) => `The apiserver accepts ${w.text('kind')} ${w.text('name')}${isPerson(w) ? '' : ` from ${caller(w)}`}.`,
    why: (w) => (isPerson(w)
      ? `It knows the caller (${w.text('user')}), checks that it may ${w.text('verb')}, fills in defaults${mutated(w)}, validates, and only then writes to etcd.`
      : `The same door and the same checks as for you: ${w.text('user')} may ${w.text('verb')} it${w.list('changedBy').length > 0 ? `; ${w.list('changedBy').join(', ')} add to it` : ''}. Then it is written to etcd.`), doc: `${DOCS}/security/controlling-access/`,
  },
  'apiserver/forbidden': { act: 1, title: (w) => `The apiserver refuses: ${w.text('user')} may not ${w.text('verb')}.`, doc: 'https://kubernetes.io/docs/reference/access-authn-authz/authorization/' },
  'apiserver/ready': { act: 1, title: (w) => `The apiserver is ready at revision ${w.text('revision')}.`, why: () => 'It has read everything from etcd and watches it for changes.' },
  'controller-manager/synced': { act: 2, title: (w) => `The controller-manager starts ${w.text('controllers')} controllers.`, why: () => 'They are one process and share their watches.' },
  'kubeadm/done': { act: 1, title: () => 'kubeadm has put the add-ons into the cluster.' },
  'deployment/new-replicaset': { act: 2, title: (w) => `The deployment controller wants a ReplicaSet: ${w.text('replicaset')}.`, why: () => 'Its watch told it of the Deployment; it found no ReplicaSet with this pod template.', doc: `${DOCS}/workloads/controllers/deployment/` },
  'deployment/scaled': { act: 2, title: (w) => `The deployment controller scales ${w.text('replicaset')} from ${w.text('from')} to ${w.text('to')}.`, why: () => 'A rolling update keeps enough pods available by maxSurge and maxUnavailable.', doc: `${DOCS}/workloads/controllers/deployment/#rolling-update-deployment` },
  'deployment/adopted': { act: 2, title: (w) => `Deployment ${w.text('name')} adopts the ReplicaSet ${w.text('replicaset')}.`, why: () => 'Its labels match and nobody owned it.' },
  'deployment/name-taken': { act: 2, title: (w) => `The name ${w.text('replicaset')} is taken; the hash is drawn again.` },
  'replicaset/adopted': { act: 2, title: (w) => `ReplicaSet ${w.text('name')} adopts pod ${w.text('pod')}.`, why: () => 'Its labels match and nobody owned it.' },
  'replicaset/released': { act: 2, title: (w) => `ReplicaSet ${w.text('name')} lets pod ${w.text('pod')} go.`, why: () => 'Its labels no longer match; the pod lives on without an owner.' },
  'deployment/complete': { act: 5, title: (w) => `Deployment ${w.text('name')} is complete: ${w.text('ready')} of ${w.text('want')} ready.`, why: () => 'What is matches what was asked for; only heartbeats remain.' },
  'replicaset/too-few': { act: 2, title: (w) => `The ReplicaSet controller counts ${w.text('have')} of ${w.text('want')} pods and creates ${w.text('creates')}.`, why: () => 'Slow start: one first, and when that works two, then four. None of them has a machine yet.', doc: `${DOCS}/workloads/controllers/replicaset/` },
  'replicaset/too-many': { act: 2, title: (w) => `The ReplicaSet controller counts ${w.text('have')} pods, wants ${w.text('want')}, and deletes ${w.list('deletes').length}.`, doc: `${DOCS}/workloads/controllers/replicaset/` },
  'daemonset/missing': { act: 2, title: (w) => `The daemonset controller creates a pod of ${w.text('name')} for ${w.list('machines').length} machines.`, doc: `${DOCS}/workloads/controllers/daemonset/` },
  'daemonset/superfluous': { act: 2, title: (w) => `The daemonset controller deletes ${w.list('pods').length} pods of ${w.text('name')}.`, why: () => 'They are outdated, superfluous, or on machines that should not run one.' },
  'endpointslice/synced': { act: (w) => (w.number('total') === 0 ? 2 : 5), folds: 'latest', title: (w) => (w.number('total') === 0 ? `Service ${w.text('service')} gets an EndpointSlice without addresses.` : `The EndpointSlice of ${w.text('service')} lists ${w.text('total')} address${w.number('total') === 1 ? '' : 'es'}, ${w.number('ready') === w.number('total') ? (w.number('total') === 1 ? 'ready' : 'all ready') : w.number('ready') === 0 ? 'none ready' : `${w.text('ready')} ready`}.`), why: (w) => (w.number('total') === 0 ? 'No pod with the selected labels has an address yet.' : 'The endpointslice controller follows pods by the labels that the Service selects.'), doc: `${DOCS}/services-networking/endpoint-slices/` },
  'serviceaccount/created-default': { act: 2, title: (w) => `Namespace ${w.text('namespace')} gets its default ServiceAccount.` },
  'namespace/emptying': { act: 2, title: (w) => `Namespace ${w.text('namespace')} is emptied: ${w.list('resources').join(', ')}.` },
  'namespace/emptied': { act: 2, title: (w) => `Namespace ${w.text('namespace')} is empty and may go.` },
  'garbagecollector/ownerless': { act: 2, title: (w) => `The garbage collector deletes ${w.text('kind')} ${w.text('name')}.`, why: (w) => `Its owner, ${w.text('ownerKind')} ${w.text('owner')}, is gone.`, doc: `${DOCS}/architecture/garbage-collection/` },
  'garbagecollector/collected': { act: 2, title: (w) => `${w.text('kind')} ${w.text('name')} waits until its ${w.text('dependents')} dependents are gone.` },
  'garbagecollector/orphaned': { act: 2, title: (w) => `${w.text('dependents')} dependents become orphans and stay.` },
  'nodeipam/allotted': { act: 2, title: (w) => `${w.text('machine')} gets the pod addresses ${w.text('podCIDR')}.` },
  'nodeipam/full': { act: 2, title: (w) => `No block of pod addresses is left for ${w.text('machine')}.` },
  'nodelifecycle/silent': { act: 2, title: (w) => `${w.text('machine')} has been silent for ${w.text('seconds')} s: its state is Unknown.`, why: () => 'Nobody renewed its Lease. The control plane cannot tell a dead machine from a cut cable.', doc: `${DOCS}/architecture/nodes/#node-status` },
  'nodelifecycle/tainted': { act: 2, title: (w) => (w.list('taints').length === 0 ? `${w.text('machine')} loses its taints.` : `${w.text('machine')} is tainted: ${w.list('taints').join(', ')}.`), why: () => 'Taints keep new pods away; NoExecute lets running ones go when their patience ends.', doc: `${DOCS}/scheduling-eviction/taint-and-toleration/` },
  'nodelifecycle/evicted': { act: 2, title: (w) => `Pod ${w.text('pod')} is evicted from ${w.text('machine')}.`, why: (w) => `It tolerated ${w.text('taint')} for only so long.` },
  'scheduler/filtered': { act: 3, folds: 'siblings', alike: (w) => JSON.stringify([w.number('feasible'), w.list('refusals')]), title: (w) => `The scheduler looks at ${w.text('evaluated')} machines for ${w.text('pod')}; ${w.text('feasible')} fit.`, why: (w) => (w.list('refusals') as readonly { readonly reason: string; readonly count?: number; readonly machine?: string; readonly plugin?: string }[]).slice(0, 4).map((r) => `${r.machine ?? `${r.count ?? 1} machine${r.count === 1 ? '' : 's'}`}: ${r.reason}`).join('; '), doc: `${DOCS}/scheduling-eviction/kube-scheduler/` },
  'scheduler/scored': {
    act: 3, folds: 'siblings', tells: 3, title: (w) => `The scheduler chooses ${w.text('machine')} for ${w.text('pod')}.`,
    why: (w, fact) => {
      if (w.list('tie').length > 0) return `${w.list('tie').join(' and ')} scored alike; the lot decided.`;
      const second = fact.with?.second as { readonly machine?: string } | undefined;
      if (!second) return 'It was the only machine that fits.';
      const gains = (w.list('gains') as readonly { readonly plugin: string; readonly by: number }[]).filter((g) => g.by > 0).map((g) => `${g.by} because ${PLUGIN_WORDS[g.plugin] ?? g.plugin}`);
      return `It wins over ${second.machine ?? 'the next'} by ${w.text('by')}${gains.length > 0 ? `: ${gains.join(', ')}` : ''}. It cannot write nodeName: it POSTs a Binding.`;
    },
    doc: `${DOCS}/scheduling-eviction/kube-scheduler/`,
  },
  'scheduler/bound': { act: 3, folds: 'siblings', tells: 2, title: (w) => `${w.text('pod')} is bound to ${w.text('machine')}.`, why: () => 'The apiserver wrote nodeName. Nobody tells the machine: its kubelet watches.', doc: `${DOCS}/scheduling-eviction/kube-scheduler/` },
  'scheduler/binding-failed': { act: 3, title: (w) => `The binding of ${w.text('pod')} to ${w.text('machine')} was refused with ${w.text('code')}.` },
  'scheduler/unschedulable': { act: 3, folds: 'siblings', alike: (w) => w.text('message'), title: (w) => `No machine fits ${w.text('pod')}: it stays Pending.`, why: (w) => w.text('message'), doc: `${DOCS}/scheduling-eviction/kube-scheduler/` },
} satisfies Sentences;
