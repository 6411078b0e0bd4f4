/** As whom a container runs. Upstream: pkg/kubelet/kuberuntime/security_context_others.go verifyRunAsNonRoot, pkg/securitycontext/util.go (v1.36). Simplified: an image runs as root unless its name says otherwise. */
import type { V1Container, V1Pod } from '../../api/schema/kubernetes.ts';
import { ROOT, type LinuxUser } from '../runtime/linux-user.ts';

/** uid and gid that the manifest names, the container's own first. */
export function userOf(
  { securityContext: own }: V1Container,
  { spec }: V1Pod,
): { readonly uid?: number; readonly gid?: number; readonly isNonRoot: boolean } {
  const all = spec?.securityContext;
  const [uid, gid] = [own?.runAsUser ?? all?.runAsUser, own?.runAsGroup ?? all?.runAsGroup];
  return {
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
    isNonRoot: own?.runAsNonRoot ?? all?.runAsNonRoot ?? false,
  };
}

/** With the groups that the pod adds. Upstream: convertContainerStatusUser. */
export function linuxUserOf(container: V1Container, pod: V1Pod): LinuxUser {
  const { uid = 0, gid = 0 } = userOf(container, pod);
  const { fsGroup, supplementalGroups = [] } = pod.spec?.securityContext ?? {};
  const more = [...(fsGroup === undefined ? [] : [fsGroup]), ...supplementalGroups];
  return uid === 0 && gid === 0 && more.length === 0 ? ROOT : { gid, supplementalGroups: [...new Set([gid, ...more])], uid };
}

const runsAsRoot = (image: string): boolean => !/unprivileged|non-?root|rootless|bitnami|curlimages|http-echo/.test(image);

/** Why a container that must not run as root would, in the words of CreateContainerConfigError. */
export function rootError(container: V1Container, pod: V1Pod): string | undefined {
  const { uid, isNonRoot } = userOf(container, pod);
  const where = `(pod: "${pod.metadata?.name}_${pod.metadata?.namespace}(${pod.metadata?.uid})", container: ${container.name})`;
  if (!isNonRoot || (uid !== undefined && uid !== 0)) return undefined;
  if (uid === 0) return `container's runAsUser breaks non-root policy ${where}`;
  return runsAsRoot(container.image ?? '') ? `container has runAsNonRoot and image will run as root ${where}` : undefined;
}
