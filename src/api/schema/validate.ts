/**
 * Checks a value's shape against the official schema. Upstream: the strict decoder, sigs.k8s.io/json and structural schemas (v1.36).
 * Simplified: formats (int32, date-time) are checked loosely.
 */
import { fieldsOfModel } from './definitions.ts';

export interface StructuralError { readonly field: string; readonly message: string }
export interface Structure { readonly errors: readonly StructuralError[]; readonly unknownFields: readonly string[] }

const MOST_ERRORS = 50;

export function checkStructure(model: string, value: unknown): Structure {
  const errors: StructuralError[] = [];
  const unknownFields: string[] = [];
  walk(value, model, '', errors, unknownFields);
  return { errors, unknownFields };
}

const nameOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

function walk(value: unknown, type: string, path: string, errors: StructuralError[], unknown: string[]): void {
  if (value === null || value === undefined || errors.length >= MOST_ERRORS) return;
  const wrong = (expected: string): void => void errors.push({ field: path, message: `Invalid value: ${JSON.stringify(nameOf(value))}: must be of type ${expected}` });
  if (type.startsWith('[]')) {
    if (!Array.isArray(value)) return wrong('array');
    for (let i = 0; i < value.length; i++) walk(value[i], type.slice(2), `${path}[${i}]`, errors, unknown);
    return;
  }
  if (type.startsWith('{}')) {
    if (typeof value !== 'object' || Array.isArray(value)) return wrong('object');
    for (const [key, item] of Object.entries(value)) walk(item, type.slice(2), `${path}.${key}`, errors, unknown);
    return;
  }
  switch (type) {
    case 'string': case 'time': if (typeof value !== 'string' && !(type === 'string' && isQuantityNumber(value, path))) wrong('string'); return;
    case 'number': if (typeof value !== 'number') wrong('integer'); else if (!Number.isInteger(value)) wrong('integer'); return;
    case 'boolean': if (typeof value !== 'boolean') wrong('boolean'); return;
    case 'intOrString': if (typeof value !== 'string' && typeof value !== 'number') wrong('integer or string'); return;
    case 'any': return;
    default: walkModel(value, type, path, errors, unknown, wrong);
  }
}

/** Quantities may be written as numbers. */
const isQuantityNumber = (value: unknown, path: string): boolean => typeof value === 'number' && /\.(requests|limits|capacity|allocatable|hard|used|overhead|min|max|default|defaultRequest)\.[^.]+$|\.(sizeLimit|divisor)$/.test(path);

function walkModel(value: unknown, model: string, path: string, errors: StructuralError[], unknown: string[], wrong: (expected: string) => void): void {
  const fields = fieldsOfModel(model);
  if (!fields) return;
  if (typeof value !== 'object' || Array.isArray(value)) { wrong('object'); return; }
  for (const [key, item] of Object.entries(value as object)) {
    const field = fields.get(key);
    const at = path === '' ? key : `${path}.${key}`;
    if (!field) unknown.push(at);
    else walk(item, field.type, at, errors, unknown);
  }
}
