/** Words on the command line → kinds and paths. */
import { pathOf } from '../api/paths.ts';
import { kindNamed, kindOf, kinds, qualifiedSingular } from '../api/registry.ts';
import type { Kind } from '../api/kind.ts';
import type { KubeObject } from '../api/object.ts';
import type { Env } from './command.ts';

export interface Named {
  readonly kind: Kind;
  readonly name?: string;
}

export const pathFor = (kind: Kind, namespace: string | undefined, name?: string, subresource?: string): string =>
  pathOf({
    group: kind.group,
    version: kind.version,
    plural: kind.plural,
    ...(kind.namespaced && namespace !== undefined ? { namespace } : {}),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  });

/** 'pods', 'pod/web', 'deploy web', 'all', 'pods,svc'. An error is a text. */
export function resolve(words: readonly string[]): readonly Named[] | string {
  if (words.length === 0) return NO_TARGET;
  if (words.some((word) => word.includes('/'))) {
    const wrong = slashError(words);
    if (wrong !== undefined) return wrong;
    const found = words.map((word) => {
      const [k, name] = word.split('/');
      return { word: k, kind: kindNamed(k), name };
    });
    const bad = found.find((f) => !f.kind);
    return bad ? unknownType(bad.word) : found.flatMap((f) => (f.kind ? [{ kind: f.kind, name: f.name }] : []));
  }
  const types = words[0]
    .split(',')
    .flatMap((word) =>
      word === 'all'
        ? kinds.filter((k) => k.inAll).sort((a, b) => ORDER.indexOf(a.plural) - ORDER.indexOf(b.plural))
        : [kindNamed(word) ?? word],
    );
  const bad = types.find((t) => typeof t === 'string');
  if (typeof bad === 'string') return unknownType(bad);
  const names = words.slice(1);
  return (types as readonly Kind[]).flatMap((kind): readonly Named[] =>
    names.length > 0 ? names.map((name) => ({ kind, name })) : [{ kind }],
  );
}
/** Upstream: cli-runtime pkg/resource/builder.go missingResourceError, hasCombinedTypeArgs, splitResourceTypeName. */
export const NO_TARGET =
  "error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'\n";
function slashError(words: readonly string[]): string | undefined {
  if (words.some((word) => !word.includes('/')))
    return "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'\n";
  if (words.some((word) => word.split('/').length > 2)) return 'error: arguments in resource/name form may not have more than one slash\n';
  return words.some((word) => /^\/|\/$/.test(word))
    ? 'error: arguments in resource/name form must have a single resource and name\n'
    : undefined;
}
const ORDER = ['pods', 'services', 'daemonsets', 'deployments', 'replicasets'];
/** Without its line's end, and without the 'error: ' that only some commands put before it. */
export const noSuchType = (word: string): string => `the server doesn't have a resource type ${JSON.stringify(word)}`;
const unknownType = (word: string): string => `error: ${noSuchType(word.split('.')[0])}\n`;
export const FILES_AND_WORDS = 'error: when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well\n';
export const NO_NAME = 'error: resource(s) were provided, but no name was specified\n';
export const NAME_AND_SELECTOR = 'error: name cannot be provided when a selector is specified\n';

/** 'deployment.apps/web' */
export const display = (kind: Kind, name = ''): string => `${qualifiedSingular(kind)}/${name}`;
/** The same of an object; '' when its kind is not known. */
/** As Go prints a schema.GroupKind: 'ReplicaSet.apps'. */
export const groupKind = ({ group, kind }: Kind): string => (group === '' ? kind : `${kind}.${group}`);

export function nameOf(object: KubeObject): string {
  const kind = kindOf(object.apiVersion, object.kind);
  return kind ? display(kind, object.metadata?.name) : '';
}
/** The object with the namespace that it goes to. */
export function placed(object: KubeObject, env: Env): KubeObject {
  return kindOf(object.apiVersion, object.kind)?.namespaced
    ? { ...object, metadata: { ...object.metadata, namespace: object.metadata?.namespace ?? env.namespace } }
    : object;
}
export const namespaceFor = (env: Env): string | undefined => (env.argv.flags.has('all-namespaces') ? undefined : env.namespace);
