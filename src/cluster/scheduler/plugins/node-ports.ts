/** Host ports can be had once per machine. Upstream: plugins/nodeports/node_ports.go (v1.36). Simplified: a wildcard address clashes with every other. */
import { hostPortsOf } from '../machine-info.ts';
import { fits, type SchedulerPlugin } from '../plugin.ts';

export default {
  name: 'NodePorts',
  retryOn: ['pods/deleted', 'nodes/added'],
  preFilter: ({ pod }) => { const ports = hostPortsOf(pod); return ports.length === 0 ? 'skip' : { state: ports }; },
  filter: ({ state }, machine) => ((state as readonly string[]).some((port) => machine.usedPorts.has(port)) ? { code: 'unschedulable', reasons: ["node(s) didn't have free ports for the requested pod ports"] } : fits),
} satisfies SchedulerPlugin;
