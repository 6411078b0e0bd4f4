/** kubectl wait. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/wait (v1.36). Simplified: objects are waited for one after the other against one timeout. */
import type { KubeObject } from '../../api/object.ts';
import { durationUs } from '../duration.ts';
import { serverError, type Command, type Env, type Output } from '../command.ts';
import { foundText, pathFinder } from '../json-path.ts';
import { getAsk, listAsk, targetsIn, targetsOf, watchAsk, type Target } from '../patching.ts';
import { display, pathFor } from '../resources.ts';
import { NO_PATH, relaxed } from '../sort-by.ts';

type Goal = { readonly kind: 'delete' } | { readonly kind: 'create' } | { readonly kind: 'condition'; readonly type: string; readonly status: string } | { readonly kind: 'jsonpath'; readonly path: string; readonly value?: string };
interface State { readonly goal: Goal; readonly targets: readonly Target[]; readonly at: number }
const DEFAULT_US = 30_000_000;
const WEEK_US = 7 * 86_400_000_000;

/** Less than 0 is a week; 0 asks once. */
function patienceUs({ argv: { flags } }: Env): number {
  const text = flags.get('timeout');
  return text === undefined ? DEFAULT_US : text.startsWith('-') ? WEEK_US : (durationUs(text) ?? 0);
}

function goalOf(text: string | undefined): Goal | string {
  if (text === undefined || text === '') return 'error: unrecognized condition: ""\n';
  if (text === 'jsonpath=') return 'error: jsonpath expression cannot be empty\n';
  if (text === 'delete' || text === 'create') return text === 'delete' ? { kind: 'delete' } : { kind: 'create' };
  const condition = /^condition=([^=]+)(?:=(.+))?$/.exec(text);
  if (condition) return { kind: 'condition', type: condition[1], status: condition[2] ?? 'true' };
  const path = /^jsonpath=(.+?\})(?:=(.*))?$/s.exec(text) ?? /^jsonpath=([^=]+)(?:=(.*))?$/s.exec(text);
  if (path) { const found = relaxed(path[1].replace(/^['"]|['"]$/g, '')); return found === undefined ? NO_PATH : { kind: 'jsonpath', path: found, ...(path[2] === undefined ? {} : { value: path[2] }) }; }
  return `error: unrecognized condition: ${JSON.stringify(text)}\n`;
}

interface WithConditions { readonly status?: { readonly observedGeneration?: number; readonly conditions?: readonly { readonly type: string; readonly status: string; readonly observedGeneration?: number }[] } }

function isMet(goal: Goal, object: KubeObject): boolean {
  if (goal.kind === 'create' || goal.kind === 'delete') return goal.kind === 'create';
  if (goal.kind === 'jsonpath') { const text = foundText(pathFinder(goal.path)(object)); return goal.value === undefined ? text !== '' : text === goal.value; }
  const { status } = object as WithConditions;
  const found = status?.conditions?.find((c) => c.type.toLowerCase() === goal.type.toLowerCase());
  const seen = found?.observedGeneration ?? status?.observedGeneration;
  if (!found || (seen !== undefined && seen < (object.metadata?.generation ?? 0))) return false;
  return found.status.toLowerCase() === goal.status.toLowerCase();
}

const nameOf = ({ kind, name }: Target): string => `${kind.plural}/${name}`;
const met = (target: Target): string => `${display(target.kind, target.name)} condition met\n`;

function next(state: State, out: string): Output {
  const at = state.at + 1;
  return at < state.targets.length ? { out, hangUp: 'watch', state: { ...state, at } satisfies State, ask: getAsk(state.targets[at]) } : { out, exit: 0 };
}

function watch(state: State, version?: string): Output {
  const { kind, namespace, name } = state.targets[state.at];
  return { state, ask: watchAsk('watch', pathFor(kind, namespace, name), version) };
}

export default [{
  name: 'wait',
  init(env: Env) {
    const goal = goalOf(env.argv.flags.get('for'));
    if (typeof goal === 'string') return { err: goal, exit: 1 };
    const targets = targetsOf(env, env.argv.words);
    if ('exit' in targets) return targets;
    const wakeUs = patienceUs(env);
    const state: State = { goal, targets, at: 0 };
    if (targets[0].name !== undefined) return { state, ask: getAsk(targets[0]), ...(wakeUs > 0 ? { wakeUs } : {}) };
    if (!env.argv.flags.has('all') && !env.argv.flags.has('selector') && !env.argv.flags.has('field-selector')) return { err: 'error: resource(s) were provided, but no name was specified\n', exit: 1 };
    return { state, ...(wakeUs > 0 ? { wakeUs } : {}), ask: listAsk(targets[0], env) };
  },
  update(model, told, env) {
    const state = model as State;
    const target = state.targets[state.at];
    const { goal } = state;
    if (told.tag === 'timer' && goal.kind === 'create') return { err: 'error: timed out waiting for the condition\n', exit: 1 };
    if (told.tag === 'timer') return { err: `error: timed out waiting for the condition on ${nameOf(target)}\n`, exit: 1 };
    if (told.event) {
      const { type, object } = told.event;
      if (type === 'DELETED' ? goal.kind === 'delete' : isMet(goal, object)) return next(state, met(target));
      return {};
    }
    const { response } = told;
    if (!response) return {};
    if (told.tag === 'list') {
      const targets = targetsIn(target.kind, response.body);
      if (targets.length === 0) return goal.kind === 'delete' ? { exit: 0 } : { err: 'error: no matching resources found\n', exit: 1 };
      return { state: { ...state, targets } satisfies State, ask: getAsk(targets[0]) };
    }
    if (response.code === 404 && goal.kind === 'delete') return next(state, state.at > 0 || state.targets.length > 1 ? met(target) : '');
    if (response.code === 404 && goal.kind === 'create') return watch(state);
    if (response.code !== 200) return { err: serverError(response), exit: 1 };
    const object = response.body as KubeObject;
    if (isMet(goal, object)) return next(state, met(target));
    return patienceUs(env) === 0 ? { err: `error: condition not met for ${nameOf(target)}\n`, exit: 1 } : watch(state, object.metadata?.resourceVersion);
  },
}] satisfies readonly Command[];
