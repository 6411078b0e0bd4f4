/** kubectl apply and create -f. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/apply (v1.36). Simplified: no pruning, no server-side apply. */
import { parseManifest } from '../../api/manifest/parse.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Kind } from '../../api/kind.ts';
import { kindOf } from '../../api/registry.ts';
import { goJson } from '../../api/machinery/go-json.ts';
import { lastAppliedOf, LAST_APPLIED, threeWayPatch, withLastApplied } from '../../api/machinery/patch/apply.ts';
import { toJson, toYaml } from '../../api/manifest/print.ts';
import type { ApiResponse } from '../../cluster/api-request.ts';
import type { Ask, Command, Env, Output } from '../command.ts';
import { serverError } from '../command.ts';
import { display, pathFor } from '../resources.ts';

interface State { readonly objects: readonly KubeObject[]; readonly at: number; readonly failed: boolean; /** What is being sent, to be shown if it is refused. */ readonly patch?: unknown }

const namespaceOf = (object: KubeObject, env: Env): string | undefined => (kindOf(object.apiVersion, object.kind)?.namespaced ? (object.metadata?.namespace ?? env.namespace) : undefined);
/** The object with the namespace that it goes to. */
function placed(object: KubeObject, env: Env): KubeObject {
  const namespace = namespaceOf(object, env);
  return namespace === undefined ? object : { ...object, metadata: { ...object.metadata, namespace } };
}

const dryQuery = (env: Env): Readonly<Record<string, string>> => (env.argv.flags.get('dry-run') === 'server' ? { dryRun: 'All' } : {});
/** ' (dry run)' where nothing is kept. */
const dryWord = (env: Env): string => ({ client: ' (dry run)', server: ' (server dry run)' })[env.argv.flags.get('dry-run') ?? ''] ?? '';

function create(object: KubeObject, env: Env, verb: 'apply' | 'create'): Ask {
  const kind = kindOf(object.apiVersion, object.kind);
  if (!kind) throw new Error(`unknown kind ${object.kind}`);
  const namespace = namespaceOf(object, env);
  const savesConfig = verb === 'apply' || env.argv.flags.has('save-config');
  const body = placed(object, env);
  return { tag: 'created', request: { method: 'POST', path: pathFor(kind, namespace), body: savesConfig ? withLastApplied(body) : body, query: { fieldManager: verb === 'apply' ? 'kubectl-client-side-apply' : 'kubectl-create', fieldValidation: env.argv.flags.get('validate') === 'false' ? 'Ignore' : 'Strict', ...dryQuery(env) } } };
}

function ask(object: KubeObject, env: Env, verb: 'apply' | 'create'): Ask {
  const kind = kindOf(object.apiVersion, object.kind);
  if (verb === 'create' && env.argv.flags.get('dry-run') !== 'client') return create(object, env, verb);
  return { tag: verb === 'create' ? 'dry' : 'get', request: { method: 'GET', path: kind ? pathFor(kind, namespaceOf(object, env), object.metadata?.name ?? '') : '' } };
}

/** What is wrong with the text, in kubectl's words. */
function textErrors(env: Env): string | undefined {
  const file = env.argv.flags.get('filename') ?? '';
  if (env.stdin.trim() === '' && file !== '-') return `error: the path ${JSON.stringify(file)} does not exist\n`;
  const { objects, diagnostics } = parseManifest(env.stdin);
  const fatal = diagnostics.filter((d) => d.severity === 'error');
  const unset = fatal.filter((d) => d.message === 'apiVersion not set' || d.message === 'kind not set');
  if (unset.length > 0) return `error: error validating "STDIN": error validating data: ${unset.length === 1 ? unset[0].message : `[${unset.map((d) => d.message).join(', ')}]`}; if you choose to ignore these errors, turn validation off with --validate=false\n`;
  const unknown = fatal.filter((d) => d.message.startsWith('no matches for kind'));
  if (unknown.length > 0) return unknown.map((d) => `error: resource mapping not found for name: ${JSON.stringify(nameNear(env.stdin, d.line))} namespace: "" from "STDIN": ${d.message}\nensure CRDs are installed first\n`).join('');
  const broken = fatal.filter((d) => !d.path);
  if (objects.length === 0 && broken.length > 0) return broken.map((d) => `error: error parsing STDIN: error converting YAML to JSON: yaml: line ${d.line}: ${d.message}\n`).join('');
  return undefined;
}

/** The name in the document around a line. */
function nameNear(text: string, line: number): string {
  const lines = text.split('\n');
  let from = line - 1;
  while (from > 0 && !lines[from].startsWith('---')) from--;
  const name = /\bname:\s*["']?([^\s"',}]+)/.exec(lines.slice(from).join('\n'));
  return name?.[1] ?? '';
}

function begin(env: Env, verb: 'apply' | 'create'): Output {
  if (!env.argv.flags.has('filename')) return { err: 'error: must specify one of -f and -k\n', exit: 1 };
  if (env.argv.flags.has('server-side')) return { err: 'error: server-side apply is not there yet\n', exit: 1 };
  const err = textErrors(env);
  const sent = parseManifest(env.stdin).objects.map((o) => o.object).filter((o) => kindOf(o.apiVersion, o.kind));
  if (sent.length === 0) return { err: err ?? `error: no objects passed to ${verb}\n`, exit: 1 };
  return { state: { objects: sent, at: 0, failed: err !== undefined } satisfies State, ask: [ask(sent[0], env, verb)], ...(err === undefined ? {} : { err }) };
}

function next(state: State, env: Env, verb: 'apply' | 'create', print: Output, failed = false): Output {
  const at = state.at + 1;
  const isBad = state.failed || failed;
  if (at >= state.objects.length) return { ...print, exit: isBad ? 1 : 0 };
  return { ...print, state: { ...state, at, failed: isBad } satisfies State, ask: [ask(state.objects[at], env, verb)] };
}

function withWarnings(warnings: readonly string[] | undefined): string { return (warnings ?? []).map((w) => `Warning: ${w}\n`).join(''); }

/** One object's line, or the object itself. */
function line(object: KubeObject, word: string, env: Env): string {
  const kind = kindOf(object.apiVersion, object.kind);
  const output = env.argv.flags.get('output');
  const name = kind ? display(kind, object.metadata?.name ?? '') : '';
  if (output === 'yaml' || output === 'json') return (output === 'yaml' ? toYaml : toJson)(object);
  return output === 'name' ? `${name}\n` : `${name} ${word}${dryWord(env)}\n`;
}

function failure(tag: string, response: ApiResponse, what: { readonly kind: Kind; readonly name: string; readonly namespace: string | undefined; readonly patch: unknown }): string {
  if (response.code === 0 || response.code === 422 || tag === 'get') return serverError(response);
  const { reason, message } = response.body as { readonly reason?: string; readonly message?: string };
  const start = `Error from server (${reason ?? 'Unknown'}): error when`;
  if (tag !== 'patched') return `${start} creating "STDIN": ${message ?? ''}\n`;
  const version = `${what.kind.group}/v1`;
  return `${start} applying patch:\n${goJson(what.patch)}\nto:\nResource: "${version}, Resource=${what.kind.plural}", GroupVersionKind: "${version}, Kind=${what.kind.kind}"\nName: "${what.name}", Namespace: "${what.namespace ?? ''}"\nfor: "STDIN": error when patching "STDIN": ${message ?? ''}\n`;
}

const missing = (object: KubeObject, plural: string): string => `Warning: resource ${plural}/${object.metadata?.name} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`;

function make(verb: 'apply' | 'create'): Command {
  return {
    name: verb,
    init: (env) => begin(env, verb),
    update(model, told, env) {
      const state = model as State;
      const object = state.objects[state.at];
      const kind = kindOf(object.apiVersion, object.kind);
      const { response } = told;
      if (!kind || !response) return {};
      const isClientDry = env.argv.flags.get('dry-run') === 'client';
      const namespace = namespaceOf(object, env);
      const { code } = response;
      if (told.tag === 'dry') return next(state, env, verb, { out: line(placed(object, env), 'created', env) });
      if (told.tag === 'get' && code === 404) return isClientDry ? next(state, env, verb, { out: line(withLastApplied(placed(object, env)), 'created', env) }) : { state, ask: [create(object, env, verb)] };
      if (code >= 400 || code === 0) return next(state, env, verb, { err: failure(told.tag, response, { kind, name: object.metadata?.name ?? '', namespace, patch: state.patch }) }, true);
      const err = withWarnings(response.warnings);
      if (told.tag === 'created') return next(state, env, verb, { out: line(response.body as KubeObject, 'created', env), err });
      if (told.tag === 'patched') return next(state, env, verb, { out: line(response.body as KubeObject, 'configured', env), err });
      const current = response.body as KubeObject;
      const said = current.metadata?.annotations?.[LAST_APPLIED] === undefined ? missing(object, kind.plural) : '';
      if (isClientDry) return next(state, env, verb, { out: line(current, 'configured', env), err: said });
      const patch = threeWayPatch({ original: lastAppliedOf(current), modified: withLastApplied(placed(object, env)), current, model: kind.model });
      if (Object.keys(patch).length === 0) return next(state, env, verb, { out: line(current, 'unchanged', env), err: said });
      return { state: { ...state, patch } satisfies State, err: said, ask: [{ tag: 'patched', request: { method: 'PATCH', path: pathFor(kind, namespace, object.metadata?.name), contentType: 'application/strategic-merge-patch+json', body: patch, query: { fieldManager: 'kubectl-client-side-apply', fieldValidation: 'Strict', ...dryQuery(env) } } }] };
    },
  };
}

export default [make('apply'), make('create')] satisfies readonly Command[];
