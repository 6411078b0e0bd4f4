/** What the controllers of nodes do, in sentences: addresses for pods, and what follows when a machine is silent. */
import type { Sentences, Words } from '../sentence.ts';

const DOCS = 'https://kubernetes.io/docs/concepts';

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

export default {
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
} satisfies Sentences;
