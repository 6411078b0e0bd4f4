/**
 * One of several may act: whoever holds the Lease. It renews it, and another takes over only when it has not seen a renewal for as long as the lease lasts.
 * Upstream: staging/src/k8s.io/client-go/tools/leaderelection/leaderelection.go, component-base/config options (v1.36): 15 s, 10 s to renew it, and 2 s between tries.
 * Simplified: a holder renews every 5 s, so that an idle cluster is quiet.
 */
import { uuid } from '../../api/machinery/rand.ts';
import { parseTime, rfc3339Micro } from '../../api/machinery/time.ts';
import type { V1Lease } from '../../api/schema/kubernetes.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import type { Us } from '../../kernel/message.ts';
import { callApi, responseOf, type Endpoint } from './api-client.ts';
import { createEventRecorder, recordEvent, type EventRecorder } from './event-recorder.ts';

export interface Election {
  readonly name: string;
  readonly identity: string;
  readonly epochMs: number;
  isLeader: boolean;
  /** The lease as last seen, and when its holder last showed life, by this process' own clock. */
  lease: V1Lease | undefined;
  observedAt: Us;
  /** When this process last wrote it. */
  renewedAt: Us;
  readonly recorder: EventRecorder;
}
type Then = { readonly election: 'get' | 'write' };
const isMine = (then: unknown): then is Then => typeof then === 'object' && then !== null && 'election' in then;

const LEASE_US = 15_000_000;
const RENEW_US = 5_000_000;
const RENEW_DEADLINE_US = 10_000_000;
const RETRY_US = 2_000_000;
/** Before the cluster's own namespaces exist. */
const EARLY_RETRY_US = 200_000;
const PATH = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';

/** `component`: who its Event is from. */
export function createElection(
  ctx: Context,
  { name, component, epochMs }: { readonly name: string; readonly component: string; readonly epochMs: number },
): Election {
  const rng = ctx.draw(`leader/${name}/${ctx.self}/${ctx.now}`);
  return {
    name,
    identity: `${ctx.host}_${uuid((n) => rng.below(n))}`,
    epochMs,
    isLeader: false,
    lease: undefined,
    observedAt: 0,
    renewedAt: 0,
    recorder: createEventRecorder(component, epochMs),
  };
}

export function campaign(ctx: Context, election: Election, endpoint: Endpoint): void {
  if (election.isLeader) return write(ctx, election, endpoint);
  callApi(ctx, endpoint, { method: 'GET', path: `${PATH}/${election.name}` }, { election: 'get' } satisfies Then);
}

export const electionWake = (body: unknown): boolean => typeof body === 'object' && body !== null && 'campaign' in body;
const again = (ctx: Context, us: Us, background: boolean): void => void ctx.wake(us, { campaign: true }, background);

/** Undefined when the answer is not an election's; 'acquired' once, when this process becomes the leader. A leader that cannot renew its Lease in time ends itself. */
export function electionAnswered(
  ctx: Context,
  election: Election,
  endpoint: Endpoint,
  answer: Answer,
  then: unknown,
): 'acquired' | 'going' | undefined {
  if (!isMine(then)) return undefined;
  const { code, body } = responseOf(answer);
  if (then.election === 'get') {
    seen(ctx, election, endpoint, code, body as V1Lease);
    return 'going';
  }
  if (code !== 200 && code !== 201) {
    if (election.isLeader && ctx.now - election.renewedAt >= RENEW_DEADLINE_US) {
      resign(ctx, election);
      return 'going';
    }
    if (election.isLeader) election.lease = undefined;
    again(ctx, code === 404 ? EARLY_RETRY_US : RETRY_US, election.isLeader);
    return 'going';
  }
  const isNew = !election.isLeader;
  election.lease = body as V1Lease;
  election.isLeader = true;
  election.renewedAt = ctx.now;
  again(ctx, RENEW_US, true);
  if (isNew)
    recordEvent(ctx, election.recorder, endpoint, election.lease, {
      type: 'Normal',
      reason: 'LeaderElection',
      message: `${election.identity} became leader`,
    });
  return isNew ? 'acquired' : 'going';
}

function seen(ctx: Context, election: Election, endpoint: Endpoint, code: number, lease: V1Lease): void {
  if (code === 404) {
    election.lease = undefined;
    write(ctx, election, endpoint);
    return;
  }
  if (code !== 200) {
    again(ctx, RETRY_US, false);
    return;
  }
  if (election.lease?.metadata?.resourceVersion !== lease.metadata?.resourceVersion) {
    election.lease = lease;
    election.observedAt = ctx.now;
  }
  const isHeld = (lease.spec?.holderIdentity ?? '') !== '' && lease.spec?.holderIdentity !== election.identity;
  if (isHeld && ctx.now - election.observedAt < LEASE_US) {
    again(ctx, RETRY_US, false);
    return;
  }
  write(ctx, election, endpoint);
}

/** Upstream: "leaderelection lost", and exit code 1; whoever started the process starts it again. */
function resign(ctx: Context, election: Election): void {
  ctx.toForeground();
  ctx.note({ says: 'election/lost', about: ctx.self, with: { name: election.name, seconds: RENEW_DEADLINE_US / 1_000_000 } });
  ctx.exit(ctx.self, { exitCode: 1, reason: 'Error' });
}

/** Takes the lease, or renews it. */
function write(ctx: Context, election: Election, endpoint: Endpoint): void {
  const now = rfc3339Micro(election.epochMs, ctx.now);
  const old = election.lease?.spec;
  const isMineAlready = old?.holderIdentity === election.identity;
  const spec = {
    holderIdentity: election.identity,
    leaseDurationSeconds: LEASE_US / 1_000_000,
    acquireTime: isMineAlready && old.acquireTime !== undefined && !Number.isNaN(parseTime(old.acquireTime)) ? old.acquireTime : now,
    renewTime: now,
    leaseTransitions: (old?.leaseTransitions ?? 0) + (old && !isMineAlready ? 1 : 0),
  };
  const metadata = {
    name: election.name,
    namespace: 'kube-system',
    ...(election.lease?.metadata?.resourceVersion && !election.isLeader
      ? { resourceVersion: election.lease.metadata.resourceVersion }
      : {}),
  };
  const body: V1Lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
  callApi(
    ctx,
    endpoint,
    election.lease === undefined && !election.isLeader
      ? { method: 'POST', path: PATH, body }
      : { method: 'PUT', path: `${PATH}/${election.name}`, body },
    { election: 'write' } satisfies Then,
    { deadlineUs: RENEW_DEADLINE_US },
  );
}
