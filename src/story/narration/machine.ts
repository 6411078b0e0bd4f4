/** What happens on machines, in sentences. */
import { many } from '../../lib/many.ts';
import type { Sentences, Words } from '../sentence.ts';

const DOCS = 'https://kubernetes.io/docs/concepts';

type RulesChange = { readonly service: string; readonly was: number | null; readonly now: number | null };
const changesIn = (w: Words): readonly RulesChange[] => w.list('changed') as readonly RulesChange[];

/** What a sync does to the rules of Services. */
function rulesText(changes: readonly RulesChange[]): string {
  if (changes.length > 1) return `writes rules for ${changes.length} Services`;
  const [{ service, was, now }] = changes;
  const name = service.replace(/^default\//, '');
  if (now === null) return `removes the rules of ${name}`;
  if (now === 0) return `lets the kernel reject calls to ${name}: no endpoint is ready`;
  if (!was) return `${was === 0 ? 'replaces REJECT by DNAT' : 'writes DNAT rules'}: calls to ${name} go to ${many(now, 'pod')}`;
  return `shares calls to ${name} among ${many(now, 'pod')}`;
}

/** A machine that is cut off hears nothing, and keeps the rules that it has. */
const ALIKE = 'Every machine that hears of it writes the same.';
function rulesWhy(changes: readonly RulesChange[]): string {
  const [{ now, was }] = changes;
  if (changes.length === 1 && now === 0) return 'REJECT: whoever calls is refused at once and need not wait.';
  if (changes.length === 1 && !was && now !== null)
    return `DNAT: the machine’s kernel writes ${now > 1 ? 'a' : 'the'} pod’s address in place of the Service’s. No packet ever passes through kube-proxy itself.`;
  if (changes.length === 1 && (now ?? 0) > 1) return `Each new connection throws a die: a chance of 1 in ${now} for each pod. ${ALIKE}`;
  return `Rules in the kernel. ${ALIKE}`;
}
/** What an exit code says. 128 + n: ended by signal n. */
function exitWhy(code: number): string {
  if (code === 0) return '0 means success: the program has ended in good order, by itself or because it was asked to.';
  if (code === 137) return '137 is 128 + 9: it was ended by SIGKILL, without a chance to tidy up.';
  if (code === 143) return '143 is 128 + 15: it was ended by SIGTERM.';
  return 'Anything but 0 is a failure. The restartPolicy says what comes next.';
}
/** What a container is called, and what follows from its start. */
const RUNS: Readonly<Record<string, readonly [string, string]>> = {
  '': ['Container', 'Without a readiness probe, running counts as ready.'],
  probed: ['Container', 'Running is not yet Ready.'],
  init: ['Init container', 'The containers after it wait until it has ended well.'],
  ephemeral: ['Ephemeral container', 'It joined a pod that was there; nobody waits for it, and it is never started again.'],
  sidecar: ['Sidecar', 'The containers after it wait until it has started; it runs on beside them.'],
};
const startedWhere = (w: Words): string =>
  w.number('attempt') === 0
    ? 'It was started inside the network that pause holds.'
    : `Start number ${w.number('attempt') + 1}, ${w.text('isNewSandbox') === 'true' ? 'in a new sandbox' : 'in the same sandbox'}.`;
const hasFinished = (w: Words): boolean => w.number('exitCode') === 0;

/** One file by its name, several by their number. */
const filesText = (w: Words): string =>
  w.list('files').length === 1 ? String(w.list('files')[0]).replace(/^.*\//, '') : many(w.list('files').length, 'file');

export default {
  'kubelet/registered': {
    act: 4,
    folds: 'siblings',
    title: (w) => `The kubelet of ${w.text('machine')} has registered its machine.`,
    doc: `${DOCS}/architecture/nodes/#self-registration-of-nodes`,
  },
  'kubelet/network-ready': {
    act: 4,
    folds: 'siblings',
    title: (w) => `${w.text('machine')} can give pods a network: it is Ready.`,
    why: () => 'The CNI plugin answers, so the kubelet reports the Ready condition.',
    doc: `${DOCS}/extend-kubernetes/compute-storage-net/network-plugins/`,
  },
  'kubelet/saw-pod': {
    act: 4,
    folds: 'siblings',
    title: (w) => `The kubelet of ${w.text('machine')} sees that ${w.text('pod')} is its own.`,
    why: (w) => `Nobody called it: it watches the apiserver for pods whose nodeName is ${w.text('machine')}.`,
    doc: `${DOCS}/architecture/#kubelet`,
  },
  'containerd/netns-created': {
    act: 4,
    folds: 'siblings',
    title: (w) =>
      w.text('hostNetwork') === 'true'
        ? `${w.text('pod')} uses the network of ${w.text('machine')} itself.`
        : `containerd makes a network namespace for ${w.text('pod')}.`,
    why: (w) =>
      w.text('hostNetwork') === 'true'
        ? 'hostNetwork: it has the machine’s own address, and no cable is plugged in.'
        : 'The kubelet asked for a sandbox (RunPodSandbox): an empty network first, before any container.',
    doc: `${DOCS}/workloads/pods/#pod-networking`,
  },
  'cni/address-leased': {
    act: 4,
    folds: 'siblings',
    title: (w) => `CNI plugs in a cable and leases ${w.text('ip')} to ${w.text('pod')}.`,
    why: (w) => `CNI is the machine’s network plugin. It has a block of addresses of its own, ${w.text('podCIDR')}.`,
    doc: `${DOCS}/extend-kubernetes/compute-storage-net/network-plugins/`,
  },
  'containerd/pause-started': {
    act: 4,
    folds: 'siblings',
    title: (w) => `The pause container of ${w.text('pod')} starts: the foundation stands.`,
    why: (w) => `It does nothing but hold the pod’s namespaces, and with them ${w.text('ip')}.`,
    doc: `${DOCS}/workloads/pods/#pod-networking`,
  },
  'containerd/dialled-in': {
    act: 5,
    title: (w) => `containerd on ${w.text('machine')} connects to port ${w.text('port')} from inside ${w.text('pod')}.`,
    why: () => 'The request came as messages, from kubectl through the apiserver and the kubelet: no Service and no rule has a part in it.',
    doc: 'https://kubernetes.io/docs/tasks/access-application-cluster/port-forward-access-application-cluster/',
  },
  'kubelet/sandbox-ready': {
    act: 4,
    folds: 'siblings',
    title: (w) => `${w.text('pod')} has an address, ${w.text('ip')}, and nothing runs in it yet.`,
    why: () => 'The kubelet reports the condition PodReadyToStartContainers.',
    doc: `${DOCS}/workloads/pods/pod-lifecycle/#pod-conditions`,
  },
  'containerd/image-pulled': {
    act: 4,
    folds: 'siblings',
    alike: (w) => w.text('image'),
    title: (w) =>
      `${w.text('machine')} has pulled ${w.text('image').replace('docker.io/library/', '')} in ${w.number('seconds').toFixed(1)} s.`,
    why: (w) =>
      w.text('isMadeUp') === 'true'
        ? 'Made up: nobody here knows this image. It is taken to exist, and to listen on its declared ports.'
        : `${w.text('megabytes')} MB; the next pod on this machine finds the image there.`,
    doc: `${DOCS}/containers/images/`,
  },
  'kubelet/pull-failed': {
    act: 4,
    folds: 'siblings',
    title: (w) => `${w.text('image')} cannot be pulled for ${w.text('pod')}.`,
    why: (w) =>
      `“${w.text('error').split(': ').at(-1) ?? ''}”: ErrImagePull. It is tried again in ${w.text('retryIn')} s, then after twice as long each time, up to five minutes: ImagePullBackOff.`,
    doc: `${DOCS}/containers/images/#imagepullbackoff`,
  },
  'kubelet/cannot-start': {
    act: 4,
    folds: 'siblings',
    alike: (w) => w.text('message'),
    title: (w) =>
      w.text('container') === ''
        ? `The kubelet cannot mount a volume of ${w.text('pod')}: nothing starts.`
        : `The kubelet cannot start container ${w.text('container')} of ${w.text('pod')}.`,
    why: (w) =>
      `${w.text('reason')}: ${w.text('message').split(' : ').at(-1)?.slice(0, 160)}. It tries again by itself, until this is mended.`,
    doc: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/',
  },
  'kubelet/container-started': {
    act: 4,
    folds: 'siblings',
    alike: (w) => w.text('container'),
    title: (w) => `${RUNS[w.text('kind')][0]} ${w.text('container')} of ${w.text('pod')} runs.`,
    why: (w) => `${startedWhere(w)} ${RUNS[w.text('kind')][1]}`,
    doc: `${DOCS}/workloads/pods/pod-lifecycle/`,
  },
  'containerd/file-written': {
    act: 4,
    folds: 'siblings',
    alike: (w) => w.text('container'),
    title: (w) => `${w.text('container')} of ${w.text('pod')} writes ${filesText(w)} into a volume.`,
    why: (w) =>
      w.list('readers').length > 0
        ? `${w.list('readers').join(' and ')} ${w.list('readers').length > 1 ? 'have' : 'has'} the same volume: what one writes the others see.`
        : w.text('isOnMachine') === 'true'
          ? 'The folder is the machine’s: it outlives the pod, and whoever mounts it later on this machine finds what is in it.'
          : 'The volume belongs to the pod: containers that start later find it there.',
    doc: `${DOCS}/storage/volumes/#emptydir`,
  },
  'kubelet/remounted': {
    act: 4,
    folds: 'siblings',
    alike: (w) => w.text('container'),
    title: (w) => `The kubelet of ${w.text('machine')} renews ${filesText(w)} in ${w.text('container')} of ${w.text('pod')}.`,
    why: () => 'What is mounted follows its object within 60 to 90 s. Environment variables stay until the container starts again.',
    doc: `${DOCS}/configuration/configmap/#mounted-configmaps-are-updated-automatically`,
  },
  'kubelet/probe-succeeded': {
    act: 5,
    isTold: (w) => w.text('type') !== 'liveness',
    folds: 'siblings',
    alike: (w) => w.text('type'),
    title: (w) => `The ${w.text('type')} probe of ${w.text('pod')} succeeds.`,
    why: (w) =>
      w.text('type') === 'readiness'
        ? 'The program says that it can serve. The kubelet tells the apiserver next; then the pod is Ready, for Services too.'
        : 'The container works.',
    doc: `${DOCS}/workloads/pods/probes/`,
  },
  'kubelet/probe-failed': {
    act: 5,
    folds: 'siblings',
    alike: (w) => w.text('type'),
    title: (w) => `The ${w.text('type')} probe of ${w.text('pod')} failed too often.`,
    why: (w) =>
      `${w.text('why')}. ${w.text('type') === 'readiness' ? 'The pod gets no traffic until it answers.' : 'The kubelet ends the container; the restartPolicy says what comes next.'}`,
    doc: `${DOCS}/workloads/pods/probes/`,
  },
  'containerd/container-exited': {
    act: 4,
    folds: 'siblings',
    alike: (w) => w.text('container'),
    title: (w) => `Container ${w.text('container')} of ${w.text('pod')} ends with exit code ${w.text('exitCode')}.`,
    why: (w) => exitWhy(w.number('exitCode')),
    doc: `${DOCS}/workloads/pods/pod-lifecycle/#container-state-terminated`,
  },
  'kubelet/container-died': {
    act: 4,
    folds: 'siblings',
    alike: (w) => w.text('container'),
    title: (w) => `The kubelet notices that ${w.text('container')} of ${w.text('pod')} ${hasFinished(w) ? 'has finished' : 'is gone'}.`,
    why: (w) =>
      `${hasFinished(w) ? 'It has done its job. ' : ''}${w.text('isOver') === 'true' ? `Nothing is started again, so the sandbox is stopped too: ${w.text('ip')} is free.` : `The foundation stands: the pod keeps its address ${w.text('ip')}.`}`,
    doc: `${DOCS}/workloads/pods/pod-lifecycle/#restart-policy`,
  },
  'kubelet/back-off': {
    act: 4,
    folds: 'siblings',
    title: (w) =>
      `${w.text('container')} of ${w.text('pod')} must wait ${w.text('delay').replace('m', ' min ').replace('s', ' s').replace(/ 0 s$/, '')} before its next start.`,
    why: () => 'CrashLoopBackOff: 10 s, then twice as long each time, up to five minutes.',
    doc: `${DOCS}/workloads/pods/pod-lifecycle/#restart-policy`,
  },
  'kubelet/sandbox-changed': {
    act: 4,
    folds: 'siblings',
    title: (w) => `The pause container of ${w.text('pod')} is gone, and with it ${w.text('ip')}.`,
    why: () => 'The kubelet stops the containers and makes a new sandbox: same pod, same machine, new address.',
    doc: `${DOCS}/workloads/pods/#pod-networking`,
  },
  'kubelet/terminating': {
    act: 4,
    folds: 'siblings',
    title: (w) => `${w.text('pod')} is asked to end within ${w.text('graceSeconds')} s.`,
    why: () => 'SIGTERM first; SIGKILL when the grace period is over.',
    doc: `${DOCS}/workloads/pods/pod-lifecycle/#pod-termination`,
  },
  'kubelet/resize': {
    act: 4,
    folds: 'siblings',
    alike: (w) => w.text('does'),
    title: (w) => `The kubelet ${w.text('does')} ${w.text('pod')} ${w.text('what')}.`,
    why: (w) => w.text('why'),
    doc: 'https://kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources/',
  },
  'podgc/deleted': {
    act: 4,
    folds: 'siblings',
    title: (w) => `The pod garbage collector removes ${w.text('pod')}.`,
    why: (w) => w.text('why'),
    doc: `${DOCS}/workloads/pods/pod-lifecycle/#pod-garbage-collection`,
  },
  'flannel/configured': {
    act: 4,
    folds: 'siblings',
    title: (w) => `flannel gives ${w.text('machine')} the pod addresses ${w.text('podCIDR')}.`,
    why: () => 'And routes to those of the other machines.',
    doc: `${DOCS}/cluster-administration/networking/`,
  },
  'kube-proxy/synced': {
    act: (w) => (changesIn(w).some((c) => (c.now ?? 0) > 0) ? 5 : 2),
    folds: 'siblings',
    alike: (w) => JSON.stringify(changesIn(w)),
    leads: (w) => !/^cp-\d/.test(w.text('machine')),
    isTold: (w) => changesIn(w).length > 0,
    title: (w) => `kube-proxy on ${w.text('machine')} ${rulesText(changesIn(w))}.`,
    why: (w) => rulesWhy(changesIn(w)),
    doc: 'https://kubernetes.io/docs/reference/networking/virtual-ips/',
  },
} satisfies Sentences;
