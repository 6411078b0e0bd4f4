/** How namespaces are furnished and emptied, in sentences. */
import type { Sentences } from '../sentence.ts';

const DOCS = 'https://kubernetes.io/docs/concepts';

export default {
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
} satisfies Sentences;
