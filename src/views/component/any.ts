/** Whatever has no cutaway of its own (containerd, cni, flannel, a container's process): its tables side by side. */
import { areaOf, panel, roomOf, split, tablePanel, type ComponentView, type Cutaway, type Seen } from '../cutaway.ts';

function cut(seen: Seen): Cutaway {
  const room = roomOf(seen.room);
  const inside = seen.insides[seen.address];
  const tables = (inside?.tables ?? []).slice(0, 4);
  const area = areaOf(room);
  const columns = split(area, 'columns', tables.length > 2 ? [1, 1] : tables.map(() => 1));
  const boxes = tables.length > 2 ? columns.flatMap((c, i) => split(c, 'rows', i === 0 || tables.length > 3 ? [1, 1] : [1])) : columns;
  const [machine, ...rest] = seen.address.split('/');
  return {
    title: `${rest.join('/')} ${/^(default|kube-)/.test(machine) ? `in ${machine}` : `on ${machine}`}`,
    subtitle: (inside?.facts ?? [])
      .map(([n, v]) => `${n}: ${v}`)
      .slice(0, 4)
      .join(' · '),
    room,
    wires: [],
    panels:
      tables.length === 0
        ? [
            panel({
              id: 'none',
              title: inside ? 'nothing more to show' : 'it does not run at this moment',
              plane: 'machine',
              box: area,
              addresses: [seen.address],
            }),
          ]
        : tables.map((t, i) =>
            tablePanel({ id: t.name, title: t.name, plane: 'machine', box: boxes[i], addresses: i === 0 ? [seen.address] : [] }, t, {
              empty: 'none',
              rowsFirst: true,
            }),
          ),
  };
}

export default { part: 'any', cut } satisfies ComponentView;
