/** Text → YAML documents, read as Kubernetes reads them: YAML 1.1 words, repeated keys told later, nothing but plain data. */
import { parseAllDocuments, type Document, type LineCounter } from 'yaml';

export function readDocuments(text: string, lines: LineCounter): readonly Document.Parsed[] {
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    version: '1.1',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !isForeign(tag)),
  });
  return Array.isArray(documents) ? documents : [];
}

/** Instants stay text and 1:30 is no number, as in yaml.v2; sets, pairs and binaries are not for manifests. */
const isForeign = (tag: { readonly tag: string; readonly format?: string }): boolean =>
  /:(?:timestamp|set|omap|pairs|binary)$/.test(tag.tag) || tag.format === 'TIME';
