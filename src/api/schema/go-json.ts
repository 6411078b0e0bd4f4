/**
 * An object as Go decodes and writes it again: what is empty is left out unless it says something, and some fields are there whatever they hold.
 * Upstream: the json tags in k8s.io/api types.go; encoding/json omitempty, under which structs such as metav1.Time are written all the same (v1.36).
 */
import { goTime } from '../machinery/go-time.ts';
import { canonicalQuantity } from '../machinery/quantity.ts';
import { fieldOf, isKnownAsWritten, shapeOf, type FieldShape, type Shape } from './shape.ts';

export const asGoWrites = <T>(model: string, value: T): T => written(value, shapeOf(model)) as T;

const isTime = ({ type }: Shape): boolean => type === 'time' || type === 'microTime';

/** Whether Go leaves this value of a field out. */
export function isLeftOut(value: unknown, { shape, isKept, isNullKept }: FieldShape): boolean {
  if (value === null || (isTime(shape) && asWritten(value, shape.type) === null)) return !isNullKept;
  if (isKept) return false;
  if (typeof value !== 'object') return value === '' || value === 0 || value === false;
  return shape.form === 'list' ? Array.isArray(value) && value.length === 0 : shape.form === 'map' && Object.keys(value).length === 0;
}

/** What Go decodes a null item of a list or a map to. */
function itemZero({ form, type }: Shape): unknown {
  if (form === 'list' || type === 'any') return null;
  if (form !== 'leaf') return {};
  return type === 'boolean' ? false : /^(int|number)/.test(type) ? 0 : type === 'quantity' ? '0' : /time$/i.test(type) ? null : '';
}

/** A sound value of a leaf as Go writes it: amounts in their canonical form, instants in UTC, base64 in one line. */
export function asWritten(value: unknown, type: string): unknown {
  switch (type) {
    case 'quantity':
      return typeof value === 'string' || typeof value === 'number' ? canonicalQuantity(value) : value;
    case 'base64':
      return typeof value === 'string' && /[\r\n]/.test(value) ? value.replace(/[\r\n]/g, '') : value;
    case 'time':
    case 'microTime':
      return typeof value === 'string' && !IN_UTC[type].test(value) ? textIn(goTime(value, type === 'microTime'), value) : value;
    default:
      return value;
  }
}
/** Any day but the last ones of a month, which may not be there. */
const TO_SECONDS = '^(?!0001)\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d';
export const IN_UTC: Readonly<Record<'time' | 'microTime', RegExp>> = {
  time: new RegExp(`${TO_SECONDS}Z$`),
  microTime: new RegExp(`${TO_SECONDS}\\.\\d{6}Z$`),
};
const textIn = (read: ReturnType<typeof goTime>, value: string): string | null => ('text' in read ? read.text : value);

function written(value: unknown, shape: Shape): unknown {
  if (typeof value !== 'object' || value === null) return shape.form === 'leaf' ? asWritten(value, shape.type) : value;
  if (isKnownAsWritten(value, shape)) return value;
  const { inner } = shape;
  if (Array.isArray(value)) {
    if (!inner) return value;
    const items = value.map((item) => written(item ?? itemZero(inner), inner));
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  if (shape.form === 'leaf') return value;
  const given = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(given);
  let next: Record<string, unknown> | undefined;
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const item = given[name];
    const field = inner ? undefined : fieldOf(shape, name);
    const now = inner
      ? written(item ?? itemZero(inner), inner)
      : field && item !== undefined && !isLeftOut(item, field)
        ? written(item, field.shape)
        : undefined;
    if (!next && (now !== item || now === undefined)) {
      next = {};
      for (let j = 0; j < i; j++) next[names[j]] = given[names[j]];
    }
    if (next && now !== undefined) next[name] = now;
  }
  for (const [name, zero] of shape.always)
    if ((next ?? given)[name] === undefined) {
      next ??= { ...given };
      next[name] = zero;
    }
  return next ?? value;
}
