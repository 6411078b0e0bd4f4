import type { etcd } from '../../cluster/etcd/etcd.ts';
import { itemsOf } from '../../lib/log.ts';
import { table } from '../../story/inside.ts';
import { seconds, type InsideOf, type StateOf } from './inside-of.ts';

export default {
  role: 'etcd',
  look({ store, watchers }, now) {
    const keys = [...store.keys.values()].sort((a, b) => b.modRevision - a.modRevision);
    const byPrefix = new Map<string, number>();
    for (const { prefix } of watchers) byPrefix.set(prefix, (byPrefix.get(prefix) ?? 0) + 1);
    return {
      facts: [
        ['revision', String(store.revision)],
        ['keys', String(store.keys.size)],
        ['compacted up to', String(store.compacted)],
      ],
      tables: [
        table(
          'keys',
          ['key', 'revision', 'version', 'lease'],
          keys.map((kv) => [
            kv.key.replace('/registry/', ''),
            String(kv.modRevision),
            String(kv.version),
            kv.lease === 0 ? '—' : String(kv.lease),
          ]),
        ),
        table(
          'history',
          ['revision', 'what', 'key'],
          itemsOf(store.history)
            .slice(-60)
            .reverse()
            .flatMap((c) => c.events.map((e) => [String(c.revision), e.type, e.kv.key.replace('/registry/', '')])),
        ),
        table(
          'watches',
          ['client', 'prefix'],
          watchers.map((w) => [w.client, w.prefix.replace('/registry/', '')]),
        ),
        table(
          'leases',
          ['lease', 'ends in', 'keys'],
          [...store.leases].map(([id, l]) => [String(id), seconds(Math.max(0, l.endsAt - now)), String(l.keys.size)]),
        ),
      ],
    };
  },
} satisfies InsideOf<StateOf<typeof etcd>>;
