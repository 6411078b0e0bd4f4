/** The API's pictures of static pods. Upstream: pkg/kubelet/pod/mirror_client.go, kubelet.go tryReconcileMirrorPods (v1.36). */
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import { callApi, responseOf } from '../client/api-client.ts';
import type { Change } from '../client/reflector.ts';
import type { KubeletState } from './kubelet-state.ts';
import { syncPod } from './pod-sync.ts';
import { mirrorOf } from './static-pods.ts';

type Then = { readonly mirrored: string } | { readonly unmirrored: string };

/** Shows the static pods to the API: mirror pods, which cannot be changed through it. */
export function mirrorAll(state: KubeletState, ctx: Context): void {
  for (const worker of state.workers.values()) {
    if (!worker.isStatic || state.mirrors.has(worker.key)) continue;
    state.mirrors.add(worker.key);
    callApi(
      ctx,
      state.endpoint,
      { method: 'POST', path: `/api/v1/namespaces/${worker.pod.metadata?.namespace}/pods`, body: mirrorOf(worker.pod, state.node) },
      { mirrored: worker.key } satisfies Then,
    );
  }
}

/** One that is deleted is gone when the watch says so. */
export function mirrorAnswered(state: KubeletState, answer: Answer, then: unknown, ctx: Context): boolean {
  if (typeof then !== 'object' || then === null || !('mirrored' in then || 'unmirrored' in then)) return false;
  const [asked, { code }] = [then as Then, responseOf(answer)];
  if ('mirrored' in asked && code !== 201 && code !== 409) {
    state.mirrors.delete(asked.mirrored);
    ctx.wake(2_000_000, { mirrors: true }, true);
  }
  return true;
}

/** A picture that somebody deletes goes at once, and is made again. */
export function mirrorChanged(state: KubeletState, key: string, { metadata }: V1Pod, type: Change['type'], ctx: Context): void {
  const own = state.workers.get(key);
  if (!own?.isStatic) return;
  if (type === 'DELETED') {
    state.mirrors.delete(key);
    own.writtenStatus = undefined;
    return mirrorAll(state, ctx);
  }
  if (metadata?.deletionTimestamp) {
    callApi(
      ctx,
      state.endpoint,
      {
        method: 'DELETE',
        path: `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`,
        body: { gracePeriodSeconds: 0, preconditions: { uid: metadata.uid } },
      },
      { unmirrored: key } satisfies Then,
    );
    return;
  }
  if (type === 'ADDED') {
    own.writtenStatus = undefined;
    syncPod(state, own, ctx);
  }
}
