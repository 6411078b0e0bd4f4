/** Faults and requests are beats: what was done is told at its place, even where the trace holds no row of it. */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { SAMPLE } from '../../src/scenarios/sample.ts';
import { beatAt, beatsOf, type Beat } from '../../src/story/beats.ts';
import { refusalsText } from '../../src/story/refusals.ts';

function told(): { readonly beats: readonly Beat[]; readonly rows: number; readonly seconds: (says: string) => number } {
  const cluster = openCluster({ seed: 7 });
  const bootRows = [...cluster.trace()].length;
  cluster.kubectl('apply -f -', SAMPLE);
  cluster.settle();
  cluster.fault({ do: 'kill', what: 'worker-3' });
  cluster.advance(420);
  cluster.fault({ do: 'partition', a: 'cp-1', b: 'worker-2' });
  cluster.fault({ do: 'heal', a: 'cp-1', b: 'worker-2' });
  const events = [...cluster.trace()];
  const beats = beatsOf(events, bootRows, cluster.session().commands);
  return { beats, rows: events.length, seconds: (says) => (beats.find((b) => b.fact.says === says)?.at ?? 0) / 1e6 };
}

describe('what the user does to machines', () => {
  const { beats, rows, seconds } = told();
  it('is told, and then what follows from it, in order', () => {
    const order = [
      'user/kill-machine',
      'nodelifecycle/silent',
      'nodelifecycle/tainted',
      'nodelifecycle/evicted',
      'replicaset/too-few',
      'user/partition',
      'user/heal',
    ];
    const since = beats.findIndex((b) => b.fact.says === 'user/kill-machine');
    const places = order.map((says) => beats.findIndex((b, i) => i >= since && b.fact.says === says));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
  it('is followed by what upstream’s times say: silent within 50 s, evicted 300 s later', () => {
    expect(seconds('nodelifecycle/silent') - seconds('user/kill-machine')).toBeLessThanOrEqual(55);
    expect(Math.round(seconds('nodelifecycle/evicted') - seconds('nodelifecycle/tainted'))).toBe(300);
  });
  it('can be gone to, each beat for itself', () => {
    beats.forEach((beat, i) => {
      expect(beat.to).toBeGreaterThan(beat.from);
      expect(beatAt(beats, beat.to)).toBe(i + 1);
    });
    expect(beats.at(-1)?.to).toBe(rows);
  });
  it('is said in other words each time that something changed, and not said again when nothing did', () => {
    beats.forEach((beat, i) => {
      if (i > 0 && beat.fact.says === 'endpointslice/synced') expect(beat.title).not.toBe(beats[i - 1].title);
    });
  });
});

it('says in plain words why machines are excluded, in the singular and the plural', () => {
  expect(
    refusalsText([
      { reason: 'node(s) had untolerated taint(s)', count: 1 },
      { reason: 'Insufficient cpu', count: 3 },
    ]),
  ).toBe('1 machine has a taint that is not tolerated; 3 machines have too little free cpu');
});
