/** The ports of the machine itself that a pod claims. Upstream: pkg/scheduler/framework/types.go HostPortInfo, util GetHostPorts (v1.36). Simplified: nothing. */
import type { V1Pod } from '../../api/schema/kubernetes.ts';

const ANY = '0.0.0.0';
const NONE: readonly string[] = [];

/** 'TCP/0.0.0.0/80' */
export function hostPortsOf(pod: V1Pod): readonly string[] {
  let found: string[] | undefined;
  const collect = (containers: NonNullable<V1Pod['spec']>['containers'] | undefined, always: boolean): void => {
    for (const container of containers ?? []) {
      if (!always && container.restartPolicy !== 'Always') continue;
      for (const port of container.ports ?? [])
        if (port.hostPort) (found ??= []).push(`${port.protocol ?? 'TCP'}/${port.hostIP || ANY}/${port.hostPort}`);
    }
  };
  collect(pod.spec?.initContainers, false);
  collect(pod.spec?.containers, true);
  return found ?? NONE;
}

/** The same port on the same address, or on any address against all. */
export function clashes(port: string, used: ReadonlyMap<string, number>): boolean {
  if (used.size === 0) return false;
  if (used.has(port)) return true;
  const [protocol, ip, number] = port.split('/');
  if (ip !== ANY) return used.has(`${protocol}/${ANY}/${number}`);
  for (const other of used.keys()) {
    const [p, , n] = other.split('/');
    if (p === protocol && n === number) return true;
  }
  return false;
}
