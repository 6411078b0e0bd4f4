/** All kinds, one file each under kinds/. */
import { assert } from '../lib/assert.ts';
import type { Kind } from './kind.ts';
import { resourceNameOf } from './paths.ts';

const files = import.meta.glob<Kind>('./kinds/*.ts', { eager: true, import: 'default' });
export const kinds: readonly Kind[] = Object.keys(files)
  .sort((a, b) => (a < b ? -1 : 1))
  .map((path) => Object.freeze(files[path]));
assert(kinds.length > 0, 'no kind was found');

const byResource = new Map(kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.plural}`, kind]));
const byKind = new Map(kinds.map((kind) => [`${apiVersionOf(kind)}/${kind.kind}`, kind]));

export function apiVersionOf(kind: { readonly group: string; readonly version: string }): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}
export const kindForResource = (group: string, version: string, plural: string): Kind | undefined =>
  byResource.get(`${group}/${version}/${plural}`);
export const kindOf = (apiVersion: string | undefined, kind: string | undefined): Kind | undefined =>
  byKind.get(`${apiVersion ?? ''}/${kind ?? ''}`);
export const resourceName = (kind: Kind): string => resourceNameOf(kind.group, kind.plural);
/** 'deployment.apps', 'pod': the head of a name as kubectl prints it, 'deployment.apps/web'. */
export const qualifiedSingular = (kind: Kind): string => resourceNameOf(kind.group, kind.singular);

/**
 * The kind that kubectl's word means: plural, singular, short name or kind, alone or with its group and version: 'deployments.apps', 'deployments.v1.apps'.
 * The beginning of a group is enough, and a short name forgets its version. Upstream: cli-runtime pkg/resource/builder.go mappingFor, client-go restmapper/shortcut.go (v1.36).
 */
export function kindNamed(word: string): Kind | undefined {
  const [name, ...rest] = word.split('.');
  const [version, ...group] = rest;
  return (rest.length > 1 ? kindMeant(name, group.join('.'), version) : undefined) ?? kindMeant(name, rest.join('.'));
}

function kindMeant(name: string, group: string, version?: string): Kind | undefined {
  const lower = name.toLowerCase();
  const full = kinds.filter(
    (kind) =>
      (kind.plural === lower || kind.singular === lower || kind.kind.toLowerCase() === lower) &&
      (version === undefined || kind.version === version),
  );
  const short = kinds.filter((kind) => kind.shortNames.includes(name));
  const inGroup = (found: readonly Kind[]): Kind | undefined => (group === '' ? found[0] : found.find((kind) => kind.group === group));
  const begins = (found: readonly Kind[]): Kind | undefined => found.find((kind) => kind.group.startsWith(group));
  return inGroup(full) ?? inGroup(short) ?? (version === undefined ? begins(full) : undefined) ?? begins(short);
}
