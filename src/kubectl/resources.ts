/** Words on the command line → kinds and paths. */
import { pathOf } from '../api/paths.ts';
import { kindNamed, kindOf, kinds, qualifiedSingular } from '../api/registry.ts';
import type { Kind } from '../api/kind.ts';
import type { KubeObject } from '../api/object.ts';
import type { Env } from './command.ts';

export interface Named { readonly kind: Kind; readonly name?: string }

export const pathFor = (kind: Kind, namespace: string | undefined, name?: string, subresource?: string): string => pathOf({ group: kind.group, version: kind.version, plural: kind.plural, ...(kind.namespaced && namespace !== undefined ? { namespace } : {}), ...(name === undefined ? {} : { name }), ...(subresource === undefined ? {} : { subresource }) });

/** 'pods', 'pod/web', 'deploy web', 'all', 'pods,svc'. An error is a text. */
export function resolve(words: readonly string[]): readonly Named[] | string {
  if (words.length === 0) return 'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n';
  if (words[0].includes('/')) {
    const found = words.map((word) => { const [k, name] = word.split('/'); return { word: k, kind: kindNamed(k), name }; });
    const bad = found.find((f) => !f.kind);
    return bad ? unknownType(bad.word) : found.flatMap((f) => (f.kind ? [{ kind: f.kind, name: f.name }] : []));
  }
  const types = words[0].split(',').flatMap((word) => (word === 'all' ? kinds.filter((k) => k.inAll).sort((a, b) => ORDER.indexOf(a.plural) - ORDER.indexOf(b.plural)) : [kindNamed(word) ?? word]));
  const bad = types.find((t) => typeof t === 'string');
  if (typeof bad === 'string') return unknownType(bad);
  const names = words.slice(1);
  return (types as readonly Kind[]).flatMap((kind): readonly Named[] => (names.length > 0 ? names.map((name) => ({ kind, name })) : [{ kind }]));
}
const ORDER = ['pods', 'services', 'daemonsets', 'deployments', 'replicasets'];
const unknownType = (word: string): string => `error: the server doesn't have a resource type "${word}"\n`;

/** 'deployment.apps/web' */
export const display = (kind: Kind, name = ''): string => `${qualifiedSingular(kind)}/${name}`;
/** The same of an object; '' when its kind is not known. */
export function nameOf(object: KubeObject): string {
  const kind = kindOf(object.apiVersion, object.kind);
  return kind ? display(kind, object.metadata?.name) : '';
}
/** The object with the namespace that it goes to. */
export function placed(object: KubeObject, env: Env): KubeObject {
  return kindOf(object.apiVersion, object.kind)?.namespaced ? { ...object, metadata: { ...object.metadata, namespace: object.metadata?.namespace ?? env.namespace } } : object;
}
export const namespaceFor = (env: Env): string | undefined => (env.argv.flags.has('all-namespaces') ? undefined : env.namespace);
