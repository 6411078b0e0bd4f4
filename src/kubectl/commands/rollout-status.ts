/** kubectl rollout status. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_status.go, pkg/polymorphichelpers/rollout_status.go (v1.36). Simplified: nothing. */
import type { KubeObject } from '../../api/object.ts';
import type { V1DaemonSet, V1Deployment } from '../../api/schema/kubernetes.ts';
import { revisionOf } from '../../cluster/controllers/rollout/replica-sets.ts';
import type { Command, Env } from '../command.ts';
import { durationUs } from '../../lib/go-duration.ts';
import { watchAsk, type Target } from '../targets.ts';
import { groupKind, pathFor } from '../resources.ts';
import { visiting, type Visited } from '../visiting.ts';

/** The line that rollout status prints, and whether it is the last one; else what is wrong. */
function rolloutLine(object: KubeObject, revision: number): { readonly text: string; readonly done: boolean; readonly failed?: true } {
  const name = object.metadata?.name ?? '';
  if (object.kind === 'DaemonSet') return daemonSetLine(object as V1DaemonSet, name);
  const { spec, status, metadata } = object as V1Deployment;
  if (revision > 0 && revisionOf(object as V1Deployment) !== revision)
    return {
      text: `desired revision (${revision}) is different from the running revision (${revisionOf(object as V1Deployment)})`,
      done: true,
      failed: true,
    };
  if ((metadata?.generation ?? 0) > (status?.observedGeneration ?? 0))
    return { text: 'Waiting for deployment spec update to be observed...\n', done: false };
  const progressing = status?.conditions?.find((c) => c.type === 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    return { text: `deployment "${name}" exceeded its progress deadline`, done: true, failed: true };
  const [want, updated, total, available] = [
    spec?.replicas ?? 1,
    status?.updatedReplicas ?? 0,
    status?.replicas ?? 0,
    status?.availableReplicas ?? 0,
  ];
  if (updated < want)
    return {
      text: `Waiting for deployment "${name}" rollout to finish: ${updated} out of ${want} new replicas have been updated...\n`,
      done: false,
    };
  if (total > updated)
    return {
      text: `Waiting for deployment "${name}" rollout to finish: ${total - updated} old replicas are pending termination...\n`,
      done: false,
    };
  if (available < updated)
    return {
      text: `Waiting for deployment "${name}" rollout to finish: ${available} of ${updated} updated replicas are available...\n`,
      done: false,
    };
  return { text: `deployment "${name}" successfully rolled out\n`, done: true };
}

function daemonSetLine(
  { status, metadata, spec }: V1DaemonSet,
  name: string,
): { readonly text: string; readonly done: boolean; readonly failed?: true } {
  if (spec?.updateStrategy?.type === 'OnDelete')
    return { text: 'rollout status is only available for RollingUpdate strategy type', done: true, failed: true };
  if ((metadata?.generation ?? 0) > (status?.observedGeneration ?? 0))
    return { text: 'Waiting for daemon set spec update to be observed...\n', done: false };
  if ((status?.updatedNumberScheduled ?? 0) < (status?.desiredNumberScheduled ?? 0))
    return {
      text: `Waiting for daemon set "${name}" rollout to finish: ${status?.updatedNumberScheduled ?? 0} out of ${status?.desiredNumberScheduled} new pods have been updated...\n`,
      done: false,
    };
  if ((status?.numberAvailable ?? 0) < (status?.desiredNumberScheduled ?? 0))
    return {
      text: `Waiting for daemon set "${name}" rollout to finish: ${status?.numberAvailable ?? 0} of ${status?.desiredNumberScheduled} updated pods are available...\n`,
      done: false,
    };
  return { text: `daemon set "${name}" successfully rolled out\n`, done: true };
}

interface State {
  readonly target: Target;
  readonly last: string;
  readonly isWatching: boolean;
  /** In milliseconds; when --timeout is over. */
  readonly untilMs: number;
}

/** What the object's state says, and a watch when it is not the last word. */
function look(state: State, object: KubeObject, env: Env): Visited {
  const { kind, namespace, name } = state.target;
  const { flags } = env.argv;
  if (!['Deployment', 'DaemonSet'].includes(object.kind ?? ''))
    return { failure: `no status viewer has been implemented for ${groupKind(kind)}` };
  const { text, done, failed } = rolloutLine(object, Number(flags.get('revision') ?? 0));
  if (failed) return { failure: text, hangUp: 'watch' };
  const out = text === state.last ? '' : text;
  if (done || flags.get('watch') === 'false') return { out, exit: 0, hangUp: 'watch' };
  const next = { ...state, last: text, isWatching: true } satisfies State;
  if (state.isWatching) return { out, state: next };
  return { out, state: next, ask: watchAsk('watch', pathFor(kind, namespace, name), object.metadata?.resourceVersion) };
}

export default [
  visiting({
    name: 'rollout status',
    visit(object, target, env) {
      const timeout = durationUs(env.argv.flags.get('timeout'));
      const looked = look(
        { target, last: '', isWatching: false, untilMs: timeout === undefined ? Infinity : env.nowMs + Math.floor(timeout / 1000) },
        object,
        env,
      );
      return timeout === undefined ? looked : { ...looked, wakeUs: timeout };
    },
    update(model, told, env) {
      const state = model as State;
      if (told.tag === 'timer')
        return env.nowMs >= state.untilMs ? { failure: 'timed out waiting for the condition', hangUp: 'watch' } : {};
      if (!told.event) return {};
      return told.event.type === 'DELETED' ? { failure: 'object has been deleted', hangUp: 'watch' } : look(state, told.event.object, env);
    },
  }),
] satisfies readonly Command[];
