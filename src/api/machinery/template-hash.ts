/**
 * The hash that names a ReplicaSet after its pod template.
 * Upstream: pkg/controller/controller_utils.go ComputeHash (v1.36). Simplified: upstream hashes Go's dump of the template, we hash canonical JSON, so the letters differ.
 */
import { fnv1a32 } from '../../lib/hash.ts';
import { safeEncode } from './rand.ts';

/** Templates are frozen, and asked about each time that their owner is looked at. */
const texts = new WeakMap<object, string>();
function textOf(template: object): string {
  const text = texts.get(template) ?? canonicalJson(template);
  if (Object.isFrozen(template)) texts.set(template, text);
  return text;
}

export function templateHash(template: object = {}, collisionCount?: number): string {
  return safeEncode(String(fnv1a32(textOf(template) + (collisionCount === undefined ? '' : String(collisionCount)))));
}

/** JSON with keys in order and without absent fields. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const record = value as Readonly<Record<string, unknown>>;
  return `{${Object.keys(record)
    .filter((k) => record[k] !== undefined)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((k) => `${JSON.stringify(k)}:${canonicalJson(record[k])}`)
    .join(',')}}`;
}
