/**
 * What a pod names that must be there before it starts: ConfigMaps and Secrets, and paths of the machine with a type, which the disk is asked about.
 * Upstream: pkg/volume/hostpath/host_path.go SetUp (v1.36). Simplified: what the machine's own static pods mount is there.
 */
import { referencesOf } from '../../api/pods/references.ts';
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import type { HostPathCall } from '../runtime/machine-files.ts';

type Named = { readonly pod: V1Pod; readonly isStatic: boolean };
const PLURAL = 'hostPaths/';

/** 'hostPaths/web-data' → what is asked. */
export function hostPathCalls({ pod, isStatic }: Named): ReadonlyMap<string, HostPathCall> {
  const calls = new Map<string, HostPathCall>();
  for (const { name, hostPath } of isStatic ? [] : (pod.spec?.volumes ?? []))
    if (hostPath?.type) calls.set(PLURAL + name, { protocol: 'host-path', path: hostPath.path, type: hostPath.type });
  return calls;
}

/** All that is asked for, each once. */
export const wantedBy = (named: Named): readonly string[] => [...referencesOf(named.pod), ...hostPathCalls(named).keys()];
/** What is wrong with the path of a volume. */
export const hostPathError = (found: ReadonlyMap<string, Readonly<Record<string, string>> | null>, volume: string): string | undefined =>
  found.get(PLURAL + volume)?.error;
