/**
 * YAML text → objects, with every problem at its line. Parsing yields what it could and never throws.
 * Library: yaml (positions, aliases counted against bombs). Simplified: errors of validation are placed at the deepest part of their path that exists.
 */
import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import type { KubeObject } from '../object.ts';
import { apiVersionOf, kindOf, kinds } from '../registry.ts';
import { checkStructure } from '../schema/validate.ts';
import { fieldsOfModel, fieldModel } from '../schema/definitions.ts';

export interface Diagnostic { readonly line: number; readonly column: number; readonly endLine: number; readonly endColumn: number; readonly path?: string; readonly severity: 'error' | 'warning'; readonly message: string; readonly hint?: string }
export interface ParsedObject { readonly object: KubeObject; readonly line: number; readonly document: number }
export interface Parsed { readonly objects: readonly ParsedObject[]; readonly diagnostics: readonly Diagnostic[] }

const MOST_BYTES = 3 * 1024 * 1024;
const MOST_DEPTH = 100;
const MOST_ALIASES = 100;
const MOST_DIAGNOSTICS = 100;
/** What upstream has and we do not have yet, so that a learner is told the right thing. */
const UPSTREAM_ONLY: ReadonlySet<string> = new Set(['StatefulSet', 'Job', 'CronJob', 'Ingress', 'IngressClass', 'NetworkPolicy', 'PersistentVolume', 'PersistentVolumeClaim', 'StorageClass', 'HorizontalPodAutoscaler', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding', 'PodDisruptionBudget', 'PriorityClass', 'ResourceQuota', 'LimitRange', 'CustomResourceDefinition', 'ReplicationController', 'Endpoints', 'RuntimeClass']);

export function parseManifest(text: string): Parsed {
  if (text.length > MOST_BYTES) return { objects: [], diagnostics: [{ line: 1, column: 1, endLine: 1, endColumn: 1, severity: 'error', message: `this text has ${(text.length / 1048576).toFixed(1)} MiB; the apiserver takes at most 3 MiB`, hint: 'Apply it in parts.' }] };
  const lines = new LineCounter();
  const diagnostics: Diagnostic[] = [];
  const objects: ParsedObject[] = [];
  try {
    const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
    if (!Array.isArray(documents)) return { objects, diagnostics };
    documents.forEach((document, i) => readDocument(document as Document.Parsed, i, lines, objects, diagnostics));
  } catch (error) {
    diagnostics.push(whole(`cannot be read as YAML: ${(error as Error).message}`));
  }
  return { objects, diagnostics: diagnostics.slice(0, MOST_DIAGNOSTICS) };
}

const whole = (message: string): Diagnostic => ({ line: 1, column: 1, endLine: 1, endColumn: 1, severity: 'error', message });

function at(lines: LineCounter, range: readonly [number, number] | readonly number[] | null | undefined): Pick<Diagnostic, 'line' | 'column' | 'endLine' | 'endColumn'> {
  const [from, to] = [lines.linePos(range?.[0] ?? 0), lines.linePos(range?.[1] ?? range?.[0] ?? 0)];
  return { line: Math.max(1, from.line), column: Math.max(1, from.col), endLine: Math.max(1, to.line), endColumn: Math.max(1, to.col) };
}

function readDocument(document: Document.Parsed, index: number, lines: LineCounter, objects: ParsedObject[], diagnostics: Diagnostic[]): void {
  for (const error of document.errors) diagnostics.push({ ...at(lines, error.pos), severity: 'error', message: error.message.split('\n')[0], ...(error.code === 'TAB_AS_INDENT' ? { hint: 'YAML is indented with spaces, never with tabs.' } : {}) });
  if (document.errors.length > 0 || !document.contents) return;
  const root: Node = document.contents;
  const problem = tooDeep(root, 0);
  if (problem) { diagnostics.push({ ...at(lines, problem.range), severity: 'error', message: `nested deeper than ${MOST_DEPTH} levels` }); return; }
  const forbidden = prototypeKey(root);
  if (forbidden) { diagnostics.push({ ...at(lines, forbidden.range), severity: 'error', message: `the key ${JSON.stringify(String(forbidden.value))} is not allowed` }); return; }
  let value: unknown;
  try { value = document.toJS({ maxAliasCount: MOST_ALIASES }); } catch (error) { diagnostics.push({ ...at(lines, root.range), severity: 'error', message: /alias/i.test((error as Error).message) ? 'too many aliases: this document would grow beyond all measure' : (error as Error).message }); return; }
  if (value === null || value === undefined) return;
  if (!isMap(root)) { diagnostics.push({ ...at(lines, root.range), severity: 'error', message: 'error validating data: this is not a Kubernetes object: expected a map with apiVersion and kind' }); return; }
  const object = value as KubeObject & { readonly items?: readonly KubeObject[] };
  const line = at(lines, root.range).line;
  if (object.kind?.endsWith('List') && Array.isArray(object.items)) { for (const item of object.items) if (check(item, root, lines, diagnostics)) objects.push({ object: item, line, document: index }); return; }
  if (check(object, root, lines, diagnostics)) objects.push({ object, line, document: index });
}

function tooDeep(node: unknown, depth: number): Node | undefined {
  if (depth > MOST_DEPTH) return node as Node;
  const children: readonly unknown[] = isMap(node) ? node.items.map((pair) => pair.value) : isSeq(node) ? node.items : [];
  for (const child of children) { const found = tooDeep(child, depth + 1); if (found) return found; }
  return undefined;
}

function prototypeKey(node: unknown): { readonly range?: readonly number[] | null; readonly value: unknown } | undefined {
  if (isMap(node)) {
    for (const pair of node.items) {
      if (isScalar(pair.key) && pair.key.value === '__proto__') return pair.key as { range?: readonly number[]; value: unknown };
      const found = prototypeKey(pair.value);
      if (found) return found;
    }
  }
  if (isSeq(node)) for (const item of node.items) { const found = prototypeKey(item); if (found) return found; }
  return undefined;
}

/** Finds the node of a path such as 'spec.containers[0].image', or the deepest part of it that is there. */
function locate(root: Node, path: string): { readonly key?: Node; readonly value: Node } {
  let node: unknown = root;
  let key: Node | undefined;
  for (const part of path.split(/\.|(?=\[)/)) {
    const index = /^\[(\d+)\]$/.exec(part);
    if (index && isSeq(node)) { const item = node.items[Number(index[1])]; if (!item) break; node = item; key = undefined; continue; }
    const pair = isMap(node) ? node.items.find((p) => isScalar(p.key) && String(p.key.value) === part) : undefined;
    if (!pair) break;
    key = pair.key as Node;
    node = pair.value ?? pair.key;
  }
  return { value: node as Node, ...(key ? { key } : {}) };
}

/** Whether the object can be sent at all. */
function check(object: KubeObject, root: Node, lines: LineCounter, diagnostics: Diagnostic[]): boolean {
  const say = (path: string, message: string, severity: Diagnostic['severity'], hint?: string, onKey = false): void => {
    const found = locate(root, path);
    diagnostics.push({ ...at(lines, ((onKey ? found.key : undefined) ?? found.value).range), path, severity, message, ...(hint ? { hint } : {}) });
  };
  if (typeof object !== 'object' || object === null) { say('', 'expected an object', 'error'); return false; }
  const missing = [...(object.apiVersion ? [] : ['apiVersion not set']), ...(object.kind ? [] : ['kind not set'])];
  if (missing.length > 0) { say('', `error validating data: [${missing.join(', ')}]`, 'error'); return false; }
  const kind = kindOf(object.apiVersion, object.kind);
  if (!kind) { say('kind', `no matches for kind ${JSON.stringify(object.kind)} in version ${JSON.stringify(object.apiVersion)}`, 'error', kindHint(object)); return false; }
  const { errors, unknownFields } = checkStructure(kind.model, object);
  for (const error of errors) say(error.field, `${error.field}: ${error.message}`, 'error', error.message.includes('must be of type string') ? 'Put it in quotes.' : undefined);
  for (const field of unknownFields) { const near = nearest(kind.model, field); say(field, `unknown field ${JSON.stringify(field)}`, 'warning', near ? `Did you mean ${JSON.stringify(near)}?` : undefined, true); }
  if (errors.length > 0) return false;
  let valid: readonly { readonly field: string; readonly message: string }[] = [];
  try {
    const named = object.metadata?.generateName && !object.metadata.name ? { ...object, metadata: { ...object.metadata, name: `${object.metadata.generateName}x` } } : object;
    valid = kind.validate?.(kind.applyDefaults?.(named) ?? named) ?? [];
  } catch { valid = [{ field: 'spec', message: 'Required value' }]; }
  for (const error of valid) say(error.field, `${error.field}: ${error.message}`, 'error');
  return true;
}

function kindHint(object: KubeObject): string {
  const sameKind = kinds.find((k) => k.kind === object.kind);
  if (sameKind) return `${object.kind} lives in ${apiVersionOf(sameKind)}.`;
  if (UPSTREAM_ONLY.has(object.kind ?? '')) return `Kubernetes has ${object.kind}, but this model does not simulate it yet. It knows: ${kinds.map((k) => k.kind).join(', ')}.`;
  const near = kinds.find((k) => distance(k.kind.toLowerCase(), (object.kind ?? '').toLowerCase()) <= 2);
  return near ? `Did you mean ${near.kind}?` : `This cluster knows: ${kinds.map((k) => k.kind).join(', ')}.`;
}

function nearest(model: string, path: string): string | undefined {
  const parts = path.replace(/\[\d+\]/g, '').split('.');
  const wrong = parts.pop() ?? '';
  let at: string | undefined = model;
  for (const part of parts) at = at === undefined ? undefined : fieldModel(at, part);
  const names = at === undefined ? [] : [...(fieldsOfModel(at)?.keys() ?? [])];
  const ranked = names.map((name) => ({ name, d: distance(name.toLowerCase(), wrong.toLowerCase()) })).filter(({ d, name }) => d <= Math.max(2, Math.floor(name.length / 3))).sort((a, b) => a.d - b.d);
  return ranked[0]?.name;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
