/** What a cluster cannot be opened with, and why, in one sentence. Upstream, of plugins: pkg/scheduler/framework/runtime/framework.go updatePluginList (v1.36). */
import { parseTime } from '../api/machinery/time.ts';
import { DEFAULT_NAME, type Configuration } from '../cluster/scheduler/profile.ts';
import { pluginNamed } from '../cluster/scheduler/registry.ts';
import type { EngineOptions } from './core.ts';

const KNOWN: Readonly<Record<'options' | 'topology' | 'machine', readonly string[]>> = {
  options: ['seed', 'topology', 'epoch'],
  topology: ['name', 'controlPlanes', 'workers', 'infraCIDR', 'serviceCIDR', 'podCIDR', 'schedulerConfiguration'],
  machine: ['name', 'cpu', 'memory', 'pods', 'ephemeralStorage', 'extended', 'labels', 'taints', 'podCIDR', 'podGateway', 'images'],
};
/** Upstream's plugins that do nothing here: there are no volumes and no devices. */
const WITHOUT_EFFECT: readonly string[] = ['DefaultPreemption', 'DynamicResources', 'NodeVolumeLimits', 'VolumeBinding', 'VolumeRestrictions', 'VolumeZone'];

/** Throws an Error that says what is wrong; what a topology's values may be is checked where it is planned. */
export function checkOptions(options: EngineOptions): void {
  const { seed, epoch, topology = {} } = options;
  const wrong = unknownKey('options', options) ?? wrongSeed(seed) ?? wrongEpoch(epoch) ?? unknownKey('topology', topology) ?? (Array.isArray(topology.workers) ? (topology.workers as readonly object[]).map((m) => unknownKey('machine', m)).find((why) => why !== undefined) : undefined) ?? wrongPlugin(topology.schedulerConfiguration);
  if (wrong !== undefined) throw new Error(wrong);
}

const wrongSeed = (seed: unknown): string | undefined => (seed === undefined || Number.isSafeInteger(seed) ? undefined : `seed is a whole number, not ${String(seed)}`);

const wrongEpoch = (epoch: unknown): string | undefined => (epoch === undefined || (typeof epoch === 'string' && Number.isInteger(parseTime(epoch) / 1000)) ? undefined : `epoch is an instant of whole seconds such as 2026-05-04T09:00:00Z, not ${JSON.stringify(epoch)}`);

function unknownKey(of: keyof typeof KNOWN, value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return `${of} is an object, not ${JSON.stringify(value)}`;
  const key = Object.keys(value).find((k) => !KNOWN[of].includes(k));
  return key === undefined ? undefined : `${of} has no field ${JSON.stringify(key)}: ${KNOWN[of].join(', ')}`;
}

function wrongPlugin(configuration: object | undefined): string | undefined {
  for (const { schedulerName = DEFAULT_NAME, plugins = {} } of (configuration as Configuration | undefined)?.profiles ?? []) {
    for (const [point, set] of Object.entries(plugins)) {
      const name = (set?.enabled ?? []).map((ref) => ref.name).find((n) => n !== '*' && !pluginNamed.has(n) && !WITHOUT_EFFECT.includes(n));
      if (name !== undefined) return `schedulerConfiguration: profile ${schedulerName}: ${point} plugin ${JSON.stringify(name)} does not exist`;
    }
  }
  return undefined;
}
