/** kubectl delete. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/delete/delete.go (v1.36). Simplified: it waits by watching the object until it is gone. */
import type { KubeObject } from '../../api/object.ts';
import { durationUs } from '../../lib/go-duration.ts';
import { serverError, type Ask, type Command, type Env, type Output } from '../command.ts';
import { listAsk, targetsOf, watchAsk, withList, type Listing, type Target } from '../targets.ts';
import { display, NAME_AND_SELECTOR, NO_NAME, NO_TARGET, pathFor } from '../resources.ts';
import { rawAnswer, rawAsk } from '../raw.ts';
import { deletedText } from '../removing.ts';
import { propagationOf } from '../flag-values.ts';
import { dryWord, isClientDry, isServerDry } from '../result.ts';

interface State extends Listing {
  readonly at: number;
  readonly failed: boolean;
  /** Paths and uids. */
  readonly deleted: readonly (readonly [path: string, uid: string | undefined])[];
  readonly waiting: number;
}

/** In seconds; less than 0: the object's own. Nothing but --force deletes at once. */
function graceOf(flags: Env['argv']['flags']): number {
  const asked = flags.has('now') ? 1 : Number(flags.get('grace-period') ?? -1);
  if (flags.has('force')) return asked < 0 ? 0 : asked;
  return asked === 0 ? 1 : asked;
}

function deleteAsk(target: Target, env: Env): Ask {
  const { flags } = env.argv;
  const grace = graceOf(flags);
  const body = {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    propagationPolicy: propagationOf(env.argv),
    ...(isServerDry(env) ? { dryRun: ['All'] } : {}),
    ...(grace < 0 ? {} : { gracePeriodSeconds: grace }),
  };
  return { tag: 'deleted', request: { method: 'DELETE', path: pathFor(target.kind, target.namespace, target.name), body } };
}

const line = ({ kind, name, namespace }: Target, env: Env): string => {
  const word = graceOf(env.argv.flags) === 0 ? 'force deleted' : 'deleted';
  if (env.argv.flags.get('output') === 'name') return `${display(kind, name)}\n`;
  return `${deletedText(kind, name, namespace, word)}${dryWord(env)}\n`;
};

function next(state: State, env: Env, print: Output): Output {
  const at = state.at + 1;
  if (at < state.targets.length) return { ...print, state: { ...state, at } satisfies State, ask: [deleteAsk(state.targets[at], env)] };
  return wait({ ...state, at, waiting: -1 }, env, print);
}

/** Waits for each deleted object to be gone, in order. */
function wait(state: State, env: Env, print: Output): Output {
  const waiting = state.waiting + 1;
  if (env.argv.flags.get('wait') === 'false' || isServerDry(env) || waiting >= state.deleted.length)
    return { ...print, exit: state.failed ? 1 : 0 };
  const wakeUs = waiting === 0 ? durationUs(env.argv.flags.get('timeout')) : undefined;
  return {
    ...print,
    ...(wakeUs === undefined ? {} : { wakeUs }),
    state: { ...state, waiting } satisfies State,
    ask: [{ tag: 'check', request: { method: 'GET', path: state.deleted[waiting][0] } }],
  };
}

/** With -i: what is asked first. Nobody is there to answer but what is read. */
function refused(targets: readonly Target[], env: Env): Output | undefined {
  if (!env.argv.flags.has('interactive') || isYes(env)) return undefined;
  return { out: `${question(targets)}deletion is cancelled\n`, exit: 0 };
}
const isYes = ({ stdin }: Env): boolean => /^y\s*$/i.test(stdin.split('\n')[0]);
const question = (targets: readonly Target[]): string =>
  `You are about to delete the following ${targets.length} resource(s):\n${targets.map(({ kind, name }) => `${display(kind, name)}\n`).join('')}Do you want to continue? (y/N): `;
/** What was asked, when the answer was yes. */
const asked = (targets: readonly Target[], env: Env): string => (env.argv.flags.has('interactive') ? question(targets) : '');

function usageError(env: Env, targets: readonly Target[]): string | undefined {
  const { flags, words } = env.argv;
  if (flags.has('now') && flags.has('grace-period')) return 'error: --now and --grace-period cannot be specified together\n';
  if (flags.has('force') && graceOf(flags) > 0) return 'error: --force and --grace-period greater than 0 cannot be specified together\n';
  if (flags.has('filename')) return undefined;
  if (targets[0].name === undefined && !flags.has('all') && !flags.has('selector') && !flags.has('field-selector')) return NO_NAME;
  if (flags.has('all') && flags.has('selector')) return "error: setting 'all' parameter but found a non empty selector. \n";
  if (words.length > 1 && (flags.has('selector') || flags.has('all'))) return NAME_AND_SELECTOR;
  return undefined;
}

export default [
  {
    name: 'delete',
    init(env) {
      const output = env.argv.flags.get('output') ?? '';
      if (output !== '' && output !== 'name')
        return { err: `error: unexpected -o output mode: ${output}. We only support '-o name'\n`, exit: 1 };
      if (env.argv.flags.has('raw')) return rawAsk('DELETE', env);
      if (env.argv.words.length === 0 && !env.argv.flags.has('filename')) return { err: NO_TARGET, exit: 1 };
      const targets = targetsOf(env, env.argv.words);
      if ('exit' in targets) return targets;
      if (targets.some(({ name }) => name === ''))
        return { err: 'error: error when deleting "STDIN": resource name may not be empty\n', exit: 1 };
      const wrong = usageError(env, targets);
      if (wrong !== undefined) return { err: wrong, exit: 1 };
      const said = env.argv.flags.has('force')
        ? 'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n'
        : '';
      const state: State = { targets, at: 0, failed: false, deleted: [], waiting: -1, lists: [] };
      if (targets[0].name === undefined) return { said, state: { ...state, targets: [], lists: targets }, ask: listAsk(targets[0], env) };
      if (isClientDry(env)) return { said, out: targets.map((t) => line(t, env)).join(''), exit: 0 };
      return refused(targets, env) ?? { said, out: asked(targets, env), state, ask: [deleteAsk(targets[0], env)] };
    },
    update(model, told, env) {
      const state = model as State;
      if (told.tag === 'timer')
        return {
          err: `error: timed out waiting for the condition on ${state.deleted[state.waiting][0].split('/').slice(-2).join('/')}\n`,
          exit: 1,
        };
      if (told.event) return told.event.type === 'DELETED' ? { ...wait(state, env, {}), hangUp: 'gone' } : {};
      const { response } = told;
      if (!response) return {};
      if (told.tag === 'raw') return rawAnswer(told);
      if (told.tag === 'list') {
        if (response.code !== 200) return { err: serverError(response), exit: 1 };
        const read = withList(state, response.body, env);
        if (read.ask) return read;
        const { targets } = read.state;
        if (targets.length === 0) return { out: 'No resources found\n', exit: 0 };
        if (isClientDry(env)) return { out: targets.map((t) => line(t, env)).join(''), exit: 0 };
        return refused(targets, env) ?? { out: asked(targets, env), state: read.state, ask: [deleteAsk(targets[0], env)] };
      }
      if (told.tag === 'check') {
        const [path, uid] = state.deleted[state.waiting];
        const body = response.body as KubeObject;
        if (response.code !== 200 || body.metadata?.uid !== uid) return wait(state, env, {});
        return { state, ask: watchAsk('gone', path, body.metadata?.resourceVersion) };
      }
      const target = state.targets[state.at];
      if (response.code !== 200) {
        const isFine =
          response.code === 404 && (env.argv.flags.has('ignore-not-found') || env.argv.flags.has('all') || env.argv.flags.has('selector'));
        return isFine
          ? next(state, env, {})
          : next({ ...state, failed: true }, env, {
              err: env.argv.flags.has('filename')
                ? serverError(response).replace(/^(Error from server(?: \([A-Za-z]+\))?): /, '$1: error when deleting "STDIN": ')
                : serverError(response),
            });
      }
      const body = response.body as KubeObject & { readonly details?: { readonly uid?: string } };
      return next(
        {
          ...state,
          deleted: [
            ...state.deleted,
            [pathFor(target.kind, target.namespace, target.name), body.kind === 'Status' ? body.details?.uid : body.metadata?.uid],
          ],
        },
        env,
        { out: line(target, env) },
      );
    },
  },
] satisfies readonly Command[];
