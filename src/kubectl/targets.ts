/** The objects that a command is about: which ones its words, files and selectors name, and how they are asked for. Upstream: staging/src/k8s.io/cli-runtime/pkg/resource (v1.36). */
import type { Kind } from '../api/kind.ts';
import type { KubeObject } from '../api/object.ts';
import type { Env, Output } from './command.ts';
import { sentIn, unreadError } from './files.ts';
import { namespaceFor, pathFor, resolve, type Named } from './resources.ts';

export interface Target extends Named {
  readonly namespace?: string;
}

/** What the words name, or the files, at least one; without a namespace when all are meant. Else how the command ends. */
export function targetsOf(env: Env, words: readonly string[]): readonly Target[] | { readonly err: string; readonly exit: number } {
  if (env.argv.flags.has('filename')) {
    const { sent, err } = sentIn(env);
    if (err !== '') return { err, exit: 1 };
    const inFile = sent.map(({ kind, object: { metadata } }) => ({
      kind,
      name: metadata?.name ?? '',
      namespace: metadata?.namespace ?? env.namespace,
    }));
    return inFile.length > 0 ? inFile : { err: unreadError(env) === undefined ? 'No resources found\n' : '', exit: 0 };
  }
  if (env.argv.flags.has('local'))
    return {
      err: "error: you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n",
      exit: 1,
    };
  const found = resolve(words);
  if (typeof found === 'string') return { err: found, exit: 1 };
  const namespace = namespaceFor(env);
  if (env.argv.flags.has('all-namespaces') && found.some(({ kind, name }) => kind.namespaced && name !== undefined))
    return { err: 'error: a resource cannot be retrieved by name across all namespaces\n', exit: 1 };
  return namespace === undefined ? found : found.map((f) => ({ ...f, namespace }));
}

export const getAsk = ({ kind, name, namespace }: Target): Output['ask'] => [
  { tag: 'get', request: { method: 'GET', path: pathFor(kind, namespace, name) } },
];

/** Watches one object. `path`: its own. */
export const watchAsk = (tag: string, path: string, resourceVersion = ''): Output['ask'] => [
  {
    tag,
    isWatch: true,
    request: {
      method: 'GET',
      path: path.replace(/\/[^/]*$/, ''),
      query: { watch: '1', fieldSelector: `metadata.name=${path.replace(/^.*\//, '')}`, resourceVersion },
    },
  },
];

/** Objects that are found by listing one kind after the other: what is still to be listed, and what was found so far. */
export interface Listing {
  readonly targets: readonly Target[];
  readonly lists: readonly Target[];
}

/** Takes a list in, and asks for the next one until all are read. */
export function withList<S extends Listing>(state: S, body: unknown, env: Env): { readonly state: S; readonly ask?: Output['ask'] } {
  const [first, ...lists] = state.lists;
  const next = { ...state, targets: [...state.targets, ...targetsIn(first.kind, body)], lists };
  return lists.length > 0 ? { state: next, ask: listAsk(lists[0], env) } : { state: next };
}

export const listAsk = ({ kind, namespace }: Target, env: Env): Output['ask'] => [
  { tag: 'list', request: { method: 'GET', path: pathFor(kind, namespace), query: selectorQuery(env) } },
];

export const selectorQuery = (env: Env): Readonly<Record<string, string>> => {
  const { flags } = env.argv;
  return {
    ...(flags.has('selector') ? { labelSelector: flags.get('selector') ?? '' } : {}),
    ...(flags.has('field-selector') ? { fieldSelector: flags.get('field-selector') ?? '' } : {}),
  };
};

/** What a list of objects of one kind names. */
export const targetsIn = (kind: Kind, body: unknown): readonly Target[] =>
  ((body as { readonly items?: readonly KubeObject[] }).items ?? []).map(({ metadata }) => ({
    kind,
    name: metadata?.name ?? '',
    ...(metadata?.namespace === undefined ? {} : { namespace: metadata.namespace }),
  }));
