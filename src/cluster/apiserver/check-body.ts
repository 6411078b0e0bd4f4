/** Is what was sent an object of this kind at all? Upstream: endpoints/handlers/create.go and the strict decoder (v1.36). */
import { asGoWrites } from '../../api/schema/go-json.ts';
import { checkStructure, duplicateField, strictDecodingError, unknownField } from '../../api/schema/validate.ts';
import { badRequest } from '../../api/machinery/status.ts';
import { apiVersionOf, kindOf } from '../../api/registry.ts';
import type { KubeObject } from '../../api/object.ts';
import type { V1Status } from '../../api/schema/kubernetes.ts';
import type { Asked } from './decision.ts';

const NO_WARNINGS: readonly string[] = Object.freeze([]);

/** 'v1.Pod', as Go's types print. */
const goName = (apiVersion: string | undefined, kind: string): string => `${(apiVersion ?? '').replace(/^.*\//, '')}.${kind}`;

/** The object as Go decodes it, with its unknown fields dropped, and a warning for each; ?fieldValidation=Strict makes them an error, Ignore says nothing. */
export function checkBody(
  { info, request }: Asked,
  body: unknown,
): { readonly object: KubeObject; readonly warnings: readonly string[] } | { readonly status: V1Status } {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return {
      status: badRequest(
        'the object provided is unrecognized (must be of type ' + info.kind.kind + "): couldn't get version/kind; json parse error",
      ),
    };
  const object = body as KubeObject;
  const expected = apiVersionOf(info.kind);
  if (object.kind !== undefined && (object.kind !== info.kind.kind || (object.apiVersion ?? expected) !== expected)) {
    const why = kindOf(object.apiVersion, object.kind)
      ? `converting (${goName(object.apiVersion, object.kind)}) to (${goName(expected, info.kind.kind).replace(/^v1\./, 'core.')}): unknown conversion`
      : `no kind ${JSON.stringify(object.kind)} is registered for version ${JSON.stringify(object.apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`;
    return {
      status: badRequest(
        `${object.kind} in version ${JSON.stringify((object.apiVersion ?? expected).replace(/^.*\//, ''))} cannot be handled as a ${info.kind.kind}: ${why}`,
      ),
    };
  }
  const decoded = decode(info.kind.model, object, request.query?.fieldValidation || 'Warn', request.duplicates);
  return 'error' in decoded
    ? {
        status: badRequest(
          `${info.kind.kind} in version ${JSON.stringify(info.kind.version)} cannot be handled as a ${info.kind.kind}: ${decoded.error}`,
        ),
      }
    : decoded;
}

/** `duplicates`: fields that its text named twice. `error`: in the words of Go's decoder. */
export function decode(
  model: string,
  object: KubeObject,
  mode = 'Warn',
  duplicates: readonly string[] = [],
): { readonly object: KubeObject; readonly warnings: readonly string[] } | { readonly error: string } {
  const { errors, unknownFields, isAsWritten } = checkStructure(model, object);
  if (errors.length > 0) return { error: (errors.find(({ isLast }) => isLast) ?? errors[0]).decodeError };
  const warnings =
    mode === 'Ignore' || unknownFields.length + duplicates.length === 0
      ? NO_WARNINGS
      : [...unknownFields.map(unknownField), ...duplicates.map(duplicateField)];
  if (mode === 'Strict' && warnings.length > 0) return { error: strictDecodingError(warnings) };
  return { object: isAsWritten ? object : asGoWrites(model, unknownFields.reduce(dropField, object)), warnings };
}

/** The object without the field at a path such as 'spec.containers[0].foo'. */
function dropField(object: KubeObject, path: string): KubeObject {
  const parts = path.split(/\.|(?=\[)/).map((part) => (part.startsWith('[') ? Number(part.slice(1, -1)) : part));
  return drop(object, parts) as KubeObject;
}

function drop(value: unknown, [head, ...rest]: readonly (string | number)[]): unknown {
  if (Array.isArray(value)) return value.map((item, i) => (i === head && rest.length > 0 ? drop(item, rest) : item));
  if (typeof value !== 'object' || value === null || head === undefined) return value;
  const record = value as Readonly<Record<string, unknown>>;
  if (rest.length > 0) return Object.hasOwn(record, head) ? { ...record, [head]: drop(record[head], rest) } : value;
  const { [head]: _dropped, ...kept } = record;
  return kept;
}
