/** The scheduler's plugins, in upstream's default order. Upstream: pkg/scheduler/apis/config/v1/default_plugins.go (v1.36). */
import { assert } from '../../lib/assert.ts';
import type { SchedulerPlugin } from './plugin.ts';

const ORDER = [
  'SchedulingGates',
  'PrioritySort',
  'NodeUnschedulable',
  'NodeName',
  'TaintToleration',
  'NodeAffinity',
  'NodePorts',
  'NodeResourcesFit',
  'PodTopologySpread',
  'InterPodAffinity',
  'DefaultPreemption',
  'NodeResourcesBalancedAllocation',
  'ImageLocality',
  'DefaultBinder',
];
const files = import.meta.glob<SchedulerPlugin>('./plugins/*.ts', { eager: true, import: 'default' });
const rank = (plugin: SchedulerPlugin): number => {
  const at = ORDER.indexOf(plugin.name);
  return at < 0 ? ORDER.length : at;
};
export const plugins: readonly SchedulerPlugin[] = Object.keys(files)
  .sort((a, b) => (a < b ? -1 : 1))
  .map((path) => files[path])
  .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
assert(
  ORDER.every((name) => plugins.some((plugin) => plugin?.name === name)),
  'the default scheduler plugins were found',
);
export const pluginNamed = new Map(plugins.map((plugin) => [plugin.name, plugin]));
