/**
 * The processes that a container sees besides its own: those of its pod, or of the container that it is to look into.
 * Upstream: containerd 2 internal/cri/server/container_create_linux.go, NamespaceMode POD and TARGET. Simplified: of each container the first one, by numbers that no kernel gave.
 */
import type { ContainerdState } from './containerd-state.ts';
import type { RuntimeContainer } from './cri.ts';
import { launchOf } from './launch.ts';
import type { PodProcess } from './process-protocol.ts';
import type { ProcessConfig } from './process-state.ts';

/** Undefined: it is alone in its namespace. Behind the first one, the sandbox's or the target's, come the others. */
export function processesBeside(
  { disk, config }: ContainerdState,
  { sandbox, spec, name }: RuntimeContainer,
): readonly PodProcess[] | undefined {
  const { sharesPids, targets } = spec;
  const here = disk.sandboxes.get(sandbox);
  if (!here || (!sharesPids && targets === undefined)) return undefined;
  return [...disk.containers.values()]
    .filter((c) => c.sandbox === sandbox && (sharesPids || c.name === targets || c.name === name))
    .map((c, i) => ({ c, pid: c.name === targets && !sharesPids ? 1 : 7 + 6 * i }))
    .filter(({ c }) => c.state === 'RUNNING')
    .flatMap(({ c, pid }) => {
      const launch = launchOf(c, here, { ...config, volumes: {} });
      return 'error' in launch
        ? []
        : [{ pid, uid: c.spec.user?.uid ?? 0, title: (launch.config as ProcessConfig).argv, address: c.address }];
    });
}
