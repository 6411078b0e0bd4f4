/** What tests of scripts share: a pod of busybox to run them in, and the real shells to compare with, where there are any. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

/** A cluster with a pod `box` that sleeps. */
export function openBox(): Cluster {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('run box --image=busybox:1.36 -- sleep 36000');
  cluster.settle(60);
  return cluster;
}

export const isDash = spawnSync('dash', ['-c', 'echo $0']).stdout?.toString() === 'dash\n';

/** What a real shell prints, and how it ends. Scripts write into /tmp/w. */
export function printedBy(shell: string, script: string, path = process.env.PATH): readonly [string, number | null] {
  const folder = mkdtempSync(join(tmpdir(), 'shell-'));
  const { stdout, status } = spawnSync(shell, ['-c', script.replaceAll('/tmp/w', folder)], {
    env: { PATH: path, HOME: '/root' },
    cwd: '/',
    input: '',
  });
  rmSync(folder, { recursive: true });
  return [stdout.toString().replaceAll(folder, '/tmp/w'), status];
}
