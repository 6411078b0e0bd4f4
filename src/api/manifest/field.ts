/** What the schema, the kind's defaults and the coverage say of one field: for hovers and for completion alike. */
import type { Kind } from '../kind.ts';
import { isRecord } from '../machinery/patch/values.ts';
import type { KubeObject } from '../object.ts';
import { fieldsOfModel, typeName, type FieldType } from '../schema/definitions.ts';
import { isInert } from '../schema/inert.ts';
import type { Path } from './place.ts';

export interface FieldFacts {
  /** 'V1Container.imagePullPolicy': where upstream's description is found. */
  readonly id: string;
  readonly name: string;
  /** 'list of Container', 'integer', 'map of string'. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly values?: readonly string[];
  /** What the API server fills in for this very object when the field is left out. */
  readonly defaultText?: string;
  readonly isInert: boolean;
}

/** The type under a path of fields, list indexes and map keys; undefined where the schema knows nothing. */
export function typeAt(model: string, path: Path): string | undefined {
  let type: string | undefined = model;
  for (const part of path) {
    if (type === undefined) return undefined;
    type =
      typeof part === 'number'
        ? type.startsWith('[]')
          ? type.slice(2)
          : undefined
        : type.startsWith('{}')
          ? type.slice(2)
          : type.startsWith('[]')
            ? undefined
            : fieldsOfModel(type)?.get(part)?.type;
  }
  return type;
}

const LEAVES: Readonly<Record<string, string>> = {
  int32: 'integer',
  int64: 'integer',
  intOrString: 'integer or string',
  quantity: 'quantity, such as 250m or 64Mi',
  time: 'time, RFC 3339',
  base64: 'base64 string',
  any: 'anything',
};

export function typeWords(type: string): string {
  if (type.startsWith('[]')) return `list of ${typeWords(type.slice(2))}`;
  if (type.startsWith('{}')) return `map of ${typeWords(type.slice(2))}`;
  return LEAVES[type] ?? (fieldsOfModel(type) ? typeName(type) : type);
}

/** Facts of `name` in the map at `path`; `defaulted` comes from `withDefaults`. */
export function fieldFacts(model: string, name: string, defaulted: unknown): FieldFacts | undefined {
  const field: FieldType | undefined = fieldsOfModel(model)?.get(name);
  if (!field) return undefined;
  const filled = isRecord(defaulted) && !field.isRequired ? defaulted[name] : undefined;
  return {
    id: `${model}.${name}`,
    name,
    type: typeWords(field.type),
    isRequired: field.isRequired,
    isInert: isInert(model, name),
    ...(field.values ? { values: field.values } : {}),
    ...(filled === undefined || typeof filled === 'object'
      ? {}
      : { defaultText: typeof filled === 'string' ? filled : JSON.stringify(filled) }),
  };
}

/** The map at a path after the kind's own defaulting, with `without` taken out of it first. Half-written objects may have no defaults. */
export function withDefaults(kind: Kind | undefined, object: Readonly<Record<string, unknown>>, path: Path, without?: string): unknown {
  if (!kind?.applyDefaults) return undefined;
  try {
    return valueIn(kind.applyDefaults((without === undefined ? object : removed(object, path, without)) as KubeObject), path);
  } catch {
    return undefined;
  }
}

export function valueIn(value: unknown, path: Path): unknown {
  let found: unknown = value;
  for (const part of path)
    found =
      Array.isArray(found) && typeof part === 'number'
        ? found[part]
        : isRecord(found) && Object.hasOwn(found, String(part))
          ? found[String(part)]
          : undefined;
  return found;
}

function removed(value: unknown, path: Path, name: string): unknown {
  const [head, ...rest] = path;
  if (Array.isArray(value)) return value.map((item: unknown, i) => (i === head ? removed(item, rest, name) : item));
  if (!isRecord(value)) return value;
  if (head === undefined) return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === head ? removed(item, rest, name) : item]));
}
