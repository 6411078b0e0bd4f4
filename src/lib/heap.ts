/** A binary min-heap over two parallel number keys and a value; ties of the first key go to the smaller second. */
export interface Heap<T> {
  readonly at: number[];
  readonly order: number[];
  readonly items: T[];
}

export function createHeap<T>(): Heap<T> {
  return { at: [], order: [], items: [] };
}

export function cloneHeap<T>(heap: Heap<T>): Heap<T> {
  return { at: heap.at.slice(), order: heap.order.slice(), items: heap.items.slice() };
}

export function pushHeap<T>(heap: Heap<T>, at: number, order: number, item: T): void {
  const { at: ats, order: orders, items } = heap;
  let hole = items.length;
  ats.push(at);
  orders.push(order);
  items.push(item);
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    if (ats[parent] < at || (ats[parent] === at && orders[parent] < order)) break;
    ats[hole] = ats[parent];
    orders[hole] = orders[parent];
    items[hole] = items[parent];
    hole = parent;
  }
  ats[hole] = at;
  orders[hole] = order;
  items[hole] = item;
}

/** Removes and returns the smallest; the heap must not be empty. */
export function popHeap<T>(heap: Heap<T>): T {
  const { at: ats, order: orders, items } = heap;
  const top = items[0];
  const at = ats.pop() as number;
  const order = orders.pop() as number;
  const item = items.pop() as T;
  const size = items.length;
  if (size === 0) return top;
  let hole = 0;
  for (let child = 1; child < size; child = 2 * hole + 1) {
    const right = child + 1;
    if (right < size && (ats[right] < ats[child] || (ats[right] === ats[child] && orders[right] < orders[child]))) child = right;
    if (at < ats[child] || (at === ats[child] && order < orders[child])) break;
    ats[hole] = ats[child];
    orders[hole] = orders[child];
    items[hole] = items[child];
    hole = child;
  }
  ats[hole] = at;
  orders[hole] = order;
  items[hole] = item;
  return top;
}
