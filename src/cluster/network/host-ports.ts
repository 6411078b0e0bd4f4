/**
 * Ports of the machine that lead into a pod: what the plugin portmap, which flannel's list names after bridge, writes into the nat table.
 * Upstream: containernetworking/plugins plugins/meta/portmap/portmap_iptables.go; flannel-io/flannel kube-flannel.yml.
 * Simplified: a pod's chain is called by the sandbox's id instead of its SHA-512.
 */
import type { V1Container, V1Pod } from '../../api/schema/kubernetes.ts';
import type { Protocol } from './packet.ts';
import type { Rule, Ruleset } from './rules.ts';

/** As the CRI has it. */
export interface PortMapping {
  readonly proto: Protocol;
  readonly hostPort: number;
  readonly port: number;
  readonly hostIP?: string;
}
/** `id`: the sandbox's. */
export interface HostPorts {
  readonly id: string;
  readonly ip: string;
  readonly mappings: readonly PortMapping[];
}

/** Upstream: pkg/kubelet/kuberuntime/kuberuntime_sandbox.go generatePodSandboxConfig, container/helpers.go MakePortMappings. */
export function portMappingsOf({ spec }: V1Pod): readonly PortMapping[] {
  if (spec?.hostNetwork) return [];
  const stays = (c: V1Container): boolean => c.restartPolicy === 'Always';
  return [...(spec?.containers ?? []), ...(spec?.initContainers ?? []).filter(stays)].flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort, containerPort: port, protocol = 'TCP', hostIP }) =>
      hostPort && protocol !== 'SCTP'
        ? [{ proto: protocol.toLowerCase() as Protocol, hostPort, port, ...(hostIP && hostIP !== '0.0.0.0' ? { hostIP } : {}) }]
        : [],
    ),
  );
}

export const HOST_PORTS = 'CNI-HOSTPORT-DNAT';
export const HOST_PORTS_MASQ = 'CNI-HOSTPORT-MASQ';
const SET_MARK = 'CNI-HOSTPORT-SETMARK';
const MARK = '0x2000/0x2000';
const NETWORK = 'cbr0';

/** What is entered first is the latest. `podCIDR`: pods of this machine are answered through its address. */
export function withHostPorts(rules: Ruleset, all: readonly HostPorts[], podCIDR: string): Ruleset {
  if (all.length === 0) return rules;
  const nat = new Map<string, readonly Rule[]>([
    ...rules.nat,
    [SET_MARK, [{ comment: 'CNI portfwd masquerade mark', target: 'MARK', options: `--set-xmark ${MARK}` }]],
    [HOST_PORTS_MASQ, [{ mark: MARK, target: 'MASQUERADE' }]],
    [HOST_PORTS, [...all].reverse().flatMap(entries)],
  ]);
  for (const one of all)
    nat.set(
      chainOf(one),
      one.mappings.flatMap((mapping) => ruled(mapping, one.ip, podCIDR)),
    );
  return { ...rules, nat };
}

const chainOf = ({ id }: HostPorts): string => `CNI-DN-${id.slice(0, 21)}`;

function entries(one: HostPorts): readonly Rule[] {
  const comment = `dnat name: \\"${NETWORK}\\" id: \\"${one.id}\\"`;
  return (['tcp', 'udp'] as const).flatMap((proto) => {
    const dports = one.mappings.filter((mapping) => mapping.proto === proto).map((mapping) => mapping.hostPort);
    return dports.length > 0 ? [{ proto, comment, dports, target: chainOf(one) }] : [];
  });
}

function ruled({ proto, hostPort, port, hostIP }: PortMapping, ip: string, podCIDR: string): readonly Rule[] {
  const to = { ...(hostIP === undefined ? {} : { dst: hostIP }), proto, dport: hostPort };
  return [
    { src: podCIDR, ...to, target: SET_MARK },
    { src: '127.0.0.1', ...to, target: SET_MARK },
    { ...to, target: 'DNAT', to: `${ip}:${port}` },
  ];
}
