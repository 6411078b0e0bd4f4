/**
 * Gives every machine a block of pod addresses, from the cluster's network which kube-system/kubeadm-config names.
 * Upstream: pkg/controller/nodeipam/ipam/range_allocator.go (v1.36). Simplified: the next free /24 in order, read from the Nodes themselves.
 */
import { keyOf } from '../../api/object.ts';
import type { V1ConfigMap, V1Node } from '../../api/schema/kubernetes.ts';
import { formatIp, parseCidr } from '../../lib/ip.ts';
import { nothing, type Controller } from './controller.ts';
import { mergePatchOf } from './paths.ts';

const BLOCK = 256;

export default {
  name: 'node-ipam',
  workers: 1,
  watches: [
    { resource: 'nodes', keys: ({ object, deleted }) => (deleted || (object as V1Node).spec?.podCIDR ? [] : [keyOf(object)]) },
    {
      resource: 'configmaps',
      keys: ({ object, cache }) =>
        keyOf(object) === 'kube-system/kubeadm-config'
          ? cache
              .list<V1Node>('nodes')
              .filter((n) => !n.spec?.podCIDR)
              .map(keyOf)
          : [],
    },
  ],
  reconcile(name, cache) {
    const node = cache.get<V1Node>('nodes', name);
    const config = cache.get<V1ConfigMap>('configmaps', 'kube-system/kubeadm-config');
    const network = parseCidr(/podSubnet: (\S+)/.exec(config?.data?.ClusterConfiguration ?? '')?.[1] ?? '');
    if (!node || node.spec?.podCIDR || !network) return nothing;
    const used = new Uint8Array(Math.ceil(network.size / BLOCK));
    for (const other of cache.list<V1Node>('nodes')) {
      const base = baseOf(other);
      if (base !== undefined) used[(base - network.base) / BLOCK] = 1;
    }
    const free = used.indexOf(0);
    if (free >= 0) {
      const block = `${formatIp(network.base + free * BLOCK)}/24`;
      return {
        writes: [mergePatchOf('nodes', node, { spec: { podCIDR: block, podCIDRs: [block] } })],
        notes: [{ says: 'nodeipam/allotted', about: `nodes/${name}`, with: { machine: name, podCIDR: block } }],
      };
    }
    return { writes: [], notes: [{ says: 'nodeipam/full', about: `nodes/${name}`, with: { machine: name } }] };
  },
} satisfies Controller;

/** Where a Node's block begins; read once for each state of a Node, since each new one is compared with all. */
const bases = new WeakMap<V1Node, number | undefined>();
function baseOf(node: V1Node): number | undefined {
  if (bases.has(node)) return bases.get(node);
  const base = parseCidr(node.spec?.podCIDR ?? '')?.base;
  if (Object.isFrozen(node)) bases.set(node, base);
  return base;
}
