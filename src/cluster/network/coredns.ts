/** CoreDNS: answers the names of Services, from what the apiserver says. Upstream: coredns plugin/kubernetes. Simplified: A and SRV records of the cluster zone; everything else is NXDOMAIN. */
import type { Component } from '../../kernel/component.ts';
import { identities } from '../client/identity.ts';
import { viewOf } from '../client/indexed-cache.ts';
import { createReflectors, hasSynced, reflected, reflectedAnswer, startReflector, type Reflectors } from '../client/reflector.ts';
import type { HttpCall, HttpReply } from '../runtime/process-protocol.ts';
import { dnsAnswer, type DnsAnswer, type DnsData } from './dns.ts';
import type { Listen } from './packet.ts';

export interface CorednsConfig {
  readonly api: string;
  readonly pod: string;
  readonly ip: string;
}
export interface DnsQuery {
  readonly protocol: 'dns';
  readonly name: string;
  readonly type: string;
}
export interface DnsReply {
  readonly protocol: 'dns';
  readonly answer: DnsAnswer;
}
export interface CorednsState {
  readonly config: CorednsConfig;
  readonly reflectors: Reflectors;
  queries: number;
}

export const coredns: Component<CorednsState, CorednsConfig> = {
  role: 'coredns',
  start(config, ctx) {
    const reflectors = createReflectors({ api: config.api, as: identities.coredns });
    for (const [resource, path] of [
      ['services', '/api/v1/services'],
      ['endpointslices.discovery.k8s.io', '/apis/discovery.k8s.io/v1/endpointslices'],
      ['namespaces', '/api/v1/namespaces'],
    ] as const)
      startReflector(ctx, reflectors, { resource, path });
    ctx.send(`${ctx.host}/linux`, {
      protocol: 'listen',
      ns: config.ip,
      name: `kube-system/${config.pod}`,
      ports: [
        { proto: 'udp', port: 53 },
        { proto: 'tcp', port: 53 },
        { proto: 'tcp', port: 8080 },
        { proto: 'tcp', port: 8181 },
        { proto: 'tcp', port: 9153 },
      ],
    } satisfies Listen);
    return { config, reflectors, queries: 0 };
  },
  handle(state, message, ctx) {
    if (reflected(ctx, state.reflectors, message) || message.kind !== 'call') return;
    const body = message.body as DnsQuery | HttpCall;
    if (body.protocol === 'http') {
      ctx.reply({ protocol: 'http', status: hasSynced(state.reflectors) ? 200 : 503, body: 'OK' } satisfies HttpReply);
      return;
    }
    state.queries++;
    const answer = dnsAnswer(zoneOf(state.reflectors), body);
    ctx.note({
      says: 'coredns/answered',
      about: `names/${body.name}`,
      with: {
        name: body.name.replace(/\.$/, ''),
        rcode: answer.rcode,
        found: answer.answer.map((line) => line.split('\t').slice(4).join(' ')),
      },
    });
    ctx.reply({ protocol: 'dns', answer } satisfies DnsReply);
  },
  answered(state, answer, then, ctx) {
    reflectedAnswer(ctx, state.reflectors, answer, then);
  },
};

/** What the answers follow from. */
export function zoneOf({ cache }: Reflectors): DnsData {
  const view = viewOf(cache);
  return {
    services: view.list('services'),
    slices: view.list('endpointslices.discovery.k8s.io'),
    namespaces: view.list('namespaces').map((n) => n.metadata?.name ?? ''),
  };
}
