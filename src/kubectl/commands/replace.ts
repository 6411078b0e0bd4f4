/** kubectl replace. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/replace/replace.go (v1.36). Simplified: nothing. */
import { parseManifest } from '../../api/manifest/parse.ts';
import type { KubeObject } from '../../api/object.ts';
import { qualifiedSingular } from '../../api/registry.ts';
import { serverError, type Command, type Env, type Output } from '../command.ts';
import { missingFile, sentIn, type Sent } from '../files.ts';
import { textError } from '../manifest-errors.ts';
import { rawAnswer, rawAsk } from '../raw.ts';
import { validationOf } from '../flag-values.ts';
import { isRemoving, removeAsk, removed } from '../removing.ts';
import { nameOf, pathFor } from '../resources.ts';
import { dryQuery, isClientDry, isDry, resultText } from '../result.ts';

interface State {
  readonly sent: readonly Sent[];
  readonly at: number;
  readonly failed: boolean;
  /** With --force all are deleted before any is made. */
  readonly isRemoving: boolean;
}

const pathOf = ({ kind, object: { metadata } }: Sent): string => pathFor(kind, metadata?.namespace, metadata?.name);
function ask(state: State, env: Env): Output {
  const sent = state.sent[state.at];
  if (!sent) return state.isRemoving ? ask({ ...state, at: 0, isRemoving: false }, env) : { exit: state.failed ? 1 : 0 };
  if (state.isRemoving) return { state, ask: [removeAsk(pathOf(sent), env)] };
  if (isClientDry(env)) return replaced(state, sent.object, env);
  const query = { fieldManager: 'kubectl-replace', fieldValidation: validationOf(env.argv) ?? 'Strict', ...dryQuery(env) };
  const request = env.argv.flags.has('force')
    ? ({ method: 'POST', path: pathFor(sent.kind, sent.object.metadata?.namespace), body: sent.object, query } as const)
    : ({
        method: 'PUT',
        path: pathFor(sent.kind, sent.object.metadata?.namespace, sent.object.metadata?.name, env.argv.flags.get('subresource')),
        body: sent.object,
        query,
      } as const);
  return { state, ask: [{ tag: 'put', request }] };
}

/** Says so, and goes on. */
function replaced(state: State, object: KubeObject, env: Env): Output {
  const rest = ask({ ...state, at: state.at + 1 }, env);
  return { ...rest, out: resultText(env, { name: nameOf(object), word: 'replaced', object }) + (rest.out ?? '') };
}

function usageError(env: Env): string | undefined {
  const { flags } = env.argv;
  if (flags.has('timeout') && !flags.has('force') && flags.has('filename')) return 'error: --timeout must have --force specified\n';
  const missing = missingFile(env);
  if (missing !== undefined) return missing;
  if (flags.has('grace-period') && !flags.has('force')) return 'error: --grace-period must have --force specified\n';
  return flags.has('force') && isDry(env) ? 'error: --dry-run can not be used when --force is set\n' : undefined;
}

export default [
  {
    name: 'replace',
    init(env) {
      if (env.argv.flags.has('raw')) return rawAsk('PUT', env);
      const wrong = usageError(env);
      if (wrong !== undefined) return { err: wrong, exit: 1 };
      const manifest = parseManifest(env.stdin);
      const found = sentIn(env, manifest);
      const [{ sent }, err] = [found, found.err + (textError(env.stdin, manifest) ?? '')];
      if (sent.length === 0) return { err, exit: err === '' ? 0 : 1 };
      const first = ask({ sent, at: 0, failed: err !== '', isRemoving: env.argv.flags.has('force') }, env);
      return { ...first, err: err + (first.err ?? '') };
    },
    update(model, told, env) {
      if (told.tag === 'raw') return rawAnswer(told);
      const state = model as State;
      if (isRemoving(told)) {
        const sent = state.sent[state.at];
        const next = removed(pathOf(sent), told);
        if (next !== 'gone') return 'failure' in next ? { err: next.failure, exit: 1 } : next;
        const {
          kind,
          object: { metadata },
        } = sent;
        const wasThere = told.tag !== 'removed';
        return {
          ...ask({ ...state, at: state.at + 1 }, env),
          hangUp: 'leaving',
          out: wasThere
            ? `${qualifiedSingular(kind)} "${metadata?.name}" deleted${kind.namespaced ? ` from ${metadata?.namespace} namespace` : ''}\n`
            : '',
        };
      }
      const { response } = told;
      if (!response) return {};
      if (response.code === 200 || response.code === 201) return replaced(state, response.body as KubeObject, env);
      return {
        err: serverError(response).replace(/^(Error from server \([A-Za-z]+\)): /, '$1: error when replacing "STDIN": '),
        ...ask({ ...state, at: state.at + 1, failed: true }, env),
      };
    },
  },
] satisfies readonly Command[];
