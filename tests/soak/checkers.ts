/** What must hold whatever happens to a cluster. Each checker reads the API and the machines as anybody could, and returns what is wrong. */
import type { V1Deployment, V1EndpointSlice, V1Node, V1Pod, V1ReplicaSet, V1Service } from '../../src/api/schema/kubernetes.ts';
import { quantity } from '../../src/api/machinery/quantity.ts';
import type { Cluster } from '../../src/engine/headless.ts';

interface Seen {
  readonly pods: readonly V1Pod[];
  readonly nodes: readonly V1Node[];
  readonly slices: readonly V1EndpointSlice[];
  readonly services: readonly V1Service[];
  readonly sets: readonly V1ReplicaSet[];
  readonly deployments: readonly V1Deployment[];
}

/** Undefined while the apiserver does not answer. */
export function look(cluster: Cluster): Seen | undefined {
  if (cluster.request({ method: 'GET', path: '/readyz' }).status !== 200) return undefined;
  const list = <T>(path: string): readonly T[] => (cluster.request({ method: 'GET', path }).body as { readonly items: readonly T[] }).items;
  return {
    pods: list('/api/v1/pods'),
    nodes: list('/api/v1/nodes'),
    slices: list('/apis/discovery.k8s.io/v1/endpointslices'),
    services: list('/api/v1/services'),
    sets: list('/apis/apps/v1/replicasets'),
    deployments: list('/apis/apps/v1/deployments'),
  };
}

const name = (o: { readonly metadata?: { readonly namespace?: string; readonly name?: string } }): string =>
  `${o.metadata?.namespace}/${o.metadata?.name}`;
const isReady = (pod: V1Pod): boolean => pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false;
const isOver = (pod: V1Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
const cpu = (pod: V1Pod): number =>
  (pod.spec?.containers ?? []).reduce((n, c) => n + quantity(c.resources?.requests?.cpu ?? '0') * 1000, 0);

/** Hold at every moment. */
export const always: Readonly<Record<string, (seen: Seen) => readonly string[]>> = {
  'a machine is never asked for more CPU than it has': ({ pods, nodes }) =>
    nodes.flatMap((node) => {
      const asked = pods.filter((p) => p.spec?.nodeName === node.metadata?.name && !isOver(p)).reduce((n, p) => n + cpu(p), 0);
      const has = quantity(node.status?.allocatable?.cpu ?? '0') * 1000;
      return asked > has + 0.5 ? [`${node.metadata?.name}: ${asked}m of ${has}m`] : [];
    }),
  'a pod that is Ready runs on a machine and has an address': ({ pods }) =>
    pods.filter((p) => isReady(p) && !(p.spec?.nodeName && p.status?.podIP && p.status.phase === 'Running')).map(name),
  'a bound pod is on a machine that was there': ({ pods }) =>
    pods.filter((p) => p.spec?.nodeName !== undefined && p.spec.nodeName === '').map(name),
  'a controlled object names its owner by uid': ({ pods, sets }) =>
    [...pods, ...sets].filter((o) => o.metadata?.ownerReferences?.some((r) => !r.uid || !r.name || !r.kind)).map(name),
};

/** Hold when every fault is healed and nothing more is pending. */
export const atRest: Readonly<Record<string, (seen: Seen, cluster: Cluster) => readonly string[]>> = {
  'no two living pods have one address': ({ pods }) => {
    const own = pods.filter((p) => p.status?.podIP && !p.spec?.hostNetwork && !isOver(p));
    return own.filter((p) => own.some((q) => q !== p && q.status?.podIP === p.status?.podIP)).map((p) => `${name(p)} ${p.status?.podIP}`);
  },
  'every Deployment has what it wants': ({ deployments }) =>
    deployments
      .filter((d) => (d.status?.readyReplicas ?? 0) !== d.spec?.replicas || (d.status?.updatedReplicas ?? 0) !== d.spec?.replicas)
      .map((d) => `${name(d)}: ${JSON.stringify(d.status)}`),
  'a ReplicaSet counts its own pods': ({ sets, pods }) =>
    sets
      .filter(
        (s) =>
          pods.filter((p) => p.metadata?.ownerReferences?.some((r) => r.uid === s.metadata?.uid) && !isOver(p)).length !==
          (s.status?.replicas ?? 0),
      )
      .map(name),
  'nothing hangs in deletion': ({ pods, deployments }) => [...pods, ...deployments].filter((o) => o.metadata?.deletionTimestamp).map(name),
  'slices list exactly the ready pods that their Service selects': ({ services, slices, pods }) =>
    services
      .filter((s) => s.spec?.selector && s.metadata?.namespace === 'default')
      .flatMap((service) => {
        const want = pods
          .filter(
            (p) =>
              p.metadata?.namespace === 'default' &&
              isReady(p) &&
              Object.entries(service.spec?.selector ?? {}).every(([k, v]) => p.metadata?.labels?.[k] === v),
          )
          .map((p) => p.status?.podIP)
          .sort();
        const have = slices
          .filter(
            (s) => s.metadata?.labels?.['kubernetes.io/service-name'] === service.metadata?.name && s.metadata?.namespace === 'default',
          )
          .flatMap((s) => s.endpoints ?? [])
          .filter((e) => e.conditions?.ready)
          .map((e) => e.addresses[0])
          .sort();
        return JSON.stringify(want) === JSON.stringify(have) ? [] : [`${name(service)}: wants ${want.join(' ')}, lists ${have.join(' ')}`];
      }),
  'every machine has the same Service rules': ({ nodes }, cluster) => {
    const rules = nodes.map((n) =>
      cluster
        .iptablesSave(n.metadata?.name ?? '')
        .split('\n')
        .filter((l) => l.startsWith('-A KUBE-S') && !l.includes('MARK-MASQ'))
        .join('\n'),
    );
    return rules.every((r) => r === rules[0]) ? [] : ['they differ'];
  },
  'every machine is Ready': ({ nodes }) =>
    nodes.filter((n) => !n.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True')).map((n) => n.metadata?.name ?? ''),
  'what etcd says runs is what the machines run': ({ pods }, cluster) =>
    pods
      .filter((p) => isReady(p) && p.metadata?.namespace === 'default')
      .flatMap((p) =>
        (p.spec?.containers ?? [])
          .filter((c) => cluster.inspect(`${name(p)}/${c.name}`).length === 0)
          .map((c) => `${name(p)}/${c.name} is not there`),
      ),
};
