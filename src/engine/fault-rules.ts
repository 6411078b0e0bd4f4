/** Which faults mean nothing, and why, in one sentence. */
import type { PowerOn } from '../cluster/boot/power-on.ts';
import type { World } from '../kernel/world.ts';
import type { Fault } from './session.ts';

export const VERBS = ['kill', 'stop', 'start', 'pause', 'resume', 'partition', 'heal', 'slow'];
/** What systemd keeps on a machine. */
const PARTS = ['linux', 'cni', 'containerd', 'kubelet'];
/** Hosts that are no machines of the cluster. */
const OTHERS = ['laptop', 'registry', 'internet'];
/** Messages that take a millisecond take a quarter of an hour then. */
const SLOWEST = 1_000_000;

/** Undefined when the fault can be done. */
export function wrongFault(world: World, { plan }: PowerOn, fault: Fault): string | undefined {
  const machines = plan.machines.map((m) => m.name);
  switch (fault.do) {
    case 'kill':
    case 'stop':
    case 'start':
    case 'pause':
    case 'resume': {
      const { what } = fault;
      if (typeof what !== 'string' || what === '')
        return `${fault.do} wants what: an address such as 'worker-1', 'worker-1/kubelet' or 'default/web-x7k2p/nginx'`;
      if (machines.includes(what)) return undefined;
      return fault.do === 'start' ? wrongStart(world, machines, what) : world.actors.has(what) ? undefined : `nothing runs at ${what}`;
    }
    case 'partition':
    case 'heal':
    case 'slow': {
      const [a, b] = [fault.a, fault.b];
      const unknown = [a, b].find((host) => !machines.includes(host) && !OTHERS.includes(host) && !(host === '' && fault.do === 'slow'));
      if (a === undefined || b === undefined) return `${fault.do} wants a and b: two hosts such as 'cp-1' and 'worker-1'`;
      if (unknown !== undefined) return `there is no host ${JSON.stringify(unknown)}: ${[...machines, ...OTHERS].join(', ')}`;
      if (fault.do === 'slow')
        return Number.isFinite(fault.factor) && fault.factor >= 1 && fault.factor <= SLOWEST
          ? undefined
          : `slow wants a factor from 1 to ${SLOWEST}, not ${String(fault.factor)}: 1 is as fast as ever`;
      return a === b ? `${fault.do} wants two hosts, not ${a} and itself` : undefined;
    }
    default:
      return `there is no fault ${JSON.stringify((fault as { readonly do?: unknown }).do)}: ${VERBS.join(', ')}`;
  }
}

function wrongStart(world: World, machines: readonly string[], what: string): string | undefined {
  const [host, part, ...more] = what.split('/');
  if (!machines.includes(host) || more.length > 0 || !PARTS.includes(part))
    return `what can be started is a machine (${machines.join(', ')}) or one of its services (${PARTS.join(', ')}), not ${what}`;
  return world.downHosts.has(host) ? `${host} is off: start it first` : undefined;
}
