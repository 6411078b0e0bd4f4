/** The apiserver, cut open: the request of the moment on its way through the pipeline, what is cached, and who watches. */
import { factIn, tableIn } from '../../story/inside.ts';
import { curve, onBottom, onLeft, onRight, onTop, type Box } from '../geometry.ts';
import {
  areaOf,
  door,
  panel,
  roomOf,
  split,
  tablePanel,
  type ComponentView,
  type CutWire,
  type Cutaway,
  type Panel,
  type Seen,
  type Stage,
} from '../cutaway.ts';
import { requestAt, type RequestAt } from '../requests.ts';

const NAMES = ['authn', 'authz', 'admission', 'validation', 'etcd', 'answer', 'watches'] as const;
const NOW: Readonly<Record<RequestAt['reached'], number>> = { arrived: 0, admitted: 3, etcd: 4, stored: 5, answered: 5, told: 6 };
const FAILS: Readonly<Record<number, number>> = { 401: 0, 403: 1, 409: 4, 422: 3, 400: 3 };
const VERBS: Readonly<Record<string, string>> = { GET: 'read', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** Each stage with what it found in this very request. */
export function stagesOf(request: RequestAt | undefined): readonly Stage[] {
  if (!request) return NAMES.map((name) => ({ name, note: '', state: 'todo' }));
  const isRead = request.method === 'GET';
  const now = NOW[request.reached];
  const failsAt = request.isRefused ? (FAILS[request.code] ?? (request.code === 0 ? 1 : 5)) : -1;
  const notes = [
    request.user || `from ${request.from.split('/').at(-1)}`,
    request.user ? `may ${request.verb}` : `${VERBS[request.method] ?? request.method}?`,
    request.changedBy.length > 0 ? `${request.changedBy.length} plugins add` : 'as it is',
    'fields are right',
    'a revision',
    request.code > 0 ? String(request.code) : '',
    request.told.length > 0 ? `${request.told.length} told` : '',
  ];
  return NAMES.map((name, i): Stage => {
    if (failsAt >= 0 && i > failsAt && i !== 5) return { name, note: 'never reached', state: 'todo' };
    if (i === failsAt) return { name, note: request.code > 0 ? `refused: ${request.code}` : 'refused', state: 'failed' };
    if (isRead && i >= 2 && i !== 5) return { name, note: i === 4 ? 'from the cache' : 'a read', state: 'todo' };
    return i > now ? { name, note: '', state: 'todo' } : { name, note: notes[i], state: i === now ? 'now' : 'done' };
  });
}

/** Who comes to the door: alike callers share one. */
function doorsOf(left: Box, cp: string): readonly Panel[] {
  const callers = [
    ['kubectl', ['laptop/*', 'user/*'], 'client'],
    ['controller-manager', [`${cp}/kube-controller-manager`], 'control'],
    ['scheduler', [`${cp}/kube-scheduler`], 'control'],
    ['kubelets', ['*/kubelet'], 'machine'],
    ['kube-proxies', ['*/kube-proxy', '*/kube-flannel'], 'network'],
    ['CoreDNS, others', ['kube-system/*', '*'], 'network'],
  ] as const;
  return split(
    left,
    'rows',
    callers.map(() => 1),
    10,
  ).map((box, i) => door(`door/${callers[i][0]}`, callers[i][0], box, callers[i][1], callers[i][2]));
}

function cut(seen: Seen): Cutaway {
  const room = roomOf(seen.room);
  const inside = seen.insides[seen.address];
  const request = requestAt(seen.events, seen.row, seen.address);
  const [left, middle, right] = split(areaOf(room), 'columns', [18, 74, 8], 28);
  const [pipe, tables] = split(middle, 'rows', [40, 60], 16);
  const [cache, watchers] = split(tables, 'columns', [42, 58]);
  const cp = seen.address.split('/')[0];
  const etcd = door('etcd', 'etcd', { ...right, h: pipe.h }, [`${cp}/etcd`], 'storage');
  const doors = doorsOf(left, cp);
  const panels = [
    panel({
      id: 'pipeline',
      title: request ? `${request.method} ${request.path}` : 'no request yet',
      plane: 'control',
      box: pipe,
      addresses: [seen.address],
      content: { kind: 'stages', stages: stagesOf(request) },
    }),
    tablePanel({ id: 'cache', title: 'watch cache', plane: 'control', box: cache }, tableIn(inside, 'watch cache'), {
      empty: 'nothing is cached yet',
    }),
    tablePanel({ id: 'watchers', title: 'who watches', plane: 'control', box: watchers }, tableIn(inside, 'watchers'), {
      empty: 'nobody watches',
      isLit: (r) => request?.told.includes(r[0]) ?? false,
    }),
    etcd,
    ...doors,
  ];
  const wires: readonly CutWire[] = [
    ...doors.map((d): CutWire => ({
      id: d.id,
      plane: d.plane,
      track: curve(onRight(d.box), { x: pipe.x, y: pipe.y + pipe.h * 0.55 }, 'level'),
    })),
    { id: 'etcd', plane: 'storage', track: curve(onRight(pipe, 0.55), onLeft(etcd.box, 0.55), 'level') },
    { id: 'fan', plane: 'control', isDashed: true, track: curve(onBottom(pipe, 0.8), onTop(watchers, 0.66)) },
  ];
  return {
    title: 'kube-apiserver',
    subtitle: `${factIn(inside, 'requests served') || 'no'} requests served · revision ${factIn(inside, 'revision') || '—'}`,
    room,
    panels,
    wires,
  };
}

export default { part: 'kube-apiserver', cut } satisfies ComponentView;
