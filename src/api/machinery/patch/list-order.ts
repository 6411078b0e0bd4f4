/**
 * In which order a merged list stands: what the patch names in the patch's order, the rest in the server's, interleaved as the server had them.
 * Upstream: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go normalizeElementOrder, mergeSortedSlice (v1.36). Simplified: nothing.
 */
import { isRecord, own, type List } from './values.ts';

/** What identifies an item: its merge key's value, or itself. */
export const identity = (item: unknown, mergeKey: string | undefined): unknown =>
  mergeKey !== undefined && isRecord(item) ? own(item, mergeKey) : item;
const indexOf = (list: List, item: unknown, mergeKey: string | undefined): number =>
  list.findIndex((other) => identity(other, mergeKey) === identity(item, mergeKey));

export interface Orders {
  readonly mergeKey: string | undefined;
  /** The order that the patch wants. */
  readonly patchOrder: List;
  /** The order that the server has. */
  readonly serverOrder: List;
}

export function orderMerged(merged: List, orders: Orders): List {
  const { mergeKey, patchOrder, serverOrder } = orders;
  const named = merged.filter((item) => indexOf(patchOrder, item, mergeKey) >= 0);
  const serverOnly = merged.filter((item) => indexOf(patchOrder, item, mergeKey) < 0);
  return interleave(sortBy(serverOnly, serverOrder, mergeKey), sortBy(named, patchOrder, mergeKey), orders);
}

/** Items that the order does not name keep their place in front. */
export function sortBy(list: List, order: List, mergeKey: string | undefined): List {
  const kept = list.filter((item) => !isDeletion(item));
  const deletions = list.filter(isDeletion);
  return [...[...kept].sort((a, b) => indexOf(order, a, mergeKey) - indexOf(order, b, mergeKey)), ...deletions];
}

export const isDeletion = (item: unknown): boolean => isRecord(item) && own(item, '$patch') === 'delete';

function interleave(serverOnly: List, named: List, { serverOrder, mergeKey }: Orders): List {
  const out: unknown[] = [];
  let [i, j] = [0, 0];
  while (i < serverOnly.length && j < named.length) {
    const [left, right] = [indexOf(serverOrder, serverOnly[i], mergeKey), indexOf(serverOrder, named[j], mergeKey)];
    if (left >= 0 && right >= 0 && left < right) out.push(serverOnly[i++]);
    else out.push(named[j++]);
  }
  return [...out, ...serverOnly.slice(i), ...named.slice(j)];
}
