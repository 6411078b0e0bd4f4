/**
 * The kernel of one machine: sockets, routes, rules and connection tracking, and what they do to each packet. Nothing of Kubernetes runs in a packet's path.
 * Source: netfilter.org's packet flow, ip-route(8), vxlan; order of hooks as Linux has it. Simplified: packets are not lost and not sent again, no ARP messages, an unknown neighbour is unreachable after 3 s.
 */
import type { Answer, Component, Context } from '../../kernel/component.ts';
import type { HttpCall } from '../runtime/process-protocol.ts';
import { connectionOf, remember, touched, translated, type Conntrack } from './conntrack.ts';
import { forgetStale } from './stale-flows.ts';
import type { Overlay, RemoteSubnet } from './flannel.ts';
import type { IptablesRestore } from './kube-proxy.ts';
import { traverse, type Circumstances, type Traversal } from './netfilter.ts';
import {
  reversed,
  tupleOf,
  VNI,
  VXLAN_PORT,
  type InUse,
  type Listen,
  type Packet,
  type Protocol,
  type SocketCall,
  type SocketReply,
  type Tuple,
} from './packet.ts';
import { BEYOND, isLocal, routeOf, type Block, type LinuxConfig, type Route } from './routes.ts';
import { LayeredMap } from '../../lib/layered-map.ts';
import { remembering } from '../../lib/remembering.ts';
import { hookRules, ruleText, withFlannel, type Hook, type Rule, type Ruleset, type TableName } from './rules.ts';
import { buildRules } from './service-rules.ts';

export type { LinuxConfig } from './routes.ts';
export type Netlink = { readonly protocol: 'netlink' } & (
  | { readonly verb: 'plug'; readonly ip: string; readonly pod: string; readonly veth: string; readonly gateway: string }
  | { readonly verb: 'unplug'; readonly ip: string }
);
interface Client {
  readonly call: { readonly id: number; readonly from: string };
  readonly payload: unknown;
  readonly flow: number;
  readonly ns: string;
}
export interface LinuxState {
  readonly config: LinuxConfig;
  /** Pod address → its cable. */
  readonly cables: Map<string, { readonly pod: string; readonly veth: string }>;
  /** This machine's block of pod addresses. */
  overlay: Block | undefined;
  /** The other machines' blocks, by machine. */
  remotes: LayeredMap<RemoteSubnet>;
  rules: IptablesRestore | undefined;
  /** 'tcp 10.200.1.2:80' → who listens. */
  readonly listeners: Map<string, { readonly address: string; readonly name: string }>;
  readonly clients: Map<string, Client>;
  readonly conntrack: Conntrack;
  /** `-m recent`: 'list address' → when seen. */
  readonly recent: Map<string, number>;
  opened: number;
}
interface Then {
  readonly served: Packet;
  readonly ns: string;
}
/** `original`: the tuple of a connection's first packet. */
interface Passage {
  readonly original?: Tuple;
  readonly mark: number;
  readonly ctstate: Circumstances['ctstate'];
}

const NO_ARP_US = 3_000_000;

export const linux: Component<LinuxState, LinuxConfig> = {
  role: 'linux',
  start: (config) => ({
    config,
    cables: new Map(),
    overlay: undefined,
    remotes: new LayeredMap(),
    rules: undefined,
    listeners: new Map(),
    clients: new Map(),
    conntrack: { byKey: new Map() },
    recent: new Map(),
    opened: 0,
  }),
  handle(state, message, ctx) {
    if (message.kind === 'bounced') return;
    if (message.kind === 'wake') {
      const { unreachable } = message.body as { readonly unreachable: Packet };
      answerIcmp(state, unreachable, 'No route to host', ctx);
      return;
    }
    const body = message.body as Netlink | Overlay | IptablesRestore | Listen | SocketCall | Packet;
    switch (body.protocol) {
      case 'netlink':
        if (body.verb === 'plug') state.cables.set(body.ip, { pod: body.pod, veth: body.veth });
        else state.cables.delete(body.ip);
        return;
      case 'overlay':
        connect(state, body);
        return;
      case 'iptables-restore':
        state.rules = body;
        forgetStale(state.conntrack, body, ctx.now);
        return;
      case 'listen':
        for (const { proto, port } of body.ports) bind(state, body, { proto, port }, message.from, ctx);
        return;
      case 'socket':
        open(state, body, { id: message.id, from: message.from }, ctx);
        return;
      case 'packet':
        arrive(state, body, ctx);
    }
  },
  answered(state, answer, then, ctx) {
    served(state, answer, then as Then, ctx);
  },
};

/** flannel's routes, neighbours and FDB entries. */
function connect(state: LinuxState, { podCIDR, gateway, isWhole, remotes, gone }: Overlay): void {
  state.overlay = Object.freeze({ podCIDR, gateway });
  if (isWhole) state.remotes = LayeredMap.over(byMachine(remotes));
  else for (const remote of remotes) state.remotes.set(remote.machine, remote);
  for (const machine of [state.config.machine, ...gone]) state.remotes.delete(machine);
}

const byMachine = remembering(
  (remotes: readonly RemoteSubnet[]): ReadonlyMap<string, RemoteSubnet> => new Map(remotes.map((remote) => [remote.machine, remote])),
);

/** One process a port in each network namespace. Source: bind(2), EADDRINUSE. */
function bind(
  { listeners }: LinuxState,
  { ns, name }: Listen,
  { proto, port }: Listen['ports'][number],
  address: string,
  ctx: Context,
): void {
  const key = socketKey(proto, ns, port);
  const other = listeners.get(key);
  if (other && other.address !== address && ctx.isAlive(other.address))
    ctx.send(address, { protocol: 'in-use', proto, port } satisfies InUse);
  else listeners.set(key, { address, name });
}

/** The rules are built when a packet or a person looks, once for each thing that kube-proxy wrote. */
const built = new WeakMap<object, { readonly podCIDR: string | undefined; readonly rules: Ruleset }>();
export function rulesetOf({ rules, overlay, config }: Pick<LinuxState, 'rules' | 'overlay' | 'config'>): Ruleset {
  const known = rules && built.get(rules);
  if (known && known.podCIDR === overlay?.podCIDR) return known.rules;
  const own = buildRules(rules?.services ?? [], rules?.slices ?? [], {
    clusterCIDR: config.clusterCIDR,
    machine: config.machine,
    machineIP: config.ip,
    ...(rules?.zone === undefined ? {} : { zone: rules.zone }),
  });
  const all = overlay ? withFlannel(own, config.clusterCIDR, overlay.podCIDR) : own;
  if (rules) built.set(rules, { podCIDR: overlay?.podCIDR, rules: all });
  return all;
}

const socketKey = (proto: Protocol, ip: string, port: number): string => `${proto} ${ip}:${port}`;
const at = (ip: string, port: number): string => `${ip}:${port}`;

/** Says what happened to a packet, for people. */
function say(state: LinuxState, ctx: Context, what: string, packet: Packet, more: Readonly<Record<string, unknown>> = {}): void {
  ctx.note({
    says: `packet/${what}`,
    about: `flows/${packet.flow}`,
    with: {
      flow: packet.flow,
      machine: state.config.machine,
      proto: packet.proto,
      kind: packet.kind,
      src: at(packet.src, packet.sport),
      dst: at(packet.dst, packet.dport),
      ...(packet.outer ? { outer: packet.outer } : {}),
      ...more,
    },
  });
}

function open(state: LinuxState, call: SocketCall, from: Client['call'], ctx: Context): void {
  for (const [key, client] of state.clients) if (!ctx.isAlive(client.call.from)) state.clients.delete(key);
  const isHost = call.ns === state.config.ip;
  const route = routeOf(state, call.dst);
  const src = call.dst.startsWith('127.') ? call.dst : !isHost ? call.ns : route.kind === 'local' ? call.dst : route.src;
  state.opened++;
  const sport = call.sport ?? 32_768 + ctx.draw(`port/${state.config.machine}/${state.opened}`).below(28_232);
  const packet: Packet = {
    protocol: 'packet',
    flow: call.flow,
    proto: call.proto,
    src,
    sport,
    dst: call.dst,
    dport: call.dport,
    ...(call.proto === 'tcp' ? { kind: 'SYN' } : { kind: 'DATA', payload: call.payload }),
  };
  state.clients.set(socketKey(call.proto, src, sport), { call: from, payload: call.payload, flow: call.flow, ns: call.ns });
  leave(state, packet, call.ns, ctx);
}

/** A packet leaves a network namespace of this machine. What a pod says to itself meets no rules; a machine's own rules are for what it says to itself, too. */
function leave(state: LinuxState, packet: Packet, ns: string, ctx: Context): void {
  const pod = state.cables.get(ns)?.pod;
  say(state, ctx, 'sent', packet, { from: pod ?? state.config.machine });
  const isHost = ns === state.config.ip;
  if (!isHost && (packet.dst === ns || packet.dst.startsWith('127.'))) deliver(state, packet, ns, ctx);
  else through(state, packet, isHost ? 'OUTPUT' : 'PREROUTING', ctx);
}

/** A packet comes in on eth0. */
function arrive(state: LinuxState, packet: Packet, ctx: Context): void {
  const { outer, ...inner } = packet;
  if (outer) say(state, ctx, 'decapsulated', inner, { was: outer });
  through(state, inner, 'PREROUTING', ctx);
}

/** The nat table sees the first packet of a connection only; conntrack knows the others. */
function through(state: LinuxState, packet: Packet, hook: 'PREROUTING' | 'OUTPUT', ctx: Context): void {
  const found = connectionOf(state.conntrack, packet, ctx.now);
  if (found) {
    const known = translated(packet, found);
    touched(state.conntrack, found, packet, ctx.now);
    if (at(known.src, known.sport) !== at(packet.src, packet.sport) || at(known.dst, known.dport) !== at(packet.dst, packet.dport))
      say(state, ctx, 'known', known, {
        wasSrc: at(packet.src, packet.sport),
        wasDst: at(packet.dst, packet.dport),
        isReply: found.isReply,
      });
    return onward(state, known, hook, { mark: 0, ctstate: 'ESTABLISHED' }, ctx);
  }
  if (packet.kind === 'UNREACHABLE') return onward(state, packet, hook, { mark: 0, ctstate: 'ESTABLISHED' }, ctx);
  if (packet.proto === 'tcp' && packet.kind !== 'SYN') return onward(state, packet, hook, { mark: 0, ctstate: 'INVALID' }, ctx);
  const passed = pass(state, packet, 'nat', hook, 0, ctx);
  const { dnat } = passed;
  const next: Packet = dnat ? { ...packet, dst: dnat.ip, dport: dnat.port } : packet;
  if (dnat)
    say(state, ctx, 'dnat', next, {
      was: at(packet.dst, packet.dport),
      rule: ruleText(...last(passed)),
      service: last(passed)[1].comment ?? '',
    });
  onward(state, next, hook, { original: packet, mark: passed.mark, ctstate: 'NEW' }, ctx);
}

const last = (passed: Traversal): readonly [string, Rule] => {
  const { chain, rule } = passed.matches[passed.matches.length - 1];
  return [chain, rule];
};

/** Routing, the filter table, the nat table's last hook, and out. */
function onward(
  state: LinuxState,
  packet: Packet,
  hook: 'PREROUTING' | 'OUTPUT',
  { original, mark, ctstate }: Passage,
  ctx: Context,
): void {
  const route = routeOf(state, packet.dst);
  const filter = pass(
    state,
    packet,
    'filter',
    hook === 'OUTPUT' ? 'OUTPUT' : route.kind === 'local' ? 'INPUT' : 'FORWARD',
    mark,
    ctx,
    ctstate,
  );
  if (filter.verdict === 'DROP') {
    say(state, ctx, 'dropped', packet, { rule: ruleText(...last(filter)) });
    return;
  }
  if (filter.verdict === 'REJECT') {
    say(state, ctx, 'rejected', packet, { rule: ruleText(...last(filter)), service: last(filter)[1].comment ?? '' });
    answerIcmp(state, packet, 'Connection refused', ctx);
    return;
  }
  if (route.kind === 'local') {
    if (original) remember(state.conntrack, original, packet, ctx.now);
    deliver(state, packet, state.config.ip, ctx);
    return;
  }
  const out = original ? masqueraded(state, packet, route.src, mark, ctx) : packet;
  if (original) remember(state.conntrack, original, out, ctx.now);
  transmit(state, out, route, ctx);
}

function masqueraded(state: LinuxState, packet: Packet, src: string, mark: number, ctx: Context): Packet {
  const passed = pass(state, packet, 'nat', 'POSTROUTING', mark, ctx);
  if (!passed.masquerade) return packet;
  const out: Packet = {
    ...packet,
    src,
    sport: 1024 + ctx.draw(`masquerade/${state.config.machine}/${packet.src}:${packet.sport}/${++state.opened}`).below(64_512),
  };
  say(state, ctx, 'masqueraded', out, { was: at(packet.src, packet.sport), rule: ruleText(...last(passed)) });
  return out;
}

/** Runs a packet through one hook of one table, and says which rules decided. */
function pass(
  state: LinuxState,
  packet: Packet,
  table: TableName,
  hook: Hook,
  mark: number,
  ctx: Context,
  ctstate: Circumstances['ctstate'] = 'NEW',
): Traversal {
  const rules = rulesetOf(state);
  const die = ctx.draw(`statistic/${state.config.machine}/${packet.flow}/${packet.src}:${packet.sport}/${state.opened}`);
  const about: Circumstances = {
    ctstate,
    isLocal: (ip) => isLocal(state, ip),
    roll: die.unit,
    isRecent: (list, ip, seconds) => {
      const seen = state.recent.get(`${list} ${ip}`);
      return seen !== undefined && seen > ctx.now - seconds * 1_000_000;
    },
  };
  const passed = traverse(rules[table], hook, hookRules(rules, table, hook), packet, about, mark);
  for (const list of passed.seen) state.recent.set(`${list} ${packet.src}`, ctx.now);
  const telling = passed.matches.filter(({ chain, rule }) => chain !== hook && chain !== 'KUBE-FORWARD' && rule.target !== 'RETURN');
  if (telling.length > 0)
    say(state, ctx, 'rules', packet, {
      table,
      hook,
      rules: telling.map(({ chain, rule, missed }) => ({
        chain,
        text: ruleText(chain, rule),
        missed,
        ...(rule.probability === undefined ? {} : { probability: rule.probability }),
      })),
    });
  return passed;
}

function transmit(state: LinuxState, packet: Packet, route: Exclude<Route, { readonly kind: 'local' }>, ctx: Context): void {
  if (route.kind === 'pod') {
    if (route.pod !== undefined) return deliver(state, packet, packet.dst, ctx);
  } else if (route.kind === 'overlay') {
    const { remote } = route;
    const wrapped: Packet = { ...packet, outer: { src: state.config.ip, dst: remote.ip, dport: VXLAN_PORT, vni: VNI } };
    say(state, ctx, 'encapsulated', wrapped, { to: remote.machine, podCIDR: remote.podCIDR });
    ctx.send(`${remote.machine}/linux`, wrapped);
    return;
  } else if (route.machine !== undefined) {
    ctx.send(`${route.machine}/linux`, packet);
    return;
  }
  say(state, ctx, 'no-neighbour', packet, { dev: route.dev });
  if (state.config.machine !== BEYOND) ctx.wake(NO_ARP_US, { unreachable: packet });
}

/** A packet has reached the network namespace that has its address. */
function deliver(state: LinuxState, packet: Packet, ns: string, ctx: Context): void {
  const client = state.clients.get(socketKey(packet.proto, packet.dst, packet.dport));
  if (client) return toClient(state, packet, client, ctx);
  if (packet.kind === 'RST' || packet.kind === 'UNREACHABLE' || packet.kind === 'SYN-ACK') return;
  const listener = state.listeners.get(socketKey(packet.proto, ns, packet.dport));
  if (!listener || !ctx.isAlive(listener.address)) {
    say(state, ctx, 'nobody-listens', packet, { by: state.cables.get(ns)?.pod ?? state.config.machine });
    const { payload: _payload, ...head } = packet;
    return leave(
      state,
      { ...head, ...reversed(tupleOf(packet)), kind: packet.proto === 'tcp' ? 'RST' : 'UNREACHABLE', why: 'Connection refused' },
      ns,
      ctx,
    );
  }
  if (packet.kind === 'SYN') {
    say(state, ctx, 'accepted', packet, { by: listener.name });
    return leave(state, { ...packet, ...reversed(tupleOf(packet)), kind: 'SYN-ACK' }, ns, ctx);
  }
  say(state, ctx, 'delivered', packet, { servedBy: listener.name });
  const payload = packet.payload as { readonly protocol: string };
  const body = payload.protocol === 'http' ? { ...(payload as HttpCall), port: packet.dport, from: packet.src } : payload;
  ctx.call(listener.address, body, { served: packet, ns } satisfies Then);
}

function toClient(state: LinuxState, packet: Packet, client: Client, ctx: Context): void {
  if (packet.kind === 'SYN-ACK') {
    leave(state, { ...packet, ...reversed(tupleOf(packet)), kind: 'DATA', payload: client.payload }, client.ns, ctx);
    return;
  }
  state.clients.delete(socketKey(packet.proto, packet.dst, packet.dport));
  say(state, ctx, 'answered', packet, { to: state.cables.get(client.ns)?.pod ?? state.config.machine, why: packet.why });
  const reply: SocketReply =
    packet.kind === 'DATA'
      ? { protocol: 'socket', outcome: 'data', payload: packet.payload }
      : {
          protocol: 'socket',
          outcome: packet.why === 'No route to host' ? 'unreachable' : 'refused',
          why: packet.why ?? 'Connection refused',
        };
  ctx.reply(reply, client.call);
}

/** The process has answered; its kernel sends that back. */
function served(state: LinuxState, answer: Answer, { served: packet, ns }: Then, ctx: Context): void {
  const back = { ...packet, ...reversed(tupleOf(packet)) };
  if (answer.outcome === 'reply') leave(state, { ...back, kind: 'DATA', payload: answer.body }, ns, ctx);
  else leave(state, { ...back, kind: 'RST', payload: undefined, why: 'Connection reset by peer' }, ns, ctx);
}

/** ICMP tells the sender that its packet will not arrive. */
function answerIcmp(state: LinuxState, packet: Packet, why: string, ctx: Context): void {
  const { payload: _payload, outer: _outer, ...head } = packet;
  const found = connectionOf(state.conntrack, packet, ctx.now);
  const sender = found ? found.connection.original : packet;
  const icmp: Packet = {
    ...head,
    kind: 'UNREACHABLE',
    src: state.config.ip,
    sport: packet.dport,
    dst: sender.src,
    dport: sender.sport,
    why,
  };
  if (state.clients.has(socketKey(icmp.proto, icmp.dst, icmp.dport))) deliver(state, icmp, icmp.dst, ctx);
  else onward(state, icmp, 'OUTPUT', { mark: 0, ctstate: 'ESTABLISHED' }, ctx);
}
