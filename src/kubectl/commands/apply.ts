/** kubectl apply and create -f. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/apply (v1.36). Simplified: the three-way patch is computed as a JSON merge over the last applied text; no pruning, no server-side apply. */
import { parseManifest } from '../../api/manifest/parse.ts';
import type { KubeObject } from '../../api/object.ts';
import { kindOf } from '../../api/registry.ts';
import { canonicalJson } from '../../api/machinery/template-hash.ts';
import { threeWay } from '../../api/machinery/patch/three-way.ts';
import type { Ask, Command, Env, Output } from '../command.ts';
import { serverError } from '../command.ts';
import { display, pathFor } from '../resources.ts';

const LAST = 'kubectl.kubernetes.io/last-applied-configuration';
interface State { readonly objects: readonly KubeObject[]; readonly at: number; readonly failed: boolean }

/** The object with its own text in an annotation, as kubectl writes it. */
function annotated(object: KubeObject, namespace: string | undefined): KubeObject {
  const { metadata } = object;
  const { [LAST]: _last, ...annotations } = metadata?.annotations ?? {};
  const bare = { ...object, metadata: { ...metadata, annotations, ...(namespace === undefined ? {} : { namespace }) } };
  return { ...bare, metadata: { ...bare.metadata, annotations: { ...annotations, [LAST]: `${canonicalJson(bare)}\n` } } };
}

const namespaceOf = (object: KubeObject, env: Env): string | undefined => (kindOf(object.apiVersion, object.kind)?.namespaced ? (object.metadata?.namespace ?? env.namespace) : undefined);

function ask(object: KubeObject, env: Env, verb: 'apply' | 'create'): Ask {
  const kind = kindOf(object.apiVersion, object.kind);
  if (!kind) throw new Error(`unknown kind ${object.kind}`);
  const namespace = namespaceOf(object, env);
  if (verb === 'apply') return { tag: 'get', request: { method: 'GET', path: pathFor(kind, namespace, object.metadata?.name ?? '') } };
  return { tag: 'created', request: { method: 'POST', path: pathFor(kind, namespace), body: { ...object, metadata: { ...object.metadata, ...(namespace === undefined ? {} : { namespace }) } }, query: { fieldValidation: 'Strict' } } };
}

function begin(env: Env, verb: 'apply' | 'create'): Output {
  if (!env.argv.flags.has('filename')) return { err: 'error: must specify one of -f and -k\n', exit: 1 };
  const { objects, diagnostics } = parseManifest(env.stdin);
  const fatal = diagnostics.filter((d) => d.severity === 'error');
  const sent = objects.map((o) => o.object);
  if (sent.length === 0) return { err: fatal.length > 0 ? fatal.map((d) => `error: ${d.path ? `error when ${verb === 'apply' ? 'applying' : 'creating'}` : 'error parsing'} STDIN: line ${d.line}: ${d.message}${d.hint ? ` (${d.hint})` : ''}\n`).join('') : 'error: no objects passed to apply\n', exit: 1 };
  const broken = fatal.filter((d) => !d.path || d.path === 'kind' || d.path === '');
  return { state: { objects: sent, at: 0, failed: broken.length > 0 } satisfies State, ask: [ask(sent[0], env, verb)], ...(broken.length > 0 ? { err: broken.map((d) => `error: line ${d.line}: ${d.message}${d.hint ? ` (${d.hint})` : ''}\n`).join('') } : {}) };
}

function next(state: State, env: Env, verb: 'apply' | 'create', print: Output, failed = false): Output {
  const at = state.at + 1;
  const isBad = state.failed || failed;
  if (at >= state.objects.length) return { ...print, exit: isBad ? 1 : 0 };
  return { ...print, state: { ...state, at, failed: isBad } satisfies State, ask: [ask(state.objects[at], env, verb)] };
}

function withWarnings(warnings: readonly string[] | undefined): string { return (warnings ?? []).map((w) => `Warning: ${w}\n`).join(''); }

function make(verb: 'apply' | 'create'): Command {
  return {
    name: verb,
    init: (env) => begin(env, verb),
    update(model, told, env) {
      const state = model as State;
      const object = state.objects[state.at];
      const kind = kindOf(object.apiVersion, object.kind);
      if (!kind || !told.response) return {};
      const name = display(kind, (told.response.body as KubeObject).metadata?.name ?? object.metadata?.name ?? '');
      const namespace = namespaceOf(object, env);
      const { code } = told.response;
      if (told.tag === 'get' && code === 404) return { state, ask: [{ tag: 'created', request: { method: 'POST', path: pathFor(kind, namespace), body: annotated(object, namespace), query: { fieldManager: 'kubectl-client-side-apply', fieldValidation: 'Strict' } } }] };
      if (code >= 400 || code === 0) return next(state, env, verb, { err: code === 422 || told.tag === 'get' ? serverError(told.response) : `Error from server (${(told.response.body as { readonly reason?: string }).reason ?? 'Unknown'}): error when creating "STDIN": ${(told.response.body as { readonly message?: string }).message ?? ''}\n` }, true);
      if (told.tag === 'created') return next(state, env, verb, { out: `${name} created\n`, err: withWarnings(told.response.warnings) });
      if (told.tag === 'patched') return next(state, env, verb, { out: `${name} configured\n`, err: withWarnings(told.response.warnings) });
      const current = told.response.body as KubeObject;
      const modified = annotated(object, namespace);
      const last = current.metadata?.annotations?.[LAST];
      const patch = threeWay(last === undefined ? {} : safeParse(last), modified, current, kind.model);
      if (Object.keys(patch).length === 0) return next(state, env, verb, { out: `${name} unchanged\n` });
      return { state, ask: [{ tag: 'patched', request: { method: 'PATCH', path: pathFor(kind, namespace, object.metadata?.name), contentType: 'application/strategic-merge-patch+json', body: patch, query: { fieldManager: 'kubectl-client-side-apply', fieldValidation: 'Strict' } } }] };
    },
  };
}

function safeParse(text: string): unknown { try { return JSON.parse(text) as unknown; } catch { return {}; } }

export default [make('apply'), make('create')] satisfies readonly Command[];
