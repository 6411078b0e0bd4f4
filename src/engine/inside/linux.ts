import { connectionsOf } from '../../cluster/network/conntrack.ts';
import { interfacesOf } from '../../cluster/network/interfaces.ts';
import type { LinuxState } from '../../cluster/network/linux-state.ts';
import { remotesOf } from '../../cluster/network/routes.ts';
import { rulesetOf } from '../../cluster/network/ruleset.ts';
import type { Ruleset } from '../../cluster/network/rules.ts';
import { table } from '../../story/inside.ts';
import { seconds, type InsideOf } from './inside-of.ts';

/** KUBE-SERVICES → KUBE-SVC → KUBE-SEP, followed for each address that has rules. */
function chainsOf({ nat, filter }: Ruleset): readonly (readonly string[])[] {
  const named = (comment: string | undefined): string => comment?.replace(/ (cluster IP|has no endpoints).*$/, '') ?? '';
  const rejected = (filter.get('KUBE-SERVICES') ?? [])
    .filter((r) => r.target === 'REJECT' && r.dst)
    .map((r) => [named(r.comment), `${r.dst?.replace('/32', '')}:${r.dport}`, 'REJECT', '—', '—', 'no endpoints']);
  const taken = (nat.get('KUBE-SERVICES') ?? [])
    .filter((r) => r.target.startsWith('KUBE-SVC-'))
    .flatMap((r) => {
      const ways = (nat.get(r.target) ?? []).filter((w) => w.target.startsWith('KUBE-SEP-'));
      return ways.map((w, i) => [
        named(r.comment),
        `${r.dst?.replace('/32', '')}:${r.dport}`,
        r.target,
        w.probability === undefined ? (ways.length === 1 ? 'always' : 'the rest') : `1 of ${ways.length - i}`,
        w.target,
        (nat.get(w.target) ?? []).find((d) => d.target === 'DNAT')?.to ?? '',
      ]);
    });
  return [...taken, ...rejected];
}

export default {
  role: 'linux',
  look(state, now) {
    const host = interfacesOf(state);
    const routes = host.routes as readonly { readonly dst: string; readonly gateway?: string; readonly dev: string }[];
    const links = host.addresses as readonly {
      readonly ifname: string;
      readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
    }[];
    const fdb = host.fdb as readonly { readonly mac: string; readonly dst: string }[];
    return {
      facts: [
        ['address', state.config.ip],
        ['gateway', state.overlay?.gateway ?? '—'],
        ['pod addresses', state.overlay?.podCIDR ?? 'no overlay yet'],
      ],
      tables: [
        table(
          'links',
          ['link', 'address'],
          links.map((l) => [l.ifname, l.addr_info.map((a) => `${a.local}/${a.prefixlen}`).join(', ') || 'in cni0']),
        ),
        table(
          'cables',
          ['address', 'veth', 'pod'],
          [...state.cables].map(([ip, c]) => [ip, c.veth, c.pod]),
        ),
        table(
          'routes',
          ['to', 'via', 'on'],
          routes.map((r) => [r.dst, r.gateway ?? 'directly', r.dev]),
        ),
        table(
          'tunnel ends',
          ['machine', 'pods', 'mac'],
          remotesOf(state).map((r) => [r.ip, r.podCIDR, fdb.find((f) => f.dst === r.ip)?.mac ?? r.mac]),
        ),
        table('rules', ['service', 'KUBE-SERVICES', 'KUBE-SVC', 'chance', 'KUBE-SEP', 'DNAT to'], chainsOf(rulesetOf(state))),
        table(
          'conntrack',
          ['proto', 'from', 'asked', 'answers', 'state', 'ends in'],
          connectionsOf(state.conntrack, now).map((c) => [
            c.proto,
            `${c.original.src}:${c.original.sport}`,
            `${c.original.dst}:${c.original.dport}`,
            `${c.reply.src}:${c.reply.sport}`,
            c.state || '—',
            seconds(c.expiresAt - now),
          ]),
        ),
        table(
          'sockets',
          ['listens at', 'process'],
          [...state.listeners].map(([at, l]) => [at, l.name]),
        ),
      ],
    };
  },
} satisfies InsideOf<LinuxState>;
