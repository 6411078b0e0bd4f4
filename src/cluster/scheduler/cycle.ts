/**
 * One scheduling cycle: filter, score, choose. The framework records what each plugin said; no plugin explains itself.
 * Upstream: pkg/scheduler/schedule_one.go, framework/runtime/framework.go (v1.36). Simplified: no extenders, no nominated pods.
 */
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import { keyOf } from '../../api/object.ts';
import { drawFor } from '../../kernel/rng.ts';
import type { Cache } from '../client/cache.ts';
import type { CycleContext, MachineInfo, SchedulerPlugin, Verdict } from './plugin.ts';
import { plugins } from './registry.ts';

export interface PluginVerdict { readonly plugin: string; readonly code: Verdict['code']; readonly reasons: readonly string[] }
export interface PluginScore { readonly plugin: string; readonly raw: number; readonly normalized: number; readonly weight: number; readonly weighted: number }
export interface NodeDecision { readonly name: string; readonly verdicts: readonly PluginVerdict[]; readonly scores: readonly PluginScore[]; readonly total: number }
export interface SchedulingDecision {
  /** 'namespace/name' */
  readonly pod: string;
  readonly attempt: number;
  readonly nodes: readonly NodeDecision[];
  readonly evaluated: number;
  readonly feasible: number;
  readonly chosen?: string;
  /** The machines that shared the highest total, when there were several. */
  readonly tie?: readonly string[];
  readonly fitError?: string;
  /** Plugins that refused the pod somewhere: what may make it fit is what they ask about. */
  readonly refusedBy: readonly string[];
}
export interface CycleInput { readonly pod: V1Pod; readonly machines: readonly MachineInfo[]; readonly cache: Cache; readonly seed: number; readonly attempt: number; readonly start: number }

/** Upstream: numFeasibleNodesToFind: all below a hundred, then an adaptive share, at least a hundred. */
export function nodesToFind(all: number): number {
  if (all < 100) return all;
  const percent = Math.max(5, 50 - Math.floor(all / 125));
  return Math.max(100, Math.floor((all * percent) / 100));
}

export function runCycle(input: CycleInput): SchedulingDecision & { readonly nextStart: number } {
  const { pod, machines, cache, attempt } = input;
  const base = { pod: keyOf(pod), attempt };
  const states = new Map<string, unknown>();
  const skipped = new Set<string>();
  const context = (plugin: SchedulerPlugin): CycleContext => ({ pod, machines, cache, state: states.get(plugin.name) });
  for (const plugin of plugins) {
    const outcome = plugin.preFilter?.(context(plugin));
    if (outcome === undefined) continue;
    if (outcome === 'skip') skipped.add(plugin.name);
    else if ('state' in outcome) states.set(plugin.name, outcome.state);
    else if (outcome.code !== 'fits') return { ...base, nodes: [], evaluated: 0, feasible: 0, fitError: fitError(machines.length, [], outcome.reasons), refusedBy: [plugin.name], nextStart: input.start };
  }
  const filters = plugins.filter((p) => p.filter && !skipped.has(p.name)).map((p) => ({ plugin: p, context: context(p) }));
  const wanted = nodesToFind(machines.length);
  const fitting: MachineInfo[] = [];
  const verdicts = new Map<MachineInfo, readonly PluginVerdict[]>();
  let evaluated = 0;
  for (; evaluated < machines.length && fitting.length < wanted; evaluated++) {
    const machine = machines[(input.start + evaluated) % machines.length];
    const said: PluginVerdict[] = [];
    for (const { plugin, context: c } of filters) {
      const verdict = plugin.filter?.(c, machine) ?? { code: 'fits' as const };
      said.push({ plugin: plugin.name, code: verdict.code, reasons: verdict.code === 'fits' ? [] : verdict.reasons });
      if (verdict.code !== 'fits') break;
    }
    verdicts.set(machine, said);
    if (said.every((v) => v.code === 'fits')) fitting.push(machine);
  }
  const nextStart = machines.length === 0 ? 0 : (input.start + evaluated) % machines.length;
  const refusals = [...verdicts.values()].flatMap((said) => said.filter((v) => v.code !== 'fits'));
  const refusedBy = [...new Set(refusals.map((v) => v.plugin))];
  if (fitting.length === 0) {
    const nodes = [...verdicts].map(([machine, said]) => ({ name: nameOf(machine), verdicts: said, scores: [], total: 0 }));
    return { ...base, nodes, evaluated, feasible: 0, fitError: fitError(machines.length, refusals), refusedBy, nextStart };
  }
  const scores = scoreAll(input, fitting);
  const nodes = [...verdicts].map(([machine, said]) => {
    const at = fitting.indexOf(machine);
    const own = at < 0 ? [] : scores.map((s) => s[at]);
    return { name: nameOf(machine), verdicts: said, scores: own, total: own.reduce((sum, s) => sum + s.weighted, 0) };
  });
  const best = Math.max(...nodes.filter((n) => fitting.some((m) => nameOf(m) === n.name)).map((n) => n.total));
  const top = nodes.filter((n) => n.total === best && fitting.some((m) => nameOf(m) === n.name)).map((n) => n.name).sort((a, b) => (a < b ? -1 : 1));
  const chosen = top[drawFor(input.seed, `schedule/${base.pod}/${attempt}`).below(top.length)];
  return { ...base, nodes, evaluated, feasible: fitting.length, chosen, ...(top.length > 1 ? { tie: top } : {}), refusedBy, nextStart };
}

const nameOf = (machine: MachineInfo): string => machine.node.metadata?.name ?? '';

/** One list a plugin, one score a machine. A single fitting machine is not scored, as upstream. */
function scoreAll({ pod, cache, machines: all }: CycleInput, fitting: readonly MachineInfo[]): readonly (readonly PluginScore[])[] {
  if (fitting.length === 1) return [];
  const lists: PluginScore[][] = [];
  for (const plugin of plugins) {
    if (!plugin.score) continue;
    const before: CycleContext = { pod, cache, machines: plugin.name === 'ImageLocality' ? all : fitting, state: undefined };
    const prepared = plugin.preScore?.(before) ?? { state: undefined };
    if (prepared === 'skip') continue;
    const context: CycleContext = { ...before, state: prepared.state };
    const raw = fitting.map((machine) => plugin.score?.(context, machine) ?? 0);
    const normalized = plugin.normalize?.(context, raw) ?? raw;
    const weight = plugin.weight ?? 1;
    lists.push(raw.map((r, i) => ({ plugin: plugin.name, raw: r, normalized: normalized[i], weight, weighted: normalized[i] * weight })));
  }
  return lists;
}

/** Upstream: framework.FitError.Error, with the sentence of DefaultPreemption after it. */
function fitError(total: number, refusals: readonly PluginVerdict[], preFilter?: readonly string[]): string {
  if (preFilter) return `0/${total} nodes are available: ${preFilter.join(', ')}. preemption: 0/${total} nodes are available: ${total} Preemption is not helpful for scheduling.`;
  if (total === 0) return 'no nodes available to schedule pods';
  const counts = new Map<string, number>();
  for (const { reasons } of refusals) for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const list = [...counts].map(([reason, n]) => `${n} ${reason}`).sort((a, b) => (a < b ? -1 : 1)).join(', ');
  const hopeless = refusals.filter((v) => v.code === 'unresolvable').length;
  const rest = total - hopeless;
  const preemption = [...(rest > 0 ? [`${rest} No preemption victims found for incoming pod.`] : []), ...(hopeless > 0 ? [`${hopeless} Preemption is not helpful for scheduling.`] : [])].map((t) => t.replace(/\.$/, '')).sort((a, b) => (a < b ? -1 : 1)).join(', ');
  return `0/${total} nodes are available: ${list}. preemption: 0/${total} nodes are available: ${preemption}.`;
}
