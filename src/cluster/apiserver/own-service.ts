/**
 * The Service by which everybody finds the API, and its slice: an apiserver makes them anew when somebody has deleted them.
 * Upstream: pkg/controlplane/controller/kubernetesservice/controller.go, pkg/controlplane/reconcilers (v1.36). Simplified: what is changed in them stays; one address, the first machine's.
 */
import { formatIp, parseCidr } from '../../lib/ip.ts';
import type { Context } from '../../kernel/component.ts';
import { callApi } from '../client/api-client.ts';
import { identities } from '../client/identity.ts';
import type { ApiRequest } from '../api-request.ts';
import type { ApiserverState } from './server-state.ts';

const NAME = 'kubernetes';
const KEY = `default/${NAME}`;
/** Upstream: EndpointInterval, DefaultEndpointReconcilerInterval. */
export const OWN_SERVICE_EVERY_US = 10_000_000;
export interface OwnServiceThen {
  readonly step: 'own-service';
}

/** Resource → the request that makes it; the Service has the first address of its range. */
export const ownService = (serviceCIDR: string, ip: string): Readonly<Record<string, ApiRequest>> => ({
  services: {
    method: 'POST',
    path: '/api/v1/namespaces/default/services',
    body: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: NAME, labels: { component: 'apiserver', provider: 'kubernetes' } },
      spec: { clusterIP: formatIp((parseCidr(serviceCIDR)?.base ?? 0) + 1), ports: [{ name: 'https', port: 443, targetPort: 6443 }] },
    },
  },
  'endpointslices.discovery.k8s.io': {
    method: 'POST',
    path: '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices',
    body: {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: NAME, labels: { 'kubernetes.io/service-name': NAME } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [ip], conditions: { ready: true } }],
      ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
    },
  },
});

export function keepOwnService({ config, isReady, resources }: ApiserverState, ctx: Context): void {
  if (!isReady) return;
  for (const [resource, request] of Object.entries(ownService(config.serviceCIDR, config.ip)))
    if (!resources.get(resource)?.objects.has(KEY))
      callApi(ctx, { api: ctx.self, as: identities.apiserver }, request, { step: 'own-service' } satisfies OwnServiceThen);
}
