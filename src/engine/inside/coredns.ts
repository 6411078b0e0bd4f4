import type { V1EndpointSlice, V1Service } from '../../api/schema/kubernetes.ts';
import { viewOf } from '../../cluster/client/indexed-cache.ts';
import type { coredns } from '../../cluster/network/coredns.ts';
import { dnsAnswer } from '../../cluster/network/dns.ts';
import { table } from '../../story/inside.ts';
import type { InsideOf, StateOf } from './inside-of.ts';

export default {
  role: 'coredns',
  look(state) {
    const cache = viewOf(state.reflectors.cache);
    const services = cache.list<V1Service>('services');
    const zone = { services, slices: cache.list<V1EndpointSlice>('endpointslices.discovery.k8s.io'), namespaces: cache.list('namespaces').map((n) => n.metadata?.name ?? '') };
    const names = services.map((s) => `${s.metadata?.name}.${s.metadata?.namespace}.svc.cluster.local`);
    return {
      facts: [['queries', String(state.queries)], ['address', state.config.ip], ['synced', [...state.reflectors.byResource.values()].every((r) => r.hasSynced) ? 'yes' : 'no']],
      tables: [table('answers', ['name', 'answer'], names.map((name) => { const a = dnsAnswer(zone, { name, type: 'A' }); return [name, a.answer.map((line) => line.split('\t').slice(3).join(' ')).join(', ') || a.rcode]; }))],
    };
  },
} satisfies InsideOf<StateOf<typeof coredns>>;
