/** Deployment. Upstream: pkg/registry/apps/deployment/strategy.go, pkg/apis/apps/v1/defaults.go (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, containerColumns, nameColumn } from '../machinery/columns.ts';
import { forbidden, invalid, notSupported } from '../machinery/field-error.ts';
import { selectorText } from '../machinery/labels.ts';
import {
  validateCounts,
  firstGeneration,
  isZero,
  nextGeneration,
  validateIntOrPercent,
  validateSelectorUnchanged,
  validateWorkload,
} from '../machinery/workload.ts';
import { defaultTemplate } from '../pods/defaults.ts';
import { changedWarnings, workloadWarnings } from '../pods/warnings.ts';
import type { V1Deployment } from '../schema/kubernetes.ts';

export default {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  inAll: true,
  namespaced: true,
  model: 'V1Deployment',
  subresources: ['status', 'scale'],
  applyDefaults(d) {
    const spec = d.spec ?? { selector: {}, template: {} };
    const type = spec.strategy?.type || 'RollingUpdate';
    const rolling = {
      maxUnavailable: spec.strategy?.rollingUpdate?.maxUnavailable ?? '25%',
      maxSurge: spec.strategy?.rollingUpdate?.maxSurge ?? '25%',
    };
    const strategy = type === 'RollingUpdate' ? { type, rollingUpdate: rolling } : { ...spec.strategy, type };
    return {
      ...d,
      spec: {
        ...spec,
        replicas: spec.replicas ?? 1,
        strategy,
        revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
        progressDeadlineSeconds: spec.progressDeadlineSeconds ?? 600,
        template: defaultTemplate(spec.template),
      },
    };
  },
  prepareForCreate: (d) => firstGeneration(d),
  prepareForUpdate: (next, old) => nextGeneration(next, old, true),
  validate: (d) => {
    const { strategy, progressDeadlineSeconds, minReadySeconds } = d.spec ?? {};
    const rolling = strategy?.rollingUpdate;
    return [
      ...validateWorkload(d, 'deployment'),
      ...(strategy?.type === 'Recreate' && rolling
        ? [forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'")]
        : []),
      ...(strategy?.type !== undefined && !['Recreate', 'RollingUpdate'].includes(strategy.type)
        ? [notSupported('spec.strategy', { Type: strategy.type, RollingUpdate: null }, ['Recreate', 'RollingUpdate'])]
        : []),
      ...validateIntOrPercent(rolling?.maxUnavailable, 'spec.strategy.rollingUpdate.maxUnavailable', true),
      ...validateIntOrPercent(rolling?.maxSurge, 'spec.strategy.rollingUpdate.maxSurge'),
      ...(rolling && isZero(rolling.maxSurge) && isZero(rolling.maxUnavailable)
        ? [invalid('spec.strategy.rollingUpdate.maxUnavailable', rolling.maxUnavailable, 'may not be 0 when `maxSurge` is 0')]
        : []),
      ...((progressDeadlineSeconds ?? 600) <= (minReadySeconds ?? 0)
        ? [invalid('spec.progressDeadlineSeconds', progressDeadlineSeconds, 'must be greater than minReadySeconds')]
        : []),
    ];
  },
  keptByStatus: 'labels',
  validateUpdate: validateSelectorUnchanged,
  warnings: workloadWarnings,
  updateWarnings: changedWarnings,
  validateStatusUpdate: (next, old) => validateCounts(next, old, ['updatedReplicas', 'readyReplicas', 'availableReplicas']),
  columns: [
    nameColumn,
    { name: 'Ready', value: (d) => `${d.status?.readyReplicas ?? 0}/${d.spec?.replicas ?? 0}` },
    { name: 'Up-to-date', isNumber: true, value: (d) => String(d.status?.updatedReplicas ?? 0) },
    { name: 'Available', isNumber: true, value: (d) => String(d.status?.availableReplicas ?? 0) },
    ageColumn,
    ...containerColumns<V1Deployment>(),
    { name: 'Selector', wide: true, value: (d) => selectorText(d.spec?.selector) },
  ],
} satisfies Kind<V1Deployment>;
