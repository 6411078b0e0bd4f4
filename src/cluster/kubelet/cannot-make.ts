/** What keeps a container from being made: the reason in its status, and a fact for people when it is a new one. Upstream: pkg/kubelet/kuberuntime/kuberuntime_container.go, images/image_manager.go (v1.36). */
import type { Context } from '../../kernel/component.ts';
import { withEntry } from '../../lib/persistent.ts';
import type { PodWorker, Why } from './known.ts';

export function cannotMake(worker: PodWorker, container: string, { reason, message }: Why, ctx: Context): void {
  const was = worker.reasons.get(container);
  worker.reasons = withEntry(worker.reasons, container, { reason, message });
  if (was?.reason !== reason || was.message !== message) sayWhy(worker, { reason, message, container }, ctx);
}

/** `container`: none when it is the pod's volumes that are missing. */
export function sayWhy(worker: PodWorker, why: Why & { readonly container?: string }, ctx: Context): void {
  ctx.note({ says: 'kubelet/cannot-start', about: `pods/${worker.key}`, with: { pod: worker.pod.metadata?.name, ...why } });
}
