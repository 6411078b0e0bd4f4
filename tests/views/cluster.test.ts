/** The cluster view: everything has a place of its own, at every size and at every beat; nothing jumps, and nobody is left out uncounted. */
import { describe, expect, it } from 'vitest';
import type { V1Pod } from '../../src/api/schema/kubernetes.ts';
import { command, settle } from '../../src/engine/engine.ts';
import { SAMPLE } from '../../src/scenarios/sample.ts';
import { beatsOf } from '../../src/story/beats.ts';
import { isOwn, objectsOf, openBook, pictureAt } from '../../src/story/picture.ts';
import { EYE, eyeOf, placeOf, routeOf, wiresOf } from '../../src/views/cluster-wires.ts';
import { trayPlaces, type Scene } from '../../src/views/cluster.ts';
import { alongside, dotsOf, leadersOf } from '../../src/views/dots.ts';
import { focusOf } from '../../src/views/focus.ts';
import { overlaps, pointAlong, type Box, type Room } from '../../src/views/geometry.ts';
import { labelPlace, wordsOf } from '../../src/views/label-place.ts';
import { momentAt } from '../../src/views/moment.ts';
import type { PodToken } from '../../src/views/pod-token.ts';
import { played, rowOf, sceneAt } from './played.ts';

const ROOMS = [
  { w: 1280, h: 495 },
  { w: 940, h: 495 },
  { w: 1280, h: 567 },
  { w: 1053, h: 567 },
  { w: 580, h: 495 },
  { w: 1600, h: 900 },
] as const;
/** How wide a character of a label is. */
const MONO = 9.03;
/** The same in the letters of a token. */
const SANS = 8;
const sample = played(SAMPLE);
const thirty = played(SAMPLE.replace('replicas: 3', 'replicas: 30'));
const hundred = played(SAMPLE.replace('replicas: 3', 'replicas: 100'));
const fleet = played(
  SAMPLE.replace('replicas: 3', 'replicas: 200').replace('cpu: 250m', 'cpu: 10m').replace('memory: 64Mi', 'memory: 8Mi'),
  10,
);

const boxesOf = (scene: Scene): readonly (readonly [string, Box])[] => [
  ...scene.components.map((c) => [c.id, c.box] as const),
  ...scene.machines.map((m) => [m.name, m.box] as const),
  ...scene.services.map((s) => [s.key, s.box] as const),
  ['tray', scene.tray.box] as const,
];
function clashes(scene: Scene): readonly string[] {
  const boxes = boxesOf(scene);
  const found = boxes.flatMap(([a, box], i) => boxes.slice(i + 1).flatMap(([b, other]) => (overlaps(box, other) ? [`${a} and ${b}`] : [])));
  for (const m of scene.machines) {
    const inner = [...m.pods, ...m.cells].map((p) => [p.key, p.box] as const).concat(m.parts.map((p) => [p.name, p.box] as const));
    inner.forEach(([a, box], i) => {
      for (const [b, other] of inner.slice(i + 1)) if (overlaps(box, other)) found.push(`${m.name}: ${a} and ${b}`);
      if (box.x < 0 || box.y < 0 || box.x + box.w > m.box.w + 0.5 || box.y + box.h > m.box.h + 0.5) found.push(`${m.name}: ${a} leaves it`);
    });
  }
  return [
    ...found,
    ...boxes.flatMap(([name, b]) =>
      b.x < 0 || b.y < 0 || b.x + b.w > scene.room.w + 0.5 || b.y + b.h > scene.room.h + 0.5 ? [`${name} leaves the scene`] : [],
    ),
  ];
}

describe('the cluster view', () => {
  it.each(ROOMS)('gives everything a place of its own at $w × $h, for 3, 30 and 200 pods', (room) => {
    for (const p of [sample, thirty, fleet]) expect(clashes(sceneAt(p, p.end, room))).toEqual([]);
  });

  it.each(ROOMS)('has room at $w × $h for what a message carries: no more than the edge of a word is covered', (room) => {
    let labels = 0;
    for (const row of leadersOf(sample.book.events, sample.bootRows)) {
      const scene = sceneAt(sample, row, room);
      const [dot] = dotsOf(sample.book.events, row);
      const track = routeOf(scene, wiresOf(scene), dot.from, dot.to);
      if (!track) continue;
      const label = labelPlace(track, { w: dot.text.length * MONO + 18, h: 26 }, scene.room, wordsOf(scene));
      expect(label.x >= 0 && label.y >= 0 && label.x + label.w <= scene.room.w && label.y + label.h <= scene.room.h, dot.text).toBe(true);
      for (const word of wordsOf(scene))
        expect(
          overlaps(label, { x: word.x + 4, y: word.y + 4, w: word.w - 8, h: word.h - 8 }),
          `${dot.from} → ${dot.to}: ${dot.text}`,
        ).toBe(false);
      labels++;
    }
    expect(labels).toBeGreaterThan(200);
  });

  it('tells the pods of workloads apart by patterns and names', () => {
    const two = played(`${SAMPLE}---\n${SAMPLE.replaceAll('web', 'worker')}`);
    const tokens = (room: Room, of: (token: PodToken) => string) =>
      [
        ...new Set(
          sceneAt(two, two.end, room).machines.flatMap((m) => m.pods.map((t) => `${t.name.split('-')[0]} ${t.pattern}: ${of(t)}`)),
        ),
      ].sort();
    expect(
      tokens({ w: 940, h: 495 }, (t) => `${t.title === t.short} ${t.wordAt} ${t.beside}`),
      'where there is no room its name is cut',
    ).toEqual(['web 0: true name web', 'worker 1: true name work…']);
    expect(
      tokens({ w: 1280, h: 470 }, (t) => `${t.title} ${t.wordAt} ${t.beside === t.short}`),
      'where it is low and wide',
    ).toEqual(['web 0: web name true', 'worker 1: worker name true']);
    expect(
      tokens({ w: 940, h: 473 }, (t) => `${t.title} ${t.wordAt}${t.beside}`),
      'where there are three lines it is the head',
    ).toEqual(['web 0: web below', 'worker 1: worker below']);
    expect(
      sceneAt(sample, sample.end)
        .machines.flatMap((m) => m.pods)
        .every((t) => t.pattern === 0 && t.title === t.short && t.beside === ''),
      'the only one needs no name',
    ).toBe(true);
  });

  it('shows where kube-proxies write rules: on each machine that has them, with what they say', () => {
    const beats = sample.beats.filter((b) => b.fact.says === 'kube-proxy/synced');
    const told = beats.map((beat) => {
      const moment = momentAt(sample.book, sample.beats, beat.to);
      const { rings } = focusOf(moment, pictureAt(sample.book, beat.to), () => undefined);
      return ['worker-1', 'worker-2', 'worker-3'].map((m) => `${rings.get(`part/${m}/kube-proxy`)} ${moment.rulesFor(m, 'default/web')}`);
    });
    expect(told.map((words) => [...new Set(words)])).toEqual([['changed 0'], ['changed 3']]);
  });

  it.each(ROOMS)('at $w × $h has no hole in the tray while a pod waits without a place, and moves nobody in it', (room) => {
    const seen = new Map<string, string>();
    let crowded = 0;
    for (let row = hundred.bootRows; row <= hundred.end; row += 5) {
      const { tray } = sceneAt(hundred, row, room);
      for (const pod of tray.pods) {
        const at = JSON.stringify(pod.box);
        expect(seen.get(pod.key) ?? at, pod.key).toBe(at);
        seen.set(pod.key, at);
      }
      if (tray.more > 0) {
        crowded++;
        expect(tray.pods.length, `row ${row}`).toBe(trayPlaces(room));
      }
    }
    expect(crowded).toBeGreaterThan(10);
  });

  it('moves nobody that nothing happened to', () => {
    const seen = new Map<string, string>();
    for (let row = thirty.bootRows; row < thirty.end; row += 7) {
      for (const m of sceneAt(thirty, row).machines)
        for (const pod of [...m.pods, ...m.cells]) {
          const at = `${m.name} ${JSON.stringify(pod.box)}`;
          expect(seen.get(pod.key) ?? at, pod.key).toBe(at);
          seen.set(pod.key, at);
        }
    }
    expect(seen.size).toBe(30);
  });

  it('says on the narrowest token what became of a sandbox, whole', () => {
    const { engine, bootRows } = played(SAMPLE);
    const pod = [...sceneAt(sample, sample.end).machines[0].pods][0];
    command(engine, { do: 'kill', what: `${pod.key}/pause` });
    settle(engine, engine.world.now + 5_000_000);
    const book = openBook(Array.from({ length: engine.trace.length }, (_, i) => engine.trace.event(i)));
    const grounds = new Set<string>();
    for (let row = bootRows; row <= book.events.length; row++)
      for (const m of sceneAt({ book, beats: [] }, row, ROOMS[1]).machines)
        for (const p of m.pods)
          if (!p.foundation) {
            grounds.add(p.ground);
            expect(p.ground.length * SANS + 14, p.ground).toBeLessThanOrEqual(p.box.w);
          }
    expect([...grounds].map((ground) => ground.replace(/^10\.200\.\d\.\d$/, 'its address'))).toEqual([
      'no sandbox yet',
      'its address',
      'its address',
      'its address',
      'sandbox gone',
      'its address',
    ]);
  });

  it('counts every pod: as a token, as a shape, or in a number', () => {
    for (const [p, replicas] of [
      [sample, 3],
      [thirty, 30],
      [fleet, 200],
    ] as const) {
      const scene = sceneAt(p, p.end);
      expect(scene.machines.reduce((sum, m) => sum + m.pods.length + m.cells.length + m.more, 0)).toBe(replicas);
      for (const m of scene.machines) expect(m.pods.length + m.cells.length + m.more).toBe(m.total);
    }
    expect(
      sceneAt(fleet, fleet.end).machines.every((m) => m.more === 0),
      'with ten machines of twenty pods each has its shape',
    ).toBe(true);
  });

  it('keeps pods without a machine in the tray, and counts those that find no place', () => {
    const row = rowOf(thirty, 'scheduler/scored');
    const waiting = objectsOf<V1Pod>(pictureAt(thirty.book, row), 'pods').filter((p) => isOwn(p) && !p.spec?.nodeName).length;
    expect(waiting).toBeGreaterThan(0);
    expect(sceneAt(thirty, row).tray.waiting).toBe(waiting);
  });

  it('gives a name of its own the room first: what is said of the pod goes below', () => {
    const run = played(
      'apiVersion: v1\nkind: Pod\nmetadata: {name: asks-too-early}\nspec: {containers: [{name: c, image: "busybox:1.37", command: [sh, -c, "exit 1"]}]}\n',
    );
    const WORKBENCH = { w: 940, h: 473 };
    const places = (of: typeof run, room: Room) =>
      sceneAt(of, of.end, room).machines.flatMap((m) => m.pods.map((p) => [p.short.replace(/^.{5}$/, 'web'), p.wordAt, p.beside]));
    expect(places(run, { w: 940, h: 495 })).toEqual([['asks-too-early', 'address', 'crash loop']]);
    expect(places(run, ROOMS[0])).toEqual([['asks-too-early', 'below', '']]);
    expect(places(run, WORKBENCH)).toEqual([['asks-too-early', 'below', '']]);
    expect(places(sample, WORKBENCH)).toEqual(Array(3).fill(['web', 'name', '']));
  });

  it('names the user’s pods on the control plane beside its name, and whole pods by their own names', () => {
    const agents = played(
      `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {tolerations: [{operator: Exists}], containers: [{name: c, image: "nginx:1.29"}]}}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: never-ready}\nspec: {containers: [{name: c, image: "nginx:1.29"}]}\n`,
    );
    for (const room of ROOMS) {
      const { controlPlane, machines } = sceneAt(agents, agents.end, room);
      expect(controlPlane.own).toMatchObject({ pods: [{ word: 'ready' }], more: 0 });
      const tokens = [...controlPlane.own.pods, ...machines.flatMap((m) => m.pods)];
      expect(tokens.map((p) => p.short === (p.name === 'never-ready' ? p.name : p.name.slice(-5)))).toEqual(Array(5).fill(true));
    }
  });

  it('says of components only what the trace says', () => {
    const line = (row: number, id: string): string => sceneAt(sample, row).components.find((c) => c.id === id)?.whole ?? '';
    const scored = sample.beats.find((b) => b.fact.says === 'scheduler/scored');
    expect(line(scored?.done[0] ?? 0, 'kube-scheduler')).toBe(`4 nodes → 3 fit → ${String(scored?.fact.with?.machine)}`);
    expect(line(sample.bootRows, 'kube-scheduler')).toBe('no pod waits');
    expect(line((sample.beats.find((b) => b.fact.says === 'scheduler/filtered')?.to ?? 0) - 1, 'kube-scheduler')).toMatch(
      /^\d pods? to place$/,
    );
    expect(line(sample.end, 'kube-controller-manager')).toBe('ReplicaSet: 3 of 3');
    expect(line(sample.end, 'etcd')).toBe(`revision ${pictureAt(sample.book, sample.end).revision}`);
    expect(line(sample.end, 'kubectl')).toContain('deployment.apps/web created');
  });

  it('shows who is cut off, until the network is mended', () => {
    const { engine, bootRows } = played('');
    for (const what of ['partition', 'heal'] as const) {
      command(engine, { do: what, a: 'cp-1', b: 'worker-2' });
      settle(engine, engine.world.now + 5_000_000);
    }
    const events = Array.from({ length: engine.trace.length }, (_, i) => engine.trace.event(i));
    const beats = beatsOf(events, bootRows, engine.commands);
    const cutAfter = (says: string): readonly string[] =>
      sceneAt({ book: openBook(events), beats }, beats.find((b) => b.fact.says === says)?.to ?? 0)
        .machines.filter((m) => m.isCut)
        .map((m) => m.name);
    expect([cutAfter('user/partition'), cutAfter('user/heal')]).toEqual([['worker-2'], []]);
  });

  it('keeps of kubectl’s answer what has happened, where not all of it fits', () => {
    const said = (room: Room): readonly string[] =>
      sceneAt(sample, sample.end, room).components.find((c) => c.id === 'kubectl')?.lines ?? [];
    expect(said({ w: 1280, h: 495 })).toEqual(['deployment.apps/web created', 'service/web created']);
    expect(said({ w: 940, h: 495 })).toEqual(['…/web created', 'service/web created']);
  });

  it('shows of a table that kubectl printed its first row, and how many more there are', () => {
    const { engine, bootRows } = played(SAMPLE);
    command(engine, { do: 'kubectl', args: ['get', 'pods'], stdin: '' });
    settle(engine, engine.world.now + 10_000_000);
    const events = Array.from({ length: engine.trace.length }, (_, i) => engine.trace.event(i));
    const run = { book: openBook(events), beats: beatsOf(events, bootRows) };
    const { components } = sceneAt(run, events.length);
    const [first, more] = components.find((c) => c.id === 'kubectl')?.lines ?? [];
    expect(first).toMatch(/^web-.*…-?\w{5} 1\/1 Running$/);
    expect(more).toBe('… 2 more lines');
  });

  it('shows what a kubectl that goes on has printed last, and the eye of its watch', () => {
    const { engine, bootRows } = played('');
    for (const line of ['get pods -w', 'run one --image=nginx:1.29']) {
      command(engine, { do: 'kubectl', args: line.split(' '), stdin: '' });
      settle(engine, engine.world.now + 60_000_000);
    }
    const events = Array.from({ length: engine.trace.length }, (_, i) => engine.trace.event(i));
    const run = { book: openBook(events), beats: beatsOf(events, bootRows) };
    expect(sceneAt(run, events.length).components.find((c) => c.id === 'kubectl')).toMatchObject({
      title: '$ kubectl get pods -w',
      lines: ['one 1/1 Running'],
    });
    for (const room of ROOMS) {
      const scene = sceneAt(run, events.length, room);
      const wire = wiresOf(scene).find(({ id }) => id === 'kubectl');
      expect(wire?.watches).toEqual(['pods']);
      const { x, y } = eyeOf(wire?.track ?? []);
      const eye = { x: x - EYE.w / 2, y: y - EYE.h / 2, ...EYE };
      expect(boxesOf(scene).flatMap(([name, box]) => (overlaps(eye, box) ? [name] : []))).toEqual([]);
    }
  });

  it('says what kubectl has said beside its answer, when that was all', () => {
    const empty = played('');
    command(empty.engine, { do: 'kubectl', args: ['get', 'pods'], stdin: '' });
    settle(empty.engine, empty.engine.world.now + 10_000_000);
    const events = Array.from({ length: empty.engine.trace.length }, (_, i) => empty.engine.trace.event(i));
    const { components } = sceneAt({ book: openBook(events), beats: beatsOf(events, empty.bootRows) }, events.length);
    expect(components.find((c) => c.id === 'kubectl')).toMatchObject({
      failed: false,
      whole: 'get pods\nNo resources found in default namespace.',
    });
  });

  it('gives a pod a foundation when pause runs, and not before', () => {
    const tokens = (row: number) => sceneAt(sample, row).machines.flatMap((m) => m.pods);
    expect(tokens(rowOf(sample, 'scheduler/bound')).every((p) => p.foundation === undefined)).toBe(true);
    const row = rowOf(sample, 'containerd/pause-started');
    const own = (at: number) => tokens(at).filter((p) => !p.isSystem);
    expect(
      own(row - 1).map((p) => p.foundation),
      'their networks have addresses, and no pause holds them yet',
    ).toEqual([undefined, undefined, undefined]);
    expect(own(row - 1).map((p) => p.ground)).toEqual(['10.200.1.2', '10.200.2.2', '10.200.3.2']);
    expect(own(row).flatMap((p) => p.foundation ?? [])).toEqual([{ ip: '10.200.3.2', isReported: false }]);
    expect(tokens(sample.end).map((p) => [p.word, p.foundation?.isReported])).toEqual([
      ['ready', true],
      ['ready', true],
      ['ready', true],
    ]);
  });

  it('has one protagonist at every beat, and a next one that is somebody else', () => {
    for (const { to } of sample.beats) {
      const scene = sceneAt(sample, to);
      const moment = momentAt(sample.book, sample.beats, to);
      const keyAt = (address: string) => {
        const place = placeOf(scene, address);
        return place?.component ?? place?.machine?.name ?? (place?.isControl ? 'cp' : undefined);
      };
      const focus = focusOf(moment, pictureAt(sample.book, to), keyAt);
      expect(focus.glow, moment.actor).toBeDefined();
      expect(focus.rings.has(focus.glow ?? '')).toBe(false);
    }
  });
});

describe('wires and dots', () => {
  it('run in the gaps: no wire crosses a box that it does not end at', () => {
    for (const room of ROOMS)
      for (const p of [sample, fleet]) {
        const scene = sceneAt(p, p.end, room);
        for (const wire of wiresOf(scene)) {
          const own = [wire.id, 'kube-apiserver', wire.id.replace('machine/', '')];
          for (let i = 1; i < 40; i++) {
            const at = pointAlong(wire.track, i / 40);
            const hit = boxesOf(scene).find(
              ([name, b]) => !own.includes(name) && at.x > b.x + 1 && at.x < b.x + b.w - 1 && at.y > b.y + 1 && at.y < b.y + b.h - 1,
            );
            expect(hit?.[0], `${wire.id} at ${room.w} × ${room.h}`).toBeUndefined();
          }
        }
      }
  });

  it('every hop that is shown has a way, or runs inside one place, heartbeats too when they are asked for', () => {
    const scene = sceneAt(sample, sample.end);
    const wires = wiresOf(scene);
    const chatter = leadersOf(sample.book.events, sample.bootRows, true);
    const isLease = (row: number): boolean =>
      dotsOf(sample.book.events, row).some((dot) => dot.from === 'worker-1/kubelet' && dot.text.includes('leases'));
    expect(chatter.some(isLease)).toBe(true);
    expect(leadersOf(sample.book.events, sample.bootRows).some(isLease)).toBe(false);
    for (const row of chatter)
      for (const dot of dotsOf(sample.book.events, row)) {
        const [a, b] = [placeOf(scene, dot.from), placeOf(scene, dot.to)];
        expect(a && b, `${dot.from} → ${dot.to}`).toBeDefined();
        if (a && b && (a.box.x !== b.box.x || a.box.y !== b.box.y))
          expect(routeOf(scene, wires, dot.from, dot.to)?.length, `${dot.from} → ${dot.to}`).toBeGreaterThan(1);
      }
  });

  it('folds alike hops of one instant: at most three dots, and every hop is counted once', () => {
    const rows = leadersOf(fleet.book.events, fleet.bootRows);
    const counted = rows.reduce((sum, row) => sum + alongside(fleet.book.events, row).length, 0);
    expect(new Set(rows.flatMap((row) => alongside(fleet.book.events, row))).size).toBe(counted);
    for (const row of rows) {
      const dots = dotsOf(fleet.book.events, row);
      expect(dots.length).toBeLessThanOrEqual(3);
      expect(dots.reduce((sum, d) => sum + d.count, 0)).toBe(alongside(fleet.book.events, row).length);
    }
    expect(
      rows.some((row) => dotsOf(fleet.book.events, row).some((d) => d.count > 1)),
      'something was folded',
    ).toBe(true);
  });
});

it('a short name is whole in the tray', () => {
  const run = played(
    'apiVersion: v1\nkind: Pod\nmetadata: {name: urgent}\nspec: {containers: [{name: c, image: nginx, resources: {requests: {cpu: "900"}}}]}\n',
  );
  for (const room of [
    { w: 1280, h: 495 },
    { w: 940, h: 495 },
  ])
    expect(sceneAt(run, run.end, room).tray.pods.map((p) => p.short)).toEqual(['urgent']);
});

it('at every message of the sample something moves, and at most three dots', () => {
  const { book, bootRows } = played(SAMPLE);
  const counts = leadersOf(book.events, bootRows).map((row) => dotsOf(book.events, row).length);
  expect(counts.length).toBeGreaterThan(200);
  expect([Math.min(...counts), Math.max(...counts)]).toEqual([1, 3]);
});
