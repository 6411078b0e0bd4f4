/** All rules of a machine's kernel: those that kube-proxy wants for its Services, flannel's, and those for host ports. */
import type { LinuxState } from './linux-state.ts';
import { withHostPorts } from './host-ports.ts';
import { withFlannel, type Ruleset } from './rules.ts';
import { buildRules } from './service-rules.ts';

/** The rules are built when a packet or a person looks, once for each thing that kube-proxy wrote. */
const built = new WeakMap<
  object,
  { readonly podCIDR: string | undefined; readonly hostPorts: LinuxState['hostPorts']; readonly rules: Ruleset }
>();
/** Before kube-proxy has written for the first time, and where it never does. Simplified: the kubelet's own chains come with kube-proxy's. */
const NO_RULES: Ruleset = { nat: new Map(), filter: new Map() };

export function rulesetOf({ rules, overlay, config, hostPorts }: Pick<LinuxState, 'rules' | 'overlay' | 'config' | 'hostPorts'>): Ruleset {
  const known = rules && built.get(rules);
  if (known && known.podCIDR === overlay?.podCIDR && known.hostPorts === hostPorts) return known.rules;
  const own = rules
    ? buildRules(rules.services, rules.slices, {
        clusterCIDR: config.clusterCIDR,
        machine: config.machine,
        machineIP: config.ip,
        ...(rules.zone === undefined ? {} : { zone: rules.zone }),
      })
    : NO_RULES;
  const all = overlay ? withHostPorts(withFlannel(own, config.clusterCIDR, overlay.podCIDR), hostPorts, overlay.podCIDR) : own;
  if (rules) built.set(rules, { podCIDR: overlay?.podCIDR, hostPorts, rules: all });
  return all;
}
