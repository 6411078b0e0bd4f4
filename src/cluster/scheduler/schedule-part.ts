/** Where would this pod go, and why? The scheduler's pure heart over plain objects, with no cluster. */
import { keyOf, type KubeObject } from '../../api/object.ts';
import type { V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import { deepFreeze } from '../../lib/deep-freeze.ts';
import { cacheOf } from '../client/indexed-cache.ts';
import { isAssigned } from './cluster-event.ts';
import { decide, type SchedulingDecision } from './framework.ts';
import type { Nominated } from './filtering.ts';
import { addPod, createFleet, machineInfos, setNode } from './machine-info.ts';
import { defaultProfile, profileOf, type Profile } from './profile.ts';

export interface ScheduleRequest {
  readonly pod: V1Pod;
  readonly nodes: readonly V1Node[];
  /** Pods that are there already; those with a nodeName take room, those with a status.nominatedNodeName are reckoned with. */
  readonly pods?: readonly V1Pod[];
  /** Services, ReplicaSets, Namespaces … for the plugins that ask for them. */
  readonly objects?: readonly KubeObject[];
  /** A KubeSchedulerConfiguration; the profile of the pod's schedulerName counts, else the first. */
  readonly configuration?: object;
  readonly seed?: number;
  readonly attempt?: number;
}

/** What keeps a pod out of the queue; such a pod is never tried. */
function gateOf(pod: V1Pod, profile: Profile | undefined): SchedulingDecision | undefined {
  for (const { plugin } of profile?.plugins ?? []) {
    const verdict = plugin.preEnqueue?.(pod);
    if (verdict && verdict.code !== 'fits')
      return {
        pod: keyOf(pod),
        attempt: 0,
        nodes: [],
        evaluated: 0,
        feasible: 0,
        refusedBy: [plugin.name],
        refusals: verdict.reasons.map((reason) => ({ plugin: plugin.name, reason, count: 0 })),
        nextStart: 0,
      };
  }
  return undefined;
}

/** Machines are looked at in order of name. A gated pod gets no machine and no attempt. The request's objects are left as they are. */
export function schedule(request: ScheduleRequest): SchedulingDecision {
  const { pod, nodes, pods = [], objects = [], configuration, seed = 1, attempt = 1 } = deepFreeze(own(request));
  const fleet = createFleet();
  for (const node of nodes) setNode(fleet, node.metadata?.name ?? '', node);
  pods.forEach((other, i) => {
    if (isAssigned(other)) addPod(fleet, other.spec?.nodeName ?? '', `${keyOf(other)}#${i}`, other);
  });
  const named: readonly KubeObject[] = [
    ...objects,
    ...nodes.map((node) => ({ apiVersion: 'v1', kind: 'Node', ...node })),
    ...pods.map((other) => ({ apiVersion: 'v1', kind: 'Pod', ...other })),
  ];
  const cache = cacheOf(named);
  const profile = configuration ? (profileOf(configuration, pod.spec?.schedulerName) ?? profileOf(configuration)) : defaultProfile;
  const gated = gateOf(pod, profile);
  if (gated) return gated;
  return decide(
    {
      pod,
      machines: machineInfos(fleet),
      imageHolders: fleet.imageHolders,
      groups: fleet.groups,
      cache,
      seed,
      attempt,
      start: 0,
      nominated: nominatedOf(pods),
      ...(profile ? { profile } : {}),
    },
    { record: true },
  );
}

function nominatedOf(pods: readonly V1Pod[]): Nominated {
  const nominated = new Map<string, V1Pod[]>();
  for (const pod of pods) {
    const name = pod.spec?.nodeName ? undefined : pod.status?.nominatedNodeName;
    if (name) nominated.set(name, [...(nominated.get(name) ?? []), pod]);
  }
  return nominated;
}

/** A copy to the leaves, frozen subtrees too: what the caller changes later must not change a memory of ours. */
const own = (request: ScheduleRequest): ScheduleRequest => JSON.parse(JSON.stringify(request)) as ScheduleRequest;
