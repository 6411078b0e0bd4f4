/** What happens to packets, in sentences. */
import { many } from '../../lib/many.ts';
import type { Sentences, Words } from '../sentence.ts';

const VIPS = 'https://kubernetes.io/docs/reference/networking/virtual-ips/';
const SERVICES = 'https://kubernetes.io/docs/concepts/services-networking/service/';
const NETWORKING = 'https://kubernetes.io/docs/concepts/cluster-administration/networking/';
const DNS = 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/';
const DEBUG = 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/';
const KIND: Readonly<Record<string, string>> = {
  SYN: 'SYN',
  'SYN-ACK': 'SYN-ACK',
  DATA: 'packet',
  RST: 'RST',
  UNREACHABLE: 'ICMP message',
  ECHO: 'ping (ICMP echo)',
  'ECHO-REPLY': 'answer',
};
const bare = (text: string): string => text.replace(/ -> .*$| cluster IP$| has no (local )?endpoints$/, '');
/** Asking for a name takes as many packets as asking for a page, and is told in one beat: the answer. */
const isDns = (w: Words): boolean => w.text('dst').endsWith(':53') || w.text('src').endsWith(':53');
const isFirst = (w: Words): boolean => /^(SYN|ECHO)$/.test(w.text('kind')) || (w.text('proto') === 'udp' && !isDns(w));
const notDns = (w: Words): boolean => !isDns(w);
const failed = (w: Words): string =>
  w.text('why').startsWith('Failed')
    ? `The call to ${w.text('host')} fails: ${w.text('why').split(': ').at(-1)?.toLowerCase()}.`
    : `The name ${w.text('host')} leads to no address.`;
type Rules = readonly { readonly chain: string; readonly text: string; readonly missed: number; readonly probability?: number }[];

/** What chains of kube-proxy's and of the plugin portmap are for. Source: pkg/proxy/iptables/proxier.go; containernetworking/plugins plugins/meta/portmap. */
const ROLES: readonly (readonly [start: string, role: string])[] = [
  ['KUBE-SERVICES', 'knows the Service by its address'],
  ['KUBE-NODEPORTS', 'knows it by its port'],
  ['KUBE-EXT-', 'is for calls from outside'],
  ['KUBE-SVC-', 'chooses a pod'],
  ['KUBE-SVL-', 'chooses a pod of this machine'],
  ['KUBE-SEP-', 'is that pod'],
  ['KUBE-MARK-MASQ', 'marks what needs another source address'],
  ['CNI-HOSTPORT-DNAT', 'knows the pod by the machine’s port'],
  ['CNI-HOSTPORT-SETMARK', 'marks what needs another source address'],
  ['CNI-HOSTPORT-MASQ', 'gives what is marked this machine’s address'],
  ['KUBE-POSTROUTING', 'gives what is marked this machine’s address'],
  ['FLANNEL-POSTRTG', 'gives what leaves the pods’ network this machine’s address'],
];
const missedText = ({ missed, probability = 1 }: Rules[number]): string =>
  missed === 0
    ? `the die hit the first chance, ${(probability * 100).toFixed(0)} %`
    : `the die missed ${missed === 1 ? 'once' : `${missed} times`}`;
/** What each chain has done, once; the rules themselves are shown beside the packet. */
function rulesWhy(w: Words): string {
  const rules = w.list('rules') as Rules;
  const isHostPort = rules.some((r) => r.chain.startsWith('CNI-DN-'));
  const said = ROLES.flatMap(([start, role]) => {
    const met = rules.filter((r) => r.chain.startsWith(start) && !(isHostPort && start === 'KUBE-SERVICES'));
    const thrown = met.find((r) => r.probability !== undefined || r.missed > 0);
    return met.length === 0
      ? []
      : [`${start.replace(/-$/, '')} ${role}${thrown && start.startsWith('KUBE-SV') ? `: ${missedText(thrown)}` : ''}`];
  });
  return `${said.length > 0 ? said.join('; ') : rules.map((r) => r.chain).join(' → ')}.`;
}

/** On the laptop it is curl that asks. */
const caller = (w: Words, field: 'from' | 'to'): string => (w.text(field) === 'laptop' ? 'curl' : w.text(field));
const isBeyond = (w: Words): boolean => w.text('machine') === 'internet';
const isAnswer = (w: Words): boolean => /^(DATA|ECHO-REPLY)$/.test(w.text('kind'));
/** What a network namespace says to itself. */
const isWithin = (address: string): boolean => address.startsWith('127.');

/** What DNS calls its answers. Source: RFC 1035, 4.1.1. */
const RCODES: Readonly<Record<string, string>> = {
  NOERROR: ': the name exists',
  NXDOMAIN: ': there is no such name',
  SERVFAIL: ': the server cannot tell',
  REFUSED: ': the server will not tell',
};

export default {
  'packet/sent': {
    act: 5,
    isTold: isFirst,
    title: (w) => `${caller(w, 'from')} sends a ${KIND[w.text('kind')]} to ${w.text('dst')}.`,
    why: (w) => `${w.text('kind') === 'SYN' ? 'A SYN asks for a connection. ' : ''}The packet’s source is ${w.text('src')}.`,
    doc: SERVICES,
  },
  'packet/rules': {
    act: 5,
    isTold: isFirst,
    title: (w) =>
      `${w.text('hook')} on ${w.text('machine')}: the ${KIND[w.text('kind')]} to ${w.text('dst')} matches ${many(w.list('rules').length, 'rule')}.`,
    why: rulesWhy,
    doc: VIPS,
  },
  'packet/dnat': {
    act: 5,
    isTold: notDns,
    title: (w) => `DNAT on ${w.text('machine')}: ${w.text('was')} becomes ${w.text('dst')}.`,
    why: (w) =>
      `Only the destination changes; the source stays ${w.text('src')}. conntrack remembers it for the answer. Rule of ${w.text('service') === '' ? 'a pod’s host port' : bare(w.text('service'))}.`,
    doc: VIPS,
  },
  'packet/masqueraded': {
    act: 5,
    isTold: notDns,
    title: (w) => `${w.text('machine')} puts its own address in place of ${w.text('was')}.`,
    why: () => 'So that the answer comes back through this machine, which alone can undo the change.',
    doc: VIPS,
  },
  'packet/known': {
    act: 5,
    isTold: (w) => !isDns(w) && (w.text('isReply') !== 'true' || w.text('kind') === 'SYN-ACK'),
    title: (w) =>
      w.text('isReply') === 'true'
        ? `${w.text('machine')} gives the answer its old address back: ${w.text('src')}.`
        : `${w.text('machine')} knows this connection: on to ${w.text('dst')}, no rules.`,
    why: (w) =>
      `conntrack: it was ${w.text('wasSrc')} → ${w.text('wasDst')}, and is ${w.text('src')} → ${w.text('dst')}. The nat rules see only a connection’s first packet.`,
    doc: VIPS,
  },
  'packet/encapsulated': {
    act: 5,
    isTold: isFirst,
    title: (w) => `flannel.1 puts the packet into another one, for ${w.text('to')}.`,
    why: (w) =>
      `The addresses ${w.text('podCIDR')} are there. flannel.1 is the way into the tunnel (VXLAN, UDP port 8472); the packet inside stays as it is.`,
    doc: NETWORKING,
  },
  'packet/decapsulated': {
    act: 5,
    isTold: isFirst,
    title: (w) => `${w.text('machine')} takes the inner packet out.`,
    why: (w) => `It goes on from ${w.text('src')} to ${w.text('dst')}, as if there had been no tunnel.`,
    doc: NETWORKING,
  },
  'packet/accepted': {
    act: 5,
    title: (w) => `The SYN reaches ${w.text('by')}, which listens there.`,
    why: (w) => `For the server the caller is ${w.text('src')}, and it is itself ${w.text('dst')}.`,
    doc: SERVICES,
  },
  'packet/delivered': {
    act: 5,
    isTold: notDns,
    title: (w) => `${w.text('servedBy')} gets the request from ${w.text('src')}.`,
    why: (w) =>
      isWithin(w.text('dst'))
        ? 'No rule was asked: what stays in one network namespace meets none.'
        : `It never sees the Service’s address: the packet says ${w.text('dst')}.`,
    doc: VIPS,
  },
  'packet/echoed': {
    act: 5,
    title: (w) => `${w.text('by')} answers the ping from ${w.text('src')}.`,
    why: () => 'Its kernel does: no program needs to listen for that.',
    doc: NETWORKING,
  },
  'packet/answered': {
    act: 5,
    isTold: notDns,
    title: (w) =>
      isAnswer(w)
        ? `${caller(w, 'to')} has its answer, from ${w.text('src')}.`
        : `${caller(w, 'to')} is told: ${w.text('why').toLowerCase()}.`,
    why: (w) =>
      isAnswer(w)
        ? isWithin(w.text('src')) && w.text('to').includes('/')
          ? 'The packets never left the pod: its containers share one localhost.'
          : w.text('proto') === 'icmp'
            ? 'So packets find their way there and back.'
            : 'From the address that it asked: it never learns who answered.'
        : `${KIND[w.text('kind')]} from ${w.text('kind') === 'UNREACHABLE' ? w.text('src').replace(/:\d+$/, '') : w.text('src')}.`,
    doc: VIPS,
  },
  'coredns/answered': {
    act: 5,
    title: (w) =>
      `CoreDNS answers: ${w.list('found').length > 0 ? `${w.text('name')} is ${w.list('found').join(', ')}` : `nothing for ${w.text('name')}`}.`,
    why: (w) =>
      `${w.text('rcode')}${RCODES[w.text('rcode')] ?? ''}.${w.list('found').length > 0 ? '' : ' Where the search list of resolv.conf has another ending, that is asked for next.'}`,
    doc: DNS,
  },
  'packet/rejected': {
    act: 5,
    title: (w) => `${w.text('machine')} rejects ${w.text('dst')}: nobody stands behind it.`,
    why: (w) => `${w.text('service')}: kube-proxy wrote REJECT, so that callers need not wait.`,
    doc: VIPS,
  },
  'packet/dropped': {
    act: 5,
    title: (w) => `${w.text('machine')} drops the packet to ${w.text('dst')}.`,
    why: (w) => w.text('rule'),
    doc: VIPS,
  },
  'packet/nobody-listens': {
    act: 5,
    title: (w) => `Nobody listens at ${w.text('dst')}: connection refused.`,
    why: (w) => `The kernel of ${w.text('machine')} answers for ${w.text('by')}.`,
    doc: DEBUG,
  },
  'packet/no-neighbour': {
    act: 5,
    title: (w) =>
      `${isBeyond(w) ? 'Beyond the cluster’s machines there is' : `${w.text('machine')} finds`} nobody with the address ${w.text('dst').replace(/:\d+$/, '')}.`,
    why: (w) =>
      isBeyond(w)
        ? `The packet is lost, and nobody tells ${w.text('src').replace(/:\d+$/, '')}.${w.text('proto') === 'icmp' ? ' If it is a Service’s: that is nowhere but in rules, and those are for its ports alone.' : ''}`
        : `It asks on ${w.text('dev')} and gets no answer; after 3 s the sender is told.`,
    doc: DEBUG,
  },
  'curl/done': {
    act: 5,
    title: (w) => (w.text('verdict') === 'answered' ? `The answer is here: HTTP ${w.text('status')}.` : failed(w)),
    why: (w) =>
      w.text('verdict') === 'answered'
        ? w
            .text('body')
            .replace(/<title>.*?<\/title>|<[^>]*>/gs, ' ')
            .replace(/\s+/g, ' ')
            .trim()
            .slice(0, 120)
        : w.text('why'),
    doc: SERVICES,
  },
  'dig/done': {
    act: 5,
    title: (w) => `DNS says of ${w.text('name')}: ${w.text('rcode')}.`,
    why: (w) =>
      w
        .list('answers')
        .map((a) => String(a).split('\t').slice(3).join(' '))
        .join(', '),
    doc: DNS,
  },
} satisfies Sentences;
