/** Many machines: each has a place of its own in the room there is, and every pod is counted. */
import { describe, expect, it } from 'vitest';
import type { V1Pod } from '../../src/api/schema/kubernetes.ts';
import { SAMPLE } from '../../src/scenarios/sample.ts';
import { objectsOf, openBook, pictureAt } from '../../src/story/picture.ts';
import { machinesArea } from '../../src/views/cluster-machines.ts';
import { leggedOf, legX, routeOf, wiresOf } from '../../src/views/cluster-wires.ts';
import { focusOf } from '../../src/views/focus.ts';
import { overlaps } from '../../src/views/geometry.ts';
import { momentAt } from '../../src/views/moment.ts';
import { played, rowOf, sceneAt } from './played.ts';

const ROOMS = [
  { w: 740, h: 540 },
  { w: 1040, h: 452 },
  { w: 1600, h: 900 },
];
/** Of 'worker-60', with the button beside it. */
const NAME_W = 9 * 9.4 + 46;

describe('a crowd of machines', () => {
  it.each([13, 20, 30, 60, 100, 300, 1000, 5000])('%i stand beside each other, and in the room', (count) => {
    for (const room of ROOMS) {
      const { boxes, bottom, isFleet } = machinesArea(room, 205, count);
      expect(boxes).toHaveLength(count);
      expect(bottom).toBe(room.h - 40);
      for (const b of boxes)
        expect(b.x >= 16 && b.y >= 205 && b.x + b.w <= room.w - 15.9 && b.y + b.h <= bottom + 0.1 && b.w > 3 && b.h > 3).toBe(true);
      const columns = boxes.filter((b) => b.y === boxes[0].y).length;
      boxes.forEach((b, i) => {
        for (const other of [boxes[i + 1], boxes[i + columns]])
          if (other) expect(overlaps(b, other), `${count} at ${room.w}: ${i}`).toBe(false);
      });
      expect(isFleet || boxes[0].w >= NAME_W, 'a name fits, or there is none').toBe(true);
      if (room.w === 1040) expect(isFleet).toBe(count > 20);
    }
  });

  it('of sixty is tiles that count their pods, under one line that their messages take', () => {
    const sixty = played(SAMPLE.replace('replicas: 3', 'replicas: 80'), 60);
    const scene = sceneAt(sixty, sixty.end);
    expect(scene.isFleet).toBe(true);
    expect(scene.machines.reduce((sum, m) => sum + m.total, 0)).toBe(80);
    expect(scene.machines.every((m) => m.capacity === 110 && m.unready === 0 && m.pods.length + m.cells.length === 0)).toBe(true);
    const early = sceneAt(sixty, rowOf(sixty, 'kubelet/container-started'));
    expect(early.machines.filter((m) => m.unready > 0).length).toBeGreaterThan(0);
    const changed = sixty.beats.flatMap(({ to }) => {
      const picture = pictureAt(sixty.book, to);
      const { rings } = focusOf(momentAt(sixty.book, sixty.beats, to), picture, () => undefined, true);
      return [...rings].map(([key]) => {
        const pod = picture.objects.get(`/registry/pods/${key.slice('pod/'.length)}`) as V1Pod | undefined;
        return pod ? `a pod on ${pod.spec?.nodeName}` : key.split('-')[0];
      });
    });
    expect(changed).toContain('machine/worker');
    expect([...new Set(changed.filter((key) => key.startsWith('a pod')))]).toEqual(['a pod on undefined']);
    const last = scene.machines[59];
    const way = routeOf(scene, wiresOf(scene), `${last.name}/kubelet`, 'cp-1/kube-apiserver') ?? [];
    const level = scene.machines[0].box.y - 14;
    expect(way.some((p) => Math.abs(p.y - level) < 1)).toBe(true);
    expect(leggedOf(scene).every((m) => m.box.y === last.box.y)).toBe(true);
  });

  it('of five thousand stands on legs that can be told apart', () => {
    for (const room of ROOMS) {
      const machines = machinesArea(room, 205, 5000).boxes.map((box) => ({ box }));
      const xs = leggedOf({ machines }).map(legX);
      expect(xs.length).toBeGreaterThan(10);
      expect(Math.min(...xs.slice(1).map((x, i) => x - xs[i]))).toBeGreaterThanOrEqual(14);
    }
  });
});

describe('the pictures of a long trace', () => {
  const { book, end } = played(SAMPLE);

  it('are the same from pages and from the beginning, in any order', () => {
    const rows = Array.from({ length: 60 }, (_, i) => (i * 7919) % end);
    for (const row of rows) {
      const fresh = pictureAt(openBook(book.events.slice(0, row)), row);
      const paged = pictureAt(book, row);
      expect([...paged.objects]).toEqual([...fresh.objects]);
      expect([...paged.actors.keys()]).toEqual([...fresh.actors.keys()]);
      expect([paged.at, paged.revision]).toEqual([fresh.at, fresh.revision]);
    }
  });

  it('stay where the trace grows, and only there', () => {
    const half = Math.floor(end / 2);
    pictureAt(book, end);
    const other = [...book.events.slice(0, half), ...book.events.slice(half, end).filter((e) => e.type !== 'commit')];
    const grown = openBook(other, book, half);
    expect(grown.pages.length).toBeGreaterThan(1);
    expect(pictureAt(grown, half).revision).toBe(pictureAt(book, half).revision);
    expect(objectsOf(pictureAt(grown, other.length), 'pods')).toEqual(objectsOf(pictureAt(openBook(other), other.length), 'pods'));
    expect(pictureAt(grown, other.length).revision).toBe(pictureAt(book, half).revision);
  });
});
