/** Kinds without a describer of their own, by their fields. Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go printUnstructuredContent, smartLabelFor (v1.36). Simplified: nothing. */
import { goText, isRecord, type Rec } from '../api/machinery/patch/values.ts';

const SHOWN_BEFORE: ReadonlySet<string> = new Set([
  '.metadata.managedFields',
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
]);
const ACRONYMS: ReadonlySet<string> = new Set(['API', 'URL', 'UID', 'GUID']);

/** 'Renew Time' of 'renewTime', 'API Version' of 'apiVersion', 'OSImage' of 'osImage'. Upstream: smartLabelFor over github.com/fatih/camelcase. */
function label(field: string): string {
  if (/[^\p{L}-]/u.test(field)) return field;
  const parts = field.match(/\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|[^\p{Lu}\p{Ll}]+/gu) ?? [field];
  const words: string[] = [];
  for (let i = 0; i < parts.length; i++)
    words.push(/^\P{Ll}{2,}$/u.test(parts[i]) && /^[A-Z]/.test(parts[i + 1] ?? '') ? parts[i] + parts[++i] : parts[i]);
  return words
    .map((part) =>
      ACRONYMS.has(part.toUpperCase())
        ? part.toUpperCase()
        : part.toLowerCase() === part
          ? part.charAt(0).toUpperCase() + part.slice(1)
          : part,
    )
    .join(' ');
}

export function fieldsText(content: Rec, space = '', path = ''): string {
  return Object.keys(content)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((field) => {
      const [value, at] = [content[field], `${path}.${field}`];
      if (value === undefined || SHOWN_BEFORE.has(at)) return '';
      if (isRecord(value)) return `${space}${label(field)}:\n${fieldsText(value, `${space}  `, at)}`;
      if (Array.isArray(value))
        return `${space}${label(field)}:\n${value.map((item: unknown) => (isRecord(item) ? fieldsText(item, `${space}  `, at) : `${space}  ${goText(item)}\n`)).join('')}`;
      return `${space}${label(field)}:\t${goText(value)}\n`;
    })
    .join('');
}
