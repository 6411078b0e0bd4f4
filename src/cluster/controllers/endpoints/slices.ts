/**
 * Shares endpoints over slices so that as few slices as possible change.
 * Upstream: staging/src/k8s.io/endpointslice/reconciler.go reconcileByPortMapping, utils.go getSliceToFill (v1.36). Simplified: nothing.
 */
import { sameJson } from '../../../api/machinery/patch/same-json.ts';
import type { V1Endpoint, V1EndpointSlice } from '../../../api/schema/kubernetes.ts';

/** Upstream: --max-endpoints-per-slice. */
export const MOST = 100;

export interface Filled { readonly slice?: V1EndpointSlice; readonly endpoints: readonly V1Endpoint[]; readonly isChanged: boolean }
interface Filling { readonly slice?: V1EndpointSlice; readonly endpoints: V1Endpoint[]; isChanged: boolean }

const idOf = (endpoint: V1Endpoint): string => endpoint.targetRef?.uid ?? endpoint.addresses[0];

/**
 * What each slice should hold. Endpoints stay where they are; new ones go first into slices that change anyway, then into the fullest slice that can
 * take all that is left, and else into new slices. A slice that ends up empty is left out.
 */
export function shareOut(wanted: readonly V1Endpoint[], slices: readonly V1EndpointSlice[]): readonly Filled[] {
  const left = new Map(wanted.map((endpoint) => [idOf(endpoint), endpoint]));
  const filling: Filling[] = slices.map((slice) => keep(slice, left));
  const rest = [...left.values()];
  const fill = (into: Filling): void => { while (into.endpoints.length < MOST && rest.length > 0) { into.endpoints.push(rest.shift() as V1Endpoint); into.isChanged = true; } };
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
    if (!now) { isChanged = true; continue; }
    left.delete(idOf(old));
    const isSame = old === now || sameJson(old, now);
    if (!isSame) isChanged = true;
    endpoints.push(isSame ? old : now);
  }
  return { slice, endpoints, isChanged };
}

function fullestThatTakes(filling: readonly Filling[], count: number): Filling | undefined {
  let best: Filling | undefined;
  for (const f of filling) if (!f.isChanged && f.slice && f.endpoints.length + count <= MOST && (!best || f.endpoints.length > best.endpoints.length)) best = f;
  return best;
}
