/** What is asked of the runtime for a pod, and what is said of it in Events. */
import type { Context } from '../../kernel/component.ts';
import { recordEvent } from '../client/event-recorder.ts';
import type { EventText } from '../client/event-writer.ts';
import type { CriCall } from '../runtime/cri.ts';
import { isInitOf, type PodWorker } from './known.ts';
import type { KubeletState } from './kubelet.ts';
import type { NextStep } from './next-step.ts';

/** Upstream: runtimeRequestTimeout is 2 min, and stopping adds the grace period. Simplified: one patience for every call. */
const RUNTIME_TIMEOUT_US = 240_000_000;

export interface CriThen { readonly cri: NextStep['do']; readonly pod: string; readonly container?: string }

/** Asks the runtime something for a pod, which then waits for the answer. */
export function callRuntime(state: KubeletState, worker: PodWorker, ctx: Context, body: CriCall, { cri, container }: Omit<CriThen, 'pod'>): void {
  worker.busy++;
  ctx.call(state.config.containerd, body, { cri, pod: worker.key, ...(container === undefined ? {} : { container }) } satisfies CriThen, { deadlineUs: RUNTIME_TIMEOUT_US });
}

/** Asks the runtime something that no pod waits for. */
export function tellRuntime(state: KubeletState, ctx: Context, body: CriCall): void {
  ctx.call(state.config.containerd, body, { cri: 'nothing', pod: '' } satisfies CriThen, { deadlineUs: RUNTIME_TIMEOUT_US });
}

export function say(state: KubeletState, worker: PodWorker, ctx: Context, type: EventText['type'], reason: string, message: string, container?: string): void {
  recordEvent(ctx, state.recorder, state.endpoint, worker.pod, { type, reason, message }, container === undefined ? undefined : `spec.${isInitOf(worker.pod, container) ? 'initContainers' : 'containers'}{${container}}`);
}

/** The pod has ended and is gone from the API; now its namesake may begin. */
export function forget(state: KubeletState, worker: PodWorker, ctx: Context): void {
  state.workers.delete(worker.key);
  if (worker.next) ctx.wake(0, { arrives: worker.next });
}
