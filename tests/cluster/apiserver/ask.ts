/** Requests to a cluster's apiserver, and what its tests read of an answer. */
import type { Cluster } from '../../../src/engine/headless.ts';

export interface Body {
  readonly kind?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly name?: string; readonly kind?: string };
  readonly metadata: {
    readonly name?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
    readonly deletionTimestamp?: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
  readonly items: readonly Body[];
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: Readonly<Record<string, unknown>>;
}
export const MERGE = { 'content-type': 'application/merge-patch+json' };
export const askOf =
  (cluster: Cluster) =>
  (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
    as?: { user: string; groups?: readonly string[] },
  ) => {
    const answer = cluster.request({ method, path, body, headers, as });
    return { ...answer, body: answer.body as Body };
  };
