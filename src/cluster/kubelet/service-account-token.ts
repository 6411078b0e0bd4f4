/** The token that a pod's service account volume shows. Upstream: pkg/kubelet/token/token_manager.go (v1.36). Simplified: the kubelet writes it itself instead of asking for it; it never expires nor changes, and names no uid of the account, nor of the machine. */
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import { signed } from '../../lib/jwt.ts';
import { ISSUER } from '../service-account-claims.ts';

export function serviceAccountToken({ metadata, spec }: V1Pod, audience = ISSUER): string {
  const name = spec?.serviceAccountName ?? 'default';
  return signed({
    aud: [audience],
    iss: ISSUER,
    'kubernetes.io': {
      namespace: metadata?.namespace,
      node: { name: spec?.nodeName },
      pod: { name: metadata?.name, uid: metadata?.uid },
      serviceaccount: { name },
    },
    sub: `system:serviceaccount:${metadata?.namespace}:${name}`,
  });
}
