/**
 * The Services that a container is told of by its environment: `kubernetes`, and those of its own namespace unless the pod wants none.
 * Upstream: pkg/kubelet/envvars/envvars.go FromServices, pkg/kubelet/kubelet_pods.go getServiceEnvVarMap (v1.36). Simplified: they come by name; upstream's order is Go's of a map.
 */
import type { V1EnvVar, V1Service } from '../../api/schema/kubernetes.ts';
import { deepFreeze } from '../../lib/deep-freeze.ts';
import type { Cache } from '../client/cache.ts';

const MASTER = 'kubernetes';
const hasAddress = ({ spec }: V1Service): boolean => (spec?.clusterIP ?? '') !== '' && spec?.clusterIP !== 'None';

const variableName = (name: string): string => name.replace(/-/g, '_').toUpperCase();

/** What one Service adds, as Docker's links had it. */
export function variablesOf({ metadata, spec }: V1Service): readonly V1EnvVar[] {
  const host = spec?.clusterIP ?? '';
  const ports = spec?.ports ?? [];
  if (ports.length === 0) return NO_VARIABLES;
  const name = variableName(metadata?.name ?? '');
  const url = (protocol: string, port: number): string => `${protocol.toLowerCase()}://${host}:${port}`;
  const named = ports.flatMap((p): readonly (readonly [string, string])[] =>
    p.name ? [[`${name}_SERVICE_PORT_${variableName(p.name)}`, String(p.port)]] : [],
  );
  const links = ports.flatMap(({ port, protocol = 'TCP' }): readonly (readonly [string, string])[] => {
    const prefix = `${name}_PORT_${port}_${protocol.toUpperCase()}`;
    return [
      [prefix, url(protocol, port)],
      [`${prefix}_PROTO`, protocol.toLowerCase()],
      [`${prefix}_PORT`, String(port)],
      [`${prefix}_ADDR`, host],
    ];
  });
  const [first] = ports;
  const all = [
    [`${name}_SERVICE_HOST`, host],
    [`${name}_SERVICE_PORT`, String(first.port)],
    ...named,
    [`${name}_PORT`, url(first.protocol ?? 'TCP', first.port)],
    ...links,
  ];
  return deepFreeze(all.map(([variable, value]) => ({ name: variable, value })));
}
const NO_VARIABLES: readonly V1EnvVar[] = Object.freeze([]);

/** By namespace, what was last made of which Services: machines know the same ones, and their containers share one list. */
const made = new Map<string, { readonly services: readonly V1Service[]; readonly variables: readonly V1EnvVar[] }>();

export function serviceVariables(cache: Cache, namespace: string, isLinked: boolean): readonly V1EnvVar[] {
  const master = cache.get<V1Service>('services', `default/${MASTER}`);
  const own = isLinked ? cache.list<V1Service>('services', namespace).filter(hasAddress) : [];
  const services = !master || own.some((s) => s.metadata?.name === MASTER) ? own : [master, ...own];
  const key = isLinked ? namespace : '';
  const before = made.get(key);
  if (before && before.services.length === services.length && before.services.every((s, i) => s === services[i])) return before.variables;
  const byName = [...services].sort((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
  const variables = Object.freeze(byName.flatMap(variablesOf));
  made.set(key, { services, variables });
  return variables;
}
