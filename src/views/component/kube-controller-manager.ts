/** The controller-manager, cut open: one queue a controller, the keys in them, what is looked at again later, and what was decided last. */
import { factIn, tableIn, type Table } from '../../story/inside.ts';
import { curve, onLeft, onRight } from '../geometry.ts';
import { areaOf, door, roomOf, split, tablePanel, type ComponentView, type Cutaway, type Seen } from '../cutaway.ts';
import { sentences } from '../../story/beats.ts';
import { wordsOf } from '../../story/sentence.ts';

const MOST_NOTES = 200;

/** What its controllers said last, newest first. */
function notesOf({ events, row, address }: Pick<Seen, 'events' | 'row' | 'address'>): Table {
  const rows: string[][] = [];
  for (let r = Math.min(row, events.length) - 1; r >= 0 && rows.length < MOST_NOTES; r--) {
    const event = events[r];
    if (event.type !== 'note' || event.by !== address) continue;
    const title = sentences.get(event.fact.says)?.title(wordsOf(event.fact), event.fact);
    if (title) rows.push([event.fact.says.split('/')[0], title]);
  }
  return { name: 'notes', columns: ['controller', 'it said'], rows, more: 0, fresh: [] };
}

/** Busy controllers first; the quiet ones follow in their order. */
function busyFirst(table: Table): Table {
  const weight = (r: readonly string[]): number => Number(r[1]) + Number(r[2]);
  const order = table.rows.map((_, i) => i).sort((a, b) => weight(table.rows[b]) - weight(table.rows[a]) || a - b);
  return { ...table, rows: order.map((i) => table.rows[i]), fresh: order.flatMap((i, n) => (table.fresh.includes(i) ? [n] : [])) };
}

function cut(seen: Seen): Cutaway {
  const room = roomOf(seen.room);
  const inside = seen.insides[seen.address];
  const [left, queues, right] = split(areaOf(room), 'columns', [15, 37, 50], 24);
  const [notes, keys, timers] = split(right, 'rows', [36, 32, 32]);
  const api = door('api', 'kube-apiserver', { ...left, h: 60 }, [`${seen.address.split('/')[0]}/kube-apiserver`], 'control');
  return {
    title: 'kube-controller-manager',
    subtitle: `${factIn(inside, 'controllers')} controllers in one process · ${factIn(inside, 'at work')} keys at work`,
    room,
    panels: [
      api,
      tablePanel(
        { id: 'queues', title: 'a queue for each controller', plane: 'control', box: queues, addresses: [seen.address] },
        busyFirst(tableIn(inside, 'queues')),
        { empty: 'not started', isLit: (r) => Number(r[1]) + Number(r[2]) > 0 },
      ),
      tablePanel({ id: 'notes', title: 'what was decided, newest first', plane: 'control', box: notes }, notesOf(seen), {
        empty: 'nothing yet',
      }),
      tablePanel({ id: 'keys', title: 'keys waiting or at work', plane: 'control', box: keys }, tableIn(inside, 'keys'), {
        empty: 'every queue is empty',
      }),
      tablePanel({ id: 'timers', title: 'looked at again later', plane: 'control', box: timers }, tableIn(inside, 'timers'), {
        empty: 'no timer',
      }),
    ],
    wires: [{ id: 'api', plane: 'control', track: curve(onRight(api.box), onLeft(queues, 30 / queues.h), 'level') }],
  };
}

export default { part: 'kube-controller-manager', cut } satisfies ComponentView;
