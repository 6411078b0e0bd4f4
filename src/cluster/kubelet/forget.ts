import type { Context } from '../../kernel/component.ts';
import type { PodWorker } from './known.ts';
import type { KubeletState } from './kubelet-state.ts';

/** The pod has ended and is gone from the API; now its namesake may begin. */
export function forget(state: KubeletState, worker: PodWorker, ctx: Context): void {
  state.workers.delete(worker.key);
  if (worker.isAwaited) ctx.wake(0, { arrives: worker.key });
}
