/** The scheduler's plugins, in upstream's default order. Upstream: pkg/scheduler/apis/config/v1/default_plugins.go (v1.36). */
import { assert } from '../../lib/assert.ts';
import type { SchedulerPlugin } from './plugin.ts';

const ORDER = ['SchedulingGates', 'NodeUnschedulable', 'NodeName', 'TaintToleration', 'NodeAffinity', 'NodePorts', 'NodeResourcesFit', 'PodTopologySpread', 'NodeResourcesBalancedAllocation', 'ImageLocality'];
const files = import.meta.glob<SchedulerPlugin>('./plugins/*.ts', { eager: true, import: 'default' });
const rank = (plugin: SchedulerPlugin): number => { const at = ORDER.indexOf(plugin.name); return at < 0 ? ORDER.length : at; };
export const plugins: readonly SchedulerPlugin[] = Object.keys(files).map((path) => files[path]).sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
assert(plugins.length >= ORDER.length, 'the default scheduler plugins were found');
