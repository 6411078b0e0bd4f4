/** etcd, cut open: revisions as they were written, the keys they left, watches and leases. */
import { factIn, tableIn } from '../../story/inside.ts';
import { curve, onLeft, onRight } from '../geometry.ts';
import { areaOf, door, roomOf, split, tablePanel, type ComponentView, type Cutaway, type Seen } from '../cutaway.ts';

function cut(seen: Seen): Cutaway {
  const room = roomOf(seen.room);
  const inside = seen.insides[seen.address];
  const [left, history, keys, right] = split(areaOf(room), 'columns', [15.5, 33, 37, 22], 20);
  const [watches, leases] = split(right, 'rows', [60, 40]);
  const api = door('api', 'kube-apiserver', { ...left, h: 60 }, [`${seen.address.split('/')[0]}/kube-apiserver`], 'control');
  return {
    title: 'etcd',
    subtitle: `revision ${factIn(inside, 'revision')} · ${factIn(inside, 'keys')} keys · compacted up to ${factIn(inside, 'compacted up to')}`,
    room,
    panels: [
      api,
      tablePanel(
        { id: 'history', title: 'revisions, newest first', plane: 'storage', box: history, addresses: [seen.address] },
        tableIn(inside, 'history'),
        { empty: 'nothing was written yet' },
      ),
      tablePanel(
        { id: 'keys', title: 'keys, newest first', note: 'under /registry/', plane: 'storage', box: keys },
        tableIn(inside, 'keys'),
        { empty: 'no key', columns: [0, 1, 2] },
      ),
      tablePanel({ id: 'watches', title: 'watches', note: 'apiserver’s', plane: 'control', box: watches }, tableIn(inside, 'watches'), {
        empty: 'nobody watches',
        columns: [1],
        isBare: true,
      }),
      tablePanel({ id: 'leases', title: 'leases', plane: 'storage', box: leases }, tableIn(inside, 'leases'), { empty: 'no lease' }),
    ],
    wires: [{ id: 'api', plane: 'storage', track: curve(onRight(api.box), onLeft(history, 30 / history.h), 'level') }],
  };
}

export default { part: 'etcd', cut } satisfies ComponentView;
