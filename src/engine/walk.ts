/** A request's way through the network, read from the notes that the kernels made: hop by hop, with the rule and the reason. */
import type { Fact } from '../kernel/fact.ts';
import { sentences } from '../story/beats.ts';
import { wordsOf } from '../story/sentence.ts';

export interface WalkHop {
  readonly at: string;
  readonly what: string;
  readonly packet: { readonly src: string; readonly dst: string; readonly proto: string; readonly encapsulated?: object };
  readonly rule?: string;
  readonly why: string;
}
export interface Walk {
  readonly verdict: 'answered' | 'refused' | 'dropped' | 'timeout' | 'nxdomain';
  /** 'namespace/pod'. */
  readonly servedBy?: string;
  readonly status?: number;
  readonly body?: string;
  /** Why it ended as it did, in curl's words. */
  readonly why: string;
  readonly hops: readonly WalkHop[];
}

export function walkOf(facts: readonly Fact[]): Walk {
  const done = facts.find((f) => f.says === 'curl/done')?.with as
    | { readonly verdict: Walk['verdict']; readonly why: string; readonly status?: number; readonly body?: string }
    | undefined;
  const packets = facts.filter((f) => f.says.startsWith('packet/'));
  const served = packets.filter((f) => f.says === 'packet/delivered' && !String(f.with?.dst).endsWith(':53')).pop()?.with?.servedBy as
    | string
    | undefined;
  const wasDropped = done?.verdict === 'timeout' && packets.some((f) => f.says === 'packet/dropped');
  return {
    verdict: wasDropped ? 'dropped' : (done?.verdict ?? 'timeout'),
    why: done?.why ?? 'Connection timed out',
    hops: packets.flatMap(hopsOf),
    ...(done?.verdict === 'answered' && served !== undefined ? { servedBy: served } : {}),
    ...(done?.status === undefined ? {} : { status: done.status }),
    ...(done?.body === undefined ? {} : { body: done.body }),
  };
}

function hopsOf(fact: Fact): readonly WalkHop[] {
  const { machine, src, dst, proto, outer, rule, rules, hook } = (fact.with ?? {}) as {
    readonly machine: string;
    readonly src: string;
    readonly dst: string;
    readonly proto: string;
    readonly outer?: object;
    readonly rule?: string;
    readonly hook?: string;
    readonly rules?: readonly { readonly text: string }[];
  };
  const sentence = sentences.get(fact.says);
  const words = wordsOf(fact);
  const hop = (text: string | undefined): WalkHop => ({
    at: hook === undefined ? machine : `${machine} ${hook}`,
    what: fact.says.slice('packet/'.length),
    packet: { src, dst, proto, ...(outer ? { encapsulated: outer } : {}) },
    ...(text === undefined ? {} : { rule: text }),
    why: [sentence?.title(words, fact), sentence?.why?.(words, fact)].filter(Boolean).join(' '),
  });
  return rules ? rules.map((r) => hop(r.text)) : [hop(rule)];
}
