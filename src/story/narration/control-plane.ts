/** What the control plane does, in sentences. */
import { many } from '../../lib/many.ts';
import { missText } from '../miss-text.ts';
import { refusalsText, type Refusal } from '../refusals.ts';
import type { Sentences, Words } from '../sentence.ts';

const DOCS = 'https://kubernetes.io/docs/concepts';
const PREEMPTION = `${DOCS}/scheduling-eviction/pod-priority-preemption/#preemption`;
const PLUGIN_WORDS: Readonly<Record<string, string>> = {
  NodeResourcesFit: 'it is emptier',
  NodeResourcesBalancedAllocation: 'CPU and memory stay better balanced',
  PodTopologySpread: 'fewer pods of the same set are there',
  ImageLocality: 'the image is already there',
  TaintToleration: 'it has fewer soft taints',
  NodeAffinity: 'the pod prefers it',
};

/** Written so often, or so little by themselves, that they only ride along with what others say. */
const UNTOLD = new Set(['Event', 'Lease', 'ControllerRevision', 'EndpointSlice', 'Binding', 'SubjectAccessReview', 'TokenReview']);
const lines = (text: string): readonly string[] => text.trim().split('\n');
const isPerson = (w: Words): boolean => !w.text('user').startsWith('system:');
const caller = (w: Words): string =>
  w
    .text('user')
    .replace(/^system:(kube-|node:|serviceaccount:[^:]*:)?/, 'the ')
    .replace(/^the (worker|cp)-/, 'the kubelet of $1-');
const listed = (names: readonly unknown[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${String(names.at(-1))}`;
const adds = (w: Words): string =>
  `the plugin${w.list('changedBy').length === 1 ? '' : 's'} ${listed(w.list('changedBy'))} ${w.list('changedBy').length === 1 ? 'adds' : 'add'} to it`;
/** What is special about the object that was written. */
const OBJECT_WHY: Readonly<Record<string, string>> = {
  Pod: 'The pod has no machine yet: nodeName is empty.',
  ReplicaSet: 'Nothing runs yet: a ReplicaSet only says how many pods there should be.',
};
const mutated = (w: Words): string =>
  w.list('changedBy').length > 0 ? `, lets ${listed(w.list('changedBy'))} add to the ${w.text('kind')}` : '';

const BINDS = 'The scheduler POSTs a Binding; it never writes nodeName.';
const bareKey = (key: string): string => key.replace('node.kubernetes.io/', '');
/** 'unreachable (NoSchedule, NoExecute)' */
function shortTaints(w: Words): string {
  const effects = new Map<string, string[]>();
  for (const taint of w.list('taints').map(String)) {
    const [key, effect] = bareKey(taint).split(':');
    effects.set(key, [...(effects.get(key) ?? []), effect]);
  }
  return [...effects].map(([key, e]) => `${key} (${e.join(', ')})`).join(', ');
}
function taintWhy(w: Words): string {
  if (w.list('taints').length === 0) return 'Its kubelet reports again: new pods may come, and nobody has to leave.';
  return w.list('taints').some((t) => String(t).endsWith(':NoExecute'))
    ? 'New pods stay away at once. Pods that are there have 300 s (tolerationSeconds): let five minutes pass.'
    : 'New pods stay away; those that are there may stay.';
}

const PRINTED_CHARS = 84;

/** Three lines at most, as many as can be read at a glance: of a table its first column, of Events their number. */
function printed(w: Words): string {
  const all = lines(w.text('stdout') || w.text('stderr'));
  if (/^(NAMESPACE +)?LAST SEEN /.test(all[0] ?? '')) return many(all.length - 1, 'event');
  const described = /^Name: +(\S+)/.exec(all[0] ?? '')?.[1];
  if (described !== undefined) return `all about ${described}, in ${many(all.length, 'line')}`;
  const isTable = /^[A-Z]+(?:  |$)/.test(all[0] ?? '');
  const said = (isTable ? all.slice(1).map((line) => line.split(/ {2,}/)[0]) : all).map((line) => {
    const bare = line.replace(/\s+/g, ' ');
    return bare.length > 60 ? `${bare.slice(0, 59)}…` : bare;
  });
  let count = 1;
  while (count < Math.min(3, said.length) && said.slice(0, count + 1).join(' · ').length <= PRINTED_CHARS) count++;
  return `${said.slice(0, count).join(' · ')}${said.length > count ? ' …' : ''}`;
}

/** A pod that names its machine, as a DaemonSet's does, leaves the others out at once. */
function lookedAt(w: Words): string {
  const all = w.number('feasible') + (w.list('refusals') as readonly Refusal[]).reduce((n, { count = 1 }) => n + count, 0);
  return all > w.number('evaluated') ? `${w.text('evaluated')} of ${many(all, 'machine')}` : many(w.number('evaluated'), 'machine');
}

/** What kubectl's words mean, and what they do not. */
function answerWhy(stdout: string): string {
  if (/ created$/m.test(stdout)) return '“created” means: written down in etcd. No container has been started yet.';
  if (/^pod "[^"]*" deleted/m.test(stdout))
    return '“deleted” means: the apiserver has agreed. A pod that runs is gone only when its kubelet has ended it.';
  if (/ unchanged$/m.test(stdout) && !/ configured$/m.test(stdout))
    return 'What is written down says so already: nobody has anything to do.';
  return / (configured|scaled)$/m.test(stdout) ? 'Written down in etcd. Who watches the object acts on it, one after the other.' : '';
}

function sliceTitle(w: Words): string {
  const [total, ready] = [w.number('total'), w.number('ready')];
  if (w.text('asks') !== '') return `Service ${w.text('service')} selects no pod: its EndpointSlice is empty.`;
  if (total === 0) return `The EndpointSlice of Service ${w.text('service')} lists no address.`;
  const states = ready === total ? (total === 1 ? 'ready' : 'all ready') : ready === 0 ? 'none ready' : `${ready} ready`;
  return `The EndpointSlice of ${w.text('service')} lists ${total} address${total === 1 ? '' : 'es'}, ${states}.`;
}
function sliceWhy(w: Words): string {
  if (w.text('asks') !== '')
    return missText({ asks: w.text('asks'), ...(w.text('pod') === '' ? {} : { pod: w.text('pod'), has: w.text('has') }) });
  if (w.number('total') === 0) return 'It is the list of the addresses behind the Service. No pod with the selected labels has one yet.';
  if (w.number('ready') === 0)
    return 'A pod is listed as soon as it has an address. Nobody is sent there unless it is Ready and not ending.';
  return w.number('ready') === w.number('total')
    ? 'Each pod that the Service selects takes its share of the traffic.'
    : 'Only pods that are Ready and not ending count; the others get no new traffic.';
}

export default {
  'kubectl/started': {
    act: 1,
    title: (w) => `You run kubectl ${w.text('command')}.`,
    why: () => 'kubectl is only a client: it turns the command into HTTPS requests to the apiserver.',
    doc: `${DOCS}/overview/components/`,
  },
  'kubectl/exited': {
    act: 1,
    title: (w) =>
      w.number('exitCode') === 0
        ? `kubectl prints: ${printed(w)}`
        : /^Error from server/m.test(w.text('stderr'))
          ? 'kubectl is refused.'
          : 'kubectl reports an error.',
    why: (w) => (w.number('exitCode') !== 0 ? lines(w.text('stderr')).join(' · ').slice(0, 400) : answerWhy(w.text('stdout'))),
    doc: 'https://kubernetes.io/docs/reference/kubectl/',
  },
  'apiserver/admitted': {
    act: (w) => (isPerson(w) ? 1 : 2),
    isTold: (w) => !UNTOLD.has(w.text('kind')),
    folds: 'siblings',
    alike: (w) => `${w.text('kind')} ${w.text('user')} ${w.text('verb')}`,
    tells: 2,
    title: (w) => `The apiserver accepts ${w.text('kind')} ${w.text('name')}.`,
    why: (w) =>
      isPerson(w)
        ? `The caller is ${w.text('user')}, who may ${w.text('verb')} this ${w.text('kind')}. The apiserver fills in defaults${mutated(w)}, validates, and only then writes to etcd.`
        : `From ${caller(w)}, with the same checks as for you${w.list('changedBy').length > 0 ? `; ${adds(w)}` : ''}. ${OBJECT_WHY[w.text('kind')] ?? 'Then it is written to etcd.'}`,
    doc: `${DOCS}/security/controlling-access/`,
  },
  'apiserver/forbidden': {
    act: 1,
    title: (w) => `The apiserver refuses: ${w.text('user')} may not ${w.text('verb')}.`,
    doc: 'https://kubernetes.io/docs/reference/access-authn-authz/authorization/',
  },
  'apiserver/ready': {
    act: 1,
    title: (w) => `The apiserver is ready at revision ${w.text('revision')}.`,
    why: () => 'It has read everything from etcd and watches it for changes.',
    doc: `${DOCS}/overview/components/#kube-apiserver`,
  },
  'controller-manager/synced': {
    act: 2,
    title: (w) => `The controller-manager starts ${w.text('controllers')} controllers.`,
    why: () => 'They are one process and share their watches.',
    doc: `${DOCS}/architecture/controller/`,
  },
  'election/lost': {
    act: 2,
    title: (w) => `The ${w.text('name').replace('kube-', '')} could not renew its Lease for ${w.text('seconds')} s, and ends itself.`,
    why: () => 'Another might lead by now, and two must never act at once. The kubelet starts it again, and it stands for election.',
    doc: `${DOCS}/architecture/leases/#leader-election`,
  },
  'kubeadm/done': {
    act: 1,
    title: () => 'kubeadm has put the add-ons into the cluster.',
    doc: 'https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/',
  },
  'controller/selects-all': {
    act: 2,
    title: (w) => `${w.text('kind')} ${w.text('name')} selects all pods, so nothing is done for it.`,
    doc: `${DOCS}/overview/working-with-objects/labels/`,
  },
  'deployment/new-replicaset': {
    act: 2,
    title: (w) => `The deployment controller wants a ReplicaSet: ${w.text('replicaset')}.`,
    why: () => 'Its watch told of the Deployment, and no ReplicaSet has this pod template yet.',
    doc: `${DOCS}/workloads/controllers/deployment/`,
  },
  'deployment/scaled': {
    act: 2,
    title: (w) => `The deployment controller scales ${w.text('replicaset')} from ${w.text('from')} to ${w.text('to')}.`,
    why: (w) =>
      w.number('to') > w.number('from')
        ? 'It only writes the number; the ReplicaSet controller makes the pods.'
        : 'It only writes the number; the ReplicaSet controller chooses which pods go.',
    doc: `${DOCS}/workloads/controllers/deployment/#rolling-update-deployment`,
  },
  'deployment/adopted': {
    act: 2,
    title: (w) => `Deployment ${w.text('name')} adopts the ReplicaSet ${w.text('replicaset')}.`,
    why: () => 'Its labels match and nobody owned it.',
    doc: `${DOCS}/workloads/controllers/deployment/`,
  },
  'deployment/released': {
    act: 2,
    title: (w) => `Deployment ${w.text('name')} lets the ReplicaSet ${w.text('replicaset')} go.`,
    why: () => 'Its labels no longer match; the set lives on without an owner.',
    doc: `${DOCS}/workloads/controllers/deployment/#label-selector-updates`,
  },
  'deployment/name-taken': {
    act: 2,
    title: (w) => `The name ${w.text('replicaset')} is taken; the hash is drawn again.`,
    doc: `${DOCS}/workloads/controllers/deployment/#pod-template-hash-label`,
  },
  'deployment/rolled-back': {
    act: 2,
    title: (w) => `The Deployment ${w.text('name')} is asked back to a revision: ${w.text('message')}`,
    why: () => 'Its annotation deprecated.deployment.rollback.to names one; 0 is the one before.',
    doc: `${DOCS}/workloads/controllers/deployment/#rolling-back-a-deployment`,
  },
  'replicaset/adopted': {
    act: 2,
    title: (w) => `ReplicaSet ${w.text('name')} adopts pod ${w.text('pod')}.`,
    why: () => 'Its labels match and nobody owned it.',
    doc: `${DOCS}/workloads/controllers/replicaset/#non-template-pod-acquisitions`,
  },
  'replicaset/released': {
    act: 2,
    title: (w) => `ReplicaSet ${w.text('name')} lets pod ${w.text('pod')} go.`,
    why: () => 'Its labels no longer match; the pod lives on without an owner.',
    doc: `${DOCS}/workloads/controllers/replicaset/#isolating-pods-from-a-replicaset`,
  },
  'deployment/complete': {
    act: 5,
    title: (w) => `Deployment ${w.text('name')} is complete: ${w.text('ready')} of ${w.text('want')} ready.`,
    why: () => 'What is matches what was asked for. A Service’s rules may follow: kube-proxy writes at most once a second.',
    doc: `${DOCS}/workloads/controllers/deployment/#complete-deployment`,
  },
  'replicaset/too-few': {
    act: 2,
    title: (w) =>
      `The ReplicaSet controller counts ${w.text('have')} of ${many(w.number('want'), 'pod')} and creates ${w.text('creates')}.`,
    why: (w) =>
      w.number('creates') > 1
        ? 'Slow start: one first, and when that works two, then four. None of them has a machine yet.'
        : 'It counts the pods that match its selector and are not ending.',
    doc: `${DOCS}/workloads/controllers/replicaset/`,
  },
  'replicaset/too-many': {
    act: 2,
    title: (w) =>
      `The ReplicaSet controller counts ${many(w.number('have'), 'pod')}, wants ${w.text('want')}, and deletes ${w.list('deletes').length}.`,
    why: () => 'Those that are not ready go first, then those on machines with more of their kind, then the youngest.',
    doc: `${DOCS}/workloads/controllers/replicaset/`,
  },
  'daemonset/missing': {
    act: 2,
    title: (w) => `The daemonset controller creates a pod of ${w.text('name')} for ${many(w.list('machines').length, 'machine')}.`,
    why: () => 'One for each machine that it may run on. Each pod names its machine in nodeAffinity; the scheduler still binds it.',
    doc: `${DOCS}/workloads/controllers/daemonset/`,
  },
  'daemonset/superfluous': {
    act: 2,
    title: (w) => `The daemonset controller deletes ${many(w.list('pods').length, 'pod')} of ${w.text('name')}.`,
    why: () => 'They are outdated, superfluous, or on machines that should not run one.',
    doc: `${DOCS}/workloads/controllers/daemonset/`,
  },
  'daemonset/adopted': {
    act: 2,
    title: (w) => `DaemonSet ${w.text('name')} adopts ${w.text('object')}.`,
    why: () => 'Its labels match and nobody owned it.',
    doc: `${DOCS}/workloads/controllers/daemonset/`,
  },
  'daemonset/released': {
    act: 2,
    title: (w) => `DaemonSet ${w.text('name')} lets ${w.text('object')} go.`,
    why: () => 'Its labels no longer match.',
    doc: `${DOCS}/workloads/controllers/daemonset/`,
  },
  'daemonset/name-taken': {
    act: 2,
    title: (w) => `The name ${w.text('revision')} is taken; the hash is drawn again.`,
    doc: `${DOCS}/workloads/controllers/daemonset/`,
  },
  'endpointslice/synced': {
    act: (w) => (w.number('total') === 0 ? 2 : 5),
    folds: 'latest',
    title: sliceTitle,
    why: sliceWhy,
    doc: `${DOCS}/services-networking/endpoint-slices/`,
  },
  'serviceaccount/created-default': {
    act: 2,
    title: (w) => `Namespace ${w.text('namespace')} gets its default ServiceAccount.`,
    doc: `${DOCS}/security/service-accounts/#default-service-accounts`,
  },
  'namespace/emptying': {
    act: 2,
    title: (w) => `Namespace ${w.text('namespace')} is emptied: ${w.list('resources').join(', ')}.`,
    doc: `${DOCS}/overview/working-with-objects/namespaces/`,
  },
  'namespace/emptied': {
    act: 2,
    title: (w) => `Namespace ${w.text('namespace')} is empty and may go.`,
    doc: `${DOCS}/overview/working-with-objects/namespaces/`,
  },
  'garbagecollector/ownerless': {
    act: 2,
    folds: 'siblings',
    alike: (w) => w.text('kind'),
    title: (w) => `The garbage collector deletes ${w.text('kind')} ${w.text('name')}.`,
    why: (w) => `Its owner, ${w.text('ownerKind')} ${w.text('owner')}, is gone.`,
    doc: `${DOCS}/architecture/garbage-collection/`,
  },
  'garbagecollector/collected': {
    act: 2,
    title: (w) =>
      `${w.text('kind')} ${w.text('name')} waits until ${many(w.number('dependents'), 'dependent')} ${w.number('dependents') === 1 ? 'is' : 'are'} gone.`,
    doc: `${DOCS}/architecture/garbage-collection/#foreground-deletion`,
  },
  'garbagecollector/orphaned': {
    act: 2,
    title: (w) => `${many(w.number('dependents'), 'dependent')} without an owner now, and allowed to stay.`,
    doc: `${DOCS}/architecture/garbage-collection/#orphaned-dependents`,
  },
  'nodeipam/allotted': {
    act: 2,
    title: (w) => `${w.text('machine')} gets the pod addresses ${w.text('podCIDR')}.`,
    doc: `${DOCS}/architecture/nodes/#node-controller`,
  },
  'nodeipam/full': {
    act: 2,
    title: (w) => `No block of pod addresses is left for ${w.text('machine')}.`,
    doc: `${DOCS}/architecture/nodes/#node-controller`,
  },
  'nodelifecycle/silent': {
    act: 2,
    title: (w) => `${w.text('machine')} has been silent for ${w.text('seconds')} s: its state is Unknown.`,
    why: () => 'Nobody renewed its Lease. The control plane cannot tell a dead machine from a cut cable.',
    doc: `${DOCS}/architecture/nodes/#node-status`,
  },
  'nodelifecycle/pod-not-ready': {
    act: 2,
    folds: 'siblings',
    leads: (_w, { about = '' }) => !about.startsWith('pods/kube-'),
    title: (w) => `Pod ${w.text('pod')} is no longer called ready.`,
    why: (w) => `It may still run on ${w.text('machine')}, and nobody can tell: Services leave it out.`,
    doc: `${DOCS}/architecture/nodes/#node-status`,
  },
  'nodelifecycle/tainted': {
    act: 2,
    title: (w) =>
      w.list('taints').length === 0 ? `${w.text('machine')} loses its taints.` : `${w.text('machine')} is tainted: ${shortTaints(w)}.`,
    why: taintWhy,
    doc: `${DOCS}/scheduling-eviction/taint-and-toleration/`,
  },
  'nodelifecycle/evicted': {
    act: 2,
    folds: 'siblings',
    title: (w) => `Pod ${w.text('pod')} is evicted from ${w.text('machine')}.`,
    why: (w) => `Its patience with the taint ${bareKey(w.text('taint'))} is over: tolerationSeconds, 300 unless the pod says otherwise.`,
    doc: `${DOCS}/scheduling-eviction/taint-and-toleration/#taint-based-evictions`,
  },
  'scheduler/filtered': {
    act: 3,
    folds: 'siblings',
    alike: (w) => JSON.stringify([w.number('feasible'), w.list('refusals')]),
    title: (w) =>
      w.text('nominated')
        ? `The scheduler tries ${w.text('nominated')} first for ${w.text('pod')}; it fits.`
        : `The scheduler looks at ${lookedAt(w)} for ${w.text('pod')}; ${w.number('feasible') === 1 ? '1 fits' : `${w.text('feasible')} fit`}.`,
    why: (w) =>
      w.text('nominated')
        ? 'Its place there is free now.'
        : w.list('refusals').length === 0
          ? 'Every one of them could take it.'
          : `${refusalsText(w.list('refusals') as readonly Refusal[])}.${JSON.stringify(w.list('refusals')).includes('taint') ? ' A taint keeps pods away that do not tolerate it.' : ''}`,
    doc: `${DOCS}/scheduling-eviction/kube-scheduler/`,
  },
  'scheduler/scored': {
    act: 3,
    folds: 'siblings',
    tells: 3,
    title: (w) => `The scheduler chooses ${w.text('machine')} for ${w.text('pod')}.`,
    why: (w, fact) => {
      if (w.text('nominated')) return `The pod was nominated to ${w.text('machine')}, so no other machine is looked at. ${BINDS}`;
      if (w.list('tie').length > 0) return `${listed(w.list('tie'))} scored alike, so the lot decided. ${BINDS}`;
      const second = fact.with?.second as { readonly machine?: string } | undefined;
      if (!second) return `${w.text('machine')} is the only machine that fits; nothing needs to be scored.`;
      const gains = (w.list('gains') as readonly { readonly plugin: string; readonly by: number }[])
        .filter((g) => g.by > 0)
        .map((g) => `${g.by} because ${PLUGIN_WORDS[g.plugin] ?? g.plugin}`);
      return `${w.text('machine')} wins over ${second.machine ?? 'the next'} by ${gains.length === 1 && gains[0].startsWith(`${w.text('by')} `) ? gains[0].replace(' because', ', because') : `${w.text('by')}${gains.length > 0 ? `: ${gains.join(', ')}` : ''}`}. The scheduler POSTs a Binding.`;
    },
    doc: `${DOCS}/scheduling-eviction/kube-scheduler/`,
  },
  'scheduler/bound': {
    act: 3,
    folds: 'siblings',
    tells: 2,
    title: (w) => `${w.text('pod')} is bound to ${w.text('machine')}.`,
    why: () => 'The apiserver wrote nodeName, which nobody can change any more. Nothing runs yet.',
    doc: `${DOCS}/scheduling-eviction/kube-scheduler/`,
  },
  'scheduler/binding-failed': {
    act: 3,
    title: (w) => `The binding of ${w.text('pod')} to ${w.text('machine')} was refused with ${w.text('code')}.`,
    doc: `${DOCS}/scheduling-eviction/scheduling-framework/#bind`,
  },
  'scheduler/unschedulable': {
    act: 3,
    folds: 'siblings',
    alike: (w) => w.text('message'),
    title: (w) => `No machine fits ${w.text('pod')}: it stays Pending.`,
    why: (w) =>
      w.text('message').includes('a terminating pod on the nominated node')
        ? 'Those whose place it takes have not ended yet.'
        : `${refusalsText(w.list('refusals') as readonly Refusal[])}. Event: “${w.text('message').replace(/\.(?: preemption:.*)?$/, '')}”`,
    doc: `${DOCS}/scheduling-eviction/kube-scheduler/`,
  },
  'scheduler/preempting': {
    act: 3,
    tells: 2,
    title: (w) =>
      `${w.text('pod')} is to take the place of ${w.list('victims').length > 3 ? many(w.list('victims').length, 'pod') : listed(w.list('victims'))} on ${w.text('machine')}.`,
    why: (w) =>
      `With ${w.text('priority')} its priority is higher${w.number('candidates') > 1 ? `; of ${w.text('candidates')} machines where that helps, this one loses the least` : ''}. It waits, nominated to ${w.text('machine')}.`,
    doc: PREEMPTION,
  },
  'scheduler/preempted': {
    act: 3,
    folds: 'siblings',
    alike: (w) => w.text('by'),
    title: (w) => `Pod ${w.text('pod')} is preempted on ${w.text('machine')}.`,
    why: (w) => `The scheduler deletes it, because ${w.text('by')} is more important. It has ${w.text('seconds')} s to end well.`,
    doc: PREEMPTION,
  },
  'scheduler/nomination-cleared': {
    act: 3,
    title: (w) => `${w.text('pod')} is not nominated to ${w.text('machine')} any more.`,
    why: (w) => `${w.text('by')}, which is more important, is to go there.`,
    doc: PREEMPTION,
  },
  'scheduler/preemption-failed': {
    act: 3,
    title: (w) => `${w.text('victim')} could not be removed from ${w.text('machine')}.`,
    why: (w) =>
      `${w.number('code') === 0 ? 'The apiserver did not answer.' : `The apiserver answered ${w.text('code')}.`} ${w.text('pod')} is tried again at once.`,
    doc: PREEMPTION,
  },
} satisfies Sentences;
