/**
 * What a pod asks for as a whole.
 * Upstream: pkg/apis/core/v1/defaults.go defaultPodRequests, defaultHugePagePodLimits, component-helpers/resource/helpers.go AggregateContainerRequests, AggregateContainerLimits, pkg/apis/core/validation validatePodResources (v1.36). Simplified: nothing.
 */
import { invalid, notSupported, type FieldError } from '../machinery/field-error.ts';
import { addQuantities, compareQuantities } from '../machinery/quantity.ts';
import { validateResources } from '../machinery/resource-rules.ts';
import type { V1PodSpec, V1ResourceRequirements } from '../schema/kubernetes.ts';

type Amounts = Readonly<Record<string, string>>;
const combine = (a: Amounts, b: Amounts, how: (x: string, y: string) => string): Amounts => ({
  ...a,
  ...Object.fromEntries(Object.entries(b).map(([name, amount]) => [name, name in a ? how(a[name], amount) : amount])),
});
const plus = (a: Amounts, b: Amounts): Amounts => combine(a, b, addQuantities);
const most = (a: Amounts, b: Amounts): Amounts => combine(a, b, (x, y) => (compareQuantities(x, y) < 0 ? y : x));
const isHuge = (name: string): boolean => name.startsWith('hugepages-');
const isWhole = (name: string): boolean => name === 'cpu' || name === 'memory' || isHuge(name);

/** max(containers + sidecars, each init container with the sidecars before it). */
function aggregate({ containers = [], initContainers = [] }: V1PodSpec, of: 'requests' | 'limits' = 'requests'): Amounts {
  let [sum, sidecars, init] = [
    containers.reduce<Amounts>((all, c) => plus(all, c.resources?.[of] ?? {}), {}),
    {} as Amounts,
    {} as Amounts,
  ];
  for (const { restartPolicy, resources } of initContainers) {
    const own = resources?.[of] ?? {};
    if (restartPolicy === 'Always') {
      sidecars = plus(sidecars, own);
      sum = plus(sum, own);
      init = most(init, sidecars);
    } else init = most(init, plus(own, sidecars));
  }
  return most(sum, init);
}

const picked = (amounts: Amounts, keeps: (name: string) => boolean): Amounts =>
  Object.fromEntries(Object.entries(amounts).filter(([name]) => keeps(name)));

/** Huge pages that are not spoken of are those of its containers. Beside limits, requests that are not given are those of its containers, or else the limits. */
export function defaultPodResources(spec: V1PodSpec): V1ResourceRequirements | undefined {
  const { resources } = spec;
  const isSaid = Object.keys({ ...resources?.limits, ...resources?.requests }).length > 0;
  if (!resources || !isSaid) return resources;
  const limits = {
    ...picked(aggregate(spec, 'limits'), (name) => isHuge(name) && resources.requests?.[name] === undefined),
    ...resources.limits,
  };
  if (Object.keys(limits).length === 0) return resources;
  return {
    ...resources,
    limits,
    requests: { ...picked(limits, isWhole), ...picked(aggregate(spec), (name) => isWhole(name) && !isHuge(name)), ...resources.requests },
  };
}

const NO_CLAIMS: ReadonlySet<string> = new Set();

export function validatePodResources(spec: V1PodSpec, at: string): readonly FieldError[] {
  const { resources } = spec;
  if (!resources) return [];
  const less = (amount: string, than: string): boolean => compareQuantities(amount, than) < 0;
  return [
    ...validateResources(resources, at, NO_CLAIMS),
    ...(['limits', 'requests'] as const).flatMap((of) =>
      Object.keys(resources[of] ?? {})
        .filter((name) => !isWhole(name))
        .map((name) => notSupported(`${at}.${of}[${name}]`, name, ['cpu', 'hugepages-', 'memory'])),
    ),
    ...Object.entries(aggregate(spec)).flatMap(([name, sum]) => {
      const asked = resources.requests?.[name];
      return asked !== undefined && less(asked, sum)
        ? [invalid(`${at}.requests[${name}]`, asked, `must be greater than or equal to aggregate container requests of ${sum}`)]
        : [];
    }),
    ...(spec.containers ?? []).flatMap((c, i) =>
      Object.entries(c.resources?.limits ?? {}).flatMap(([name, own]) => {
        const all = resources.limits?.[name];
        return all !== undefined && less(all, own)
          ? [invalid(`${at}.containers[${i}][${name}].limits`, own, `must be less than or equal to pod limits of ${all}`)]
          : [];
      }),
    ),
  ];
}
