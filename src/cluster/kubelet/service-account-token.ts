/** The token that a pod's service account volume shows. Upstream: pkg/serviceaccount/claims.go (v1.36). Simplified: it is signed by nobody, and never expires nor changes. */
import type { V1Pod } from '../../api/schema/kubernetes.ts';
import { encodeBase64 } from '../../lib/base64.ts';

const ISSUER = 'https://kubernetes.default.svc.cluster.local';
const part = (value: object): string => encodeBase64(JSON.stringify(value)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

export function serviceAccountToken({ metadata, spec }: V1Pod, audience = ISSUER): string {
  const name = spec?.serviceAccountName ?? 'default';
  const claims = {
    aud: [audience],
    iss: ISSUER,
    'kubernetes.io': {
      namespace: metadata?.namespace,
      node: { name: spec?.nodeName },
      pod: { name: metadata?.name, uid: metadata?.uid },
      serviceaccount: { name },
    },
    sub: `system:serviceaccount:${metadata?.namespace}:${name}`,
  };
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.${part({})}`;
}
