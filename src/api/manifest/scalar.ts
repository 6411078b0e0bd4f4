/** A leaf as YAML: plain, quoted or as a block. Upstream: go.yaml.in/yaml/v2 encode.go stringv, emitterc.go analyze_scalar, write_*_scalar, resolve.go (as sigs.k8s.io/yaml uses it). */

/** Past this column a text breaks at its next blank. */
const BEST_WIDTH = 80;

/** Words that YAML 1.1 reads as something else than text. */
const ODD = /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN|<<)$/;
const NUMBER = /^[-+]?(?:\d[\d_]*|0b[01_]+|0o[0-7_]+|0x[\da-fA-F_]+|(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?)$/;
const INSTANT = /^\d{4}-\d\d?-\d\d?(?:[Tt]\d\d?:\d\d?:\d\d?(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)| \d\d?:\d\d?:\d\d?(?:\.\d+)?)?$/;
const SPECIAL = /[\u0000-\u0009\u000b-\u001f\u007f-\u0084\u0086-\u009f\ufeff]/;

/** The first line goes after the key, at `column`; the others are whole lines, indented by `indent`. */
export function leafLines(value: unknown, indent: number, column: number): readonly string[] {
  if (typeof value === 'string') {
    if (!value.includes('\n')) return fold(plainOrQuoted(value), indent, column);
    return isBlockSafe(value) ? blockLines(value, indent) : fold(doubleQuoted(value), indent, column);
  }
  if (Array.isArray(value)) return ['[]'];
  if (typeof value === 'object' && value !== null) return ['{}'];
  return [value === null || value === undefined ? 'null' : String(value)];
}

/** A literal block holds no control characters, no blanks before a line break, and does not end in a blank. */
const isBlockSafe = (text: string): boolean => !SPECIAL.test(text) && !/ \n/.test(text) && !text.endsWith(' ');

function blockLines(text: string, indent: number): readonly string[] {
  const pad = ' '.repeat(indent);
  const breaks = /\n*$/.exec(text)?.[0].length ?? 0;
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomp = breaks === 0 ? '-' : breaks > 1 || text === '\n' ? '+' : '';
  const body = (breaks === 0 ? text : text.slice(0, -1)).split('\n');
  return [`|${hint}${chomp}`, ...body.map((line) => (line === '' ? '' : pad + line))];
}

/** On one line, which also keys must be. */
export function plainOrQuoted(text: string): string {
  if (text === '' || SPECIAL.test(text) || text.includes('\n') || ODD.test(text) || NUMBER.test(text) || INSTANT.test(text)) return doubleQuoted(text);
  const isPlain = !/^[\s!&*|>%@`"'#,[\]{}]/.test(text) && !/^[-?:](?:\s|$)/.test(text) && !/^(?:---|\.\.\.)/.test(text) && !/:(?:\s|$)/.test(text) && !/\s#/.test(text) && !text.endsWith(' ');
  return isPlain ? text : `'${text.replace(/'/g, "''")}'`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([['"', '\\"'], ['\\', '\\\\'], ['\u0000', '\\0'], ['\u0007', '\\a'], ['\b', '\\b'], ['\t', '\\t'], ['\n', '\\n'], ['\u000b', '\\v'], ['\f', '\\f'], ['\r', '\\r'], ['\u001b', '\\e'], ['\u0085', '\\N'], ['\u2028', '\\L'], ['\u2029', '\\P']]);

function doubleQuoted(text: string): string {
  const inner = text.replace(/["\\\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/g, (c) => ESCAPES.get(c) ?? (c.charCodeAt(0) < 0x100 ? `\\x${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}` : `\\u${c.charCodeAt(0).toString(16).toUpperCase()}`));
  return `"${inner}"`;
}

/** Breaks a flow scalar at single blanks beyond the best width. */
function fold(text: string, indent: number, column: number): readonly string[] {
  if (column + text.length <= BEST_WIDTH) return [text];
  const isDouble = text.startsWith('"');
  const pad = ' '.repeat(indent);
  const lines: string[] = [];
  let line = '';
  let at = column;
  for (let i = 0; i < text.length; i++) {
    const isLone = text[i] === ' ' && text[i - 1] !== ' ' && (isDouble || text[i + 1] !== ' ');
    const isInside = i > 1 && i < text.length - 2;
    if (isLone && at > BEST_WIDTH && isInside) {
      lines.push(lines.length === 0 ? line : pad + line);
      line = isDouble && text[i + 1] === ' ' ? '\\' : '';
      at = indent + line.length;
    } else { line += text[i]; at++; }
  }
  lines.push(lines.length === 0 ? line : pad + line);
  return lines;
}
