/** A list that only grows, in frozen pieces: copies of it share all but the last. */
export interface Log<T> {
  readonly full: (readonly T[])[];
  tail: T[];
}

const PIECE = 256;

export const createLog = <T>(): Log<T> => ({ full: [], tail: [] });

export function append<T>(log: Log<T>, item: T): void {
  log.tail.push(item);
  if (log.tail.length < PIECE) return;
  log.full.push(Object.freeze(log.tail));
  log.tail = [];
}

export const lengthOf = <T>(log: Log<T>): number => log.full.length * PIECE + log.tail.length;

/** All items, oldest first. */
export const itemsOf = <T>(log: Log<T>): T[] => [...log.full, log.tail].flat() as T[];

/** The items at the end that are as asked, oldest first; what comes before them is not looked at. */
export function newest<T>(log: Log<T>, isAsked: (item: T) => boolean): readonly T[] {
  const found: T[] = [];
  for (let i = log.full.length; i >= 0; i--) {
    const piece = i === log.full.length ? log.tail : log.full[i];
    for (let j = piece.length - 1; j >= 0; j--) {
      if (!isAsked(piece[j])) return found.reverse();
      found.push(piece[j]);
    }
  }
  return found.reverse();
}

export function logOf<T>(items: readonly T[]): Log<T> {
  const log = createLog<T>();
  for (const item of items) append(log, item);
  return log;
}
