/**
 * Objects as KYAML, as `kubectl get -o kyaml` prints them: braces, quotes, trailing commas, and a line of a text for each of its lines.
 * Upstream: sigs.k8s.io/yaml/kyaml (v1.6). Simplified: what YAML 1.1 could take for a number or a time is told by its looks.
 */
import { isRecord, keysIn } from '../machinery/patch/values.ts';
import { ESCAPES } from './scalar.ts';

/** A document with its separator and a newline at the end. Keys are in byte order. */
export const toKyaml = (object: unknown): string => `---\n${written(object, 0)}\n`;

const pad = (indent: number): string => '  '.repeat(indent);

function written(value: unknown, indent: number): string {
  if (typeof value === 'string') return quoted(value, indent + 1);
  if (Array.isArray(value)) return writtenList(value, indent);
  if (!isRecord(value)) return value === undefined ? 'null' : String(value);
  const keys = keysIn(value);
  if (keys.length === 0) return '{}';
  return `{\n${keys.map((key) => `${pad(indent + 1)}${isPlain(key) ? key : quotedOnOneLine(key)}: ${written(value[key], indent + 1)},\n`).join('')}${pad(indent)}}`;
}

/** Maps and lists stand together between the brackets; anything else has a line of its own. */
function writtenList(list: readonly unknown[], indent: number): string {
  if (list.length === 0) return '[]';
  if (list.every((item) => typeof item === 'object' && item !== null)) return `[${list.map((item) => written(item, indent)).join(', ')}]`;
  return `[\n${list.map((item) => `${pad(indent + 1)}${written(item, indent + 1)},\n`).join('')}${pad(indent)}]`;
}

/** Go's unicode.IsPrint. */
const isPrint = (c: string): boolean => c === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(c);
const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
function escaped(c: string): string {
  const named = ESCAPES.get(c);
  if (named !== undefined) return named;
  if (isPrint(c)) return c;
  const code = c.codePointAt(0) ?? 0;
  return code < 0x20 || code === 0x7f ? `\\x${hex(code, 2)}` : code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

const quotedOnOneLine = (text: string): string => `"${[...text].map(escaped).join('')}"`;

/** A text of several lines is folded after each; a blank at a line's start is escaped, and other lines are shifted by one to stand under it. */
function quoted(text: string, indent: number): string {
  const inLine = (line: string): string => [...line].map((c) => (c === '\t' ? c : escaped(c))).join('');
  if (!text.includes('\n')) return `"${inLine(text)}"`;
  const lines = text.split('\n');
  const isEnded = lines[lines.length - 1] === '';
  const shown = (isEnded ? lines.slice(0, -1) : lines).map((line) => `${pad(indent)}${/^\s/.test(line) ? '\\' : ' '}${inLine(line)}`);
  return `"\\\n${shown.join('\\n\\\n')}${isEnded ? '\\n' : ''}\\\n${pad(indent)}"`;
}

const NUMBER =
  /^[+-]?(?:0b[01]+|0o?[0-7]+|0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|0x(?:[\da-f]+\.?[\da-f]*|\.[\da-f]+)p[+-]?\d+|inf|infinity|nan)$/i;
const SEXAGESIMAL = /^[+-]?[1-9][\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;
const TIME = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ].*)?$/;
const WORDS: ReadonlySet<string> = new Set([
  '',
  '~',
  'null',
  'true',
  't',
  'y',
  'yes',
  'on',
  'false',
  'f',
  'n',
  'no',
  'off',
  '.inf',
  '-.inf',
  '+.inf',
  '.nan',
]);
const isAmbiguous = (text: string): boolean =>
  WORDS.has(text.toLowerCase()) || NUMBER.test(text.replaceAll('_', '')) || SEXAGESIMAL.test(text) || TIME.test(text);
const isPlain = (key: string): boolean => /^[\p{L}\p{N}_](?:[\p{L}\p{N}_./-]*[\p{L}\p{N}_])?$/u.test(key) && !isAmbiguous(key);
