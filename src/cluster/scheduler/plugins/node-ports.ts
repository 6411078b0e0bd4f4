/** A port of the machine itself can be had once. Upstream: plugins/nodeports/node_ports.go (v1.36). Simplified: nothing. */
import type { V1Pod } from '../../../api/schema/kubernetes.ts';
import { clashes, hostPortsOf } from '../host-ports.ts';
import { fits, heldRoom, type SchedulerPlugin, type Verdict } from '../plugin.ts';

const TAKEN: Verdict = { code: 'unschedulable', reasons: ["node(s) didn't have free ports for the requested pod ports"] };

export default {
  name: 'NodePorts',
  retryOn: ['pods/deleted', 'nodes/added'],
  helps: (_pod, change) => change.object.kind !== 'Pod' || (heldRoom(change) && hostPortsOf(change.object as V1Pod).length > 0),
  preFilter: ({ pod }) => {
    const ports = hostPortsOf(pod);
    return ports.length === 0 ? 'skip' : { state: ports };
  },
  filter: ({ state }, { usedPorts }) => ((state as readonly string[]).some((port) => clashes(port, usedPorts)) ? TAKEN : fits),
} satisfies SchedulerPlugin;
