/**
 * The taints that say how a machine is: not ready, unreachable, under pressure, closed.
 * Upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go doNoScheduleTaintingPass, processTaintBaseEviction (v1.36).
 */
import { rfc3339 } from '../../../api/machinery/time.ts';
import type { V1Node, V1Taint } from '../../../api/schema/kubernetes.ts';
import { nothing, type Plan } from '../controller.ts';
import { mergePatchOf } from '../paths.ts';

const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const PRESSURE: Readonly<Record<string, string>> = {
  MemoryPressure: 'node.kubernetes.io/memory-pressure',
  DiskPressure: 'node.kubernetes.io/disk-pressure',
  PIDPressure: 'node.kubernetes.io/pid-pressure',
  NetworkUnavailable: 'node.kubernetes.io/network-unavailable',
};
const MINE = new Set([NOT_READY, UNREACHABLE, 'node.kubernetes.io/unschedulable', ...Object.values(PRESSURE)]);

/** Brings a machine's taints up to date with what it says of itself. `ready`: the status of its condition Ready. */
export function taint(node: V1Node, ready: string | undefined, nowMs: number): Plan {
  const taints = wantedTaints(node, ready, rfc3339(nowMs));
  if (bare(taints) === bare(node.spec?.taints ?? [])) return nothing;
  const name = node.metadata?.name;
  return {
    writes: [mergePatchOf('nodes', node, { spec: { taints: taints.length > 0 ? taints : null } })],
    notes: [
      {
        says: 'nodelifecycle/tainted',
        about: `nodes/${name}`,
        with: { machine: name, taints: taints.map((t) => `${t.key}:${t.effect}`) },
      },
    ],
  };
}

function wantedTaints(node: V1Node, ready: string | undefined, now: string): readonly V1Taint[] {
  const had = node.spec?.taints ?? [];
  const key = ready === 'True' ? undefined : ready === 'Unknown' ? UNREACHABLE : NOT_READY;
  const wanted: V1Taint[] = [];
  const add = (k: string, effect: string): void =>
    void wanted.push(had.find((t) => t.key === k && t.effect === effect) ?? { key: k, effect, timeAdded: now });
  if (key) {
    add(key, 'NoSchedule');
    if (node.status?.conditions?.some((c) => c.type === 'Ready')) add(key, 'NoExecute');
  }
  for (const condition of node.status?.conditions ?? [])
    if (Object.hasOwn(PRESSURE, condition.type) && condition.status === 'True') add(PRESSURE[condition.type], 'NoSchedule');
  if (node.spec?.unschedulable) add('node.kubernetes.io/unschedulable', 'NoSchedule');
  return [...had.filter((t) => !MINE.has(t.key)), ...wanted];
}

export const noExecute = (node: V1Node | undefined): readonly V1Taint[] =>
  (node?.spec?.taints ?? []).filter((t) => t.effect === 'NoExecute');

const textOf = ({ key, value = '', effect }: V1Taint): string => `${key}=${value}:${effect}`;

/** Taints without their times, in whatever order. */
const bare = (taints: readonly V1Taint[]): string =>
  taints
    .map(textOf)
    .sort((a, b) => (a < b ? -1 : 1))
    .join(' ');
