/** Why a wire exists: who opened it, which watches stand on it and what they select, and what went over it last. Read from the trace. */
import { hopWords, isShown } from '../story/hop-words.ts';
import { chronicleOf, type TraceEvent } from './chronicle.ts';

export interface StandingWatch {
  readonly who: string;
  readonly what: string;
  /** 'spec.nodeName=worker-1'; '' when it watches all. */
  readonly selects: string;
}
export interface WireWhy {
  readonly title: string;
  readonly why: string;
  readonly watches: readonly StandingWatch[];
  readonly last: readonly { readonly row: number; readonly text: string }[];
}
type Request = { readonly request?: { readonly query?: Readonly<Record<string, string>> } };

const FIXED: Readonly<Record<string, readonly [title: string, why: string]>> = {
  kubectl: [
    'kubectl and the apiserver',
    'kubectl opens a connection for each command, with the certificate of your kubeconfig, and closes it again.',
  ],
  etcd: [
    'The apiserver and etcd',
    'Only the apiserver speaks to etcd. It opens one connection, writes each object under its key, and watches every kind of object; events only while somebody watches them.',
  ],
  'kube-controller-manager': [
    'The controller-manager and the apiserver',
    'All controllers are one process and share one watch for each resource. They never speak to each other.',
  ],
  'kube-scheduler': [
    'The scheduler and the apiserver',
    'It watches for pods without a machine and for machines, and POSTs a Binding. It never speaks to a kubelet.',
  ],
};
const MOST_LAST = 8;
/** How far back a message of the wire is looked for. */
const NEAR = 3000;

const isOf = (address: string, id: string): boolean =>
  id.startsWith('machine/')
    ? address.startsWith(`${id.slice('machine/'.length)}/`)
    : id === 'kubectl'
      ? address.startsWith('laptop/')
      : address.endsWith(`/${id}`);
const isApi = (address: string): boolean => address.endsWith('/kube-apiserver');

export function wireWhy(events: readonly TraceEvent[], row: number, id: string): WireWhy {
  const machine = id.replace('machine/', '');
  const [title, why] = FIXED[id] ?? [
    `${machine} and the apiserver`,
    `The kubelet and kube-proxy of ${machine} opened these connections. The apiserver never calls them to say that something is to be done.`,
  ];
  return { title, why, watches: watchesOn(events, row, id), last: lastOver(events, row, id) };
}

function watchesOn(events: readonly TraceEvent[], row: number, id: string): readonly StandingWatch[] {
  const found = new Map<string, StandingWatch>();
  for (const { from, to, who, what } of chronicleOf(events).watches) {
    if (from >= row || to < row || !isOf(who, id)) continue;
    const event = events[from];
    const query = event.type === 'hop' ? ((event.body ?? {}) as Request).request?.query : undefined;
    found.set(`${who} ${what}`, {
      who,
      what,
      selects: [query?.fieldSelector, query?.labelSelector].filter((s) => s !== undefined).join(', '),
    });
  }
  return [...found.values()].sort((a, b) => (a.who + a.what < b.who + b.what ? -1 : 1));
}

function lastOver(events: readonly TraceEvent[], row: number, id: string): readonly { readonly row: number; readonly text: string }[] {
  const last: { readonly row: number; readonly text: string }[] = [];
  for (let r = Math.min(row, events.length) - 1; r >= Math.max(0, row - NEAR) && last.length < MOST_LAST; r--) {
    const event = events[r];
    if (!isShown(event)) continue;
    const [out, back] = [isOf(event.from, id) && isApi(event.to), isApi(event.from) && isOf(event.to, id)];
    if (out || back)
      last.push({ row: r, text: `${back ? '←' : '→'} ${(back ? event.to : event.from).split('/').at(-1)} ${hopWords(event).text}` });
  }
  return last;
}
