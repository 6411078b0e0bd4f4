/** A kubelet, cut open: one worker for each pod, containers, probes, back-offs and what the runtime reported. */
import { factIn, tableIn } from '../../story/inside.ts';
import { curve, onLeft, onRight } from '../geometry.ts';
import { areaOf, door, roomOf, split, tablePanel, type ComponentView, type Cutaway, type Seen } from '../cutaway.ts';

const state = (text: string) =>
  /^(running|in sync|ok|ready)/.test(text) ? 'ok' : /failed|BackOff|ErrImage|exited/.test(text) ? 'bad' : undefined;

function cut(seen: Seen): Cutaway {
  const room = roomOf(seen.room);
  const inside = seen.insides[seen.address];
  const machine = seen.address.split('/')[0];
  const [left, middle, right] = split(areaOf(room), 'columns', [14, 46, 40], 24);
  const [workers, containers] = split(middle, 'rows', [1, 1]);
  const [probes, backoff, pleg] = split(right, 'rows', [36, 34, 30]);
  const [api, runtime, processes] = split({ ...left, h: Math.min(left.h, 240) }, 'rows', [1, 1, 1], 26);
  const doors = [
    door('api', 'kube-apiserver', api, ['*/kube-apiserver'], 'control'),
    door('runtime', 'containerd', runtime, [`${machine}/containerd`], 'machine'),
    door('process', 'its pods', processes, ['default/*', '*'], 'machine'),
  ];
  return {
    title: `kubelet on ${machine}`,
    subtitle: `registered: ${factIn(inside, 'registered')} · network: ${factIn(inside, 'network')} · ${factIn(inside, 'pods')} pods`,
    room,
    panels: [
      ...doors,
      tablePanel(
        { id: 'workers', title: 'a worker for each pod', plane: 'machine', box: workers, addresses: [seen.address] },
        tableIn(inside, 'workers'),
        { empty: 'no pod is its own', tone: state, rowsFirst: true },
      ),
      tablePanel({ id: 'containers', title: 'containers', plane: 'machine', box: containers }, tableIn(inside, 'containers'), {
        empty: 'no container',
        tone: state,
        rowsFirst: true,
      }),
      tablePanel({ id: 'probes', title: 'probes', plane: 'machine', box: probes }, tableIn(inside, 'probes'), {
        empty: 'no pod asks for one',
        tone: state,
        rowsFirst: true,
      }),
      tablePanel({ id: 'back-off', title: 'back-off', plane: 'machine', box: backoff }, tableIn(inside, 'back-off'), {
        empty: 'nothing has to wait',
      }),
      tablePanel({ id: 'pleg', title: 'PLEG: events of the runtime', plane: 'machine', box: pleg }, tableIn(inside, 'pleg'), {
        empty: 'all have been looked at',
      }),
    ],
    wires: doors.map((d) => ({ id: d.id, plane: d.plane, track: curve(onRight(d.box), onLeft(workers, 0.5), 'level') })),
  };
}

export default { part: 'kubelet', cut } satisfies ComponentView;
