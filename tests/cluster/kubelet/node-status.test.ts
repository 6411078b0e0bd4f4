/** Which IDs a machine has: machine-id(5), and the UUIDs of /proc/sys/kernel/random/boot_id and the firmware, as NodeSystemInfo in k8s.io/api v0.36.3 core/v1 types.go names them. */
import { expect, it } from 'vitest';
import type { V1Node } from '../../../src/api/schema/kubernetes.ts';
import { openCluster } from '../../../src/engine/headless.ts';

it('every machine has IDs of its own, and keeps them', () => {
  const cluster = openCluster({ topology: { workers: 2 } });
  const infos = () =>
    (cluster.request({ method: 'GET', path: '/api/v1/nodes' }).body as { readonly items: readonly V1Node[] }).items.map(
      ({ status }) => status?.nodeInfo,
    );
  const before = infos();
  for (const info of before) {
    expect(info?.machineID).toMatch(/^[0-9a-f]{32}$/);
    for (const id of [info?.bootID, info?.systemUUID])
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect(new Set(before.flatMap((info) => [info?.machineID, info?.bootID, info?.systemUUID])).size).toBe(9);
  cluster.fault({ do: 'kill', what: 'worker-1/kubelet' });
  cluster.advance(400);
  expect(infos()).toEqual(before);
});

// component-helpers v0.36.0 nodedeclaredfeatures/features/registry.go, framework.go DiscoverNodeFeatures; pkg/kubelet/kubelet_node_status.go.
it('a machine says what its kubelet and its runtime can do', () => {
  const [node] = (
    openCluster({ topology: { workers: 1 } }).request({ method: 'GET', path: '/api/v1/nodes' }).body as {
      readonly items: readonly V1Node[];
    }
  ).items;
  const features = { recursiveReadOnlyMounts: true, userNamespaces: true };
  expect(node.status).toMatchObject({
    declaredFeatures: [
      'ExtendWebSocketsToKubelet',
      'InPlacePodLevelResourcesVerticalScaling',
      'InPlacePodVerticalScalingInitContainers',
      'RestartAllContainersOnContainerExits',
    ],
    features: { supplementalGroupsPolicy: true },
    runtimeHandlers: [
      { name: '', features },
      { name: 'runc', features },
    ],
  });
});

/**
 * pkg/kubelet/cm/node_container_manager_linux.go hardEvictionReservation: memory.available<100Mi and nodefs.available<10% are nobody's. The first machine is Docker Desktop's, as
 * `kubectl describe node` prints it in many a guide.
 */
it.each([
  ['61255492Ki', '2038904Ki', '56453061334', '1936504Ki'],
  ['100Gi', '8Gi', '96636764k', '8092Mi'],
])('of a disk of %s and a memory of %s there are %s and %s to allocate', (ephemeralStorage, memory, disk, left) => {
  const cluster = openCluster({ topology: { workers: [{ name: 'w', memory, ephemeralStorage }] } });
  const { status } = cluster.request({ method: 'GET', path: '/api/v1/nodes/w' }).body as V1Node;
  expect(status).toMatchObject({
    capacity: { 'ephemeral-storage': ephemeralStorage, memory },
    allocatable: { 'ephemeral-storage': disk, memory: left },
  });
});
