/**
 * The order that Go's sort.Sort leaves: equal elements of more than twelve do not stay as they were.
 * Upstream: go/src/sort/zsortinterface.go (Go 1.26), the pattern-defeating quicksort.
 * Simplified: nothing.
 */
type Less<T> = (a: T, b: T) => boolean;
/** What is sorted, by places. */
interface Data {
  readonly less: (i: number, j: number) => boolean;
  readonly swap: (i: number, j: number) => void;
}
interface Range {
  readonly a: number;
  readonly b: number;
}

const INSERTION = 12;
const NINTHER = 50;

export function goSorted<T>(items: readonly T[], less: Less<T>): readonly T[] {
  const list = [...items];
  const data: Data = {
    less: (i, j) => less(list[i], list[j]),
    swap: (i, j) => {
      [list[i], list[j]] = [list[j], list[i]];
    },
  };
  quickSort(data, { a: 0, b: list.length }, 32 - Math.clz32(list.length));
  return list;
}

function insertionSort({ less, swap }: Data, { a, b }: Range): void {
  for (let i = a + 1; i < b; i++) for (let j = i; j > a && less(j, j - 1); j--) swap(j, j - 1);
}

function heapSort(data: Data, { a, b }: Range): void {
  const n = b - a;
  const sift = (from: number, end: number): void => {
    for (let root = from, child = 2 * root + 1; child < end; root = child, child = 2 * root + 1) {
      if (child + 1 < end && data.less(a + child, a + child + 1)) child++;
      if (!data.less(a + root, a + child)) return;
      data.swap(a + root, a + child);
    }
  };
  for (let i = Math.floor((n - 1) / 2); i >= 0; i--) sift(i, n);
  for (let i = n - 1; i >= 0; i--) {
    data.swap(a, a + i);
    sift(0, i);
  }
}

/** `limit`: of bad pivots, before a heap is sorted instead. */
function quickSort(data: Data, range: Range, limit: number): void {
  let { a, b } = range;
  let left = limit;
  let isBalanced = true;
  let wasPartitioned = true;
  for (;;) {
    const length = b - a;
    if (length <= INSERTION) {
      insertionSort(data, { a, b });
      return;
    }
    if (left === 0) {
      heapSort(data, { a, b });
      return;
    }
    if (!isBalanced) {
      breakPatterns(data, { a, b });
      left--;
    }
    const chosen = choosePivot(data, { a, b });
    if (chosen.hint === 'decreasing') for (let i = a, j = b - 1; i < j; i++, j--) data.swap(i, j);
    const pivot = chosen.hint === 'decreasing' ? b - 1 - (chosen.at - a) : chosen.at;
    if (isBalanced && wasPartitioned && chosen.hint !== 'unknown' && isNearlySorted(data, { a, b })) return;
    if (a > 0 && !data.less(a - 1, pivot)) {
      a = partitionEqual(data, { a, b }, pivot);
      continue;
    }
    const { mid, wasDone } = partition(data, { a, b }, pivot);
    wasPartitioned = wasDone;
    isBalanced = Math.min(mid - a, b - mid) >= Math.floor(length / 8);
    if (mid - a < b - mid) {
      quickSort(data, { a, b: mid }, left);
      a = mid + 1;
    } else {
      quickSort(data, { a: mid + 1, b }, left);
      b = mid;
    }
  }
}

function partition({ less, swap }: Data, { a, b }: Range, pivot: number): { readonly mid: number; readonly wasDone: boolean } {
  swap(a, pivot);
  let [i, j] = [a + 1, b - 1];
  for (let wasDone = true; ; wasDone = false) {
    while (i <= j && less(i, a)) i++;
    while (i <= j && !less(j, a)) j--;
    if (i > j) {
      swap(j, a);
      return { mid: j, wasDone };
    }
    swap(i++, j--);
  }
}

function partitionEqual({ less, swap }: Data, { a, b }: Range, pivot: number): number {
  swap(a, pivot);
  let [i, j] = [a + 1, b - 1];
  for (;;) {
    while (i <= j && !less(a, i)) i++;
    while (i <= j && less(a, j)) j--;
    if (i > j) return i;
    swap(i++, j--);
  }
}

/** Moves a few elements, and says whether all are in their places then. */
function isNearlySorted({ less, swap }: Data, { a, b }: Range): boolean {
  let i = a + 1;
  for (let step = 0; step < 5; step++) {
    while (i < b && !less(i, i - 1)) i++;
    if (i === b) return true;
    if (b - a < NINTHER) return false;
    swap(i, i - 1);
    if (i - a >= 2) for (let j = i - 1; j >= 1 && less(j, j - 1); j--) swap(j, j - 1);
    if (b - i >= 2) for (let j = i + 1; j < b && less(j, j - 1); j++) swap(j, j - 1);
  }
  return false;
}

/** Three elements change places with ones that a xorshift of the length picks. */
function breakPatterns({ swap }: Data, { a, b }: Range): void {
  const length = b - a;
  const mask = (1 << (32 - Math.clz32(length))) - 1;
  let random = BigInt(length);
  const next = (): number => {
    random ^= BigInt.asUintN(64, random << 13n);
    random ^= random >> 7n;
    random ^= BigInt.asUintN(64, random << 17n);
    return Number(random & BigInt(mask));
  };
  const middle = a + Math.floor(length / 4) * 2;
  for (let i = middle - 1; i <= middle + 1; i++) {
    const other = next();
    swap(i, a + (other >= length ? other - length : other));
  }
}

function choosePivot({ less }: Data, { a, b }: Range): { readonly at: number; readonly hint: 'increasing' | 'decreasing' | 'unknown' } {
  let swaps = 0;
  const ordered = (i: number, j: number): readonly [number, number] => {
    if (!less(j, i)) return [i, j];
    swaps++;
    return [j, i];
  };
  const median = (i: number, j: number, k: number): number => {
    const [low, mid] = ordered(i, j);
    const [upper] = ordered(mid, k);
    return ordered(low, upper)[1];
  };
  const [quarter, near] = [Math.floor((b - a) / 4), (i: number): number => (b - a >= NINTHER ? median(i - 1, i, i + 1) : i)];
  const [i, j, k] = [near(a + quarter), near(a + quarter * 2), near(a + quarter * 3)];
  const at = median(i, j, k);
  return { at, hint: swaps === 0 ? 'increasing' : swaps === 12 ? 'decreasing' : 'unknown' };
}
