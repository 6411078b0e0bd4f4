/** One container of a pod. Upstream: pkg/apis/core/validation/validation.go validateContainerCommon, validateContainers, validateInitContainers (v1.36). Simplified: nothing. */
import { duplicate, forbidden, invalid, oneOf, required, tooMany, type FieldError } from '../machinery/field-error.ts';
import { checkName } from '../machinery/names.ts';
import { validateResources } from '../machinery/resource-rules.ts';
import type { V1Container, V1ContainerPort, V1PodSpec, V1Volume } from '../schema/kubernetes.ts';
import { validateEnv, validateEnvFrom } from './validate-env.ts';
import { validateDevices, validateMounts } from './validate-mounts.ts';
import { portErrors, portNameErrors } from './validate-port.ts';
import { validateProbesAndHooks } from './validate-probe.ts';
import { validateSecurity } from './validate-security.ts';

export interface ContainerPlace {
  readonly spec: V1PodSpec;
  /** Those that are sound. */
  readonly volumes: ReadonlyMap<string, V1Volume>;
  readonly claims: ReadonlySet<string>;
}

export function validateContainers(place: ContainerPlace, at: string): readonly FieldError[] {
  const containers = place.spec.containers ?? [];
  if (containers.length === 0) return [required(at)];
  return [
    ...containers.flatMap((c, i) => [
      ...validateCommon(c, `${at}[${i}]`, place),
      ...(containers.findIndex((other) => other.name === c.name) < i ? [duplicate(`${at}[${i}].name`, c.name ?? '')] : []),
      ...validateProbesAndHooks(c, `${at}[${i}]`, place.spec.terminationGracePeriodSeconds),
      ...restartErrors(c, `${at}[${i}]`),
    ]),
    ...hostPortErrors(containers, at),
  ];
}

const ONLY_SIDECARS = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;

/** Those that end have nobody to probe; they run one by one, so each may have the same host ports. */
export function validateInitContainers(place: ContainerPlace, at: string): readonly FieldError[] {
  const names = new Set((place.spec.containers ?? []).map((c) => c.name));
  return (place.spec.initContainers ?? []).flatMap((c, i) => {
    const field = `${at}[${i}]`;
    const isDouble = names.has(c.name);
    if (c.name) names.add(c.name);
    return [
      ...validateCommon(c, field, place),
      ...restartErrors(c, field),
      ...(isDouble ? [duplicate(`${field}.name`, c.name)] : []),
      ...hostPortErrors([c], at),
      ...(c.restartPolicy === 'Always'
        ? validateProbesAndHooks(c, field, place.spec.terminationGracePeriodSeconds)
        : ONLY_SIDECARS.filter((name) => c[name]).map((name) =>
            forbidden(`${field}.${name}`, 'may not be set for init containers without restartPolicy=Always'),
          )),
    ];
  });
}

const RESTARTS = ['Always', 'Never', 'OnFailure'];
const ACTIONS = ['Restart', 'RestartAllContainers'];
const OPERATORS = ['In', 'NotIn'];
const [MOST_RULES, MOST_CODES] = [20, 255];

/** Upstream: validateContainerRestartPolicy. */
function restartErrors({ restartPolicy, restartPolicyRules: rules = [] }: V1Container, at: string): readonly FieldError[] {
  const of = `${at}.restartPolicyRules`;
  return [
    ...oneOf(restartPolicy, `${at}.restartPolicy`, RESTARTS),
    ...(rules.length > 0 && restartPolicy === undefined
      ? [required(`${at}.restartPolicy`, 'must specify restartPolicy when restart rules are used')]
      : []),
    ...(rules.length > MOST_RULES ? [tooMany(of, rules.length, MOST_RULES)] : []),
    ...rules.flatMap(({ action = '', exitCodes }, i) => [
      ...oneOf(action, `${of}[${i}].action`, ACTIONS),
      ...(exitCodes
        ? oneOf(exitCodes.operator ?? '', `${of}[${i}].exitCodes.operator`, OPERATORS)
        : [required(`${of}[${i}].exitCodes`, 'must be specified')]),
      ...((exitCodes?.values ?? []).length > MOST_CODES
        ? [tooMany(`${of}[${i}].exitCodes.values`, (exitCodes?.values ?? []).length, MOST_CODES)]
        : []),
    ]),
  ];
}

export function validateCommon(c: V1Container, at: string, { spec, volumes, claims }: ContainerPlace): readonly FieldError[] {
  return [
    ...(c.name ? checkName(c.name, `${at}.name`, 'label') : [required(`${at}.name`)]),
    ...(c.image ? [] : [required(`${at}.image`)]),
    ...oneOf(c.terminationMessagePolicy, `${at}.terminationMessagePolicy`, ['File', 'FallbackToLogsOnError']),
    ...validatePorts(c.ports ?? [], `${at}.ports`),
    ...validateEnv(c.env, `${at}.env`),
    ...validateEnvFrom(c.envFrom, `${at}.envFrom`),
    ...validateMounts(c, `${at}.volumeMounts`, volumes),
    ...validateDevices(c, `${at}.volumeDevices`, volumes),
    ...oneOf(c.imagePullPolicy, `${at}.imagePullPolicy`, ['Always', 'IfNotPresent', 'Never']),
    ...validateResources(c.resources, `${at}.resources`, claims),
    ...validateResizePolicy(c, spec, `${at}.resizePolicy`),
    ...validateSecurity(c.securityContext, `${at}.securityContext`, spec.hostUsers !== false),
  ];
}

/** Only a pod's own image is looked at for blanks, a template's is not. */
export function imageBlankErrors(containers: readonly V1Container[] | undefined, at: string): readonly FieldError[] {
  return (containers ?? []).flatMap((c, i) =>
    c.image && c.image.trim() !== c.image ? [invalid(`${at}[${i}].image`, c.image, 'must not have leading or trailing whitespace')] : [],
  );
}

function validatePorts(ports: readonly V1ContainerPort[], at: string): readonly FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((p, i) => {
    const field = `${at}[${i}]`;
    const malformed = p.name ? portNameErrors(p.name).map((why) => invalid(`${field}.name`, p.name, why)) : [];
    const isDouble = p.name !== undefined && names.has(p.name);
    if (p.name && malformed.length === 0) names.add(p.name);
    return [
      ...malformed,
      ...(isDouble ? [duplicate(`${field}.name`, p.name)] : []),
      ...(p.containerPort ? portErrors(p.containerPort, `${field}.containerPort`) : [required(`${field}.containerPort`)]),
      ...(p.hostPort ? portErrors(p.hostPort, `${field}.hostPort`) : []),
      ...oneOf(p.protocol, `${field}.protocol`, ['SCTP', 'TCP', 'UDP']),
    ];
  });
}

function hostPortErrors(containers: readonly V1Container[], at: string): readonly FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap((c, i) =>
    (c.ports ?? []).flatMap((p, j) => {
      const key = `${p.protocol ?? ''}/${p.hostIP ?? ''}/${p.hostPort}`;
      const isDouble = Boolean(p.hostPort) && taken.has(key);
      if (p.hostPort) taken.add(key);
      return isDouble ? [duplicate(`${at}[${i}].ports[${j}].hostPort`, key)] : [];
    }),
  );
}

/** Upstream names no index, save for doubles. */
function validateResizePolicy({ resizePolicy }: V1Container, { restartPolicy }: V1PodSpec, at: string): readonly FieldError[] {
  return (resizePolicy ?? []).flatMap((p, i, all) => [
    ...(all.findIndex((other) => other.resourceName === p.resourceName) < i ? [duplicate(`${at}[${i}]`, p.resourceName)] : []),
    ...(p.resourceName ? oneOf(p.resourceName, at, ['cpu', 'memory']) : [required(at)]),
    ...(p.restartPolicy ? oneOf(p.restartPolicy, at, ['NotRequired', 'RestartContainer']) : [required(at)]),
    ...(restartPolicy === 'Never' && p.restartPolicy !== 'NotRequired'
      ? [invalid(at, p.restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'")]
      : []),
  ]);
}
