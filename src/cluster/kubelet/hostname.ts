/**
 * What a pod's containers are called, and what is written of it into /etc/hosts.
 * Upstream: pkg/kubelet/kubelet_pods.go GeneratePodHostNameAndDomain, pkg/kubelet/util/util.go GetNodenameForKernel (v1.36). Simplified: a name too long for the kernel is cut, where upstream starts no sandbox.
 */
import type { V1Pod } from '../../api/schema/kubernetes.ts';

const DOMAIN = 'cluster.local';
const MOST = 63;

/** At most 63 letters; a name that the pod brings itself has no domain. */
export function hostnameOf({ metadata, spec }: V1Pod): { readonly host: string; readonly domain: string } {
  if (spec?.hostnameOverride) return { host: spec.hostnameOverride, domain: '' };
  const host = (spec?.hostname || metadata?.name || '').slice(0, MOST).replace(/[-.]+$/, '');
  return { host, domain: spec?.subdomain ? `${spec.subdomain}.${metadata?.namespace}.svc.${DOMAIN}` : '' };
}

/** What the kernel says. */
export function nodenameOf(pod: V1Pod, machine: string): string {
  if (pod.spec?.hostNetwork) return machine;
  const { host, domain } = hostnameOf(pod);
  return pod.spec?.setHostnameAsFQDN && domain !== '' ? `${host}.${domain}` : host;
}
