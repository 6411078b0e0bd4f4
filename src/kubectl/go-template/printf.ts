/** Go's Sprintf over values of templates. Upstream: Go's fmt/print.go, format.go. Simplified: no explicit argument indexes, no '*' widths. */
import { bytesOf } from '../../lib/utf8.ts';
import { GoNumber, kindOf, numberOf, textOf, typeOf } from './value.ts';

const VERB = /%([-+# 0]*)(\d+)?(?:\.(\d*))?(.)?/gsu;

export function sprintf(format: string, values: readonly unknown[]): string {
  let next = 0;
  const out = format.replace(VERB, (_all, flags: string, width: string | undefined, precision: string | undefined, verb: string | undefined) => {
    if (verb === undefined) return '%!(NOVERB)';
    if (verb === '%') return '%';
    if (next >= values.length) return `%!${verb}(MISSING)`;
    const value = values[next++];
    const text = formatted(verb, value, precision === undefined ? undefined : Number(precision), flags);
    return text === undefined ? `%!${verb}(${wrong(value)})` : padded(text, Number(width ?? 0), flags, kindOf(value));
  });
  const extra = values.slice(next).map(wrong);
  return extra.length === 0 ? out : `${out}%!(EXTRA ${extra.join(', ')})`;
}

const wrong = (value: unknown): string => (kindOf(value) === 'none' ? '<nil>' : `${typeOf(value)}=${textOf(value)}`);

function padded(text: string, width: number, flags: string, kind: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || (kind !== 'int' && kind !== 'float')) return text.padStart(width);
  return /^[+-]/.test(text) ? text[0] + text.slice(1).padStart(width - 1, '0') : text.padStart(width, '0');
}

/** Undefined when the verb does not fit the value. */
function formatted(verb: string, value: unknown, precision: number | undefined, flags: string): string | undefined {
  const kind = kindOf(value);
  const sign = flags.includes('+') && numberOf(value) >= 0 ? '+' : '';
  if (verb === 'T') return typeOf(value);
  if (verb === 'v') return kind === 'int' || kind === 'float' ? sign + textOf(value) : textOf(value, '<nil>');
  if (kind === 'list' && 'sdqxX'.includes(verb)) return `[${(value as readonly unknown[]).map((v) => sprintf(`%${verb}`, [v])).join(' ')}]`;
  if (kind === 'map' && 'sdqxX'.includes(verb)) return `map[${Object.entries(value as object).filter(([, v]) => v !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => `${sprintf(`%${verb}`, [k])}:${sprintf(`%${verb}`, [v])}`).join(' ')}]`;
  if (kind === 'string') return ofText(verb, value as string, precision);
  if (kind === 'bool') return verb === 't' ? String(value) : undefined;
  if (kind === 'int') return ofInteger(verb, numberOf(value), sign);
  return kind === 'float' ? ofFloat(verb, numberOf(value), precision, sign) : undefined;
}

function ofText(verb: string, text: string, precision: number | undefined): string | undefined {
  const cut = precision === undefined ? text : [...text].slice(0, precision).join('');
  if (verb === 's') return cut;
  if (verb === 'q') return JSON.stringify(cut);
  return verb === 'x' || verb === 'X' ? [...bytesOf(cut)].map((byte) => inCase(verb, byte.toString(16).padStart(2, '0'))).join('') : undefined;
}

function ofInteger(verb: string, n: number, sign: string): string | undefined {
  switch (verb) {
    case 'd': return sign + String(n);
    case 'x': case 'X': return sign + inCase(verb, n.toString(16));
    case 'o': return sign + n.toString(8);
    case 'b': return sign + n.toString(2);
    case 'c': return String.fromCodePoint(n);
    case 'q': return `'${String.fromCodePoint(n)}'`;
    case 'U': return `U+${n.toString(16).toUpperCase().padStart(4, '0')}`;
    default: return undefined;
  }
}
const inCase = (verb: string, text: string): string => (verb === 'X' ? text.toUpperCase() : text);

function ofFloat(verb: string, n: number, precision: number | undefined, sign: string): string | undefined {
  if (verb === 'f' || verb === 'F') return sign + n.toFixed(precision ?? 6);
  if (verb === 'g') return sign + (precision === undefined ? textOf(new GoNumber(n, 'float64')) : String(Number(n.toPrecision(precision || 1))));
  return verb === 'e' ? sign + n.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, 'e$10$2') : undefined;
}
