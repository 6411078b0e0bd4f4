/** Container hooks. Upstream: pkg/kubelet/lifecycle/handlers.go (v1.36). Simplified: a preStop hook is as long as the sleep in it; postStart hooks succeed at once. */
import type { V1Container } from '../../api/schema/kubernetes.ts';
import { sleepUs } from '../runtime/program.ts';

/** How long the container's preStop hook runs. */
export function preStopUs(container: V1Container | undefined): number {
  const hook = container?.lifecycle?.preStop;
  if (hook?.sleep) return hook.sleep.seconds * 1_000_000;
  const text = (hook?.exec?.command ?? []).join(' ');
  let sum = 0;
  for (const match of text.matchAll(/\bsleep\s+([0-9.]+[smhd]?)/g)) sum += sleepUs(match[1]) ?? 0;
  return sum;
}
