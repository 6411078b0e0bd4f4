/** What is wanted and what there is, in numbers: what the API says, and of whom it can only repeat the last word. */
import { controllerOf } from '../api/machinery/owner.ts';
import type { KubeObject } from '../api/object.ts';
import type { V1DaemonSet, V1Deployment, V1Pod, V1ReplicaSet } from '../api/schema/kubernetes.ts';
import { isOwn, isReady, isSilent, machineOf, objectsOf, type Picture } from '../story/picture.ts';

export interface Score {
  readonly want: number;
  readonly created: number;
  readonly bound: number;
  readonly running: number;
  /** Their phase is Running, but their machine is silent: nobody knows. */
  readonly unknown: number;
  readonly ready: number;
}

export function scoreOf(picture: Picture): Score {
  const own = objectsOf<V1Pod>(picture, 'pods').filter(isOwn);
  const running = own.filter((p) => p.status?.phase === 'Running');
  const unknown = running.filter((p) => isSilent(machineOf(p, picture))).length;
  return {
    want: wantedPods(picture, own),
    created: own.length,
    bound: own.filter((p) => p.spec?.nodeName).length,
    running: running.length - unknown,
    unknown,
    ready: own.filter(isReady).length,
  };
}

/** How many pods the user's objects ask for; a pod that nobody controls asks for itself. */
function wantedPods(picture: Picture, pods: readonly V1Pod[]): number {
  const sum = <O extends KubeObject>(folder: string, of: (object: O) => number): number =>
    objectsOf<O>(picture, folder)
      .filter((o) => isOwn(o) && !controllerOf(o))
      .reduce((n, o) => n + of(o), 0);
  // How many machines a DaemonSet is for stands in its status, which is written after its pods are.
  const daemons = ({ metadata, status }: V1DaemonSet): number =>
    status?.observedGeneration === undefined
      ? pods.filter((p) => controllerOf(p)?.uid === metadata?.uid).length
      : status.desiredNumberScheduled;
  return (
    sum<V1Deployment>('deployments', (d) => d.spec?.replicas ?? 1) +
    sum<V1ReplicaSet>('replicasets', (r) => r.spec?.replicas ?? 1) +
    sum<V1DaemonSet>('daemonsets', daemons) +
    sum<V1Pod>('pods', (p) => (p.metadata?.deletionTimestamp ? 0 : 1))
  );
}
