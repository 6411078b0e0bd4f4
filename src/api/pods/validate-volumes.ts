/** A pod's volumes. Upstream: pkg/apis/core/validation/validation.go ValidateVolumes (v1.36). Simplified: only the sources that every cluster has are looked into. */
import { duplicate, forbidden, invalid, notSupported, oneOf, required, tooLong, type FieldError } from '../machinery/field-error.ts';
import { checkName, malformedName, nameErrors } from '../machinery/names.ts';
import { quantity } from '../machinery/quantity.ts';
import type { V1KeyToPath, V1ProjectedVolumeSource, V1Volume } from '../schema/kubernetes.ts';
import { validateDownwardFile } from './validate-downward.ts';
import { backstepErrors, descendingErrors, localPathErrors, modeErrors, validateKeyToPath } from './validate-paths.ts';

/** `sound`: those with nothing wrong, by name; only they can be mounted. */
export function validateVolumes(
  volumes: readonly V1Volume[] | undefined,
  at: string,
): { readonly errors: readonly FieldError[]; readonly sound: ReadonlyMap<string, V1Volume> } {
  const sound = new Map<string, V1Volume>();
  const errors = (volumes ?? []).flatMap((volume, i) => {
    const field = `${at}[${i}]`;
    const own = [
      ...validateSource(volume, field),
      ...(volume.name ? checkName(volume.name, `${field}.name`, 'label') : [required(`${field}.name`)]),
      ...(sound.has(volume.name) ? [duplicate(`${field}.name`, volume.name)] : []),
    ];
    if (own.length === 0) sound.set(volume.name, volume);
    return own;
  });
  return { errors, sound };
}

/** In the order in which upstream looks at them; only the first is looked into. */
const SOURCES = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
] as const;
/** Upstream spells two of them its own way. */
const AS_SPELT: Readonly<Record<string, string>> = { downwardAPI: 'downwarAPI', cephfs: 'cephFS' };

function validateSource(volume: V1Volume, at: string): readonly FieldError[] {
  const [first, ...others] = SOURCES.filter((source) => volume[source]);
  if (first === undefined) return [required(at, 'must specify a volume type')];
  return [
    ...sourceErrors(volume, first, `${at}.${first}`),
    ...others.map((source) => forbidden(`${at}.${AS_SPELT[source] ?? source}`, 'may not specify more than 1 volume type')),
  ];
}

function sourceErrors(
  { emptyDir, hostPath, secret, configMap, downwardAPI, projected, persistentVolumeClaim, nfs, csi, ephemeral, image, gitRepo }: V1Volume,
  kind: string,
  at: string,
): readonly FieldError[] {
  switch (kind) {
    case 'emptyDir':
      return quantity(emptyDir?.sizeLimit) < 0 ? [forbidden(`${at}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')] : [];
    case 'hostPath':
      return hostPathErrors(hostPath?.path ?? '', hostPath?.type, at);
    case 'secret':
      return [
        ...(secret?.secretName ? [] : [required(`${at}.secretName`)]),
        ...modeErrors(secret?.defaultMode, `${at}.defaultMode`),
        ...itemErrors(secret?.items, at),
      ];
    case 'configMap':
      return [
        ...(configMap?.name ? [] : [required(`${at}.name`)]),
        ...modeErrors(configMap?.defaultMode, `${at}.defaultMode`),
        ...itemErrors(configMap?.items, at),
      ];
    case 'downwardAPI':
      return [
        ...modeErrors(downwardAPI?.defaultMode, `${at}.defaultMode`),
        ...(downwardAPI?.items ?? []).flatMap((file) => validateDownwardFile(file, at)),
      ];
    case 'projected':
      return projected ? projectedErrors(projected, at) : [];
    case 'persistentVolumeClaim':
      return persistentVolumeClaim?.claimName ? [] : [required(`${at}.claimName`)];
    case 'nfs':
      return [
        ...(nfs?.server ? [] : [required(`${at}.server`)]),
        ...(nfs?.path ? [] : [required(`${at}.path`)]),
        ...(nfs?.path?.startsWith('/') ? [] : [invalid(`${at}.path`, nfs?.path ?? '', 'must be an absolute path')]),
      ];
    case 'gitRepo':
      return [
        ...(gitRepo?.repository ? [] : [required(`${at}.repository`)]),
        ...descendingErrors(gitRepo?.directory ?? '', `${at}.directory`),
      ];
    case 'csi':
      return csiErrors(csi?.driver ?? '', csi?.nodePublishSecretRef, at);
    case 'ephemeral':
      return ephemeral?.volumeClaimTemplate ? [] : [required(`${at}.volumeClaimTemplate`)];
    case 'image':
      return [
        ...(image?.reference ? [] : [required(`${at}.reference`)]),
        ...oneOf(image?.pullPolicy, `${at}.pullPolicy`, ['Always', 'IfNotPresent', 'Never']),
      ];
    default:
      return [];
  }
}

const LONGEST_DRIVER = 63;

function csiErrors(driver: string, secret: { readonly name?: string } | undefined, at: string): readonly FieldError[] {
  return [
    ...(driver ? [] : [required(`${at}.driver`)]),
    ...(driver.length > LONGEST_DRIVER ? [tooLong(`${at}.driver`, LONGEST_DRIVER)] : []),
    ...nameErrors(driver.toLowerCase()).map((why) => invalid(`${at}.driver`, driver, why)),
    ...(secret
      ? secret.name
        ? malformedName(secret.name, `${at}.nodePublishSecretRef.name`)
        : [required(`${at}.nodePublishSecretRef.name`)]
      : []),
  ];
}

const itemErrors = (items: readonly V1KeyToPath[] | undefined, at: string): readonly FieldError[] =>
  (items ?? []).flatMap((item, i) => validateKeyToPath(item, `${at}.items[${i}]`));

const HOST_PATH_TYPES = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

function hostPathErrors(path: string, type: string | undefined, at: string): readonly FieldError[] {
  if (path === '') return [required(`${at}.path`)];
  return [
    ...backstepErrors(path, `${at}.path`),
    ...(HOST_PATH_TYPES.includes(type ?? '') ? [] : [notSupported(`${at}.type`, type, HOST_PATH_TYPES)]),
  ];
}

const LONGEST_TOKEN = 4_294_967_296;

/** No path may be written twice. */
function projectedErrors(projected: V1ProjectedVolumeSource, at: string): readonly FieldError[] {
  const paths = new Set<string>();
  const takeErrors = (path: string | undefined, value: string): readonly FieldError[] => {
    if (!path) return [];
    const isTaken = paths.has(path);
    paths.add(path);
    return isTaken ? [invalid(at, value, 'conflicting duplicate paths')] : [];
  };
  const sources = (projected.sources ?? []).flatMap((source, i) => {
    const field = `${at}.sources[${i}]`;
    const token = source.serviceAccountToken;
    return [
      ...(['secret', 'configMap'] as const).flatMap((kind) => {
        const from = source[kind];
        return from
          ? [
              ...(from.name ? [] : [required(`${field}.${kind}.name`)]),
              ...(from.items ?? []).flatMap((item, j) => [
                ...validateKeyToPath(item, `${field}.${kind}.items[${j}]`),
                ...takeErrors(item.path, from.name ?? ''),
              ]),
            ]
          : [];
      }),
      ...(source.downwardAPI?.items ?? []).flatMap((file) => [
        ...validateDownwardFile(file, `${field}.downwardAPI`),
        ...takeErrors(file.path, file.path),
      ]),
      ...(token && (token.expirationSeconds ?? 3600) < 600
        ? [
            invalid(
              `${field}.serviceAccountToken.expirationSeconds`,
              token.expirationSeconds,
              'may not specify a duration less than 10 minutes',
            ),
          ]
        : []),
      ...(token && (token.expirationSeconds ?? 3600) > LONGEST_TOKEN
        ? [
            invalid(
              `${field}.serviceAccountToken.expirationSeconds`,
              token.expirationSeconds,
              'may not specify a duration larger than 2^32 seconds',
            ),
          ]
        : []),
      ...(token ? (token.path ? localPathErrors(token.path, `${at}.path`) : [required(`${at}.path`)]) : []),
      ...(Object.values(source).filter((given) => given !== undefined && given !== null).length > 1
        ? [forbidden(field, 'may not specify more than 1 volume type')]
        : []),
    ];
  });
  return [...modeErrors(projected.defaultMode, `${at}.defaultMode`), ...sources];
}
