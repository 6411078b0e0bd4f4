/** A patch of any content type onto an object. Upstream: apiserver/pkg/endpoints/handlers/patch.go (v1.36). Simplified: server-side apply comes later. */
import type { V1Status } from '../../schema/kubernetes.ts';
import { badRequest, rejectedRequest, unknownError, unsupportedMediaType } from '../status.ts';
import { jsonPatch, MOST_OPERATIONS } from './json-patch.ts';
import { mergePatch } from './merge.ts';
import { strategicPatch } from './strategic.ts';

/** A patch of the wrong form is the client's fault; what else goes wrong on the way upstream passes on as it is. */
const strategicRefusal = (why: string): V1Status => (/^invalid (?:patch format|JSON document)/.test(why) ? badRequest(why) : unknownError(why));

export const PATCH_TYPES = { json: 'application/json-patch+json', merge: 'application/merge-patch+json', strategic: 'application/strategic-merge-patch+json' } as const;

/** `model`: '' when the kind has no schema, and then there is no strategic merge. */
export function applyPatch(r: { readonly contentType: string; readonly object: unknown; readonly patch: unknown; readonly model: string }): { readonly object: unknown } | { readonly status: V1Status } {
  switch (r.contentType) {
    case PATCH_TYPES.merge: return { object: mergePatch(r.object, r.patch) };
    case PATCH_TYPES.strategic:
      if (typeof r.patch !== 'object' || r.patch === null || Array.isArray(r.patch)) return { status: badRequest('error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}') };
      try { return { object: strategicPatch(r.object, r.patch, r.model || undefined) }; } catch (error) { return { status: strategicRefusal((error as Error).message) }; }
    case PATCH_TYPES.json:
      if (!Array.isArray(r.patch)) return { status: badRequest('error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch') };
      if (r.patch.length > MOST_OPERATIONS) return { status: { ...rejectedRequest(`The allowed maximum operations in a JSON patch is ${MOST_OPERATIONS}, got ${r.patch.length}`), code: 413, reason: 'RequestEntityTooLarge' } };
      try { return { object: jsonPatch(r.object, r.patch) }; } catch (error) { return { status: rejectedRequest((error as Error).message) }; }
    default: return { status: unsupportedMediaType(`the body of the request was in an unknown format - accepted media types include: ${Object.values(PATCH_TYPES).join(', ')}`) };
  }
}
