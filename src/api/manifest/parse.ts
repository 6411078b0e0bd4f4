/**
 * YAML or JSON text → objects, with every mistake at its line and column. Never throws: what could be read is returned with what was wrong.
 * Upstream: k8s.io/cli-runtime pkg/resource (visitor.go, mapper.go), sigs.k8s.io/yaml (v1.36). Simplified: the parser's own words are those of the `yaml` package.
 */
import { isScalar, LineCounter, type Document, type ErrorCode, type Node } from 'yaml';
import type { KubeObject } from '../object.ts';
import { checkObject, type Finding } from './check.ts';
import { readDocuments } from './documents.ts';
import { tooLong } from './limits.ts';
import { locate, spanOf, underlined, type Span } from './locate.ts';
import { MOST_DEPTH, toPlain } from './plain.ts';

export interface Diagnostic extends Span {
  /** 'spec.containers[0].image' */
  readonly path?: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
  /** What to write in the place of the span to put it right. */
  readonly fix?: string;
}

/** `line`: 1-based, where the object starts; `document`: 0-based, which of those divided by '---'. Objects of kinds that are not here are left out. */
export interface ManifestObject {
  readonly object: KubeObject;
  readonly line: number;
  readonly document: number;
}
export interface Manifest {
  readonly objects: readonly ManifestObject[];
  readonly diagnostics: readonly Diagnostic[];
}

const MOST_DIAGNOSTICS = 200;
const TOO_DEEP = `nested deeper than ${MOST_DEPTH} levels`;
const NESTED = new RegExp(`(?:[[{]\\s*(?:[\\w"'.-]+\\s*:\\s*)?){${MOST_DEPTH + 1}}|(?:- +){${MOST_DEPTH + 1}}`);

/** What usually lies behind a parser's complaint. */
const HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  TAB_AS_INDENT: 'indent with blanks',
  MULTILINE_IMPLICIT_KEY: 'is a ":" missing?',
  BAD_INDENT: 'does the line begin where its neighbours begin?',
};

interface Work {
  readonly lines: LineCounter;
  readonly objects: ManifestObject[];
  readonly diagnostics: Diagnostic[];
}

export function parseManifest(text: string): Manifest {
  const excess = tooLong(text);
  if (excess !== undefined) return refused(excess);
  if (NESTED.test(text)) return refused(TOO_DEEP);
  const work: Work = { lines: new LineCounter(), objects: [], diagnostics: [] };
  try {
    readDocuments(text, work.lines).forEach((document, index) => readDocument(document, index, work));
  } catch (error) {
    return refused(error instanceof RangeError ? TOO_DEEP : `cannot be read: ${(error as Error).message}`);
  }
  const diagnostics = [...work.diagnostics].sort((a, b) => a.line - b.line || a.column - b.column);
  return { objects: work.objects, diagnostics: diagnostics.slice(0, MOST_DIAGNOSTICS) };
}

const refused = (message: string): Manifest => ({
  objects: [],
  diagnostics: [{ line: 1, column: 1, endLine: 1, endColumn: 1, severity: 'error', message }],
});

function readDocument(document: Document.Parsed, index: number, work: Work): void {
  for (const [severity, problems] of [
    ['error', document.errors],
    ['warning', document.warnings],
  ] as const) {
    for (const problem of problems) {
      const [from, to] = [work.lines.linePos(problem.pos[0]), work.lines.linePos(problem.pos[1])];
      work.diagnostics.push({
        line: from.line,
        column: from.col,
        endLine: to.line,
        endColumn: to.col,
        severity,
        message: /call stack/.test(problem.message) ? TOO_DEEP : problem.message,
        ...(HINTS[problem.code] === undefined ? {} : { hint: HINTS[problem.code] }),
      });
    }
  }
  const root: Node | null = document.contents;
  if (document.errors.length > 0 || root === null) return;
  const { value, errors } = toPlain(root);
  for (const { node, message, hint, isWarning } of errors)
    work.diagnostics.push({
      ...spanOf(node, work.lines),
      severity: isWarning ? 'warning' : 'error',
      message,
      ...(hint === undefined ? {} : { hint }),
    });
  if (value === null || value === undefined) return;
  readValue(value, root, { index, prefix: '' }, work);
}

interface Place {
  readonly index: number;
  readonly prefix: string;
}

/** `root` and `prefix`: the document's node, and the path in it at which the value stands. */
function readValue(value: unknown, root: Node, place: Place, work: Work): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    work.diagnostics.push({
      ...spanOf(nodeAt(root, place.prefix), work.lines),
      severity: 'error',
      message: 'an object with apiVersion, kind and metadata is wanted',
    });
    return;
  }
  const record = value as Readonly<Record<string, unknown>>;
  if (typeof record.kind === 'string' && record.kind.endsWith('List') && Array.isArray(record.items)) {
    record.items.forEach((item: unknown, i) =>
      readValue(withListType(item, record), root, { ...place, prefix: join(place.prefix, `items[${i}]`) }, work),
    );
    return;
  }
  const { kind, findings } = checkObject(record);
  for (const finding of findings) work.diagnostics.push(diagnosticOf(finding, root, place.prefix, work.lines));
  if (kind)
    work.objects.push({ object: value as KubeObject, line: spanOf(nodeAt(root, place.prefix), work.lines).line, document: place.index });
}

/** Items of a 'PodList' need not repeat what they are. */
function withListType(item: unknown, list: Readonly<Record<string, unknown>>): unknown {
  const kind = String(list.kind).slice(0, -'List'.length);
  return kind === '' || typeof item !== 'object' || item === null || Array.isArray(item) || 'kind' in item
    ? item
    : { apiVersion: list.apiVersion, kind, ...item };
}

const join = (prefix: string, path: string): string =>
  prefix === '' ? path : path === '' ? prefix : path.startsWith('[') ? prefix + path : `${prefix}.${path}`;
const nodeAt = (root: Node, path: string): Node | null => locate(root, path).spot.node;

function diagnosticOf(finding: Finding, root: Node, prefix: string, lines: LineCounter): Diagnostic {
  const located = locate(root, join(prefix, finding.at ?? finding.path));
  const node = finding.atKey ? (located.spot.key ?? located.spot.node) : underlined(located);
  const fix = finding.fix === undefined || !located.isThere ? undefined : fixOf(finding.fix, node);
  const hint = fix === undefined || finding.fix === undefined ? finding.hint : finding.hint?.replace(finding.fix, fix);
  return {
    ...firstLine(spanOf(node ?? root, lines), lines),
    path: finding.path,
    severity: finding.severity,
    message: finding.message,
    ...(hint === undefined ? {} : { hint }),
    ...(fix === undefined ? {} : { fix }),
  };
}

/** What is to be put in quotes is what was written, not what YAML read: 'yes', not 'true'. */
const fixOf = (fix: string, node: Node | null): string =>
  fix.startsWith('"') && isScalar(node) && node.source !== undefined ? JSON.stringify(node.source) : fix;

/** A mistake in a whole block is shown at the block's first line. */
function firstLine(span: Span, lines: LineCounter): Span {
  if (span.endLine === span.line) return span;
  const end = lines.lineStarts[span.line] ?? (lines.lineStarts[span.line - 1] ?? 0) + span.column;
  return { ...span, endLine: span.line, endColumn: Math.max(span.column, end - (lines.lineStarts[span.line - 1] ?? 0)) };
}
