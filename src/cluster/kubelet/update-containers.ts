/**
 * What the runtime must be told of containers whose pod was given other resources.
 * Upstream: pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodResizeAction, doPodResizeAction, updatePodContainerResources (v1.36).
 * Simplified: no control groups of pods; how much memory a program uses keeps nobody from lowering its limit.
 */
import { quantity } from '../../api/machinery/quantity.ts';
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import type { V1Container } from '../../api/schema/kubernetes.ts';
import { withEntry } from '../../lib/persistent.ts';
import type { CriReply } from '../runtime/cri.ts';
import { isRunning, recordOf, type PodWorker } from './known.ts';

type Name = 'cpu' | 'memory';
const AMOUNTS = ['limits', 'requests'] as const;

/** A container that runs with other resources than its pod was given. */
interface Differing {
  readonly given: V1Container;
  readonly has: V1Container;
}

/** Containers of every kind that run with less or more of a resource than they were given. */
export function differing(worker: PodWorker, name: Name): readonly Differing[] {
  const { pod } = worker;
  return [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].flatMap((given) => {
    const record = recordOf(worker, given.name);
    const has = record.current?.spec.spec;
    return has && isRunning(record) && !sameJson(amountsOf(has, name), amountsOf(given, name)) ? [{ given, has }] : [];
  });
}

/** As upstream counts: what is not said is nothing. */
const amountsOf = ({ resources }: V1Container, name: Name): readonly number[] => AMOUNTS.map((of) => quantity(resources?.[of]?.[name]));

/** Does the container have to begin anew for it? */
export const needsRestart = ({ given }: Pick<Differing, 'given'>, name: Name): boolean =>
  (given.resizePolicy ?? []).some((policy) => policy.resourceName === name && policy.restartPolicy === 'RestartContainer');

/** The next container to update, with the resources that it is to have: memory before cpu, and what shrinks before what grows. */
export function updateOf(worker: PodWorker): V1Container | undefined {
  for (const name of ['memory', 'cpu'] as const) {
    const all = differing(worker, name);
    const next = all.find(shrinks(name)) ?? all[0];
    if (next) return { ...next.has, resources: withOne(next, name) };
  }
  return undefined;
}

const shrinks =
  (name: Name) =>
  ({ given, has }: Differing): boolean => {
    const [now, was] = [amountsOf(given, name), amountsOf(has, name)];
    const of = now[0] === was[0] ? 1 : 0;
    return now[of] < was[of];
  };

/** What it has, but of one resource what it was given. */
function withOne({ given, has }: Differing, name: Name): NonNullable<V1Container['resources']> {
  const parts = AMOUNTS.flatMap((of) => {
    const amount = given.resources?.[of]?.[name];
    const amounts = { ...has.resources?.[of], ...(amount === undefined ? {} : { [name]: amount }) };
    return Object.keys(amounts).length === 0 ? [] : [[of, amounts] as const];
  });
  return { ...has.resources, ...Object.fromEntries(parts) };
}

/** The runtime has done it. */
export function updated(worker: PodWorker, { containers }: CriReply): void {
  const [now] = containers ?? [];
  const record = now && worker.containers.get(now.name);
  if (record?.current?.id === now?.id && record && now)
    worker.containers = withEntry(worker.containers, now.name, { ...record, current: now });
}
