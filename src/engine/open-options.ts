/**
 * What a cluster cannot be opened with, and why, in one sentence.
 * Upstream, of plugins: pkg/scheduler/framework/runtime/framework.go updatePluginList; of their arguments and of profiles: pkg/scheduler/apis/config/validation/validation.go ValidateKubeSchedulerConfiguration (v1.36).
 */
import { duplicate, invalid, type FieldError } from '../api/machinery/field-error.ts';
import { parseTime } from '../api/machinery/time.ts';
import { isList, isRecord } from '../api/machinery/patch/values.ts';
import { DEFAULT_NAME, type Configuration } from '../cluster/scheduler/profile.ts';
import { pluginNamed } from '../cluster/scheduler/registry.ts';
import { unreadableArgs } from './plugin-args.ts';
import { told, wrongShape, type Shape } from './shape.ts';

/** What a field's values may be is checked below, or where a topology is planned. */
export const OPTIONS = { 'seed?': 'anything', 'topology?': 'anything', 'epoch?': 'anything' } satisfies Shape;
const TOPOLOGY: Shape = {
  'name?': 'anything',
  'controlPlanes?': 'anything',
  'workers?': 'anything',
  'infraCIDR?': 'a string',
  'serviceCIDR?': 'a string',
  'podCIDR?': 'a string',
  'schedulerConfiguration?': 'an object',
};
const MACHINE: Shape = {
  'name?': 'a string',
  'cpu?': 'a string',
  'memory?': 'a string',
  'pods?': 'anything',
  'ephemeralStorage?': 'a string',
  'extended?': 'an object',
  'labels?': 'an object',
  'taints?': 'a list',
  'podCIDR?': 'a string',
  'podGateway?': 'a string',
  'images?': 'a list',
};
/** Upstream's plugins that do nothing here: there are no volumes and no devices. */
const WITHOUT_EFFECT: readonly string[] = ['DynamicResources', 'NodeVolumeLimits', 'VolumeBinding', 'VolumeRestrictions', 'VolumeZone'];

/** Throws an Error that says what is wrong. */
export function checkOptions(options: unknown): void {
  const wrong = wrongShape('options', options, OPTIONS) ?? wrongOptions(options as object);
  if (wrong !== undefined) throw new Error(wrong);
}

/** Of what options and sessions have in common. */
export function wrongOptions({
  seed,
  epoch,
  topology = {},
}: {
  readonly seed?: unknown;
  readonly epoch?: unknown;
  readonly topology?: unknown;
}): string | undefined {
  return (
    wrongSeed(seed) ??
    wrongEpoch(epoch) ??
    wrongShape('topology', topology, TOPOLOGY) ??
    wrongMachines((topology as { readonly workers?: unknown }).workers) ??
    wrongPlugin((topology as { readonly schedulerConfiguration?: Configuration }).schedulerConfiguration)
  );
}

const wrongSeed = (seed: unknown): string | undefined =>
  seed === undefined || Number.isSafeInteger(seed) ? undefined : `seed is a whole number, not ${told(seed)}`;

const wrongEpoch = (epoch: unknown): string | undefined =>
  epoch === undefined || (typeof epoch === 'string' && Number.isInteger(parseTime(epoch) / 1000))
    ? undefined
    : `epoch is an instant of whole seconds such as 2026-05-04T09:00:00Z, not ${told(epoch)}`;

const wrongMachines = (workers: unknown): string | undefined =>
  Array.isArray(workers) ? workers.map((machine) => wrongShape('machine', machine, MACHINE)).find((why) => why !== undefined) : undefined;

function wrongPlugin(configuration: Configuration | undefined): string | undefined {
  const malformed = wrongLists(configuration);
  if (malformed !== undefined) return `schedulerConfiguration: ${malformed}`;
  for (const { schedulerName = DEFAULT_NAME, plugins = {} } of configuration?.profiles ?? []) {
    for (const [point, set] of Object.entries(plugins)) {
      const name = (set?.enabled ?? []).map((ref) => ref.name).find((n) => n !== '*' && !pluginNamed.has(n) && !WITHOUT_EFFECT.includes(n));
      if (name !== undefined)
        return `schedulerConfiguration: profile ${schedulerName}: ${point} plugin ${JSON.stringify(name)} does not exist`;
    }
  }
  return wrongValues(configuration ?? {});
}

/** What is no list of objects; fields that nobody knows are passed over, as upstream's are checked elsewhere. */
function wrongLists(configuration: Configuration | undefined): string | undefined {
  const list = (at: string, value: unknown): string | undefined =>
    value === undefined
      ? undefined
      : isList(value)
        ? value.map((one, i) => (isRecord(one) ? undefined : `${at}[${i}] is an object, not ${told(one)}`)).find(Boolean)
        : `${at} is a list, not ${told(value)}`;
  return (
    list('profiles', configuration?.profiles) ??
    (configuration?.profiles ?? [])
      .flatMap(({ plugins = {}, pluginConfig }, i) => [
        list(`profiles[${i}].pluginConfig`, pluginConfig),
        ...(isList(pluginConfig)
          ? pluginConfig.map((config, j) =>
              isRecord(config) ? unreadableArgs(`profiles[${i}].pluginConfig[${j}].args`, config.name, config.args) : undefined,
            )
          : []),
        ...(isRecord(plugins)
          ? Object.entries(plugins).flatMap(([point, set]) => [
              list(`profiles[${i}].plugins.${point}.enabled`, set?.enabled),
              list(`profiles[${i}].plugins.${point}.disabled`, set?.disabled),
            ])
          : [`profiles[${i}].plugins is an object, not ${told(plugins)}`]),
      ])
      .find(Boolean)
  );
}

function wrongValues({ percentageOfNodesToScore, profiles = [] }: Configuration): string | undefined {
  const wrong = [
    ...profiles.flatMap(({ schedulerName = DEFAULT_NAME, percentageOfNodesToScore: share, pluginConfig = [] }, i) => {
      const at = `profiles[${i}]`;
      const same = profiles.findIndex((profile) => (profile.schedulerName ?? DEFAULT_NAME) === schedulerName);
      return [
        ...wrongShare(share, `${at}.percentageOfNodesToScore`),
        ...pluginConfig.flatMap(({ name, args }, j) => [
          ...(pluginConfig.findIndex((config) => config.name === name) < j ? [duplicate(`${at}.pluginConfig[${j}]`, name)] : []),
          ...(pluginNamed.get(name)?.wrongArgs?.(args) ?? []).map((why) => ({
            ...why,
            field: `${at}.pluginConfig[${j}].args.${why.field}`,
          })),
        ]),
        ...(same < i ? [duplicate(`${at}.schedulerName`, `profiles[${same}].schedulerName`)] : []),
      ];
    }),
    ...wrongShare(percentageOfNodesToScore, 'percentageOfNodesToScore'),
  ].map(({ field, message }) => `${field}: ${message}`);
  return wrong.length === 0 ? undefined : `schedulerConfiguration: ${wrong.length === 1 ? wrong[0] : `[${wrong.join(', ')}]`}`;
}

const wrongShare = (share: number | undefined, field: string): readonly FieldError[] =>
  share === undefined || (Number.isInteger(share) && share >= 0 && share <= 100)
    ? []
    : [invalid(field, share, 'not in valid range [0-100]')];
