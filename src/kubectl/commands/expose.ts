/** kubectl expose. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/expose/expose.go (v1.36). Simplified: one object at a time. */
import type { KubeObject } from '../../api/object.ts';
import type { V1Pod, V1Service, V1ServicePort } from '../../api/schema/kubernetes.ts';
import { serverError, type Command, type Env } from '../command.ts';
import { labelsOf, made, numberOr, overridden, pairsIn, partsError, submit, type Made } from '../making.ts';
import { targetsOf } from '../targets.ts';
import { NO_NAME, pathFor } from '../resources.ts';

interface Exposable {
  readonly spec?: {
    readonly selector?: Readonly<Record<string, string>> | { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template?: V1Pod;
    readonly ports?: readonly V1ServicePort[];
    readonly containers?: NonNullable<V1Pod['spec']>['containers'];
  };
}

/** The Service that makes an object reachable. */
function exposed(object: KubeObject, env: Env): Made {
  const { flags } = env.argv;
  const { spec } = object as Exposable;
  const odd = partsError(env);
  if (odd !== undefined) return { error: odd };
  const selector =
    pairsIn(flags.get('selector')) ??
    (object.kind === 'Pod'
      ? object.metadata?.labels
      : object.kind === 'Service'
        ? spec?.selector
        : (spec?.selector as { readonly matchLabels?: Readonly<Record<string, string>> } | undefined)?.matchLabels);
  if (!selector || Object.keys(selector).length === 0)
    return {
      error: `error: couldn't retrieve selectors via --selector flag or introspection: the ${(object.kind ?? '').toLowerCase()} has no ${object.kind === 'Pod' ? 'labels' : 'selectors'} and cannot be exposed\n`,
    };
  const containers = spec?.template?.spec?.containers ?? spec?.containers ?? [];
  const given =
    flags.get('port')?.split(',').map(Number) ??
    (object.kind === 'Service' ? spec?.ports?.map(({ port }) => port) : undefined) ??
    containers.flatMap((c) => (c.ports ?? []).map((p) => p.containerPort));
  const target = flags.get('target-port');
  if (given.length === 0) return { error: "error: couldn't find port via --port flag or introspection\n" };
  const ports = given.map((port, i): V1ServicePort => ({
    ...(given.length > 1 ? { name: `port-${i + 1}` } : {}),
    port,
    protocol: flags.get('protocol') ?? 'TCP',
    targetPort: target === undefined ? port : numberOr(target),
  }));
  const affinity = flags.get('session-affinity') ?? 'None';
  if (affinity !== 'None' && affinity !== 'ClientIP') return { error: `error: unknown session affinity: ${affinity}\n` };
  const labels = labelsOf(env) ?? object.metadata?.labels;
  const result: V1Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: flags.get('name') ?? object.metadata?.name ?? '', ...(labels ? { labels } : {}) },
    spec: {
      ports,
      selector: selector as Readonly<Record<string, string>>,
      ...(flags.has('type') ? { type: flags.get('type') ?? '' } : {}),
      ...(flags.has('cluster-ip') ? { clusterIP: flags.get('cluster-ip') ?? '' } : {}),
      ...(flags.has('external-ip') ? { externalIPs: [flags.get('external-ip') ?? ''] } : {}),
      ...(flags.has('load-balancer-ip') && flags.get('type') === 'LoadBalancer'
        ? { loadBalancerIP: flags.get('load-balancer-ip') ?? '' }
        : {}),
      ...(flags.has('session-affinity') ? { sessionAffinity: flags.get('session-affinity') ?? '' } : {}),
    },
  };
  return overridden(result as KubeObject, env);
}

export default [
  {
    name: 'expose',
    init(env) {
      const found = targetsOf(env, env.argv.words);
      if ('exit' in found) return found;
      const [{ kind, name, namespace }] = found;
      if (name === undefined) return { err: NO_NAME, exit: 1 };
      if (!['Pod', 'Service', 'Deployment', 'ReplicaSet'].includes(kind.kind))
        return { err: `error: cannot expose a ${kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`}\n`, exit: 1 };
      return { ask: [{ tag: 'get', request: { method: 'GET', path: pathFor(kind, namespace, name) } }] };
    },
    update(model, told, env) {
      if (told.tag !== 'get') return made(model, told, env);
      return told.response?.code === 200
        ? submit([exposed(told.response.body as KubeObject, env)], env, { word: 'exposed' })
        : { err: serverError(told.response), exit: 1 };
    },
  },
] satisfies readonly Command[];
