/** What templates can call. Upstream: Go's text/template/funcs.go, and cli-runtime pkg/printers/template.go (exists, base64decode). Simplified: `call` is not there: nothing in JSON is a function. */
import { decodeBase64, isBase64 } from '../../lib/base64.ts';
import { bytesOf, textOf as textOfBytes } from '../../lib/utf8.ts';
import { isList, isRecord, own } from '../../api/machinery/patch/values.ts';
import { sprintf } from './printf.ts';
import { bare, GoNumber, Held, isTrue, kindOf, numberOf, textOf, typeOf } from './value.ts';

/** Its message follows 'error calling …: '. */
export class CallError extends Error {}
const fail = (words: string): never => {
  throw new CallError(words);
};

/** `takesText`: its first argument has to be a text. `isRaw`: it sees what is held. */
interface Function {
  readonly takesText?: true;
  readonly isRaw?: true;
  readonly least: number;
  readonly most?: number;
  readonly call: (...args: readonly unknown[]) => unknown;
}
const exactly = (count: number, call: Function['call']): Function => ({ least: count, most: count, call });
const atLeast = (count: number, call: Function['call']): Function => ({ least: count, call });

function index(item: unknown, ...keys: readonly unknown[]): unknown {
  let found = item;
  if (kindOf(found) === 'none') fail('index of untyped nil');
  for (const key of keys) {
    const kind = kindOf(found);
    if (kind === 'none') fail('index of nil pointer');
    if (kind === 'map') {
      if (typeof key !== 'string')
        fail(kindOf(key) === 'none' ? 'value is nil; should be of type string' : `value has type ${typeOf(key)}; should be string`);
      found = own(found as Readonly<Record<string, unknown>>, key as string);
      continue;
    }
    if (kind !== 'list' && kind !== 'string') fail(`can't index item of type ${typeOf(found)}`);
    const bytes = kind === 'string' ? bytesOf(found as string) : (found as readonly unknown[]);
    const at = indexOf(key, bytes.length);
    if (at === bytes.length) fail(`reflect: ${kind === 'string' ? 'string' : 'slice'} index out of range`);
    found = kind === 'string' ? new GoNumber(Number(bytes[at]), 'uint8') : bytes[at];
  }
  return found;
}
function indexOf(key: unknown, last: number): number {
  if (kindOf(key) === 'none' && !(key instanceof Held)) fail('cannot index slice/array with nil');
  if (key instanceof Held || kindOf(key) !== 'int')
    fail(`cannot index slice/array with type ${key instanceof Held ? 'interface {}' : typeOf(key)}`);
  const at = numberOf(key);
  return at < 0 || at > last ? fail(`index out of range: ${at}`) : at;
}

/** Bounds out of the data are not looked into. Upstream's lists have room behind their end, ours have none. */
function slice(held: unknown, ...bounds: readonly unknown[]): unknown {
  const item = bare(held);
  if (kindOf(item) === 'none') fail('slice of untyped nil');
  if (bounds.length > 3) fail(`too many slice indexes: ${bounds.length}`);
  if (typeof item !== 'string' && !isList(item)) return fail(`can't slice item of type ${typeOf(item)}`);
  if (typeof item === 'string' && bounds.length === 3) fail('cannot 3-index slice a string');
  const bytes = typeof item === 'string' ? bytesOf(item) : undefined;
  const { length: most } = bytes ?? item;
  const [from = 0, to = most, end = most] = bounds.map((bound) => indexOf(bound, most));
  if (from > to) fail(`invalid slice index: ${from} > ${to}`);
  if (to > end) fail(`invalid slice index: ${to} > ${end}`);
  return bytes ? textOfBytes(bytes.slice(from, to)) : item.slice(from, to);
}

function length(item: unknown): unknown {
  if (item === null) fail('len of nil pointer');
  if (item === undefined) fail('reflect: call of reflect.Value.Type on zero Value');
  if (typeof item === 'string') return new GoNumber(bytesOf(item).length);
  if (isList(item)) return new GoNumber(item.length);
  return isRecord(item) && !(item instanceof GoNumber) ? new GoNumber(Object.keys(item).length) : fail(`len of type ${typeOf(item)}`);
}

const unlike = (a: unknown, b: unknown): never => fail(`incompatible types for comparison: ${typeOf(a)} and ${typeOf(b)}`);
const plain = (value: unknown): unknown => (value instanceof GoNumber ? value.n : value);

function equal(first: unknown, ...others: readonly unknown[]): boolean {
  if (others.length === 0) fail('missing argument for comparison');
  const kind = kindOf(first);
  const isCompound = (k: string): boolean => k === 'list' || k === 'map';
  return others.some((other) => {
    const with_ = kindOf(other);
    if (kind === 'none' || with_ === 'none') return kind === with_;
    if (isCompound(kind) && isCompound(with_) && kind !== with_)
      fail(`non-comparable types ${sprintf('%s', [first])}: ${typeOf(first)}, ${typeOf(other)}: ${textOf(other)}`);
    if (kind !== with_) return unlike(first, other);
    return isCompound(kind) ? fail(`non-comparable type ${sprintf('%s', [other])}: ${typeOf(other)}`) : plain(first) === plain(other);
  });
}

function less(a: unknown, b: unknown): boolean {
  for (const value of [a, b]) if (['none', 'list', 'map'].includes(kindOf(value))) fail('invalid type for comparison');
  if (kindOf(a) !== kindOf(b)) unlike(a, b);
  if (kindOf(a) === 'bool') fail('invalid type for comparison');
  return typeof a === 'string' ? a < (b as string) : numberOf(a) < numberOf(b);
}
const lessOrEqual = (a: unknown, b: unknown): boolean => less(a, b) || equal(a, b);

/** Blanks stand between what is no text. */
const print = (...values: readonly unknown[]): string =>
  values
    .map((value, i) => (i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string' ? ' ' : '') + textOf(value, '<nil>'))
    .join('');
/** Of one value, or of several as print has them. Upstream: evalArgs. */
const plainly = (...values: readonly unknown[]): string =>
  print(...values.map((value) => (kindOf(value) === 'none' ? '<no value>' : value)));
const println = (...values: readonly unknown[]): string => `${values.map((value) => textOf(value, '<nil>')).join(' ')}\n`;

const HTML: Readonly<Record<string, string>> = { '"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;', '\0': '\uFFFD' };
const JS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};
// oxlint-disable-next-line no-control-regex
const escapeJs = (text: string): string =>
  text.replace(/[\\'"<>&=\x00-\x1f]/g, (c) => JS[c] ?? `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`);

function exists(item: unknown, ...keys: readonly unknown[]): boolean {
  try {
    return keys.length === 0 || kindOf(index(item, ...keys)) !== 'none';
  } catch {
    return false;
  }
}

const decoded = (value: unknown): string =>
  isBase64(String(value)) ? decodeBase64(String(value)) : fail('base64 decode failed: illegal base64 data at input byte 0');

/** `and` and `or` ask for no more than they need: they are carried out where the arguments are. */
export const functions: ReadonlyMap<string, Function> = new Map(
  Object.entries<Function>({
    and: atLeast(1, (...args) => args.at(-1)),
    or: atLeast(1, (...args) => args.at(-1)),
    not: exactly(1, (value) => !isTrue(value)),
    len: exactly(1, length),
    index: atLeast(1, index),
    slice: { least: 1, isRaw: true, call: slice },
    eq: atLeast(1, equal),
    ne: exactly(2, (a, b) => !equal(a, b)),
    lt: exactly(2, less),
    le: exactly(2, lessOrEqual),
    gt: exactly(2, (a, b) => !lessOrEqual(a, b)),
    ge: exactly(2, (a, b) => !less(a, b)),
    print: atLeast(0, print),
    println: atLeast(0, println),
    printf: { least: 1, takesText: true, call: (format, ...values) => sprintf(String(format), values) },
    html: atLeast(0, (...args) => plainly(...args).replace(/["'&<>\0]/g, (c) => HTML[c])),
    js: atLeast(0, (...args) => escapeJs(plainly(...args))),
    urlquery: atLeast(0, (...args) =>
      encodeURIComponent(plainly(...args))
        .replaceAll('%20', '+')
        .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    ),
    exists: atLeast(1, exists),
    base64decode: { least: 1, most: 1, takesText: true, call: decoded },
  }),
);
