/** What the apiserver may look at while it decides: its own caches, read-only. */
import type { KubeObject } from '../../api/object.ts';

export interface ServerView {
  get<O extends KubeObject>(resource: string, key: string): O | undefined;
  list<O extends KubeObject>(resource: string): Iterable<O>;
  /** The objects as they were at a revision; undefined when that is too long ago. */
  listAt(resource: string, revision: number): Iterable<KubeObject> | undefined;
  /** The newest revision in the caches. */
  readonly revision: number;
  readonly serviceCIDR: string;
  /** RFC 3339, seconds. */
  readonly now: string;
}
