/** A kube-proxy, cut open: what it knows of Services and endpoints, and the chains that it wrote into its machine's kernel. */
import { factIn, tableIn } from '../../story/inside.ts';
import { curve, onLeft, onRight } from '../geometry.ts';
import { areaOf, door, roomOf, rulesOptions, split, tablePanel, type ComponentView, type Cutaway, type Seen } from '../cutaway.ts';

const kernelOf = (address: string): string => `${address.split('/')[0]}/linux`;

function cut(seen: Seen): Cutaway {
  const room = roomOf(seen.room);
  const inside = seen.insides[seen.address];
  const machine = seen.address.split('/')[0];
  const [left, middle, right] = split(areaOf(room), 'columns', [15.5, 35, 58], 24);
  const [services, endpoints] = split(middle, 'rows', [42, 58]);
  const api = door('api', 'kube-apiserver', { ...left, h: 60 }, ['*/kube-apiserver'], 'control');
  return {
    title: `kube-proxy on ${machine}`,
    subtitle: `mode ${factIn(inside, 'mode')} · ${factIn(inside, 'syncs')} syncs, the last ${factIn(inside, 'last sync')}`,
    room,
    panels: [
      api,
      tablePanel(
        { id: 'services', title: 'Services', plane: 'network', box: services, addresses: [seen.address] },
        tableIn(inside, 'services'),
        { empty: 'no Service' },
      ),
      tablePanel({ id: 'endpoints', title: 'endpoints', plane: 'network', box: endpoints }, tableIn(inside, 'endpoints'), {
        empty: 'no endpoint',
        columns: [1, 2, 3],
        tone: (t) => (t === 'yes' ? 'ok' : t === 'no' ? 'bad' : undefined),
      }),
      tablePanel(
        {
          id: 'rules',
          title: 'the kernel’s rules',
          note: 'as iptables-restore wrote them',
          plane: 'network',
          box: right,
          addresses: [kernelOf(seen.address)],
          opens: kernelOf(seen.address),
        },
        tableIn(seen.insides[kernelOf(seen.address)], 'rules'),
        { empty: 'no rules yet', columns: [0, 1, 3, 5], ...rulesOptions(seen.moment) },
      ),
    ],
    wires: [
      { id: 'api', plane: 'network', track: curve(onRight(api.box), onLeft(services, 30 / services.h), 'level') },
      { id: 'restore', plane: 'network', track: curve(onRight(services, 0.5), onLeft(right, 0.25), 'level') },
    ],
  };
}

export default { part: 'kube-proxy', alsoLooks: (address) => [kernelOf(address)], cut } satisfies ComponentView;
