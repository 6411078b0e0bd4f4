/** What tests of pods ask again and again. */
import type { Examiner, Pod } from './examiner.ts';

export const nginx = { name: 'c', image: 'nginx:1.29' };
export const restarts = (pod: Pod): number => pod.status.containerStatuses?.[0].restartCount ?? 0;
export const seconds = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;
/** Deletes a pod; from then until it is gone. */
export function secondsToGo(e: Examiner, name: string, options?: object): number {
  const from = e.cluster.now;
  e.remove('pods', name, options);
  e.gone('pods', name);
  return e.cluster.now - from;
}
