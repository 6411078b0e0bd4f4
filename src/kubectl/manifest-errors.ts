/** What keeps a text from being read as objects, in kubectl's words. Upstream: cli-runtime pkg/resource/{visitor,mapper}.go, apimachinery pkg/util/yaml/decoder.go (v1.36). Simplified: a text in JSON is blamed as YAML is. */
import { LineCounter } from 'yaml';
import { goJson } from '../api/machinery/go-json.ts';
import { isRecord } from '../api/machinery/patch/values.ts';
import { readDocuments } from '../api/manifest/documents.ts';
import { toPlain } from '../api/manifest/plain.ts';
import type { Diagnostic, Manifest } from '../api/manifest/parse.ts';
import { yamlWords } from './yaml-words.ts';

const NO_OBJECT = 'an object with apiVersion, kind and metadata is wanted';
const validating = (what: string): string =>
  `error: error validating "STDIN": error validating data: ${what}; if you choose to ignore these errors, turn validation off with --validate=false\n`;

/** What is read no further here, and what Go's reader would read on. */
const LIMITS = /^(nested deeper|the text is) /;

/** Where the text cannot be read any further: what stands before is taken, and nothing after. */
export const brokenAt = (diagnostics: Manifest['diagnostics']): Diagnostic | undefined =>
  diagnostics.find(
    (d) => d.severity === 'error' && !d.path && !d.message.startsWith('no matches for kind') && !d.message.endsWith(' not set'),
  );

/** The first thing that is wrong. */
export function textError(text: string, manifest: Manifest): string | undefined {
  const [broken, unset] = [brokenAt(manifest.diagnostics), manifest.diagnostics.find((d) => d.message.endsWith(' not set'))];
  if (broken && unset && broken.line <= unset.line) return brokenError(text, manifest);
  return unsetError(manifest) ?? unknownKinds(text, manifest) ?? brokenError(text, manifest);
}

export function brokenError(text: string, { diagnostics }: Manifest): string | undefined {
  const broken = brokenAt(diagnostics);
  if (!broken) return undefined;
  if (broken.message === NO_OBJECT) return validating('invalid object to validate');
  const words =
    (LIMITS.test(broken.message) ? undefined : yamlWords(text)) ??
    (broken.message.startsWith('unknown anchor') ? broken.message : `line ${broken.line}: ${broken.message}`);
  return `error: error parsing STDIN: error converting YAML to JSON: yaml: ${words}\n`;
}

export function unsetError({ diagnostics }: Manifest): string | undefined {
  const unset = diagnostics.filter((d) => d.message === 'apiVersion not set' || d.message === 'kind not set');
  return unset.length === 0 ? undefined : validating(unset.length === 1 ? unset[0].message : `[${unset.map((d) => d.message).join(', ')}]`);
}

/** A document that does not say what it is, to those who only look for its name. */
export function undecodable(text: string): string | undefined {
  for (const document of readDocuments(text, new LineCounter())) {
    const { value } = toPlain(document.contents);
    const lost = isRecord(value) ? ['kind', 'apiVersion'].find((key) => !value[key]) : undefined;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return `error: unable to decode "STDIN": json: cannot unmarshal ${typeof value === 'boolean' ? 'bool' : typeof value} into Go value of type unstructured.detector\n`;
    if (lost !== undefined)
      return `error: unable to decode "STDIN": Object '${lost === 'kind' ? 'Kind' : lost}' is missing in '${goJson(value)}'\n`;
  }
  return undefined;
}

/** Upstream: util.CheckErr says `error: ` before one error, and nothing before several. */
export function unknownKinds(text: string, { diagnostics }: Manifest): string | undefined {
  const unknown = diagnostics.filter((d) => d.severity === 'error' && d.message.startsWith('no matches for kind'));
  if (unknown.length === 0) return undefined;
  return unknown
    .map(
      (d) =>
        `${unknown.length === 1 ? 'error: ' : ''}resource mapping not found for name: ${JSON.stringify(near(text, d.line, 'name'))} namespace: ${JSON.stringify(near(text, d.line, 'namespace'))} from "STDIN": ${d.message}\nensure CRDs are installed first\n`,
    )
    .join('');
}

/** The object's name or namespace, in the document around a line. */
function near(text: string, line: number, key: 'name' | 'namespace'): string {
  const lines = text.split('\n');
  let from = line - 1;
  while (from > 0 && !lines[from].startsWith('---')) from--;
  const end = lines.findIndex((l, i) => i > from && l.startsWith('---'));
  const metadata = /^metadata:.*(?:\n(?:[ \t].*)?)*/m.exec(lines.slice(from, end < 0 ? undefined : end).join('\n'))?.[0] ?? '';
  return new RegExp(`(?:^|[\\s{,])${key}:\\s*["']?([^\\s"',}]+)`).exec(metadata)?.[1] ?? '';
}
