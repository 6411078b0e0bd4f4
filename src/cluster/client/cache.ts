/**
 * An informer's store as its readers see it: by key, by namespace, by owner, by machine, counted as it changes so that nobody counts by scanning.
 * Upstream: staging/src/k8s.io/client-go/tools/cache (v1.36).
 */
import type { KubeObject } from '../../api/object.ts';

export interface Tally {
  readonly total: number;
  readonly active: number;
  readonly ready: number;
  readonly terminating: number;
  readonly failed: number;
  readonly succeeded: number;
}

export interface LabelCount {
  readonly labels: Readonly<Record<string, string>>;
  readonly active: number;
}

/** The latest changes, oldest first. An entry is frozen and made once: worlds that share it share all that came before it. */
export interface Journal {
  /** How many older changes are no longer listed. */
  readonly forgotten: number;
  readonly changes: readonly { readonly key: string; readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' }[];
}

export interface Cache {
  /** `resource` as in 'pods' or 'deployments.apps'; `key` is 'namespace/name' or 'name'. */
  get<O extends KubeObject>(resource: string, key: string): O | undefined;
  list<O extends KubeObject>(resource: string, namespace?: string): readonly O[];
  /** What list lists, without a copy. */
  each<O extends KubeObject>(resource: string, namespace: string, visit: (object: O) => void): void;
  count(resource: string): number;
  /** Objects of a resource whose controlling owner has this uid. */
  controlledBy<O extends KubeObject>(resource: string, uid: string): readonly O[];
  /** Objects of a namespace that no controller owns. */
  orphans<O extends KubeObject>(resource: string, namespace: string): readonly O[];
  /** The different label sets of the pods that this uid controls, each with the number of active pods that carry it. */
  podLabelsOf(uid: string): readonly LabelCount[];
  /** Every cached object, of any resource, that names this uid among its owners. */
  dependentsOf(uid: string): readonly KubeObject[];
  /** Pods with this spec.nodeName. */
  podsOn<O extends KubeObject>(machine: string): readonly O[];
  /** What became of a namespace's pods lately: who knows how far he read need not look at every pod again. */
  podJournal(namespace: string): Journal;
  /** Counts of the pods that this uid controls, kept as they change. */
  podTally(uid: string): Tally;
}
