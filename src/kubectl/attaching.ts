/**
 * Being attached to a container: `kubectl run` with -i or --attach, and `kubectl attach`. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/run/run.go, pkg/cmd/attach/attach.go (v1.36).
 * Simplified: what the container says is read from its log, what `run` and `debug` attach to from its beginning, but for a shell that waits for words; where nobody can type, a session with one ends at once and leaves it waiting.
 */
import type { KubeObject } from '../api/object.ts';
import type { V1Container, V1Pod } from '../api/schema/kubernetes.ts';
import { allContainers } from '../api/pods/containers.ts';
import { isOver } from '../api/pods/phase.ts';
import type { Kind } from '../api/kind.ts';
import { kindOf } from '../api/registry.ts';
import { waitsForWords } from '../cluster/runtime/launch.ts';
import { durationUs } from '../lib/go-duration.ts';
import { refusal, serverError, type Ask, type Env, type Output, type Told } from './command.ts';
import { followOn, newLines, restartsOf, untimed, type Followed } from './log-following.ts';
import { isError, postAsk, type Made } from './making.ts';
import { watchAsk } from './targets.ts';
import { deletedText, removeAsk } from './removing.ts';
import { beginTyping, typingUpdate, type Typing } from './typing.ts';
import { nameOf } from './resources.ts';

export interface Attached {
  /** Whose container it is; its path and what is known of it. */
  readonly path: string;
  readonly pod: V1Pod;
  readonly container: V1Container;
  readonly step: 'making' | 'waiting' | 'attached' | 'ending' | 'removing';
  /** When the step began. */
  readonly sinceMs: number;
  readonly toMake: readonly { readonly ask: Ask; readonly object: KubeObject }[];
  /** What --rm deletes, and how it all ends after that. */
  readonly toRemove: readonly KubeObject[];
  readonly end: { readonly exit: number; readonly err?: string };
  readonly followed: readonly Followed[];
  /** Only what comes from now on is printed, and nobody waits for the pod's end. */
  readonly skips: boolean;
  /** Somebody types at its shell. */
  readonly typing?: Typing;
  /** What came before is printed all the same. */
  readonly isWhole?: true;
}

const RECORDED =
  "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n";
const UNTYPED =
  'Warning: nothing can be typed into the container here: the session ends, and its shell is left waiting. `kubectl exec` runs a command in it.\n';
const has = ({ argv }: Env, flag: string): boolean => argv.flags.has(flag) && argv.flags.get(flag) !== 'false';
const patienceUs = ({ argv }: Env): number => durationUs(argv.flags.get('pod-running-timeout')) ?? 60_000_000;

const stateOf = (pod: V1Pod, container: V1Container, path: string, { nowMs }: Env): Attached => ({
  path,
  pod,
  container,
  step: 'making',
  sinceMs: nowMs,
  toMake: [],
  toRemove: [],
  end: { exit: 0 },
  followed: [],
  skips: false,
});
/** What `kubectl attach` begins with: a pod that runs. What its container has said before is not printed. */
export const attachedTo = (pod: V1Pod, name: string, path: string, env: Env): Attached => ({
  ...stateOf(pod, allContainers(pod).find((c) => c.name === name) ?? { name }, path, env),
  skips: true,
});

/** What `run` makes is sent, and its pod waited for. */
export function runAttached(objects: readonly Made[], env: Env): Output {
  const bad = objects.find(isError);
  if (bad) return { err: bad.error, exit: 1 };
  const made = objects as readonly KubeObject[];
  const pod = made[0] as V1Pod;
  const toMake = made.map((object) => ({ object, ask: postAsk(object, env) }));
  const state = stateOf(pod, (pod.spec?.containers ?? [])[0], `/api/v1/namespaces/${env.namespace}/pods/${pod.metadata?.name}`, env);
  return { state: { ...state, toMake, toRemove: has(env, 'rm') ? made : [] } satisfies Attached, ask: [toMake[0].ask] };
}

export const isAttached = (state: unknown): boolean => state instanceof Object && 'toRemove' in state;

/** The pod has been sent for, or is there and runs; then its container is attached to. */
export function attachTo(state: Attached, env: Env): Output {
  const isShell = waitsForWords(state.container) && has(env, 'stdin');
  const isTyped = isShell && env.isTerminal && has(env, 'tty');
  const said = (has(env, 'quiet') ? '' : RECORDED) + (isShell && !isTyped ? UNTYPED : '');
  const next: Attached = {
    ...state,
    step: 'attached',
    followed: [
      {
        pod: state.pod.metadata?.name ?? '',
        container: state.container.name,
        last: '',
        same: 0,
        restarts: restartsOf(state.pod, state.container.name),
      },
    ],
  };
  if (isTyped) {
    const { state: typing, ask } = beginTyping(`${state.path}/attach`, { container: state.container.name });
    return { said, hangUp: 'run', state: { ...next, typing } satisfies Attached, ask };
  }
  if (isShell) return finished(next, env, { said, out: resumeText(next, env) }, { exit: 0 });
  return { said, hangUp: 'run', state: next, ask: [logAsk(next, { timestamps: 'true' })] };
}

const logAsk = ({ path, container }: Attached, query: Readonly<Record<string, string>>): Ask => ({
  tag: 'begun',
  request: { method: 'GET', path: `${path}/log`, query: { container: container.name, ...query } },
});
const resumeText = ({ pod: { metadata }, container }: Attached, env: Env): string =>
  has(env, 'stdin') && has(env, 'tty') && !has(env, 'quiet')
    ? `Session ended, resume using 'kubectl attach ${metadata?.name} -c ${container.name} -n ${env.namespace} -i -t' command\n`
    : '';

function changed(state: Attached, step: Attached['step'], env: Env): Attached {
  return { ...state, step, sinceMs: env.nowMs };
}

/** What --rm made is deleted; then it is over. */
function finished(state: Attached, env: Env, print: Output, end: Attached['end']): Output {
  const [first] = state.toRemove;
  if (!first) return { ...print, err: end.err ?? '', exit: end.exit };
  const path = first.kind === 'Pod' ? state.path : state.path.replace('/pods/', '/services/');
  return { ...print, hangUp: 'run', state: { ...changed(state, 'removing', env), end } satisfies Attached, ask: [removeAsk(path, env)] };
}

/** Until its pod is over, where that gives the exit code. */
function left(state: Attached, env: Env, print: Output): Output {
  const isAwaited = !state.skips && state.pod.spec?.restartPolicy !== 'Always' && !has(env, 'leave-stdin-open');
  if (!isAwaited) return finished(state, env, print, { exit: 0 });
  return { ...print, state: changed(state, 'ending', env), ask: watchAsk('run', state.path), wakeUs: patienceUs(env) };
}

/** Upstream: podCompleted, podSucceeded, and what follows them. */
function endOf({ metadata, spec, status }: V1Pod): Attached['end'] | undefined {
  if (status?.phase === 'Succeeded') return { exit: 0 };
  if (status?.phase !== 'Failed' || spec?.restartPolicy === 'OnFailure') return undefined;
  const terminated = status.containerStatuses?.[0]?.state?.terminated;
  const name = `pod ${metadata?.namespace}/${metadata?.name}`;
  return terminated && terminated.exitCode !== 0
    ? { exit: terminated.exitCode, err: `${name} terminated (${terminated.reason ?? ''})\n${terminated.message ?? ''}` }
    : { exit: 1, err: `error: ${name} failed with unknown exit code\n` };
}

/** Upstream: podRunningAndReady. */
function arrived(state: Attached, pod: V1Pod, env: Env): Output {
  const now = { ...state, pod };
  if (isOver(pod)) return { hangUp: 'run', state: changed(now, 'attached', env), ask: [{ ...logAsk(now, {}), tag: 'all' }] };
  const isReady = pod.status?.phase === 'Running' && pod.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;
  return isReady ? attachTo(changed(now, 'attached', env), env) : { state: now };
}

export function attachedUpdate(model: unknown, told: Told, env: Env): Output {
  const state = model as Attached;
  const { tag, event, response } = told;
  if (state.typing && /^(said|key|typed-in)$/.test(tag)) return typedUpdate(state, state.typing, told, env);
  if (tag === 'timer') {
    if (state.step === 'attached') return follow(state, told, env);
    const isLate = (state.step === 'waiting' || state.step === 'ending') && env.nowMs - state.sinceMs >= patienceUs(env) / 1000;
    return isLate ? finished(state, env, { hangUp: 'run' }, { err: 'error: timed out waiting for the condition\n', exit: 1 }) : {};
  }
  if (event) {
    if (event.type === 'DELETED')
      return finished(state, env, { hangUp: 'run' }, { err: 'Error from server (NotFound): pods "" not found\n', exit: 1 });
    const pod = event.object as V1Pod;
    if (state.step === 'waiting') return arrived(state, pod, env);
    const end = state.step === 'ending' ? endOf(pod) : undefined;
    return end ? finished(state, env, { hangUp: 'run' }, end) : {};
  }
  if (!response || tag === 'run') return {};
  if (tag === 'made') {
    if (response.code !== 201) return { err: refusal(response), exit: 1 };
    const [{ object }, ...toMake] = state.toMake;
    const next: Attached = { ...changed(state, toMake.length === 0 ? 'waiting' : 'making', env), toMake };
    const out = object.kind === 'Pod' ? '' : `${nameOf(object)} created\n`;
    return toMake.length > 0
      ? { out, state: next, ask: [toMake[0].ask] }
      : { out, state: next, ask: watchAsk('run', state.path), wakeUs: patienceUs(env) };
  }
  if (tag === 'removed') {
    const [object, ...toRemove] = state.toRemove;
    const out =
      response.code === 200 && !has(env, 'quiet')
        ? `${deletedText(kindOf(object.apiVersion, object.kind) as Kind, object.metadata?.name, env.namespace)}\n`
        : '';
    return finished(
      { ...state, toRemove },
      env,
      { out },
      response.code === 200 || response.code === 404 ? state.end : { err: serverError(response), exit: 1 },
    );
  }
  if (tag === 'all')
    return left(state, env, {
      out: response.code === 200 ? String(response.body ?? '') : '',
      said: response.code === 200 ? '' : serverError(response),
    });
  return follow(state, told, env);
}

function typedUpdate(state: Attached, before: Typing, told: Told, env: Env): Output {
  const { state: typing = before, exit, err, out = '', ...rest } = typingUpdate(before, told, env);
  if (exit === undefined) return { ...rest, out, state: { ...state, typing: typing as Typing } satisfies Attached };
  if (told.response?.code !== 200) return finished(state, env, { out }, { exit, ...(err === undefined ? {} : { err }) });
  return left(state, env, { out: out + resumeText(state, env) });
}

function follow(state: Attached, told: Told, env: Env): Output {
  if (told.tag === 'begun' && state.skips && !state.isWhole && told.response?.code === 200) {
    const { followed } = newLines(state.followed[0], String(told.response.body ?? ''));
    return { state: { ...state, followed: [followed] } satisfies Attached, wakeUs: 1 };
  }
  const { lines, followed, next } = followOn(
    state.followed,
    told.tag === 'begun' ? { ...told, tag: 'more', data: 0 } : told,
    () => state.path,
  );
  const out = lines.map(untimed).join('');
  const now: Attached = { ...state, followed };
  return next.exit === undefined ? { out, state: now, ...next } : left(now, env, { out: out + resumeText(now, env) });
}
