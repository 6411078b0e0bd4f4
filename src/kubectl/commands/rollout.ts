/** kubectl rollout. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/rollout, pkg/polymorphichelpers/{history,rollback,rollout_status}.go (v1.36). Simplified: history and undo of Deployments and DaemonSets' revisions by their ReplicaSets only. */
import { rfc3339 } from '../../api/machinery/time.ts';
import { sameJson } from '../../api/machinery/patch/same-json.ts';
import type { KubeObject } from '../../api/object.ts';
import type { V1DaemonSet, V1Deployment, V1ReplicaSet } from '../../api/schema/kubernetes.ts';
import { REVISION, revisionOf, withoutHash } from '../../cluster/controllers/rollout/replica-sets.ts';
import { tabbed } from '../../lib/tab-writer.ts';
import { serverError, type Command, type Env, type Output } from '../command.ts';
import { MERGE, patching, targetsOf, type Target } from '../patching.ts';
import { describeTemplate } from '../describe-template.ts';
import { durationUs } from '../duration.ts';
import { display, pathFor } from '../resources.ts';
import { dryQuery, dryWord, isClientDry, resultText } from '../result.ts';

/** The line that rollout status prints, and whether it is the last one. */
function rolloutLine(object: KubeObject): { readonly text: string; readonly done: boolean; readonly failed?: true } {
  const name = object.metadata?.name ?? '';
  if (object.kind === 'DaemonSet') return daemonSetLine(object as V1DaemonSet, name);
  const { spec, status, metadata } = object as V1Deployment;
  if ((metadata?.generation ?? 0) > (status?.observedGeneration ?? 0)) return { text: 'Waiting for deployment spec update to be observed...\n', done: false };
  const progressing = status?.conditions?.find((c) => c.type === 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') return { text: `error: deployment "${name}" exceeded its progress deadline\n`, done: true, failed: true };
  const [want, updated, total, available] = [spec?.replicas ?? 1, status?.updatedReplicas ?? 0, status?.replicas ?? 0, status?.availableReplicas ?? 0];
  if (updated < want) return { text: `Waiting for deployment "${name}" rollout to finish: ${updated} out of ${want} new replicas have been updated...\n`, done: false };
  if (total > updated) return { text: `Waiting for deployment "${name}" rollout to finish: ${total - updated} old replicas are pending termination...\n`, done: false };
  if (available < updated) return { text: `Waiting for deployment "${name}" rollout to finish: ${available} of ${updated} updated replicas are available...\n`, done: false };
  return { text: `deployment "${name}" successfully rolled out\n`, done: true };
}

function daemonSetLine({ status, metadata, spec }: V1DaemonSet, name: string): { readonly text: string; readonly done: boolean; readonly failed?: true } {
  if (spec?.updateStrategy?.type === 'OnDelete') return { text: 'error: rollout status is only available for RollingUpdate strategy type\n', done: true, failed: true };
  if ((metadata?.generation ?? 0) > (status?.observedGeneration ?? 0)) return { text: 'Waiting for daemon set spec update to be observed...\n', done: false };
  if ((status?.updatedNumberScheduled ?? 0) < (status?.desiredNumberScheduled ?? 0)) return { text: `Waiting for daemon set "${name}" rollout to finish: ${status?.updatedNumberScheduled ?? 0} out of ${status?.desiredNumberScheduled} new pods have been updated...\n`, done: false };
  if ((status?.numberAvailable ?? 0) < (status?.desiredNumberScheduled ?? 0)) return { text: `Waiting for daemon set "${name}" rollout to finish: ${status?.numberAvailable ?? 0} of ${status?.desiredNumberScheduled} updated pods are available...\n`, done: false };
  return { text: `daemon set "${name}" successfully rolled out\n`, done: true };
}

interface StatusState { readonly target: Target; readonly last: string; readonly isWatching: boolean }
function only(env: Env): Target | { readonly err: string; readonly exit: number } {
  if (env.argv.words.length === 0 && !env.argv.flags.has('filename')) return { err: 'error: required resource not specified\n', exit: 1 };
  const targets = targetsOf(env, env.argv.words);
  return 'exit' in targets ? targets : targets[0];
}

const status: Command = {
  name: 'rollout status',
  init(env) {
    const target = only(env);
    if ('exit' in target) return target;
    const timeout = durationUs(env.argv.flags.get('timeout'));
    return { state: { target, last: '', isWatching: false } satisfies StatusState, ask: [{ tag: 'get', request: { method: 'GET', path: pathFor(target.kind, target.namespace, target.name) } }], ...(timeout === undefined ? {} : { wakeUs: timeout }) };
  },
  update(model, told, env) {
    const state = model as StatusState;
    if (told.tag === 'timer') return { err: 'error: timed out waiting for the condition\n', exit: 1 };
    if (told.response && told.response.code !== 200) return { err: serverError(told.response), exit: 1 };
    const object = told.event?.object ?? (told.response?.body as KubeObject | undefined);
    if (!object) return {};
    if (told.event?.type === 'DELETED') return { err: 'error: object has been deleted\n', exit: 1 };
    if (!['Deployment', 'DaemonSet'].includes(object.kind ?? '')) return { err: `error: no status viewer has been implemented for {${state.target.kind.group} ${state.target.kind.kind}}\n`, exit: 1 };
    const { text, done, failed } = rolloutLine(object);
    if (failed) return { err: text, exit: 1 };
    const out = text === state.last ? '' : text;
    if (done || env.argv.flags.get('watch') === 'false') return { out, exit: 0 };
    const next = { ...state, last: text, isWatching: true } satisfies StatusState;
    if (told.event) return { out, state: next };
    return { out, state: next, ask: [{ tag: 'watch', isWatch: true, request: { method: 'GET', path: pathFor(state.target.kind, state.target.namespace), query: { watch: '1', fieldSelector: `metadata.name=${state.target.name}`, resourceVersion: object.metadata?.resourceVersion ?? '' } } }] };
  },
};

interface HistoryState { readonly target: Target; readonly object?: KubeObject }
type Reader = (env: Env, deployment: V1Deployment, sets: readonly V1ReplicaSet[], target: Target) => Output;

/** Reads the Deployment, then its ReplicaSets, oldest revision first. */
function overHistory(name: string, read: Reader): Command {
  return {
    name,
    init(env) {
      const target = only(env);
      if ('exit' in target) return target;
      return { state: { target } satisfies HistoryState, ask: [{ tag: 'get', request: { method: 'GET', path: pathFor(target.kind, target.namespace, target.name) } }] };
    },
    update(model, told, env) {
      const state = model as HistoryState;
      if (!told.response) return {};
      if (told.response.code >= 400 || told.response.code === 0) return { err: serverError(told.response), exit: 1 };
      if (told.tag === 'get') {
        const body = told.response.body as KubeObject & { readonly items?: readonly KubeObject[] };
        const object = body.items ? body.items[0] : body;
        if (object?.kind !== 'Deployment') return { err: `error: no ${name === 'rollout undo' ? 'rollbacker' : 'history viewer'} has been implemented for ${JSON.stringify(state.target.kind.kind)}\n`, exit: 1 };
        return { state: { ...state, object } satisfies HistoryState, ask: [{ tag: 'sets', request: { method: 'GET', path: `/apis/apps/v1/namespaces/${state.target.namespace}/replicasets` } }] };
      }
      if (told.tag === 'patched') return { out: resultText(env, { name: display(state.target.kind, state.target.name), word: 'rolled back', object: told.response.body }), exit: 0 };
      const sets = ((told.response.body as { readonly items?: readonly V1ReplicaSet[] }).items ?? []).filter((rs) => rs.metadata?.ownerReferences?.some((ref) => ref.uid === state.object?.metadata?.uid) && rs.metadata.annotations?.[REVISION] !== undefined);
      return read(env, state.object as V1Deployment, [...sets].sort((a, b) => revisionOf(a) - revisionOf(b)), state.target);
    },
  };
}

const history = overHistory('rollout history', (env, deployment, sets, target) => {
  const name = display(target.kind, deployment.metadata?.name);
  const wanted = Number(env.argv.flags.get('revision') ?? 0);
  if (wanted > 0) {
    const found = sets.find((rs) => revisionOf(rs) === wanted);
    if (!found) return { err: `error: unable to find the specified revision\n`, exit: 1 };
    return { out: `${name} with revision #${wanted}\n${describeTemplate(found.spec?.template)}\n`, exit: 0 };
  }
  const rows = sets.map((rs) => `${revisionOf(rs)}\t${rs.metadata?.annotations?.['kubernetes.io/change-cause'] ?? '<none>'}\n`);
  return { out: `${name} \n${tabbed(`REVISION\tCHANGE-CAUSE\n${rows.join('')}`)}\n`, exit: 0 };
});

const undo = overHistory('rollout undo', (env, deployment, sets, target) => {
  const name = display(target.kind, deployment.metadata?.name);
  if (deployment.spec?.paused) return { err: `error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again\n`, exit: 1 };
  const wanted = Number(env.argv.flags.get('to-revision') ?? 0);
  const found = wanted > 0 ? sets.find((rs) => revisionOf(rs) === wanted) : sets[sets.length - 2];
  if (!found) return { err: wanted > 0 ? `error: unable to find specified revision ${wanted} in history\n` : `error: no rollout history found for deployment ${JSON.stringify(deployment.metadata?.name)}\n`, exit: 1 };
  const template = withoutHash(found.spec?.template);
  if (sameJson(template, deployment.spec?.template)) return { out: `${name} skipped rollback (current template already matches revision ${revisionOf(found)})\n`, exit: 0 };
  if (isClientDry(env)) return { out: env.argv.flags.get('output') === 'name' ? `${name}\n` : `${name} ${describeTemplate(found.spec?.template)}${dryWord(env)}\n`, exit: 0 };
  return { state: { target, object: deployment } satisfies HistoryState, ask: [{ tag: 'patched', request: { method: 'PATCH', path: pathFor(target.kind, target.namespace, target.name), contentType: 'application/json-patch+json', body: [{ op: 'replace', path: '/spec/template', value: template }], query: dryQuery(env) } }] };
});

const plural = (object: KubeObject): string => (object.kind === 'Deployment' ? 'deployments.apps' : object.kind === 'DaemonSet' ? 'daemonsets.apps' : '');
const isPaused = (object: KubeObject): boolean => (object as V1Deployment).spec?.paused ?? false;

const restart = patching({
  name: 'rollout restart',
  patchOf: (env, current) => {
    if (plural(current) === '') return { error: `error: ${(current.kind ?? '').toLowerCase()}s ${JSON.stringify(current.metadata?.name)} restarting is not supported\n` };
    if (isPaused(current)) return { error: `error: ${plural(current)} ${JSON.stringify(current.metadata?.name)} can't restart paused deployment (run rollout resume first)\n` };
    return { body: { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': rfc3339(env.nowMs) } } } } }, word: 'restarted' };
  },
});
const pausing = (name: 'pause' | 'resume'): Command => patching({
  name: `rollout ${name}`,
  patchOf: (_env, current) => {
    if (current.kind !== 'Deployment') return { error: `error: ${(current.kind ?? '').toLowerCase()}s ${JSON.stringify(current.metadata?.name)} ${name === 'pause' ? 'pausing' : 'resuming'} is not supported\n` };
    if (isPaused(current) === (name === 'pause')) return { error: `error: ${plural(current)} ${JSON.stringify(current.metadata?.name)} is ${name === 'pause' ? 'already' : 'not'} paused\n` };
    return { body: { spec: { paused: name === 'pause' ? true : null } }, contentType: MERGE, word: name === 'pause' ? 'paused' : 'resumed' };
  },
});

export default [status, history, undo, restart, pausing('pause'), pausing('resume')] satisfies readonly Command[];
