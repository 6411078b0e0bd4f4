/** What a packet looks like at a beat: its headers before and after, what is around it, and the rules that it met. All from one fact of the trace. */
import type { Fact } from '../kernel/fact.ts';

export interface RuleView {
  readonly chain: string;
  readonly test: string;
  readonly target: string;
  /** What a throw of the die did: 'missed 1 of 2'. */
  readonly die: string;
}
export interface PacketView {
  readonly machine: string;
  readonly kind: string;
  readonly proto: string;
  readonly src: string;
  readonly dst: string;
  /** Before this step, where it differs. */
  readonly wasSrc?: string;
  readonly wasDst?: string;
  readonly outer?: { readonly src: string; readonly dst: string };
  /** 'nat PREROUTING', with the rules that matched there. */
  readonly hook?: string;
  readonly rules: readonly RuleView[];
  /** 'namespace/name' of the Service whose rules these are. */
  readonly service?: string;
}
interface Said {
  readonly machine: string;
  readonly kind: string;
  readonly proto: string;
  readonly src: string;
  readonly dst: string;
  readonly was?: unknown;
  readonly wasSrc?: string;
  readonly wasDst?: string;
  readonly outer?: PacketView['outer'];
  readonly table?: string;
  readonly hook?: string;
  readonly rule?: string;
  readonly rules?: readonly { readonly chain: string; readonly text: string; readonly missed: number; readonly probability?: number }[];
}

/** Undefined when the fact is not about a packet. */
export function packetView(fact: Fact): PacketView | undefined {
  if (!fact.says.startsWith('packet/')) return undefined;
  const said = fact.with as unknown as Said;
  const { machine, kind, proto, src, dst, outer } = said;
  const was = typeof said.was === 'string' ? said.was : undefined;
  const isDnat = fact.says === 'packet/dnat';
  const wasSrc = fact.says === 'packet/masqueraded' ? was : said.wasSrc === src ? undefined : said.wasSrc;
  const wasDst = isDnat ? was : said.wasDst === dst ? undefined : said.wasDst;
  const texts =
    said.rules ?? (said.rule === undefined ? [] : [{ chain: /^-A (\S+)/.exec(said.rule)?.[1] ?? '', text: said.rule, missed: 0 }]);
  const service = texts.map(({ text }) => /--comment "([a-z0-9-]+\/[a-z0-9.-]+)/.exec(text)?.[1]).find((name) => name !== undefined);
  return {
    machine,
    kind,
    proto,
    src,
    dst,
    rules: texts.map(ruleView),
    ...(wasSrc === undefined ? {} : { wasSrc }),
    ...(wasDst === undefined ? {} : { wasDst }),
    ...(outer ? { outer } : {}),
    ...(said.hook === undefined ? {} : { hook: `${said.table} ${said.hook}` }),
    ...(service === undefined ? {} : { service }),
  };
}

/** '-A KUBE-SERVICES -d 10.254.1.1/32 -p tcp … -j KUBE-SVC-X' in the few words that matter. */
function ruleView({
  chain,
  text,
  missed,
  probability,
}: {
  readonly chain: string;
  readonly text: string;
  readonly missed: number;
  readonly probability?: number;
}): RuleView {
  const target = /-j (\S+)(?: --to-destination (\S+))?/.exec(text);
  const tests = [/(! )?-s (\S+)/, /(! )?-d (\S+)/, /(! )?--dport (\d+)/].flatMap((pattern) => {
    const m = pattern.exec(text);
    return m ? [m[0].replace('/32', '')] : [];
  });
  const chance = probability === undefined ? '' : `chance ${Math.round(probability * 100)} %: hit`;
  return {
    chain,
    test: tests.join(' '),
    target: target ? [target[1], target[2]].filter(Boolean).join(' ') : '',
    die: chance !== '' ? chance : missed > 0 ? `the die missed ${missed === 1 ? 'once' : `${missed} times`}` : '',
  };
}
