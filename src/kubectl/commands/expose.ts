/** kubectl expose. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/expose/expose.go (v1.36). Simplified: one object at a time. */
import type { KubeObject } from '../../api/object.ts';
import type { V1LabelSelector, V1Pod, V1Service, V1ServicePort } from '../../api/schema/kubernetes.ts';
import { serverError, type Command, type Env } from '../command.ts';
import { labelsOf, made, numberOr, overridden, pairsIn, partsError, submit, type Made } from '../making.ts';
import { targetsOf } from '../targets.ts';
import { groupKind, NO_NAME, pathFor } from '../resources.ts';

interface Exposable {
  readonly spec?: {
    readonly selector?: Readonly<Record<string, string>> | V1LabelSelector;
    readonly template?: V1Pod;
    readonly ports?: readonly V1ServicePort[];
    readonly containers?: NonNullable<V1Pod['spec']>['containers'];
  };
}

const LONGEST_NAME = 63;

/** What an object's pods have in common; a text says why that cannot be told. Upstream: polymorphichelpers/mapbasedselectorforobject.go. */
function selectorOf({ kind = '', metadata, spec }: Exposable & KubeObject): Readonly<Record<string, string>> | string {
  if (kind === 'Pod') return metadata?.labels ?? 'the pod has no labels and cannot be exposed';
  if (kind === 'Service') return (spec?.selector as Readonly<Record<string, string>> | undefined) ?? 'the service has no pod selector set';
  const { matchLabels, matchExpressions = [] } = (spec?.selector ?? {}) as V1LabelSelector;
  if (!matchLabels) return `invalid ${kind[0].toLowerCase()}${kind.slice(1)}: no selectors, therefore cannot be exposed`;
  const said = matchExpressions.map(({ key, operator, values = [] }) => `{Key:${key} Operator:${operator} Values:[${values.join(' ')}]}`);
  return said.length === 0 ? matchLabels : `couldn't convert expressions - "[${said.join(' ')}]" to map-based selector format`;
}

/** Each port once, in the protocols in which the object has it. Upstream: polymorphichelpers/{portsforobject,multiprotocolsforobject}.go, ExposeServiceOptions.createService. */
function portsOf({ kind, spec }: Exposable & KubeObject, { argv: { flags } }: Env): readonly V1ServicePort[] {
  const own =
    kind === 'Service'
      ? (spec?.ports ?? [])
      : (spec?.template?.spec?.containers ?? spec?.containers ?? []).flatMap((c) =>
          (c.ports ?? []).map(({ containerPort, protocol }) => ({ port: containerPort, protocol })),
        );
  const asked = flags.get('protocol');
  const target = flags.get('target-port');
  return (flags.get('port')?.split(',').map(Number) ?? [...new Set(own.map(({ port }) => port))]).flatMap((port, i, all) => {
    const known = asked ? [] : own.filter((one) => one.port === port).map(({ protocol = 'TCP' }) => protocol);
    return (known.length === 0 ? [asked || 'TCP'] : known).map((protocol) => ({
      ...(known.length > 1 ? { name: `port-${i + 1}-${protocol.toLowerCase()}` } : all.length > 1 ? { name: `port-${i + 1}` } : {}),
      port,
      protocol,
      targetPort: target === undefined ? port : numberOr(target),
    }));
  });
}

/** The Service that makes an object reachable. */
function exposed(object: KubeObject, env: Env): Made {
  const { flags } = env.argv;
  const odd = partsError(env);
  if (odd !== undefined) return { error: odd };
  const selector = pairsIn(flags.get('selector')) ?? selectorOf(object as Exposable & KubeObject);
  if (typeof selector === 'string')
    return { error: `error: couldn't retrieve selectors via --selector flag or introspection: ${selector}\n` };
  const ports = portsOf(object as Exposable & KubeObject, env);
  if (ports.length === 0 && flags.get('cluster-ip') !== 'None')
    return { error: "error: couldn't find port via --port flag or introspection\n" };
  const affinity = flags.get('session-affinity') ?? 'None';
  if (affinity !== 'None' && affinity !== 'ClientIP') return { error: `error: unknown session affinity: ${affinity}\n` };
  const labels = labelsOf(env) ?? object.metadata?.labels;
  const result: V1Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: flags.get('name') ?? (object.metadata?.name ?? '').slice(0, LONGEST_NAME), ...(labels ? { labels } : {}) },
    spec: {
      ...(ports.length > 0 ? { ports } : {}),
      selector,
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
        return { err: `error: cannot expose a ${groupKind(kind)}\n`, exit: 1 };
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
