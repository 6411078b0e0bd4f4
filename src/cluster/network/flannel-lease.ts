/** What flannel writes onto its own Node, so that the others know how to reach its pods. Upstream: flannel-io/flannel pkg/subnet/kube/kube.go AcquireLease, pkg/backend/vxlan/vxlan.go. Simplified: the others take the addresses from the Node itself. */
import type { V1Node } from '../../api/schema/kubernetes.ts';
import { VNI } from './packet.ts';

const PREFIX = 'flannel.alpha.coreos.com/';

/** The annotations to write; undefined when they are there. */
export function missingLease(
  node: V1Node,
  { ip, mac }: { readonly ip: string; readonly mac: string },
): Readonly<Record<string, string>> | undefined {
  const wanted = {
    [`${PREFIX}backend-data`]: JSON.stringify({ VNI, VtepMAC: mac }),
    [`${PREFIX}backend-type`]: 'vxlan',
    [`${PREFIX}kube-subnet-manager`]: 'true',
    [`${PREFIX}public-ip`]: ip,
  };
  const { annotations = {} } = node.metadata ?? {};
  return Object.entries(wanted).every(([key, value]) => annotations[key] === value) ? undefined : wanted;
}
