/** The pods that a command means which names a workload or a Service, the best first. Upstream: staging/src/k8s.io/kubectl/pkg/polymorphichelpers, pkg/util/podutils ActivePods (v1.36). Simplified: the logs of the oldest pod come first. */
import type { Kind } from '../api/kind.ts';
import { byAge, type KubeObject } from '../api/object.ts';
import { formatLabelSelector, formatMap } from '../api/machinery/labels.ts';
import type { V1LabelSelector, V1Pod } from '../api/schema/kubernetes.ts';
import type { Ask, Env } from './command.ts';

const WITH_PODS: readonly string[] = ['Deployment', 'ReplicaSet', 'DaemonSet', 'Service'];
/** The selector of a workload's pods. */
const selectorOf = (object: KubeObject): string => {
  const selector = (object as { readonly spec?: { readonly selector?: V1LabelSelector | Readonly<Record<string, string>> } }).spec
    ?.selector;
  return object.kind === 'Service'
    ? formatMap(selector as Readonly<Record<string, string>>)
    : formatLabelSelector(selector as V1LabelSelector);
};

export const podsAsk = (env: Env, labelSelector: string): Ask => ({
  tag: 'pods',
  request: { method: 'GET', path: `/api/v1/namespaces/${env.namespace}/pods`, query: { labelSelector } },
});

const PHASES = ['Running', 'Unknown'];
/** What counts more comes first; the smaller, the better. */
function ranks({ spec, status }: V1Pod): readonly (number | string)[] {
  const phase = PHASES.indexOf(status?.phase ?? '');
  const ready = status?.conditions?.find((c) => c.type === 'Ready' && c.status === 'True');
  return [
    spec?.nodeName ? 0 : 1,
    phase < 0 ? PHASES.length : phase,
    ready ? 0 : 1,
    ready?.lastTransitionTime ?? '',
    Math.max(0, ...(status?.containerStatuses ?? []).map((c) => c.restartCount)),
  ];
}
function bestFirst(a: V1Pod, b: V1Pod): number {
  const [of, than] = [ranks(a), ranks(b)];
  const at = of.findIndex((rank, i) => rank !== than[i]);
  return at < 0 ? byAge(a, b) : of[at] < than[at] ? -1 : 1;
}

/** From an answer to the pods that are meant, or to what must be asked for them. `to`: what a fault says that cannot be done. */
export function itsPods(
  {
    tag,
    kind,
    body,
    to,
  }: { readonly tag: string; readonly kind: Kind; readonly body: unknown; readonly to: 'attach to' | 'get the logs from' },
  env: Env,
): { readonly pods: readonly V1Pod[] } | { readonly ask: readonly Ask[] } | { readonly fault: string } {
  const object = body as KubeObject & { readonly items?: readonly V1Pod[] };
  if (tag === 'pods') return { pods: [...(object.items ?? [])].sort(to === 'attach to' ? bestFirst : byAge) };
  if (kind.kind === 'Pod') return { pods: [object as V1Pod] };
  const selector = WITH_PODS.includes(object.kind ?? '') ? selectorOf(object) : undefined;
  if (selector) return { ask: [podsAsk(env, selector)] };
  const why =
    selector === undefined
      ? `selector for *v1.${object.kind} not implemented`
      : `invalid service '${object.metadata?.name}': Service is defined without a selector`;
  return { fault: `error: cannot ${to} *v1.${object.kind}: ${why}\n` };
}
