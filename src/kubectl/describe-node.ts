/** kubectl describe node. Upstream: staging/src/k8s.io/kubectl/pkg/describe/describe.go describeNode, describeNodeResource (v1.36). */
import { age } from '../api/machinery/columns.ts';
import { addQuantities, canonicalQuantity, compareQuantities, cpuMilli, wholeUnits } from '../api/machinery/quantity.ts';
import type { V1Lease, V1Node, V1Pod } from '../api/schema/kubernetes.ts';
import { annotations, multiline, rfc1123 } from './describe-template.ts';

const ROLE = 'node-role.kubernetes.io/';
const share = (part: number, whole: number): number => (whole === 0 ? 0 : Math.floor((part * 100) / whole));

interface Sums { readonly cpu: string; readonly memory: string }
const NOTHING: Sums = { cpu: '0', memory: '0' };
const plus = (a: Sums, b: Sums): Sums => ({ cpu: addQuantities(a.cpu, b.cpu), memory: addQuantities(a.memory, b.memory) });
const larger = (a: string, b: string): string => (compareQuantities(b, a) > 0 ? canonicalQuantity(b) : a);
/** The larger of all containers and sidecars together, and each init container. */
function sums(pod: V1Pod, of: 'requests' | 'limits'): Sums {
  const amount = (c: NonNullable<V1Pod['spec']>['containers'][number]): Sums => ({ ...NOTHING, ...c.resources?.[of] });
  const inits = pod.spec?.initContainers ?? [];
  const sum = [...(pod.spec?.containers ?? []), ...inits.filter((c) => c.restartPolicy === 'Always')].map(amount).reduce(plus, NOTHING);
  return inits.filter((c) => c.restartPolicy !== 'Always').map(amount).reduce((a, b) => ({ cpu: larger(a.cpu, b.cpu), memory: larger(a.memory, b.memory) }), sum);
}

export function describeNode(node: V1Node, related: { readonly pods: readonly V1Pod[]; readonly lease?: V1Lease }, nowMs: number): string {
  const { metadata, spec, status } = node;
  const info = status?.nodeInfo;
  const roles = Object.keys(metadata?.labels ?? {}).filter((k) => k.startsWith(ROLE)).map((k) => k.slice(ROLE.length)).sort((a, b) => (a < b ? -1 : 1)).join(',') || '<none>';
  const taints = (spec?.taints ?? []).map((t) => `${t.key}${t.value ? `=${t.value}` : ''}:${t.effect}\n`).join('\t');
  const resources = (title: string, map: Readonly<Record<string, string>> | undefined): string => `${title}:\n${Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => `  ${k}:\t${canonicalQuantity(v)}\n`).join('')}`;
  return [
    `Name:\t${metadata?.name}\nRoles:\t${roles}\n`, multiline('Labels', metadata?.labels), annotations('Annotations', metadata?.annotations), `CreationTimestamp:\t${rfc1123(metadata?.creationTimestamp)}\nTaints:\t${taints || '<none>\n'}Unschedulable:\t${spec?.unschedulable ?? false}\n`,
    related.lease ? `Lease:\n  HolderIdentity:\t${related.lease.spec?.holderIdentity ?? '<unset>'}\n  AcquireTime:\t<unset>\n  RenewTime:\t${rfc1123(related.lease.spec?.renewTime)}\n` : 'Lease:\tFailed to get lease: leases.coordination.k8s.io not found\n',
    `Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n  ----\t------\t-----------------\t------------------\t------\t-------\n${(status?.conditions ?? []).map((c) => `  ${c.type} \t${c.status} \t${rfc1123(c.lastHeartbeatTime)} \t${rfc1123(c.lastTransitionTime)} \t${c.reason} \t${c.message}\n`).join('')}`,
    `Addresses:\n${(status?.addresses ?? []).map((a) => `  ${a.type}:\t${a.address}\n`).join('')}`, resources('Capacity', status?.capacity), resources('Allocatable', status?.allocatable),
    `System Info:\n  Machine ID:\t${info?.machineID ?? ''}\n  System UUID:\t${info?.systemUUID ?? ''}\n  Boot ID:\t${info?.bootID ?? ''}\n  Kernel Version:\t${info?.kernelVersion ?? ''}\n  OS Image:\t${info?.osImage ?? ''}\n  Operating System:\t${info?.operatingSystem ?? ''}\n  Architecture:\t${info?.architecture ?? ''}\n  Container Runtime Version:\t${info?.containerRuntimeVersion ?? ''}\n  Kubelet Version:\t${info?.kubeletVersion ?? ''}\n`,
    spec?.podCIDR ? `PodCIDR:\t${spec.podCIDR}\nPodCIDRs:\t${(spec.podCIDRs ?? []).join(',')}\n` : '', podTable(node, related.pods, nowMs),
  ].join('');
}

function podTable({ status }: V1Node, all: readonly V1Pod[], nowMs: number): string {
  const pods = all.filter((p) => p.status?.phase !== 'Succeeded' && p.status?.phase !== 'Failed');
  const room = { cpu: cpuMilli(status?.allocatable?.cpu ?? '0'), memory: wholeUnits(status?.allocatable?.memory ?? '0') };
  const c = (amount: string): string => `${amount} (${share(cpuMilli(amount), room.cpu)}%)`;
  const m = (amount: string): string => `${amount} (${share(wholeUnits(amount), room.memory)}%)`;
  const [requests, limits] = (['requests', 'limits'] as const).map((of) => pods.map((p) => sums(p, of)));
  const rows = pods.map((p, i) => { const [r, l] = [requests[i], limits[i]]; return `  ${p.metadata?.namespace}\t${p.metadata?.name}\t\t${c(r.cpu)}\t${c(l.cpu)}\t${m(r.memory)}\t${m(l.memory)}\t${age(p.metadata?.creationTimestamp, nowMs)}\n`; });
  const [allRequests, allLimits] = [requests.reduce(plus, NOTHING), limits.reduce(plus, NOTHING)];
  return `Non-terminated Pods:\t(${pods.length} in total)\n  Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge\n  ---------\t----\t\t------------\t----------\t---------------\t-------------\t---\n${rows.join('')}Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n  Resource\tRequests\tLimits\n  --------\t--------\t------\n  cpu\t${c(allRequests.cpu)}\t${c(allLimits.cpu)}\n  memory\t${m(allRequests.memory)}\t${m(allLimits.memory)}\n  ephemeral-storage\t0 (0%)\t0 (0%)\n${Object.keys(status?.allocatable ?? {}).filter((name) => name.startsWith('hugepages-')).sort((a, b) => (a < b ? -1 : 1)).map((name) => `  ${name}\t0 (0%)\t0 (0%)\n`).join('')}`;
}
