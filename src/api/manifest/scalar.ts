/** A leaf as YAML: plain, quoted or as a block. Upstream: go.yaml.in/yaml/v2 encode.go stringv, emitterc.go analyze_scalar, write_*_scalar, resolve.go (as sigs.k8s.io/yaml uses it). */
import { bytesIn } from '../../lib/utf8.ts';
import { goExponent } from '../machinery/patch/values.ts';

/** Past this column a text breaks at its next blank. */
const BEST_WIDTH = 80;
/** A key of more bytes, or of more lines, gets a '?' and a line of its own. */
const MOST_SIMPLE = 128;

/** Words that YAML 1.1 reads as something else than text. */
const ODD =
  /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/;
const INTEGER = /^[-+]?(?:0|[1-9]\d*|0[0-7]+|0[oO][0-7]+|0[xX][\da-fA-F]+|0[bB][01]+)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const BASE_60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;
const INSTANT =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt](\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?(?:Z|[-+](\d\d):(\d\d))| (\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?)?$/;
const BREAK = /[\n\r\u0085\u2028\u2029]/;
/** What cannot be seen, and all beyond the first plane. */
const SPECIAL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufeff\ufffe\uffff\u{10000}-\u{10ffff}]/u;

function isNumber(text: string): boolean {
  if (text.startsWith('.')) return FLOAT.test(text) && Number.isFinite(Number(text));
  if (!/^[-+\d]/.test(text)) return false;
  const plain = text.replaceAll('_', '');
  if (INTEGER.test(plain)) {
    const value = BigInt(plain.replace(/^[-+]/, '').replace(/^0(?=\d)/, '0o'));
    if (value <= (/^[-+]/.test(plain) ? 0x8000000000000000n : 0xffffffffffffffffn)) return true;
  }
  return (FLOAT.test(plain) && Number.isFinite(Number(plain))) || /^-?0b[-+]?[01]+$/.test(plain);
}

function isInstant(text: string): boolean {
  const parts = INSTANT.exec(text);
  if (!parts) return false;
  const [year, month, day, h = 0, m = 0, s = 0, zoneH = 0, zoneM = 0, h2 = 0, m2 = 0, s2 = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  const days = month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return month >= 1 && month <= 12 && day >= 1 && day <= days && h + h2 < 24 && m + m2 < 60 && s + s2 < 60 && zoneH <= 24 && zoneM < 60;
}
const isElse = (text: string): boolean => ODD.test(text) || isNumber(text) || BASE_60.test(text) || isInstant(text);

/** What is no integer of 64 bits has an exponent below 1e-4 and from 1e6 on. Upstream: strconv.FormatFloat 'g'. */
function numberText(n: number): string {
  if (Number.isInteger(n) && n > -9.3e18 && n < 18446744073709551616) return String(n);
  const text = n.toExponential();
  const exponent = Number(text.split('e')[1]);
  return exponent >= -4 && exponent < 6 ? String(n) : goExponent(text);
}

/** The first line goes after the key, at `column`; the others are whole lines, indented by `indent`. */
export function leafLines(value: unknown, indent: number, column: number): readonly string[] {
  if (typeof value === 'string') {
    if (value.includes('\n') && isBlockSafe(value)) return blockLines(value, indent);
    const text = value.includes('\n') ? doubleQuoted(value) : plainOrQuoted(value);
    return fold(text, indent, column);
  }
  if (Array.isArray(value)) return ['[]'];
  if (typeof value === 'object' && value !== null) return ['{}'];
  return [typeof value === 'number' ? numberText(value) : value === null || value === undefined ? 'null' : String(value)];
}

/** Whether a key fits before its colon. */
export const isSimpleKey = (key: string): boolean => !BREAK.test(key) && bytesIn(key) <= MOST_SIMPLE;

/** A literal block holds nothing special, no blanks before a line break, and does not end in a blank. */
const isBlockSafe = (text: string): boolean => !SPECIAL.test(text) && !/ [\n\u2028\u2029]/.test(text) && !text.endsWith(' ');

function blockLines(text: string, indent: number): readonly string[] {
  const pad = ' '.repeat(indent);
  const breaks = /[\n\u2028\u2029]*$/.exec(text)?.[0].length ?? 0;
  const hint = /^[ \n\u2028\u2029]/.test(text) ? '2' : '';
  const chomp = breaks === 0 ? '-' : breaks > 1 || text.length === 1 ? '+' : '';
  const body = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  const broken = (line: string): string => line.replace(/([\u2028\u2029])(?=[^\u2028\u2029])/g, `$1${pad}`);
  return [`|${hint}${chomp}`, ...body.map((line) => (line === '' || /^[\u2028\u2029]/.test(line) ? '' : pad) + broken(line))];
}

/** On one line, which also keys must be. */
export function plainOrQuoted(text: string): string {
  const isUnsafe = SPECIAL.test(text) || / [\u2028\u2029]/.test(text) || /[\u2028\u2029] /.test(text);
  if (isUnsafe || text.includes('\n') || isElse(text)) return doubleQuoted(text);
  const isPlain =
    !BREAK.test(text) &&
    !/^[ !&*|>%@`"'#,[\]{}]/.test(text) &&
    !/^\?(?: |$)/.test(text) &&
    !/^-(?: |$)/.test(text) &&
    !/^(?:---|\.\.\.)/.test(text) &&
    !/:(?: |$)/.test(text) &&
    !/ #/.test(text) &&
    !text.endsWith(' ');
  return isPlain ? text : `'${text.replace(/'/g, "''")}'`;
}

/** Upstream's two printers have the same. */
export const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\u0000', '\\0'],
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\u000b', '\\v'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['\u001b', '\\e'],
  ['\u0085', '\\N'],
  ['\u00a0', '\\_'],
  ['\u2028', '\\L'],
  ['\u2029', '\\P'],
]);

/** Behind a byte order mark at the start everything is escaped, as upstream's is_bom has it. */
function doubleQuoted(text: string): string {
  const escaped = text.startsWith('\ufeff')
    ? /./gsu
    : /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff\u{10000}-\u{10ffff}]/gu;
  const inner = text.replace(escaped, (c) => {
    const code = c.codePointAt(0) ?? 0;
    const [letter, width] = code < 0x100 ? ['x', 2] : code < 0x10000 ? ['u', 4] : ['U', 8];
    return ESCAPES.get(c) ?? `\\${letter}${code.toString(16).toUpperCase().padStart(width, '0')}`;
  });
  return `"${inner}"`;
}

/** Breaks a flow scalar at single blanks beyond the best width. */
function fold(text: string, indent: number, column: number): readonly string[] {
  const isDouble = text.startsWith('"');
  if (column + text.length <= BEST_WIDTH && !BREAK.test(text)) return [text];
  const [isQuoted, pad, points] = [isDouble || text.startsWith("'"), ' '.repeat(indent), [...text]];
  const lines: string[] = [];
  let line = '';
  let at = column;
  points.forEach((c, i) => {
    const isLone = c === ' ' && points[i - 1] !== ' ' && (isDouble || points[i + 1] !== ' ');
    const isInside = !isQuoted || (i > 1 && i < points.length - 2);
    if (isLone && at > BEST_WIDTH && isInside) {
      lines.push(line);
      line = pad + (isDouble && points[i + 1] === ' ' ? '\\' : '');
      at = line.length;
    } else if (BREAK.test(points[i - 1] ?? '') && !BREAK.test(c) && i < points.length - 1) {
      line += pad + c;
      at = indent + 1;
    } else {
      line += c;
      at = BREAK.test(c) ? 0 : at + 1;
    }
  });
  lines.push(line);
  return lines;
}
