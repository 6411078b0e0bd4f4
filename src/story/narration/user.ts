/** What the user does to machines and processes, in sentences: what was done, what kubectl has to do with it, and what to wait for. */
import type { Sentences, Words } from '../sentence.ts';

const CONCEPTS = 'https://kubernetes.io/docs/concepts';
const NODES = `${CONCEPTS}/architecture/nodes/#node-status`;
const PODS = `${CONCEPTS}/workloads/pods/pod-lifecycle/#restart-policy`;
const place = (w: Words): string =>
  w
    .text('from')
    .replace(/^node\//, '')
    .replace(/^[^/]+\//, '')
    .replace(/^internet$/, 'the internet')
    .replace(/^laptop$/, 'your laptop');
const isPod = (w: Words): boolean => w.text('from').includes('/') && !w.text('from').startsWith('node/');
const asTyped = (w: Words, program: string): string =>
  isPod(w)
    ? `As typed: kubectl exec ${place(w)} -- ${program}`
    : w.text('from') === 'internet'
      ? 'From outside, kubectl has no part in it.'
      : w.text('from') === 'laptop'
        ? 'Where kubectl runs, and port-forward listens.'
        : `On the machine itself; kubectl has no part in it: ssh ${place(w)} ${program}`;

export default {
  'user/kill-machine': {
    act: 4,
    title: (w) => `You pull the plug of ${w.text('machine')}.`,
    why: () => 'kubectl cannot, and nobody is told. The control plane notices when its Lease is 50 s old: let time pass.',
    doc: NODES,
  },
  'user/stop-machine': {
    act: 4,
    title: (w) => `You switch ${w.text('machine')} off.`,
    why: () => 'kubectl cannot, and nobody is told. The control plane notices when its Lease is 50 s old: let time pass.',
    doc: NODES,
  },
  'user/start-machine': {
    act: 4,
    title: (w) => `You switch ${w.text('machine')} on again.`,
    why: () => 'kubectl cannot. Its kubelet starts, registers, and looks up which pods are its own.',
    doc: NODES,
  },
  'user/stop-service': {
    act: 4,
    title: (w) => `You stop the ${w.text('service')} of ${w.text('machine')}.`,
    why: (w) =>
      `On the machine: systemctl stop ${w.text('service')}. Its pods run on, but nobody renews its Lease. At 50 s that is noticed: let time pass.`,
    doc: NODES,
  },
  'user/kill-service': {
    act: 4,
    title: (w) => `You kill the ${w.text('service')} of ${w.text('machine')}.`,
    why: (w) => `On the machine: pkill -9 ${w.text('service')}. systemd starts it again; the pods never notice.`,
    doc: `${CONCEPTS}/overview/components/#node-components`,
  },
  'user/start-service': {
    act: 4,
    title: (w) => `You start the ${w.text('service')} of ${w.text('machine')} again.`,
    why: (w) => `On the machine: systemctl start ${w.text('service')}.`,
    doc: `${CONCEPTS}/overview/components/#node-components`,
  },
  'user/kill-container': {
    act: 4,
    title: (w) => `You kill container ${w.text('container')} of ${w.text('pod')}.`,
    why: () => 'kubectl cannot; on the machine it is kill -9. The pod object knows nothing of it yet.',
    doc: PODS,
  },
  'user/kill-pause': {
    act: 4,
    title: (w) => `You kill the pause container of ${w.text('pod')}.`,
    why: () => 'kubectl does not even show it; on the machine it is kill -9. It held the pod’s network.',
    doc: PODS,
  },
  'user/partition': {
    act: 4,
    title: (w) => `You cut ${w.text('machine')} off from ${w.text('a')}.`,
    why: () => 'Its pods run on. The control plane hears nothing, and acts when the Lease is 50 s old: let time pass.',
    doc: NODES,
  },
  'user/heal': {
    act: 4,
    title: (w) => `You mend the network between ${w.text('a')} and ${w.text('machine')}.`,
    why: () => 'Nobody is told. The kubelet tries again by itself: let time pass.',
    doc: NODES,
  },
  'user/connect': {
    act: 5,
    title: (w) => `You run curl ${w.text('to')} ${isPod(w) ? 'in' : w.text('from') === 'internet' ? 'from' : 'on'} ${place(w)}.`,
    why: (w) => asTyped(w, `curl ${w.text('to')}`),
    doc: `${CONCEPTS}/services-networking/service/`,
  },
  'user/lookup': {
    act: 5,
    title: (w) => `You ask for the name ${w.text('name')} in ${place(w)}.`,
    why: (w) => asTyped(w, `nslookup ${w.text('name')}`),
    doc: `${CONCEPTS}/services-networking/dns-pod-service/`,
  },
} satisfies Sentences;
