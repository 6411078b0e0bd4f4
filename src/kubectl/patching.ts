/** Commands that read each of their targets, send one patch, and print one line. Upstream: staging/src/k8s.io/kubectl/pkg/cmd (v1.36). */
import { parseManifest } from '../api/manifest/parse.ts';
import type { Kind } from '../api/kind.ts';
import { kindOf } from '../api/registry.ts';
import type { KubeObject } from '../api/object.ts';
import { serverError, type Command, type Env, type Output } from './command.ts';
import { display, namespaceFor, pathFor, resolve, type Named } from './resources.ts';
import { dryQuery, isClientDry, resultText } from './result.ts';

export const MERGE = 'application/merge-patch+json';
export const STRATEGIC = 'application/strategic-merge-patch+json';

export interface Target extends Named { readonly namespace?: string }
interface State { readonly targets: readonly Target[]; readonly at: number; readonly failed: boolean; readonly word?: string }

/** `word` is printed after the name; without a body nothing is sent. */
export type Patch = { readonly body?: unknown; readonly contentType?: string; readonly subresource?: string; readonly word: string; /** Printed before the line. */ readonly note?: string } | { readonly error: string; /** Printed to stderr, and the command goes on. */ readonly goesOn?: true };

export interface Spec {
  readonly name: string;
  /** The words that name the targets; an error is in { error }. */
  readonly words?: (env: Env) => readonly string[] | { readonly error: string };
  readonly patchOf: (env: Env, current: KubeObject, target: Target) => Patch;
}

/** What the words name, or the files, at least one; without a namespace when all are meant. Else how the command ends. */
export function targetsOf(env: Env, words: readonly string[]): readonly Target[] | { readonly err: string; readonly exit: number } {
  if (env.argv.flags.has('filename')) {
    const inFile = parseManifest(env.stdin).objects.flatMap(({ object }) => { const kind = kindOf(object.apiVersion, object.kind); return kind ? [{ kind, name: object.metadata?.name ?? '', namespace: object.metadata?.namespace ?? env.namespace }] : []; });
    return inFile.length > 0 ? inFile : { err: 'No resources found\n', exit: 0 };
  }
  const found = resolve(words);
  if (typeof found === 'string') return { err: found, exit: 1 };
  const namespace = namespaceFor(env);
  return namespace === undefined ? found : found.map((f) => ({ ...f, namespace }));
}

export const selectorQuery = (env: Env): Readonly<Record<string, string>> => {
  const { flags } = env.argv;
  return { ...(flags.has('selector') ? { labelSelector: flags.get('selector') ?? '' } : {}), ...(flags.has('field-selector') ? { fieldSelector: flags.get('field-selector') ?? '' } : {}) };
};

/** What a list of objects of one kind names. */
export const targetsIn = (kind: Kind, body: unknown): readonly Target[] => ((body as { readonly items?: readonly KubeObject[] }).items ?? []).map(({ metadata }) => ({ kind, name: metadata?.name ?? '', ...(metadata?.namespace === undefined ? {} : { namespace: metadata.namespace }) }));

export const getAsk = ({ kind, name, namespace }: Target): Output['ask'] => [{ tag: 'get', request: { method: 'GET', path: pathFor(kind, namespace, name) } }];

export function patching(spec: Spec): Command {
  const next = (state: State, print: Output): Output => {
    const at = state.at + 1;
    return at < state.targets.length ? { ...print, state: { ...state, at } satisfies State, ask: getAsk(state.targets[at]) } : { ...print, exit: state.failed ? 1 : 0 };
  };
  return {
    name: spec.name,
    init(env) {
      const words = spec.words ? spec.words(env) : env.argv.words;
      if ('error' in words) return { err: words.error, exit: 1 };
      const targets = targetsOf(env, words);
      if ('exit' in targets) return targets;
      const state: State = { targets, at: 0, failed: false };
      if (targets[0].name !== undefined) return { state, ask: getAsk(targets[0]) };
      if (!env.argv.flags.has('all') && !env.argv.flags.has('selector')) return { err: 'error: resource(s) were provided, but no name was specified\n', exit: 1 };
      return { state, ask: [{ tag: 'list', request: { method: 'GET', path: pathFor(targets[0].kind, targets[0].namespace), query: selectorQuery(env) } }] };
    },
    update(model, told, env) {
      const state = model as State;
      const target = state.targets[state.at];
      const { response } = told;
      if (!response) return {};
      if (response.code >= 400 || response.code === 0) return next({ ...state, failed: true }, { err: serverError(response) });
      if (told.tag === 'list') {
        const targets = targetsIn(target.kind, response.body);
        return targets.length === 0 ? { err: 'No resources found\n', exit: 0 } : { state: { ...state, targets } satisfies State, ask: getAsk(targets[0]) };
      }
      const printed = (word: string): string => resultText(env, { name: display(target.kind, target.name), word, object: response.body });
      if (told.tag === 'patched') return next(state, { out: printed(state.word ?? '') });
      const patch = spec.patchOf(env, response.body as KubeObject, target);
      if ('error' in patch) return patch.goesOn ? next({ ...state, failed: true }, { err: patch.error }) : { err: patch.error, exit: 1 };
      const { word, note = '' } = patch;
      if (patch.body === undefined || isClientDry(env)) return next(state, { out: note + printed(word) });
      return { out: note, state: { ...state, word } satisfies State, ask: [{ tag: 'patched', request: { method: 'PATCH', path: pathFor(target.kind, target.namespace, target.name, patch.subresource), body: patch.body, contentType: patch.contentType ?? STRATEGIC, query: dryQuery(env) } }] };
    },
  };
}
