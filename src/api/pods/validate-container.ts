/** One container of a pod. Upstream: pkg/apis/core/validation/validation.go validateContainerCommon, ValidateResourceRequirements (v1.36). Simplified: see validate.ts. */
import { duplicate, forbidden, invalid, notFound, notSupported, required, type FieldError } from '../machinery/field-error.ts';
import { checkName, labelKeyErrors } from '../machinery/names.ts';
import { canonicalQuantity, compareQuantities, isQuantity, quantity } from '../machinery/quantity.ts';
import type { V1Container, V1ContainerPort, V1EnvVar, V1Volume } from '../schema/kubernetes.ts';
import { validateLifecycle, validateProbe } from './validate-probe.ts';
import { portErrors, portNameErrors } from './validate-port.ts';

export interface ContainerPlace {
  /** Names taken so far in the whole pod. */
  readonly names: Set<string>;
  readonly volumes: ReadonlyMap<string, V1Volume>;
  /** 'TCP/0.0.0.0/80' taken so far. */
  readonly hostPorts: Set<string>;
  readonly isOnHost: boolean;
  readonly isInit: boolean;
}

export function validateContainer(c: V1Container, at: string, place: ContainerPlace): readonly FieldError[] {
  const isTaken = place.names.has(c.name);
  if (c.name) place.names.add(c.name);
  const isSidecar = place.isInit && c.restartPolicy === 'Always';
  return [
    ...(c.name ? checkName(c.name, `${at}.name`, 'label') : [required(`${at}.name`)]), ...(isTaken ? [duplicate(`${at}.name`, c.name)] : []),
    ...(c.image ? (c.image.trim() === c.image ? [] : [invalid(`${at}.image`, c.image, 'must not have leading or trailing whitespace')]) : [required(`${at}.image`)]),
    ...(c.terminationMessagePolicy === undefined || ['File', 'FallbackToLogsOnError'].includes(c.terminationMessagePolicy) ? [] : [notSupported(`${at}.terminationMessagePolicy`, c.terminationMessagePolicy, ['FallbackToLogsOnError', 'File'])]),
    ...validatePorts(c.ports ?? [], `${at}.ports`, place), ...(c.env ?? []).flatMap((v, i) => validateEnv(v, `${at}.env[${i}]`)), ...validateEnvFrom(c, at), ...validateMounts(c, at, place),
    ...(c.imagePullPolicy === undefined || ['Always', 'IfNotPresent', 'Never'].includes(c.imagePullPolicy) ? [] : [notSupported(`${at}.imagePullPolicy`, c.imagePullPolicy, ['Always', 'IfNotPresent', 'Never'])]),
    ...validateResources(c, at),
    ...(place.isInit && !isSidecar ? initMayNot(c, at) : [
      ...validateLifecycle(c.lifecycle, `${at}.lifecycle`), ...validateProbe(c.livenessProbe, `${at}.livenessProbe`, true), ...validateProbe(c.readinessProbe, `${at}.readinessProbe`, false), ...validateProbe(c.startupProbe, `${at}.startupProbe`, true),
    ]),
  ];
}

/** Init containers that end have nobody to probe. */
function initMayNot(c: V1Container, at: string): readonly FieldError[] {
  return (['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const).filter((field) => c[field] !== undefined).map((field) => forbidden(`${at}.${field}`, 'may not be set for init containers without restartPolicy=Always'));
}

function validatePorts(ports: readonly V1ContainerPort[], at: string, { hostPorts, isOnHost }: ContainerPlace): readonly FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((p, i) => {
    const field = `${at}[${i}]`;
    const isDouble = p.name !== undefined && names.has(p.name);
    if (p.name) names.add(p.name);
    const host = p.hostPort ? `${p.protocol ?? 'TCP'}/${p.hostIP ?? ''}/${p.hostPort}` : '';
    const isTaken = host !== '' && hostPorts.has(host);
    if (host !== '') hostPorts.add(host);
    return [
      ...(p.name ? portNameErrors(p.name).map((why) => invalid(`${field}.name`, p.name, why)) : []), ...(isDouble ? [duplicate(`${field}.name`, p.name)] : []),
      ...(p.containerPort ? portErrors(p.containerPort, `${field}.containerPort`) : [required(`${field}.containerPort`)]),
      ...(p.hostPort ? portErrors(p.hostPort, `${field}.hostPort`) : []), ...(isOnHost && p.hostPort && p.hostPort !== p.containerPort ? [invalid(`${field}.hostPort`, p.hostPort, 'must match `containerPort` when `hostNetwork` is true')] : []),
      ...(isTaken ? [duplicate(`${field}.hostPort`, p.hostPort)] : []),
      ...(p.protocol === undefined || ['TCP', 'UDP', 'SCTP'].includes(p.protocol) ? [] : [notSupported(`${field}.protocol`, p.protocol, ['SCTP', 'TCP', 'UDP'])]),
    ];
  });
}

const ENV_WORDS = "a valid environment variable name must consist only of printable ASCII characters other than '='";

function validateEnv(v: V1EnvVar, at: string): readonly FieldError[] {
  const sources = Object.values(v.valueFrom ?? {}).filter((source) => source !== undefined).length;
  return [
    ...(v.name ? (/^[ -<>-~]+$/.test(v.name) ? [] : [invalid(`${at}.name`, v.name, ENV_WORDS)]) : [required(`${at}.name`)]),
    ...(v.valueFrom && sources === 0 ? [invalid(`${at}.valueFrom`, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`')] : []),
    ...(v.valueFrom && v.value ? [invalid(`${at}.valueFrom`, '', 'may not be specified when `value` is not empty')] : []),
    ...(sources > 1 ? [invalid(`${at}.valueFrom`, '', 'may not have more than one field specified at a time')] : []),
    ...(['configMapKeyRef', 'secretKeyRef'] as const).flatMap((source) => { const ref = v.valueFrom?.[source]; return ref ? [...(ref.name ? [] : [required(`${at}.valueFrom.${source}.name`)]), ...(ref.key ? [] : [required(`${at}.valueFrom.${source}.key`)])] : []; }),
  ];
}

function validateEnvFrom(c: V1Container, at: string): readonly FieldError[] {
  return (c.envFrom ?? []).flatMap((from, i) => {
    const field = `${at}.envFrom[${i}]`;
    if (!from.configMapRef && !from.secretRef) return [invalid(field, '', 'must specify one of: `configMapRef` or `secretRef`')];
    if (from.configMapRef && from.secretRef) return [invalid(field, '', 'may not have more than one field specified at a time')];
    return [...(from.configMapRef && !from.configMapRef.name ? [required(`${field}.configMapRef.name`)] : []), ...(from.secretRef && !from.secretRef.name ? [required(`${field}.secretRef.name`)] : [])];
  });
}

function validateMounts(c: V1Container, at: string, { volumes }: ContainerPlace): readonly FieldError[] {
  const paths = new Set<string>();
  return (c.volumeMounts ?? []).flatMap((m, i) => {
    const field = `${at}.volumeMounts[${i}]`;
    const isDouble = paths.has(m.mountPath);
    paths.add(m.mountPath);
    return [
      ...(m.name ? (volumes.has(m.name) ? [] : [notFound(`${field}.name`, m.name)]) : [required(`${field}.name`)]),
      ...(m.mountPath ? [] : [required(`${field}.mountPath`)]), ...(isDouble && m.mountPath ? [invalid(`${field}.mountPath`, m.mountPath, 'must be unique')] : []),
      ...(m.subPath?.startsWith('/') ? [invalid(`${field}.subPath`, m.subPath, 'must be a relative path')] : m.subPath?.split('/').includes('..') ? [invalid(`${field}.subPath`, m.subPath, "must not contain '..'")] : []),
    ];
  });
}

const STANDARD = new Set(['cpu', 'memory', 'ephemeral-storage']);

function validateResources(c: V1Container, at: string): readonly FieldError[] {
  const check = (kind: 'limits' | 'requests'): readonly FieldError[] => Object.entries(c.resources?.[kind] ?? {}).flatMap(([name, value]) => {
    const field = `${at}.resources.${kind}.${name}`;
    const isKnown = STANDARD.has(name) || name.startsWith('hugepages-') || name.includes('/');
    if (!isQuantity(value)) return [invalid(field, value, "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")];
    return [
      ...labelKeyErrors(name).map((why) => invalid(`${at}.resources.${kind}`, name, why)), ...(isKnown ? [] : [invalid(`${at}.resources.${kind}`, name, 'must be a standard resource for containers')]),
      ...(quantity(value) < 0 ? [invalid(field, canonicalQuantity(value), 'must be greater than or equal to 0')] : []),
      ...(name.includes('/') && !Number.isInteger(quantity(value)) ? [invalid(field, canonicalQuantity(value), 'must be an integer')] : []),
    ];
  });
  const above = Object.entries(c.resources?.requests ?? {}).flatMap(([name, value]) => {
    const limit = c.resources?.limits?.[name];
    if (limit === undefined || !isQuantity(value) || !isQuantity(limit)) return [];
    const order = compareQuantities(value, limit);
    if (name.includes('/') && order !== 0) return [invalid(`${at}.resources.requests`, canonicalQuantity(value), `must be equal to ${name} limit of ${canonicalQuantity(limit)}`)];
    return order > 0 ? [invalid(`${at}.resources.requests`, canonicalQuantity(value), `must be less than or equal to ${name} limit of ${canonicalQuantity(limit)}`)] : [];
  });
  return [...check('limits'), ...check('requests'), ...above];
}
