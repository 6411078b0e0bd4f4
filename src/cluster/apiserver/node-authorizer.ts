/**
 * What a kubelet may do: read its own Node, its own pods and what they name, and write what it is for. What it writes is looked at once more by NodeRestriction.
 * Upstream: plugin/pkg/auth/authorizer/node/node_authorizer.go, bootstrappolicy NodeRules (v1.36). Simplified: of the graph, pods, ConfigMaps and Secrets; the edges are looked for when they are asked for.
 */
import { parseFieldSelector } from '../../api/machinery/field-selector.ts';
import { referencesOf, ROOT_CA } from '../../api/pods/references.ts';
import { keyOf } from '../../api/object.ts';
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import { machineOf, type Identity } from '../client/identity.ts';
import type { Attributes, Verdict } from './authorize.ts';
import type { ServerView } from './view.ts';

export type Related = Pick<ServerView, 'get' | 'list'>;

const YES: Verdict = { isAllowed: true };
const no = (reason?: string): Verdict => ({ isAllowed: false, ...(reason === undefined ? {} : { reason }) });
const READS: readonly string[] = ['get', 'list', 'watch'];
/** What is no matter of which machine asks. */
const RULES: Readonly<Record<string, readonly string[]>> = { services: READS, events: ['create', 'patch', 'update'] };

/** Undefined for who is no kubelet. */
export function nodeOpinion(as: Identity, asked: Attributes, related: Related | undefined): Verdict | undefined {
  const machine = machineOf(as);
  if (machine === undefined) return undefined;
  const info = { ...asked, name: asked.name ?? selected(asked, 'metadata.name') ?? '' };
  switch (info.resource) {
    case 'secrets':
    case 'configmaps':
      return ofReference(machine, info, related);
    case 'leases.coordination.k8s.io':
      return ofLease(machine, info);
    case 'nodes':
      return ofNode(machine, info);
    case 'pods':
      return ofPod(machine, info, related);
    default:
      return info.subresource === undefined && RULES[info.resource]?.includes(info.verb) ? YES : no();
  }
}

type Named = Attributes & { readonly name: string };

function selected({ fields = '' }: Attributes, field: string): string | undefined {
  try {
    return parseFieldSelector(fields).find((term) => term.field === field && term.operator === '=')?.value;
  } catch {
    return undefined;
  }
}

const unrelated = (machine: string): Verdict => no(`no relationship found between node '${machine}' and this object`);

function ofReference(machine: string, { verb, subresource, namespace, resource, name }: Named, related: Related | undefined): Verdict {
  if (!READS.includes(verb)) return no('can only read resources of this type');
  if (subresource !== undefined) return no('cannot read subresource');
  if (namespace === undefined) return no('can only read namespaced object of this type');
  if (name === '') return no('No Object name found');
  const holds = (pod: V1Pod | undefined): boolean =>
    pod?.spec?.nodeName === machine &&
    pod.metadata?.namespace === namespace &&
    (name === ROOT_CA || referencesOf(pod).includes(`${resource}/${name}`));
  const edge = `${machine}|${namespace}|${resource}/${name}`;
  const known = edges.get(edge);
  if (known !== undefined && holds(related?.get<V1Pod>('pods', known))) return YES;
  for (const pod of related?.list<V1Pod>('pods') ?? [])
    if (holds(pod)) {
      remember(edge, keyOf(pod));
      return YES;
    }
  return unrelated(machine);
}

/** Which pod last was the reason that a machine might read something: looked at first, so that the pods of a cluster are not gone through for each that starts. */
const edges = new Map<string, string>();
const MOST_EDGES = 10_000;
function remember(edge: string, pod: string): void {
  if (edges.size >= MOST_EDGES) edges.clear();
  edges.set(edge, pod);
}

function ofLease(machine: string, { verb, namespace, name }: Named): Verdict {
  if (!['get', 'create', 'update', 'patch', 'delete'].includes(verb))
    return no('can only get, create, update, patch, or delete a node lease');
  if (namespace !== 'kube-node-lease') return no('can only access leases in the "kube-node-lease" system namespace');
  return verb === 'create' || name === machine ? YES : no('can only access node lease with the same name as the requesting node');
}

function ofNode(machine: string, { verb, subresource, name }: Named): Verdict {
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? YES : no();
  if (subresource !== undefined) return no();
  if (['create', 'update', 'patch'].includes(verb)) return YES;
  if (!READS.includes(verb)) return no();
  if (name === machine) return YES;
  return no(
    name === ''
      ? `node '${machine}' cannot read all nodes, only its own Node object`
      : `node '${machine}' cannot read '${name}', only its own Node object`,
  );
}

function ofPod(machine: string, info: Named, related: Related | undefined): Verdict {
  const { verb, subresource, namespace, name } = info;
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? YES : no();
  if (subresource === 'eviction') return verb === 'create' ? YES : no();
  if (subresource !== undefined) return no();
  if (verb === 'create' || verb === 'delete') return YES;
  if (!READS.includes(verb)) return no();
  if (verb !== 'get' && selected(info, 'spec.nodeName') === machine) return YES;
  if (verb !== 'get' && name === '') return no('can only list/watch pods with spec.nodeName field selector');
  return related?.get<V1Pod>('pods', `${namespace}/${name}`)?.spec?.nodeName === machine ? YES : unrelated(machine);
}
