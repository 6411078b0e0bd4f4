/** The scenarios of upstream's own table: client-go tools/record/events_cache_test.go TestEventCorrelator (v1.36). */
import { describe, expect, it } from 'vitest';
import type { CoreV1Event } from '../../../src/api/schema/kubernetes.ts';
import { openCluster } from '../../../src/engine/headless.ts';
import { correlate, type SaidAbout } from '../../../src/cluster/client/event-correlator.ts';

let made = 0;
const event = (reason: string, message: string, fieldPath = 'spec.containers{mycontainer}'): CoreV1Event => ({
  metadata: { name: `my-pod.${made++}`, namespace: 'my-ns' },
  involvedObject: { kind: 'Pod', name: 'my-pod', namespace: 'my-ns', uid: 'C934D34AFB20242', fieldPath },
  reason,
  message,
  type: 'Normal',
});
const duplicate = (): CoreV1Event => event('duplicate', 'me again');
const similar = (i?: number): CoreV1Event =>
  event('similar', i === undefined ? 'similar message' : `similar message-${i}-similar message`, 'spec.containers{container1}');
const many = (n: number, of: (i: number) => CoreV1Event): readonly CoreV1Event[] => Array.from({ length: n }, (_, i) => of(i));

function last(
  events: readonly CoreV1Event[],
  seconds: number,
): { readonly message?: string; readonly count: number; readonly isSpam: boolean } {
  let memory: SaidAbout | undefined;
  let nowMs = 1_700_000_000_000;
  let outcome: ReturnType<typeof last> = { count: 0, isSpam: false };
  for (const one of events) {
    nowMs += seconds * 1000;
    const correlated = correlate(memory, one, nowMs);
    memory = correlated.memory;
    outcome = { message: correlated.event.message, count: correlated.count, isSpam: correlated.isSpam };
  }
  return outcome;
}

const COMBINED = '(combined from similar events): similar message';
describe('an event after others about the same object', () => {
  it.each<[string, readonly CoreV1Event[], number, ReturnType<typeof last>]>([
    ['a single one', [event('first', 'i am first')], 5, { message: 'i am first', count: 1, isSpam: false }],
    ['the same again counts', many(2, duplicate), 5, { message: 'me again', count: 2, isSpam: false }],
    ['the same many times only counts', many(11, duplicate), 30, { message: 'me again', count: 11, isSpam: false }],
    ['the same too often is spam', many(27, duplicate), 1, { message: 'me again', count: 27, isSpam: true }],
    ['the tenth alike stands for all', [...many(9, similar), similar()], 5, { message: COMBINED, count: 1, isSpam: false }],
    ['and the next raises its count', [...many(10, similar), similar()], 5, { message: COMBINED, count: 2, isSpam: false }],
    [
      'another container is another event',
      [event('similar', 'similar message', 'spec.containers{container2}'), similar()],
      5,
      { message: 'similar message', count: 1, isSpam: false },
    ],
    ['ten minutes apart none are alike', [...many(9, similar), similar()], 601, { message: 'similar message', count: 1, isSpam: false }],
  ])('%s', (_, events, seconds, expected) => expect(last(events, seconds)).toEqual(expected));

  it('a source may say one more each five minutes', () => {
    let memory: SaidAbout | undefined;
    const say = (nowMs: number): boolean => {
      const { memory: next, isSpam } = correlate(memory, duplicate(), nowMs);
      memory = next;
      return !isSpam;
    };
    expect(Array.from({ length: 30 }, () => say(1000)).filter(Boolean).length).toBe(25);
    expect([say(300_999), say(301_000), say(302_000)]).toEqual([false, true, false]);
  });
});

it('what is said while the apiserver cannot be reached is said later', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('create deployment web --image=nginx:1.29');
  cluster.settle();
  const name = cluster.kubectl('get pods -o jsonpath={.items[0].metadata.name}').stdout;
  const started = (): string =>
    cluster.kubectl(`get events --field-selector involvedObject.name=${name},reason=Started -o jsonpath={.items[*].count}`).stdout;
  expect(started()).toBe('1');
  cluster.fault({ do: 'partition', a: 'worker-1', b: 'cp-1' });
  cluster.fault({ do: 'kill', what: `default/${name}/nginx` });
  cluster.advance(20);
  cluster.fault({ do: 'heal', a: 'worker-1', b: 'cp-1' });
  expect(started()).toBe('1');
  cluster.advance(90);
  expect(started()).toBe('2');
});
