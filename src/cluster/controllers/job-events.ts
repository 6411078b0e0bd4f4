/**
 * The Events that controllers write: of what their jobs have done, and of what was refused.
 * Upstream: client-go tools/record; pkg/controller/controller_utils.go (v1.36).
 */
import type { Context } from '../../kernel/component.ts';
import type { Fact } from '../../kernel/fact.ts';
import { recordEvent } from '../client/event-recorder.ts';
import type { EventText } from '../client/event-writer.ts';
import { viewOf } from '../client/indexed-cache.ts';
import type { ControllerEvent } from './controller.ts';
import type { Job, ManagerState } from './manager-state.ts';

/** `write`: the write whose success the Event tells of, when it is not the last. A message with $name is said once for each write in [from, to). */
type EventWish = EventText & Partial<ControllerEvent> & { readonly write?: number; readonly from?: number; readonly to?: number };

/** The Events that a plan's facts ask for: one for each created or deleted object, or one when its write is done. */
export function emitEvents(state: ManagerState, job: Job, write: number, name: string, ctx: Context): void {
  for (const note of job.notes) {
    const wish = note.with?.event as EventWish | undefined;
    if (!wish) continue;
    const isEach = wish.message.includes('$name');
    const isDue = isEach
      ? write >= (wish.from ?? 0) && write < (wish.to ?? (job.slowStart || job.writes.length))
      : write === (wish.write ?? job.writes.length - 1);
    if (isDue) emit(state, note, { ...wish, message: wish.message.replace('$name', name) }, ctx);
  }
}

/** Tells what was refused. Upstream: controller_utils.go FailedCreatePodReason. */
export function tellRefusal(state: ManagerState, job: Job, said: string, ctx: Context): void {
  for (const note of job.notes) {
    const reason = (note.with?.event as EventWish | undefined)?.reason ?? '';
    if (Object.hasOwn(FAILED, reason))
      emit(state, note, { type: 'Warning', reason: FAILED[reason][0], message: `${FAILED[reason][1]}: ${said}` }, ctx);
  }
}

const FAILED: Readonly<Record<string, readonly [string, string]>> = {
  SuccessfulCreate: ['FailedCreate', 'Error creating'],
  SuccessfulDelete: ['FailedDelete', 'Error deleting'],
};

function emit(state: ManagerState, note: Fact, event: EventText & Partial<ControllerEvent>, ctx: Context): void {
  const ref = /^([^/]+)\/(.+)$/.exec(note.about ?? '');
  const { component = sourceOf(note.says), regarding = ref ? viewOf(state.reflectors.cache).get(ref[1], ref[2]) : undefined } = event;
  if (regarding) writeDown(state, { ...event, component, regarding }, ctx);
}

export function writeDown(state: ManagerState, { component, regarding, type, reason, message }: ControllerEvent, ctx: Context): void {
  recordEvent(ctx, { ...state.recorder, source: Object.freeze({ component }) }, state.reflectors.endpoint, regarding, {
    type,
    reason,
    message,
  });
}

/** Who an Event says it is from: 'deployment/scaled' → deployment-controller. */
function sourceOf(says: string): string {
  const [area] = says.split('/');
  return SOURCES[area] ?? `${area}-controller`;
}

const SOURCES: Readonly<Record<string, string>> = {
  'node-lifecycle': 'node-controller',
  nodelifecycle: 'node-controller',
  node: 'node-controller',
  endpointslice: 'endpoint-slice-controller',
  podgc: 'pod-garbage-collector',
  garbagecollector: 'garbage-collector-controller',
};
