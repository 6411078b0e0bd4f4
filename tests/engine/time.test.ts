/** Times that no clock shows, and one slow wire among others. */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';

describe('a time', () => {
  const cluster = openCluster({ topology: { workers: 2 } });
  it('that no clock shows never comes', () =>
    expect(() => cluster.advance(1e300)).toThrow('at most 31536000 seconds at once, a year, not by 1e+300'));
  it('longer than anybody waits for is refused', () => expect(() => cluster.advance(1e9)).toThrow('a year, not by 1000000000'));
  it('under way has an end', () =>
    expect(() => cluster.fault({ do: 'slow', a: 'cp-1', b: 'worker-1', factor: 1e300 })).toThrow('slow wants a factor from 1 to 1000000'));
});

it('one slow wire slows no other', () => {
  const cluster = openCluster({ topology: { workers: 2 } });
  const tookUs = (from: string, to: string): readonly number[] =>
    [...cluster.trace()].flatMap((e) =>
      e.type === 'hop' && e.sentAt > begin && e.from === from && e.to === to && e.kind === 'call' ? [e.at - e.sentAt] : [],
    );
  const begin = cluster.now * 1_000_000;
  cluster.fault({ do: 'slow', a: 'worker-1', b: 'cp-1', factor: 100 });
  cluster.advance(25);
  const [slow, other] = ['worker-1', 'worker-2'].map((w) => tookUs(`${w}/kubelet`, 'cp-1/kube-apiserver'));
  expect([slow.length, other.length].every((n) => n > 1)).toBe(true);
  expect(Math.min(...slow)).toBeGreaterThan(10 * Math.max(...other));
});
