/**
 * How long an object that is deleted may still be there, and until when: a later wish can only shorten it.
 * Upstream: staging/src/k8s.io/apiserver/pkg/registry/rest/delete.go BeforeDelete, registry/generic/registry/store.go markAsDeleting (v1.36).
 */
import type { Kind } from '../../api/kind.ts';
import { addSeconds } from '../../api/machinery/time.ts';
import type { KubeObject } from '../../api/object.ts';

/** `until`: RFC 3339, the deletionTimestamp. */
export interface Grace {
  readonly seconds: number;
  readonly until: string;
}

/** `asked`: what the client wants, when it says so; below zero it counts as one second. */
export function graceOf(kind: Kind, object: KubeObject, asked: number | undefined, now: string): Grace {
  const { deletionTimestamp: until, deletionGracePeriodSeconds: had } = object.metadata ?? {};
  const wanted = asked !== undefined && asked < 0 ? 1 : asked;
  if (until === undefined || had === undefined) {
    const wish = kind.graceSeconds?.(object, wanted) ?? 0;
    const seconds = wish < 0 ? 1 : wish;
    return { seconds, until: until ?? addSeconds(now, seconds) };
  }
  if (had === 0 || !kind.graceSeconds) return { seconds: 0, until };
  const left = had < 0 ? 1 : had;
  if (wanted === undefined || wanted >= left) return { seconds: left, until };
  const earlier = addSeconds(until, wanted - had);
  return earlier < now ? { seconds: wanted === 0 ? 0 : 1, until: now } : { seconds: wanted, until: earlier };
}
