import { hasSynced } from '../../cluster/client/reflector.ts';
import { zoneOf, type coredns } from '../../cluster/network/coredns.ts';
import { dnsAnswer } from '../../cluster/network/dns.ts';
import { table } from '../../story/inside.ts';
import type { InsideOf, StateOf } from './inside-of.ts';

export default {
  role: 'coredns',
  look(state) {
    const zone = zoneOf(state.reflectors);
    const names = zone.services.map((s) => `${s.metadata?.name}.${s.metadata?.namespace}.svc.cluster.local`);
    return {
      facts: [
        ['queries', String(state.queries)],
        ['address', state.config.ip],
        ['synced', hasSynced(state.reflectors) ? 'yes' : 'no'],
      ],
      tables: [
        table(
          'answers',
          ['name', 'answer'],
          names.map((name) => {
            const a = dnsAnswer(zone, { name, type: 'A' });
            return [name, a.answer.map((line) => line.split('\t').slice(3).join(' ')).join(', ') || a.rcode];
          }),
        ),
      ],
    };
  },
} satisfies InsideOf<StateOf<typeof coredns>>;
