/** kubectl describe node. Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go describeNode, describeNodeResource (v1.36). */
import { rolesOf } from '../api/kinds/node.ts';
import { age } from '../api/machinery/columns.ts';
import { addQuantities, canonicalQuantity, compareQuantities, cpuMilli, wholeUnits } from '../api/machinery/quantity.ts';
import { isOver } from '../api/pods/phase.ts';
import type { V1Lease, V1Node, V1Pod } from '../api/schema/kubernetes.ts';
import { goSorted } from '../lib/go-sort.ts';
import { annotations, byKey, multiline } from './describe-maps.ts';
import { rfc1123 } from './describe-template.ts';

const share = (part: number, whole: number): number => (whole === 0 ? 0 : Math.trunc((part / whole) * 100));

type Amounts = Readonly<Record<string, string>>;
const merged = (a: Amounts, b: Amounts | undefined, with_: (one: string, other: string) => string): Amounts =>
  Object.entries(b ?? {}).reduce<Amounts>(
    (sum, [name, amount]) => ({ ...sum, [name]: sum[name] === undefined ? canonicalQuantity(amount) : with_(sum[name], amount) }),
    a,
  );
const plus = (a: Amounts, b: Amounts | undefined): Amounts => merged(a, b, addQuantities);
const atLeast = (a: Amounts, b: Amounts): Amounts =>
  merged(a, b, (one, other) => (compareQuantities(other, one) > 0 ? canonicalQuantity(other) : one));
/** What the pod says of itself goes before the larger of all containers and sidecars together, and each init container with the sidecars before it. Upstream: component-helpers resource PodRequests, PodLimits. */
function sums({ spec }: V1Pod, of: 'requests' | 'limits'): Amounts {
  let [sum, sidecars, inits]: Amounts[] = [(spec?.containers ?? []).reduce<Amounts>((all, c) => plus(all, c.resources?.[of]), {}), {}, {}];
  for (const c of spec?.initContainers ?? []) {
    const own = c.resources?.[of];
    if (c.restartPolicy === 'Always') {
      sum = plus(sum, own);
      sidecars = plus(sidecars, own);
    }
    inits = atLeast(inits, c.restartPolicy === 'Always' ? sidecars : plus(plus({}, own), sidecars));
  }
  const level = Object.fromEntries(
    Object.entries(spec?.resources?.[of] ?? {}).filter(([name]) => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')),
  );
  const whole: Amounts = { ...atLeast(sum, inits), ...plus({}, level) };
  return merged(
    whole,
    of === 'requests'
      ? spec?.overhead
      : Object.fromEntries(Object.entries(spec?.overhead ?? {}).filter(([name]) => compareQuantities(whole[name] ?? '0', '0') > 0)),
    addQuantities,
  );
}

export function describeNode(node: V1Node, related: { readonly pods: readonly V1Pod[]; readonly lease?: V1Lease }, nowMs: number): string {
  const { metadata, spec, status } = node;
  const info = status?.nodeInfo;
  const taints = goSorted(spec?.taints ?? [], (a, b) => `${a.effect},${a.key}` < `${b.effect},${b.key}`)
    .map((t) => `${t.key}${t.value ? `=${t.value}` : ''}:${t.effect}\n`)
    .join('\t');
  const resources = (title: string, map: Readonly<Record<string, string>> | undefined): string =>
    Object.keys(map ?? {}).length === 0
      ? ''
      : `${title}:\n${Object.entries(map ?? {})
          .sort(byKey)
          .map(([k, v]) => `  ${k}:\t${canonicalQuantity(v)}\n`)
          .join('')}`;
  return [
    `Name:\t${metadata?.name}\nRoles:\t${rolesOf(node)}\n`,
    multiline('Labels', metadata?.labels),
    annotations('Annotations', metadata?.annotations),
    `CreationTimestamp:\t${rfc1123(metadata?.creationTimestamp)}\nTaints:\t${taints || '<none>\n'}Unschedulable:\t${spec?.unschedulable ?? false}\n`,
    related.lease
      ? `Lease:\n  HolderIdentity:\t${related.lease.spec?.holderIdentity ?? '<unset>'}\n  AcquireTime:\t${timeOf(related.lease.spec?.acquireTime)}\n  RenewTime:\t${timeOf(related.lease.spec?.renewTime)}\n`
      : `Lease:\tFailed to get lease: leases.coordination.k8s.io "${metadata?.name}" not found\n`,
    !status?.conditions?.length
      ? ''
      : `Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n  ----\t------\t-----------------\t------------------\t------\t-------\n${status.conditions.map((c) => `  ${c.type} \t${c.status} \t${rfc1123(c.lastHeartbeatTime)} \t${rfc1123(c.lastTransitionTime)} \t${c.reason ?? ''} \t${c.message ?? ''}\n`).join('')}`,
    `Addresses:\n${(status?.addresses ?? []).map((a) => `  ${a.type}:\t${a.address}\n`).join('')}`,
    resources('Capacity', status?.capacity),
    resources('Allocatable', status?.allocatable),
    `System Info:\n  Machine ID:\t${info?.machineID ?? ''}\n  System UUID:\t${info?.systemUUID ?? ''}\n  Boot ID:\t${info?.bootID ?? ''}\n  Kernel Version:\t${info?.kernelVersion ?? ''}\n  OS Image:\t${info?.osImage ?? ''}\n  Operating System:\t${info?.operatingSystem ?? ''}\n  Architecture:\t${info?.architecture ?? ''}\n  Container Runtime Version:\t${info?.containerRuntimeVersion ?? ''}\n  Kubelet Version:\t${info?.kubeletVersion ?? ''}\n`,
    spec?.podCIDR ? `PodCIDR:\t${spec.podCIDR}\n` : '',
    spec?.podCIDRs?.length ? `PodCIDRs:\t${spec.podCIDRs.join(',')}\n` : '',
    spec?.providerID ? `ProviderID:\t${spec.providerID}\n` : '',
    podTable(node, related.pods, nowMs),
  ].join('');
}

const timeOf = (instant: string | undefined): string => (instant === undefined ? '<unset>' : rfc1123(instant));

/** Upstream: IsStandardContainerResourceName, and pods. */
const ORDINARY: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods']);
function podTable({ status }: V1Node, all: readonly V1Pod[], nowMs: number): string {
  const pods = all.filter((p) => !isOver(p));
  const room = status?.allocatable && Object.keys(status.allocatable).length > 0 ? status.allocatable : (status?.capacity ?? {});
  const amount = (name: string, all: Amounts): string => {
    const of = name === 'cpu' ? cpuMilli : wholeUnits;
    return `${all[name] ?? '0'} (${share(of(all[name] ?? '0'), of(room[name] ?? '0'))}%)`;
  };
  const [requests, limits] = (['requests', 'limits'] as const).map((of) => pods.map((p) => sums(p, of)));
  const rows = pods.map((p, i) => {
    const [r, l] = [requests[i], limits[i]];
    return `  ${p.metadata?.namespace}\t${p.metadata?.name}\t\t${amount('cpu', r)}\t${amount('cpu', l)}\t${amount('memory', r)}\t${amount('memory', l)}\t${age(p.metadata?.creationTimestamp, nowMs)}\n`;
  });
  const [allRequests, allLimits] = [requests.reduce(plus, {}), limits.reduce(plus, {})];
  const others = Object.keys(room)
    .filter((name) => !ORDINARY.has(name))
    .sort((a, b) => (a < b ? -1 : 1));
  const line = (name: string): string => `  ${name}\t${amount(name, allRequests)}\t${amount(name, allLimits)}\n`;
  return `Non-terminated Pods:\t(${pods.length} in total)\n  Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge\n  ---------\t----\t\t------------\t----------\t---------------\t-------------\t---\n${rows.join('')}Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n  Resource\tRequests\tLimits\n  --------\t--------\t------\n${['cpu', 'memory', 'ephemeral-storage', ...others.filter((name) => name.startsWith('hugepages-'))].map(line).join('')}${others
    .filter((name) => !name.startsWith('hugepages-'))
    .map((name) => `  ${name}\t${allRequests[name] ?? '0'}\t${allLimits[name] ?? '0'}\n`)
    .join('')}`;
}
