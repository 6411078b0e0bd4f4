/** The schema's types, each read once, for walks that meet every field of every object. */
import { deepFreeze } from '../../lib/deep-freeze.ts';
import { fieldsOfModel, type FieldType } from './definitions.ts';

export interface Shape {
  readonly type: string;
  readonly form: 'list' | 'map' | 'model' | 'leaf';
  /** Of a list's or a map's items. */
  readonly inner?: Shape;
  readonly fields: Map<string, FieldShape>;
  /** The fields that Go always writes, with their zeros. */
  readonly always: ReadonlyMap<string, unknown>;
}
export interface FieldShape {
  readonly shape: Shape;
  /** An empty value is written, too. */
  readonly isKept: boolean;
  /** So is null: a time that never came, a list that nobody made. */
  readonly isNullKept: boolean;
}

const shapes = new Map<string, Shape>();
const NO_FIELDS = new Map<string, FieldShape>();
const NO_ZEROS: ReadonlyMap<string, unknown> = new Map();

export function shapeOf(type: string): Shape {
  let shape = shapes.get(type);
  if (!shape) {
    const fields = fieldsOfModel(type);
    const form = type.startsWith('[]') ? 'list' : type.startsWith('{}') ? 'map' : fields ? 'model' : 'leaf';
    const always = [...(fields ?? [])].filter(([, field]) => field.isAlways).map(([name, field]) => [name, zeroOf(field)] as const);
    shape = {
      type,
      form,
      fields: form === 'model' ? new Map() : NO_FIELDS,
      always: always.length > 0 ? new Map(always) : NO_ZEROS,
      ...(form === 'list' || form === 'map' ? { inner: shapeOf(type.slice(2)) } : {}),
    };
    shapes.set(type, shape);
  }
  return shape;
}

export function fieldOf(model: Shape, name: string): FieldShape | undefined {
  let known = model.fields.get(name);
  if (known) return known;
  const field = fieldsOfModel(model.type)?.get(name);
  if (!field) return undefined;
  known = {
    shape: shapeOf(field.type),
    isKept: field.isRequired || field.isAlways === true || field.keepsZero === true,
    isNullKept: model.always.get(name) === null,
  };
  model.fields.set(name, known);
  return known;
}

/** Frozen values that were found as Go writes them, and as what: the great parts that objects share (metadata, spec, template) are looked at once. A whole object hardly ever comes twice. */
const asWritten = new WeakMap<object, Shape>();
export const isKnownAsWritten = (value: object, shape: Shape): boolean => asWritten.get(value) === shape;
export const rememberAsWritten = (value: object, shape: Shape): void => void asWritten.set(value, shape);

/** Required lists are left out: what has none is refused anyway. */
function zeroOf({ type, keepsZero }: FieldType): unknown {
  if (keepsZero || /time$/i.test(type) || type.startsWith('[]')) return null;
  const fields = fieldsOfModel(type);
  if (fields)
    return deepFreeze(
      Object.fromEntries(
        [...fields]
          .filter(([, field]) => field.isAlways || (field.isRequired && !field.type.startsWith('[]')))
          .map(([name, field]) => [name, zeroOf(field)]),
      ),
    );
  return type === 'string' ? '' : type === 'boolean' ? false : type === 'quantity' ? '0' : type.startsWith('{}') ? null : 0;
}
