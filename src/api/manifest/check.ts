/** Everything that can be said of one object before it is sent: kind, fields, types, and the rules that its kind has. */
import type { Kind } from '../kind.ts';
import type { FieldError } from '../machinery/field-error.ts';
import { define } from '../machinery/patch/values.ts';
import type { KubeObject } from '../object.ts';
import { apiVersionOf, kindOf, kinds } from '../registry.ts';
import { fieldsOfModel } from '../schema/definitions.ts';
import { checkSchema, checkStructure, type StructuralError } from '../schema/validate.ts';
import { nearest, UPSTREAM_KINDS } from './suggest.ts';

export interface Finding {
  readonly path: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
  /** What to write instead of what is underlined. */
  readonly fix?: string;
  /** Underline the key instead of the value. */
  readonly atKey?: boolean;
  /** Where to underline, when not at the path. */
  readonly at?: string;
}
export interface Checked {
  readonly kind?: Kind;
  readonly findings: readonly Finding[];
}

/** Findings at 'kind' mean that nobody knows what the object is; only then is there no `kind`. */
export function checkObject(value: Readonly<Record<string, unknown>>): Checked {
  const { apiVersion, kind: name } = value;
  if (typeof apiVersion !== 'string' || apiVersion === '' || typeof name !== 'string' || name === '') {
    const missing = (['apiVersion', 'kind'] as const).filter((field) => typeof value[field] !== 'string' || value[field] === '');
    return {
      findings: missing.map((field) => ({
        path: 'kind',
        at: field,
        severity: 'error',
        message: `${field} not set`,
        ...(field === 'apiVersion' && typeof name === 'string' ? apiVersionHint(name) : {}),
      })),
    };
  }
  const kind = kindOf(apiVersion, name);
  if (!kind) return { findings: [unknownKind(apiVersion, name)] };
  const structure = checkStructure(kind.model, value);
  const findings = [
    ...structure.errors.map((error) => structural(error, value)),
    ...structure.unknownFields.map((field) => unknownField(kind, field)),
  ];
  return { kind, findings: structure.errors.length > 0 ? findings : [...findings, ...ruleFindings(kind, value)] };
}

function apiVersionHint(name: string): { readonly hint?: string; readonly fix?: string } {
  const home = kinds.find((kind) => kind.kind === name);
  return home ? { hint: `${name} lives in ${apiVersionOf(home)}`, fix: apiVersionOf(home) } : {};
}
const meant = (word: string | undefined): { readonly hint?: string; readonly fix?: string } =>
  word === undefined ? {} : { hint: `did you mean ${word}?`, fix: word };

function unknownKind(apiVersion: string, name: string): Finding {
  const message = `no matches for kind ${JSON.stringify(name)} in version ${JSON.stringify(apiVersion)}`;
  const home = kinds.find((kind) => kind.kind === name);
  if (home) return { path: 'kind', at: 'apiVersion', severity: 'error', message, ...apiVersionHint(name) };
  const here = `kinds here: ${kinds
    .map((kind) => kind.kind)
    .sort((a, b) => (a < b ? -1 : 1))
    .join(', ')}`;
  const upstream = UPSTREAM_KINDS.get(name);
  if (upstream)
    return { path: 'kind', severity: 'error', message, hint: `Kubernetes has ${name} (${upstream}), but it is not modelled here; ${here}` };
  const guess = nearest(
    name,
    kinds.map((kind) => kind.kind),
  );
  return { path: 'kind', severity: 'error', message, ...(guess ? meant(guess) : { hint: here }) };
}

function structural(error: StructuralError, root: unknown): Finding {
  return {
    path: error.field,
    severity: 'error',
    message: `${error.field}: ${error.message}`,
    ...typeHint(error.message, valueAt(root, error.field)),
  };
}

function typeHint(message: string, value: unknown): { readonly hint?: string; readonly fix?: string } {
  const bare = (text: string): { readonly hint: string; readonly fix: string } => ({ hint: `write it without quotes: ${text}`, fix: text });
  if (/must be of type (?:integer|number)/.test(message) && typeof value === 'string' && /^\d+$/.test(value)) return bare(value);
  if (message.endsWith('must be of type string') && (typeof value === 'number' || typeof value === 'boolean'))
    return {
      hint: `put it in quotes: "${value}"${typeof value === 'boolean' ? ' (YAML reads yes, no, on and off as booleans)' : ''}`,
      fix: `"${value}"`,
    };
  if (message.endsWith('must be of type boolean') && (value === 'true' || value === 'false')) return bare(value);
  if (message.endsWith('must be of type array') && value !== null) return { hint: 'a list is wanted: start each item with "- "' };
  return {};
}

/** The longest key that the rest of the path starts with wins, since keys may hold dots. */
function valueAt(root: unknown, path: string): unknown {
  let found = root;
  for (let rest = path; rest !== '';) {
    if (typeof found !== 'object' || found === null) return undefined;
    const bare = rest.replace(/^\[(\d+)\]/, '$1');
    const keys = Object.keys(found).filter((key) => bare === key || bare.startsWith(`${key}.`) || bare.startsWith(`${key}[`));
    if (keys.length === 0) return undefined;
    const key = keys.reduce((longest, other) => (other.length > longest.length ? other : longest));
    found = (found as Readonly<Record<string, unknown>>)[key];
    rest = bare.slice(key.length).replace(/^\./, '');
  }
  return found;
}

function unknownField(kind: Kind, path: string): Finding {
  const dot = path.lastIndexOf('.');
  const model = modelAt(kind.model, dot < 0 ? '' : path.slice(0, dot));
  const guess = model === undefined ? undefined : nearest(path.slice(dot + 1), fieldsOfModel(model)?.keys() ?? []);
  return { path, severity: 'warning', message: `unknown field ${JSON.stringify(path)}`, atKey: true, ...meant(guess) };
}

function modelAt(root: string, path: string): string | undefined {
  let type: string | undefined = root;
  for (const part of path === '' ? [] : path.split(/\.|(?=\[)/)) {
    if (type === undefined) return undefined;
    type = part.startsWith('[') || type.startsWith('{}') ? type.slice(2) : fieldsOfModel(type)?.get(part)?.type;
  }
  return type;
}

/** The kind's own rules, as if the object were created now; then what the schema asks for and the kind did not say. */
function ruleFindings(kind: Kind, value: Readonly<Record<string, unknown>>): readonly Finding[] {
  const object = withName(withoutNulls(value) as KubeObject);
  const whole = kind.applyDefaults?.(object) ?? object;
  const errors = kind.validate?.(whole) ?? [];
  const said = new Set(errors.map((error) => error.field));
  const more = checkSchema(kind.model, object).filter((error) => !said.has(error.field));
  if (errors.length + more.length === 0) return (kind.warnings?.(whole) ?? []).map(warning);
  return [...errors, ...more].map((error: FieldError) => ({
    path: error.field,
    severity: 'error',
    message: `${error.field}: ${error.message}`,
    ...(error.type === 'FieldValueNotSupported' ? meant(nearestValue(kind, object, error.field)) : {}),
  }));
}

/** What the apiserver will warn of, at the field that it names first. */
const warning = (message: string): Finding => ({
  path: /^(?:spec|metadata)[^ :]*/.exec(message)?.[0] ?? 'kind',
  severity: 'warning',
  message,
});

/** The allowed word that is closest to the one there. */
function nearestValue(kind: Kind, object: KubeObject, path: string): string | undefined {
  const dot = path.lastIndexOf('.');
  const model = modelAt(kind.model, dot < 0 ? '' : path.slice(0, dot));
  const value = valueAt(object, path);
  return model === undefined || typeof value !== 'string'
    ? undefined
    : nearest(value, fieldsOfModel(model)?.get(path.slice(dot + 1))?.values ?? []);
}

function withName(object: KubeObject): KubeObject {
  const { name, generateName } = object.metadata ?? {};
  return name === undefined && generateName !== undefined && generateName !== ''
    ? { ...object, metadata: { ...object.metadata, name: `${generateName.slice(0, 58)}xxxxx` } }
    : object;
}

/** Null is absent, as for Go's decoder; a null list item is an empty one. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => (item === null ? {} : withoutNulls(item)));
  if (typeof value !== 'object' || value === null) return value;
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) if (item !== null) define(out, key, withoutNulls(item));
  return out;
}
