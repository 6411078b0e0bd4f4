/** Whether a container that ended is started again. Upstream: pkg/api/v1/pod/util.go ContainerShouldRestart, pkg/kubelet/container/helpers.go (v1.36). */
import type { V1Container, V1PodSpec } from '../../api/schema/kubernetes.ts';

interface Rule {
  readonly action?: string;
  readonly exitCodes?: { readonly operator?: string; readonly values?: readonly number[] };
}

const rulesOf = (container: V1Container): readonly Rule[] =>
  container.restartPolicy === undefined ? [] : ((container as { readonly restartPolicyRules?: readonly Rule[] }).restartPolicyRules ?? []);
/** The first rule that speaks of this exit code. */
const ruleFor = (container: V1Container, exitCode: number): Rule | undefined =>
  rulesOf(container).find(({ exitCodes: e }) => e && (e.values ?? []).includes(exitCode) === (e.operator === 'In'));

const ALL = 'RestartAllContainers';
/** Whether this end makes the whole pod begin anew. */
export const restartsAll = (container: V1Container, exitCode: number): boolean => ruleFor(container, exitCode)?.action === ALL;
/** Whether some end of one of its containers would. */
export const couldRestartAll = ({ initContainers, containers }: V1PodSpec): boolean =>
  (initContainers?.some(couldOne) ?? false) || containers.some(couldOne);
const couldOne = (container: V1Container): boolean => rulesOf(container).some(({ action }) => action === ALL);

export function shouldRestart(container: V1Container, spec: V1PodSpec | undefined, exitCode: number): boolean {
  if (ruleFor(container, exitCode)) return true;
  const policy = container.restartPolicy ?? spec?.restartPolicy ?? 'Always';
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}
