/** Pods, machines and the framework of upstream's tables of preemption: pkg/scheduler/framework/plugins/defaultpreemption/default_preemption_test.go (v1.36). */
import { keyOf } from '../../../src/api/object.ts';
import type { V1Node, V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { cacheOf } from '../../../src/cluster/client/indexed-cache.ts';
import { openTrial, type Active } from '../../../src/cluster/scheduler/filtering.ts';
import { addPod, createFleet, machineInfos, setNode } from '../../../src/cluster/scheduler/machine-info.ts';
import type { CycleContext, PostFilterContext, SchedulerPlugin, Verdict } from '../../../src/cluster/scheduler/plugin.ts';
import fit from '../../../src/cluster/scheduler/plugins/node-resources-fit.ts';
import { node } from './objects.ts';

export const [NEG, LOW, MID, HIGH, VERY_HIGH] = [-100, 0, 100, 1000, 10000];
export const [SMALL, MEDIUM, LARGE, VERY_LARGE] = [1, 2, 3, 5].map((n) => ({ cpu: `${n}00m`, memory: `${n}00` }));
export type Amounts = Readonly<Record<string, string>>;
export interface More {
  readonly labels?: Readonly<Record<string, string>>;
  readonly start?: number;
  readonly spec?: object;
  readonly status?: object;
  readonly metadata?: object;
}

/** A pod of upstream's tables; `start`: seconds after 1970 for its nanoseconds. */
export function make(
  name: string,
  at: string | undefined,
  priority: number,
  requests?: Amounts,
  { labels, start, spec, status, metadata }: More = {},
): V1Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: name, ...(labels ? { labels } : {}), ...metadata },
    spec: {
      priority,
      containers: [{ name: 'c', image: 'pause', ...(requests ? { resources: { requests } } : {}) }],
      ...(at === undefined ? {} : { nodeName: at }),
      ...spec,
    },
    ...(start === undefined && !status
      ? {}
      : { status: { ...(start === undefined ? {} : { startTime: `1970-01-01T00:00:0${start}Z` }), ...status } }),
  };
}
/** 'node-a/zone1' has the labels hostname and zone. */
export const machine = (path: string, amounts: Amounts = VERY_LARGE): V1Node => {
  const [name, zone] = path.split('/');
  return node(name, { pods: '32', ...amounts }, { metadata: { labels: { hostname: name, ...(zone ? { zone } : {}) } } });
};

export interface Bench {
  readonly pod: V1Pod;
  readonly nodes: readonly V1Node[];
  readonly pods: readonly V1Pod[];
  readonly plugins?: readonly SchedulerPlugin[];
  /** Machines that may be looked at; all. */
  readonly potential?: readonly string[];
  readonly args?: object;
  readonly offset?: number;
  /** What the fake filter says. */
  readonly says?: Verdict;
}
/** The framework of upstream's tables: a fake filter that counts, then the plugins that are registered. */
export function bench({ pod, nodes, pods, plugins = [fit], potential, args, offset = 0, says = { code: 'fits' } }: Bench): {
  readonly context: PostFilterContext;
  readonly calls: () => number;
} {
  const fleet = createFleet();
  for (const n of nodes) setNode(fleet, n.metadata?.name ?? '', n);
  for (const p of pods) addPod(fleet, p.spec?.nodeName ?? '', keyOf(p), p);
  const machines = machineInfos(fleet);
  let calls = 0;
  const fake: SchedulerPlugin = {
    name: 'FakeFilter',
    filter: () => {
      calls++;
      return says;
    },
  };
  const base: CycleContext = {
    pod,
    machines,
    feasible: [],
    imageHolders: new Map(),
    groups: fleet.groups,
    cache: cacheOf([]),
    args: undefined,
    state: undefined,
  };
  const filters = [fake, ...plugins].flatMap((plugin): readonly Active[] => {
    const outcome = plugin.preFilter?.(base);
    return outcome === 'skip'
      ? []
      : [{ plugin, weight: 1, args: undefined, context: outcome && 'state' in outcome ? { ...base, state: outcome.state } : base }];
  });
  const context = {
    pod,
    args,
    machines,
    potential: potential ? machines.filter((m) => potential.includes(m.name)) : machines,
    trialOn: (m: (typeof machines)[number]) => openTrial(filters, m, []),
    draw: () => offset,
  };
  return { context, calls: () => calls };
}
