/** kubectl rollout history and undo. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/rollout, pkg/polymorphichelpers/{history,rollback}.go (v1.36). Simplified: nothing. */
import { toJson, toYaml } from '../../api/manifest/print.ts';
import { LAST_APPLIED } from '../../api/machinery/patch/apply.ts';
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import type { KubeObject } from '../../api/object.ts';
import type { V1ControllerRevision, V1Deployment, V1PodTemplateSpec, V1ReplicaSet } from '../../api/schema/kubernetes.ts';
import { annotationsBackTo, REVISION, revisionOf, withoutHash } from '../../cluster/controllers/rollout/replica-sets.ts';
import { tabbed } from '../../lib/tab-writer.ts';
import { serverError, type Command, type Env } from '../command.ts';
import { describeTemplate } from '../describe-template.ts';
import { JSON_PATCH, STRATEGIC } from '../patching.ts';
import type { Target } from '../targets.ts';
import { display, groupKind, nameOf, pathFor } from '../resources.ts';
import { dryQuery, dryWord, isClientDry, resultText } from '../result.ts';
import { visiting, type Visited } from '../visiting.ts';

/** One entry: a Deployment's ReplicaSet, or a DaemonSet with the template that a ControllerRevision keeps. */
interface Entry {
  readonly revision: number;
  readonly object: KubeObject;
  readonly template: V1PodTemplateSpec | undefined;
  readonly cause: string | undefined;
}
interface State {
  readonly target: Target;
  readonly object: KubeObject;
}
type Reader = (env: Env, state: State, entries: readonly Entry[]) => Visited;

/** Kinds that upstream knows to have no history. */
const VISITED: readonly string[] = ['Pod', 'ReplicaSet'];
const CAUSE = 'kubernetes.io/change-cause';
function entriesOf(owner: KubeObject, items: readonly KubeObject[]): readonly Entry[] {
  const mine = items.filter((item) => item.metadata?.ownerReferences?.some((ref) => ref.uid === owner.metadata?.uid));
  const entries =
    owner.kind === 'Deployment'
      ? mine
          .filter((rs) => rs.metadata?.annotations?.[REVISION] !== undefined)
          .map((rs): Entry => ({
            revision: revisionOf(rs as V1ReplicaSet),
            object: rs,
            template: (rs as V1ReplicaSet).spec?.template,
            cause: rs.metadata?.annotations?.[CAUSE],
          }))
      : mine.map((kept) => keptEntry(owner, kept as V1ControllerRevision));
  return entries.sort((a, b) => a.revision - b.revision);
}
function keptEntry(owner: KubeObject, { revision, data, metadata }: V1ControllerRevision): Entry {
  const { $patch: _patch, ...template } = (
    data as { readonly spec: { readonly template: V1PodTemplateSpec & { readonly $patch?: string } } }
  ).spec.template;
  return {
    revision,
    template,
    cause: metadata?.annotations?.[CAUSE],
    object: { ...owner, spec: { ...(owner as V1Deployment).spec, template } } as KubeObject,
  };
}

/** Upstream writes a ReplicaSet's cause into the template it is about to show. */
const withCause = ({ template, cause }: Entry): V1PodTemplateSpec | undefined =>
  template && cause
    ? { ...template, metadata: { ...template.metadata, annotations: { ...template.metadata?.annotations, [CAUSE]: cause } } }
    : template;

/** Reads the object's history, oldest revision first. */
function overHistory(name: string, read: Reader): Command {
  return visiting({
    name,
    visit(object, target, env) {
      const wanted = Number(env.argv.flags.get('revision') ?? 0);
      if (wanted < 0) return { failure: `revision must be a positive integer: ${wanted}` };
      const said =
        name === 'rollout undo' && object.metadata?.annotations?.[LAST_APPLIED] !== undefined
          ? `Warning: resource ${target.kind.plural}/${target.name} was previously managed with 'kubectl apply'. Rolling back will not update the ${LAST_APPLIED} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.\n`
          : '';
      const plural = object.kind === 'Deployment' ? 'replicasets' : object.kind === 'DaemonSet' ? 'controllerrevisions' : undefined;
      if (plural === undefined && !VISITED.includes(target.kind.kind))
        return {
          said,
          failure: `error retrieving ${name === 'rollout undo' ? 'rollbacker' : 'history'} for ${JSON.stringify(target.kind.kind)}, no visitor method exists for {${target.kind.group} ${target.kind.kind}}`,
        };
      if (plural === undefined)
        return {
          said,
          failure: `no ${name === 'rollout undo' ? 'rollbacker' : 'history viewer'} has been implemented for ${JSON.stringify(groupKind(target.kind))}`,
        };
      return {
        said,
        state: { target, object } satisfies State,
        ask: [{ tag: 'history', request: { method: 'GET', path: `/apis/apps/v1/namespaces/${target.namespace}/${plural}` } }],
      };
    },
    update(model, told, env) {
      const state = model as State;
      if (!told.response) return {};
      if (told.response.code >= 400 || told.response.code === 0) return { failure: serverError(told.response).trimEnd() };
      if (told.tag === 'patched')
        return {
          out: resultText(env, { name: display(state.target.kind, state.target.name), word: 'rolled back', object: told.response.body }),
          exit: 0,
        };
      return read(env, state, entriesOf(state.object, (told.response.body as { readonly items?: readonly KubeObject[] }).items ?? []));
    },
  });
}

/** The entries themselves, as -o wants them. */
function printed(entries: readonly Entry[], output: string): string {
  const items = entries.map(({ object }) => ({ apiVersion: 'apps/v1', kind: object.kind ?? 'ReplicaSet', ...object }));
  if (output === 'name') return items.map((item) => `${nameOf(item)}\n`).join('');
  return output === 'json' ? items.map(toJson).join('') : items.map(toYaml).join('---\n');
}

const history = overHistory('rollout history', (env, { target, object }, entries) => {
  const name = display(target.kind, target.name);
  const isDeployment = object.kind === 'Deployment';
  const wanted = Number(env.argv.flags.get('revision') ?? 0);
  const output = env.argv.flags.get('output') ?? '';
  const found = entries.find(({ revision }) => revision === wanted);
  if (wanted > 0 && !found) return { failure: 'unable to find the specified revision' };
  if (output !== '') return { out: printed(found ? [found] : entries, output), exit: 0 };
  if (found)
    return { out: `${name} with revision #${wanted}\n${describeTemplate(isDeployment ? withCause(found) : found.template)}\n`, exit: 0 };
  const rows = entries.map(
    (entry) => `${entry.revision}\t${(isDeployment ? withCause(entry)?.metadata?.annotations?.[CAUSE] : entry.cause) || '<none>'}\n`,
  );
  return {
    out: `${name} \n${entries.length === 0 ? 'No rollout history found.' : tabbed(`REVISION\tCHANGE-CAUSE\n${rows.join('')}`)}\n`,
    exit: 0,
  };
});

const undo = overHistory('rollout undo', (env, { target, object }, entries) => {
  const name = display(target.kind, target.name);
  const isDeployment = object.kind === 'Deployment';
  const wanted = Number(env.argv.flags.get('to-revision') ?? 0);
  const found = wanted !== 0 ? entries.find(({ revision }) => revision === wanted) : entries.at(-2);
  if (!found)
    return {
      failure:
        wanted !== 0
          ? `unable to find specified revision ${wanted} in history`
          : isDeployment
            ? `no rollout history found for deployment ${JSON.stringify(target.name)}`
            : 'no last revision to roll back to',
    };
  if (isClientDry(env))
    return {
      out:
        env.argv.flags.get('output') === 'name'
          ? `${name}\n`
          : `${name} ${isDeployment ? '' : 'will roll back to '}${describeTemplate(found.template)}${dryWord(env)}\n`,
      exit: 0,
    };
  const { paused, template: current } = (object as V1Deployment).spec ?? {};
  if (paused) return { failure: "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again" };
  const template = isDeployment ? withoutHash(found.template) : found.template;
  if (sameJson(template, current))
    return {
      out: `${name} skipped rollback (current template already matches revision ${isDeployment ? found.revision : wanted})\n`,
      exit: 0,
    };
  const patch = isDeployment
    ? ({
        contentType: JSON_PATCH,
        body: [
          { op: 'replace', path: '/spec/template', value: template },
          { op: 'replace', path: '/metadata/annotations', value: annotationsBackTo(object as V1Deployment, found.object as V1ReplicaSet) },
        ],
      } as const)
    : ({ contentType: STRATEGIC, body: { spec: { template: { ...found.template, $patch: 'replace' } } } } as const);
  return {
    state: { target, object } satisfies State,
    ask: [
      {
        tag: 'patched',
        request: { method: 'PATCH', path: pathFor(target.kind, target.namespace, target.name), ...patch, query: dryQuery(env) },
      },
    ],
  };
});

export default [history, undo] satisfies readonly Command[];
