/** Whether something of the user's is under way that time alone brings on: an init container sleeps, a back-off runs, a pod ends or waits for its machine. */
import { isOver } from '../api/pods/phase.ts';
import type { V1Pod } from '../api/schema/kubernetes.ts';
import { isOwn, isReady, objectsOf, type Picture } from './picture.ts';

const isUnderWay = (pod: V1Pod): boolean =>
  pod.metadata?.deletionTimestamp !== undefined || (pod.spec?.nodeName !== undefined && !isReady(pod) && !isOver(pod));

export const isDue = (picture: Picture): boolean => objectsOf<V1Pod>(picture, 'pods').some((pod) => isOwn(pod) && isUnderWay(pod));
