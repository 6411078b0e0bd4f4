/** The paths that name no resource: what is served, and how the server is. Upstream: pkg/endpoints/discovery, pkg/server/healthz (v1.36). Simplified: no aggregated discovery, no OpenAPI document. */
import { apiVersionOf, kinds } from '../../api/registry.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';

export const VERSION = { major: '1', minor: '36', gitVersion: 'v1.36.0', gitCommit: 'kube-orrery', gitTreeState: 'clean', buildDate: '2026-04-22T00:00:00Z', goVersion: 'go1.26', compiler: 'gc', platform: 'linux/amd64' } as const;

export function discover(request: ApiRequest, server: { readonly isReady: boolean }): ApiResponse | undefined {
  if (request.method !== 'GET') return undefined;
  const parts = request.path.split('/').filter((part) => part !== '');
  const ok = (body: unknown): ApiResponse => ({ code: 200, body });
  if (['healthz', 'livez', 'readyz'].includes(parts[0])) return server.isReady ? ok('ok') : { code: 500, body: '[-]etcd failed: reason withheld' };
  if (parts[0] === 'version') return ok(VERSION);
  if (parts[0] === 'api' && parts.length === 1) return ok({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] });
  const groups = [...new Set(kinds.filter((k) => k.group !== '').map((k) => k.group))];
  const groupOf = (name: string) => { const version = { groupVersion: `${name}/v1`, version: 'v1' }; return { name, versions: [version], preferredVersion: version }; };
  if (parts[0] === 'apis' && parts.length === 1) return ok({ kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupOf) });
  if (parts[0] === 'apis' && parts.length === 2 && groups.includes(parts[1])) return ok({ kind: 'APIGroup', apiVersion: 'v1', ...groupOf(parts[1]) });
  const groupVersion = parts[0] === 'api' ? parts[1] : parts.slice(1).join('/');
  const served = kinds.filter((kind) => apiVersionOf(kind) === groupVersion);
  if (served.length === 0) return undefined;
  const resources = served.flatMap((k) => [
    { name: k.plural, singularName: k.singular, namespaced: k.namespaced, kind: k.kind, verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'], ...(k.shortNames.length > 0 ? { shortNames: k.shortNames } : {}), ...(k.inAll ? { categories: ['all'] } : {}) },
    ...k.subresources.map((s) => ({ name: `${k.plural}/${s}`, singularName: '', namespaced: k.namespaced, kind: s === 'scale' ? 'Scale' : s === 'binding' ? 'Binding' : k.kind, verbs: s === 'binding' ? ['create'] : ['get', 'patch', 'update'] })),
  ]);
  return ok({ kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources });
}
