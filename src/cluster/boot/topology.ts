/** Which machines there are, and which addresses they have. */
import type { MachineShape } from '../kubelet/kubelet-state.ts';
import { assert } from '../../lib/assert.ts';
import { contains, formatIp, parseCidr } from '../../lib/ip.ts';
import { networksOf, wrongIn } from './topology-rules.ts';

export interface MachineSpec {
  readonly name?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly pods?: number;
  readonly ephemeralStorage?: string;
  readonly extended?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  readonly podCIDR?: string;
  readonly podGateway?: string;
  readonly images?: readonly { readonly names: readonly string[]; readonly sizeBytes: number }[];
}
export interface Topology {
  readonly name?: 'kubeadm' | 'minikube' | 'ha';
  readonly controlPlanes?: number;
  readonly workers?: number | readonly MachineSpec[];
  readonly infraCIDR?: string;
  readonly serviceCIDR?: string;
  readonly podCIDR?: string;
  readonly schedulerConfiguration?: object;
}
export interface Machine {
  readonly name: string;
  readonly ip: string;
  readonly isControlPlane: boolean;
  readonly shape: MachineShape;
}
export interface Plan {
  readonly machines: readonly Machine[];
  readonly infraCIDR: string;
  readonly serviceCIDR: string;
  readonly podCIDR: string;
  /** The smallest block around podCIDR and the blocks that machines bring along: what flannel and kube-proxy call the cluster's pods. */
  readonly clusterCIDR: string;
  readonly schedulerConfiguration?: object;
}

const WORKER: MachineSpec = { cpu: '4', memory: '8Gi', pods: 110, ephemeralStorage: '100Gi' };

function shapeOf(spec: MachineSpec, control: boolean, isAlone: boolean): MachineShape {
  const role: Readonly<Record<string, string>> = control
    ? { 'node-role.kubernetes.io/control-plane': '', 'node.kubernetes.io/exclude-from-external-load-balancers': '' }
    : {};
  const taints = [
    ...(spec.taints ?? []),
    ...(control && !isAlone ? [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] : []),
  ];
  const { name: _name, podCIDR, ...rest } = spec;
  return {
    ...rest,
    ...(podCIDR === undefined ? {} : { podCIDR: around([podCIDR]) }),
    cpu: spec.cpu ?? WORKER.cpu ?? '4',
    memory: spec.memory ?? WORKER.memory ?? '8Gi',
    pods: spec.pods ?? 110,
    ephemeralStorage: spec.ephemeralStorage ?? '100Gi',
    labels: { ...role, ...spec.labels },
    taints,
  };
}

/** Where Services have the cluster's names resolved: kubeadm takes the tenth address. Upstream: cmd/kubeadm/app/constants GetDNSIP (v1.36). */
export const dnsAddress = ({ serviceCIDR }: Pick<Plan, 'serviceCIDR'>): string => formatIp((parseCidr(serviceCIDR)?.base ?? 0) + 10);

/** Throws an Error that names what is wrong with the topology. */
export function planOf(topology: Topology = {}): Plan {
  const wrong = wrongIn(topology);
  if (wrong !== undefined) throw new Error(`topology: ${wrong}`);
  const { infraCIDR, serviceCIDR, podCIDR } = networksOf(topology);
  const infra = parseCidr(infraCIDR);
  assert(infra, `infraCIDR is a CIDR: ${infraCIDR}`);
  const isAlone = topology.name === 'minikube';
  const wanted = isAlone ? 0 : (topology.workers ?? 3);
  const workers: readonly MachineSpec[] = typeof wanted === 'number' ? Array.from({ length: wanted }, () => WORKER) : wanted;
  const control: Machine = {
    name: isAlone ? 'minikube' : 'cp-1',
    ip: formatIp(infra.base + 10),
    isControlPlane: true,
    shape: shapeOf({ ...WORKER }, true, isAlone),
  };
  const machines = [
    control,
    ...workers.map((spec, i): Machine => ({
      name: spec.name ?? `worker-${i + 1}`,
      ip: formatIp(infra.base + 11 + i),
      isControlPlane: false,
      shape: shapeOf(spec, false, false),
    })),
  ];
  const own = workers.flatMap((w) => (w.podCIDR === undefined ? [] : [w.podCIDR]));
  for (const block of own) assert(parseCidr(block), `a machine's podCIDR is a CIDR: ${block}`);
  return {
    machines,
    infraCIDR,
    serviceCIDR,
    podCIDR,
    clusterCIDR: around([podCIDR, ...own]),
    ...(topology.schedulerConfiguration ? { schedulerConfiguration: topology.schedulerConfiguration } : {}),
  };
}

function around(blocks: readonly string[]): string {
  const cidrs = blocks.flatMap((b) => parseCidr(b) ?? []);
  const first = cidrs.reduce((least, c) => Math.min(least, c.base), Number.MAX_SAFE_INTEGER);
  const last = cidrs.reduce((most, c) => Math.max(most, c.base + c.size - 1), 0);
  let block = cidrs[0];
  for (let bits = block.bits; bits >= 0; bits--) {
    block = parseCidr(`${formatIp(first)}/${bits}`) ?? block;
    if (contains(block, first) && contains(block, last)) break;
  }
  return `${formatIp(block.base)}/${block.bits}`;
}
