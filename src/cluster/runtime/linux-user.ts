/** As whom a container runs, and on which kernel. Upstream: cri-api LinuxContainerUser. */

export interface LinuxUser {
  readonly uid: number;
  readonly gid: number;
  readonly supplementalGroups: readonly number[];
}
export const ROOT: LinuxUser = Object.freeze({ uid: 0, gid: 0, supplementalGroups: Object.freeze([0]) });
/** Its home, where nothing else is said. Upstream: runc libcontainer/init_linux.go finalizeNamespace: the user's, or / for who has none. */
export const homeOf = ({ uid }: LinuxUser): string => (uid === 0 ? '/root' : '/');
/** As `uname -r` says it. */
export const KERNEL = '6.12.0-orrery';
