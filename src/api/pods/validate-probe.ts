/** Probes and lifecycle hooks. Upstream: pkg/apis/core/validation/validation.go validateProbe, validateHandler (v1.36). Simplified: nothing. */
import { forbidden, invalid, notSupported, required, type FieldError } from '../machinery/field-error.ts';
import type { V1Container, V1HTTPGetAction, V1LifecycleHandler, V1Probe } from '../schema/kubernetes.ts';
import { portErrors, portOrNameErrors } from './validate-port.ts';

const COUNTS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const;

/** `graceSeconds`: the pod's own. */
export function validateProbesAndHooks(c: V1Container, at: string, graceSeconds: number | undefined): readonly FieldError[] {
  return [
    ...(['postStart', 'preStop'] as const).flatMap((hook) => {
      const handler = c.lifecycle?.[hook];
      return handler ? validateHandler(handler, `${at}.lifecycle.${hook}`, graceSeconds) : [];
    }),
    ...validateProbe(c.livenessProbe, `${at}.livenessProbe`, true),
    ...validateProbe(c.readinessProbe, `${at}.readinessProbe`, false),
    ...validateProbe(c.startupProbe, `${at}.startupProbe`, true),
  ];
}

/** `isOneSuccess`: liveness and startup probes are content with one. */
function validateProbe(probe: V1Probe | undefined, at: string, isOneSuccess: boolean): readonly FieldError[] {
  if (!probe) return [];
  const grace = probe.terminationGracePeriodSeconds ?? undefined;
  return [
    ...validateHandler(probe, at, undefined),
    ...COUNTS.flatMap((field) =>
      (probe[field] ?? 0) < 0 ? [invalid(`${at}.${field}`, probe[field], 'must be greater than or equal to 0')] : [],
    ),
    ...(grace !== undefined && grace <= 0 ? [invalid(`${at}.terminationGracePeriodSeconds`, grace, 'must be greater than 0')] : []),
    ...(isOneSuccess && (probe.successThreshold ?? 1) !== 1
      ? [invalid(`${at}.successThreshold`, probe.successThreshold, 'must be 1')]
      : []),
    ...(!isOneSuccess && grace !== undefined
      ? [invalid(`${at}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes')]
      : []),
  ];
}

type Handler = V1LifecycleHandler & Pick<V1Probe, 'grpc'>;

/** Only the first of several handlers is looked into. */
function validateHandler(handler: Handler, at: string, graceSeconds: number | undefined): readonly FieldError[] {
  const [first, ...others] = (['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const).filter((field) => handler[field]);
  if (first === undefined) return [required(at, 'must specify a handler type')];
  return [
    ...actionErrors(handler, first, `${at}.${first}`, graceSeconds),
    ...others.map((field) => forbidden(`${at}.${field}`, 'may not specify more than 1 handler type')),
  ];
}

function actionErrors(
  { exec, httpGet, tcpSocket, grpc, sleep }: Handler,
  kind: 'exec' | 'httpGet' | 'tcpSocket' | 'grpc' | 'sleep',
  at: string,
  graceSeconds: number | undefined,
): readonly FieldError[] {
  switch (kind) {
    case 'exec':
      return exec?.command?.length ? [] : [required(`${at}.command`)];
    case 'httpGet':
      return httpGet ? httpErrors(httpGet, at) : [];
    case 'tcpSocket':
      return portOrNameErrors(tcpSocket?.port, `${at}.port`);
    case 'grpc':
      return portErrors(grpc?.port ?? 0, `${at}.port`);
    case 'sleep': {
      const seconds = sleep?.seconds ?? 0;
      return graceSeconds !== undefined && (seconds < 0 || seconds > graceSeconds)
        ? [invalid(at, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`)]
        : [];
    }
  }
}

const HEADER_WORDS =
  "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";

function httpErrors({ path, port, scheme, httpHeaders }: V1HTTPGetAction, at: string): readonly FieldError[] {
  return [
    ...(path ? [] : [required(`${at}.path`)]),
    ...portOrNameErrors(port, `${at}.port`),
    ...(scheme === 'HTTP' || scheme === 'HTTPS' ? [] : [notSupported(`${at}.scheme`, scheme ?? '', ['HTTP', 'HTTPS'])]),
    ...(httpHeaders ?? [])
      .filter(({ name }) => !/^[-A-Za-z0-9]+$/.test(name))
      .map(({ name }) => invalid(`${at}.httpHeaders`, name, HEADER_WORDS)),
  ];
}
