/** Tells the apiserver where a pod goes. Upstream: plugins/defaultbinder/default_binder.go (v1.36). Simplified: nothing. */
import type { SchedulerPlugin } from '../plugin.ts';

export default {
  name: 'DefaultBinder',
  bind: ({ metadata }, machine) => ({
    method: 'POST',
    path: `/api/v1/namespaces/${metadata?.namespace}/pods/${metadata?.name}/binding`,
    body: {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: metadata?.name, namespace: metadata?.namespace, uid: metadata?.uid },
      target: { apiVersion: 'v1', kind: 'Node', name: machine },
    },
  }),
} satisfies SchedulerPlugin;
