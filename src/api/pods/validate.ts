/** What a pod's spec must keep to. Upstream: pkg/apis/core/validation/validation.go (v1.36). Simplified: the checks that manifests in the wild meet; volumes and security contexts are not looked into. */
import { duplicate, invalid, notFound, notSupported, required, type FieldError } from '../machinery/field-error.ts';
import { checkLabels, checkName } from '../machinery/names.ts';
import { isQuantity, quantity } from '../machinery/quantity.ts';
import type { V1Container, V1PodSpec, V1Probe } from '../schema/kubernetes.ts';

const inRange = (value: number, field: string): readonly FieldError[] => (Number.isInteger(value) && value >= 1 && value <= 65535 ? [] : [invalid(field, value, 'must be between 1 and 65535, inclusive')]);
const oneOf = (value: string | undefined, field: string, values: readonly string[]): readonly FieldError[] => (value === undefined || values.includes(value) ? [] : [notSupported(field, value, values)]);

export function validatePodSpec(spec: V1PodSpec | undefined, at: string): readonly FieldError[] {
  const containers = spec?.containers ?? [];
  const names = new Set<string>();
  return [
    ...(containers.length === 0 ? [required(`${at}.containers`)] : []),
    ...(spec?.initContainers ?? []).flatMap((c, i) => validateContainer(c, `${at}.initContainers[${i}]`, names, spec)),
    ...containers.flatMap((c, i) => validateContainer(c, `${at}.containers[${i}]`, names, spec)),
    ...oneOf(spec?.restartPolicy, `${at}.restartPolicy`, ['Always', 'OnFailure', 'Never']),
    ...oneOf(spec?.dnsPolicy, `${at}.dnsPolicy`, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']),
    ...((spec?.terminationGracePeriodSeconds ?? 0) < 0 ? [invalid(`${at}.terminationGracePeriodSeconds`, spec?.terminationGracePeriodSeconds, 'must be greater than or equal to 0')] : []),
    ...checkLabels(spec?.nodeSelector, `${at}.nodeSelector`),
    ...(spec?.tolerations ?? []).flatMap((t, i) => oneOf(t.operator, `${at}.tolerations[${i}].operator`, ['Equal', 'Exists'])),
  ];
}

function validateContainer(c: V1Container, at: string, names: Set<string>, spec: V1PodSpec | undefined): readonly FieldError[] {
  const isTaken = names.has(c.name);
  if (c.name) names.add(c.name);
  const volumes = new Set((spec?.volumes ?? []).map((v) => v.name));
  const ports = new Set<string>();
  return [
    ...(c.name ? checkName(c.name, `${at}.name`, 'label') : [required(`${at}.name`)]),
    ...(isTaken ? [duplicate(`${at}.name`, c.name)] : []),
    ...(c.image ? (c.image.trim() === c.image ? [] : [invalid(`${at}.image`, c.image, 'must not have leading or trailing whitespace')]) : [required(`${at}.image`)]),
    ...oneOf(c.imagePullPolicy, `${at}.imagePullPolicy`, ['Always', 'IfNotPresent', 'Never']),
    ...(c.ports ?? []).flatMap((p, i) => {
      const isDouble = p.name !== undefined && ports.has(p.name);
      if (p.name) ports.add(p.name);
      return [...(p.containerPort === undefined ? [required(`${at}.ports[${i}].containerPort`)] : inRange(p.containerPort, `${at}.ports[${i}].containerPort`)), ...(p.hostPort ? inRange(p.hostPort, `${at}.ports[${i}].hostPort`) : []),
        ...(isDouble ? [duplicate(`${at}.ports[${i}].name`, p.name)] : []), ...(p.name !== undefined && p.name.length > 15 ? [invalid(`${at}.ports[${i}].name`, p.name, 'must be no more than 15 characters')] : []), ...oneOf(p.protocol, `${at}.ports[${i}].protocol`, ['SCTP', 'TCP', 'UDP'])];
    }),
    ...validateResources(c, at),
    ...(c.volumeMounts ?? []).flatMap((m, i) => (volumes.has(m.name) ? [] : [notFound(`${at}.volumeMounts[${i}].name`, m.name)])),
    ...validateProbe(c.livenessProbe, `${at}.livenessProbe`, true), ...validateProbe(c.readinessProbe, `${at}.readinessProbe`, false), ...validateProbe(c.startupProbe, `${at}.startupProbe`, true),
  ];
}

function validateResources(c: V1Container, at: string): readonly FieldError[] {
  const check = (kind: 'limits' | 'requests'): readonly FieldError[] => Object.entries(c.resources?.[kind] ?? {}).flatMap(([name, value]) => {
    if (!isQuantity(value)) return [invalid(`${at}.resources.${kind}.${name}`, value, "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")];
    return quantity(value) < 0 ? [invalid(`${at}.resources.${kind}.${name}`, value, 'must be greater than or equal to 0')] : [];
  });
  const above = Object.entries(c.resources?.requests ?? {}).flatMap(([name, value]) => {
    const limit = c.resources?.limits?.[name];
    return limit !== undefined && quantity(value) > quantity(limit) ? [invalid(`${at}.resources.requests`, value, `must be less than or equal to ${name} limit of ${limit}`)] : [];
  });
  return [...check('limits'), ...check('requests'), ...above];
}

function validateProbe(probe: V1Probe | undefined, at: string, onlyOneSuccess: boolean): readonly FieldError[] {
  if (!probe) return [];
  const handlers = [probe.httpGet, probe.tcpSocket, probe.exec, probe.grpc].filter((h) => h !== undefined).length;
  const port = probe.httpGet?.port ?? probe.tcpSocket?.port;
  return [
    ...(handlers === 0 ? [required(at, 'must specify a handler type')] : []),
    ...(handlers > 1 ? [{ type: 'FieldValueForbidden' as const, field: at, message: 'Forbidden: may not specify more than 1 handler type' }] : []),
    ...(typeof port === 'number' ? inRange(port, `${at}.${probe.httpGet ? 'httpGet' : 'tcpSocket'}.port`) : []),
    ...(onlyOneSuccess && (probe.successThreshold ?? 1) !== 1 ? [invalid(`${at}.successThreshold`, probe.successThreshold, 'must be 1')] : []),
    ...(['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'failureThreshold'] as const).flatMap((f) => ((probe[f] ?? 0) < 0 ? [invalid(`${at}.${f}`, probe[f], 'must be greater than or equal to 0')] : [])),
  ];
}
