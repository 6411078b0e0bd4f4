/**
 * The Lease by which an apiserver says that it is there. It asks itself, as any client would.
 * Upstream: staging/src/k8s.io/apiserver/pkg/server/config.go NewConfig, pkg/controlplane/apiserver/server.go (v1.36). Simplified: nobody collects the Leases of those that are gone.
 */
import { rfc3339Micro } from '../../api/machinery/time.ts';
import { uuid } from '../../api/machinery/rand.ts';
import type { V1Lease } from '../../api/schema/kubernetes.ts';
import type { Context } from '../../kernel/component.ts';
import { encodeBase32 } from '../../lib/base32.ts';
import { sha256 } from '../../lib/sha256.ts';
import { callApi } from '../client/api-client.ts';
import { identities } from '../client/identity.ts';

const FOLDER = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
const COMPONENT = 'kube-apiserver';
/** Upstream: IdentityLeaseDurationSeconds. */
const LASTS_SECONDS = 3600;
/** Upstream: IdentityLeaseRenewIntervalPeriod. */
export const OWN_LEASE_EVERY_US = 10_000_000;
export interface OwnLeaseThen {
  readonly step: 'own-lease';
}

/** `name`: of the Lease, from the machine's; `holder`: of this process. */
export interface OwnLease {
  readonly name: string;
  readonly host: string;
  readonly holder: string;
}

export function ownLease(ctx: Context): OwnLease {
  const prefixed = (text: string): string => String.fromCharCode(0, text.length) + text;
  const name = `apiserver-${encodeBase32(sha256(prefixed(ctx.host) + prefixed(COMPONENT)).slice(0, 16))}`;
  const rng = ctx.draw(`${name}/${ctx.now}`);
  return Object.freeze({ name, host: ctx.host, holder: `${name}_${uuid((n) => rng.below(n))}` });
}

export function renewOwnLease({ name, host, holder }: OwnLease, epochMs: number, ctx: Context): void {
  const body: V1Lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: 'kube-system', labels: { 'apiserver.kubernetes.io/identity': COMPONENT, 'kubernetes.io/hostname': host } },
    spec: { holderIdentity: holder, leaseDurationSeconds: LASTS_SECONDS, renewTime: rfc3339Micro(epochMs, ctx.now) },
  };
  callApi(
    ctx,
    { api: ctx.self, as: identities.apiserver },
    { method: 'PUT', path: `${FOLDER}/${name}`, body },
    { step: 'own-lease' } satisfies OwnLeaseThen,
    { background: true },
  );
}
