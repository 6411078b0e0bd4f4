/** From what is written after the target of `kubectl port-forward` to the ports that are forwarded. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/portforward, pkg/util/{pod_port,service_port}.go; client-go tools/portforward (v1.36). Simplified: nothing. */
import type { V1Pod, V1Service, V1ServicePort } from '../api/schema/kubernetes.ts';

export interface Forwarded {
  /** 0: any that is free. */
  readonly local: number;
  readonly remote: number;
}
type Wrong = { readonly error: string };
const wrong = (error: string): Wrong => ({ error });
const isWrong = (value: unknown): value is Wrong => value instanceof Object && 'error' in value;

const splitPort = (text: string): readonly [local: string, remote: string] => {
  const parts = text.split(':');
  return parts.length === 2 ? [parts[0], parts[1]] : [parts[0], parts[0]];
};
const isNumber = (text: string): boolean => /^[+-]?\d+$/.test(text);

function portOfPod({ metadata, spec }: V1Pod, name: string): number | Wrong {
  const ports = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].flatMap((c) => c.ports ?? []);
  return ports.find((p) => (p.name ?? '') === name)?.containerPort ?? wrong(`Pod '${metadata?.name}' does not have a named port '${name}'`);
}
const servicePort = ({ metadata, spec }: V1Service, name: string): number | Wrong =>
  spec?.ports?.find((p) => (p.name ?? '') === name)?.port ?? wrong(`Service '${metadata?.name}' does not have a named port '${name}'`);

/** Where a Service's port leads in this pod. */
function targetPort({ metadata, spec }: V1Service, pod: V1Pod, port: number): number | Wrong {
  const found: V1ServicePort | undefined = spec?.ports?.find((p) => p.port === port);
  if (!found) return wrong(`Service ${metadata?.name} does not have a service port ${port}`);
  if (spec?.clusterIP === 'None') return port;
  const target = found.targetPort;
  return typeof target === 'string' ? portOfPod(pod, target) : target || port;
}

function udpError(
  texts: readonly string[],
  ports: readonly { readonly number: number; readonly protocol?: string }[],
  named: (name: string) => number | Wrong,
): Wrong | undefined {
  const portsOf = (protocol: string): readonly number[] => ports.filter((p) => (p.protocol ?? 'TCP') === protocol).map((p) => p.number);
  for (const text of texts) {
    const [, remote] = splitPort(text);
    const port = isNumber(remote) ? Number(remote) : named(remote);
    if (isWrong(port)) return port;
    if (portsOf('UDP').includes(port) && !portsOf('TCP').includes(port)) return wrong(`UDP protocol is not supported for ${remote}`);
  }
  return undefined;
}

/** Upstream: checkUDPPortInService, translateServicePortToTargetPort; checkUDPPortInPod, convertPodNamedPortToNumber. */
function translated(texts: readonly string[], pod: V1Pod, service: V1Service | undefined): readonly string[] | Wrong {
  const named = (name: string): number | Wrong => (service ? servicePort(service, name) : portOfPod(pod, name));
  const ports = service
    ? (service.spec?.ports ?? []).map((p) => ({ ...p, number: p.port }))
    : (pod.spec?.containers ?? []).flatMap((c) => (c.ports ?? []).map((p) => ({ ...p, number: p.containerPort })));
  const udp = udpError(texts, ports, named);
  if (udp) return udp;
  const all: string[] = [];
  for (const text of texts) {
    const [local, remote] = splitPort(text);
    if (!service && remote === '') return wrong('remote port cannot be empty');
    const number = isNumber(remote) ? Number(remote) : named(remote);
    const port = isWrong(number) || !service ? number : targetPort(service, pod, number);
    if (isWrong(port)) return port;
    const own = local === remote && !isNumber(remote) ? String(number) : local;
    all.push(local === remote && !service ? String(port) : own === String(port) ? own : `${own}:${port}`);
  }
  return all;
}

/** Upstream: parsePorts. */
function parsed(text: string): Forwarded | Wrong {
  const parts = text.split(':');
  if (parts.length > 2) return wrong(`invalid port format '${text}'`);
  const [local, remote] = parts.length === 2 ? [parts[0] || '0', parts[1]] : [text, text];
  for (const [which, port] of [
    ['local', local],
    ['remote', remote],
  ]) {
    const why = !/^\d+$/.test(port) ? 'invalid syntax' : Number(port) > 65_535 ? 'value out of range' : undefined;
    if (why) return wrong(`error parsing ${which} port '${port}': strconv.ParseUint: parsing ${JSON.stringify(port)}: ${why}`);
  }
  return Number(remote) === 0 ? wrong('remote port must be > 0') : { local: Number(local), remote: Number(remote) };
}

export function forwardedPorts(texts: readonly string[], pod: V1Pod, service?: V1Service): readonly Forwarded[] | Wrong {
  const named = translated(texts, pod, service);
  if (isWrong(named)) return named;
  const ports: Forwarded[] = [];
  for (const text of named) {
    const port = parsed(text);
    if (isWrong(port)) return port;
    ports.push(port);
  }
  return ports;
}
