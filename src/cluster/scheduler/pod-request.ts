/**
 * What a pod asks for: max(containers + sidecars, each init container with the sidecars before it) + overhead.
 * Upstream: component-helpers/resource/helpers.go PodRequests; pkg/scheduler/util/pod_resources.go (v1.36). Simplified: nothing.
 */
import { compareQuantities, cpuMilli, wholeUnits } from '../../api/machinery/quantity.ts';
import type { V1Container, V1ContainerStatus, V1Pod } from '../../api/schema/kubernetes.ts';
import type { Resources } from './plugin.ts';

const DEFAULT_CPU = 100;
const DEFAULT_MEMORY = 200 * 1048576;
const KNOWN: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods']);
const NO_SCALARS: ReadonlyMap<string, number> = new Map();

type Amounts = Readonly<Record<string, string>> | undefined;
export const NOTHING: Resources = { cpuMilli: 0, memory: 0, ephemeralStorage: 0, pods: 0, scalar: NO_SCALARS };

export function resourcesOf(amounts: Amounts, defaultPods = 0): Resources {
  if (!amounts) return defaultPods === 0 ? NOTHING : { ...NOTHING, pods: defaultPods };
  const others = Object.entries(amounts).filter(([name]) => !KNOWN.has(name));
  return {
    cpuMilli: cpuMilli(amounts.cpu),
    memory: wholeUnits(amounts.memory),
    ephemeralStorage: wholeUnits(amounts['ephemeral-storage']),
    pods: amounts.pods === undefined ? defaultPods : wholeUnits(amounts.pods),
    scalar: others.length === 0 ? NO_SCALARS : new Map(others.map(([name, value]) => [name, wholeUnits(value)])),
  };
}

function combine(a: Resources, b: Resources, how: (x: number, y: number) => number): Resources {
  const scalar =
    a.scalar.size + b.scalar.size === 0
      ? NO_SCALARS
      : new Map(
          [...new Set([...a.scalar.keys(), ...b.scalar.keys()])].map((name) => [
            name,
            how(a.scalar.get(name) ?? 0, b.scalar.get(name) ?? 0),
          ]),
        );
  return {
    cpuMilli: how(a.cpuMilli, b.cpuMilli),
    memory: how(a.memory, b.memory),
    ephemeralStorage: how(a.ephemeralStorage, b.ephemeralStorage),
    pods: how(a.pods, b.pods),
    scalar,
  };
}
const plus = (a: Resources, b: Resources): Resources => combine(a, b, (x, y) => x + y);
const most = (a: Resources, b: Resources): Resources => combine(a, b, Math.max);

function podRequest(pod: V1Pod, of: (container: V1Container) => Resources): Resources {
  let sum = (pod.spec?.containers ?? []).map(of).reduce(plus, NOTHING);
  let sidecars = NOTHING;
  let init = NOTHING;
  for (const container of pod.spec?.initContainers ?? []) {
    const own = of(container);
    if (container.restartPolicy === 'Always') {
      sidecars = plus(sidecars, own);
      sum = plus(sum, own);
      init = most(init, sidecars);
    } else init = most(init, plus(own, sidecars));
  }
  const whole = most(sum, init);
  const level = pod.spec?.resources?.requests as Amounts;
  return plus(level ? withPodLevel(whole, level) : whole, resourcesOf(pod.spec?.overhead));
}

/** Requests of the pod as a whole take the place of the containers' sums, resource by resource. */
function withPodLevel(sum: Resources, amounts: NonNullable<Amounts>): Resources {
  const own = resourcesOf(amounts);
  const hugePages = [...own.scalar].filter(([name]) => name.startsWith('hugepages-'));
  return {
    ...sum,
    ...(hugePages.length === 0 ? {} : { scalar: new Map([...sum.scalar, ...hugePages]) }),
    ...(amounts.cpu === undefined ? {} : { cpuMilli: own.cpuMilli }),
    ...(amounts.memory === undefined ? {} : { memory: own.memory }),
  };
}

function nonZero(container: V1Container): Resources {
  const { requests } = container.resources ?? {};
  const own = resourcesOf(requests);
  return {
    ...own,
    cpuMilli: requests?.cpu === undefined ? DEFAULT_CPU : own.cpuMilli,
    memory: requests?.memory === undefined ? DEFAULT_MEMORY : own.memory,
  };
}

interface Both {
  readonly exact: Resources;
  readonly nonZero: Resources;
}
/** Keyed by the frozen spec, so that status updates of a pod cost nothing. */
const known = new WeakMap<object, Both>();

function both(pod: V1Pod): Both {
  const { spec } = pod;
  if (!spec) return { exact: NOTHING, nonZero: NOTHING };
  let found = known.get(spec);
  if (!found) {
    found = { exact: podRequest(pod, (c) => resourcesOf(c.resources?.requests)), nonZero: podRequest(pod, nonZero) };
    known.set(spec, found);
  }
  return found;
}
/** What a pod asks for. */
export const requestOf = (pod: V1Pod): Resources => both(pod).exact;
export const nonZeroRequestOf = (pod: V1Pod): Resources => both(pod).nonZero;

/** May what its containers have differ from what they ask for? */
export const isResizing = ({ metadata, status }: V1Pod): boolean =>
  (metadata?.generation ?? 1) > 1 &&
  (status?.observedGeneration !== metadata?.generation || (status?.conditions ?? []).some(({ type }) => type.startsWith('PodResize')));

/**
 * What a pod takes up on its machine: while its containers are to have other resources, the most of what each asks for, was given and has.
 * Upstream: PodRequests with UseStatusResources.
 */
export const heldBy = (pod: V1Pod): Both => both(isResizing(pod) ? withMost(pod) : pod);

type Said = Pick<V1ContainerStatus, 'resources' | 'allocatedResources'>;

/** What can never be given does not count. */
function withMost(pod: V1Pod): V1Pod {
  const { spec, status } = pod;
  const isHopeless = (status?.conditions ?? []).some(({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible');
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  const held = (asks: V1Container['resources'], said: Said | undefined): V1Container['resources'] => {
    const all = [said?.resources && isHopeless ? undefined : asks?.requests, said?.resources?.requests, said?.allocatedResources];
    const requests: Record<string, string> = {};
    for (const [name, amount] of all.flatMap((amounts) => Object.entries(amounts ?? {})))
      if (requests[name] === undefined || compareQuantities(amount, requests[name]) > 0) requests[name] = amount;
    return { requests };
  };
  const most = (containers: readonly V1Container[] = []): V1Container[] =>
    containers.map((c) => ({
      ...c,
      resources: held(
        c.resources,
        statuses.find(({ name }) => name === c.name),
      ),
    }));
  return {
    ...pod,
    spec: {
      ...spec,
      containers: most(spec?.containers),
      initContainers: most(spec?.initContainers),
      ...(spec?.resources ? { resources: held(spec.resources, status) } : {}),
    },
  };
}
