/**
 * Spreads pods that belong together over machines and zones.
 * Upstream: plugins/podtopologyspread/{filtering,scoring}.go (v1.36), default constraints hostname 3 and zone 5, ScheduleAnyway. Simplified: nothing.
 */
import { ln } from '../../../lib/ln.ts';
import { withMore } from '../../../lib/with-more.ts';
import { fits, type MachineInfo, type SchedulerPlugin, type Verdict } from '../plugin.ts';
import { constraintsOf, countMatching, HOSTNAME, wrongSpreadArgs, type Constraint, type SpreadArgs } from '../spread-constraints.ts';

interface Hard extends Constraint {
  readonly counts: Map<string, number>;
  least: number;
  readonly self: number;
}
interface Soft extends Constraint {
  /** Per domain; per machine for the hostname. */
  readonly counts: ReadonlyMap<string, number>;
  readonly weight: number;
}
interface SoftState {
  readonly constraints: readonly Soft[];
  readonly ignored: ReadonlySet<string>;
}

const SKEWED: Verdict = { code: 'unschedulable', reasons: ["node(s) didn't match pod topology spread constraints"] };
const NO_LABEL: Verdict = {
  code: 'unresolvable',
  reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"],
};

const domainOf = (machine: MachineInfo, key: string): string | undefined => machine.node.metadata?.labels?.[key];
const hasAll = (machine: MachineInfo, constraints: readonly Constraint[]): boolean =>
  constraints.every(({ key }) => domainOf(machine, key) !== undefined);

export default {
  name: 'PodTopologySpread',
  weight: 2,
  retryOn: ['pods/added', 'pods/deleted', 'pods/updated', 'nodes/added', 'nodes/updated', 'nodes/deleted'],
  wrongArgs: (args) => wrongSpreadArgs((args ?? {}) as SpreadArgs),
  preFilter(context) {
    const { pod, machines } = context;
    const constraints = constraintsOf(context, 'DoNotSchedule');
    if (constraints.length === 0) return 'skip';
    const usable = machines.filter((machine) => hasAll(machine, constraints));
    return { state: constraints.map((c) => hard(c, usable, pod.metadata?.labels ?? {})) };
  },
  preFilterExtensions: {
    clone: (state) => (state as readonly Hard[]).map((c) => ({ ...c, counts: new Map(c.counts) })),
    update({ pod, state }, { other, machine, by }) {
      const constraints = state as readonly Hard[];
      if (other.metadata?.namespace !== pod.metadata?.namespace || !hasAll(machine, constraints)) return;
      for (const c of constraints) {
        if (!c.matches(other.metadata?.labels ?? {}) || !c.includes(machine.node)) continue;
        const domain = domainOf(machine, c.key) ?? '';
        c.counts.set(domain, (c.counts.get(domain) ?? 0) + by);
        c.least = leastOf(c.counts, c.minDomains);
      }
    },
  },
  filter({ state }, machine) {
    for (const { key, maxSkew, counts, least, self } of state as readonly Hard[]) {
      const domain = domainOf(machine, key);
      if (domain === undefined) return NO_LABEL;
      if ((counts.get(domain) ?? 0) + self - least > maxSkew) return SKEWED;
    }
    return fits;
  },
  preScore(context) {
    const { pod, machines, feasible, args } = context;
    const constraints = constraintsOf(context, 'ScheduleAnyway');
    if (constraints.length === 0) return 'skip';
    const needsAll = (pod.spec?.topologySpreadConstraints ?? []).length > 0 || (args as SpreadArgs | undefined)?.defaultingType === 'List';
    const ignored = new Set(needsAll ? feasible.filter((machine) => !hasAll(machine, constraints)).map((machine) => machine.name) : []);
    return {
      state: {
        ignored,
        constraints: constraints.map((c) =>
          soft(
            c,
            feasible.filter((m) => !ignored.has(m.name)),
            needsAll ? machines.filter((m) => hasAll(m, constraints)) : machines,
          ),
        ),
      } satisfies SoftState,
    };
  },
  score({ state }, machine) {
    const { constraints, ignored } = state as SoftState;
    if (ignored.has(machine.name)) return 0;
    let score = 0;
    for (const constraint of constraints) {
      const domain = domainOf(machine, constraint.key);
      if (domain === undefined) continue;
      const count = constraint.key === HOSTNAME ? countMatching(machine, constraint) : (constraint.counts.get(domain) ?? 0);
      score += count * constraint.weight + (constraint.maxSkew - 1);
    }
    return Math.round(score);
  },
  normalize({ state, feasible }, scores) {
    const { ignored } = state as SoftState;
    let least = Number.MAX_SAFE_INTEGER;
    let most = 0;
    scores.forEach((score, i) => {
      if (!ignored.has(feasible[i].name)) {
        if (score < least) least = score;
        if (score > most) most = score;
      }
    });
    return scores.map((score, i) =>
      ignored.has(feasible[i].name) ? 0 : most === 0 ? 100 : Math.floor((100 * (most + least - score)) / most),
    );
  },
} satisfies SchedulerPlugin;

function hard(constraint: Constraint, usable: readonly MachineInfo[], labels: Readonly<Record<string, string>>): Hard {
  const counts = new Map<string, number>();
  for (const machine of usable) {
    const domain = domainOf(machine, constraint.key);
    if (domain !== undefined && constraint.includes(machine.node))
      counts.set(domain, (counts.get(domain) ?? 0) + countMatching(machine, constraint));
  }
  return withMore(constraint, { counts, least: leastOf(counts, constraint.minDomains), self: constraint.matches(labels) ? 1 : 0 });
}

function leastOf(counts: ReadonlyMap<string, number>, minDomains: number): number {
  if (counts.size < minDomains) return 0;
  let least = Number.MAX_SAFE_INTEGER;
  for (const count of counts.values()) if (count < least) least = count;
  return least;
}

/** Domains are those of the candidates; pods in them are counted on every machine. The hostname is counted machine by machine when scored. */
function soft(constraint: Constraint, candidates: readonly MachineInfo[], all: readonly MachineInfo[]): Soft {
  const counts = new Map<string, number>();
  if (constraint.key === HOSTNAME) return withMore(constraint, { counts, weight: ln(candidates.length + 2) });
  for (const machine of candidates) counts.set(domainOf(machine, constraint.key) ?? '', 0);
  const hasLabels = counts.size > 1 || !counts.has('');
  if (hasLabels) {
    for (const machine of all) {
      const domain = domainOf(machine, constraint.key) ?? '';
      const count = counts.get(domain);
      if (count !== undefined && constraint.includes(machine.node)) counts.set(domain, count + countMatching(machine, constraint));
    }
  }
  return withMore(constraint, { counts, weight: ln(counts.size + 2) });
}
