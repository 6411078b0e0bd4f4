/** The network plugin, cut open: who has which address, and the cables that it has plugged into the machine. */
import { factIn, tableIn, type Table } from '../../story/inside.ts';
import { curve, onLeft, onRight } from '../geometry.ts';
import { areaOf, door, roomOf, split, tablePanel, type ComponentView, type Cutaway, type Seen } from '../cutaway.ts';

const besides = (address: string): readonly string[] => ['containerd', 'linux'].map((part) => `${address.split('/')[0]}/${part}`);

/** Each lease with the pod that it is for, as the runtime and the kernel know it. */
function leasesOf({ insides, address }: Seen): Table {
  const [runtime, kernel] = besides(address).map((at) => insides[at]);
  const leases = tableIn(insides[address], 'leases');
  const pods = new Map(tableIn(runtime, 'sandboxes').rows.map(([pod, , , id]) => [id, pod]));
  const cables = new Map(tableIn(kernel, 'cables').rows.map(([ip, veth]) => [ip, veth]));
  return {
    ...leases,
    columns: ['address', 'pod', 'cable', 'sandbox'],
    rows: leases.rows.map(([ip, id]) => [ip, pods.get(id) ?? '—', cables.get(ip) ?? '—', id]),
  };
}

function cut(seen: Seen): Cutaway {
  const room = roomOf(seen.room);
  const inside = seen.insides[seen.address];
  const [runtime, kernel] = besides(seen.address);
  const [left, right] = split(areaOf(room), 'columns', [15, 85], 30);
  const [leases, links] = split(right, 'rows', [58, 42]);
  const asks = door('containerd', 'containerd', { ...left, h: 60 }, [runtime], 'machine');
  return {
    title: `CNI on ${seen.address.split('/')[0]}`,
    subtitle: `addresses for pods: ${factIn(inside, 'pod addresses')} · gateway ${factIn(inside, 'gateway')}`,
    room,
    panels: [
      asks,
      tablePanel(
        {
          id: 'leases',
          title: 'addresses given out',
          note: 'one for each sandbox',
          plane: 'network',
          box: leases,
          addresses: [seen.address],
        },
        leasesOf(seen),
        { empty: 'no address is leased', rowsFirst: true },
      ),
      tablePanel(
        {
          id: 'links',
          title: 'links of the machine',
          note: 'a veth is a pod’s cable',
          plane: 'network',
          box: links,
          addresses: [kernel],
          opens: kernel,
        },
        tableIn(seen.insides[kernel], 'links'),
        { empty: 'no link' },
      ),
    ],
    wires: [{ id: 'asks', plane: 'network', track: curve(onRight(asks.box), onLeft(leases, 30 / leases.h), 'level') }],
  };
}

export default { part: 'cni', alsoLooks: besides, cut } satisfies ComponentView;
