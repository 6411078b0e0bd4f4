/**
 * One scheduling cycle: filter, score, choose. The framework records what each plugin said; no plugin explains itself.
 * Upstream: pkg/scheduler/schedule_one.go, framework/runtime/framework.go (v1.36).
 * Simplified: no extenders; ties are broken by a lot addressed to pod and attempt.
 */
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import { keyOf } from '../../api/object.ts';
import { withMore } from '../../lib/with-more.ts';
import { drawFor } from '../../kernel/rng.ts';
import type { Cache } from '../client/cache.ts';
import { fitErrorText, type Refusal } from './fit-error.ts';
import { firstRefusal, openTrial, reckonedWith, refusalBeside, type Active, type Nominated, type PluginVerdict } from './filtering.ts';
import type { CycleContext, Likeness, MachineInfo, PostFilterResult, Preemption } from './plugin.ts';
import { defaultProfile, type Profile } from './profile.ts';

export interface PluginScore {
  readonly plugin: string;
  readonly raw: number;
  readonly normalized: number;
  readonly weight: number;
  readonly weighted: number;
}
export interface NodeDecision {
  readonly name: string;
  readonly verdicts: readonly PluginVerdict[];
  readonly scores: readonly PluginScore[];
  readonly total: number;
}
export interface SchedulingDecision {
  /** 'namespace/name' */
  readonly pod: string;
  readonly attempt: number;
  /** Every machine that was looked at, in that order; empty when the cycle ran without recording. */
  readonly nodes: readonly NodeDecision[];
  readonly evaluated: number;
  readonly feasible: number;
  readonly chosen?: string;
  /** The machines that shared the highest total, when there were several. */
  readonly tie?: readonly string[];
  readonly fitError?: string;
  /** When no machine fits: whose place the pod could take, and where it takes it. */
  readonly preemption?: Preemption;
  /** What the pod's status.nominatedNodeName becomes, '' for none; absent: what it was. */
  readonly nominatedNodeName?: string;
  /** Plugins that refused the pod somewhere: what may make it fit is what they ask about. */
  readonly refusedBy: readonly string[];
  /** Why machines were refused, each reason with the number of machines. */
  readonly refusals: readonly Refusal[];
  /** The chosen machine and the next best with their scores; absent when only one machine was feasible. */
  readonly podium?: { readonly winner: NodeDecision; readonly second?: NodeDecision };
  /** Where the next cycle starts to look. */
  readonly nextStart: number;
}

export interface CycleInput {
  readonly pod: V1Pod;
  readonly machines: readonly MachineInfo[];
  readonly imageHolders: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, Likeness>;
  readonly cache: Cache;
  readonly seed: number;
  readonly attempt: number;
  readonly start: number;
  readonly profile?: Profile;
  /** Pods whose places are being cleared, or are kept, elsewhere. */
  readonly nominated?: Nominated;
}

/** Upstream: numFeasibleNodesToFind: all below a hundred, then an adaptive share, at least a hundred. */
export function nodesToFind(all: number, percentage = 0): number {
  if (all < 100) return all;
  const percent = percentage > 0 ? percentage : Math.max(5, 50 - Math.floor(all / 125));
  return Math.min(all, Math.max(100, Math.floor((all * percent) / 100)));
}

interface Filtered {
  readonly looked: readonly MachineInfo[];
  readonly feasible: readonly MachineInfo[];
  readonly verdicts: readonly (readonly PluginVerdict[])[];
  readonly refusals: Map<string, { plugin: string; reason: string; count: number }>;
  /** Refused for reasons that may go with the pods there; told when none is feasible. */
  readonly potential: readonly MachineInfo[];
  readonly evaluated: number;
}

/** What the preFilters leave: the filters that have something to say, and the machines worth a look; or a plugin that refuses the pod outright. */
interface Narrowed {
  readonly filters: readonly Active[];
  readonly only?: ReadonlySet<string>;
  readonly narrowing: readonly string[];
  readonly refused?: { readonly plugin: string; readonly reasons: readonly string[] };
}

/** `record`: keep every plugin's verdict and score on every machine; the outcome is the same without. */
export function decide(input: CycleInput, options: { readonly record: boolean }): SchedulingDecision {
  const { pod, machines, attempt } = input;
  const key = keyOf(pod);
  const profile = input.profile ?? defaultProfile;
  const { filters, only, narrowing, refused } = narrow(input, profile);
  if (refused)
    return {
      pod: key,
      attempt,
      nodes: [],
      evaluated: 0,
      feasible: 0,
      ...failure(input, profile, { filters, potential: NONE, reasons: new Map(), preFilter: refused.reasons }),
      refusedBy: [refused.plugin],
      refusals: refused.reasons.map((reason) => ({ plugin: refused.plugin, reason, count: machines.length })),
      nextStart: input.start,
    };
  const place = pod.status?.nominatedNodeName ? onItsPlace(input, filters, pod.status.nominatedNodeName, options.record) : undefined;
  if (place)
    return withMore(
      { pod: key, attempt, evaluated: 1, feasible: 1, refusedBy: [], refusals: [], nextStart: input.start },
      choose(input, profile, place, options.record, () => recorded(place, NONE, undefined, narrowing)),
    );
  const wanted = only ? machines.filter((machine) => only.has(machine.name)) : machines;
  const found = filterAll(input, wanted, filters, {
    record: options.record,
    most: nodesToFind(wanted.length, profile.percentageOfNodesToScore),
  });
  if (only) refuseOthers(found, machines.length - wanted.length, narrowing);
  const nextStart = machines.length === 0 ? 0 : (input.start + found.evaluated) % machines.length;
  const refusals = [...found.refusals.values()];
  const common = {
    pod: key,
    attempt,
    evaluated: found.evaluated,
    feasible: found.feasible.length,
    refusedBy: [...new Set(refusals.map((r) => r.plugin))],
    refusals,
    nextStart,
  };
  if (found.feasible.length === 0)
    return {
      ...common,
      nodes: recorded(found, machines, only, narrowing),
      ...failure(input, profile, { filters, potential: found.potential, reasons: tally(refusals) }),
    };
  return withMore(
    common,
    choose(input, profile, found, options.record, () => recorded(found, machines, only, narrowing)),
  );
}

function narrow(input: CycleInput, profile: Profile): Narrowed {
  const filters: Active[] = [];
  let only: ReadonlySet<string> | undefined;
  const narrowing: string[] = [];
  for (const { plugin, weight, args } of profile.plugins) {
    const context = contextOf(input, NONE, args, undefined);
    const outcome = plugin.preFilter?.(context);
    if (outcome === 'skip') continue;
    if (outcome && 'code' in outcome && outcome.code !== 'fits')
      return { filters, narrowing, refused: { plugin: plugin.name, reasons: outcome.reasons } };
    if (outcome && 'state' in outcome && outcome.only) {
      const before: ReadonlySet<string> | undefined = only;
      const set = outcome.only;
      only = before ? new Set([...before].filter((name) => set.has(name))) : set;
      narrowing.push(plugin.name);
    }
    if (plugin.filter)
      filters.push({
        plugin,
        weight,
        args,
        context: outcome && 'state' in outcome ? contextOf(input, NONE, args, outcome.state) : context,
      });
  }
  return { filters, narrowing, ...(only ? { only } : {}) };
}

/** The machine that was cleared for the pod is likely the only one that fits: it is tried before all others. Upstream: evaluateNominatedNode. */
function onItsPlace(input: CycleInput, filters: readonly Active[], name: string, record: boolean): Filtered | undefined {
  const machine = input.machines.find((other) => other.name === name);
  const found = machine && filterAll(input, [machine], filters, { record, most: 1 });
  return found && found.feasible.length > 0 ? found : undefined;
}

interface Failure {
  readonly filters: readonly Active[];
  readonly potential: readonly MachineInfo[];
  readonly reasons: ReadonlyMap<string, number>;
  readonly preFilter?: readonly string[];
}

/** What the plugins after the filters make of it. A pod that nothing helps loses its nomination. */
function failure(
  input: CycleInput,
  profile: Profile,
  { filters, potential, reasons, preFilter }: Failure,
): Pick<SchedulingDecision, 'fitError' | 'preemption' | 'nominatedNodeName'> {
  const { pod, machines, nominated, seed, attempt } = input;
  const entry = machines.length === 0 ? undefined : profile.plugins.find(({ plugin }) => plugin.postFilter);
  const result: Partial<PostFilterResult> = entry?.plugin.postFilter?.({
    pod,
    machines,
    potential,
    args: entry.args,
    trialOn: (machine) => openTrial(filters, machine, reckonedWith(nominated, machine.name, pod)),
    draw: (n) => drawFor(seed, `preempt/${keyOf(pod)}/${attempt}`).below(n),
  }) ?? { nominatedNodeName: '' };
  const { message, ...rest } = result;
  return { fitError: fitErrorText({ total: machines.length, reasons, postFilter: message, ...(preFilter ? { preFilter } : {}) }), ...rest };
}

const NONE: readonly MachineInfo[] = [];
const contextOf = (
  { pod, machines, imageHolders, groups, cache }: CycleInput,
  feasible: readonly MachineInfo[],
  args: unknown,
  state: unknown,
): CycleContext => ({ pod, machines, feasible, imageHolders, groups, cache, args, state });

function tally(refusals: readonly Refusal[]): ReadonlyMap<string, number> {
  const reasons = new Map<string, number>();
  for (const { reason, count } of refusals) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  return reasons;
}

const narrowedOut = (narrowing: readonly string[]): string => `node(s) didn't satisfy plugin(s) [${narrowing.join(' ')}]`;

function refuseOthers(found: Filtered, others: number, narrowing: readonly string[]): void {
  if (others > 0) found.refusals.set('narrowed', { plugin: narrowing[0], reason: narrowedOut(narrowing), count: others });
}

/** Looks at machines from where the last cycle stopped, until enough of them will do. */
function filterAll(
  input: CycleInput,
  wanted: readonly MachineInfo[],
  filters: readonly Active[],
  { record, most }: { readonly record: boolean; readonly most: number },
): Filtered {
  const looked: MachineInfo[] = [];
  const feasible: MachineInfo[] = [];
  const potential: MachineInfo[] = [];
  const verdicts: (readonly PluginVerdict[])[] = [];
  const refusals: Filtered['refusals'] = new Map();
  const nominated = input.nominated?.size ? input.nominated : undefined;
  let evaluated = 0;
  for (; evaluated < wanted.length && feasible.length < most; evaluated++) {
    const machine = wanted[(input.start + evaluated) % wanted.length];
    const said: PluginVerdict[] | undefined = record ? [] : undefined;
    const refused = nominated
      ? refusalBeside(filters, machine, reckonedWith(nominated, machine.name, input.pod), said)
      : firstRefusal(filters, machine, said);
    if (said) {
      looked.push(machine);
      verdicts.push(said);
    }
    if (!refused) {
      feasible.push(machine);
      continue;
    }
    if (refused.code === 'unschedulable' && feasible.length === 0) potential.push(machine);
    for (const reason of refused.reasons) {
      const known = refusals.get(refused.plugin + reason);
      if (known) known.count++;
      else refusals.set(refused.plugin + reason, { plugin: refused.plugin, reason, count: 1 });
    }
  }
  return { looked, feasible, verdicts, refusals, potential, evaluated };
}

function recorded(
  found: Filtered,
  machines: readonly MachineInfo[],
  only: ReadonlySet<string> | undefined,
  narrowing: readonly string[],
): readonly NodeDecision[] {
  if (found.looked.length === 0 && !only) return [];
  const nodes: NodeDecision[] = found.looked.map((machine, i) => ({
    name: machine.name,
    verdicts: found.verdicts[i],
    scores: [],
    total: 0,
  }));
  if (only)
    for (const { name } of machines)
      if (!only.has(name))
        nodes.push({
          name,
          verdicts: [{ plugin: narrowing[0], code: 'unresolvable', reasons: [narrowedOut(narrowing)] }],
          scores: [],
          total: 0,
        });
  return nodes;
}

interface Scores {
  readonly plugin: string;
  readonly weight: number;
  readonly raw: readonly number[];
  readonly normalized: readonly number[];
}

/** Each plugin's scores over the feasible machines. A single one is not scored, as upstream. */
function scoreAll(input: CycleInput, profile: Profile, feasible: readonly MachineInfo[]): readonly Scores[] {
  const all: Scores[] = [];
  if (feasible.length === 1) return all;
  for (const { plugin, weight, args } of profile.plugins) {
    if (!plugin.score) continue;
    const before = contextOf(input, feasible, args, undefined);
    const prepared = plugin.preScore?.(before);
    if (prepared === 'skip') continue;
    const context: CycleContext = prepared ? contextOf(input, feasible, args, prepared.state) : before;
    const raw: number[] = [];
    for (const machine of feasible) raw.push(plugin.score(context, machine));
    all.push({ plugin: plugin.name, weight, raw, normalized: plugin.normalize ? plugin.normalize(context, raw) : raw });
  }
  return all;
}

function choose(
  input: CycleInput,
  profile: Profile,
  found: Filtered,
  record: boolean,
  nodesOf: () => readonly NodeDecision[],
): Pick<SchedulingDecision, 'nodes' | 'chosen' | 'tie' | 'podium'> {
  const { feasible } = found;
  const scores = scoreAll(input, profile, feasible);
  const totals = feasible.map((_, i) => scores.reduce((sum, s) => sum + s.normalized[i] * s.weight, 0));
  let best = 0;
  for (const total of totals) if (total > best) best = total;
  const top = feasible.flatMap((machine, i) => (totals[i] === best ? [machine.name] : [])).sort((a, b) => (a < b ? -1 : 1));
  const chosen = top.length === 1 ? top[0] : top[drawFor(input.seed, `schedule/${keyOf(input.pod)}/${input.attempt}`).below(top.length)];
  const decisionAt = (i: number): NodeDecision => ({
    name: feasible[i].name,
    verdicts: [],
    scores: scores.map((s) => ({
      plugin: s.plugin,
      raw: s.raw[i],
      normalized: s.normalized[i],
      weight: s.weight,
      weighted: s.normalized[i] * s.weight,
    })),
    total: totals[i],
  });
  const at = feasible.findIndex((machine) => machine.name === chosen);
  let second = -1;
  for (let i = 0; i < feasible.length; i++)
    if (
      i !== at &&
      (second < 0 || totals[i] > totals[second] || (totals[i] === totals[second] && feasible[i].name < feasible[second].name))
    )
      second = i;
  const index = record ? new Map(feasible.map((machine, i) => [machine.name, i])) : undefined;
  const nodes = index
    ? nodesOf().map((node) => {
        const i = index.get(node.name);
        return i === undefined ? node : { ...decisionAt(i), verdicts: node.verdicts };
      })
    : [];
  return {
    nodes,
    chosen,
    ...(top.length > 1 ? { tie: top } : {}),
    ...(scores.length > 0 ? { podium: { winner: decisionAt(at), ...(second < 0 ? {} : { second: decisionAt(second) }) } } : {}),
  };
}
