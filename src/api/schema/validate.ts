/**
 * Checks a value's shape against the official schema.
 * Upstream: sigs.k8s.io/json (strict decoding), k8s.io/apimachinery pkg/runtime/serializer/json (v1.36).
 * Simplified: every error is listed, not only the first; a number's text is JavaScript's.
 */
import { base64ErrorAt, isBase64 } from '../../lib/base64.ts';
import { notSupported, required, type FieldError } from '../machinery/field-error.ts';
import { goTime } from '../machinery/go-time.ts';
import { quantityError } from '../machinery/quantity.ts';
import { fieldsOfModel, typeName, type FieldType } from './definitions.ts';
import { asWritten, IN_UTC, isLeftOut } from './go-json.ts';
import { goFieldOf, goTypeOf, itemOf } from './go-types.ts';
import { fieldOf, isKnownAsWritten, rememberAsWritten, shapeOf, type Shape } from './shape.ts';

export interface StructuralError {
  readonly field: string;
  /** 'Invalid value: "string": must be of type integer' */
  readonly message: string;
  /** Go's own words: 'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32'. */
  readonly decodeError: string;
  /** Go's decoder stops here, and forgets what it found before. */
  readonly isLast?: true;
}
/** `unknownFields`: paths such as 'spec.containers[0].imgae'. `isAsWritten`: nothing wrong, nothing empty in it and nothing left out, as Go would write it. */
export interface Structure {
  readonly errors: readonly StructuralError[];
  readonly unknownFields: readonly string[];
  readonly isAsWritten: boolean;
}

const MOST_ERRORS = 50;
const WHOLE: Readonly<Record<string, readonly [number, number]>> = {
  int32: [-2147483648, 2147483647],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};
const isWhole = (value: unknown, type: string): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= WHOLE[type][0] && value <= WHOLE[type][1];

/** Where the walk is: `path` with indexes, `stack` and `struct` as Go's decoder names them. */
interface Place {
  readonly path: string;
  readonly stack: string;
  readonly struct: string;
  readonly goType: string;
}
interface Found {
  readonly errors: StructuralError[];
  readonly unknown: string[];
}

/** Null counts as absent, as in Go. */
export function checkStructure(model: string, value: unknown): Structure {
  const fit = fits(value, shapeOf(model), 0);
  if (fit !== WRONG) return fit === AS_WRITTEN ? AS_GO_WRITES : SOUND;
  const found: Found = { errors: [], unknown: [] };
  walk(value, model, { path: '', stack: '', struct: typeName(model), goType: `v1.${typeName(model)}` }, found);
  return { errors: found.errors, unknownFields: found.unknown, isAsWritten: false };
}

/** 'unknown field "spec.foo"'. */
export const unknownField = (field: string): string => `unknown field ${JSON.stringify(field)}`;
/** 'strict decoding error: unknown field "spec.foo", unknown field "spec.bar"'. */
export const duplicateField = (field: string): string => `duplicate field ${JSON.stringify(field)}`;
export const strictDecodingError = (warnings: readonly string[]): string => `strict decoding error: ${warnings.join(', ')}`;

const SOUND: Structure = Object.freeze({ errors: Object.freeze([]), unknownFields: Object.freeze([]), isAsWritten: false });
const AS_GO_WRITES: Structure = Object.freeze({ ...SOUND, isAsWritten: true });
const DEEPEST_REMEMBERED = 2;
/** Objects in it; what has fewer is looked at again as fast. */
const WORTH_REMEMBERING = 4;
let looked = 0;

/** Wrong; right but otherwise than Go writes it; as Go writes it. */
type Fit = 0 | 1 | 2;
const WRONG = 0;
const RIGHT = 1;
const AS_WRITTEN = 2;

/** The same walk without words: almost every value is sound, and only the others need their places named. */
function fits(value: unknown, shape: Shape, depth: number): Fit {
  if (value === null || value === undefined) return AS_WRITTEN;
  if (typeof value !== 'object') return shape.form === 'leaf' ? fitsLeaf(value, shape.type) : WRONG;
  const isRemembered = depth > 0 && depth <= DEEPEST_REMEMBERED && Object.isFrozen(value);
  if (isRemembered && isKnownAsWritten(value, shape)) return AS_WRITTEN;
  const before = looked++;
  const fit = Array.isArray(value)
    ? fitsList(value, shape, depth + 1)
    : fitsObject(value as Readonly<Record<string, unknown>>, shape, depth + 1);
  if (fit === AS_WRITTEN && isRemembered && looked - before >= WORTH_REMEMBERING) rememberAsWritten(value, shape);
  return fit;
}

function fitsList(value: readonly unknown[], { form, type, inner }: Shape, depth: number): Fit {
  if (form === 'leaf') return KNOWN_LEAVES.has(type) ? WRONG : AS_WRITTEN;
  if (form !== 'list' || !inner) return WRONG;
  let fit: Fit = AS_WRITTEN;
  for (let i = 0; i < value.length; i++) {
    const one = value[i] === null ? RIGHT : fits(value[i], inner, depth);
    if (one === WRONG) return WRONG;
    if (one < fit) fit = one;
  }
  return fit;
}

function fitsObject(value: Readonly<Record<string, unknown>>, shape: Shape, depth: number): Fit {
  if (shape.form === 'list') return WRONG;
  if (shape.form === 'leaf') return KNOWN_LEAVES.has(shape.type) ? WRONG : AS_WRITTEN;
  let fit: Fit = AS_WRITTEN;
  for (const key of Object.keys(value)) {
    const item = value[key];
    const field = shape.inner ? undefined : fieldOf(shape, key);
    const inner = shape.inner ?? field?.shape;
    const one = !inner ? WRONG : shape.inner && item === null ? RIGHT : fits(item, inner, depth);
    if (one === WRONG) return WRONG;
    if (one < fit || (field && isLeftOut(item, field))) fit = RIGHT;
  }
  for (const name of shape.always.keys()) if (value[name] === undefined) return RIGHT;
  return fit;
}

const KNOWN_LEAVES = new Set(['string', 'boolean', 'int32', 'int64', 'number', 'intOrString', 'quantity', 'time', 'microTime', 'base64']);
function fitsLeaf(value: unknown, type: string): Fit {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? AS_WRITTEN : WRONG;
    case 'boolean':
      return typeof value === 'boolean' ? AS_WRITTEN : WRONG;
    case 'int32':
    case 'int64':
      if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 0x80000000) return AS_WRITTEN;
      break;
    case 'intOrString':
      if (typeof value === 'string') return AS_WRITTEN;
      break;
    case 'time':
    case 'microTime':
      if (typeof value === 'string' && IN_UTC[type].test(value)) return AS_WRITTEN;
      break;
    default:
  }
  return !walksAs(value, type) ? WRONG : asWritten(value, type) === value ? AS_WRITTEN : RIGHT;
}
function walksAs(value: unknown, type: string): boolean {
  const found: Found = { errors: [], unknown: [] };
  walkLeaf(value, type, { path: '', stack: '', struct: '', goType: '' }, found);
  return found.errors.length === 0;
}

const nameOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value);

function walk(value: unknown, type: string, at: Place, found: Found): void {
  if (value === null || value === undefined || found.errors.length >= MOST_ERRORS) return;
  if (type.startsWith('[]')) {
    if (!Array.isArray(value)) {
      wrong(value, at, found, 'array');
      return;
    }
    for (let i = 0; i < value.length; i++)
      walk(value[i], type.slice(2), { ...at, path: `${at.path}[${i}]`, goType: itemOf(at.goType) }, found);
  } else if (type.startsWith('{}')) {
    if (typeof value !== 'object' || Array.isArray(value)) {
      wrong(value, at, found, 'object');
      return;
    }
    for (const [key, item] of Object.entries(value))
      walk(item, type.slice(2), { ...at, path: `${at.path}.${key}`, goType: itemOf(at.goType) }, found);
  } else if (fieldsOfModel(type)) walkModel(value, type, at, found);
  else walkLeaf(value, type, at, found);
}

const placeIn = (at: Place): string => (at.stack === '' ? 'Go value' : `Go struct field ${at.struct}.${at.stack}`);

function wrong(
  value: unknown,
  at: Place,
  found: Found,
  expected: string,
  more: { readonly goType?: string; readonly isLast?: true } = {},
): void {
  const { goType = at.goType, ...rest } = more;
  const what = typeof value === 'number' && expected === 'integer' ? `number ${value}` : nameOf(value);
  found.errors.push({
    field: at.path,
    message: `Invalid value: ${JSON.stringify(nameOf(value))}: must be of type ${expected}`,
    decodeError: `json: cannot unmarshal ${what} into ${placeIn(at)} of type ${goType}`,
    ...rest,
  });
}

function walkLeaf(value: unknown, type: string, at: Place, found: Found): void {
  const say = (message: string, rest: { readonly isLast?: true } = {}): void =>
    void found.errors.push({
      field: at.path,
      message: `Invalid value: ${JSON.stringify(value)}: ${message}`,
      decodeError: message,
      ...rest,
    });
  switch (type) {
    case 'string':
      if (typeof value !== 'string') wrong(value, at, found, 'string');
      return;
    case 'boolean':
      if (typeof value !== 'boolean') wrong(value, at, found, 'boolean');
      return;
    case 'int32':
    case 'int64':
      if (!isWhole(value, type)) wrong(value, at, found, 'integer');
      return;
    case 'number':
      if (typeof value !== 'number') wrong(value, at, found, 'number');
      return;
    case 'intOrString':
      if (typeof value !== 'string' && !isWhole(value, 'int32'))
        wrong(value, at, found, 'integer or string', { goType: 'int32', isLast: true });
      return;
    case 'quantity': {
      const why = quantityError(typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value));
      if (why !== undefined) say(why, { isLast: true });
      return;
    }
    case 'time':
    case 'microTime': {
      if (typeof value !== 'string') {
        wrong(value, at, found, 'string', { goType: 'string', isLast: true });
        return;
      }
      const read = goTime(value, type === 'microTime');
      if ('error' in read) say(read.error, { isLast: true });
      return;
    }
    case 'base64':
      if (typeof value !== 'string') wrong(value, at, found, 'string', { goType: '[]uint8' });
      else if (!isBase64(value)) say(`illegal base64 data at input byte ${base64ErrorAt(value)}`);
      return;
    default:
  }
}

function walkModel(value: unknown, model: string, at: Place, found: Found): void {
  const fields = fieldsOfModel(model);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    wrong(value, at, found, 'object');
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    const path = at.path === '' ? key : `${at.path}.${key}`;
    const field = fields?.get(key);
    if (field)
      walk(
        item,
        field.type,
        {
          path,
          stack: at.stack === '' ? key : `${at.stack}.${goFieldOf(typeName(model), key)}`,
          struct: typeName(model),
          goType: goTypeOf(typeName(model), key, field.type),
        },
        found,
      );
    else found.unknown.push(path);
  }
}

/**
 * What the schema alone requires: fields that must be there and words that must be among a few. For editors and for kinds without rules of their own;
 * a kind's own `validate` says most of the same in the same words. Status is not looked at.
 */
export function checkSchema(model: string, value: unknown): readonly FieldError[] {
  const errors: FieldError[] = [];
  requireIn(value, model, '', errors);
  return errors;
}

function requireIn(value: unknown, type: string, path: string, errors: FieldError[]): void {
  if (typeof value !== 'object' || value === null || errors.length >= MOST_ERRORS) return;
  const inner = type.replace(/^(?:\[\]|\{\})/, '');
  if (Array.isArray(value)) {
    if (type.startsWith('[]')) value.forEach((item, i) => requireIn(item, inner, `${path}[${i}]`, errors));
    return;
  }
  if (type.startsWith('{}')) {
    for (const [key, item] of Object.entries(value)) requireIn(item, inner, `${path}.${key}`, errors);
    return;
  }
  for (const [key, field] of fieldsOfModel(type) ?? []) {
    if (path === '' && key === 'status') continue;
    checkField((value as Readonly<Record<string, unknown>>)[key], field, path === '' ? key : `${path}.${key}`, errors);
  }
}

function checkField(item: unknown, field: FieldType, path: string, errors: FieldError[]): void {
  if (item === undefined || item === null) {
    if (field.isRequired) errors.push(required(path));
    return;
  }
  if (field.values && typeof item === 'string' && item !== '' && !field.values.includes(item))
    errors.push(
      notSupported(
        path,
        item,
        [...field.values].sort((a, b) => (a < b ? -1 : 1)),
      ),
    );
  requireIn(item, field.type, path, errors);
}
