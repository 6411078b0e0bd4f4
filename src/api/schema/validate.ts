/**
 * Checks a value's shape against the official schema.
 * Upstream: sigs.k8s.io/json (strict decoding), k8s.io/apimachinery pkg/runtime/serializer/json (v1.36).
 * Simplified: Go's named types print as their underlying ones ('of type string' for v1.Protocol), and every error is listed, not only the first.
 */
import { base64ErrorAt, isBase64 } from '../../lib/base64.ts';
import { notSupported, required, type FieldError } from '../machinery/field-error.ts';
import { isQuantity } from '../machinery/quantity.ts';
import { parseTime } from '../machinery/time.ts';
import { fieldsOfModel, typeName, type FieldType } from './definitions.ts';
import { isLeftOut } from './go-json.ts';
import { fieldOf, shapeOf, type Shape } from './shape.ts';

export interface StructuralError {
  readonly field: string;
  /** 'Invalid value: "string": must be of type integer' */
  readonly message: string;
  /** Go's own words: 'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32'. */
  readonly decodeError: string;
}
/** `unknownFields`: paths such as 'spec.containers[0].imgae'. `isAsWritten`: nothing wrong, nothing empty in it and nothing left out, as Go would write it. */
export interface Structure { readonly errors: readonly StructuralError[]; readonly unknownFields: readonly string[]; readonly isAsWritten: boolean }

const MOST_ERRORS = 50;
const QUANTITY_WORDS = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const WHOLE: Readonly<Record<string, number>> = { int32: 2147483647, int64: Number.MAX_SAFE_INTEGER };

/** Where the walk is: `path` with indexes, `stack` and `struct` as Go's decoder names them. */
interface Place { readonly path: string; readonly stack: string; readonly struct: string }
interface Found { readonly errors: StructuralError[]; readonly unknown: string[] }

/** Null counts as absent, as in Go. */
export function checkStructure(model: string, value: unknown): Structure {
  const fit = fits(value, shapeOf(model), 0);
  if (fit !== WRONG) return fit === AS_WRITTEN ? AS_GO_WRITES : SOUND;
  const found: Found = { errors: [], unknown: [] };
  walk(value, model, { path: '', stack: '', struct: typeName(model) }, found);
  return { errors: found.errors, unknownFields: found.unknown, isAsWritten: false };
}

/** 'unknown field "spec.foo"'. */
export const unknownField = (field: string): string => `unknown field ${JSON.stringify(field)}`;
/** 'strict decoding error: unknown field "spec.foo", unknown field "spec.bar"'. */
export const strictDecodingError = (unknownFields: readonly string[]): string => `strict decoding error: ${unknownFields.map(unknownField).join(', ')}`;

const SOUND: Structure = Object.freeze({ errors: Object.freeze([]), unknownFields: Object.freeze([]), isAsWritten: false });
const AS_GO_WRITES: Structure = Object.freeze({ ...SOUND, isAsWritten: true });
/** Frozen values that were found as Go writes them, and as what: the great parts that objects share (metadata, spec, template) are looked at once. A whole object hardly ever comes twice. */
const sound = new WeakMap<object, Shape>();
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
  if (typeof value !== 'object') return shape.form === 'leaf' && fitsLeaf(value, shape.type) ? AS_WRITTEN : WRONG;
  const isRemembered = depth > 0 && depth <= DEEPEST_REMEMBERED && Object.isFrozen(value);
  if (isRemembered && sound.get(value) === shape) return AS_WRITTEN;
  const before = looked++;
  const fit = Array.isArray(value) ? fitsList(value, shape, depth + 1) : fitsObject(value as Readonly<Record<string, unknown>>, shape, depth + 1);
  if (fit === AS_WRITTEN && isRemembered && looked - before >= WORTH_REMEMBERING) sound.set(value, shape);
  return fit;
}

function fitsList(value: readonly unknown[], { form, type, inner }: Shape, depth: number): Fit {
  if (form === 'leaf') return KNOWN_LEAVES.has(type) ? WRONG : AS_WRITTEN;
  if (form !== 'list' || !inner) return WRONG;
  let fit: Fit = AS_WRITTEN;
  for (let i = 0; i < value.length; i++) { const one = value[i] === null ? RIGHT : fits(value[i], inner, depth); if (one === WRONG) return WRONG; if (one < fit) fit = one; }
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

const KNOWN_LEAVES = new Set(['string', 'boolean', 'int32', 'int64', 'number', 'intOrString', 'quantity', 'time', 'base64']);
function fitsLeaf(value: unknown, type: string): boolean {
  switch (type) {
    case 'string': return typeof value === 'string';
    case 'base64': return typeof value === 'string' && isBase64(value);
    case 'boolean': return typeof value === 'boolean';
    case 'int32': case 'int64': if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 0x80000000) return true; return walksAs(value, type);
    case 'any': return true;
    default: return walksAs(value, type);
  }
}
function walksAs(value: unknown, type: string): boolean {
  const found: Found = { errors: [], unknown: [] };
  walkLeaf(value, type, { path: '', stack: '', struct: '' }, found);
  return found.errors.length === 0;
}

const nameOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value);
const describe = (value: unknown): string => (typeof value === 'number' && !Number.isInteger(value) ? `number ${value}` : nameOf(value));

function walk(value: unknown, type: string, at: Place, found: Found): void {
  if (value === null || value === undefined || found.errors.length >= MOST_ERRORS) return;
  if (type.startsWith('[]')) {
    if (!Array.isArray(value)) { wrong(value, at, found, 'array', `[]${typeName(type.slice(2))}`); return; }
    for (let i = 0; i < value.length; i++) walk(value[i], type.slice(2), { ...at, path: `${at.path}[${i}]` }, found);
  } else if (type.startsWith('{}')) {
    if (typeof value !== 'object' || Array.isArray(value)) { wrong(value, at, found, 'object', `map[string]${type.slice(2)}`); return; }
    for (const [key, item] of Object.entries(value)) walk(item, type.slice(2), { ...at, path: `${at.path}.${key}` }, found);
  } else if (fieldsOfModel(type)) walkModel(value, type, at, found);
  else walkLeaf(value, type, at, found);
}

function wrong(value: unknown, at: Place, found: Found, expected: string, goType: string): void {
  const place = at.stack === '' ? 'Go value' : `Go struct field ${at.struct}.${at.stack}`;
  found.errors.push({ field: at.path, message: `Invalid value: ${JSON.stringify(nameOf(value))}: must be of type ${expected}`, decodeError: `json: cannot unmarshal ${describe(value)} into ${place} of type ${goType}` });
}

function walkLeaf(value: unknown, type: string, at: Place, found: Found): void {
  const say = (message: string): void => void found.errors.push({ field: at.path, message: `Invalid value: ${JSON.stringify(value)}: ${message}`, decodeError: message });
  switch (type) {
    case 'string': if (typeof value !== 'string') wrong(value, at, found, 'string', 'string'); return;
    case 'boolean': if (typeof value !== 'boolean') wrong(value, at, found, 'boolean', 'bool'); return;
    case 'int32': case 'int64': if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) > WHOLE[type]) wrong(value, at, found, 'integer', type); return;
    case 'number': if (typeof value !== 'number') wrong(value, at, found, 'number', 'float64'); return;
    case 'intOrString': if (typeof value !== 'string' && !(typeof value === 'number' && Number.isInteger(value))) wrong(value, at, found, 'integer or string', 'intstr.IntOrString'); return;
    case 'quantity': if ((typeof value !== 'string' && typeof value !== 'number') || !isQuantity(value)) say(QUANTITY_WORDS); return;
    case 'time': if (typeof value !== 'string') wrong(value, at, found, 'string', 'string'); else if (Number.isNaN(parseTime(value))) say(`parsing time ${JSON.stringify(JSON.stringify(value))} as "\\"2006-01-02T15:04:05Z07:00\\"": cannot parse ${JSON.stringify(value)}`); return;
    case 'base64': if (typeof value !== 'string') wrong(value, at, found, 'string', '[]uint8'); else if (!isBase64(value)) say(`illegal base64 data at input byte ${base64ErrorAt(value)}`); return;
    default:
  }
}

function walkModel(value: unknown, model: string, at: Place, found: Found): void {
  const fields = fieldsOfModel(model);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { wrong(value, at, found, 'object', `v1.${typeName(model)}`); return; }
  for (const [key, item] of Object.entries(value)) {
    const path = at.path === '' ? key : `${at.path}.${key}`;
    const field = fields?.get(key);
    if (field) walk(item, field.type, { path, stack: at.stack === '' ? key : `${at.stack}.${key}`, struct: typeName(model) }, found);
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
  if (Array.isArray(value)) { if (type.startsWith('[]')) value.forEach((item, i) => requireIn(item, inner, `${path}[${i}]`, errors)); return; }
  if (type.startsWith('{}')) { for (const [key, item] of Object.entries(value)) requireIn(item, inner, `${path}.${key}`, errors); return; }
  for (const [key, field] of fieldsOfModel(type) ?? []) {
    if (path === '' && key === 'status') continue;
    checkField((value as Readonly<Record<string, unknown>>)[key], field, path === '' ? key : `${path}.${key}`, errors);
  }
}

function checkField(item: unknown, field: FieldType, path: string, errors: FieldError[]): void {
  if (item === undefined || item === null) { if (field.isRequired) errors.push(required(path)); return; }
  if (field.values && typeof item === 'string' && item !== '' && !field.values.includes(item)) errors.push(notSupported(path, item, [...field.values].sort((a, b) => (a < b ? -1 : 1))));
  requireIn(item, field.type, path, errors);
}
