/** Whether a container that ended is started again. Upstream: pkg/api/v1/pod/util.go ContainerShouldRestart, pkg/kubelet/container/helpers.go (v1.36). Simplified: RestartAllContainers starts the container alone again. */
import type { V1Container, V1PodSpec } from '../../api/schema/kubernetes.ts';

interface Rule {
  readonly action?: string;
  readonly exitCodes?: { readonly operator?: string; readonly values?: readonly number[] };
}

export function shouldRestart(container: V1Container, spec: V1PodSpec | undefined, exitCode: number): boolean {
  if (container.restartPolicy !== undefined) {
    const rules = (container as { readonly restartPolicyRules?: readonly Rule[] }).restartPolicyRules ?? [];
    if (rules.some((rule) => rule.exitCodes && (rule.exitCodes.values ?? []).includes(exitCode) === (rule.exitCodes.operator === 'In')))
      return true;
  }
  const policy = container.restartPolicy ?? spec?.restartPolicy ?? 'Always';
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}
