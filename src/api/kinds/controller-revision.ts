/** ControllerRevision: the history of a DaemonSet's template. Upstream: pkg/registry/apps/controllerrevision (v1.36). */
import type { Kind } from '../kind.ts';
import { ageColumn, nameColumn } from '../machinery/columns.ts';
import { invalid, required } from '../machinery/field-error.ts';
import { checkMetadata } from '../machinery/names.ts';
import { controllerOf } from '../machinery/owner.ts';
import { sameJson } from '../machinery/patch/same-json.ts';
import type { V1ControllerRevision } from '../schema/kubernetes.ts';

export default {
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  singular: 'controllerrevision',
  shortNames: [],
  namespaced: true,
  model: 'V1ControllerRevision',
  subresources: [],
  validate: (r) => [
    ...checkMetadata(r.metadata),
    ...(r.data === undefined || r.data === null ? [required('data', 'data is mandatory')] : []),
    ...(r.revision < 0 ? [invalid('revision', r.revision, 'must be greater than or equal to 0')] : []),
  ],
  validateUpdate: (next, old) => (sameJson(next.data, old.data) ? [] : [invalid('data', next.data, 'field is immutable')]),
  columns: [
    nameColumn,
    {
      name: 'Controller',
      value: (r) => {
        const c = controllerOf(r);
        return c ? `${c.kind.toLowerCase()}${c.apiVersion.includes('/') ? `.${c.apiVersion.split('/')[0]}` : ''}/${c.name}` : '<none>';
      },
    },
    { name: 'Revision', isNumber: true, value: (r) => String(r.revision ?? 0) },
    ageColumn,
  ],
} satisfies Kind<V1ControllerRevision>;
