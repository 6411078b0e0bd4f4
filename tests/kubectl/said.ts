/** Lines that are said one after the other to one cluster, and what kubectl says to each. */
import { openCluster } from '../../src/engine/headless.ts';

/** A line, what it says on both streams, and what it reads. */
export type Row = readonly [line: string, says: string, stdin?: string];

export function said(rows: readonly Row[], cluster = openCluster()): readonly (readonly [string, string])[] {
  return rows.map(([line, , stdin]) => { const { stdout, stderr } = cluster.kubectl(line, stdin ?? ''); cluster.settle(); return [line, stdout + stderr] as const; });
}
export const expected = (rows: readonly Row[]): readonly (readonly [string, string])[] => rows.map(([line, says]) => [line, says] as const);
