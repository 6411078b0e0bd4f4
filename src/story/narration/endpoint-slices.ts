/** What the EndpointSlices of Services list, in sentences. */
import { missText } from '../miss-text.ts';
import type { Sentences, Words } from '../sentence.ts';

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
    return 'A pod is listed once its status has an address. Nobody is sent there unless it is Ready and not ending.';
  return w.number('ready') === w.number('total')
    ? 'Each pod that the Service selects takes its share of the traffic.'
    : 'Only pods that are Ready and not ending count; the others get no new traffic.';
}

export default {
  'endpointslice/synced': {
    act: (w) => (w.number('total') === 0 ? 2 : 5),
    folds: 'latest',
    title: sliceTitle,
    why: sliceWhy,
    doc: 'https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/',
  },
} satisfies Sentences;
