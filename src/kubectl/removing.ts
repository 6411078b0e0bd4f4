/** Deletes an object and waits until it is gone, for what is then made anew. Upstream: pkg/cmd/apply/patcher.go deleteAndCreate, pkg/cmd/replace/replace.go forceReplace (v1.36). */
import type { KubeObject } from '../api/object.ts';
import { serverError, type Ask, type Env, type Output, type Told } from './command.ts';
import { propagationOf } from './flag-values.ts';
import type { Kind } from '../api/kind.ts';
import { qualifiedSingular } from '../api/registry.ts';
import { watchAsk } from './targets.ts';

export function removeAsk(path: string, { argv }: Env): Ask {
  const grace = Number(argv.flags.get('grace-period') ?? -1);
  return {
    tag: 'removed',
    request: {
      method: 'DELETE',
      path,
      body: {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        propagationPolicy: propagationOf(argv),
        ...(grace < 0 ? {} : { gracePeriodSeconds: Math.max(1, grace) }),
      },
    },
  };
}

/** 'pod "web" deleted from default namespace' */
export const deletedText = (kind: Kind, name: string | undefined, namespace: string | undefined, word = 'deleted'): string =>
  `${qualifiedSingular(kind)} "${name}" ${word}${kind.namespaced ? ` from ${namespace} namespace` : ''}`;

/** Whether `told` answers what was asked here. */
export const isRemoving = ({ tag }: Told): boolean => tag === 'removed' || tag === 'left' || tag === 'leaving';

/** 'gone' once it is; else what is asked next, or the server's refusal as `failure`. */
export function removed(path: string, { tag, response, event }: Told): 'gone' | { readonly failure: string } | Output {
  if (event) return event.type === 'DELETED' ? 'gone' : {};
  if (!response || tag === 'leaving') return {};
  if (response.code === 404) return 'gone';
  if (response.code >= 400 || response.code === 0) return { failure: serverError(response) };
  if (tag === 'removed') return { ask: [{ tag: 'left', request: { method: 'GET', path } }] };
  return { ask: watchAsk('leaving', path, (response.body as KubeObject).metadata?.resourceVersion) };
}
