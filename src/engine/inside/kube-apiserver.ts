import type { kubeApiserver } from '../../cluster/apiserver/apiserver.ts';
import { allWatchers, type Watcher } from '../../cluster/apiserver/watch-cache.ts';
import { table } from '../../story/inside.ts';
import type { InsideOf, StateOf } from './inside-of.ts';

const chosen = (w: Watcher): string =>
  [
    w.machine === undefined ? '' : `${w.resource === 'nodes' ? 'metadata.name' : 'spec.nodeName'}=${w.machine}`,
    w.selection.namespace,
    w.selection.name,
  ]
    .filter(Boolean)
    .join(' ') || 'all';

export default {
  role: 'kube-apiserver',
  look(state) {
    const caches = [...state.resources].map(([resource, cache]) => ({ resource, cache, watchers: [...allWatchers(cache)] }));
    const byClient = new Map<string, string[]>();
    for (const { resource, watchers } of caches)
      for (const w of watchers)
        byClient.set(w.client, [
          ...(byClient.get(w.client) ?? []),
          `${resource.split('.')[0]}${chosen(w) === 'all' ? '' : ` (${chosen(w)})`}`,
        ]);
    for (const w of state.direct.values())
      byClient.set(w.client, [...(byClient.get(w.client) ?? []), `${w.resource} (${chosen(w)}, at etcd)`]);
    return {
      facts: [
        ['revision', String(state.revision)],
        ['requests served', String(state.served)],
        ['ready', state.isReady ? 'yes' : 'no'],
      ],
      tables: [
        table(
          'watch cache',
          ['resource', 'objects', 'watches'],
          caches
            .filter((c) => c.cache.objects.size + c.watchers.length > 0)
            .map((c) => [c.resource, String(c.cache.objects.size), String(c.watchers.length)]),
        ),
        table(
          'watchers',
          ['client', 'watches'],
          [...byClient].map(([client, what]) => [client, what.join(', ')]),
        ),
      ],
    };
  },
} satisfies InsideOf<StateOf<typeof kubeApiserver>>;
