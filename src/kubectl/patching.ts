/** Commands that read each of their targets, send one patch, and print one line. Upstream: staging/src/k8s.io/kubectl/pkg/cmd (v1.36). */
import type { Kind } from '../api/kind.ts';
import type { KubeObject } from '../api/object.ts';
import { sameJson } from '../api/machinery/patch/same-json.ts';
import { parseManifest } from '../api/manifest/parse.ts';
import { applyPatch, PATCH_TYPES } from '../api/machinery/patch/apply-patch.ts';
import type { ApiResponse } from '../cluster/api-request.ts';
import { refusal, serverError, type Command, type Env, type Output, type Told } from './command.ts';
import { display, NO_NAME, pathFor } from './resources.ts';
import { dryQuery, isClientDry, resultText } from './result.ts';
import { getAsk, listAsk, targetsOf, withList, type Listing, type Target } from './targets.ts';

export const { json: JSON_PATCH, merge: MERGE, strategic: STRATEGIC } = PATCH_TYPES;

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
  /** What -o prints is what was read, patched here: the answer is of another kind. */
  readonly answersOther?: true;
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

/** `word` is printed after the name, and without one nothing is; without a body nothing is sent. */
export type Patch = Change | { readonly error: string; /** Printed to stderr, and the command goes on. */ readonly goesOn?: true };
interface Change {
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

interface State extends Listing {
  readonly at: number;
  readonly failed: boolean;
  /** Read so far, where all are read before any is changed. */
  readonly objects: readonly KubeObject[];
  readonly word?: string;
  /** In the place of the answer to its patch. */
  readonly after?: KubeObject;
  /** Before its patch, and what is said when it is the same afterwards. */
  readonly before?: {
    readonly object: KubeObject;
    readonly word: string;
  };
}

/** What a patching command does, and for which line. */
interface Doing {
  readonly spec: Spec;
  readonly env: Env;
}

export const patching = (spec: Spec): Command => ({
  name: spec.name,
  aliases: spec.aliases ?? [],
  init: (env) => begin({ spec, env }),
  update: (state, told, env) => answered({ spec, env }, state as State, told),
});

function begin(doing: Doing): Output {
  const { spec, env } = doing;
  const { flags } = env.argv;
  const words = spec.words ? spec.words(env) : env.argv.words;
  if ('error' in words) return { err: words.error, exit: 1 };
  const targets = targetsOf(env, words);
  if ('exit' in targets) return targets;
  const state: State = { targets, at: 0, failed: false, lists: [], objects: [] };
  if (flags.has('local')) {
    const objects = parseManifest(env.stdin).objects.map(({ object }) => object);
    return act(doing, { ...state, objects }, objects[0]);
  }
  if (targets[0].name !== undefined) return { state, ask: getAsk(targets[0]) };
  if (!spec.takesAll && !flags.has('all') && !flags.has('selector') && !flags.has('field-selector')) return { err: NO_NAME, exit: 1 };
  return { state: { ...state, targets: [], lists: targets }, ask: listAsk(targets[0], env) };
}

/** Takes in what was read, or what the patch has made of it. */
function answered(doing: Doing, state: State, { tag, response }: Told): Output {
  if (!response) return {};
  if (response.code >= 400 || response.code === 0) return refused(doing, state, tag, response);
  if (tag === 'list') return listed(doing, state, response.body);
  const object = response.body as KubeObject;
  if (tag !== 'patched') return got(doing, state, object);
  const word = state.before && sameJson(state.before.object, object) ? state.before.word : (state.word ?? '');
  return next(doing, state, shown(doing, state, state.after ?? object, word));
}

function refused(doing: Doing, state: State, tag: string, response: ApiResponse): Output {
  const { spec } = doing;
  if (tag === 'patched') return next(doing, { ...state, failed: true }, { err: refusal(response, spec.refused) });
  const err = serverError(response);
  return spec.readsFirst ? { err, exit: 1 } : next(doing, { ...state, failed: true }, { err });
}

function listed({ spec, env }: Doing, state: State, body: unknown): Output {
  const read = withList(state, body, env);
  if (read.ask) return read;
  const { targets } = read.state;
  if (targets.length > 0) return { state: read.state, ask: getAsk(targets[0]) };
  if (spec.nothing !== undefined) return { err: spec.nothing, exit: 1 };
  return { err: spec.takesAll ? `No resources found in ${env.namespace} namespace.\n` : '', exit: 0 };
}

function got(doing: Doing, state: State, object: KubeObject): Output {
  if (!doing.spec.readsFirst) return act(doing, state, object);
  const objects = [...state.objects, object];
  if (objects.length < state.targets.length)
    return { state: { ...state, objects } satisfies State, ask: getAsk(state.targets[objects.length]) };
  return act(doing, { ...state, objects }, objects[0]);
}

/** Sends the patch of the one that was read, or only prints what it would do. */
function act(doing: Doing, state: State, object: KubeObject): Output {
  const { spec, env } = doing;
  const target = state.targets[state.at];
  const patch = spec.patchOf(env, object, target);
  if ('error' in patch) return patch.goesOn ? next(doing, { ...state, failed: true }, { err: patch.error }) : { err: patch.error, exit: 1 };
  const { note = '', warning = '', unchanged } = patch;
  const after = staysHere(env) || spec.answersOther ? patched(object, patch, target.kind) : object;
  if ('refused' in after) return next(doing, { ...state, failed: true }, { err: after.refused });
  const word = unchanged !== undefined && staysHere(env) && sameJson(after, object) ? unchanged : patch.word;
  if (patch.body === undefined || staysHere(env)) {
    const said = shown(doing, state, after, word);
    return next(doing, state, { out: note + said.out, said: warning + (said.said ?? '') });
  }
  return {
    out: note,
    state: {
      ...state,
      word,
      ...(spec.answersOther ? { after } : {}),
      ...(unchanged === undefined ? {} : { before: { object, word: unchanged } }),
    } satisfies State,
    ask: patchAsk(env, target, patch),
  };
}

const staysHere = (env: Env): boolean => isClientDry(env) || env.argv.flags.has('local') || env.argv.flags.has('list');

const patchAsk = (env: Env, { kind, namespace, name }: Target, { body, contentType = STRATEGIC, subresource }: Change): Output['ask'] => [
  {
    tag: 'patched',
    request: { method: 'PATCH', path: pathFor(kind, namespace, name, subresource), body, contentType, query: dryQuery(env) },
  },
];

/** The object as the patch would leave it, where the client can tell. */
function patched(
  object: KubeObject,
  { body, contentType = STRATEGIC }: Change,
  { model }: Kind,
): KubeObject | { readonly refused: string } {
  const result = body === undefined ? { object } : applyPatch({ contentType, object, patch: body, model });
  return 'object' in result ? (result.object as KubeObject) : { refused: `error: ${result.status.message}\n` };
}

function shown(
  { spec, env }: Doing,
  { targets, at }: State,
  object: KubeObject,
  word: string,
): { readonly out: string; readonly said?: string } {
  const target = targets[at];
  const inPlace = spec.shows?.(env, object, target, targets.length === 1);
  if (inPlace || word === '') return inPlace ?? { out: '' };
  const name = env.argv.flags.get('subresource') === 'scale' ? `scale.autoscaling/${target.name}` : display(target.kind, target.name);
  return { out: resultText(env, { ...(spec.isMute ? { isMute: true } : {}), name, word, object }) };
}

/** Goes on with the one after it, or ends. */
function next(doing: Doing, state: State, print: Output): Output {
  const at = state.at + 1;
  if (at >= state.targets.length) return { ...print, exit: state.failed ? 1 : 0 };
  if (!doing.spec.readsFirst && state.objects.length === 0)
    return { ...print, state: { ...state, at } satisfies State, ask: getAsk(state.targets[at]) };
  const rest = act(doing, { ...state, at }, state.objects[at]);
  return {
    ...rest,
    said: (print.said ?? '') + (rest.said ?? ''),
    out: (print.out ?? '') + (rest.out ?? ''),
    err: (print.err ?? '') + (rest.err ?? ''),
  };
}
