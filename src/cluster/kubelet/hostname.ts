/**
 * What a pod's containers are called, and what is written of it into /etc/hosts.
 * Upstream: pkg/kubelet/kubelet_pods.go GeneratePodHostNameAndDomain, pkg/kubelet/util/util.go GetNodenameForKernel (v1.36). Simplified: nothing.
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

/** What the kernel takes. */
export const MOST_NODENAME = 64;
export const tooLong = (name: string): string =>
  `failed to construct FQDN from pod hostname and cluster domain, FQDN ${name} is too long (${MOST_NODENAME} characters is the max, ${name.length} characters requested)`;

/** What the kernel says. */
export function nodenameOf(pod: V1Pod, machine: string): string {
  if (pod.spec?.hostNetwork) return machine;
  const { host, domain } = hostnameOf(pod);
  return pod.spec?.setHostnameAsFQDN && domain !== '' ? `${host}.${domain}` : host;
}
