/**
 * The official schema as a type table: model → field → type. '[]T' a list, '{}T' a map, '!' required, '+' always written by Go, '*' written when zero, '=a|b' only these words. Built by `npm run build:schema`.
 * Leaves: string, boolean, int32, int64, number, quantity, intOrString, time, microTime, base64, any.
 */
import table from './definitions.json' with { type: 'json' };

export interface FieldType {
  /** '[]V1Container', '{}string', 'int32'. */
  readonly type: string;
  readonly isRequired: boolean;
  /** Go writes it even when nobody has set it. */
  readonly isAlways?: boolean;
  /** A pointer to a plain value: zero is not the same as absent. */
  readonly keepsZero?: boolean;
  /** The words that upstream allows; absent when any is. */
  readonly values?: readonly string[];
}

/** The fields with six decimals; the official schema says nothing of it. */
const MICRO = new Set([
  'V1LeaseSpec.acquireTime',
  'V1LeaseSpec.renewTime',
  'CoreV1Event.eventTime',
  'CoreV1EventSeries.lastObservedTime',
  'EventsV1Event.eventTime',
  'EventsV1EventSeries.lastObservedTime',
]);

const definitions = new Map<string, ReadonlyMap<string, FieldType>>();
for (const [model, fields] of Object.entries(table as unknown as Record<string, Record<string, string>>)) {
  definitions.set(
    model,
    new Map(
      Object.entries(fields).map(([field, text]) => [
        field,
        parseType(MICRO.has(`${model}.${field}`) ? text.replace('time', 'microTime') : text),
      ]),
    ),
  );
}

function parseType(text: string): FieldType {
  const [head, words] = text.split('=');
  return {
    type: head.replace(/[!+*]+$/, ''),
    isRequired: head.includes('!'),
    isAlways: head.endsWith('+'),
    keepsZero: head.endsWith('*'),
    ...(words === undefined ? {} : { values: words.split('|') }),
  };
}

export const fieldsOfModel = (model: string): ReadonlyMap<string, FieldType> | undefined => definitions.get(model);

/** What stands behind a leaf that is more than a plain value: 'quantity', 'time', 'fieldsV1'. */
export const leafOf = (field: string, type: string): string => (type !== 'any' ? type : field === 'fieldsV1' ? 'fieldsV1' : 'rawExtension');

/** 'V1PodSpec' → 'PodSpec': a model as Go names its type. */
export const typeName = (model: string): string => model.replace(/^(?:Core|Apps|Discovery|Events)?V\d+(?:(?:alpha|beta)\d+)?/, '');

/** The model of a field's value, or of its items; undefined for leaves. */
export function fieldModel(model: string, field: string): string | undefined {
  const type = definitions
    .get(model)
    ?.get(field)
    ?.type.replace(/^(\[\]|\{\})+/, '');
  return type !== undefined && definitions.has(type) ? type : undefined;
}
