/** How the scheduler chooses machines, and whom it puts out for whom, in sentences. */
import type { Fact } from '../../kernel/fact.ts';
import { listed } from '../../lib/listed.ts';
import { many } from '../../lib/many.ts';
import { refusalsText, type Refusal } from '../refusals.ts';
import type { Sentences, Words } from '../sentence.ts';

const DOCS = 'https://kubernetes.io/docs/concepts';
const PREEMPTION = `${DOCS}/scheduling-eviction/pod-priority-preemption/#preemption`;
const BINDS = 'The scheduler POSTs a Binding; it never writes nodeName.';
const PLUGIN_WORDS: Readonly<Record<string, string>> = {
  NodeResourcesFit: 'it is emptier',
  NodeResourcesBalancedAllocation: 'CPU and memory stay better balanced',
  PodTopologySpread: 'fewer pods of the same set are there',
  ImageLocality: 'the image is already there',
  TaintToleration: 'it has fewer soft taints',
  NodeAffinity: 'the pod prefers it',
};

/** A pod that names its machine, as a DaemonSet's does, leaves the others out at once. */
function lookedAt(w: Words): string {
  const all = w.number('feasible') + (w.list('refusals') as readonly Refusal[]).reduce((n, { count = 1 }) => n + count, 0);
  return all > w.number('evaluated') ? `${w.text('evaluated')} of ${many(all, 'machine')}` : many(w.number('evaluated'), 'machine');
}

/** By how many points the chosen machine has won, and which plugins gave them. */
function wonBy(w: Words): string {
  const gains = (w.list('gains') as readonly { readonly plugin: string; readonly by: number }[])
    .filter((g) => g.by > 0)
    .map((g) => `${g.by} because ${PLUGIN_WORDS[g.plugin] ?? g.plugin}`);
  if (gains.length === 1 && gains[0].startsWith(`${w.text('by')} `)) return gains[0].replace(' because', ', because');
  return gains.length === 0 ? w.text('by') : `${w.text('by')}: ${gains.join(', ')}`;
}

function chosenWhy(w: Words, fact: Fact): string {
  const machine = w.text('machine');
  if (w.text('nominated')) return `The pod was nominated to ${machine}, so no other machine is looked at. ${BINDS}`;
  if (w.list('tie').length > 0) return `${listed(w.list('tie'))} scored alike, so the lot decided. ${BINDS}`;
  const second = fact.with?.second as { readonly machine?: string } | undefined;
  if (!second) return `${machine} is the only machine that fits; nothing needs to be scored.`;
  return `${machine} wins over ${second.machine ?? 'the next'} by ${wonBy(w)}. The scheduler POSTs a Binding.`;
}

export default {
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
    why: chosenWhy,
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
