/** A patch of any content type onto an object. Upstream: apiserver/pkg/endpoints/handlers/patch.go (v1.36). Simplified: server-side apply comes later. */
import type { V1Status } from '../../schema/kubernetes.ts';
import { badRequest, rejectedRequest, unknownError, unsupportedMediaType } from '../status.ts';
import { jsonPatch, MOST_OPERATIONS } from './json-patch.ts';
import { mergePatch } from './merge.ts';
import { strategicPatch } from './strategic.ts';
import { isList, isRecord } from './values.ts';

/** A patch of the wrong form is the client's fault; what else goes wrong on the way upstream passes on as it is. */
const strategicRefusal = (why: string): V1Status =>
  /^invalid (?:patch format|JSON document)/.test(why) ? badRequest(why) : unknownError(why);

export const PATCH_TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;

/** What is said of any other. */
export const UNKNOWN_PATCH = `the body of the request was in an unknown format - accepted media types include: ${Object.values(PATCH_TYPES).join(', ')}`;

const undecoded = (value: unknown, place: string): { readonly status: V1Status } => ({
  status: badRequest(
    `error decoding patch: json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value} into ${place}`,
  ),
});

/** Upstream reads the operations once as a Go struct, to find fields that it does not know. */
function checkOperation(operation: unknown): { readonly status: V1Status } | undefined {
  if (operation === null) return undefined;
  if (!isRecord(operation)) return undecoded(operation, 'Go value of type handlers.jsonPatchOp');
  const wrong = Object.keys(operation).find(
    (key) => ['op', 'path', 'from'].includes(key) && operation[key] !== null && typeof operation[key] !== 'string',
  );
  return wrong === undefined ? undefined : undecoded(operation[wrong], `Go struct field jsonPatchOp.${wrong} of type string`);
}

/** `model`: '' when the kind has no schema, and then there is no strategic merge. */
export function applyPatch(r: {
  readonly contentType: string;
  readonly object: unknown;
  readonly patch: unknown;
  readonly model: string;
}): { readonly object: unknown } | { readonly status: V1Status } {
  if (r.patch === null && Object.values<string>(PATCH_TYPES).includes(r.contentType))
    return r.contentType === PATCH_TYPES.merge ? { status: badRequest('Invalid JSON Patch') } : { object: r.object };
  switch (r.contentType) {
    case PATCH_TYPES.merge:
      return isRecord(r.patch) ? { object: mergePatch(r.object, r.patch) } : undecoded(r.patch, 'Go value of type map[string]interface {}');
    case PATCH_TYPES.strategic:
      if (!isRecord(r.patch)) return undecoded(r.patch, 'Go value of type map[string]interface {}');
      try {
        return { object: strategicPatch(r.object, r.patch, r.model || undefined) };
      } catch (error) {
        return { status: strategicRefusal((error as Error).message) };
      }
    case PATCH_TYPES.json:
      if (!isList(r.patch)) return undecoded(r.patch, 'Go value of type []handlers.jsonPatchOp');
      for (const operation of r.patch) {
        const refusal = checkOperation(operation);
        if (refusal) return refusal;
      }
      if (r.patch.length > MOST_OPERATIONS)
        return {
          status: {
            ...rejectedRequest(`The allowed maximum operations in a JSON patch is ${MOST_OPERATIONS}, got ${r.patch.length}`),
            code: 413,
            reason: 'RequestEntityTooLarge',
          },
        };
      try {
        return { object: jsonPatch(r.object, r.patch) };
      } catch (error) {
        return { status: rejectedRequest((error as Error).message) };
      }
    default:
      return { status: unsupportedMediaType(UNKNOWN_PATCH) };
  }
}
