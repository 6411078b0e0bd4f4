/** All kinds, one file each under kinds/. */
import { assert } from '../lib/assert.ts';
import type { Kind } from './kind.ts';
import { resourceNameOf } from './paths.ts';

const files = import.meta.glob<Kind>('./kinds/*.ts', { eager: true, import: 'default' });
export const kinds: readonly Kind[] = Object.keys(files).sort((a, b) => (a < b ? -1 : 1)).map((path) => Object.freeze(files[path]));
assert(kinds.length > 0, 'no kind was found');

const byResource = new Map(kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.plural}`, kind]));
const byKind = new Map(kinds.map((kind) => [`${apiVersionOf(kind)}/${kind.kind}`, kind]));

export function apiVersionOf(kind: { readonly group: string; readonly version: string }): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}
export const kindForResource = (group: string, version: string, plural: string): Kind | undefined => byResource.get(`${group}/${version}/${plural}`);
export const kindOf = (apiVersion: string | undefined, kind: string | undefined): Kind | undefined => byKind.get(`${apiVersion ?? ''}/${kind ?? ''}`);
export const resourceName = (kind: Kind): string => resourceNameOf(kind.group, kind.plural);
/** 'deployment.apps', 'pod': the head of a name as kubectl prints it, 'deployment.apps/web'. */
export const qualifiedSingular = (kind: Kind): string => resourceNameOf(kind.group, kind.singular);

/** The kind that kubectl's word means: plural, singular, short name or kind, with or without its group, 'deployments.apps' or 'deployments.v1.apps'. */
export function kindNamed(word: string): Kind | undefined {
  const lower = word.toLowerCase();
  const dot = lower.indexOf('.');
  const [name, group] = dot < 0 ? [lower, undefined] : [lower.slice(0, dot), lower.slice(dot + 1).replace(/^v\d+(?:(?:alpha|beta)\d+)?(?:\.|$)/, '')];
  return kinds.find((kind) => (group === undefined || kind.group === group) && (kind.plural === name || kind.singular === name || kind.shortNames.includes(word.slice(0, dot < 0 ? undefined : dot)) || kind.kind.toLowerCase() === name));
}
