/** What one file in this folder says about a resource that needs more than the shared REST storage: allocation, extra subresources. */
import type { V1Status } from '../../../api/schema/kubernetes.ts';
import type { KubeObject } from '../../../api/object.ts';
import type { Lots } from '../decision.ts';
import type { ServerView } from '../view.ts';

export interface Subresource {
  /** The model of what is sent, where that is the whole object: a strategic patch goes by it, and the object counts its generations. */
  readonly model?: string;
  /** The object that a write to the subresource leaves, given what was sent. */
  readonly write: (current: KubeObject, body: unknown, view: ServerView) => { readonly object: KubeObject } | { readonly status: V1Status };
  /** What a read or a successful write shows. */
  readonly show: (object: KubeObject) => unknown;
}

export interface Resource {
  readonly plural: string;
  readonly group: string;
  /** Allocates what only the server can (cluster IPs, node ports). */
  readonly beforeCreate?: (
    object: KubeObject,
    view: ServerView,
    lots: Lots,
  ) => { readonly object: KubeObject } | { readonly status: V1Status };
  readonly beforeUpdate?: (
    next: KubeObject,
    old: KubeObject,
    view: ServerView,
    lots: Lots,
  ) => { readonly object: KubeObject } | { readonly status: V1Status };
  readonly subresources?: Readonly<Record<string, Subresource>>;
  /** Read from etcd each time, and watched there for each client: the apiserver keeps no copy. */
  readonly isUncached?: true;
  /** How long an object lives in etcd. */
  readonly ttlSeconds?: number;
}
