/** What cannot be built, and why, in one sentence. */
import { checkLabels } from '../../api/machinery/names.ts';
import { isQuantity, quantity } from '../../api/machinery/quantity.ts';
import { contains, formatIp, parseCidr } from '../../lib/ip.ts';
import type { MachineSpec, Topology } from './topology.ts';

const NAMES = ['kubeadm', 'minikube', 'ha'];
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const MOST_WORKERS = 5000;
/** --node-cidr-mask-size. The control plane takes the first block of podCIDR. */
const NODE_MASK = 24;
const HOST_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Undefined when the topology can be built. */
export function wrongIn(topology: Topology): string | undefined {
  const { name, controlPlanes, workers, schedulerConfiguration } = topology;
  if (name !== undefined && !NAMES.includes(name)) return `there is no topology ${JSON.stringify(name)}; there are ${NAMES.join(', ')}`;
  if (name === 'ha' || (controlPlanes !== undefined && controlPlanes > 1))
    return 'several control planes are not there yet: only one apiserver and one etcd member can run';
  if (controlPlanes !== undefined && controlPlanes !== 1) return `a cluster has one control plane, not ${String(controlPlanes)}`;
  if (name === 'minikube' && workers !== undefined && workers !== 0) return 'minikube is one machine and has no workers';
  if (typeof workers === 'number' && (!Number.isInteger(workers) || workers < 0 || workers > MOST_WORKERS))
    return `workers is a whole number from 0 to ${MOST_WORKERS}, not ${workers}`;
  if (workers !== undefined && typeof workers !== 'number' && !Array.isArray(workers)) return 'workers is a number or a list of machines';
  if (Array.isArray(workers) && workers.length > MOST_WORKERS)
    return `there are ${workers.length} workers; at most ${MOST_WORKERS} can be built`;
  if (
    schedulerConfiguration !== undefined &&
    (typeof schedulerConfiguration !== 'object' || schedulerConfiguration === null || Array.isArray(schedulerConfiguration))
  )
    return 'schedulerConfiguration is a KubeSchedulerConfiguration object';
  return wrongNetworks(topology) ?? (Array.isArray(workers) ? wrongMachines(workers as readonly MachineSpec[]) : undefined);
}

const machinesIn = ({ name, workers }: Topology): number =>
  name === 'minikube' ? 1 : (typeof workers === 'number' ? workers : (workers?.length ?? 3)) + 1;
/** Machines have the addresses from the tenth on. */
const FIRST_MACHINE = 10;

/** The cluster's networks. Those that nobody names are as wide as they must be: 192.168.0.0/24 for up to 245 machines, 10.200.0.0/16 for up to 256 blocks of pod addresses. */
export function networksOf(topology: Topology): { readonly infraCIDR: string; readonly serviceCIDR: string; readonly podCIDR: string } {
  const count = machinesIn(topology);
  const {
    infraCIDR = widened('192.168.0.0', 24, count + FIRST_MACHINE + 1),
    serviceCIDR = '10.254.0.0/24',
    podCIDR = widened('10.200.0.0', 16, count * 256),
  } = topology;
  return { infraCIDR, serviceCIDR, podCIDR };
}

function widened(address: string, bits: number, addresses: number): string {
  let block = parseCidr(`${address}/${bits}`);
  while (block && block.size < addresses) block = parseCidr(`${address}/${block.bits - 1}`);
  return `${formatIp(block?.base ?? 0)}/${block?.bits ?? bits}`;
}

function wrongNetworks(topology: Topology): string | undefined {
  const { workers } = topology;
  const { infraCIDR, serviceCIDR, podCIDR } = networksOf(topology);
  const own = Array.isArray(workers)
    ? (workers as readonly MachineSpec[]).flatMap((w) => (w.podCIDR === undefined ? [] : [w.podCIDR]))
    : [];
  const named: readonly (readonly [string, string])[] = [
    ['infraCIDR', infraCIDR],
    ['serviceCIDR', serviceCIDR],
    ['podCIDR', podCIDR],
    ...own.map((block) => ['podCIDR of a machine', block] as const),
  ];
  for (const [field, text] of named) if (!parseCidr(text)) return `${field} is no CIDR: ${JSON.stringify(text)}`;
  const [infra, service, pod] = [infraCIDR, serviceCIDR, podCIDR].map((text) => parseCidr(text));
  if (!infra || !service || !pod) return undefined;
  for (const [i, [field, text]] of named.entries())
    for (const [other, its] of named.slice(i + 1))
      if (field !== 'podCIDR' && field !== other && overlap(text, its)) return `${field} ${text} and ${other} ${its} overlap`;
  if (pod.bits > NODE_MASK) return `podCIDR ${podCIDR} is too small for a /${NODE_MASK}`;
  const count = machinesIn(topology);
  if (count + FIRST_MACHINE >= infra.size) return `infraCIDR ${infraCIDR} is too small for ${count} machines`;
  if (service.size < 16) return `serviceCIDR ${serviceCIDR} is too small: kubeadm gives DNS its tenth address`;
  const blocks = [`${formatIp(pod.base)}/${NODE_MASK}`, ...own];
  for (const [i, a] of blocks.entries())
    for (const b of blocks.slice(i + 1)) if (overlap(a, b)) return `two machines' pod networks overlap: ${a} and ${b}`;
  return undefined;
}
function overlap(one: string, other: string): boolean {
  const [a, b] = [parseCidr(one), parseCidr(other)];
  return a !== undefined && b !== undefined && (contains(a, b.base) || contains(b, a.base));
}

function wrongMachines(workers: readonly MachineSpec[]): string | undefined {
  const names = new Set(['cp-1']);
  const twice = workers.map(nameOf).find((name) => names.size === names.add(name).size);
  return (
    workers.map(wrongMachine).find((why) => why !== undefined) ?? (twice === undefined ? undefined : `two machines have the name ${twice}`)
  );
}
const nameOf = (m: MachineSpec, i: number): string => m.name ?? `worker-${i + 1}`;

function wrongMachine(m: MachineSpec, i: number): string | undefined {
  const who = nameOf(m, i);
  if (!HOST_NAME.test(who) || who.length > 253) return `${JSON.stringify(who)} is no machine name: lower case letters, digits, '-' and '.'`;
  for (const [field, text] of [
    ['cpu', m.cpu],
    ['memory', m.memory],
    ['ephemeralStorage', m.ephemeralStorage],
    ...Object.entries(m.extended ?? {}),
    ...(m.images ?? []).map((image) => ['sizeBytes', String(image?.sizeBytes)] as const),
  ] as const)
    if (text !== undefined && (!isQuantity(text) || quantity(text) < 0)) return `${who}: ${field} is no quantity: ${JSON.stringify(text)}`;
  const [label] = checkLabels(m.labels, 'labels');
  if (label) return `${who}: ${label.field}: ${label.message}`;
  if (m.pods !== undefined && (!Number.isInteger(m.pods) || m.pods < 0)) return `${who}: pods is a whole number, not ${m.pods}`;
  const taint = (m.taints ?? []).find((t) => !EFFECTS.includes(t.effect) || !t.key);
  return taint ? `${who}: a taint has a key and one of the effects ${EFFECTS.join(', ')}, not ${JSON.stringify(taint)}` : undefined;
}
