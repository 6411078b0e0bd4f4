/**
 * kubectl cluster-info dump: the lists of some namespaces and every log in them, one after the other.
 * Upstream: staging/src/k8s.io/kubectl/pkg/cmd/clusterinfo/clusterinfo_dump.go (v1.36). Simplified: to the terminal alone; ReplicationControllers are not served and left out.
 */
import type { KubeObject } from '../../api/object.ts';
import type { Kind } from '../../api/kind.ts';
import { apiVersionOf, kindNamed } from '../../api/registry.ts';
import type { V1Pod, V1Status } from '../../api/schema/kubernetes.ts';
import { allContainers } from '../../api/pods/containers.ts';
import { listOf } from '../argv.ts';
import { serverError, type Ask, type Command, type Env } from '../command.ts';
import { formatted } from '../printing.ts';
import { pathFor } from '../resources.ts';

interface List extends KubeObject {
  readonly items?: readonly KubeObject[];
}
interface State {
  readonly queue: readonly Ask[];
}
/** In upstream's order. */
const KINDS = ['events', 'services', 'daemonsets', 'deployments', 'replicasets', 'pods'] as const;

function listAsk(plural: string, namespace: string): readonly Ask[] {
  const kind = kindNamed(plural);
  return kind ? [{ tag: 'list', data: kind, request: { method: 'GET', path: pathFor(kind, namespace) } }] : [];
}
const asksIn = (namespaces: readonly string[]): readonly Ask[] =>
  namespaces.flatMap((namespace) => KINDS.flatMap((plural) => listAsk(plural, namespace)));
/** All of them are asked for first. */
function namespaceAsks(env: Env): readonly Ask[] {
  const named = listOf(env.argv, 'namespaces');
  return env.argv.flags.has('all-namespaces')
    ? listAsk('namespaces', '').map((ask) => ({ ...ask, tag: 'namespaces' }))
    : asksIn(named.length > 0 ? named : ['kube-system', env.namespace]);
}
const logAsks = (list: List): readonly Ask[] =>
  (list.items ?? []).flatMap((pod) =>
    allContainers(pod as V1Pod).map(({ name }) => ({
      tag: 'log',
      data: `container ${name} of pod ${pod.metadata?.namespace}/${pod.metadata?.name}`,
      request: {
        method: 'GET' as const,
        path: `/api/v1/namespaces/${pod.metadata?.namespace}/pods/${pod.metadata?.name}/log`,
        query: { container: name },
      },
    })),
  );

export default [
  {
    name: 'cluster-info dump',
    init(env) {
      const output = env.argv.flags.get('output-directory') ?? '-';
      if (output !== '-' && output !== '')
        return {
          err: `error: open ${output}: there are no files here; without --output-directory the dump goes to the terminal\n`,
          exit: 1,
        };
      const [first, ...queue] = [...listAsk('nodes', ''), ...namespaceAsks(env)];
      return { state: { queue } satisfies State, ask: [first] };
    },
    update(model, { tag, data, response }, env) {
      if (!response) return {};
      if (response.code !== 200 && tag !== 'log') return { err: serverError(response), exit: 1 };
      const list = response.body as List;
      if (tag === 'namespaces') {
        const [first, ...queue] = asksIn((list.items ?? []).flatMap(({ metadata }) => metadata?.name ?? []));
        return { state: { queue } satisfies State, ask: [first] };
      }
      const isPods = tag === 'list' && list.kind === 'PodList';
      const [next, ...queue] = [...(isPods ? logAsks(list) : []), ...(model as State).queue];
      const kind = data as Kind;
      const said =
        tag === 'list'
          ? (formatted(env.argv.flags.get('output') ?? 'json', { apiVersion: apiVersionOf(kind), kind: `${kind.kind}List`, ...list }) ?? {
              out: '',
            })
          : {
              out: `==== START logs for ${String(data)} ====\n${response.code === 200 ? String(response.body ?? '') : `Request log error: ${(response.body as V1Status).message}\n`}==== END logs for ${String(data)} ====\n`,
            };
      if (said.err !== undefined) return { ...said, exit: 1 };
      return next ? { ...said, state: { queue } satisfies State, ask: [next] } : { ...said, exit: 0 };
    },
  },
] satisfies readonly Command[];
