import type { controllerManager } from '../../cluster/controllers/controller-manager.ts';
import { table } from '../../story/inside.ts';
import { seconds, type InsideOf, type StateOf } from './inside-of.ts';

export default {
  role: 'kube-controller-manager',
  look(state, now) {
    const jobs = [...state.jobs.values()];
    const timers = [...state.timers]
      .map(([id, at]) => {
        const [controller, key] = id.split('|');
        return { controller, key, at };
      })
      .sort((a, b) => a.at - b.at);
    return {
      facts: [
        ['controllers', String(state.queues.size)],
        ['at work', String(jobs.length)],
      ],
      tables: [
        table(
          'queues',
          ['controller', 'waiting', 'at work', 'failures'],
          [...state.queues].map(([name, q]) => [
            name,
            String(q.waiting.size),
            String(jobs.filter((j) => j.controller === name).length),
            String(q.failures.size),
          ]),
        ),
        table(
          'keys',
          ['controller', 'key', 'state'],
          [
            ...[...state.queues].flatMap(([name, q]) => [...q.waiting.keys()].map((key) => [name, key, 'waiting'])),
            ...jobs.map((j) => [
              j.controller,
              j.key,
              j.open > 0 ? `${j.open} of ${j.writes.length} writes open` : 'waits to see its writes',
            ]),
          ],
        ),
        table(
          'timers',
          ['controller', 'key', 'again in'],
          timers.map((t) => [t.controller, t.key, seconds(Math.max(0, t.at - now))]),
        ),
        table(
          'informers',
          ['resource', 'version', 'synced'],
          [...state.reflectors.byResource.values()].map((r) => [r.resource, String(r.version), r.hasSynced ? 'yes' : 'no']),
        ),
      ],
    };
  },
} satisfies InsideOf<StateOf<typeof controllerManager>>;
