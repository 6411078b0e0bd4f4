/** Upstream: test/e2e/instrumentation/core_events.go (v1.36). */
import { describe, expect, it } from 'vitest';
import { examine, type Any } from './examiner.ts';

describe('instrumentation/core_events.go', () => {
  it('should manage the lifecycle of an event', () => {
    const e = examine();
    const listed = (): string[] =>
      e.ask('GET', '/api/v1/events?labelSelector=testevent-constant%3Dtrue').body.items.map((one: Any) => one.metadata.name);
    e.create('events', {
      metadata: { name: 'event-test', labels: { 'testevent-constant': 'true' } },
      message: 'This is a test event',
      reason: 'Test',
      type: 'Normal',
      count: 1,
      involvedObject: { namespace: e.ns },
    });
    expect(listed()).toEqual(['event-test']);
    e.patch('events', 'event-test', { message: 'This is a test event - patched' });
    expect(e.get('events', 'event-test').message).toBe('This is a test event - patched');
    e.retry('events', 'event-test', (one) => {
      one.series = { count: 100, lastObservedTime: '2017-09-19T13:49:16.000000Z' };
    });
    expect(e.get('events', 'event-test').series).toEqual({ count: 100, lastObservedTime: '2017-09-19T13:49:16.000000Z' });
    e.remove('events', 'event-test');
    expect(listed()).toEqual([]);
  });
  it('should delete a collection of events', () => {
    const e = examine();
    for (const name of ['test-event-1', 'test-event-2', 'test-event-3'])
      e.create('events', {
        metadata: { name, labels: { 'testevent-set': 'true' } },
        message: name,
        reason: 'Test',
        type: 'Normal',
        count: 1,
        involvedObject: { namespace: e.ns },
      });
    expect(e.list('events', 'testevent-set=true')).toHaveLength(3);
    expect(e.ask('DELETE', `${e.at('events')}?labelSelector=testevent-set%3Dtrue`).status).toBe(200);
    expect(e.list('events', 'testevent-set=true')).toEqual([]);
  });
});
