/** The sequence diagram of the sample: lanes in a fixed order, every message in its beat, a cursor that finds its way both ways. */
import { describe, expect, it } from 'vitest';
import { boot, command, createEngine, settle } from '../../src/engine/engine.ts';
import { SAMPLE } from '../../src/scenarios/sample.ts';
import { beatsOf } from '../../src/story/beats.ts';
import { isShown } from '../../src/story/hop-words.ts';
import { rowAtX, sequenceOf, xOfRow } from '../../src/views/sequence.ts';

const engine = createEngine();
boot(engine);
const bootRows = engine.trace.length;
command(engine, { do: 'kubectl', args: ['apply', '-f', '-'], stdin: SAMPLE });
settle(engine, engine.world.now + 60e6);
const events = Array.from({ length: engine.trace.length }, (_, i) => engine.trace.event(i));
const stops = events.flatMap((event, row) => (row >= bootRows && isShown(event) ? [row] : []));
const beats = beatsOf(events, bootRows);
const diagram = sequenceOf({ events, beats, stops });

describe('the sequence diagram', () => {
  it('has a lane for each component and machine, from the client to the registry', () => {
    expect(diagram.lanes.map((l) => l.id)).toEqual([
      'kubectl',
      'kube-apiserver',
      'etcd',
      'kube-controller-manager',
      'kube-scheduler',
      'cp-1',
      'worker-1',
      'worker-2',
      'worker-3',
      'registry',
    ]);
  });
  it('draws every message that is shown, within its beat, from left to right', () => {
    expect(diagram.arrows.map((a) => a.row)).toEqual(stops.filter((row) => row < (beats.at(-1)?.to ?? 0)));
    for (const arrow of diagram.arrows) {
      const column = diagram.columns.find((c) => arrow.row >= c.from && arrow.row < c.to);
      expect(column && arrow.x > column.x && arrow.x < column.x + column.w).toBe(true);
    }
  });
  it('never draws etcd speaking to anybody but the apiserver, nor a scheduler that calls a kubelet', () => {
    const at = (id: string): number => diagram.lanes.findIndex((l) => l.id === id);
    for (const { from, to } of diagram.arrows) {
      if (from === at('etcd') || to === at('etcd')) expect([from, to]).toContain(at('kube-apiserver'));
      if (from === at('kube-scheduler')) expect(to).toBe(at('kube-apiserver'));
    }
  });
  it('tears out the seconds of the image pull', () => {
    expect(diagram.columns.some((c) => c.idleUs > 2e6)).toBe(true);
  });
  it('goes from a row to its place and back', () => {
    for (const beat of beats) expect(rowAtX(diagram, xOfRow(diagram, beat.to) - 1)).toBe(beat.to);
    for (const arrow of diagram.arrows) expect(rowAtX(diagram, xOfRow(diagram, arrow.row + 1))).toBeGreaterThanOrEqual(arrow.row + 1);
  });
});
