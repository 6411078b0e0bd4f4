/** CoreDNS, cut open: the answer that it would give for each Service now. */
import { factIn, tableIn } from '../../story/inside.ts';
import { curve, onLeft, onRight } from '../geometry.ts';
import { areaOf, door, roomOf, split, tablePanel, type ComponentView, type Cutaway, type Seen } from '../cutaway.ts';

function cut(seen: Seen): Cutaway {
  const room = roomOf(seen.room);
  const inside = seen.insides[seen.address];
  const [left, answers] = split(areaOf(room), 'columns', [18, 82], 30);
  const [api, asking] = split({ ...left, h: 150 }, 'rows', [1, 1], 26);
  const doors = [door('api', 'kube-apiserver', api, ['*/kube-apiserver'], 'control'), door('asking', 'who asks', asking, ['*'], 'network')];
  return {
    title: `CoreDNS ${seen.address.split('/')[1]}`,
    subtitle: `${factIn(inside, 'queries')} queries answered at ${factIn(inside, 'address')}:53`,
    room,
    panels: [
      ...doors,
      tablePanel(
        { id: 'answers', title: 'what it answers now', plane: 'network', box: answers, addresses: [seen.address] },
        tableIn(inside, 'answers'),
        { empty: 'it knows no Service yet' },
      ),
    ],
    wires: doors.map((d) => ({ id: d.id, plane: d.plane, track: curve(onRight(d.box), onLeft(answers, 0.2), 'level') })),
  };
}

export default { part: 'coredns', cut } satisfies ComponentView;
