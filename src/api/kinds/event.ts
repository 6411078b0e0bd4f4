/** Event, of the core group. Upstream: pkg/registry/core/event/strategy.go, pkg/apis/core/validation/events.go, printers.go printEvent (v1.36). Simplified: only legacy validation. */
import type { Kind } from '../kind.ts';
import { age } from '../machinery/columns.ts';
import { invalid } from '../machinery/field-error.ts';
import { checkMetadata } from '../machinery/names.ts';
import type { CoreV1Event } from '../schema/kubernetes.ts';

const firstSeen = (e: CoreV1Event, now: number): string => age(e.firstTimestamp ?? e.eventTime, now);
const lastSeen = (e: CoreV1Event, now: number): string =>
  e.series ? age(e.series.lastObservedTime, now) : !e.lastTimestamp ? firstSeen(e, now) : age(e.lastTimestamp, now);
const about = ({ involvedObject: { kind, name } = {} }: CoreV1Event): string =>
  name ? `${(kind ?? '').toLowerCase()}/${name}` : (kind ?? '').toLowerCase();
const source = (e: CoreV1Event): string =>
  [e.source?.component || e.reportingComponent || '', e.source?.host || e.reportingInstance || '']
    .filter((part, i) => i === 0 || part !== '')
    .join(', ');

export default {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  namespaced: true,
  model: 'CoreV1Event',
  subresources: [],
  heartbeat: true,
  isCreatedByUpdate: true,
  validate: (e) => {
    const wanted = e.involvedObject.namespace || 'default';
    return [
      ...checkMetadata(e.metadata),
      ...((e.metadata.namespace ?? wanted) === wanted
        ? []
        : [invalid('involvedObject.namespace', e.involvedObject.namespace ?? '', 'does not match event.namespace')]),
    ];
  },
  selectableFields: (e) => ({
    'involvedObject.kind': e.involvedObject.kind ?? '',
    'involvedObject.namespace': e.involvedObject.namespace ?? '',
    'involvedObject.name': e.involvedObject.name ?? '',
    'involvedObject.uid': e.involvedObject.uid ?? '',
    'involvedObject.apiVersion': e.involvedObject.apiVersion ?? '',
    'involvedObject.resourceVersion': e.involvedObject.resourceVersion ?? '',
    'involvedObject.fieldPath': e.involvedObject.fieldPath ?? '',
    reason: e.reason ?? '',
    reportingComponent: e.reportingComponent ?? '',
    source: e.source?.component || e.reportingComponent || '',
    type: e.type ?? '',
  }),
  columns: [
    { name: 'Last Seen', value: lastSeen },
    { name: 'Type', value: (e) => e.type ?? '' },
    { name: 'Reason', value: (e) => e.reason ?? '' },
    { name: 'Object', value: about },
    { name: 'Subobject', wide: true, value: (e) => e.involvedObject?.fieldPath ?? '' },
    { name: 'Source', wide: true, value: source },
    { name: 'Message', value: (e) => (e.message ?? '').trim() },
    { name: 'First Seen', wide: true, value: firstSeen },
    { name: 'Count', isNumber: true, wide: true, value: (e) => String(e.series ? (e.series.count ?? 0) : e.count || 1) },
    { name: 'Name', wide: true, value: (e) => e.metadata.name ?? '' },
  ],
} satisfies Kind<CoreV1Event>;
