import { describe, expect, it } from 'vitest';
import { runTo } from '../../src/kernel/run.ts';
import { hashWorld } from '../../src/kernel/state-hash.ts';
import { breakConnections, powerOffHost, step } from '../../src/kernel/step.ts';
import { createTrace } from '../../src/kernel/trace.ts';
import { cloneWorld, partitionKey } from '../../src/kernel/world.ts';
import { gossipWorld } from './gossip.ts';

const run = (seed: number, deliveries: number) => {
  const world = gossipWorld(seed);
  runTo(world, deliveries);
  return world;
};

describe('the laws of the kernel', () => {
  it('same seed, same digest and same state', () => {
    const [a, b] = [run(7, 20_000), run(7, 20_000)];
    expect(a.digest).toBe(b.digest);
    expect(hashWorld(a)).toBe(hashWorld(b));
  });

  it('another seed, another digest', () => {
    expect(run(7, 5000).digest).not.toBe(run(8, 5000).digest);
  });

  it('restoring any keyframe and running on equals running from zero', () => {
    const whole = run(3, 12_000);
    for (const at of [0, 1, 17, 500, 4096, 11_999]) {
      const keyframe = cloneWorld(run(3, at));
      const restored = cloneWorld(keyframe);
      runTo(restored, 12_000);
      expect(hashWorld(restored), `from ${at}`).toBe(hashWorld(whole));
      expect(keyframe.delivered, 'a keyframe is not moved by what runs from it').toBe(at);
    }
  });

  it('recording changes nothing', () => {
    const recorded = gossipWorld(5);
    runTo(recorded, 5000, createTrace());
    expect(hashWorld(recorded)).toBe(hashWorld(run(5, 5000)));
  });

  it('every event leads back to power-on through earlier events', () => {
    const world = gossipWorld(1);
    const trace = createTrace();
    runTo(world, 8000, trace);
    for (let i = 0; i < trace.length; i++) {
      const event = trace.event(i);
      if (event.causes.length === 0) {
        expect(event.type === 'spawn' || (event.type === 'hop' && event.kind === 'start'), `row ${i}`).toBe(true);
        continue;
      }
      for (const cause of event.causes) {
        expect(cause).toBeLessThan(event.id);
        expect(trace.rowOf(cause), `cause ${cause} of row ${i}`).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('messages between one pair never overtake each other', () => {
    const world = gossipWorld(2);
    const trace = createTrace();
    runTo(world, 8000, trace);
    const last = new Map<string, number>();
    for (let i = 0; i < trace.length; i++) {
      const event = trace.event(i);
      if (event.type !== 'hop' || event.from === event.to || event.kind === 'start' || event.kind === 'exited' || event.kind === 'refused')
        continue;
      const pair = `${event.from}>${event.to}`;
      expect(event.sentAt).toBeGreaterThanOrEqual(last.get(pair) ?? 0);
      last.set(pair, event.sentAt);
    }
  });

  it('a dead machine is silence, then a deadline; a partition loses what crosses it', () => {
    const world = gossipWorld(4);
    const trace = createTrace();
    runTo(world, 2000, trace);
    powerOffHost(world, 'host-3', 0, trace);
    world.partitions.add(partitionKey('host-0', 'host-1'));
    breakConnections(world, 'host-0', 'host-1');
    const from = trace.length;
    runTo(world, 4000, trace);
    const later = Array.from({ length: trace.length - from }, (_, i) => trace.event(from + i));
    expect(later.some((e) => e.type === 'hop' && e.kind !== 'deadline' && e.kind !== 'wake' && e.to.startsWith('host-3'))).toBe(false);
    expect(later.some((e) => e.type === 'lost' && e.reason === 'unreachable')).toBe(true);
    expect(later.some((e) => e.type === 'hop' && e.kind === 'deadline')).toBe(true);
    expect(later.some((e) => e.type === 'hop' && e.kind === 'send' && e.from.startsWith('host-0') && e.to.startsWith('host-1'))).toBe(
      false,
    );
  });

  it('truncating a trace forgets exactly its tail', () => {
    const world = gossipWorld(6);
    const trace = createTrace();
    runTo(world, 9000, trace);
    const all = Array.from({ length: trace.length }, (_, i) => trace.event(i));
    const cut = 5000;
    trace.truncate(cut);
    expect(trace.length).toBe(cut);
    expect(trace.rowOf(all[cut].id)).toBe(-1);
    expect(trace.event(cut - 1)).toEqual(all[cut - 1]);
    expect(trace.deliveriesBefore(cut)).toBe(all.slice(0, cut).filter((e) => e.type === 'hop').length);
  });

  it('a loop that takes no time is caught', () => {
    const world = gossipWorld(1);
    runTo(world, 100);
    world.atThisInstant = 100_000;
    const next = world.queue.at[0];
    world.now = next;
    expect(() => step(world)).toThrow(/a loop without time/);
  });

  it('the trace keeps apart more addresses than two bytes can number', () => {
    const trace = createTrace();
    const count = 70_000;
    for (let i = 1; i <= count; i++) trace.note(i, i, `host/actor-${i}`, 0, { says: 'test/said', about: String(i) });
    for (const i of [1, 57_000, 65_535, 65_536, 65_537, count]) expect(trace.event(i - 1)).toMatchObject({ by: `host/actor-${i}`, at: i });
  });
});
