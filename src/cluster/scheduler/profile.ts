/**
 * Which plugins run, with what weight and arguments: the default profile, or one read from a KubeSchedulerConfiguration.
 * Upstream: pkg/scheduler/apis/config/v1/default_plugins.go mergePlugins, staging/src/k8s.io/kube-scheduler/config/v1/types.go (v1.36).
 * Simplified: enabled and disabled are read per plugin over all extension points.
 */
import type { SchedulerPlugin } from './plugin.ts';
import { plugins } from './registry.ts';

export interface ProfilePlugin { readonly plugin: SchedulerPlugin; readonly weight: number; readonly args: unknown }
export interface Profile {
  readonly name: string;
  readonly plugins: readonly ProfilePlugin[];
  /** 0: adaptive. */
  readonly percentageOfNodesToScore: number;
}

interface PluginRef { readonly name: string; readonly weight?: number }
interface PluginSet { readonly enabled?: readonly PluginRef[]; readonly disabled?: readonly PluginRef[] }
interface ProfileConfiguration { readonly schedulerName?: string; readonly percentageOfNodesToScore?: number; readonly plugins?: Readonly<Record<string, PluginSet>>; readonly pluginConfig?: readonly { readonly name: string; readonly args?: unknown }[] }
interface Configuration { readonly percentageOfNodesToScore?: number; readonly profiles?: readonly ProfileConfiguration[] }

export const DEFAULT_NAME = 'default-scheduler';

/** The profile of that name; without a name the first. Undefined when the configuration has none of that name. */
export function profileOf(configuration: unknown, schedulerName?: string): Profile | undefined {
  const read = (configuration ?? {}) as Configuration;
  const profiles = read.profiles ?? [{}];
  const found = schedulerName === undefined ? profiles[0] : profiles.find((p) => (p.schedulerName ?? DEFAULT_NAME) === schedulerName);
  if (!found) return undefined;
  const sets = Object.keys(found.plugins ?? {}).sort((a, b) => (a < b ? -1 : 1)).flatMap((point) => (found.plugins ? [found.plugins[point]] : []));
  const off = new Set(sets.flatMap((s) => s.disabled ?? []).map((ref) => ref.name));
  const on = new Map(sets.flatMap((s) => s.enabled ?? []).map((ref) => [ref.name, ref.weight]));
  const args = new Map((found.pluginConfig ?? []).map((config) => [config.name, config.args]));
  const chosen = plugins.filter((plugin) => on.has(plugin.name) || !(off.has('*') || off.has(plugin.name)));
  return {
    name: found.schedulerName ?? DEFAULT_NAME, percentageOfNodesToScore: found.percentageOfNodesToScore ?? read.percentageOfNodesToScore ?? 0,
    plugins: chosen.map((plugin) => ({ plugin, weight: on.get(plugin.name) || (plugin.weight ?? 1), args: args.get(plugin.name) })),
  };
}

export const defaultProfile: Profile = { name: DEFAULT_NAME, percentageOfNodesToScore: 0, plugins: plugins.map((plugin) => ({ plugin, weight: plugin.weight ?? 1, args: undefined })) };
