/** Go's Sprintf over values of templates. Upstream: Go's fmt/print.go, format.go. Simplified: no explicit argument indexes, no '*' widths, no binary or hexadecimal fractions. */
import { goExponent, keysIn, type Rec } from '../../api/machinery/patch/values.ts';
import { bytesOf } from '../../lib/utf8.ts';
import { floatText, kindOf, numberOf, typeOf } from './value.ts';

const VERB = /%([-+# 0]*)(\d+)?(?:\.(\d*))?(.)?/gsu;
/** What stands between % and the verb. */
interface How {
  readonly flags: string;
  readonly width: number;
  readonly precision?: number;
}

export function sprintf(format: string, values: readonly unknown[]): string {
  let next = 0;
  const out = format.replace(
    VERB,
    (_all, flags: string, width: string | undefined, precision: string | undefined, verb: string | undefined) => {
      if (verb === undefined) return '%!(NOVERB)';
      if (verb === '%') return '%';
      if (next >= values.length) return `%!${verb}(MISSING)`;
      return printed(verb, values[next++], {
        flags,
        width: Number(width ?? 0),
        ...(precision === undefined ? {} : { precision: Number(precision) }),
      });
    },
  );
  const extra = values.slice(next).map((value) => wrong(value, { flags: '', width: 0 }));
  return extra.length === 0 ? out : `${out}%!(EXTRA ${extra.join(', ')})`;
}

const wrong = (value: unknown, how: How): string => (kindOf(value) === 'none' ? '<nil>' : `${typeOf(value)}=${printed('v', value, how)}`);

/** A value the verb does not fit says so. */
function printed(verb: string, value: unknown, how: How): string {
  const kind = kindOf(value);
  if (verb === 'T') return padded(typeOf(value), how);
  if (kind === 'none') return verb === 'v' ? padded('<nil>', how) : `%!${verb}(<nil>)`;
  const member = (one: unknown): string => (kindOf(one) === 'none' ? '<nil>' : printed(verb, one, how));
  if (kind === 'list') return `[${(value as readonly unknown[]).map(member).join(' ')}]`;
  if (kind === 'map')
    return `map[${keysIn(value as Rec)
      .map((key) => `${printed(verb, key, how)}:${member((value as Rec)[key])}`)
      .join(' ')}]`;
  const text =
    kind === 'string'
      ? ofText(verb, value as string, how)
      : kind === 'int'
        ? ofInteger(verb, numberOf(value), how)
        : kind === 'float'
          ? ofFloat(verb, numberOf(value), how)
          : verb === 't' || verb === 'v'
            ? padded(String(value), how)
            : undefined;
  return text ?? `%!${verb}(${wrong(value, how)})`;
}

const padded = (text: string, { flags, width }: How): string =>
  flags.includes('-') ? padEnd(text, width) : filled(text, width, flags.includes('0') ? '0' : ' ');
const filled = (text: string, width: number, fill: string): string => fill.repeat(Math.max(0, width - [...text].length)) + text;
const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - [...text].length));
const inCase = (verb: string, text: string): string => (verb === 'X' ? text.toUpperCase() : text);

/** Upstream: strconv.Quote. */
const quoted = (text: string): string =>
  JSON.stringify(text)
    .replace(/\\u00([01][\da-f])|\u007f/g, (_all, code?: string) => (code === '07' ? '\\a' : code === '0b' ? '\\v' : `\\x${code ?? '7f'}`))
    .replace(/[\u0080-\u00a0\u00ad\u2028\u2029\ufeff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

function ofText(verb: string, text: string, how: How): string | undefined {
  const cut = how.precision === undefined ? text : [...text].slice(0, how.precision).join('');
  if (verb === 's' || verb === 'v') return padded(cut, how);
  if (verb === 'q')
    return padded(how.flags.includes('#') && !/[`\u0000-\u0008\u000a-\u001f\u007f]/.test(cut) ? `\`${cut}\`` : quoted(cut), how);
  if (verb !== 'x' && verb !== 'X') return undefined;
  const bytes = [...bytesOf(text)].slice(0, how.precision).map((byte) => byte.toString(16).padStart(2, '0'));
  const [hash, isApart] = [how.flags.includes('#') && bytes.length > 0 ? '0x' : '', how.flags.includes(' ')];
  return padded(inCase(verb, hash + bytes.join(isApart ? ` ${hash}` : '')), how);
}

const signOf = (isNegative: boolean, flags: string): string =>
  isNegative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
const BASES: Readonly<Record<string, number>> = { d: 10, v: 10, x: 16, X: 16, o: 8, O: 8, b: 2 };
function ofInteger(verb: string, n: number, how: How): string | undefined {
  const { flags, width, precision } = how;
  const sign = signOf(n < 0, flags);
  const point = n >= 0 && n <= 0x10ffff ? String.fromCodePoint(n) : '\ufffd';
  if (verb === 'c') return padded(point, how);
  if (verb === 'q') return padded(`'${point === "'" ? "\\'" : point === '"' ? '"' : quoted(point).slice(1, -1)}'`, how);
  if (verb === 'U')
    return padded(`U+${n.toString(16).toUpperCase().padStart(4, '0')}${flags.includes('#') ? ` '${point}'` : ''}`, {
      ...how,
      flags: flags.replaceAll('0', ''),
    });
  const base = BASES[verb];
  if (base === undefined) return undefined;
  if (precision === 0 && n === 0) return ' '.repeat(width);
  const prefix = verb === 'O' ? '0o' : !flags.includes('#') ? '' : base === 16 ? `0${verb}` : base === 2 ? '0b' : '';
  const least = precision ?? (flags.includes('0') && !flags.includes('-') ? width - sign.length : 0);
  const digits = filled(inCase(verb, Math.abs(n).toString(base)), least, '0');
  const text = sign + prefix + (verb === 'o' && flags.includes('#') && !digits.startsWith('0') ? `0${digits}` : digits);
  return padded(text, precision !== undefined || !flags.includes('0') ? { ...how, flags: flags.replaceAll('0', '') } : how);
}

/** A tie goes to the even digit; JavaScript takes the larger. */
function even(text: string, exact: string): string {
  const [digits, more] = [text.split('e')[0], exact.split('e')[0].slice(text.split('e')[0].length)];
  const cut = exact.slice(0, digits.length);
  return /^\.?50*$/.test(more) && /[02468]\.?$/.test(cut) ? cut + text.slice(digits.length) : text;
}
const fixed = (n: number, digits: number): string => even(n.toFixed(digits), n.toFixed(100));
const exponential = (n: number, digits: number): string => goExponent(even(n.toExponential(digits), n.toExponential(100)));

/** %g with as many digits, without the noughts at the end. */
function short(n: number, digits: number): string {
  const exponential = n.toExponential(digits - 1);
  const exponent = n === 0 ? 0 : Number(exponential.split('e')[1]);
  return exponent < -4 || exponent >= digits
    ? goExponent(exponential.replace(/\.?0+e/, 'e'))
    : n
        .toPrecision(digits)
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '');
}

/** Of a number that is not negative; undefined when the verb is for none. */
function digitsOf(verb: string, n: number, precision: number | undefined): string | undefined {
  switch (verb) {
    case 'f':
    case 'F':
      return fixed(n, precision ?? 6);
    case 'e':
      return exponential(n, precision ?? 6);
    case 'v':
    case 'g':
      return precision === undefined ? floatText(n) : short(n, precision || 1);
    case 'E':
    case 'G':
      return digitsOf(verb.toLowerCase(), n, precision)?.toUpperCase();
    default:
      return undefined;
  }
}

function ofFloat(verb: string, n: number, how: How): string | undefined {
  const { flags, width, precision } = how;
  const text = digitsOf(verb, Math.abs(n), precision);
  if (text === undefined) return undefined;
  const sign = signOf(n < 0 || Object.is(n, -0), flags);
  return flags.includes('0') && !flags.includes('-') && sign !== ''
    ? sign + filled(text, width - sign.length, '0')
    : padded(sign + text, how);
}
