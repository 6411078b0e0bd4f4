/** PreFilterExtensions, as TestPreFilterStateAddPod and TestPreFilterStateRemovePod of interpodaffinity/filtering_test.go and podtopologyspread/filtering_test.go ask: what followed is what would be computed anew. */
import { describe, expect, it } from 'vitest';
import { keyOf } from '../../../src/api/object.ts';
import type { V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { cacheOf } from '../../../src/cluster/client/indexed-cache.ts';
import { addPod, createFleet, machineInfos, setNode } from '../../../src/cluster/scheduler/machine-info.ts';
import type { CycleContext, SchedulerPlugin } from '../../../src/cluster/scheduler/plugin.ts';
import interPodAffinity from '../../../src/cluster/scheduler/plugins/inter-pod-affinity.ts';
import podTopologySpread from '../../../src/cluster/scheduler/plugins/pod-topology-spread.ts';
import { HIGH, LOW, machine, make } from './preemption-objects.ts';

describe('the state of a preFilter follows pods that leave and come', () => {
  const term = (key: string) => ({ labelSelector: { matchLabels: { app: 'x' } }, topologyKey: key });
  const rules = {
    affinity: {
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term('zone')] },
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term('hostname')] },
    },
    topologySpreadConstraints: ['zone', 'hostname'].map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'x' } },
    })),
  };
  const x = { labels: { app: 'x' } };
  const pods = [
    make('a1', 'a', LOW, undefined, x),
    make('a2', 'a', LOW, undefined, { ...x, spec: { affinity: rules.affinity } }),
    make('b1', 'b', LOW),
    make('b2', 'b', LOW, undefined, x),
    make('c1', 'c', LOW, undefined, x),
  ];
  const contextOf = (there: readonly V1Pod[]): CycleContext => {
    const fleet = createFleet();
    for (const path of ['a/z1', 'b/z1', 'c/z2']) {
      const n = machine(path);
      setNode(fleet, n.metadata?.name ?? '', n);
    }
    for (const p of there) addPod(fleet, p.spec?.nodeName ?? '', keyOf(p), p);
    return {
      pod: make('p', undefined, HIGH, undefined, { ...x, spec: rules }),
      machines: machineInfos(fleet),
      feasible: [],
      imageHolders: new Map(),
      groups: fleet.groups,
      cache: cacheOf([]),
      args: undefined,
      state: undefined,
    };
  };
  const stateOf = (plugin: SchedulerPlugin, there: readonly V1Pod[]): unknown => {
    const outcome = plugin.preFilter?.(contextOf(there));
    return outcome && outcome !== 'skip' && 'state' in outcome ? outcome.state : undefined;
  };
  const told = (state: unknown): string =>
    JSON.stringify(state, (key, value) => (value instanceof Map ? [...value].sort() : key === 'concerns' ? undefined : value));
  const plugins: readonly SchedulerPlugin[] = [interPodAffinity, podTopologySpread];
  for (const plugin of plugins) {
    for (const gone of pods) {
      it(`${plugin.name}: without ${gone.metadata?.name}, and with it again`, () => {
        const all = contextOf(pods);
        const [before, fresh] = [
          stateOf(plugin, pods),
          stateOf(
            plugin,
            pods.filter((p) => p !== gone),
          ),
        ];
        const state = plugin.preFilterExtensions?.clone(before);
        const change = { other: gone, machine: all.machines.find((m) => m.name === gone.spec?.nodeName) ?? all.machines[0] };
        plugin.preFilterExtensions?.update({ ...all, state }, { ...change, by: -1 });
        expect(told(state)).toBe(told(fresh));
        plugin.preFilterExtensions?.update({ ...all, state }, { ...change, by: 1 });
        expect(told(state)).toBe(told(before));
      });
    }
  }
});
