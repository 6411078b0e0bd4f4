import { describe, expect, it } from 'vitest';
import {
  backOff,
  backoffOf,
  createQueue,
  enqueuePod,
  flush,
  hasNext,
  park,
  takeNext,
  wake,
  wakeLeftOvers,
} from '../../../src/cluster/scheduler/queue.ts';
import { pod } from './objects.ts';

const S = 1_000_000;

describe('the scheduling queue', () => {
  it('takes higher priority first, then the longest waiting', () => {
    const queue = createQueue();
    enqueuePod(queue, 'a', pod('a'), 0, 1);
    enqueuePod(queue, 'b', pod('b', [], { priority: 10 }), 1, 1);
    enqueuePod(queue, 'c', pod('c'), 2, 1);
    expect([takeNext(queue)?.key, takeNext(queue)?.key, takeNext(queue)?.key, takeNext(queue)]).toEqual(['b', 'a', 'c', undefined]);
  });
  it('backs off 1, 2, 4, 8, 10, 10 s', () => expect([1, 2, 3, 4, 5, 6].map((n) => backoffOf(n) / S)).toEqual([1, 2, 4, 8, 10, 10]));
  it('a refused pod waits for a change, not for time', () => {
    const queue = createQueue();
    enqueuePod(queue, 'a', pod('a'), 0, 1);
    const a = takeNext(queue);
    if (a) park(queue, { ...a, attempts: 1 }, ['NodeResourcesFit'], 0);
    flush(queue, 60 * S);
    expect(hasNext(queue)).toBe(false);
    wake(queue, 'a', 60 * S, 2);
    expect(takeNext(queue)).toMatchObject({ key: 'a', attempts: 1, causes: [1, 2] });
  });
  it('left-overs are tried again after five minutes', () => {
    const queue = createQueue();
    enqueuePod(queue, 'a', pod('a'), 0, 1);
    const a = takeNext(queue);
    if (a) park(queue, a, ['X'], 10 * S);
    wakeLeftOvers(queue, 309 * S, 2);
    expect(hasNext(queue)).toBe(false);
    wakeLeftOvers(queue, 310 * S, 2);
    expect(hasNext(queue)).toBe(true);
    expect(queue.byPlugin.size).toBe(0);
  });
  it('a pod whose binding failed waits to the end of its back-off', () => {
    const queue = createQueue();
    enqueuePod(queue, 'a', pod('a'), 0, 1);
    const a = takeNext(queue);
    if (a) backOff(queue, { ...a, attempts: 2 }, 0);
    expect(flush(queue, 1 * S)).toBe(2 * S);
    expect(hasNext(queue)).toBe(false);
    expect(flush(queue, 2 * S)).toBeUndefined();
    expect(takeNext(queue)?.key).toBe('a');
  });
});
