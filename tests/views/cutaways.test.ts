/** The cutaways: made from the real states at a row, everything in its place, nothing invented and nothing left out uncounted. */
import { describe, expect, it } from 'vitest';
import { advanceTo, command } from '../../src/engine/engine.ts';
import { look } from '../../src/engine/look.ts';
import type { Command } from '../../src/engine/session.ts';
import { SAMPLE } from '../../src/scenarios/sample.ts';
import { beatsOf } from '../../src/story/beats.ts';
import { openBook, pictureAt } from '../../src/story/picture.ts';
import { tableIn, type Inside } from '../../src/story/inside.ts';
import { stagesOf } from '../../src/views/component/kube-apiserver.ts';
import { viewNames } from '../../src/views/component/registry.ts';
import { cutOf, looksOf } from '../../src/views/cut-of.ts';
import { CUT_TOP, rulesOptions, type Cutaway, type Seen } from '../../src/views/cutaway.ts';
import { overlaps } from '../../src/views/geometry.ts';
import { machineCut } from '../../src/views/machine.ts';
import { markedLines } from '../../src/views/marked-lines.ts';
import { momentAt } from '../../src/views/moment.ts';
import { eventsOf, relatedOf } from '../../src/views/related.ts';
import { requestAt } from '../../src/views/requests.ts';
import { slotsAt } from '../../src/views/slots.ts';
import { played, rowOf, sceneAt, type Played } from './played.ts';

const sample = played(SAMPLE);
const thirty = played(SAMPLE.replace('replicas: 3', 'replicas: 30'));
const ROOMS = [
  { w: 1280, h: 495 },
  { w: 940, h: 495 },
  { w: 1053, h: 567 },
  { w: 580, h: 400 },
] as const;
const API = 'cp-1/kube-apiserver';

function seenAt(p: Played, address: string, row: number, room: Seen['room'] = ROOMS[0]): Seen {
  return {
    address,
    insides: look(p.engine, { row, since: row, addresses: looksOf(address) }),
    picture: pictureAt(p.book, row),
    moment: momentAt(p.book, p.beats, row),
    slots: slotsAt(p.book, row),
    events: p.book.events,
    row,
    room,
  };
}
function cut(seen: Seen): Cutaway {
  const found = cutOf(seen);
  if (!found) throw new Error(`nothing is known of ${seen.address}`);
  return found;
}
const insideOf = (p: Played, address: string, row: number): Inside | undefined =>
  look(p.engine, { row, since: row, addresses: [address] })[address];
const PLACES = [
  'worker-1',
  'cp-1',
  API,
  'cp-1/etcd',
  'cp-1/kube-scheduler',
  'cp-1/kube-controller-manager',
  'worker-1/kubelet',
  'worker-1/kube-proxy',
  'worker-1/linux',
  'worker-1/containerd',
  'worker-1/cni',
  'worker-1/kube-flannel',
];

describe('a pod with helpers', () => {
  const helped = played(
    `apiVersion: v1
kind: Pod
metadata: {name: shop}
spec:
  nodeName: worker-1
  initContainers:
  - {name: migrate, image: busybox, command: [sh, -c, sleep 5]}
  - {name: shipper, image: busybox, restartPolicy: Always, command: [sh, -c, sleep infinity]}
  containers:
  - {name: shop, image: 'nginx:1.29'}
`,
  );
  const blocksAt = (row: number): readonly string[] =>
    sceneAt(helped, row).machines.flatMap((m) => m.pods.flatMap((p) => p.containers.map((c) => `${c.name} ${c.state}`)));

  it('shows init containers until they have ended well, and sidecars as long as the pod', () => {
    const running = rowOf(helped, 'kubelet/container-started');
    expect(blocksAt(running)).toEqual(['migrate running', 'shipper waiting', 'shop waiting']);
    expect(blocksAt(helped.end)).toEqual(['shipper running', 'shop running']);
  });

  it('is first in its containerd’s list, as crictl lists the newest first', () => {
    const { rows } = tableIn(insideOf(helped, 'worker-1/containerd', helped.end), 'containers');
    expect(rows.map(([, name]) => name).slice(0, 3)).toEqual(['shop', 'shipper', 'migrate']);
  });
});

describe('every cutaway', () => {
  it.each(PLACES)('%s fits every room, panel beside panel', (address) => {
    for (const room of ROOMS)
      for (const p of [sample, thirty]) {
        const { panels, room: all } = cut(seenAt(p, address, p.end, room));
        for (const [i, a] of panels.entries()) {
          expect(
            a.box.x >= 0 && a.box.y >= CUT_TOP - 3 && a.box.x + a.box.w <= all.w && a.box.y + a.box.h <= all.h,
            `${a.id} is inside`,
          ).toBe(true);
          for (const b of panels.slice(i + 1)) expect(overlaps(a.box, b.box), `${a.id} and ${b.id} at ${room.w} × ${room.h}`).toBe(false);
          if (a.content.kind === 'table') expect(a.content.widths.reduce((x, y) => x + y, 0)).toBeLessThanOrEqual(a.box.w - 19);
        }
      }
  });

  it('counts the rows that it does not show', () => {
    const seen = seenAt(thirty, 'worker-1/kubelet', thirty.end);
    const panel = cut(seen).panels.find((p) => p.id === 'workers');
    const all = tableIn(seen.insides['worker-1/kubelet'], 'workers').rows.length;
    expect(panel?.content.kind === 'table' && panel.content.lines.length + panel.content.more).toBe(all);
    expect(all).toBeGreaterThan(10);
  });

  it('cuts no name of who is outside, and no address, beside the editor', () => {
    for (const address of PLACES)
      for (const { id, shape, title, content } of cut(seenAt(sample, address, sample.end, ROOMS[1])).panels) {
        if (shape === 'door') expect(title, `${address} ${id}`).not.toContain('…');
        if (content.kind === 'table')
          for (const { whole } of content.lines.flatMap((l) => l.cells))
            expect(whole ?? '', `${address} ${id}`).not.toMatch(/^\d+(\.\d+){3}/);
      }
  });

  it('shows of a pod in another namespace its name, when there is no room for both', () => {
    const panel = cut(seenAt(sample, 'worker-1/kube-proxy', sample.end, ROOMS[1])).panels.find((p) => p.id === 'services');
    const cells = panel?.content.kind === 'table' ? panel.content.lines.map((l) => l.cells[0]) : [];
    expect(cells.filter((c) => c.whole === 'default/web').map((c) => c.text)).toEqual(['…/web']);
  });

  it('has a file of its own for each big component', () =>
    expect(viewNames()).toEqual(
      expect.arrayContaining([
        'kube-apiserver',
        'etcd',
        'kube-scheduler',
        'kube-controller-manager',
        'kubelet',
        'kube-proxy',
        'coredns',
        'linux',
        'cni',
        'any',
      ]),
    ));
});

describe('a machine that something is wrong with', () => {
  const HEALTHY = { alarm: '', down: [] };
  function broken(fault: Command): Played {
    const { engine, bootRows } = played(SAMPLE);
    command(engine, fault);
    advanceTo(engine, engine.world.now + 60_000_000);
    const events = Array.from({ length: engine.trace.length }, (_, i) => engine.trace.event(i));
    return { engine, bootRows, book: openBook(events), beats: beatsOf(events, bootRows, engine.commands), end: events.length };
  }
  const wrongWith = (p: Played, machine: string) => {
    const { alarm, panels, wires } = machineCut(seenAt(p, machine, p.end));
    return { alarm, down: [...panels, ...wires].filter((x) => x.isDown).map((x) => x.id.replace(/^process\/.*kube-(\w+)-.*/, '$1')) };
  };

  it('is not said of one that nothing is wrong with', () => {
    for (const machine of ['worker-1', 'cp-1']) expect(wrongWith(sample, machine)).toEqual(HEALTHY);
  });

  it('says that its kubelet is stopped, and that it is NotReady by then', () => {
    const p = broken({ do: 'stop', what: 'worker-3/kubelet' });
    expect(wrongWith(p, 'worker-3')).toEqual({ alarm: 'kubelet stopped, NotReady', down: ['kubelet'] });
    expect(wrongWith(p, 'worker-1')).toEqual(HEALTHY);
    const { alarm, panels } = cut(seenAt(p, 'worker-3/kubelet', p.end));
    expect([alarm, panels.find((x) => x.id === 'workers')]).toMatchObject(['not running', { isDown: true, content: { kind: 'none' } }]);
    expect(cut(seenAt(p, 'worker-1/kubelet', p.end)).alarm).toBeUndefined();
  });

  it('says that it is cut off', () => {
    const p = broken({ do: 'partition', a: 'cp-1', b: 'worker-3' });
    expect(wrongWith(p, 'worker-3')).toEqual({ alarm: 'cut off, NotReady', down: ['leg'] });
  });

  it('says that it is off, and of nothing on it that it runs', () => {
    const p = broken({ do: 'kill', what: 'worker-3' });
    const { alarm, down } = wrongWith(p, 'worker-3');
    expect(alarm).toBe('off, NotReady');
    expect(down).toEqual(
      expect.arrayContaining(['kubelet', 'containerd', 'cni', 'cni0', 'eth0', 'flannel', 'proxy', 'rules', 'routes', 'conntrack', 'leg']),
    );
  });
});

describe('what they show is the state at the row', () => {
  it('etcd: the newest key first, at the picture’s revision', () => {
    const row = rowOf(sample, 'scheduler/bound');
    const { facts, tables } = insideOf(sample, 'cp-1/etcd', row) ?? { facts: [], tables: [] };
    expect(facts[0]).toEqual(['revision', String(pictureAt(sample.book, row).revision)]);
    const revisions = tables[0].rows.map((r) => Number(r[1]));
    expect(revisions).toEqual([...revisions].sort((a, b) => b - a));
  });

  it('the scheduler: its decision’s highest sum is the machine that the trace names', () => {
    const beat = sample.beats.find((b) => b.fact.says === 'scheduler/scored');
    const table = tableIn(insideOf(sample, 'cp-1/kube-scheduler', beat?.to ?? 0), 'decision');
    const sums = table.rows.at(-1) ?? [];
    const best = sums.findIndex((s) => s.endsWith('◀'));
    expect(table.columns[best]).toBe(beat?.fact.with?.machine);
    expect(sums[table.columns.indexOf('cp-1')]).toBe('out');
    expect(table.rows.some((r) => r[0] === 'TaintToleration filter' && r[table.columns.indexOf('cp-1')] === '✗')).toBe(true);
  });

  it('a machine: the rules of its kernel lead from the Service to each ready pod', () => {
    const rules = tableIn(insideOf(sample, 'worker-1/linux', sample.end), 'rules').rows.filter((r) => r[0].startsWith('default/web'));
    expect(rules.map((r) => r[3])).toEqual(['1 of 3', '1 of 2', 'the rest']);
    expect(rules.map((r) => r[5].replace(/:.*/, '')).sort((a, b) => (a < b ? -1 : 1))).toEqual(['10.200.1.2', '10.200.2.2', '10.200.3.2']);
    const before = tableIn(insideOf(sample, 'worker-1/linux', rowOf(sample, 'endpointslice/synced')), 'rules').rows.filter((r) =>
      r[0].startsWith('default/web'),
    );
    expect(before.every((r) => r[2] === 'REJECT')).toBe(true);
  });

  it('a pod stands on its foundation, plugged into the bridge', () => {
    const scene = machineCut(seenAt(sample, 'worker-1', sample.end));
    const pod = scene.panels.find((p) => p.shape === 'pod');
    expect(pod?.foundation).toBe('pause 10.200.1.2');
    expect(scene.wires.some((w) => w.id.startsWith('veth/'))).toBe(true);
  });

  it('marks what the last beat changed', () => {
    const beat = sample.beats.find((b) => b.fact.says === 'cni/address-leased');
    const address = beat?.by ?? '';
    const leases = tableIn(look(sample.engine, { row: beat?.to ?? 0, since: beat?.from ?? 0, addresses: [address] })[address], 'leases');
    expect(leases.fresh.length).toBe(1);
  });

  it('the network plugin: which pod has which address, and its cable', () => {
    const seen = seenAt(sample, 'worker-1/cni', sample.end);
    const panels = new Map(cut(seen).panels.map((p) => [p.id, p.content]));
    const leases = panels.get('leases');
    const links = panels.get('links');
    const lines = leases?.kind === 'table' ? leases.lines.map((l) => l.cells.map((c) => c.text)) : [];
    expect(lines).toEqual([
      ['10.200.1.2', expect.stringMatching(/^default\/web-/), expect.stringMatching(/^veth/), expect.stringMatching(/^[0-9a-f]{12}$/)],
    ]);
    expect(links?.kind === 'table' && links.lines.some((l) => l.cells[0].text === lines[0][2])).toBe(true);
  });

  it('lights the rules of the packet’s Service, and of no other whose name begins alike', () => {
    const packet = { machine: 'worker-1', kind: 'SYN', proto: 'tcp', src: '', dst: '', rules: [], service: 'default/web' };
    const { isLit } = rulesOptions({ ...momentAt(sample.book, sample.beats, sample.end), packet });
    expect(['default/web', 'default/web:http', 'default/web-2', 'default/web-2:http'].map((name) => isLit?.([name]))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('the apiserver: the request of the moment and how far it is', () => {
    const admitted = sample.beats.find((b) => b.fact.says === 'apiserver/admitted');
    const at = (row: number) => requestAt(sample.book.events, row, API);
    expect(at(admitted?.to ?? 0)).toMatchObject({ method: 'POST', user: 'kubernetes-admin', reached: 'admitted' });
    expect(stagesOf(at(admitted?.to ?? 0)).map((s) => s.state)).toEqual(['done', 'done', 'done', 'now', 'todo', 'todo', 'todo']);
    const reads = [...Array(12).keys()].map((i) => at(sample.bootRows + i)).filter((r) => r?.method === 'GET' && r.code === 404);
    expect(stagesOf(reads[0]).find((s) => s.state === 'failed')?.note).toBe('refused: 404');
  });
});

describe('the inspector’s facts', () => {
  it('marks only the lines that are new', () => {
    expect(
      markedLines('a\nb\nc', 'a\nx\nc\nd')
        .filter((l) => l.isFresh)
        .map((l) => l.text),
    ).toEqual(['x', 'd']);
    expect(markedLines(undefined, 'a').every((l) => !l.isFresh)).toBe(true);
  });

  it('links owners, owned and selected, and finds the Events', () => {
    const picture = pictureAt(sample.book, sample.end);
    const why = (ref: string) => relatedOf(picture, ref).map((r) => `${r.why} ${r.name.replace(/-[a-z0-9]+(-[a-z0-9]{5})?$/, '')}`);
    expect(why('/registry/deployments/default/web')).toEqual(['owns ReplicaSet web']);
    expect(why('/registry/services/specs/default/web').filter((w) => w.startsWith('selects'))).toHaveLength(3);
    const pod = [...picture.objects.keys()].find((k) => k.startsWith('/registry/pods/default/')) ?? '';
    expect(why(pod)).toEqual(expect.arrayContaining(['owned by ReplicaSet web', 'selected by Service web']));
    const object = picture.objects.get(pod);
    expect(object && eventsOf(picture, object).map((e) => e.reason)).toEqual(expect.arrayContaining(['Scheduled', 'Pulled', 'Started']));
  });
});
