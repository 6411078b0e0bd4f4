/** Event, of the core group. Upstream: pkg/registry/core/event/strategy.go, printers.go printEvent (v1.36). */
import type { Kind } from '../kind.ts';
import { age } from '../machinery/columns.ts';
import type { CoreV1Event } from '../schema/kubernetes.ts';

const lastSeen = (e: CoreV1Event, now: number): string => {
  const first = age(e.firstTimestamp ?? e.eventTime ?? e.metadata.creationTimestamp, now);
  return (e.count ?? 1) > 1 ? `${age(e.lastTimestamp ?? e.firstTimestamp, now)} (x${e.count} over ${first})` : age(e.lastTimestamp ?? e.firstTimestamp ?? e.eventTime ?? e.metadata.creationTimestamp, now);
};

export default {
  group: '', version: 'v1', kind: 'Event', plural: 'events', singular: 'event', shortNames: ['ev'], namespaced: true, model: 'CoreV1Event', subresources: [], heartbeat: true,
  selectableFields: (e) => ({ 'involvedObject.kind': e.involvedObject.kind ?? '', 'involvedObject.namespace': e.involvedObject.namespace ?? '', 'involvedObject.name': e.involvedObject.name ?? '', 'involvedObject.uid': e.involvedObject.uid ?? '', reason: e.reason ?? '', type: e.type ?? '' }),
  columns: [
    { name: 'Last Seen', value: lastSeen }, { name: 'Type', value: (e) => e.type ?? '' }, { name: 'Reason', value: (e) => e.reason ?? '' },
    { name: 'Object', value: (e) => `${(e.involvedObject.kind ?? '').toLowerCase()}/${e.involvedObject.name ?? ''}` }, { name: 'Message', value: (e) => (e.message ?? '').trim() },
  ],
} satisfies Kind<CoreV1Event>;
