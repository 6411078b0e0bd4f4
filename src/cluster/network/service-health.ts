/**
 * Tells load balancers whether this machine has an endpoint of a Service whose outer traffic stays on the machine, on a port for each.
 * Upstream: pkg/proxy/healthcheck/service_health.go, pkg/proxy/endpointschangetracker.go localReadyEndpoints (v1.36). Simplified: replies have no headers.
 */
import { keyOf } from '../../api/object.ts';
import type { V1EndpointSlice, V1Service } from '../../api/schema/kubernetes.ts';
import { needsHealthCheck } from '../../api/services/types.ts';
import type { Cache } from '../client/cache.ts';
import type { HttpReply } from '../runtime/process-protocol.ts';

/** Port → 'namespace/name' of the Service. */
export type HealthChecks = Readonly<Record<number, string>>;

export const healthChecks = (services: readonly V1Service[]): HealthChecks =>
  Object.fromEntries(
    services.flatMap((service) =>
      service.spec?.healthCheckNodePort && needsHealthCheck(service.spec) ? [[service.spec.healthCheckNodePort, keyOf(service)]] : [],
    ),
  );

/** `isHealthy`: of the proxy itself. */
export function serviceHealth(cache: Cache, service: string, machine: string, isHealthy: boolean): HttpReply {
  const [namespace, name] = service.split('/');
  const local = cache
    .list<V1EndpointSlice>('endpointslices.discovery.k8s.io')
    .filter(({ metadata: m }) => m?.namespace === namespace && m?.labels?.['kubernetes.io/service-name'] === name)
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ nodeName, conditions }) => nodeName === machine && (conditions?.ready ?? true));
  const localEndpoints = new Set(local.map(({ addresses }) => addresses[0])).size;
  return {
    protocol: 'http',
    status: localEndpoints > 0 && isHealthy ? 200 : 503,
    body: JSON.stringify({ service: { namespace, name }, localEndpoints, serviceProxyHealthy: isHealthy }, null, '\t'),
  };
}
