/** kubectl describe. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/describe/describe.go (v1.36). Simplified: nothing. */
import { apiVersionOf } from '../../api/registry.ts';
import type { KubeObject } from '../../api/object.ts';
import type { CoreV1Event, V1EndpointSlice, V1Lease, V1Pod, V1ReplicaSet } from '../../api/schema/kubernetes.ts';
import { serverError, type Ask, type Command, type Env, type Output } from '../command.ts';
import { describe, type Related } from '../describe.ts';
import { selectorQuery, targetsOf, type Target } from '../targets.ts';
import { NAME_AND_SELECTOR, pathFor } from '../resources.ts';

interface DescribeState {
  /** Set while all of a kind are read: the beginning of the name that none has, and what the server said of it. */
  readonly prefix?: {
    readonly name: string;
    readonly said: string;
  };
  readonly wanted: readonly Target[];
  readonly queue: readonly KubeObject[];
  readonly object?: KubeObject;
  readonly related: Related;
  readonly printed: number;
  /** What could not be read. */
  readonly failures: readonly string[];
  readonly isMissing: boolean;
  readonly showsEvents: boolean;
}
const getNamed = ({ kind, name, namespace }: Target, env: Env): Ask => ({
  tag: 'get',
  request: { method: 'GET', path: pathFor(kind, namespace, name), ...(name === undefined ? { query: selectorQuery(env) } : {}) },
});

/** What else a kind's description needs. */
function relatedAsk(object: KubeObject): Ask | undefined {
  const ns = object.metadata?.namespace ?? '';
  const ask = (path: string, query?: Readonly<Record<string, string>>): Ask => ({
    tag: 'related',
    request: { method: 'GET', path, ...(query ? { query } : {}) },
  });
  switch (object.kind) {
    case 'Deployment':
      return ask(`/apis/apps/v1/namespaces/${ns}/replicasets`);
    case 'Service':
      return ask(`/apis/discovery.k8s.io/v1/namespaces/${ns}/endpointslices`, {
        labelSelector: `kubernetes.io/service-name=${object.metadata?.name}`,
      });
    case 'ReplicaSet':
    case 'DaemonSet':
      return ask(`/api/v1/namespaces/${ns}/pods`);
    case 'Node':
      return ask('/api/v1/pods', { fieldSelector: `spec.nodeName=${object.metadata?.name}` });
    default:
      return undefined;
  }
}
/** The Events of a static pod are about the one that its kubelet runs. */
const MIRROR = 'kubernetes.io/config.mirror';
const eventsAsk = (object: KubeObject): Ask => {
  const { namespace, name, annotations } = object.metadata ?? {};
  const uid = annotations?.[MIRROR] ?? object.metadata?.uid;
  return {
    tag: 'events',
    request: {
      method: 'GET',
      path: namespace ? `/api/v1/namespaces/${namespace}/events` : '/api/v1/events',
      query: {
        fieldSelector: `involvedObject.name=${name},involvedObject.kind=${object.kind}${object.kind === 'Node' ? '' : `,involvedObject.uid=${uid}`}`,
      },
    },
  };
};

function relatedOf(object: KubeObject | undefined, items: readonly KubeObject[]): Related {
  switch (object?.kind) {
    case 'Deployment':
      return { replicaSets: items as readonly V1ReplicaSet[] };
    case 'Service':
      return { slices: items as readonly V1EndpointSlice[] };
    default:
      return { pods: items as readonly V1Pod[] };
  }
}

/** The next object of the queue, or the end. */
function goOn(state: DescribeState, env: Env, print: Output): Output {
  const [object, ...queue] = state.queue;
  if (object) {
    const [next, related] = [{ ...state, queue, object, related: {} } satisfies DescribeState, relatedAsk(object)];
    if (related) return { ...print, state: next, ask: [related] };
    const rest = described(next, object, env);
    return { ...rest, out: (print.out ?? '') + (rest.out ?? '') };
  }
  if (state.printed === 0 && state.failures.length === 0)
    return {
      err:
        env.argv.flags.has('all-namespaces') || !state.wanted[0].kind.namespaced
          ? 'No resources found\n'
          : `No resources found in ${env.namespace} namespace.\n`,
      exit: 0,
    };
  return { ...print, err: state.failures.join(''), exit: state.failures.length > 0 ? 1 : 0 };
}

/** The next name is read, or all have been: Events are shown of one object, and of more when they are asked for. */
function read(state: DescribeState, env: Env): Output {
  const [target, ...wanted] = state.wanted;
  if (wanted.length > 0) return { state: { ...state, wanted } satisfies DescribeState, ask: [getNamed(wanted[0], env)] };
  const { words, flags } = env.argv;
  const showsEvents = flags.has('show-events')
    ? flags.get('show-events') !== 'false'
    : state.queue.length <= 1 && state.failures.length === 0;
  const isOneMissing = state.failures.length === 1 && state.isMissing && words.length === 2;
  if (isOneMissing && words[0].includes('/')) return { err: state.failures[0], exit: 1 };
  if (!isOneMissing || target.name === undefined) return goOn({ ...state, showsEvents }, env, {});
  if (words[0].includes(',')) return { err: 'error: you may only specify a single resource type\n', exit: 1 };
  return {
    state: { ...state, showsEvents, failures: [], prefix: { name: target.name, said: state.failures[0] } } satisfies DescribeState,
    ask: [{ tag: 'matching', request: { method: 'GET', path: pathFor(target.kind, target.namespace) } }],
  };
}

/** Its Events are read last, if they are to be shown. */
function described(state: DescribeState, object: KubeObject, env: Env): Output {
  return state.showsEvents ? { state, ask: [eventsAsk(object)] } : printed(state, object, undefined, env);
}
function printed(state: DescribeState, object: KubeObject, events: readonly CoreV1Event[] | undefined, env: Env): Output {
  return goOn({ ...state, printed: state.printed + 1 }, env, {
    out:
      (state.printed > 0 && !state.prefix ? '\n\n' : '') + describe(object, events, env.nowMs, state.related) + (state.prefix ? '\n' : ''),
  });
}

/** No object has the name: those whose names begin with it are meant. Upstream: pkg/cmd/describe/describe.go DescribeMatchingResources. */
function matching(state: DescribeState, { name, said }: { readonly name: string; readonly said: string }, body: unknown, env: Env): Output {
  const queue = ((body as { readonly items?: readonly KubeObject[] }).items ?? []).filter((item) => item.metadata?.name?.startsWith(name));
  const { kind } = state.wanted[0];
  return queue.length === 0
    ? { err: said, exit: 1 }
    : goOn({ ...state, queue: queue.map((item) => ({ apiVersion: apiVersionOf(kind), kind: kind.kind, ...item })) }, env, {});
}

export default [
  {
    name: 'describe',
    init(env) {
      if (env.argv.words.length === 0 && !env.argv.flags.has('filename'))
        return {
          err: 'error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.\n',
          exit: 1,
        };
      const wanted = targetsOf(env, env.argv.words);
      if ('exit' in wanted) return wanted;
      if (env.argv.flags.has('selector') && wanted.some(({ name }) => name !== undefined)) return { err: NAME_AND_SELECTOR, exit: 1 };
      return {
        state: { wanted, queue: [], related: {}, printed: 0, failures: [], isMissing: false, showsEvents: true } satisfies DescribeState,
        ask: [getNamed(wanted[0], env)],
      };
    },
    update(model, told, env) {
      const state = model as DescribeState;
      const { response } = told;
      if (!response) return {};
      if (told.tag === 'get') {
        if (response.code !== 200)
          return read({ ...state, failures: [...state.failures, serverError(response)], isMissing: response.code === 404 }, env);
        const body = response.body as KubeObject & { readonly items?: readonly KubeObject[] };
        return read({ ...state, queue: [...state.queue, ...(body.items ?? [body])] }, env);
      }
      if (told.tag === 'matching' && state.prefix) return matching(state, state.prefix, response.body, env);
      const { object } = state;
      if (!object) return {};
      const items = (response.body as { readonly items?: readonly KubeObject[] }).items ?? [];
      if (told.tag === 'related') {
        const next = { ...state, related: relatedOf(object, items) } satisfies DescribeState;
        return object.kind === 'Node'
          ? {
              state: next,
              ask: [
                {
                  tag: 'lease',
                  request: {
                    method: 'GET',
                    path: `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${object.metadata?.name}`,
                  },
                },
              ],
            }
          : described(next, object, env);
      }
      if (told.tag === 'lease')
        return described(
          { ...state, related: { ...state.related, ...(response.code === 200 ? { lease: response.body as V1Lease } : {}) } },
          object,
          env,
        );
      return printed(state, object, items as readonly CoreV1Event[], env);
    },
  },
] satisfies readonly Command[];
