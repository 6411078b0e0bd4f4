/** Whether something of the user's is under way that time alone brings on: an init container sleeps, a back-off runs, a pod ends or waits for its machine; kubectl follows a log or waits. */
import { isOver } from '../api/pods/phase.ts';
import type { V1Pod } from '../api/schema/kubernetes.ts';
import type { Beat } from './beats.ts';
import { isOwn, isReady, objectsOf, type Picture } from './picture.ts';

const isUnderWay = (pod: V1Pod): boolean =>
  pod.metadata?.deletionTimestamp !== undefined || (pod.spec?.nodeName !== undefined && !isReady(pod) && !isOver(pod));

/** What may never print again is no reason to wait. */
const ENDLESS = /(get|events) .*(-w|--watch)|port-forward|(exec|run|attach|debug) .*(-\w*t|--tty)/;
const isOpen = ({ by, fact }: Beat, { actors }: Picture): boolean =>
  fact.says === 'kubectl/started' && actors.has(by) && !ENDLESS.test(String(fact.with?.command));

/** `beats`: those until then. */
export const isDue = (picture: Picture, beats: readonly Beat[]): boolean =>
  objectsOf<V1Pod>(picture, 'pods').some((pod) => isOwn(pod) && isUnderWay(pod)) || beats.some((beat) => isOpen(beat, picture));
