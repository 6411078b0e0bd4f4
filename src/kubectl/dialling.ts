/**
 * What kubectl finds out when nobody answers its first request: no machine, a machine whose process is stuck, or a server that takes its time.
 * Upstream: net/http transport.go (TLSHandshakeTimeout 10 s) and client.go (Timeout), client-go's transport defaults; Linux asks for a neighbour three times, a second apart.
 * Simplified: a dial is a message only when the answer is late, and whoever cannot be reached is on the laptop's own wire, where the neighbour is not found.
 */
import type { Answer, Context } from '../kernel/component.ts';
import type { EventId, Us } from '../kernel/message.ts';
import { callApi } from '../cluster/client/api-client.ts';
import { identities } from '../cluster/client/identity.ts';
import type { Argv } from './argv.ts';
import { durationUs } from '../lib/go-duration.ts';
import { SERVER } from './kubeconfig.ts';

const SECOND_US: Us = 1_000_000;
/** When a neighbour that has said nothing is asked for the last time. */
export const UNANSWERED_US: Us = 2 * SECOND_US;
const HANDSHAKE_US: Us = 10 * SECOND_US;
/** kubectl itself waits for as long as the server does. */
export const ENDLESS_US: Us = 86_400 * SECOND_US;
export const TOO_LATE = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';

/** `dialled`: the request that is not answered. */
interface Knock {
  readonly knock: 'machine' | 'process';
  readonly dialled: EventId;
}
export const isKnock = (then: unknown): then is Knock => (then as Partial<Knock>).knock !== undefined;

/** --request-timeout; undefined: none. */
export function patienceOf({ flags }: Argv): Us | undefined {
  const text = flags.get('request-timeout') ?? '0';
  return durationUs(/^\+?\d+$/.test(text) ? `${text}s` : text);
}

/** Whether the machine is there: it refuses what nobody listens for. */
export function knock(api: string, dialled: EventId, ctx: Context): void {
  ctx.call(`${api.split('/')[0]}/tcp`, { protocol: 'tcp' }, { knock: 'machine', dialled } satisfies Knock, {
    deadlineUs: SECOND_US,
    background: true,
  });
}

/** Why there is no connection; undefined while there may be one. */
export function heardOf(api: string, { outcome }: Answer, then: Knock, ctx: Context): string | undefined {
  if (then.knock === 'process') return outcome === 'deadline' ? 'net/http: TLS handshake timeout' : undefined;
  if (outcome === 'deadline') return `dial tcp ${SERVER}: connect: no route to host`;
  callApi(ctx, { api, as: identities.admin }, { method: 'GET', path: '/livez' }, { ...then, knock: 'process' } satisfies Knock, {
    deadlineUs: HANDSHAKE_US - UNANSWERED_US,
    background: true,
  });
  return undefined;
}
