/** What tells the pods of one workload from those of others, in the order in which they were made: a pattern for each set of pods, old and new of a roll-out too, and the workload's name once there are several. */
import type { KubeObject } from '../api/object.ts';
import { isOwn, objectsOf, type Picture } from '../story/picture.ts';

/** `pattern`: 0 to 3, again from 0 after that. `name`: '' for the only one. */
export interface Workload {
  readonly pattern: number;
  readonly name: string;
}
const PATTERNS = 4;
const ALONE: Workload = { pattern: 0, name: '' };
const kept = new WeakMap<Picture, ReadonlyMap<string, Workload>>();

const controllerOf = ({ metadata }: KubeObject) => metadata?.ownerReferences?.find((owner) => owner.controller);

export function workloadOf(pod: KubeObject, picture: Picture): Workload {
  let all = kept.get(picture);
  if (!all) kept.set(picture, (all = workloadsIn(picture)));
  return all.get(controllerOf(pod)?.uid ?? '') ?? ALONE;
}

function workloadsIn(picture: Picture): ReadonlyMap<string, Workload> {
  const sets = [...objectsOf(picture, 'replicasets'), ...objectsOf(picture, 'daemonsets')].filter(isOwn);
  const nameOf = (set: KubeObject): string => controllerOf(set)?.name ?? set.metadata?.name ?? '';
  const isAlone = new Set(sets.map(nameOf)).size < 2;
  return new Map(sets.map((set, i) => [set.metadata?.uid ?? '', { pattern: i % PATTERNS, name: isAlone ? '' : nameOf(set) }]));
}
