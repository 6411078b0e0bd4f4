/**
 * Commands that visit each object that their words name, one after the other, and go on after one that fails.
 * Upstream: cli-runtime pkg/resource Builder.ContinueOnError, and pkg/cmd/util/helpers.go CheckErr, which begins a single error with 'error: ' and several with nothing (v1.36).
 */
import type { KubeObject } from '../api/object.ts';
import { serverError, type Command, type Env, type Output, type Told } from './command.ts';
import { getAsk, listAsk, targetsOf, withList, type Listing, type Target } from './targets.ts';

/** What a visit does next. It ends with `exit`, or with `failure`: an error without 'error: ' before it. */
export interface Visited extends Output {
  readonly failure?: string;
}
export interface Visitor {
  readonly name: string;
  readonly visit: (object: KubeObject, target: Target, env: Env) => Visited;
  /** Answers to what the visit asked; `state` is the visit's own. */
  readonly update: (state: unknown, told: Told, env: Env) => Visited;
}
interface State extends Listing {
  readonly failures: readonly string[];
  /** Of the visit that is under way. */
  readonly own?: unknown;
}

const failuresText = (failures: readonly string[]): string =>
  failures.map((text) => `${failures.length === 1 && !text.startsWith('Error from server') ? 'error: ' : ''}${text}\n`).join('');

/** The next object, or the end. */
function goOn(state: State, print: Visited): Output {
  const [, ...targets] = state.targets;
  const failures = print.failure === undefined ? state.failures : [...state.failures, print.failure];
  const { said = '', out = '', err = '', hangUp } = print;
  const printed: Output = { said, out, err, ...(hangUp === undefined ? {} : { hangUp }) };
  if (targets.length > 0) return { ...printed, state: { ...state, targets, failures } satisfies State, ask: getAsk(targets[0]) };
  return { ...printed, err: err + failuresText(failures), exit: failures.length > 0 ? 1 : 0 };
}

function listed(state: State, body: unknown, env: Env): Output {
  const read = withList(state, body, env);
  if (read.ask) return read;
  const { targets } = read.state;
  return targets.length === 0
    ? { err: `No resources found in ${env.namespace} namespace.\n`, exit: 0 }
    : { state: read.state, ask: getAsk(targets[0]) };
}

export function visiting(visitor: Visitor): Command {
  const went = (state: State, visited: Visited): Output => {
    if (visited.exit !== undefined || visited.failure !== undefined) return goOn(state, visited);
    return 'state' in visited ? { ...visited, state: { ...state, own: visited.state } satisfies State } : visited;
  };
  return {
    name: visitor.name,
    init(env) {
      if (env.argv.words.length === 0 && !env.argv.flags.has('filename'))
        return { err: 'error: required resource not specified\n', exit: 1 };
      const targets = targetsOf(env, env.argv.words);
      if ('exit' in targets) return targets;
      const isNamed = targets[0].name !== undefined;
      const state: State = { targets: isNamed ? targets : [], lists: isNamed ? [] : targets, failures: [] };
      return { state, ask: isNamed ? getAsk(targets[0]) : listAsk(targets[0], env) };
    },
    update(model, told, env) {
      const state = model as State;
      const { response } = told;
      if (told.tag !== 'get' && told.tag !== 'list') return went(state, visitor.update(state.own, told, env));
      if (!response) return {};
      if (response.code !== 200)
        return response.code === 0 ? { err: serverError(response), exit: 1 } : goOn(state, { failure: serverError(response).trimEnd() });
      if (told.tag === 'list') return listed(state, response.body, env);
      return went({ ...state, own: undefined }, visitor.visit(response.body as KubeObject, state.targets[0], env));
    },
  };
}
