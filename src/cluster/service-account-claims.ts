/** What a service account's token says of itself. Upstream: pkg/serviceaccount/{claims,legacy,jwt}.go (v1.36). Simplified: nothing. */
import type { V1Secret, V1ServiceAccount } from '../api/schema/kubernetes.ts';
import { signed } from '../lib/jwt.ts';

/** Of the apiserver that kubeadm sets up: whose tokens they are, and for whom when nobody is named. */
export const ISSUER = 'https://kubernetes.default.svc.cluster.local';
export const NAME_ANNOTATION = 'kubernetes.io/service-account.name';
export const UID_ANNOTATION = 'kubernetes.io/service-account.uid';

export interface Reference {
  readonly name?: string;
  readonly uid?: string;
}
export interface Claims {
  readonly aud: readonly string[];
  /** Seconds since 1970, as all of a token's times. */
  readonly exp: number;
  readonly sub: string;
  readonly 'kubernetes.io': {
    readonly namespace: string;
    readonly serviceaccount: Reference;
    readonly node?: Reference;
    readonly pod?: Reference;
    readonly secret?: Reference;
  };
}

export const subjectOf = ({ metadata }: V1ServiceAccount): string => `system:serviceaccount:${metadata?.namespace}:${metadata?.name}`;

/** The one that a Secret holds: it ends with the Secret. */
export const secretToken = (account: V1ServiceAccount, secret: V1Secret): string =>
  signed({
    iss: 'kubernetes/serviceaccount',
    'kubernetes.io/serviceaccount/namespace': account.metadata?.namespace,
    'kubernetes.io/serviceaccount/secret.name': secret.metadata?.name,
    'kubernetes.io/serviceaccount/service-account.name': account.metadata?.name,
    'kubernetes.io/serviceaccount/service-account.uid': account.metadata?.uid,
    sub: subjectOf(account),
  });
