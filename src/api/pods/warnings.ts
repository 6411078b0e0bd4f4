/**
 * What is accepted of a pod and better written otherwise: kubectl prints it as `Warning: …`.
 * Upstream: pkg/api/pod/warnings.go, pkg/api/node/util.go, WarningsOnCreate and WarningsOnUpdate of the kinds' strategies (v1.36).
 * Simplified: none about the forms of addresses.
 */
import { nameErrors } from '../machinery/names.ts';
import { canonicalQuantity, cpuMilli } from '../machinery/quantity.ts';
import type { KubeObject } from '../object.ts';
import type { V1Container, V1ContainerPort, V1PodSpec, V1PodTemplateSpec } from '../schema/kubernetes.ts';

const OLD_LABELS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
    'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
    'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
    'app.kubernetes.io/created-by': 'deprecated since v1.9',
    'scheduler.alpha.kubernetes.io/preferAvoidPods': 'deprecated since v1.22; use Taints and Tolerations instead',
    'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
  }),
);
const OLD_ANNOTATIONS: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};
const OLD_VOLUMES: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};
/** As a path spells it: the field of the Go type. */
const PATH_NAMES: Readonly<Record<string, string>> = { storageos: 'storageOS' };
const WHOLE_BYTES = ['memory', 'ephemeral-storage'];
const NO_POD = 'a null labelSelector results in matching no pod';

type Pod = Pick<V1PodTemplateSpec, 'metadata' | 'spec'>;

/** Of a pod that is made; `at` is where it stands in a template, '' for a pod itself. Upstream's sentences, in its order. */
export function podWarnings({ metadata, spec }: Pod, at = ''): readonly string[] {
  if (!spec) return [];
  const annotations = metadata?.annotations ?? {};
  const from = at === '' ? 'spec' : `${at}.spec`;
  const inMetadata = `${at === '' ? '' : `${at}.`}metadata.annotations`;
  const containers = containersAt(spec, from);
  return [
    ...oldLabels(spec, from),
    ...spreads(spec, from),
    ...Object.keys(OLD_ANNOTATIONS).flatMap((key) => (key in annotations ? [`${inMetadata}[${key}]: ${OLD_ANNOTATIONS[key]}`] : [])),
    ...(spec.volumes ?? []).flatMap((volume, i) =>
      Object.keys(OLD_VOLUMES).flatMap((type) =>
        type in volume ? [`${from}.volumes[${i}].${PATH_NAMES[type] ?? type}: ${OLD_VOLUMES[type]}`] : [],
      ),
    ),
    ...repeated(
      spec.hostAliases ?? [],
      (alias) => alias.ip ?? '',
      (i, ip) => `${from}.hostAliases[${i}].ip: duplicate ip "${ip}"`,
    ),
    ...repeated(
      spec.imagePullSecrets ?? [],
      (secret) => secret.name ?? '',
      (i, name) => `${from}.imagePullSecrets[${i}].name: duplicate name "${name}"`,
    ),
    ...(spec.imagePullSecrets ?? []).flatMap(({ name }, i) => (name ? [] : [`${from}.imagePullSecrets[${i}].name: invalid empty name ""`])),
    ...WHOLE_BYTES.flatMap((name) => fraction(spec.overhead, name, `${from}.overhead`)),
    ...(spec.securityContext?.seccompProfile ? [] : seccomp(annotations, inMetadata, 'seccomp.security.alpha.kubernetes.io/pod')),
    ...containers.flatMap((one) => containerWarnings(one, annotations, inMetadata, spec, at !== '')),
    ...portWarnings(containers),
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0
      ? [`${from}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
    ...affinities(spec, from),
  ];
}

/** Of a name that makes a strange hostname; `use`: what the name is used in. */
function nameWarnings({ metadata }: KubeObject, use: string): readonly string[] {
  const why = nameErrors(metadata?.name ?? '', 'label');
  return why.length === 0
    ? []
    : [`metadata.name: this is used in ${use}, which can result in surprising behavior; a DNS label is recommended: [${why.join(' ')}]`];
}

/** Of an object whose pods are made from a template: `name` is what its pods are named after. */
export function workloadWarnings(object: KubeObject & { readonly spec?: { readonly template?: Pod } }): readonly string[] {
  return [...nameWarnings(object, 'Pod names and hostnames'), ...templateWarnings(object)];
}

export const templateWarnings = ({ spec }: { readonly spec?: { readonly template?: Pod } }): readonly string[] =>
  podWarnings(spec?.template ?? {}, 'spec.template');

/** Nothing is said again of a template that has not changed. */
export const changedWarnings = (next: KubeObject & { readonly spec?: { readonly template?: Pod } }, old: KubeObject): readonly string[] =>
  next.metadata?.generation === old.metadata?.generation ? [] : templateWarnings(next);

/** Of a pod by itself. */
export function ownPodWarnings(pod: KubeObject & Pod): readonly string[] {
  return [...nameWarnings(pod, "the Pod's hostname"), ...podWarnings(pod)];
}

interface Placed {
  readonly container: V1Container;
  readonly at: string;
}

const containersAt = (spec: V1PodSpec, from: string): readonly Placed[] =>
  (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) =>
    (spec[list] ?? []).map((container, i) => ({ container: container as V1Container, at: `${from}.${list}[${i}]` })),
  );

function oldLabels({ nodeSelector, affinity }: V1PodSpec, from: string): readonly string[] {
  const node = affinity?.nodeAffinity;
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
  const terms = [
    ...(node?.[required]?.nodeSelectorTerms ?? []).map((term, i) => ({ term, at: `${required}.nodeSelectorTerms[${i}]` })),
    ...(node?.[preferred] ?? []).map(({ preference }, i) => ({ term: preference, at: `${preferred}[${i}].preference` })),
  ];
  return [
    ...Object.keys(nodeSelector ?? {})
      .sort((a, b) => (a < b ? -1 : 1))
      .flatMap((key) => (OLD_LABELS.has(key) ? [`${from}.nodeSelector[${key}]: ${OLD_LABELS.get(key)}`] : [])),
    ...terms.flatMap(({ term, at }) =>
      (term.matchExpressions ?? []).flatMap(({ key }, i) =>
        OLD_LABELS.has(key) ? [`${from}.affinity.nodeAffinity.${at}.matchExpressions[${i}].key: ${key} is ${OLD_LABELS.get(key)}`] : [],
      ),
    ),
  ];
}

const spreads = ({ topologySpreadConstraints = [] }: V1PodSpec, from: string): readonly string[] =>
  topologySpreadConstraints.flatMap(({ topologyKey, labelSelector }, i) => [
    ...(OLD_LABELS.has(topologyKey)
      ? [`${from}.topologySpreadConstraints[${i}].topologyKey: ${topologyKey} is ${OLD_LABELS.get(topologyKey)}`]
      : []),
    ...(labelSelector ? [] : [`${from}.topologySpreadConstraints[${i}].labelSelector: ${NO_POD}`]),
  ]);

const seccomp = (annotations: Readonly<Record<string, string>>, at: string, key: string): readonly string[] =>
  key in annotations ? [`${at}[${key}]: non-functional in v1.27+; use the "seccompProfile" field instead`] : [];

/** Bytes come whole. */
function fraction(amounts: Readonly<Record<string, string>> | undefined, name: string, at: string): readonly string[] {
  const amount = amounts?.[name];
  return amount !== undefined && cpuMilli(amount) % 1000 !== 0
    ? [`${at}[${name}]: fractional byte value "${canonicalQuantity(amount)}" is invalid, must be an integer`]
    : [];
}

function containerWarnings(
  { container, at }: Placed,
  annotations: Readonly<Record<string, string>>,
  inMetadata: string,
  pod: V1PodSpec,
  isTemplate: boolean,
): readonly string[] {
  const { name, securityContext, resources, env = [] } = container;
  const armor = `container.apparmor.security.beta.kubernetes.io/${name}`;
  const hasArmor = pod.securityContext?.appArmorProfile !== undefined || securityContext?.appArmorProfile !== undefined;
  return [
    ...(securityContext?.seccompProfile ? [] : seccomp(annotations, inMetadata, `container.seccomp.security.alpha.kubernetes.io/${name}`)),
    ...(isTemplate && !hasArmor && armor in annotations
      ? [`${inMetadata}[${armor}]: deprecated since v1.30; use the "appArmorProfile" field instead`]
      : []),
    ...WHOLE_BYTES.flatMap((amount) => [
      ...fraction(resources?.limits, amount, `${at}.resources.limits`),
      ...fraction(resources?.requests, amount, `${at}.resources.requests`),
    ]),
    ...repeated(
      env,
      (variable) => variable.name,
      (i, variable) => {
        const { value = '', valueFrom } = env[i];
        const itself = `$(${variable})`;
        return valueFrom || value === itself || !value.includes(itself)
          ? `${at}.env[${i}]: hides previous definition of "${variable}", which may be dropped when using apply`
          : undefined;
      },
    ),
  ];
}

/** What is said of each that has come before under the same key. */
function repeated<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  say: (i: number, key: string) => string | undefined,
): readonly string[] {
  const seen = new Set<string>();
  return items.flatMap((item, i) => {
    const key = keyOf(item);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return say(i, key) ?? [];
  });
}

/** As Go prints the struct. */
const portText = ({ name = '', hostPort = 0, containerPort, protocol = '', hostIP = '' }: V1ContainerPort): string =>
  `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;

function portWarnings(containers: readonly Placed[]): readonly string[] {
  const seen = new Map<string, { readonly port: V1ContainerPort; readonly at: string }[]>();
  return containers.flatMap(({ container, at }) =>
    (container.ports ?? []).flatMap((port, i) => {
      const here = `${at}.ports[${i}]`;
      const key = `${port.containerPort}/${port.protocol ?? ''}`;
      const others = seen.get(key) ?? [];
      const said = [
        ...(port.hostIP && !port.hostPort ? [`${here}: hostIP set without hostPort: ${portText(port)}`] : []),
        ...others.flatMap((other) => {
          const how = clash(port, other.port);
          return how === undefined ? [] : [`${here}: ${how} port definition with ${other.at}`];
        }),
      ];
      seen.set(key, [...others, { port, at: here }]);
      return said;
    }),
  );
}

function clash(a: V1ContainerPort, b: V1ContainerPort): string | undefined {
  const [host, hostB] = [a.hostPort ?? 0, b.hostPort ?? 0];
  const [ip, ipB] = [a.hostIP ?? '', b.hostIP ?? ''];
  if (ip === ipB && host === hostB) return 'duplicate';
  if (host === 0 || hostB === 0) return 'overlapping';
  return host === hostB && (ip === '') !== (ipB === '') ? 'dangerously ambiguous' : undefined;
}

const affinities = ({ affinity }: V1PodSpec, from: string): readonly string[] =>
  (['podAffinity', 'podAntiAffinity'] as const).flatMap((kind) => {
    const at = `${from}.affinity.${kind}`;
    const required = affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const preferred = affinity?.[kind]?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    return [
      ...required.flatMap((term, i) =>
        term.labelSelector ? [] : [`${at}.requiredDuringSchedulingIgnoredDuringExecution[${i}].labelSelector: ${NO_POD}`],
      ),
      ...preferred.flatMap(({ podAffinityTerm }, i) =>
        podAffinityTerm.labelSelector
          ? []
          : [`${at}.preferredDuringSchedulingIgnoredDuringExecution[${i}].podAffinityTerm.labelSelector: ${NO_POD}`],
      ),
    ];
  });
