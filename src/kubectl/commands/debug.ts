/** kubectl debug. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/debug/debug.go (v1.36). Simplified: one target, by its name. */
import { PATCH_TYPES } from '../../api/machinery/patch/apply-patch.ts';
import { allStatuses } from '../../api/pods/containers.ts';
import type { V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import { attachedTo, attachedUpdate, attachTo, isAttached } from '../attaching.ts';
import { serverError, type Command, type Env, type Output, type Told } from '../command.ts';
import { copyOf, isOn, joining, nodePod, PROFILES } from '../debug-pods.ts';
import { watchAsk } from '../targets.ts';
import { pathFor, resolve, type Named } from '../resources.ts';

/** `container`: what is attached to, when it has been made. `original`: the path of what a copy replaces. */
interface State {
  readonly target: Named;
  readonly path: string;
  readonly container: string;
  readonly original?: string;
}

/** Upstream: DebugOptions.Complete, Validate. */
function wrong({ argv: { flags, words, rest = [] } }: Env): string | undefined {
  const has = (flag: string): boolean => flags.has(flag);
  const profile = flags.get('profile') ?? 'general';
  if (!PROFILES.includes(profile)) return `unknown profile: ${profile}`;
  if (has('custom')) return 'kubectl debug --custom is not simulated';
  if (has('attach') && flags.get('attach') !== 'false' && !has('image') && !has('container'))
    return 'you must specify --container or create a new container using --image in order to attach.';
  if (has('copy-to')) {
    if (!has('image') && !has('set-image') && rest.length === 0) return 'you must specify --image, --set-image or command arguments.';
    if (rest.length > 0 && !has('container') && !has('image'))
      return 'you must specify an existing container or a new image when specifying args.';
    if (has('target')) return '--target is incompatible with --copy-to. Use --share-processes instead.';
  } else {
    const odd = ['replace', 'same-node', 'set-image'].find(has);
    if (odd !== undefined) return `--${odd} may only be used with --copy-to.`;
    if (!has('image')) return 'you must specify --image when not using --copy-to.';
  }
  if (words.length === 0) return 'NAME or filename is required for debug';
  const pull = flags.get('image-pull-policy') ?? 'Always';
  if (!['Always', 'IfNotPresent', 'Never'].includes(pull)) return `invalid image pull policy: ${pull}`;
  return has('tty') && !has('stdin') ? '-i/--stdin is required for containers with -t/--tty=true' : undefined;
}

const attaches = (env: Env): boolean => (env.argv.flags.has('attach') ? isOn(env, 'attach') : isOn(env, 'stdin'));
const podPath = (env: Env, name = ''): string => `/api/v1/namespaces/${env.namespace}/pods/${name}`;

function begun(env: Env): Output {
  const error = wrong(env);
  if (error !== undefined) return { err: `error: ${error}\n`, exit: 1 };
  const [word] = env.argv.words;
  const targets = resolve(word.includes('/') ? [word] : ['pods', word]);
  if (typeof targets === 'string') return { err: targets, exit: 1 };
  const [target] = targets;
  const container = env.argv.flags.get('target');
  const said =
    env.argv.flags.get('profile') === 'legacy'
      ? '--profile=legacy is deprecated and planned to be removed in v1.39. It is recommended to specify other profile, for example "--profile=general".\n'
      : '';
  const out =
    container === undefined || isOn(env, 'quiet')
      ? ''
      : `Targeting container ${JSON.stringify(container)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`;
  return {
    said,
    out,
    state: { target, path: '', container: '' } satisfies State,
    ask: [{ tag: 'target', request: { method: 'GET', path: pathFor(target.kind, env.namespace, target.name) } }],
  };
}

const making = (state: State, pod: V1Pod, env: Env): Output => ({
  state: { ...state, path: podPath(env, pod.metadata?.name) },
  ask: [
    {
      tag: 'made',
      request: {
        method: 'POST',
        path: podPath(env).replace(/\/$/, ''),
        body: { ...pod, metadata: { ...pod.metadata, namespace: env.namespace } },
      },
    },
  ],
});

/** The new one comes after those that joined before. */
const lastOf = ({ spec }: V1Pod, { name }: { readonly name: string }): object => ({
  '$setElementOrder/ephemeralContainers': [...(spec?.ephemeralContainers ?? []).map((c) => ({ name: c.name })), { name }],
});

/** The target is there. */
function found(state: State, body: unknown, env: Env): Output {
  const { kind } = state.target;
  if (kind.kind === 'Node') {
    const node = (body as V1Node).metadata?.name ?? '';
    const pod = nodePod(node, env);
    const container = pod.spec?.containers?.[0]?.name ?? '';
    return {
      out: isOn(env, 'quiet') ? '' : `Creating debugging pod ${pod.metadata?.name} with container ${container} on node ${node}.\n`,
      ...making({ ...state, container }, pod, env),
    };
  }
  if (kind.kind !== 'Pod')
    return {
      err: `error: "${kind.group === '' ? '' : `${kind.group}/`}${kind.version}, Kind=${kind.kind}" not supported by debug\n`,
      exit: 1,
    };
  const pod = body as V1Pod;
  const path = podPath(env, pod.metadata?.name);
  if (!env.argv.flags.has('copy-to')) {
    const { container, said } = joining(pod, env);
    const request = { method: 'PATCH' as const, path: `${path}/ephemeralcontainers`, contentType: PATCH_TYPES.strategic };
    return {
      out: said,
      state: { ...state, path, container: container.name },
      ask: [{ tag: 'joined', request: { ...request, body: { spec: { ephemeralContainers: [container], ...lastOf(pod, container) } } } }],
    };
  }
  const copy = copyOf(pod, env);
  if ('error' in copy) return { err: copy.error, exit: 1 };
  return {
    out: copy.said,
    ...making({ ...state, container: copy.container, ...(isOn(env, 'replace') ? { original: path } : {}) }, copy.pod, env),
  };
}

/** It has been made: what it replaces goes, and then it is attached to. */
function next({ original, ...state }: State, env: Env): Output {
  if (original !== undefined)
    return {
      state,
      ask: [
        {
          tag: 'replaced',
          request: { method: 'DELETE', path: original, body: { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0 } },
        },
      ],
    };
  return attaches(env) && state.container !== '' ? { state, ask: watchAsk('run', state.path) } : { exit: 0 };
}

/** Upstream: waitForContainer. What has ended already shows its log. */
function watched(state: State, { event }: Told, env: Env): Output {
  if (event?.type === 'DELETED') return { err: 'Error from server (NotFound): pods "" not found\n', exit: 1 };
  const pod = event?.object as V1Pod;
  const status = allStatuses(pod).find((c) => c.name === state.container)?.state;
  if (status?.terminated)
    return {
      hangUp: 'run',
      state,
      ask: [{ tag: 'log', request: { method: 'GET', path: `${state.path}/log`, query: { container: state.container } } }],
    };
  if (status?.running) return attachTo({ ...attachedTo(pod, state.container, state.path, env), isWhole: true }, env);
  return status?.waiting?.message && !isOn(env, 'quiet')
    ? { said: `Warning: container ${state.container}: ${status.waiting.message}\n` }
    : {};
}

export default [
  {
    name: 'debug',
    init: begun,
    update(model, told, env) {
      if (isAttached(model)) return attachedUpdate(model, told, env);
      const state = model as State;
      const { tag, response } = told;
      if (told.event) return watched(state, told, env);
      if (!response || tag === 'run') return {};
      if (response.code >= 400 || response.code === 0) return { err: serverError(response), exit: 1 };
      if (tag === 'target') return found(state, response.body, env);
      return tag === 'log' ? { out: String(response.body ?? ''), exit: 0 } : next(state, env);
    },
  },
] satisfies readonly Command[];
