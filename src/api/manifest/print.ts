/** Objects → text as kubectl prints them: -o yaml sorts keys and does not indent lists, -o json indents by four. */
import { stringify } from 'yaml';
import { define } from '../machinery/patch/merge.ts';

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const record: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) if (item !== undefined) define(record, key, sorted(item));
  return record;
}

export const toYaml = (value: unknown): string => stringify(sorted(value), { indentSeq: false, lineWidth: 0, aliasDuplicateObjects: false, singleQuote: false, version: '1.1' });
export const toJson = (value: unknown): string => `${JSON.stringify(value, null, 4)}\n`;
