/**
 * Objects as text: YAML as `kubectl get -o yaml` and JSON as `-o json`.
 * Upstream: sigs.k8s.io/yaml JSONToYAML over go.yaml.in/yaml/v2 encode.go and sorter.go, cli-runtime pkg/printers/{yaml,json}.go (v1.36). Simplified: nothing known.
 */
import { goEscaped } from '../machinery/go-json.ts';
import { isRecord, keysIn, type Rec } from '../machinery/patch/values.ts';
import { isSimpleKey, leafLines, plainOrQuoted } from './scalar.ts';

const hasMembers = (map: Rec): boolean => Object.keys(map).some((key) => map[key] !== undefined);
const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** JSON with four blanks per level, keys in byte order, `<`, `>` and `&` escaped as Go does, and a newline at the end. */
export const toJson = (object: unknown): string => `${goEscaped(json(object, ''))}\n`;

/** An object of JavaScript would put keys that are numbers first. */
function json(value: unknown, space: string): string {
  const inner = `${space}    `;
  const members = Array.isArray(value)
    ? value.map((item: unknown) => inner + json(item, inner))
    : isRecord(value)
      ? keysIn(value).map((key) => `${inner}${JSON.stringify(key)}: ${json(value[key], inner)}`)
      : undefined;
  if (!members) return JSON.stringify(value) ?? 'null';
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return members.length === 0 ? open + close : `${open}\n${members.join(',\n')}\n${space}${close}`;
}

/** YAML in block style with a newline at the end. */
export function toYaml(object: unknown): string {
  const lines: string[] = [];
  if (Array.isArray(object) && object.length > 0) writeList(object, 0, lines);
  else if (isRecord(object) && hasMembers(object)) writeMap(object, 0, lines);
  else lines.push(...leafLines(object, 2, 0));
  return `${lines.join('\n')}\n`;
}

function writeMap(map: Rec, indent: number, lines: string[]): void {
  const pad = ' '.repeat(indent);
  for (const key of Object.keys(map).sort(naturally)) {
    const value = map[key];
    if (value === undefined) continue;
    if (!isSimpleKey(key)) {
      writeLong(key, value, indent, lines);
      continue;
    }
    const head = `${pad}${plainOrQuoted(key)}:`;
    if (Array.isArray(value) && value.length > 0) {
      lines.push(head);
      writeList(value, indent, lines);
    } else if (isRecord(value) && hasMembers(value)) {
      lines.push(head);
      writeMap(value, indent + 2, lines);
    } else {
      const [first, ...rest] = leafLines(value, indent + 2, head.length + 1);
      lines.push(`${head} ${first}`, ...rest);
    }
  }
}

/** '? key' and ': value', each with lines of its own. */
function writeLong(key: string, value: unknown, indent: number, lines: string[]): void {
  const pad = ' '.repeat(indent);
  const [first, ...rest] = leafLines(key, indent + 2, indent + 2);
  lines.push(`${pad}? ${first}`, ...rest);
  const inner: string[] = [];
  if (Array.isArray(value) && value.length > 0) writeList(value, indent + 2, inner);
  else if (isRecord(value) && hasMembers(value)) writeMap(value, indent + 2, inner);
  else {
    const [head, ...more] = leafLines(value, indent + 2, indent + 2);
    lines.push(`${pad}: ${head}`, ...more);
    return;
  }
  lines.push(`${pad}: ${inner[0].slice(indent + 2)}`, ...inner.slice(1));
}

function writeList(list: readonly unknown[], indent: number, lines: string[]): void {
  const pad = ' '.repeat(indent);
  for (const item of list) {
    const isList = Array.isArray(item) && item.length > 0;
    if (!isList && !(isRecord(item) && hasMembers(item))) {
      const [first, ...rest] = leafLines(item, indent + 2, indent + 2);
      lines.push(`${pad}- ${first}`, ...rest);
      continue;
    }
    const inner: string[] = [];
    if (isList) writeList(item, indent + 2, inner);
    else writeMap(item as Rec, indent + 2, inner);
    lines.push(`${pad}- ${inner[0].slice(indent + 2)}`, ...inner.slice(1));
  }
}

const isLetter = (c: string): boolean => /\p{L}/u.test(c);
const isDigit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';

/** yaml.v2's order of keys: letters after everything else, runs of digits by their number. */
function naturally(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a[i] === b[i]) continue;
    const [aIsLetter, bIsLetter] = [isLetter(a[i]), isLetter(b[i])];
    if (aIsLetter && bIsLetter) return byBytes(a[i], b[i]);
    if (aIsLetter || bIsLetter) return bIsLetter ? -1 : 1;
    const head = (a[i] === '0' || b[i] === '0') && followsNonZeroDigit(a, i) ? 1 : 0;
    const [x, y] = [numberAt(a, i, head), numberAt(b, i, head)];
    if (x.value !== y.value) return x.value - y.value;
    return x.end !== y.end ? x.end - y.end : byBytes(a[i], b[i]);
  }
  return a.length - b.length;
}

function followsNonZeroDigit(text: readonly string[], at: number): boolean {
  for (let j = at - 1; j >= 0 && isDigit(text[j]); j--) if (text[j] !== '0') return true;
  return false;
}

function numberAt(text: readonly string[], at: number, head: number): { readonly value: number; readonly end: number } {
  let end = at;
  let value = head;
  for (; isDigit(text[end]); end++) value = value * 10 + Number(text[end]);
  return { value, end };
}
