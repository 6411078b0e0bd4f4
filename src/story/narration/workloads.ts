/** What the controllers of Deployments, ReplicaSets and DaemonSets do, in sentences. */
import { many } from '../../lib/many.ts';
import type { Sentences } from '../sentence.ts';

const DOCS = 'https://kubernetes.io/docs/concepts';

export default {
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
  'daemonset/pod-ended': {
    act: 2,
    title: (w) =>
      `The daemonset controller finds that ${w.text('pod')} has ${w.text('phase') === 'Failed' ? 'failed' : 'ended'} on ${w.text('machine')}.`,
    why: (w) =>
      w.text('phase') === 'Failed'
        ? 'It goes, and another takes its place; one that fails soon after another waits for 1 s, then for 2 s, 4 s … up to 15 min.'
        : 'It goes, and another takes its place.',
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
} satisfies Sentences;
