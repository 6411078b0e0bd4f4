/** The hooks that a packet meets on its way through the kernel, each with its tables' rules. Source: iptables(8), netfilter.org's packet flow. */
import type { Context } from '../../kernel/component.ts';
import type { LinuxState } from './linux-state.ts';
import { traverse, type Circumstances, type Traversal } from './netfilter.ts';
import { say, sourceOf } from './packet-notes.ts';
import type { Packet } from './packet.ts';
import { isLocal } from './routes.ts';
import { hookRules, ruleText, type Hook, type Rule, type TableName } from './rules.ts';
import { rulesetOf } from './ruleset.ts';

interface Passing {
  readonly table: TableName;
  readonly hook: Hook;
  readonly mark: number;
  readonly ctstate: Circumstances['ctstate'];
}

/** Runs a packet through one hook of one table, and says which rules decided. */
export function pass(state: LinuxState, packet: Packet, { table, hook, mark, ctstate }: Passing, ctx: Context): Traversal {
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
  sayRules(state, packet, { table, hook, passed }, ctx);
  return passed;
}

/** The kernel's own chains, KUBE-FORWARD and FLANNEL-FWD let nearly everything through, and are not worth a word. */
function sayRules(
  state: LinuxState,
  packet: Packet,
  { table, hook, passed }: { readonly table: TableName; readonly hook: Hook; readonly passed: Traversal },
  ctx: Context,
): void {
  const telling = passed.matches.filter(({ chain, rule }) => chain !== hook && !/-(FORWARD|FWD)$/.test(chain) && rule.target !== 'RETURN');
  if (telling.length === 0) return;
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
}

/** The rule that decided, with its chain. */
export const decidingRule = (passed: Traversal): readonly [string, Rule] => {
  const { chain, rule } = passed.matches[passed.matches.length - 1];
  return [chain, rule];
};

/** Its source may be replaced by the machine's own address as it leaves. */
export function masqueraded(state: LinuxState, packet: Packet, src: string, mark: number, ctx: Context): Packet {
  const passed = pass(state, packet, { table: 'nat', hook: 'POSTROUTING', mark, ctstate: 'NEW' }, ctx);
  if (!passed.masquerade) return packet;
  const out: Packet = {
    ...packet,
    src,
    sport: 1024 + ctx.draw(`masquerade/${state.config.machine}/${packet.src}:${packet.sport}/${++state.opened}`).below(64_512),
  };
  say(state, ctx, 'masqueraded', out, { was: sourceOf(packet), rule: ruleText(...decidingRule(passed)) });
  return out;
}
