/**
 * POST …/pods/x/eviction: a polite delete, as `kubectl drain` asks for it.
 * Upstream: pkg/registry/core/pod/storage/eviction.go (v1.36). Simplified: there are no PodDisruptionBudgets yet, so nothing holds an eviction back.
 */
import { badRequest } from '../../api/machinery/status.ts';
import type { V1DeleteOptions } from '../../api/schema/kubernetes.ts';
import { decideDelete } from './decide-delete.ts';
import { fail, type Asked, type Decision } from './decision.ts';

interface Eviction { readonly metadata?: { readonly name?: string }; readonly deleteOptions?: V1DeleteOptions }
const DONE = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } as const;

export function decideEviction(asked: Asked): Decision {
  const { metadata, deleteOptions } = (asked.request.body ?? {}) as Eviction;
  if (metadata?.name !== undefined && metadata.name !== asked.info.name) return fail(badRequest(`name in URL does not match name in Eviction object`));
  const decision = decideDelete({ ...asked, request: { ...asked.request, body: deleteOptions ?? {} } });
  if ('answer' in decision) return decision.answer.code === 200 ? { answer: { code: 201, body: DONE } } : decision;
  return decision.onSuccess ? { ...decision, onSuccess: { code: 201, body: DONE } } : decision;
}
