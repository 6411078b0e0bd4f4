/** kubectl delete, scale, cordon, uncordon, patch, set image, rollout restart. Upstream: staging/src/k8s.io/kubectl/pkg/cmd (v1.36). Simplified: delete waits by watching the object until it is gone. */
import { parseManifest } from '../../api/manifest/parse.ts';
import { kindOf } from '../../api/registry.ts';
import type { KubeObject } from '../../api/object.ts';
import type { V1PodTemplateSpec } from '../../api/schema/kubernetes.ts';
import { rfc3339 } from '../../api/machinery/time.ts';
import { parse as parseYaml } from 'yaml';
import { serverError, type Ask, type Command, type Env, type Output } from '../command.ts';
import { display, pathFor, resolve, type Named } from '../resources.ts';

interface Target extends Named { readonly namespace?: string }
interface State { readonly targets: readonly Target[]; readonly at: number; readonly failed: boolean; readonly listed: boolean; readonly waiting?: { readonly uid?: string } }

function targetsOf(env: Env): readonly Target[] | string {
  if (env.argv.flags.has('filename')) return parseManifest(env.stdin).objects.flatMap(({ object }) => { const kind = kindOf(object.apiVersion, object.kind); return kind ? [{ kind, name: object.metadata?.name ?? '', namespace: object.metadata?.namespace ?? env.namespace }] : []; });
  const found = resolve(env.argv.words);
  return typeof found === 'string' ? found : found.map((f) => ({ ...f, namespace: env.namespace }));
}

function deleteAsk(target: Target, env: Env): Ask {
  const grace = env.argv.flags.get('grace-period') ?? (env.argv.flags.get('now') === 'true' ? '1' : undefined);
  const cascade = env.argv.flags.get('cascade');
  const policy = cascade === 'orphan' || cascade === 'false' ? 'Orphan' : cascade === 'foreground' ? 'Foreground' : 'Background';
  const body = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: policy, ...(grace === undefined || grace === '-1' ? {} : { gracePeriodSeconds: Number(grace) }) };
  return { tag: 'deleted', request: { method: 'DELETE', path: pathFor(target.kind, target.namespace, target.name), body } };
}

function nextDelete(state: State, env: Env, print: Output): Output {
  const at = state.at + 1;
  if (at >= state.targets.length) return { ...print, exit: state.failed ? 1 : 0 };
  return { ...print, state: { ...state, at } satisfies State, ask: [deleteAsk(state.targets[at], env)] };
}

const remove: Command = {
  name: 'delete',
  init(env) {
    const targets = targetsOf(env);
    if (typeof targets === 'string') return { err: targets, exit: 1 };
    if (targets.length === 0) return { err: 'No resources found\n', exit: 0 };
    if (targets[0].name === undefined) {
      if (!env.argv.flags.has('all') && !env.argv.flags.has('selector')) return { err: 'error: resource(s) were provided, but no name was specified\n', exit: 1 };
      return { state: { targets, at: 0, failed: false, listed: false } satisfies State, ask: [{ tag: 'list', request: { method: 'GET', path: pathFor(targets[0].kind, env.namespace), query: selectorQuery(env) } }] };
    }
    return { state: { targets, at: 0, failed: false, listed: true } satisfies State, ask: [deleteAsk(targets[0], env)] };
  },
  update(model, told, env) {
    const state = model as State;
    const target = state.targets[state.at];
    if (told.tag === 'list') {
      const items = (told.response?.body as { readonly items?: readonly KubeObject[] } | undefined)?.items ?? [];
      if (items.length === 0) return { out: 'No resources found\n', exit: 0 };
      const targets = items.map((o) => ({ kind: target.kind, name: o.metadata?.name ?? '', namespace: env.namespace }));
      return { state: { ...state, targets, listed: true } satisfies State, ask: [deleteAsk(targets[0], env)] };
    }
    if (told.event) return told.event.type === 'DELETED' && told.event.object.metadata?.name === target.name ? nextDelete({ ...state, at: state.at }, env, {}) : {};
    const { response } = told;
    if (!response) return {};
    if (told.tag === 'check') {
      const still = response.code === 200 && (response.body as KubeObject).metadata?.uid === state.waiting?.uid;
      if (!still) return nextDelete(state, env, {});
      return { state, ask: [{ tag: 'gone', isWatch: true, request: { method: 'GET', path: pathFor(target.kind, target.namespace), query: { watch: '1', fieldSelector: `metadata.name=${target.name}`, resourceVersion: (response.body as KubeObject).metadata?.resourceVersion ?? '' } } }] };
    }
    if (response.code !== 200) {
      if (response.code === 404 && env.argv.flags.has('ignore-not-found')) return nextDelete(state, env, {});
      return nextDelete({ ...state, failed: true }, env, { err: serverError(response) });
    }
    const out = `${display(target.kind, target.name ?? '').replace('/', ' "')}" ${env.argv.flags.get('force') === 'true' ? 'force ' : ''}deleted${target.kind.namespaced ? ` from ${target.namespace} namespace` : ''}\n`;
    const body = response.body as KubeObject & { readonly details?: { readonly uid?: string } };
    if (env.argv.flags.get('wait') === 'false') return nextDelete(state, env, { out });
    return { out, state: { ...state, waiting: { uid: body.kind === 'Status' ? body.details?.uid : body.metadata?.uid } } satisfies State, ask: [{ tag: 'check', request: { method: 'GET', path: pathFor(target.kind, target.namespace, target.name) } }] };
  },
};

/** Commands that send one patch to each of their targets and print one word. */
function patching(name: string, word: (env: Env) => string, patchOf: (env: Env, current: KubeObject) => { readonly body: unknown; readonly contentType?: string; readonly subresource?: string } | string, words: (env: Env) => readonly string[] = (env) => env.argv.words): Command {
  return {
    name,
    init(env) {
      const found = resolve(words(env));
      if (typeof found === 'string') return { err: found, exit: 1 };
      const targets = found.map((f) => ({ ...f, namespace: env.namespace }));
      return { state: { targets, at: 0, failed: false, listed: true } satisfies State, ask: [{ tag: 'get', request: { method: 'GET', path: pathFor(targets[0].kind, env.namespace, targets[0].name) } }] };
    },
    update(model, told, env) {
      const state = model as State;
      const { kind, name: object } = state.targets[state.at];
      if (!told.response) return {};
      if (told.response.code >= 400 || told.response.code === 0) return { err: serverError(told.response), exit: 1 };
      if (told.tag === 'get') {
        const patch = patchOf(env, told.response.body as KubeObject);
        if (typeof patch === 'string') return { err: patch, exit: 1 };
        return { state, ask: [{ tag: 'patched', request: { method: 'PATCH', path: pathFor(kind, env.namespace, object, patch.subresource), body: patch.body, contentType: patch.contentType ?? 'application/strategic-merge-patch+json' } }] };
      }
      const out = `${name === 'cordon' || name === 'uncordon' ? `node/${object}` : display(kind, object ?? '')} ${word(env)}\n`;
      const at = state.at + 1;
      return at < state.targets.length ? { out, state: { ...state, at } satisfies State, ask: [{ tag: 'get', request: { method: 'GET', path: pathFor(kind, env.namespace, state.targets[at].name) } }] } : { out, exit: 0 };
    },
  };
}

const scale = patching('scale', () => 'scaled', (env) => {
  const replicas = Number(env.argv.flags.get('replicas') ?? Number.NaN);
  if (!Number.isInteger(replicas) || replicas < 0) return 'error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0\n';
  return { body: { spec: { replicas } }, contentType: 'application/merge-patch+json', subresource: 'scale' };
});
const nodes = (env: Env): readonly string[] => ['node', ...env.argv.words];
const cordon = patching('cordon', () => 'cordoned', () => ({ body: { spec: { unschedulable: true } } }), nodes);
const uncordon = patching('uncordon', () => 'uncordoned', () => ({ body: { spec: { unschedulable: null } } }), nodes);
const patch = patching('patch', () => 'patched', (env) => {
  const type = env.argv.flags.get('type') ?? 'strategic';
  try { return { body: parseYaml(env.argv.flags.get('patch') ?? '', { maxAliasCount: 50 }) as unknown, contentType: { json: 'application/json-patch+json', merge: 'application/merge-patch+json' }[type] ?? 'application/strategic-merge-patch+json' }; } catch (error) { return `error: unable to parse the patch: ${(error as Error).message}\n`; }
});
const set = patching('set', () => 'image updated', (env, current) => {
  const pairs = env.argv.words.slice(env.argv.words[1]?.includes('/') ? 2 : 3).map((w) => w.split('='));
  const template = (current as { readonly spec?: { readonly template?: V1PodTemplateSpec } }).spec?.template;
  const containers = (template?.spec?.containers ?? []).flatMap((c) => { const pair = pairs.find(([n]) => n === c.name || n === '*'); return pair ? [{ name: c.name, image: pair[1] }] : []; });
  return containers.length === 0 ? `error: unable to find container named ${JSON.stringify(pairs[0]?.[0] ?? '')}\n` : { body: { spec: { template: { spec: { containers } } } } };
}, (env) => (env.argv.words[1]?.includes('/') ? [env.argv.words[1]] : env.argv.words.slice(1, 3)));
const restart = patching('rollout restart', () => 'restarted', (env) => ({ body: { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': rfc3339(env.nowMs) } } } } } }));
const label = patching('label', () => 'labeled', (env) => ({ body: { metadata: { labels: Object.fromEntries(env.argv.words.slice(env.argv.words[0].includes('/') ? 1 : 2).map((w) => (w.endsWith('-') ? [w.slice(0, -1), null] : w.split('=')))) } }, contentType: 'application/merge-patch+json' }), (env) => (env.argv.words[0].includes('/') ? env.argv.words.slice(0, 1) : env.argv.words.slice(0, 2)));

export default [remove, scale, cordon, uncordon, patch, set, restart, label] satisfies readonly Command[];

function selectorQuery(env: Env): Readonly<Record<string, string>> {
  const selector = env.argv.flags.get('selector');
  return selector === undefined ? {} : { labelSelector: selector };
}
