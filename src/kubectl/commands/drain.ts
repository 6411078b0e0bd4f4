/** kubectl drain. Upstream: staging/src/k8s.io/kubectl/pkg/{cmd/drain,drain} (v1.36). Simplified: one node, by its name; nothing holds an eviction back. */
import { controllerOf } from '../../api/machinery/owner.ts';
import type { V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import { durationUs } from '../duration.ts';
import { serverError, type Ask, type Command, type Env, type Output } from '../command.ts';
import { STRATEGIC } from '../patching.ts';
import { dryQuery, dryWord, isClientDry, isDry } from '../result.ts';

interface State { readonly node: string; readonly evicting: readonly V1Pod[]; readonly gone: number }
const keyOf = (pod: V1Pod): string => `${pod.metadata?.namespace}/${pod.metadata?.name}`;
const isMirror = (pod: V1Pod): boolean => pod.metadata?.annotations?.['kubernetes.io/config.mirror'] !== undefined;
const isOver = (pod: V1Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
const GROUPS = [
  { flag: 'force', is: (p: V1Pod): boolean => controllerOf(p) === undefined && !isOver(p), refuse: 'cannot delete Pods that declare no controller (use --force to override)', warn: 'deleting Pods that declare no controller' },
  { flag: 'ignore-daemonsets', is: (p: V1Pod): boolean => controllerOf(p)?.kind === 'DaemonSet' && !isOver(p), refuse: 'cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)', warn: 'ignoring DaemonSet-managed Pods' },
  { flag: 'delete-emptydir-data', is: (p: V1Pod): boolean => (p.spec?.volumes ?? []).some((v) => v.emptyDir) && !isOver(p) && controllerOf(p)?.kind !== 'DaemonSet', refuse: 'cannot delete Pods with local storage (use --delete-emptydir-data to override)', warn: '' },
] as const;

/** Who goes, who stays, and what is said about it. */
function plan(pods: readonly V1Pod[], env: Env): { readonly evict: readonly V1Pod[]; readonly warning: string } | { readonly errors: readonly string[] } {
  const asked = pods.filter((p) => !isMirror(p));
  const has = (flag: string): boolean => env.argv.flags.has(flag);
  const errors = GROUPS.flatMap(({ flag, is, refuse }) => { const hit = asked.filter(is); return hit.length > 0 && !has(flag) ? [`${refuse}: ${hit.map(keyOf).join(', ')}`] : []; });
  if (errors.length > 0) return { errors };
  const warnings = GROUPS.flatMap(({ is, warn }) => { const hit = asked.filter(is); return hit.length > 0 && warn !== '' ? [`${warn}: ${hit.map(keyOf).join(', ')}`] : []; });
  return { evict: asked.filter((p) => !GROUPS[1].is(p)), warning: warnings.length > 0 ? `Warning: ${warnings.join('; ')}\n` : '' };
}

function evictAsk(pod: V1Pod, env: Env): Ask {
  const grace = env.argv.flags.get('grace-period');
  const deleteOptions = grace === undefined || Number(grace) < 0 ? {} : { deleteOptions: { gracePeriodSeconds: Number(grace) } };
  const { name, namespace } = pod.metadata ?? {};
  return { tag: 'evicted', data: keyOf(pod), request: { method: 'POST', path: `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, ...deleteOptions } } };
}

const podsAsk = (node: string): Ask => ({ tag: 'pods', request: { method: 'GET', path: '/api/v1/pods', query: { fieldSelector: `spec.nodeName=${node}` } } });

const drained = ({ node }: State, env: Env): string => `node/${node} drained${dryWord(env)}\n`;
const cordoned = ({ node }: State, env: Env): Output => ({ out: `node/${node} cordoned${dryWord(env)}\n`, ask: [podsAsk(node)] });

function evict(state: State, pods: readonly V1Pod[], version: string, env: Env): Output {
  const planned = plan(pods, env);
  if ('errors' in planned) {
    const text = planned.errors.length === 1 ? planned.errors[0] : `[${planned.errors.join(', ')}]`;
    return { err: `error: unable to drain node "${state.node}" due to error: ${text}, continuing command...\nThere are pending nodes to be drained:\n ${state.node}\n${planned.errors.join('\n')}\n`, exit: 1 };
  }
  const out = planned.evict.map((p) => `evicting pod ${keyOf(p)}${dryWord(env)}\n`).join('');
  if (isDry(env) || planned.evict.length === 0) return { err: planned.warning, out: out + drained(state, env), exit: 0 };
  const watch: Ask = { tag: 'watch', isWatch: true, request: { method: 'GET', path: '/api/v1/pods', query: { watch: '1', fieldSelector: `spec.nodeName=${state.node}`, resourceVersion: version } } };
  return { err: planned.warning, out, state: { ...state, evicting: planned.evict } satisfies State, ask: [watch, ...planned.evict.map((p) => evictAsk(p, env))] };
}

export default [{
  name: 'drain',
  init(env) {
    const [word] = env.argv.words;
    if (word === undefined) return { err: "error: USAGE: drain NODE [flags]\nSee 'kubectl drain -h' for help and examples\n", exit: 1 };
    const node = word.replace(/^nodes?\//, '');
    const wakeUs = durationUs(env.argv.flags.get('timeout'));
    return { state: { node, evicting: [], gone: 0 } satisfies State, ask: [{ tag: 'node', request: { method: 'GET', path: `/api/v1/nodes/${node}` } }], ...(wakeUs === undefined ? {} : { wakeUs }) };
  },
  update(model, told, env) {
    const state = model as State;
    if (told.tag === 'timer') return { err: `error: unable to drain node "${state.node}" due to error: global timeout reached: ${env.argv.flags.get('timeout')}, continuing command...\nThere are pending nodes to be drained:\n ${state.node}\nerror: global timeout reached: ${env.argv.flags.get('timeout')}\n`, exit: 1 };
    if (told.event) {
      const pod = told.event.object as V1Pod;
      if (told.event.type !== 'DELETED' || !state.evicting.some((p) => p.metadata?.uid === pod.metadata?.uid)) return {};
      const gone = state.gone + 1;
      const out = `pod/${pod.metadata?.name} evicted\n`;
      return gone < state.evicting.length ? { out, state: { ...state, gone } satisfies State } : { out: out + drained(state, env), exit: 0 };
    }
    const { response } = told;
    if (!response) return {};
    if (told.tag === 'evicted') return response.code === 201 || response.code === 404 ? {} : { err: `error when evicting pods/${JSON.stringify(told.data)}: ${(response.body as { readonly message?: string }).message}\n`, exit: 1 };
    if (response.code !== 200) return { err: serverError(response), exit: 1 };
    if (told.tag === 'node') {
      if ((response.body as V1Node).spec?.unschedulable) return { out: `node/${state.node} already cordoned${dryWord(env)}\n`, ask: [podsAsk(state.node)] };
      if (isClientDry(env)) return cordoned(state, env);
      return { ask: [{ tag: 'cordoned', request: { method: 'PATCH', path: `/api/v1/nodes/${state.node}`, contentType: STRATEGIC, body: { spec: { unschedulable: true } }, query: dryQuery(env) } }] };
    }
    if (told.tag === 'cordoned') return cordoned(state, env);
    const { items = [], metadata } = response.body as { readonly items?: readonly V1Pod[]; readonly metadata?: { readonly resourceVersion?: string } };
    return evict(state, items, metadata?.resourceVersion ?? '', env);
  },
}] satisfies readonly Command[];
