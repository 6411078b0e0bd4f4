/** A machine's kernel, cut open: links, routes, the rules that stand for Services, and the connections that it remembers. */
import { factIn, tableIn } from '../../story/inside.ts';
import { areaOf, roomOf, rulesOptions, split, tablePanel, type ComponentView, type Cutaway, type Seen } from '../cutaway.ts';

function cut(seen: Seen): Cutaway {
  const room = roomOf(seen.room);
  const inside = seen.insides[seen.address];
  const machine = seen.address.split('/')[0];
  const [left, right] = split(areaOf(room), 'columns', [42, 58]);
  const [links, routes, ends] = split(left, 'rows', [36, 36, 28]);
  const [rules, conntrack] = split(right, 'rows', [60, 40]);
  return {
    title: `kernel of ${machine}`,
    subtitle: `${factIn(inside, 'address')} · pods ${factIn(inside, 'pod addresses')} behind ${factIn(inside, 'gateway')}`,
    room,
    wires: [],
    panels: [
      tablePanel({ id: 'links', title: 'links', plane: 'network', box: links, addresses: [seen.address] }, tableIn(inside, 'links'), {
        empty: 'none',
      }),
      tablePanel({ id: 'routes', title: 'routes', plane: 'network', box: routes }, tableIn(inside, 'routes'), { empty: 'none' }),
      tablePanel({ id: 'ends', title: 'flannel: the other ends', plane: 'network', box: ends }, tableIn(inside, 'tunnel ends'), {
        empty: 'no overlay yet',
      }),
      tablePanel(
        { id: 'rules', title: 'iptables', note: 'KUBE-SERVICES → KUBE-SVC → KUBE-SEP', plane: 'network', box: rules },
        tableIn(inside, 'rules'),
        { empty: 'no rules yet', columns: [0, 1, 3, 5], ...rulesOptions(seen.moment) },
      ),
      tablePanel({ id: 'conntrack', title: 'conntrack', plane: 'network', box: conntrack }, tableIn(inside, 'conntrack'), {
        empty: 'no connection is remembered',
        columns: [0, 1, 2, 3, 4],
        rowsFirst: true,
      }),
    ],
  };
}

export default { part: 'linux', cut } satisfies ComponentView;
