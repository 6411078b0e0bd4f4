/**
 * Which plugins run, with what weight and arguments: the default profile, or one read from a KubeSchedulerConfiguration.
 * Upstream: pkg/scheduler/apis/config/v1/default_plugins.go mergePlugins, staging/src/k8s.io/kube-scheduler/config/v1/types.go (v1.36).
 * Simplified: the order of plugins is always the default one.
 */
import type { SchedulerPlugin } from './plugin.ts';
import { plugins } from './registry.ts';

export interface ProfilePlugin {
  readonly plugin: SchedulerPlugin;
  readonly weight: number;
  readonly args: unknown;
}
export interface Profile {
  readonly name: string;
  readonly plugins: readonly ProfilePlugin[];
  /** 0: adaptive. */
  readonly percentageOfNodesToScore: number;
}

interface PluginRef {
  readonly name: string;
  readonly weight?: number;
}
interface PluginSet {
  readonly enabled?: readonly PluginRef[];
  readonly disabled?: readonly PluginRef[];
}
interface ProfileConfiguration {
  readonly schedulerName?: string;
  readonly percentageOfNodesToScore?: number;
  readonly plugins?: Readonly<Record<string, PluginSet>>;
  readonly pluginConfig?: readonly { readonly name: string; readonly args?: unknown }[];
}
export interface Configuration {
  readonly percentageOfNodesToScore?: number;
  readonly profiles?: readonly ProfileConfiguration[];
}

export const DEFAULT_NAME = 'default-scheduler';

/** The profile of that name; without a name the first. Undefined when the configuration has none of that name. */
export function profileOf(configuration: unknown, schedulerName?: string): Profile | undefined {
  const read = (configuration ?? {}) as Configuration;
  const profiles = read.profiles ?? [{}];
  const found = schedulerName === undefined ? profiles[0] : profiles.find((p) => (p.schedulerName ?? DEFAULT_NAME) === schedulerName);
  if (!found) return undefined;
  const args = new Map((found.pluginConfig ?? []).map((config) => [config.name, config.args]));
  const chosen = plugins.flatMap((plugin): readonly ProfilePlugin[] => {
    const masked = maskedBy(found.plugins ?? {}, plugin);
    return masked ? [{ plugin: masked, weight: weightIn(found.plugins ?? {}, plugin), args: args.get(plugin.name) }] : [];
  });
  return {
    name: found.schedulerName ?? DEFAULT_NAME,
    percentageOfNodesToScore: found.percentageOfNodesToScore ?? read.percentageOfNodesToScore ?? 0,
    plugins: chosen,
  };
}

type Points = Readonly<Record<string, PluginSet>>;
const POINTS = ['preEnqueue', 'preFilter', 'filter', 'postFilter', 'preScore', 'score', 'normalize'] as const;
/** Score owns its preparation and its normalising. */
const POINT_OF: Readonly<Record<string, string>> = { normalize: 'score', preScore: 'score' };
const has = (refs: readonly PluginRef[] | undefined, name: string): boolean => (refs ?? []).some((ref) => ref.name === name);
const drops = (set: PluginSet | undefined, name: string): boolean => has(set?.disabled, name) || has(set?.disabled, '*');

/** Whether a plugin runs at a point: named there, or by default and dropped neither there nor at all points. */
function runsAt(points: Points, point: string, name: string): boolean {
  const [own, all] = [points[point], points.multiPoint];
  return has(own?.enabled, name) || (!drops(own, name) && (has(all?.enabled, name) || !drops(all, name)));
}

/** The plugin without the extension points that are off for it; undefined when none is left. */
function maskedBy(points: Points, plugin: SchedulerPlugin): SchedulerPlugin | undefined {
  const off = POINTS.filter((point) => Object.hasOwn(plugin, point) && !runsAt(points, POINT_OF[point] ?? point, plugin.name));
  if (off.length === 0)
    return runsAt(points, 'multiPoint', plugin.name) || POINTS.some((point) => Object.hasOwn(plugin, point)) ? plugin : undefined;
  if (POINTS.every((point) => !Object.hasOwn(plugin, point) || off.includes(point))) return undefined;
  return Object.fromEntries(
    Object.entries(plugin).filter(([key]) => !(off as readonly string[]).includes(key)),
  ) as unknown as SchedulerPlugin;
}

const weightIn = (points: Points, plugin: SchedulerPlugin): number =>
  points.score?.enabled?.find((ref) => ref.name === plugin.name)?.weight ||
  points.multiPoint?.enabled?.find((ref) => ref.name === plugin.name)?.weight ||
  (plugin.weight ?? 1);

export const defaultProfile: Profile = {
  name: DEFAULT_NAME,
  percentageOfNodesToScore: 0,
  plugins: plugins.map((plugin) => ({ plugin, weight: plugin.weight ?? 1, args: undefined })),
};
