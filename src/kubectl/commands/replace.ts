/** kubectl replace. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/replace/replace.go (v1.36). Simplified: --force is not there. */
import { parseManifest } from '../../api/manifest/parse.ts';
import type { KubeObject } from '../../api/object.ts';
import { kindOf } from '../../api/registry.ts';
import { serverError, type Command, type Env, type Output } from '../command.ts';
import { nameOf, pathFor, placed } from '../resources.ts';
import { dryQuery, isClientDry, resultText } from '../result.ts';

interface State { readonly objects: readonly KubeObject[]; readonly at: number; readonly failed: boolean }

function ask(state: State, env: Env): Output {
  const object = state.objects[state.at];
  const kind = object && kindOf(object.apiVersion, object.kind);
  if (!kind) return { exit: state.failed ? 1 : 0 };
  const body = placed(object, env);
  if (isClientDry(env)) return replaced(state, body, env);
  return { state, ask: [{ tag: 'put', request: { method: 'PUT', path: pathFor(kind, body.metadata?.namespace, body.metadata?.name), body, query: { fieldManager: 'kubectl-replace', fieldValidation: 'Strict', ...dryQuery(env) } } }] };
}

/** Says so, and goes on. */
function replaced(state: State, object: KubeObject, env: Env): Output {
  const rest = ask({ ...state, at: state.at + 1 }, env);
  return { ...rest, out: resultText(env, { name: nameOf(object), word: 'replaced', object }) + (rest.out ?? '') };
}

export default [{
  name: 'replace',
  init(env) {
    if (!env.argv.flags.has('filename')) return { err: 'error: must specify one of -f and -k\n', exit: 1 };
    const objects = parseManifest(env.stdin).objects.map((o) => o.object);
    return objects.length === 0 ? { err: 'error: no objects passed to replace\n', exit: 1 } : ask({ objects, at: 0, failed: false }, env);
  },
  update(model, told, env) {
    const state = model as State;
    const { response } = told;
    if (!response) return {};
    if (response.code === 200) return replaced(state, response.body as KubeObject, env);
    return { err: serverError(response).replace(/^(Error from server \([A-Za-z]+\)): /, '$1: error when replacing "STDIN": '), ...ask({ ...state, at: state.at + 1, failed: true }, env) };
  },
}] satisfies readonly Command[];
