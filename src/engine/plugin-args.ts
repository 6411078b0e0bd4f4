/** What kinds of values the arguments of the scheduler's plugins are. Upstream: staging/src/k8s.io/kube-scheduler/config/v1/types_pluginargs.go (v1.36). Simplified: fields that nobody knows are passed over. */
import { wrongFields, type PartShape } from './part-rules.ts';

const RESOURCES = [{ name: 'a string', 'weight?': 'a number' }] as const;
const ARGS: Readonly<Record<string, PartShape>> = {
  DefaultPreemption: { 'minCandidateNodesPercentage?': 'a number', 'minCandidateNodesAbsolute?': 'a number' },
  InterPodAffinity: { 'hardPodAffinityWeight?': 'a number', 'ignorePreferredTermsOfExistingPods?': 'true or false' },
  NodeAffinity: { 'addedAffinity?': 'V1NodeAffinity' },
  NodeResourcesBalancedAllocation: { 'resources?': RESOURCES },
  NodeResourcesFit: {
    'ignoredResources?': 'a list of strings',
    'ignoredResourceGroups?': 'a list of strings',
    'scoringStrategy?': {
      'type?': 'a string',
      'resources?': RESOURCES,
      'requestedToCapacityRatio?': { 'shape?': [{ utilization: 'a number', score: 'a number' }] },
    },
  },
  PodTopologySpread: { 'defaultConstraints?': 'V1TopologySpreadConstraint[]', 'defaultingType?': 'a string' },
};

/** Why a plugin cannot read its arguments, in one sentence. `at`: where they are. */
export const unreadableArgs = (at: string, plugin: string, args: unknown): string | undefined =>
  args === undefined ? undefined : wrongFields(at, args, ARGS[plugin] ?? {});
