/** What is asked of the runtime for a pod, and what is said of it in Events. */
import type { Context } from '../../kernel/component.ts';
import { recordEvent } from '../client/event-recorder.ts';
import type { EventText } from '../client/event-writer.ts';
import type { CriCall } from '../runtime/cri.ts';
import { listOf, type PodWorker } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';
import type { NextStep } from './next-step.ts';

/** Upstream: runtimeRequestTimeout is 2 min, and stopping adds the grace period. Simplified: one patience for every call. */
export const RUNTIME_TIMEOUT_US = 240_000_000;

/** Whom an answer is for: by its uid, since a namesake may have come. */
export interface Addressee {
  readonly pod: string;
  readonly uid: string;
}
export const addresseeOf = ({ key, uid }: PodWorker): Addressee => ({ pod: key, uid });
export function workerFor(state: KubeletState, { pod, uid }: Addressee): PodWorker | undefined {
  const worker = state.workers.get(pod);
  return worker?.uid === uid ? worker : undefined;
}

export interface CriThen extends Addressee {
  readonly cri: NextStep['do'];
  readonly container?: string;
}

/** Asks the runtime something for a pod, which then waits for the answer. */
export function callRuntime(
  state: KubeletState,
  worker: PodWorker,
  ctx: Context,
  body: CriCall,
  { cri, container }: Omit<CriThen, keyof Addressee>,
): void {
  worker.busy++;
  ctx.call(
    state.config.containerd,
    body,
    { cri, ...addresseeOf(worker), ...(container === undefined ? {} : { container }) } satisfies CriThen,
    { deadlineUs: RUNTIME_TIMEOUT_US },
  );
}

/** Asks the runtime something that no pod waits for. */
export function tellRuntime(state: KubeletState, ctx: Context, body: CriCall): void {
  ctx.call(state.config.containerd, body, { cri: 'nothing', pod: '', uid: '' } satisfies CriThen, { deadlineUs: RUNTIME_TIMEOUT_US });
}

export function say(
  state: KubeletState,
  worker: PodWorker,
  ctx: Context,
  type: EventText['type'],
  reason: string,
  message: string,
  container?: string,
): void {
  recordEvent(
    ctx,
    state.recorder,
    state.endpoint,
    worker.pod,
    { type, reason, message },
    container === undefined ? undefined : `spec.${listOf(worker.pod, container)}{${container}}`,
  );
}
