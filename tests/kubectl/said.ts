/** Lines that are said one after the other to one cluster, and what kubectl says to each. */
import { describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

/** A line, what it says on both streams, and what it reads. */
export type Row = readonly [line: string, says: string, stdin?: string];

/** What stands before a logged warning: a time and a process. */
const KLOG = /^W\d{4} [\d:.]+ +\d+ \S+\] /gm;

/** Says lines, and gives what is said on both streams. */
export const outputOf =
  (cluster: Cluster) =>
  (line: string | readonly string[], stdin = ''): string => {
    const { stdout, stderr } = cluster.kubectl(line, stdin);
    return (stdout + stderr).replace(KLOG, '');
  };

/** Each table has a cluster of its own, which comes to rest after each line. */
export const tells = (tables: Readonly<Record<string, readonly Row[]>>): void =>
  describe.each(Object.entries(tables))('%s', (_name, rows) => {
    const cluster = openCluster();
    const out = outputOf(cluster);
    const all = rows.map(([line, , stdin]) => {
      const said = out(line, stdin);
      cluster.settle();
      return said;
    });
    it.each(rows.map(([line, says], i) => [`${i + 1}: kubectl ${line}`, says, i] as const))('%s', (_line, says, i) =>
      expect(all[i]).toBe(says),
    );
  });
