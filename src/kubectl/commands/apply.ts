/** kubectl apply and create -f. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/apply (v1.36). Simplified: no pruning, no server-side apply. */
import { parseManifest } from '../../api/manifest/parse.ts';
import type { KubeObject } from '../../api/object.ts';
import { applyPatch, UNKNOWN_PATCH } from '../../api/machinery/patch/apply-patch.ts';
import { goJson } from '../../api/machinery/go-json.ts';
import { lastAppliedOf, LAST_APPLIED, withLastApplied } from '../../api/machinery/patch/apply.ts';
import type { ApiResponse } from '../../cluster/api-request.ts';
import { serverError, type Ask, type Command, type Env, type Output } from '../command.ts';
import type { Argv } from '../argv.ts';
import { ownPatch } from '../own-patch.ts';
import { STRATEGIC } from '../patching.ts';
import { rawAnswer, rawAsk } from '../raw.ts';
import { missingFile, NO_FILE, sentIn, type Sent } from '../files.ts';
import { brokenAt, textError } from '../manifest-errors.ts';
import { dryRunOf, validationOf } from '../flag-values.ts';
import { isRemoving, removeAsk, removed } from '../removing.ts';
import { nameOf, pathFor } from '../resources.ts';
import { dryQuery, isClientDry, resultText } from '../result.ts';

interface State {
  readonly sent: readonly Sent[];
  readonly at: number;
  readonly failed: boolean;
  /** What is being sent, to be shown if it is refused. */
  readonly patch?: unknown;
  /** It was deleted before, because of --force. */
  readonly isAnew?: true;
  /** As it was then. */
  readonly original?: KubeObject;
  /** What -o prints at the end, of apply. */
  readonly shown: readonly KubeObject[];
}

function create({ kind, object }: Sent, env: Env, verb: 'apply' | 'create'): Ask {
  const savesConfig = verb === 'apply' || env.argv.flags.has('save-config');
  return {
    tag: 'created',
    request: {
      method: 'POST',
      path: pathFor(kind, object.metadata?.namespace),
      body: savesConfig ? withLastApplied(object) : object,
      query: {
        fieldManager: verb === 'apply' ? 'kubectl-client-side-apply' : 'kubectl-create',
        fieldValidation: validationOf(env.argv) ?? 'Strict',
        ...dryQuery(env),
      },
    },
  };
}

const ask = (sent: Sent, env: Env, verb: 'apply' | 'create'): Ask =>
  verb === 'create'
    ? create(sent, env, verb)
    : {
        tag: 'get',
        request: { method: 'GET', path: pathFor(sent.kind, sent.object.metadata?.namespace, sent.object.metadata?.name ?? '') },
      };

/** Upstream: ApplyFlags.ToOptions, ApplyOptions.Validate. */
function usageError({ argv }: Env, verb: 'apply' | 'create'): string | undefined {
  const { flags, words } = argv;
  if (words.length > 0) return `error: Unexpected args: [${words.join(' ')}]\nSee 'kubectl ${verb} -h' for help and examples\n`;
  if (!flags.has('filename')) return NO_FILE;
  if (verb === 'create') return undefined;
  const isServerSide = flags.has('server-side');
  if (flags.has('force-conflicts') && !isServerSide) return 'error: --force-conflicts only works with --server-side\n';
  if (isServerSide && dryRunOf(argv) === 'client')
    return "error: --dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)\n";
  if (isServerSide && flags.has('force')) return 'error: --force cannot be used with --server-side\n';
  if (flags.has('force') && dryRunOf(argv) === 'server') return 'error: --dry-run=server cannot be used with --force\n';
  if (flags.has('all') && flags.has('selector')) return 'error: cannot set --all and --selector at the same time\n';
  if (flags.has('prune') && flags.has('force')) return 'error: --force cannot be used with --prune\n';
  return (
    pruneError(argv) ??
    (flags.has('subresource') && !isServerSide
      ? 'error: --subresource can only be specified for --server-side\n'
      : isServerSide
        ? `error: Server-side apply not available on the server: (${UNKNOWN_PATCH})\n`
        : undefined)
  );
}
function pruneError({ flags }: Argv): string | undefined {
  if (!flags.has('prune')) return undefined;
  if (!flags.has('all') && !flags.has('selector'))
    return 'error: all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector\n';
  return 'error: pruning is not there yet\n';
}

function begin(env: Env, verb: 'apply' | 'create'): Output {
  if (verb === 'create' && env.argv.flags.has('raw')) return rawAsk('POST', env);
  const misuse = usageError(env, verb);
  if (misuse !== undefined) return { err: misuse, exit: 1 };
  const manifest = parseManifest(env.stdin);
  const err = missingFile(env) ?? textError(env.stdin, manifest);
  const end = brokenAt(manifest.diagnostics)?.line ?? Infinity;
  const found = sentIn(env, { objects: manifest.objects.filter(({ line: at }) => at < end) });
  const unfit = verb === 'apply' ? found.sent.filter(({ object }) => !object.metadata?.name) : [];
  const wrong = (err ?? '') + found.err + unfit.map(nameless).join('');
  const failed = wrong !== '';
  const sent = found.sent.filter((one) => !unfit.includes(one));
  if (sent.length === 0) return { err: wrong === '' ? `error: no objects passed to ${verb}\n` : wrong, exit: 1 };
  const said = failed ? { err: wrong } : {};
  if (verb === 'create' && isClientDry(env))
    return { ...said, out: sent.map(({ object }) => line(object, 'created', env)).join(''), exit: failed ? 1 : 0 };
  return { ...said, state: { sent, at: 0, failed, shown: [] } satisfies State, ask: [ask(sent[0], env, verb)] };
}

function next(state: State, env: Env, verb: 'apply' | 'create', print: Output, failed = false): Output {
  const at = state.at + 1;
  const isBad = state.failed || failed;
  const { sent, shown } = state;
  if (at >= sent.length && shown.length > 0 && !isBad)
    return {
      ...print,
      out:
        (print.out ?? '') +
        line(shown.length === 1 ? shown[0] : ({ apiVersion: 'v1', kind: 'List', items: shown, metadata: {} } as KubeObject), '', env),
      exit: 0,
    };
  if (at >= sent.length) return { ...print, exit: isBad ? 1 : 0 };
  return { ...print, state: { sent, at, failed: isBad, shown } satisfies State, ask: [ask(state.sent[at], env, verb)] };
}

const line = (object: KubeObject, word: string, env: Env): string => resultText(env, { name: nameOf(object), word, object });

/** --force: what was deleted is made again when the new one is refused. */
function restoreAsk({ kind }: Sent, original: KubeObject): Ask {
  const { resourceVersion: _old, ...metadata } = original.metadata ?? {};
  return { tag: 'restored', request: { method: 'POST', path: pathFor(kind, metadata.namespace), body: { ...original, metadata } } };
}

/** What apply did to one object is said at once, and the objects themselves are printed together. */
function done(
  state: State,
  env: Env,
  verb: 'apply' | 'create',
  r: { readonly object: KubeObject; readonly word: string; readonly said?: string },
): Output {
  const said = r.said === undefined ? {} : { said: r.said };
  const isShown = verb === 'apply' && !['', 'name'].includes(env.argv.flags.get('output') ?? '');
  return isShown
    ? next({ ...state, shown: [...state.shown, r.object] }, env, verb, said)
    : next(state, env, verb, { ...said, out: line(r.object, r.word, env) });
}

const resourceText = ({ kind, object: { metadata } }: Sent): string =>
  `Resource: "${kind.group}/${kind.version}, Resource=${kind.plural}", GroupVersionKind: "${kind.group}/${kind.version}, Kind=${kind.kind}"\nName: "${metadata?.name ?? ''}", Namespace: "${metadata?.namespace ?? ''}"\n`;

function nameless(sent: Sent): string {
  const { generateName } = sent.object.metadata ?? {};
  return generateName
    ? `error: from ${generateName}: cannot use generate name with apply\n`
    : `error: error when retrieving current configuration of:\n${resourceText(sent)}from server for: "STDIN": resource name may not be empty\n`;
}

function failure(tag: string, response: ApiResponse, sent: Sent, patch: unknown): string {
  if (response.code === 0 || response.code === 422 || tag === 'get') return serverError(response);
  const { reason, message } = response.body as { readonly reason?: string; readonly message?: string };
  const start = `Error from server (${reason ?? 'Unknown'}): error when`;
  if (tag !== 'patched') return `${start} creating "STDIN": ${message ?? ''}\n`;
  return `${start} applying patch:\n${goJson(patch)}\nto:\n${resourceText(sent)}for: "STDIN": error when patching "STDIN": ${message ?? ''}\n`;
}

const missing = (object: KubeObject, plural: string): string =>
  `Warning: resource ${plural}/${object.metadata?.name} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`;

function make(verb: 'apply' | 'create'): Command {
  return {
    name: verb,
    init: (env) => begin(env, verb),
    update(model, told, env) {
      if (told.tag === 'raw') return rawAnswer(told);
      const state = model as State;
      const sent = state.sent[state.at];
      const { kind, object } = sent;
      if (isRemoving(told)) {
        const step = removed(pathFor(kind, object.metadata?.namespace, object.metadata?.name), told);
        if (step !== 'gone') return 'failure' in step ? next(state, env, verb, { err: step.failure }, true) : step;
        return { state: { ...state, isAnew: true } satisfies State, hangUp: 'leaving', ask: [create(sent, env, verb)] };
      }
      const { response } = told;
      if (!response) return {};
      const { code } = response;
      if (told.tag === 'get' && code === 404)
        return isClientDry(env)
          ? done(state, env, verb, { object: withLastApplied(object), word: 'created' })
          : { state, ask: [create(sent, env, verb)] };
      if (told.tag === 'patched' && (code === 409 || code === 422) && env.argv.flags.has('force'))
        return { state, ask: [removeAsk(pathFor(kind, object.metadata?.namespace, object.metadata?.name), env)] };
      if (told.tag === 'restored') return next(state, env, verb, {}, true);
      if (told.tag === 'created' && code >= 400 && state.isAnew && state.original)
        return { state, err: failure(told.tag, response, sent, state.patch), ask: [restoreAsk(sent, state.original)] };
      if (code >= 400 || code === 0) return next(state, env, verb, { err: failure(told.tag, response, sent, state.patch) }, true);
      if (told.tag === 'created')
        return done(state, env, verb, {
          object: response.body as KubeObject,
          word: state.isAnew ? 'configured' : 'created',
        });
      if (told.tag === 'patched') return done(state, env, verb, { object: response.body as KubeObject, word: 'configured' });
      const current = response.body as KubeObject;
      const said = current.metadata?.annotations?.[LAST_APPLIED] === undefined ? missing(object, kind.plural) : '';
      const made = ownPatch({ original: lastAppliedOf(current), modified: withLastApplied(object), current, model: kind.model });
      if ('why' in made)
        return next(
          state,
          env,
          verb,
          { err: `${said}error: error when applying patch:\n\nto:\n${resourceText(sent)}for: "STDIN": ${made.why}` },
          true,
        );
      const { patch } = made;
      if (Object.keys(patch).length === 0) return done(state, env, verb, { object: current, word: 'unchanged', said });
      if (isClientDry(env)) {
        const after = applyPatch({ contentType: STRATEGIC, object: current, patch, model: kind.model });
        return done(state, env, verb, { object: 'object' in after ? (after.object as KubeObject) : current, word: 'configured', said });
      }
      return {
        state: { ...state, patch, original: current } satisfies State,
        said,
        ask: [
          {
            tag: 'patched',
            request: {
              method: 'PATCH',
              path: pathFor(kind, object.metadata?.namespace, object.metadata?.name),
              contentType: STRATEGIC,
              body: patch,
              query: { fieldManager: 'kubectl-client-side-apply', fieldValidation: validationOf(env.argv) ?? 'Strict', ...dryQuery(env) },
            },
          },
        ],
      };
    },
  };
}

export default [make('apply'), make('create')] satisfies readonly Command[];
