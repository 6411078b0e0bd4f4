/** Commands that read each of their targets, send one patch, and print one line. Upstream: staging/src/k8s.io/kubectl/pkg/cmd (v1.36). */
import type { Kind } from '../api/kind.ts';
import type { KubeObject } from '../api/object.ts';
import { sameJson } from '../api/machinery/patch/same-json.ts';
import { parseManifest } from '../api/manifest/parse.ts';
import { applyPatch, PATCH_TYPES } from '../api/machinery/patch/apply-patch.ts';
import { refusal, serverError, warningsOf, type Command, type Env, type Output } from './command.ts';
import { sentIn, unreadError } from './files.ts';
import { display, namespaceFor, NO_NAME, pathFor, resolve, type Named } from './resources.ts';
import { dryQuery, isClientDry, resultText } from './result.ts';

export const { json: JSON_PATCH, merge: MERGE, strategic: STRATEGIC } = PATCH_TYPES;

export interface Target extends Named {
  readonly namespace?: string;
}
interface State extends Listing {
  readonly at: number;
  readonly failed: boolean;
  /** Read so far, where all are read before any is changed. */
  readonly objects: readonly KubeObject[];
  readonly word?: string;
  /** Before its patch, and what is said when it is the same afterwards. */
  readonly before?: {
    readonly object: KubeObject;
    readonly word: string;
  };
}

/** `word` is printed after the name, and without one nothing is; without a body nothing is sent. */
export type Patch =
  | {
      readonly body?: unknown;
      readonly contentType?: string;
      readonly subresource?: string;
      readonly word: string;
      /** In the place of the word when nothing has changed. */
      readonly unchanged?: string;
      /** Printed before the line. */
      readonly note?: string;
      /** The same, to stderr. */
      readonly warning?: string;
    }
  | { readonly error: string; /** Printed to stderr, and the command goes on. */ readonly goesOn?: true };

export interface Spec {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** The words that name the targets; an error is in { error }. */
  readonly words?: (env: Env) => readonly string[] | { readonly error: string };
  /** A kind without a name means all of it. */
  readonly takesAll?: true;
  /** All are read before any is changed, and one that is not there stops all. */
  readonly readsFirst?: true;
  /** What is said before the server's reason for refusing a patch. */
  readonly refused?: string;
  /** Nothing is said of a dry run. */
  readonly isMute?: true;
  /** What -o prints is read anew: the answer to the patch is of another kind. */
  readonly readsAgain?: true;
  /** What is wrong when nothing is selected. */
  readonly nothing?: string;
  /** In the place of the line: what is said of the object as it is afterwards. */
  readonly shows?: (
    env: Env,
    object: KubeObject,
    target: Target,
    isOnly: boolean,
  ) => { readonly out: string; readonly said?: string } | undefined;
  readonly patchOf: (env: Env, current: KubeObject, target: Target) => Patch;
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

/** The object as the patch would leave it, where the client can tell. */
function patched(
  object: KubeObject,
  { body, contentType = STRATEGIC, subresource }: Exclude<Patch, { readonly error: string }>,
  { model }: Kind,
): KubeObject | { readonly refused: string } {
  const result = body === undefined || subresource === 'scale' ? { object } : applyPatch({ contentType, object, patch: body, model });
  return 'object' in result ? (result.object as KubeObject) : { refused: `error: ${result.status.message}\n` };
}

export function patching(spec: Spec): Command {
  /** Reads the next one, or ends. */
  const next = (state: State, env: Env, print: Output): Output => {
    const at = state.at + 1;
    if (at >= state.targets.length) return { ...print, exit: state.failed ? 1 : 0 };
    if (!spec.readsFirst && state.objects.length === 0)
      return { ...print, state: { ...state, at } satisfies State, ask: getAsk(state.targets[at]) };
    const rest = act({ ...state, at }, state.objects[at], env);
    return {
      ...rest,
      said: (print.said ?? '') + (rest.said ?? ''),
      out: (print.out ?? '') + (rest.out ?? ''),
      err: (print.err ?? '') + (rest.err ?? ''),
    };
  };
  const shown = (state: State, object: KubeObject, env: Env, word: string): { readonly out: string; readonly said?: string } => {
    const target = state.targets[state.at];
    const text = (): string =>
      word === ''
        ? ''
        : resultText(env, {
            ...(spec.isMute ? { isMute: true } : {}),
            name: env.argv.flags.get('subresource') === 'scale' ? `scale.autoscaling/${target.name}` : display(target.kind, target.name),
            word,
            object,
          });
    return spec.shows?.(env, object, target, state.targets.length === 1) ?? { out: text() };
  };
  const staysHere = (env: Env): boolean => isClientDry(env) || env.argv.flags.has('local') || env.argv.flags.has('list');
  const act = (state: State, object: KubeObject, env: Env): Output => {
    const target = state.targets[state.at];
    const patch = spec.patchOf(env, object, target);
    if ('error' in patch) return patch.goesOn ? next({ ...state, failed: true }, env, { err: patch.error }) : { err: patch.error, exit: 1 };
    const { note = '', warning = '', unchanged } = patch;
    const after = staysHere(env) ? patched(object, patch, target.kind) : object;
    if ('refused' in after) return next({ ...state, failed: true }, env, { err: after.refused });
    const word = unchanged !== undefined && staysHere(env) && sameJson(after, object) ? unchanged : patch.word;
    if (patch.body === undefined || staysHere(env)) {
      const said = shown(state, after, env, word);
      return next(state, env, { out: note + said.out, said: warning + (said.said ?? '') });
    }
    return {
      out: note,
      state: { ...state, word, ...(unchanged === undefined ? {} : { before: { object, word: unchanged } }) } satisfies State,
      ask: [
        {
          tag: 'patched',
          request: {
            method: 'PATCH',
            path: pathFor(target.kind, target.namespace, target.name, patch.subresource),
            body: patch.body,
            contentType: patch.contentType ?? STRATEGIC,
            query: dryQuery(env),
          },
        },
      ],
    };
  };
  const listed = (state: State, body: unknown, env: Env): Output => {
    const read = withList(state, body, env);
    if (read.ask) return read;
    const { targets } = read.state;
    if (targets.length > 0) return { state: read.state, ask: getAsk(targets[0]) };
    if (spec.nothing !== undefined) return { err: spec.nothing, exit: 1 };
    return { err: spec.takesAll ? `No resources found in ${env.namespace} namespace.\n` : '', exit: 0 };
  };
  const got = (state: State, object: KubeObject, env: Env): Output => {
    if (!spec.readsFirst) return act(state, object, env);
    const objects = [...state.objects, object];
    if (objects.length < state.targets.length)
      return { state: { ...state, objects } satisfies State, ask: getAsk(state.targets[objects.length]) };
    return act({ ...state, objects }, objects[0], env);
  };
  return {
    name: spec.name,
    aliases: spec.aliases ?? [],
    init(env) {
      const words = spec.words ? spec.words(env) : env.argv.words;
      if ('error' in words) return { err: words.error, exit: 1 };
      const targets = targetsOf(env, words);
      if ('exit' in targets) return targets;
      const state: State = { targets, at: 0, failed: false, lists: [], objects: [] };
      if (env.argv.flags.has('local')) {
        const objects = parseManifest(env.stdin).objects.map(({ object }) => object);
        return act({ ...state, objects }, objects[0], env);
      }
      if (targets[0].name !== undefined) return { state, ask: getAsk(targets[0]) };
      if (!spec.takesAll && !env.argv.flags.has('all') && !env.argv.flags.has('selector') && !env.argv.flags.has('field-selector'))
        return { err: NO_NAME, exit: 1 };
      return { state: { ...state, targets: [], lists: targets }, ask: listAsk(targets[0], env) };
    },
    update(model, told, env) {
      const state = model as State;
      const { response } = told;
      if (!response) return {};
      if (response.code >= 400 || response.code === 0) {
        if (told.tag === 'patched') return next({ ...state, failed: true }, env, { err: refusal(response, spec.refused) });
        const err = serverError(response);
        return spec.readsFirst ? { err, exit: 1 } : next({ ...state, failed: true }, env, { err });
      }
      if (told.tag === 'list') return listed(state, response.body, env);
      const output = env.argv.flags.get('output') ?? 'name';
      if (told.tag === 'patched' && spec.readsAgain && output !== 'name')
        return { state, ask: (getAsk(state.targets[state.at]) ?? []).map((ask) => ({ ...ask, tag: 'again' })) };
      if (told.tag === 'again') return next(state, env, shown(state, response.body as KubeObject, env, state.word ?? ''));
      if (told.tag === 'patched') {
        const word = state.before && sameJson(state.before.object, response.body) ? state.before.word : (state.word ?? '');
        const print = shown(state, response.body as KubeObject, env, word);
        return next(state, env, { ...print, said: warningsOf(response) + (print.said ?? '') });
      }
      return got(state, response.body as KubeObject, env);
    },
  };
}
