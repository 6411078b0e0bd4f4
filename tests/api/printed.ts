/** Cases of pkg/printers/internalversion/printers_test.go: an object, and the row that is printed of it, its cells parted by bars. */
import { expect, it } from 'vitest';
import { table } from '../../src/api/machinery/table.ts';

export const NOW = 1776852000000;
export const [MINUTE, DAY] = [60, 86_400];
export const at = (secondsAgo: number): string => new Date(NOW - secondsAgo * 1000).toISOString();
export const AHEAD = at(-1.9);
export const row = (object: object, isWide = false): string => table([object], { nowMs: NOW, wide: isWide }).rows[0].join('|');
type Case = readonly [name: string, object: object, says: string, isWide?: boolean];
export const print = (cases: readonly Case[]): void =>
  it.each(cases.map(([name, object, says, isWide = false]) => [name, object, says, isWide] as const))('%s', (_name, object, says, isWide) =>
    expect(row(object, isWide)).toBe(says),
  );
export const core =
  (kind: string) =>
  (name: string, more: object, metadata: object = {}): object => ({ apiVersion: 'v1', kind, metadata: { name, ...metadata }, ...more });
