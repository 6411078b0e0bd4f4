/** Whose writes the apiserver accepts and whom it refuses, in sentences. */
import { listed } from '../../lib/listed.ts';
import type { Sentences, Words } from '../sentence.ts';

const DOCS = 'https://kubernetes.io/docs/concepts';

/** Written so often, or so little by themselves, that they only ride along with what others say. */
const UNTOLD = new Set(['Event', 'Lease', 'ControllerRevision', 'EndpointSlice', 'Binding', 'SubjectAccessReview', 'TokenReview']);
/** What is special about the object that was written. */
const OBJECT_WHY: Readonly<Record<string, string>> = {
  Pod: 'The pod has no machine yet: nodeName is empty.',
  ReplicaSet: 'Nothing runs yet: a ReplicaSet only says how many pods there should be.',
};

const isPerson = (w: Words): boolean => !w.text('user').startsWith('system:');
const caller = (w: Words): string =>
  w
    .text('user')
    .replace(/^system:(kube-|node:|serviceaccount:[^:]*:)?/, 'the ')
    .replace(/^the (worker|cp)-/, 'the kubelet of $1-');
const adds = (w: Words): string =>
  `the plugin${w.list('changedBy').length === 1 ? '' : 's'} ${listed(w.list('changedBy'))} ${w.list('changedBy').length === 1 ? 'adds' : 'add'} to it`;
const mutated = (w: Words): string =>
  w.list('changedBy').length > 0 ? `, lets ${listed(w.list('changedBy'))} add to the ${w.text('kind')}` : '';

export default {
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
} satisfies Sentences;
