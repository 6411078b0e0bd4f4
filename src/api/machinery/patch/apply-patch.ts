/** A patch of any content type onto an object. Upstream: apiserver/pkg/endpoints/handlers/patch.go (v1.36). Simplified: server-side apply comes later. */
import type { V1Status } from '../../schema/kubernetes.ts';
import { badRequest, unsupportedMediaType } from '../status.ts';
import { jsonPatch } from './json-patch.ts';
import { mergePatch } from './merge.ts';
import { strategicPatch } from './strategic.ts';

export function applyPatch(r: { readonly contentType: string; readonly object: unknown; readonly patch: unknown; readonly model: string }): { readonly object: unknown } | { readonly status: V1Status } {
  switch (r.contentType) {
    case 'application/merge-patch+json': return { object: mergePatch(r.object, r.patch) };
    case 'application/strategic-merge-patch+json': return { object: strategicPatch(r.object, r.patch, r.model || undefined) };
    case 'application/json-patch+json':
      try { return { object: jsonPatch(r.object, r.patch) }; } catch (error) { return { status: badRequest((error as Error).message) }; }
    default: return { status: unsupportedMediaType(`the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json`) };
  }
}
