import type { V1EndpointSlice, V1Service } from '../../api/schema/kubernetes.ts';
import { keyOf } from '../../api/object.ts';
import { viewOf } from '../../cluster/client/indexed-cache.ts';
import type { kubeProxy } from '../../cluster/network/kube-proxy.ts';
import { table } from '../../story/inside.ts';
import { seconds, type InsideOf, type StateOf } from './inside-of.ts';

export default {
  role: 'kube-proxy',
  look(state, now) {
    const cache = viewOf(state.reflectors.cache);
    const slices = cache.list<V1EndpointSlice>('endpointslices.discovery.k8s.io');
    return {
      facts: [
        ['mode', 'iptables'],
        ['syncs', String(state.syncs)],
        ['last sync', state.syncs === 0 ? 'never' : `${seconds(now - state.lastSync)} ago`],
        ['next', state.isWaiting ? 'waits for the second to pass' : 'when something changes'],
      ],
      tables: [
        table(
          'services',
          ['service', 'address', 'ports'],
          cache
            .list<V1Service>('services')
            .map((s) => [keyOf(s), s.spec?.clusterIP ?? '—', (s.spec?.ports ?? []).map((p) => p.port).join(', ')]),
        ),
        table(
          'endpoints',
          ['slice', 'address', 'ready', 'machine'],
          slices.flatMap((s) =>
            (s.endpoints ?? []).map((e) => [
              keyOf(s),
              e.addresses.join(', '),
              e.conditions?.ready === false ? 'no' : 'yes',
              e.nodeName ?? '—',
            ]),
          ),
        ),
      ],
    };
  },
} satisfies InsideOf<StateOf<typeof kubeProxy>>;
