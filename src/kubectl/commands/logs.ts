/** kubectl logs, exec and attach. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/{logs,exec,attach} (v1.36). Simplified: -f asks again and again; exec runs one command, or a shell that somebody types into (../typing.ts). */
import { allContainers } from '../../api/pods/containers.ts';
import { parseTime } from '../../api/machinery/time.ts';
import { isOver } from '../../api/pods/phase.ts';
import type { V1Pod, V1Status } from '../../api/schema/kubernetes.ts';
import type { ApiResponse } from '../../cluster/api-request.ts';
import { durationUs } from '../../lib/go-duration.ts';
import { attachedTo, attachedUpdate, attachTo, isAttached } from '../attaching.ts';
import { serverError, type Ask, type Command, type Env, type Output, type Told } from '../command.ts';
import { itsPods, podsAsk } from '../its-pods.ts';
import { followOn, newLines, turned, untimed, type Followed } from '../log-following.ts';
import { pathFor, resolve, type Named } from '../resources.ts';
import { beginTyping, canType, isTyping, typingUpdate } from '../typing.ts';

interface State {
  readonly target: Named;
  readonly queue: readonly (readonly [pod: string, container: string])[];
  readonly prefix: boolean;
  /** With -f: what is printed to its end, in order. */
  readonly followed: readonly Followed[];
  /** With -f: until when a log that is not there yet is asked for again. */
  readonly untilMs?: number;
}
const podPath = (env: Env, name: string, subresource?: string): string =>
  `/api/v1/namespaces/${env.namespace}/pods/${name}${subresource ? `/${subresource}` : ''}`;

const containersOf = (pod: V1Pod): readonly string[] =>
  [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? []), ...(pod.spec?.ephemeralContainers ?? [])].map((c) => c.name);

/** The container that is meant, with kubectl's word about a default; an error is a text. To `logs` alone an annotation may name one that is not there. Upstream: podcmd.FindOrDefaultContainerByName, polymorphichelpers/logsforobject.go. */
function chosen(pod: V1Pod, env: Env, isLogs = false): { readonly names: readonly string[]; readonly said: string } | string {
  const names = containersOf(pod);
  const annotated = pod.metadata?.annotations?.['kubectl.kubernetes.io/default-container'] || undefined;
  const wanted =
    env.argv.flags.get('container') ??
    (env.argv.words[1] !== undefined && env.argv.rest === undefined ? env.argv.words[1] : undefined) ??
    (isLogs ? undefined : annotated);
  if (env.argv.flags.has('all-containers')) return { names: allContainers(pod).map((c) => c.name), said: '' };
  const all = [
    ...(pod.spec?.containers ?? []).map((c) => c.name),
    ...(pod.spec?.ephemeralContainers ?? []).map((c) => `${c.name} (ephem)`),
    ...(pod.spec?.initContainers ?? []).map((c) => `${c.name} (init)`),
  ];
  if (wanted !== undefined)
    return names.includes(wanted)
      ? { names: [wanted], said: '' }
      : `error: container ${wanted} is not valid for pod ${pod.metadata?.name} out of: ${all.join(', ')}\n`;
  if (annotated && names.includes(annotated)) return { names: [annotated], said: '' };
  return {
    names: [names[0]],
    said:
      (annotated ? `Default container name ${JSON.stringify(annotated)} not found in pod ${pod.metadata?.name}\n` : '') +
      (names.length > 1 ? `Defaulted container ${JSON.stringify(names[0])} out of: ${all.join(', ')}\n` : ''),
  };
}

/** A log that is cut off has been followed to its end. */
const follows = ({ argv: { flags } }: Env): boolean => flags.has('follow') && Number(flags.get('limit-bytes') ?? 0) === 0;

/** Upstream: LogsOptions.ToLogOptions, which rounds to whole seconds. */
function logAsk(env: Env, [pod, container]: readonly [string, string]): Ask {
  const { flags } = env.argv;
  const tail = flags.get('tail') ?? (flags.has('selector') ? '10' : '-1');
  const [sinceUs, limit] = [durationUs(flags.get('since')), flags.get('limit-bytes') ?? '0'];
  const query = {
    container,
    ...(flags.has('previous') ? { previous: 'true' } : {}),
    ...(tail === '-1' ? {} : { tailLines: tail }),
    ...(flags.has('timestamps') || follows(env) ? { timestamps: 'true' } : {}),
    ...(sinceUs === undefined ? {} : { sinceSeconds: String(Math.round(sinceUs / 1_000_000)) }),
    ...(flags.has('since-time') ? { sinceTime: flags.get('since-time') ?? '' } : {}),
    ...(Number(limit) === 0 ? {} : { limitBytes: limit }),
  };
  return { tag: 'log', request: { method: 'GET', path: podPath(env, pod, 'log'), query } };
}

const LOGS_USAGE =
  "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples\n";

/** Upstream: LogsOptions.Complete, Validate. */
function logsError({ argv: { words, flags } }: Env): string | undefined {
  const [since, instant] = [flags.get('since'), flags.get('since-time')];
  if (words.length > 2) return LOGS_USAGE;
  if (words.length > 0 && flags.has('selector'))
    return "error: only a selector (-l) or a POD name is allowed\nSee 'kubectl logs -h' for help and examples\n";
  if (Number(flags.get('tail') ?? -1) < -1) return 'error: --tail must be greater than or equal to -1\n';
  if (instant !== undefined && Number.isNaN(parseTime(instant)))
    return `error: parsing time ${JSON.stringify(instant)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(instant)} as "2006"\n`;
  if (since?.startsWith('-')) return 'error: --since must be greater than 0\n';
  if (Number(flags.get('limit-bytes') ?? 0) < 0) return 'error: --limit-bytes must be greater than 0\n';
  const inline = flags.get('container') ?? words[1];
  if (flags.has('container') && words[1] !== undefined) return 'error: only one of -c or an inline [CONTAINER] arg is allowed\n';
  if (flags.has('all-containers') && inline !== undefined)
    return `error: --all-containers=true should not be specified with container name ${inline}\n`;
  return since !== undefined && instant !== undefined
    ? 'error: at most one of `sinceTime` or `sinceSeconds` may be specified\n'
    : undefined;
}

function begin(env: Env, usage: string): Output {
  const [word] = env.argv.words;
  const selector = env.argv.flags.get('selector');
  if (word === undefined && selector === undefined) return { err: usage, exit: 1 };
  const targets = resolve(word === undefined ? ['pods'] : word.includes('/') ? [word] : ['pods', word]);
  if (typeof targets === 'string') return { err: targets, exit: 1 };
  const [target] = targets;
  const state: State = { target, queue: [], prefix: env.argv.flags.has('prefix') || env.argv.flags.has('all-pods'), followed: [] };
  if (word === undefined) return { state, ask: [podsAsk(env, selector ?? '')] };
  return { state, ask: [{ tag: 'get', request: { method: 'GET', path: pathFor(target.kind, env.namespace, target.name) } }] };
}

/** Without the times that only following asks for. */
const printed = ({ prefix }: State, lines: readonly string[], { pod, container }: Followed, env: Env): string =>
  (follows(env) && !env.argv.flags.has('timestamps') ? lines.map(untimed) : lines)
    .join('')
    .replace(/^(?=.)/gm, prefix ? `[pod/${pod}/${container}] ` : '');

/** What is new in a log is printed, and the next one is asked for. */
function followedOn(state: State, told: Told, env: Env): Output {
  const { lines, from, followed, next } = followOn(state.followed, told, (pod) => podPath(env, pod), env.argv.flags.has('previous'));
  return { out: printed(state, lines, from, env), state: { ...state, followed } satisfies State, ...next };
}

/** With -f a refusal is told, and the log is asked for again each second. Upstream: LogsOptions.consumeWithRetry. */
function notYet(state: State, response: ApiResponse, { argv: { flags }, nowMs }: Env): Output {
  if (!flags.has('follow') || response.code === 0) return { err: serverError(response), exit: 1 };
  const said = `${(response.body as V1Status).message}\n`;
  const untilMs = state.untilMs ?? nowMs + (durationUs(flags.get('pod-running-timeout')) ?? 20_000_000) / 1000;
  return nowMs + 1000 > untilMs
    ? { said, err: 'error: context deadline exceeded\n', exit: 1 }
    : { said, state: { ...state, untilMs } satisfies State, wakeUs: 1_000_000 };
}

const logs: Command = {
  name: 'logs',
  init: (env) => {
    const wrong = logsError(env);
    return wrong === undefined ? begin(env, LOGS_USAGE) : { err: wrong, exit: 1 };
  },
  update(model, told, env) {
    const state = model as State;
    const { response } = told;
    if (told.tag === 'timer' && state.queue.length > 0) return { ask: [logAsk(env, state.queue[0])] };
    if (['timer', 'look', 'more'].includes(told.tag)) return followedOn(state, told, env);
    if (!response) return {};
    if (response.code !== 200 && told.tag === 'log') return notYet(state, response, env);
    if (response.code !== 200)
      return {
        err:
          told.tag === 'get' && response.code === 404
            ? `error: ${serverError(response).trimEnd().replace(/^E/, 'e')} in namespace ${JSON.stringify(env.namespace)}\n`
            : serverError(response),
        exit: 1,
      };
    if (told.tag === 'log') {
      const [[pod, container], ...queue] = state.queue;
      const { lines, followed } = newLines({ pod, container, last: '', same: 0 }, String(response.body ?? ''));
      const out = printed(state, lines, followed, env);
      const next: State = { ...state, queue, followed: [...state.followed, followed] };
      if (queue.length > 0) return { out, state: next, ask: [logAsk(env, queue[0])] };
      return follows(env) ? { out, state: next, ...turned(next.followed, -1, (name) => podPath(env, name)) } : { out, exit: 0 };
    }
    const meant = itsPods({ tag: told.tag, kind: state.target.kind, body: response.body, to: 'get the logs from' }, env);
    if ('fault' in meant) return { err: meant.fault, exit: 1 };
    if ('ask' in meant) return meant;
    const { pods } = meant;
    const several = env.argv.flags.has('selector') || env.argv.flags.has('all-pods');
    if (pods.length === 0)
      return several
        ? { err: `No resources found in ${env.namespace} namespace.\n`, exit: 0 }
        : { err: 'error: timed out waiting for the condition\n', exit: 1 };
    const wanted = several ? pods : pods.slice(0, 1);
    let said =
      state.target.kind.kind !== 'Pod' && pods.length > 1 && !several
        ? `Found ${pods.length} pods, using pod/${wanted[0].metadata?.name}\n`
        : '';
    const queue: (readonly [string, string])[] = [];
    for (const pod of wanted) {
      const pick = chosen(pod, env, true);
      if (typeof pick === 'string') return { err: pick, exit: 1 };
      said += pick.said;
      for (const name of pick.names) queue.push([pod.metadata?.name ?? '', name]);
    }
    const most = Number(env.argv.flags.get('max-log-requests') ?? 5);
    if (env.argv.flags.has('follow') && queue.length > most)
      return {
        err: `error: you are attempting to follow ${queue.length} log streams, but maximum allowed concurrency is ${most}, use --max-log-requests to increase the limit\n`,
        exit: 1,
      };
    return { said, state: { ...state, queue } satisfies State, ask: [logAsk(env, queue[0])] };
  },
};

const commandWords = (env: Env): readonly string[] => env.argv.rest ?? [];

const exec: Command = {
  name: 'exec',
  init(env) {
    if (env.argv.words.length === 0) return { err: 'error: pod, type/name or --filename must be specified\n', exit: 1 };
    if (env.argv.rest === undefined && env.argv.words.length > 1)
      return {
        err: "error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples\n",
        exit: 1,
      };
    if (commandWords(env).length === 0) return { err: 'error: you must specify at least one command for the container\n', exit: 1 };
    return begin(env, '');
  },
  update(model, told, env) {
    if (isTyping(model)) return typingUpdate(model, told, env);
    const state = model as State;
    const { response } = told;
    if (!response) return {};
    if (told.tag === 'exec') {
      if (response.code !== 200) return { err: serverError(response), exit: 1 };
      const { exitCode, stdout, stderr, error } = response.body as {
        readonly exitCode: number;
        readonly stdout: string;
        readonly stderr: string;
        readonly error?: string;
      };
      if (error !== undefined)
        return {
          err: `error: Internal error occurred: Internal error occurred: error executing command in container: ${error}\n`,
          exit: 1,
        };
      return { out: stdout, err: exitCode === 0 ? stderr : `${stderr}command terminated with exit code ${exitCode}\n`, exit: exitCode };
    }
    if (response.code !== 200) return { err: serverError(response), exit: 1 };
    const meant = itsPods({ tag: told.tag, kind: state.target.kind, body: response.body, to: 'attach to' }, env);
    if ('fault' in meant) return { err: meant.fault, exit: 1 };
    if ('ask' in meant) return meant;
    const [pod] = meant.pods;
    if (!pod) return { err: 'error: timed out waiting for the condition\n', exit: 1 };
    if (isOver(pod))
      return { err: `error: cannot exec into a container in a completed pod; current phase is ${pod.status?.phase}\n`, exit: 1 };
    const pick = chosen(pod, { ...env, argv: { ...env.argv, words: env.argv.words.slice(0, 1) } });
    if (typeof pick === 'string') return { err: pick, exit: 1 };
    const said = env.argv.flags.has('quiet') ? '' : pick.said;
    const query = { container: pick.names[0], command: JSON.stringify(commandWords(env)) };
    const path = podPath(env, pod.metadata?.name ?? '', 'exec');
    if (canType(env)) return { said, ...beginTyping(path, query) };
    return { said, ask: [{ tag: 'exec', request: { method: 'GET', path, query } }] };
  },
};

/** As if the words were one, and no container were among them. */
const oneWord = (env: Env): Env => ({ ...env, argv: { ...env.argv, words: [env.argv.words.join('/')] } });

const attach: Command = {
  name: 'attach',
  init(env) {
    const { words } = env.argv;
    if (words.length === 0) return { err: 'error: at least 1 argument is required for attach\n', exit: 1 };
    if (words.length > 2)
      return {
        err: `error: expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${words.length}: [${words.join(' ')}]\n`,
        exit: 1,
      };
    return begin(oneWord(env), '');
  },
  update(model, told, env) {
    if (isAttached(model)) return attachedUpdate(model, told, env);
    const { response } = told;
    if (!response) return {};
    if (response.code !== 200) return { err: serverError(response), exit: 1 };
    const meant = itsPods({ tag: told.tag, kind: (model as State).target.kind, body: response.body, to: 'attach to' }, env);
    if ('fault' in meant) return { err: meant.fault, exit: 1 };
    if ('ask' in meant) return meant;
    const [pod] = meant.pods;
    if (!pod) return { err: 'error: timed out waiting for the condition\n', exit: 1 };
    if (isOver(pod))
      return { err: `error: cannot attach a container in a completed pod; current phase is ${pod.status?.phase}\n`, exit: 1 };
    const pick = chosen(pod, oneWord(env));
    if (typeof pick === 'string') return { err: pick.replace('error: ', 'error: cannot attach to the container: '), exit: 1 };
    const { said = '', ...output } = attachTo(attachedTo(pod, pick.names[0], podPath(env, pod.metadata?.name ?? ''), env), env);
    return { ...output, said: (env.argv.flags.has('quiet') ? '' : pick.said) + said };
  },
};

export default [logs, exec, attach] satisfies readonly Command[];
