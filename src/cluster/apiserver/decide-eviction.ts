/**
 * POST …/pods/x/eviction: a polite delete, as `kubectl drain` asks for it; the pod says why it goes before it does.
 * Upstream: pkg/registry/core/pod/storage/eviction.go (v1.36). Simplified: there are no PodDisruptionBudgets yet, so nothing holds an eviction back.
 */
import { badRequest } from '../../api/machinery/status.ts';
import type { V1DeleteOptions, V1Pod, V1PodCondition } from '../../api/schema/kubernetes.ts';
import { decideDelete, isDryRun, precondition } from './decide-delete.ts';
import { currentOf, fail, readFirst, unstamped, type Asked, type Decision } from './decision.ts';
import { storageKey } from './storage-key.ts';

interface Eviction {
  readonly metadata?: { readonly name?: string };
  readonly deleteOptions?: V1DeleteOptions;
}
const DONE = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } as const;

export function decideEviction(asked: Asked): Decision {
  const { metadata, deleteOptions } = (asked.request.body ?? {}) as Eviction;
  if (metadata?.name !== undefined && metadata.name !== asked.info.name)
    return fail(badRequest(`name in URL does not match name in Eviction object`));
  const deletes: Asked = { ...asked, request: { ...asked.request, body: deleteOptions ?? {} } };
  const { current } = currentOf(asked);
  if (current && !isDryRun(deletes) && !hasReason(current)) {
    const refusal = precondition(deletes, current);
    const key = storageKey(asked.info.kind, asked.info.name ?? '', asked.info.namespace);
    if (refusal) return asked.answers.length === 0 ? readFirst(key) : fail(refusal);
    return {
      commit: {
        compare: [{ key, modRevision: Number(current.metadata?.resourceVersion) }],
        success: [{ op: 'put', key, value: withReason(unstamped(current as V1Pod), asked.view.now) }],
        failure: [{ op: 'range', key }],
      },
    };
  }
  const decision = decideDelete(
    asked.answers.some((a) => a.succeeded && a.ranges.length === 0)
      ? { ...deletes, request: { ...deletes.request, body: withoutVersion(deleteOptions) } }
      : deletes,
  );
  if ('answer' in decision) return decision.answer.code === 200 ? { answer: { code: 201, body: DONE } } : decision;
  return decision.onSuccess ? { ...decision, onSuccess: { code: 201, body: DONE } } : decision;
}

const REASON = { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' } as const;

const hasReason = ({ status }: V1Pod): boolean =>
  status?.conditions?.some((c) => c.type === REASON.type && c.status === REASON.status && c.reason === REASON.reason) === true;

/** Upstream: addConditionAndDeletePod. */
function withReason(pod: V1Pod, now: string): V1Pod {
  const generation = pod.metadata?.generation;
  const condition: V1PodCondition = {
    ...REASON,
    lastTransitionTime: now,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
  return {
    ...pod,
    status: { ...pod.status, conditions: [...(pod.status?.conditions ?? []).filter((c) => c.type !== REASON.type), condition] },
  };
}

/** The revision that was asked for was the one before the reason was written. */
const withoutVersion = ({ preconditions, ...options }: V1DeleteOptions = {}): V1DeleteOptions => ({
  ...options,
  ...(preconditions?.uid === undefined ? {} : { preconditions: { uid: preconditions.uid } }),
});
