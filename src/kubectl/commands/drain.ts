/** kubectl drain: all nodes are cordoned, then one after the other is emptied. Upstream: staging/src/k8s.io/kubectl/pkg/{cmd/drain,drain} (v1.36). Simplified: nothing holds an eviction back. */
import { controllerOf } from '../../api/machinery/owner.ts';
import { isOver } from '../../api/pods/phase.ts';
import type { V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import { parseSelector } from '../../api/machinery/labels.ts';
import { durationUs } from '../../lib/go-duration.ts';
import { serverError, type Ask, type Command, type Env, type Output, type Told } from '../command.ts';
import { STRATEGIC } from '../patching.ts';
import { selectorQuery } from '../targets.ts';
import { dryQuery, dryWord, isClientDry, isDry } from '../result.ts';

interface Failed {
  readonly node: string;
  readonly errors: readonly string[];
}
/** `nodes`: read so far; `at`: the one that is cordoned or drained now. `leaving`: its pods that are evicted and still there. */
interface State {
  readonly names: readonly string[];
  readonly nodes: readonly V1Node[];
  readonly at: number;
  readonly leaving: readonly V1Pod[];
  readonly failed: readonly Failed[];
  /** In milliseconds; when --timeout is over for this node. */
  readonly untilMs: number;
}
const keyOf = (pod: V1Pod): string => `${pod.metadata?.namespace}/${pod.metadata?.name}`;
const isMirror = (pod: V1Pod): boolean => pod.metadata?.annotations?.['kubernetes.io/config.mirror'] !== undefined;
const GROUPS = [
  {
    flag: 'force',
    is: (p: V1Pod): boolean => controllerOf(p) === undefined && !isOver(p),
    refuse: 'cannot delete Pods that declare no controller (use --force to override)',
    warn: 'deleting Pods that declare no controller',
  },
  {
    flag: 'ignore-daemonsets',
    is: (p: V1Pod): boolean => controllerOf(p)?.kind === 'DaemonSet' && !isOver(p),
    refuse: 'cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)',
    warn: 'ignoring DaemonSet-managed Pods',
  },
  {
    flag: 'delete-emptydir-data',
    is: (p: V1Pod): boolean => (p.spec?.volumes ?? []).some((v) => v.emptyDir) && !isOver(p) && controllerOf(p)?.kind !== 'DaemonSet',
    refuse: 'cannot delete Pods with local storage (use --delete-emptydir-data to override)',
    warn: '',
  },
] as const;

/** Who goes, who stays, and what is said about it. */
function plan(
  pods: readonly V1Pod[],
  env: Env,
): { readonly evict: readonly V1Pod[]; readonly warning: string } | { readonly errors: readonly string[] } {
  const asked = pods.filter((p) => !isMirror(p));
  const has = (flag: string): boolean => env.argv.flags.has(flag);
  /** The first thing that keeps a pod. */
  const refusal = (p: V1Pod): (typeof GROUPS)[number] | undefined => [...GROUPS].reverse().find(({ flag, is }) => is(p) && !has(flag));
  const errors = GROUPS.flatMap(({ flag, refuse }) => {
    const hit = asked.filter((p) => refusal(p)?.flag === flag);
    return hit.length > 0 ? [`${refuse}: ${hit.map(keyOf).join(', ')}`] : [];
  });
  if (errors.length > 0) return { errors };
  const warnings = GROUPS.flatMap(({ is, warn }) => {
    const hit = asked.filter(is);
    return hit.length > 0 && warn !== '' ? [`${warn}: ${hit.map(keyOf).join(', ')}`] : [];
  });
  return { evict: asked.filter((p) => !GROUPS[1].is(p)), warning: warnings.length > 0 ? `Warning: ${warnings.join('; ')}\n` : '' };
}

function evictAsk(pod: V1Pod, env: Env): Ask {
  const grace = env.argv.flags.get('grace-period');
  const deleteOptions = grace === undefined || Number(grace) < 0 ? {} : { deleteOptions: { gracePeriodSeconds: Number(grace) } };
  const { name, namespace } = pod.metadata ?? {};
  if (env.argv.flags.has('disable-eviction'))
    return {
      tag: 'deleted',
      request: {
        method: 'DELETE',
        path: `/api/v1/namespaces/${namespace}/pods/${name}`,
        body: { apiVersion: 'v1', kind: 'DeleteOptions', ...deleteOptions.deleteOptions },
      },
    };
  return {
    tag: 'evicted',
    data: `pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}`,
    request: {
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/pods/${name}/eviction`,
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, ...deleteOptions },
    },
  };
}

const nameOf = (node: V1Node | undefined): string => node?.metadata?.name ?? '';
const nodeAsk = (name: string): Ask => ({ tag: 'node', request: { method: 'GET', path: `/api/v1/nodes/${name}` } });
/** The text before whatever comes next. */
const before = (out: string, next: Output): Output => ({ ...next, out: out + (next.out ?? '') });

function cordon(state: State, env: Env): Output {
  const node = state.nodes[state.at];
  if (!node) return drain({ ...state, at: 0 }, env);
  if (!node.spec?.unschedulable && !isClientDry(env))
    return {
      state,
      ask: [
        {
          tag: 'cordoned',
          request: {
            method: 'PATCH',
            path: `/api/v1/nodes/${nameOf(node)}`,
            contentType: STRATEGIC,
            body: { spec: { unschedulable: true } },
            query: dryQuery(env),
          },
        },
      ],
    };
  return before(
    `node/${nameOf(node)} ${node.spec?.unschedulable ? 'already ' : ''}cordoned${dryWord(env)}\n`,
    cordon({ ...state, at: state.at + 1 }, env),
  );
}

/** Asks for the pods of the next node, or ends. */
function drain(state: State, env: Env): Output {
  const node = state.nodes[state.at];
  if (!node) return end(state);
  const fieldSelector = `spec.nodeName=${nameOf(node)}`;
  const chosen = env.argv.flags.get('pod-selector');
  const timeout = durationUs(env.argv.flags.get('timeout'));
  const next: State = { ...state, leaving: [], untilMs: timeout === undefined ? Infinity : env.nowMs + Math.floor(timeout / 1000) };
  return {
    state: next,
    ...(timeout === undefined ? {} : { wakeUs: timeout }),
    ask: [
      {
        tag: 'pods',
        request: { method: 'GET', path: '/api/v1/pods', query: { fieldSelector, ...(chosen ? { labelSelector: chosen } : {}) } },
      },
    ],
  };
}

/** One node's errors stand on lines of their own; each of several nodes' are one line. */
function end({ failed }: State): Output {
  if (failed.length === 0) return { exit: 0 };
  const lines = failed.length === 1 ? failed[0].errors : failed.map(({ errors }) => joined(errors));
  return {
    err: `There are pending nodes to be drained:\n${failed.map(({ node }) => ` ${node}\n`).join('')}${lines.join('\n')}\n`,
    exit: 1,
  };
}
const joined = (errors: readonly string[]): string => (errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`);

function fail(state: State, errors: readonly string[], env: Env): Output {
  const node = nameOf(state.nodes[state.at]);
  const pending =
    state.leaving.length === 0
      ? ''
      : `There are pending pods in node ${JSON.stringify(node)} when an error occurred: ${joined(errors)}\n${state.leaving.map((pod) => `pod/${pod.metadata?.name}\n`).join('')}`;
  const next = drain({ ...state, at: state.at + 1, failed: [...state.failed, { node, errors }] }, env);
  return {
    ...next,
    hangUp: 'watch',
    said: `${pending}error: unable to drain node ${JSON.stringify(node)} due to error: ${joined(errors)}, continuing command...\n${next.said ?? ''}`,
  };
}
const drained = (state: State, env: Env): Output => ({
  hangUp: 'watch',
  ...before(`node/${nameOf(state.nodes[state.at])} drained${dryWord(env)}\n`, drain({ ...state, at: state.at + 1 }, env)),
});

function evict(state: State, pods: readonly V1Pod[], version: string, env: Env): Output {
  const planned = plan(pods, env);
  if ('errors' in planned) return fail(state, planned.errors, env);
  const out = env.argv.flags.has('disable-eviction') ? '' : planned.evict.map((p) => `evicting pod ${keyOf(p)}${dryWord(env)}\n`).join('');
  if (isDry(env) || planned.evict.length === 0) {
    const next = before(out, drained(state, env));
    return { ...next, said: planned.warning + (next.said ?? '') };
  }
  const watch: Ask = {
    tag: 'watch',
    isWatch: true,
    request: {
      method: 'GET',
      path: '/api/v1/pods',
      query: { watch: '1', fieldSelector: `spec.nodeName=${nameOf(state.nodes[state.at])}`, resourceVersion: version },
    },
  };
  return {
    said: planned.warning,
    out,
    state: { ...state, leaving: planned.evict } satisfies State,
    ask: [watch, ...planned.evict.map((p) => evictAsk(p, env))],
  };
}

function left(state: State, { object, type }: NonNullable<Told['event']>, env: Env): Output {
  const leaving = state.leaving.filter((pod) => pod.metadata?.uid !== object.metadata?.uid);
  if (type !== 'DELETED' || leaving.length === state.leaving.length) return {};
  const out = `pod/${object.metadata?.name} ${env.argv.flags.has('disable-eviction') ? 'deleted' : 'evicted'}\n`;
  return leaving.length > 0 ? { out, state: { ...state, leaving } satisfies State } : before(out, drained({ ...state, leaving }, env));
}

function isSelector(text: string): boolean {
  try {
    parseSelector(text);
    return true;
  } catch {
    return false;
  }
}

function usageError({ argv: { flags, words } }: Env): string | undefined {
  const see = "\nSee 'kubectl drain -h' for help and examples\n";
  if (words.length > 0 && flags.has('selector')) return `error: cannot specify both a node name and a --selector option${see}`;
  if (words.length === 0 && !flags.has('selector')) return `error: USAGE: drain NODE [flags]${see}`;
  return isSelector(flags.get('pod-selector') ?? '') ? undefined : 'error: --pod-selector=<pod_selector> must be a valid label selector\n';
}

export default [
  {
    name: 'drain',
    init(env) {
      const wrong = usageError(env);
      if (wrong !== undefined) return { err: wrong, exit: 1 };
      const names = env.argv.words.map((word) => word.replace(/^(?:nodes?|no)\//, ''));
      const state: State = { names, nodes: [], at: 0, leaving: [], failed: [], untilMs: Infinity };
      return {
        state,
        ask:
          names.length > 0
            ? [nodeAsk(names[0])]
            : [{ tag: 'nodes', request: { method: 'GET', path: '/api/v1/nodes', query: selectorQuery(env) } }],
      };
    },
    update(model, told, env) {
      const state = model as State;
      if (told.tag === 'timer')
        return env.nowMs < state.untilMs
          ? {}
          : fail(
              state,
              state.leaving.map(
                ({ metadata }) =>
                  `error when waiting for pod ${JSON.stringify(metadata?.name)} in namespace ${JSON.stringify(metadata?.namespace)} to terminate: context deadline exceeded`,
              ),
              env,
            );
      if (told.event) return left(state, told.event, env);
      const { response } = told;
      if (!response) return {};
      if (told.tag === 'deleted') return {};
      if (told.tag === 'evicted')
        return response.code === 201 || response.code === 404
          ? {}
          : fail(state, [`error when evicting ${String(told.data)}: ${(response.body as { readonly message?: string }).message}`], env);
      if (response.code !== 200) return { err: serverError(response), exit: 1 };
      if (told.tag === 'nodes')
        return cordon({ ...state, nodes: (response.body as { readonly items?: readonly V1Node[] }).items ?? [] }, env);
      if (told.tag === 'node') {
        const nodes = [...state.nodes, response.body as V1Node];
        return nodes.length < state.names.length
          ? { state: { ...state, nodes } satisfies State, ask: [nodeAsk(state.names[nodes.length])] }
          : cordon({ ...state, nodes }, env);
      }
      if (told.tag === 'cordoned')
        return before(`node/${nameOf(state.nodes[state.at])} cordoned${dryWord(env)}\n`, cordon({ ...state, at: state.at + 1 }, env));
      const { items = [], metadata } = response.body as {
        readonly items?: readonly V1Pod[];
        readonly metadata?: { readonly resourceVersion?: string };
      };
      return evict(state, items, metadata?.resourceVersion ?? '', env);
    },
  },
] satisfies readonly Command[];
