/** DaemonSet. Upstream: pkg/registry/apps/daemonset/strategy.go, pkg/apis/apps/v1/defaults.go (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, containerColumns, nameColumn } from '../machinery/columns.ts';
import { invalid, notSupported, required } from '../machinery/field-error.ts';
import { formatLabelSelector, formatMap } from '../machinery/labels.ts';
import {
  validateCounts,
  firstGeneration,
  isZero,
  nextGeneration,
  validateIntOrPercent,
  validateSelectorUnchanged,
  validateWorkload,
} from '../machinery/workload.ts';
import { sameJson } from '../machinery/patch/same-json.ts';
import { defaultTemplate } from '../pods/defaults.ts';
import { changedWarnings, templateWarnings } from '../pods/warnings.ts';
import type { V1DaemonSet } from '../schema/kubernetes.ts';

const count = (
  name: string,
  field: 'desiredNumberScheduled' | 'currentNumberScheduled' | 'numberReady' | 'updatedNumberScheduled' | 'numberAvailable',
) => ({ name, isNumber: true as const, value: (d: V1DaemonSet) => String(d.status?.[field] ?? 0) });

/** Counts the templates that it has had. Upstream: pkg/apis/apps/v1/conversion.go keeps spec.templateGeneration in this annotation. */
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';
const templateGeneration = (d: V1DaemonSet): number => Number(d.metadata?.annotations?.[TEMPLATE_GENERATION]) || 1;
const withTemplateGeneration = (d: V1DaemonSet, generation: number): V1DaemonSet => ({
  ...d,
  metadata: { ...d.metadata, annotations: { ...d.metadata?.annotations, [TEMPLATE_GENERATION]: String(generation) } },
});

export default {
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  singular: 'daemonset',
  shortNames: ['ds'],
  inAll: true,
  namespaced: true,
  model: 'V1DaemonSet',
  subresources: ['status'],
  applyDefaults(d) {
    const spec = d.spec ?? { selector: {}, template: {} };
    const type = spec.updateStrategy?.type || 'RollingUpdate';
    const rollingUpdate = {
      maxUnavailable: spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1,
      maxSurge: spec.updateStrategy?.rollingUpdate?.maxSurge ?? 0,
    };
    return {
      ...d,
      spec: {
        ...spec,
        updateStrategy: type === 'RollingUpdate' ? { type, rollingUpdate } : { ...spec.updateStrategy, type },
        revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
        template: defaultTemplate(spec.template),
      },
    };
  },
  prepareForCreate: (d) =>
    firstGeneration(withTemplateGeneration(d, 1), {
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
      desiredNumberScheduled: 0,
      numberReady: 0,
    }),
  prepareForUpdate: (next, old) =>
    nextGeneration(
      withTemplateGeneration(next, templateGeneration(old) + (sameJson(next.spec?.template, old.spec?.template) ? 0 : 1)),
      old,
    ),
  validate: (d) => {
    const strategy = d.spec?.updateStrategy;
    const { maxSurge, maxUnavailable } = strategy?.rollingUpdate ?? {};
    const at = 'spec.updateStrategy.rollingUpdate';
    return [
      ...validateWorkload(d, 'daemonset'),
      ...(strategy?.type !== undefined && !['OnDelete', 'RollingUpdate'].includes(strategy.type)
        ? [notSupported('spec.updateStrategy', { Type: strategy.type, RollingUpdate: null }, ['RollingUpdate', 'OnDelete'])]
        : []),
      ...validateIntOrPercent(maxUnavailable, `${at}.maxUnavailable`, true),
      ...validateIntOrPercent(maxSurge, `${at}.maxSurge`, true),
      ...(strategy?.rollingUpdate && isZero(maxSurge) && isZero(maxUnavailable)
        ? [required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0')]
        : []),
      ...(strategy?.rollingUpdate && !isZero(maxSurge ?? 0) && !isZero(maxUnavailable ?? 0)
        ? [invalid(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero')]
        : []),
    ];
  },
  validateUpdate: validateSelectorUnchanged,
  warnings: templateWarnings,
  updateWarnings: changedWarnings,
  validateStatusUpdate: (next, old) => validateCounts(next, old, []),
  columns: [
    nameColumn,
    count('Desired', 'desiredNumberScheduled'),
    count('Current', 'currentNumberScheduled'),
    count('Ready', 'numberReady'),
    count('Up-to-date', 'updatedNumberScheduled'),
    count('Available', 'numberAvailable'),
    { name: 'Node Selector', value: (d) => formatMap(d.spec?.template?.spec?.nodeSelector) || '<none>' },
    ageColumn,
    ...containerColumns<V1DaemonSet>(),
    { name: 'Selector', wide: true, value: (d) => formatLabelSelector(d.spec?.selector) },
  ],
} satisfies Kind<V1DaemonSet>;
