/**
 * Gives a Deployment the template of an earlier revision when its annotation asks for it.
 * Upstream: pkg/controller/deployment/rollback.go (v1.36). Simplified: nothing.
 */
import { int64 } from '../../../api/machinery/selector-parser.ts';
import { keyOf } from '../../../api/object.ts';
import type { V1Deployment, V1PodTemplateSpec, V1ReplicaSet } from '../../../api/schema/kubernetes.ts';
import type { EventText } from '../../client/event-writer.ts';
import type { Plan } from '../controller.ts';
import { update } from '../paths.ts';
import { annotationsBackTo, exactRevisionOf, ROLLBACK, sameTemplate, withoutHash } from './replica-sets.ts';

/** The revision that is asked for, 0 for the last one. Upstream: getRollbackTo. */
export const rollbackTo = (d: V1Deployment): bigint | undefined => int64(d.metadata?.annotations?.[ROLLBACK] ?? '');

export function rollback(d: V1Deployment, all: readonly V1ReplicaSet[], asked: bigint): Plan {
  const to = asked === 0n ? lastRevision(all) : asked;
  if (to === 0n)
    return done(d, d, { type: 'Warning', reason: 'DeploymentRollbackRevisionNotFound', message: 'Unable to find last revision.' });
  const set = all.find((one) => exactRevisionOf(one) === to);
  if (!set)
    return done(d, d, {
      type: 'Warning',
      reason: 'DeploymentRollbackRevisionNotFound',
      message: 'Unable to find the revision to rollback to.',
    });
  if (sameTemplate(d.spec?.template, set.spec?.template))
    return done(d, d, {
      type: 'Warning',
      reason: 'DeploymentRollbackTemplateUnchanged',
      message: `The rollback revision contains the same template as current deployment ${JSON.stringify(d.metadata?.name)}`,
    });
  const back = {
    ...d,
    metadata: { ...d.metadata, annotations: annotationsBackTo(d, set) },
    spec: { ...d.spec, template: withoutHash(set.spec?.template) as V1PodTemplateSpec },
  } as V1Deployment;
  return done(d, back, {
    type: 'Normal',
    reason: 'DeploymentRollback',
    message: `Rolled back deployment ${JSON.stringify(d.metadata?.name)} to revision ${to}`,
  });
}

/** The newest but one. Upstream: LastRevision. */
function lastRevision(all: readonly V1ReplicaSet[]): bigint {
  const [, last = 0n] = all.map(exactRevisionOf).sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
  return last;
}

/** In any case the wish is cleared. Upstream: updateDeploymentAndClearRollbackTo. */
function done(was: V1Deployment, d: V1Deployment, event: EventText): Plan {
  const { [ROLLBACK]: _asked, ...annotations } = d.metadata?.annotations ?? {};
  return {
    writes: [update('deployments', { ...d, metadata: { ...d.metadata, annotations } })],
    notes: [
      {
        says: 'deployment/rolled-back',
        about: `deployments.apps/${keyOf(was)}`,
        with: { name: was.metadata?.name, message: event.message, event },
      },
    ],
  };
}
