/** How the control plane comes up and who leads, in sentences. */
import type { Sentences } from '../sentence.ts';

const DOCS = 'https://kubernetes.io/docs/concepts';

export default {
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
} satisfies Sentences;
