/**
 * Shares endpoints over slices so that as few slices as possible change.
 * Upstream: staging/src/k8s.io/endpointslice/reconciler.go reconcileByPortMapping, utils.go getSliceToFill (v1.36). Simplified: nothing.
 */
import { sameJson } from '../../../api/machinery/patch/same-json.ts';
import type { V1Endpoint, V1EndpointSlice } from '../../../api/schema/kubernetes.ts';

/** Upstream: --max-endpoints-per-slice. */
export const MOST = 100;

export interface Filled {
  readonly slice?: V1EndpointSlice;
  readonly endpoints: readonly V1Endpoint[];
  readonly isChanged: boolean;
}
/** `endpoints` is the slice's own array until something is put into it. */
interface Filling {
  readonly slice?: V1EndpointSlice;
  endpoints: readonly V1Endpoint[];
  isChanged: boolean;
}

const idOf = (endpoint: V1Endpoint): string => endpoint.targetRef?.uid ?? endpoint.addresses[0];

/**
 * What each slice should hold. Endpoints stay where they are; new ones go first into slices that change anyway, then into the fullest slice that can
 * take all that is left, and else into new slices. A slice that ends up empty is left out.
 */
export function shareOut(wanted: readonly V1Endpoint[], slices: readonly V1EndpointSlice[]): readonly Filled[] {
  return shareRest(wanted, slices, () => false);
}

/** The same when it is known that all endpoints of some slices are wanted as they are; `rest` are the other endpoints. */
export function shareRest(
  rest: readonly V1Endpoint[],
  slices: readonly V1EndpointSlice[],
  isWhole: (slice: V1EndpointSlice) => boolean,
): readonly Filled[] {
  const left = new Map(rest.map((endpoint) => [idOf(endpoint), endpoint]));
  const held: Filling[] = slices.map((slice) =>
    isWhole(slice) ? { slice, endpoints: slice.endpoints ?? [], isChanged: false } : keep(slice, left),
  );
  return fillUp(held, left);
}

function fillUp(filling: Filling[], left: ReadonlyMap<string, V1Endpoint>): readonly Filled[] {
  const rest = [...left.values()];
  const fill = (into: Filling): void => {
    const more = rest.splice(0, Math.max(0, MOST - into.endpoints.length));
    if (more.length === 0) return;
    into.endpoints = [...into.endpoints, ...more];
    into.isChanged = true;
  };
  for (const changed of filling.filter((f) => f.isChanged).sort((a, b) => b.endpoints.length - a.endpoints.length)) fill(changed);
  while (rest.length > 0) {
    const existing = rest.length < MOST ? fullestThatTakes(filling, rest.length) : undefined;
    const into = existing ?? { endpoints: [], isChanged: true };
    if (!existing) filling.push(into);
    fill(into);
  }
  return filling.filter((f) => f.endpoints.length > 0);
}

/** The slice's endpoints that are still wanted, as they are now; takes them out of `left`. */
function keep(slice: V1EndpointSlice, left: Map<string, V1Endpoint>): Filling {
  const endpoints: V1Endpoint[] = [];
  let isChanged = false;
  for (const old of slice.endpoints ?? []) {
    const now = left.get(idOf(old));
    if (!now) {
      isChanged = true;
      continue;
    }
    left.delete(idOf(old));
    const isSame = old === now || sameJson(old, now);
    if (!isSame) isChanged = true;
    endpoints.push(isSame ? old : now);
  }
  return { slice, endpoints, isChanged };
}

function fullestThatTakes(filling: readonly Filling[], count: number): Filling | undefined {
  let best: Filling | undefined;
  for (const f of filling)
    if (!f.isChanged && f.slice && f.endpoints.length + count <= MOST && (!best || f.endpoints.length > best.endpoints.length)) best = f;
  return best;
}
