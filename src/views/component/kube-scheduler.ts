/** The scheduler, cut open: its three queues, and the table of its last decision: every plugin's verdict and score for every machine. */
import { tableIn } from '../../story/inside.ts';
import { curve, elbow, onBottom, onLeft, onRight, onTop } from '../geometry.ts';
import { areaOf, door, roomOf, split, tablePanel, type ComponentView, type Cutaway, type Seen } from '../cutaway.ts';

const QUEUES = [
  ['active', 'active queue', 'no pod waits'],
  ['backoff', 'back-off queue', 'nobody backs off'],
  ['unschedulable', 'unschedulable', 'nobody was refused'],
] as const;

function cut(seen: Seen): Cutaway {
  const room = roomOf(seen.room);
  const inside = seen.insides[seen.address];
  const [left, queues, decision] = split(areaOf(room), 'columns', [15, 31, 58], 26);
  const boxes = split(queues, 'rows', [1, 1, 1], 20);
  const api = door('api', 'kube-apiserver', { ...left, h: 60 }, [`${seen.address.split('/')[0]}/kube-apiserver`], 'control');
  const { placing } = seen.moment;
  return {
    title: 'kube-scheduler',
    room,
    subtitle: placing
      ? `last: ${placing.evaluated} machines → ${placing.feasible} fit${placing.machine ? ` → ${placing.machine}` : ''}`
      : 'no pod has asked for a machine yet',
    panels: [
      api,
      ...QUEUES.map(([name, title, empty], i) =>
        tablePanel({ id: name, title, plane: 'control', box: boxes[i], addresses: i === 0 ? [seen.address] : [] }, tableIn(inside, name), {
          empty,
        }),
      ),
      tablePanel(
        { id: 'decision', title: 'last decision: filters, then scores', plane: 'control', box: decision },
        tableIn(inside, 'decision'),
        {
          empty: 'no decision yet',
          isLit: (row) => row[0] === 'sum',
          tone: (text) => (text === '✗' ? 'bad' : text === '✓' ? 'ok' : text.endsWith('◀') ? 'strong' : undefined),
        },
      ),
    ],
    wires: [
      { id: 'api', plane: 'control', track: curve(onRight(api.box), onLeft(boxes[0], 30 / boxes[0].h), 'level') },
      { id: 'cycle', plane: 'control', track: curve(onRight(boxes[0]), onLeft(decision, 0.2), 'level') },
      { id: 'refused', plane: 'control', isDashed: true, track: curve(onLeft(decision, 0.86), onRight(boxes[2]), 'level') },
      {
        id: 'again',
        plane: 'control',
        isDashed: true,
        track: elbow(onTop(boxes[2], 0.5), onBottom(boxes[1], 0.5), (boxes[1].y + boxes[1].h + boxes[2].y) / 2),
      },
      {
        id: 'back',
        plane: 'control',
        isDashed: true,
        track: elbow(onTop(boxes[1], 0.5), onBottom(boxes[0], 0.5), (boxes[0].y + boxes[0].h + boxes[1].y) / 2),
      },
    ],
  };
}

export default { part: 'kube-scheduler', cut } satisfies ComponentView;
