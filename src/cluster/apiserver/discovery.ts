/** The paths that name no resource: what is served. Upstream: pkg/endpoints/discovery (v1.36). Simplified: no ETags. */
import type { Kind } from '../../api/kind.ts';
import { apiVersionOf, kinds } from '../../api/registry.ts';
import { methodRefused } from '../../api/machinery/status.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import { mediaType } from './encode.ts';
import { openApi } from './openapi.ts';
import { methodsOf } from './request-info.ts';
import { VERSION } from './version.ts';

/** The server says, too, which versions it acts as. Upstream: component-base/version ServerVersion, since v1.33. */
const { major, minor, ...BINARY } = VERSION;
const SERVED = {
  major,
  minor,
  emulationMajor: major,
  emulationMinor: minor,
  minCompatibilityMajor: major,
  minCompatibilityMinor: '35',
  ...BINARY,
};

const SUBRESOURCES: Readonly<Record<string, { readonly kind: string; readonly group?: string; readonly version?: string }>> = {
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
  binding: { kind: 'Binding' },
  exec: { kind: 'PodExecOptions' },
  attach: { kind: 'PodAttachOptions' },
  portforward: { kind: 'PodPortForwardOptions' },
  token: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
};
const VERBS = { GET: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' } as const;
/** Namespaces go one by one. */
const VERBS_OF_ONE = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
export const verbsOf = (kind: Kind): readonly string[] => (kind.plural === 'namespaces' ? VERBS_OF_ONE : ALL_VERBS);
/** What can only be asked, and is not kept. */
const REVIEWS = [
  { group: 'authentication.k8s.io', kind: 'SelfSubjectReview', plural: 'selfsubjectreviews' },
  { group: 'authorization.k8s.io', kind: 'SelfSubjectAccessReview', plural: 'selfsubjectaccessreviews' },
  { group: 'authorization.k8s.io', kind: 'SelfSubjectRulesReview', plural: 'selfsubjectrulesreviews' },
] as const;
const GROUPS: readonly string[] = [
  ...new Set([...kinds.filter((k) => k.group !== '').map((k) => k.group), ...REVIEWS.map((r) => r.group)]),
];
const ROOT_PATHS: readonly string[] = [
  '/api',
  '/api/v1',
  '/apis',
  ...GROUPS.flatMap((group) => [`/apis/${group}`, `/apis/${group}/v1`]),
  '/healthz',
  '/livez',
  '/openapi/v2',
  '/openapi/v3',
  '/readyz',
  '/version',
].sort((a, b) => (a < b ? -1 : 1));
const namesOf = (k: Kind): object => ({
  ...(k.shortNames.length > 0 ? { shortNames: k.shortNames } : {}),
  ...(k.inAll ? { categories: ['all'] } : {}),
});
const verbsOfPart = (subresource: string): readonly string[] => methodsOf(subresource).map((method) => VERBS[method]);

const wantsAll = (accept = ''): boolean =>
  accept
    .split(',')
    .map(mediaType)
    .some(
      ({ parameters }) =>
        parameters.get('g') === 'apidiscovery.k8s.io' && parameters.get('v') === 'v2' && parameters.get('as') === 'APIGroupDiscoveryList',
    );
/** What a subresource reads and writes: a kind of its own, or its resource's. */
const kindOfPart = (k: Kind, subresource: string): { readonly kind: string; readonly group?: string; readonly version?: string } =>
  SUBRESOURCES[subresource] ?? { kind: k.kind };
/** Every group at once. Upstream: pkg/endpoints/discovery/aggregated, ConvertGroupVersionIntoToDiscovery. */
function allOf(groups: readonly string[]): object {
  const resource = (k: Kind): object => ({
    resource: k.plural,
    responseKind: { group: k.group, version: k.version, kind: k.kind },
    scope: k.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: k.singular,
    verbs: verbsOf(k),
    ...namesOf(k),
    ...(k.subresources.length > 0
      ? {
          subresources: k.subresources.map((s) => {
            const kind = { group: k.group, version: k.version, ...kindOfPart(k, s) };
            return { subresource: s, responseKind: kind, acceptedTypes: [kind], verbs: verbsOfPart(s) };
          }),
        }
      : {}),
  });
  const review = (r: (typeof REVIEWS)[number]): object => ({
    resource: r.plural,
    responseKind: { group: r.group, version: 'v1', kind: r.kind },
    scope: 'Cluster',
    singularResource: r.kind.toLowerCase(),
    verbs: ['create'],
  });
  const version = (group: string): object => ({
    version: 'v1',
    resources: [...kinds.filter((k) => k.group === group).map(resource), ...REVIEWS.filter((r) => r.group === group).map(review)],
    freshness: 'Current',
  });
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((group) => ({ metadata: group === '' ? {} : { name: group }, versions: [version(group)] })),
  };
}

export function discover(request: ApiRequest, address: string): ApiResponse | undefined {
  if (request.method !== 'GET') return ROOT_PATHS.includes(request.path) ? { code: 405, body: methodRefused() } : undefined;
  const parts = request.path.split('/').filter((part) => part !== '');
  const ok = (body: unknown): ApiResponse => ({ code: 200, body });
  if (parts.length === 0) return ok({ paths: ROOT_PATHS });
  if (parts[0] === 'openapi') return openApi(request);
  if (parts[0] === 'version') return ok(SERVED);
  if ((parts[0] === 'api' || parts[0] === 'apis') && parts.length === 1 && wantsAll(request.accept))
    return ok(allOf(parts[0] === 'api' ? [''] : GROUPS));
  if (parts[0] === 'api' && parts.length === 1)
    return ok({
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
    });
  const groupOf = (name: string) => {
    const version = { groupVersion: `${name}/v1`, version: 'v1' };
    return { name, versions: [version], preferredVersion: version };
  };
  if (parts[0] === 'apis' && parts.length === 1) return ok({ kind: 'APIGroupList', apiVersion: 'v1', groups: GROUPS.map(groupOf) });
  if (parts[0] === 'apis' && parts.length === 2 && GROUPS.includes(parts[1]))
    return ok({ kind: 'APIGroup', apiVersion: 'v1', ...groupOf(parts[1]) });
  const groupVersion = parts[0] === 'api' ? parts[1] : parts.slice(1).join('/');
  if (parts.length > (parts[0] === 'api' ? 2 : 3)) return undefined;
  const served = kinds.filter((kind) => apiVersionOf(kind) === groupVersion);
  const reviews = REVIEWS.filter((r) => `${r.group}/v1` === groupVersion).map((r) => ({
    name: r.plural,
    singularName: r.kind.toLowerCase(),
    namespaced: false,
    kind: r.kind,
    verbs: ['create'],
  }));
  if (served.length + reviews.length === 0) return undefined;
  const resources = [
    ...reviews,
    ...served.flatMap((k) => [
      { name: k.plural, singularName: k.singular, namespaced: k.namespaced, kind: k.kind, verbs: verbsOf(k), ...namesOf(k) },
      ...k.subresources.map((s) => ({
        name: `${k.plural}/${s}`,
        singularName: '',
        namespaced: k.namespaced,
        ...kindOfPart(k, s),
        verbs: verbsOfPart(s),
      })),
    ]),
  ];
  return ok({ kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources });
}
