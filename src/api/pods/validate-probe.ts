/** Probes and lifecycle hooks. Upstream: pkg/apis/core/validation/validation.go validateProbe, validateHandler (v1.36). Simplified: headers are not looked into. */
import { forbidden, invalid, notSupported, required, type FieldError } from '../machinery/field-error.ts';
import type { V1Lifecycle, V1LifecycleHandler, V1Probe } from '../schema/kubernetes.ts';
import { portErrors, portOrNameErrors } from './validate-port.ts';

const COUNTS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const;

/** `isOneSuccess`: liveness and startup probes are content with one. */
export function validateProbe(probe: V1Probe | undefined, at: string, isOneSuccess: boolean): readonly FieldError[] {
  if (!probe) return [];
  const grace = probe.terminationGracePeriodSeconds;
  return [
    ...validateHandler(probe, at), ...(probe.grpc ? portErrors(probe.grpc.port, `${at}.grpc.port`) : []),
    ...COUNTS.flatMap((field) => ((probe[field] ?? 0) < 0 ? [invalid(`${at}.${field}`, probe[field], 'must be greater than or equal to 0')] : [])),
    ...(grace !== undefined && grace <= 0 ? [invalid(`${at}.terminationGracePeriodSeconds`, grace, 'must be greater than 0')] : []),
    ...(isOneSuccess && (probe.successThreshold ?? 1) !== 1 ? [invalid(`${at}.successThreshold`, probe.successThreshold, 'must be 1')] : []),
    ...(!isOneSuccess && grace !== undefined ? [invalid(`${at}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes')] : []),
  ];
}

export function validateLifecycle(lifecycle: V1Lifecycle | undefined, at: string): readonly FieldError[] {
  return (['postStart', 'preStop'] as const).flatMap((hook) => { const handler = lifecycle?.[hook]; return handler ? validateHandler(handler, `${at}.${hook}`) : []; });
}

type Handler = V1LifecycleHandler & Pick<V1Probe, 'grpc'>;

function validateHandler(handler: Handler, at: string): readonly FieldError[] {
  const given = (['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const).filter((field) => handler[field] !== undefined);
  const { exec, httpGet, tcpSocket } = handler;
  return [
    ...(given.length === 0 ? [required(at, 'must specify a handler type')] : given.slice(1).map((field) => forbidden(`${at}.${field}`, 'may not specify more than 1 handler type'))),
    ...(exec && !exec.command?.length ? [required(`${at}.exec.command`)] : []),
    ...(httpGet ? [...(httpGet.path === '' ? [required(`${at}.httpGet.path`)] : []), ...portOrNameErrors(httpGet.port, `${at}.httpGet.port`), ...(httpGet.scheme === undefined || httpGet.scheme === 'HTTP' || httpGet.scheme === 'HTTPS' ? [] : [notSupported(`${at}.httpGet.scheme`, httpGet.scheme, ['HTTP', 'HTTPS'])])] : []),
    ...(tcpSocket ? portOrNameErrors(tcpSocket.port, `${at}.tcpSocket.port`) : []),
  ];
}
