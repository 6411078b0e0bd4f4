/** All rules of a machine's kernel: those that kube-proxy wants for its Services, and flannel's. */
import type { LinuxState } from './linux-state.ts';
import { withFlannel, type Ruleset } from './rules.ts';
import { buildRules } from './service-rules.ts';

/** The rules are built when a packet or a person looks, once for each thing that kube-proxy wrote. */
const built = new WeakMap<object, { readonly podCIDR: string | undefined; readonly rules: Ruleset }>();
export function rulesetOf({ rules, overlay, config }: Pick<LinuxState, 'rules' | 'overlay' | 'config'>): Ruleset {
  const known = rules && built.get(rules);
  if (known && known.podCIDR === overlay?.podCIDR) return known.rules;
  const own = buildRules(rules?.services ?? [], rules?.slices ?? [], {
    clusterCIDR: config.clusterCIDR,
    machine: config.machine,
    machineIP: config.ip,
    ...(rules?.zone === undefined ? {} : { zone: rules.zone }),
  });
  const all = overlay ? withFlannel(own, config.clusterCIDR, overlay.podCIDR) : own;
  if (rules) built.set(rules, { podCIDR: overlay?.podCIDR, rules: all });
  return all;
}
