/** kubectl wait. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/wait (v1.36). Simplified: objects are waited for one after the other against one timeout. */
import type { KubeObject } from '../../api/object.ts';
import { goText } from '../../api/machinery/patch/values.ts';
import { durationUs } from '../../lib/go-duration.ts';
import { serverError, type Command, type Env, type Output } from '../command.ts';
import { pathFinder } from '../json-path.ts';
import { getAsk, listAsk, selectorQuery, targetsIn, targetsOf, watchAsk, type Target } from '../targets.ts';
import { display, NO_NAME, pathFor } from '../resources.ts';
import { resultText } from '../result.ts';
import { NO_PATH, relaxed } from '../sort-by.ts';

type Goal =
  | { readonly kind: 'delete' }
  | { readonly kind: 'create' }
  | { readonly kind: 'condition'; readonly type: string; readonly status: string }
  | { readonly kind: 'jsonpath'; readonly path: string; readonly value?: string };
interface State {
  readonly goals: readonly Goal[];
  /** Of the goals, for this target. */
  readonly reached: number;
  readonly targets: readonly Target[];
  readonly at: number;
}
const DEFAULT_US = 30_000_000;
const WEEK_US = 7 * 86_400_000_000;

/** Less than 0 is a week; 0 asks once. */
function patienceUs({ argv: { flags } }: Env): number {
  const text = flags.get('timeout');
  return text === undefined ? DEFAULT_US : text.startsWith('-') ? WEEK_US : (durationUs(text) ?? 0);
}

function goalOf(text: string): Goal | string {
  if (text === 'jsonpath=') return 'error: jsonpath expression cannot be empty\n';
  const word = text.toLowerCase();
  if (word === 'delete' || word === 'create') return { kind: word };
  const condition = /^condition=([^=]*)(?:=(.*))?$/.exec(text);
  if (condition) return { kind: 'condition', type: condition[1], status: condition[2] ?? 'true' };
  const path = /^jsonpath=(.+?\})(?:=(.*))?$/s.exec(text) ?? /^jsonpath=([^=]+)(?:=(.*))?$/s.exec(text);
  if (path?.[2] !== undefined && /^['"]*$/.test(path[2]))
    return "error: jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3\n";
  if (path) {
    const found = relaxed(path[1].replace(/^['"]|['"]$/g, ''));
    return found === undefined ? NO_PATH : { kind: 'jsonpath', path: found, ...(path[2] === undefined ? {} : { value: path[2] }) };
  }
  return `error: unrecognized condition: ${JSON.stringify(text)}\n`;
}

interface WithConditions {
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly observedGeneration?: number }[];
  };
}

/** What a path finds must be one plain value. */
function pathMet({ path, value }: Extract<Goal, { readonly kind: 'jsonpath' }>, object: KubeObject): boolean | string {
  const found = pathFinder(path)(object);
  const [first = [], ...more] = 'results' in found ? found.results : [];
  if (more.length > 0) return 'error: given jsonpath expression matches more than one list\n';
  if (first.length > 1) return 'error: given jsonpath expression matches more than one value\n';
  if (first.length === 0 || value === undefined) return first.length > 0;
  if (first[0] !== null && typeof first[0] === 'object') return 'error: jsonpath leads to a nested object or list which is not supported\n';
  return goText(first[0]) === value;
}

/** An error is a text. */
function isMet(goal: Goal, object: KubeObject): boolean | string {
  if (goal.kind === 'create' || goal.kind === 'delete') return goal.kind === 'create';
  if (goal.kind === 'jsonpath') return pathMet(goal, object);
  const { status } = object as WithConditions;
  const found = status?.conditions?.find((c) => c.type.toLowerCase() === goal.type.toLowerCase());
  const seen = found?.observedGeneration ?? status?.observedGeneration;
  if (!found || (seen !== undefined && seen < (object.metadata?.generation ?? 0))) return false;
  return found.status.toLowerCase() === goal.status.toLowerCase();
}

const nameOf = ({ kind, name }: Target): string => `${kind.plural}/${name}`;
const met = (target: Target, object: unknown, env: Env): string =>
  resultText(env, { name: display(target.kind, target.name), word: 'condition met', object });

/** The next condition of this object, the next object, or the end. */
function next(state: State, out: string): Output {
  const reached = state.reached + 1;
  if (reached < state.goals.length)
    return { out, hangUp: 'watch', state: { ...state, reached } satisfies State, ask: getAsk(state.targets[state.at]) };
  const at = state.at + 1;
  return at < state.targets.length
    ? { out, hangUp: 'watch', state: { ...state, at, reached: 0 } satisfies State, ask: getAsk(state.targets[at]) }
    : { out, exit: 0 };
}

function watch(state: State, version?: string): Output {
  const { kind, namespace, name } = state.targets[state.at];
  return { state, ask: watchAsk('watch', pathFor(kind, namespace, name), version) };
}

/** Nobody is there yet: the first to come is waited for. */
const watchAll = (state: State, { kind, namespace }: Target, env: Env): Output => ({
  state,
  ask: [
    { tag: 'any', isWatch: true, request: { method: 'GET', path: pathFor(kind, namespace), query: { ...selectorQuery(env), watch: '1' } } },
  ],
});

export default [
  {
    name: 'wait',
    init(env: Env) {
      const found = (env.argv.all.get('for') ?? []).map(goalOf);
      const wrong = found.length === 0 ? 'error: unrecognized condition: []\n' : found.find((goal) => typeof goal === 'string');
      if (wrong !== undefined) return { err: wrong, exit: 1 };
      const goals = found
        .filter((goal) => typeof goal !== 'string')
        .sort((a, b) => Number(b.kind === 'create') - Number(a.kind === 'create'));
      const targets = targetsOf(env, env.argv.words);
      if ('exit' in targets) return targets;
      const wakeUs = patienceUs(env);
      const state: State = { goals, reached: 0, targets, at: 0 };
      if (targets[0].name !== undefined) return { state, ask: getAsk(targets[0]), ...(wakeUs > 0 ? { wakeUs } : {}) };
      if (!env.argv.flags.has('all') && !env.argv.flags.has('selector') && !env.argv.flags.has('field-selector'))
        return { err: NO_NAME, exit: 1 };
      return { state, ...(wakeUs > 0 ? { wakeUs } : {}), ask: listAsk(targets[0], env) };
    },
    update(model, told, env) {
      const state = model as State;
      const target = state.targets[state.at];
      const goal = state.goals[state.reached];
      if (told.tag === 'timer')
        return { err: `error: timed out waiting for the condition${goal.kind === 'create' ? '' : ` on ${nameOf(target)}`}\n`, exit: 1 };
      if (told.tag === 'any') return told.event ? { hangUp: 'any', state, ask: listAsk(state.targets[0], env) } : {};
      if (told.event) {
        const { type, object } = told.event;
        const is = type === 'DELETED' ? goal.kind === 'delete' : isMet(goal, object);
        if (typeof is === 'string') return { err: is, exit: 1 };
        return is ? next(state, met(target, object, env)) : {};
      }
      const { response } = told;
      if (!response) return {};
      if (told.tag === 'list') {
        const targets = targetsIn(target.kind, response.body);
        if (targets.length === 0 && goal.kind === 'create') return watchAll(state, target, env);
        if (targets.length === 0) return goal.kind === 'delete' ? { exit: 0 } : { err: 'error: no matching resources found\n', exit: 1 };
        return { state: { ...state, targets } satisfies State, ask: getAsk(targets[0]) };
      }
      if (response.code === 404 && goal.kind === 'delete')
        return next(state, state.at > 0 || state.targets.length > 1 ? met(target, {}, env) : '');
      if (response.code === 404 && goal.kind === 'create') return watch(state);
      if (response.code !== 200) return { err: serverError(response), exit: 1 };
      const object = response.body as KubeObject;
      const is = isMet(goal, object);
      if (typeof is === 'string') return { err: is, exit: 1 };
      if (is) return next(state, met(target, object, env));
      return patienceUs(env) === 0
        ? { err: `error: condition not met for ${nameOf(target)}\n`, exit: 1 }
        : watch(state, object.metadata?.resourceVersion);
    },
  },
] satisfies readonly Command[];
