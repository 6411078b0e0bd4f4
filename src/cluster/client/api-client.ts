/** Asking the apiserver: the body of a call and of its answer, and the stream of a watch. */
import type { KubeObject } from '../../api/object.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import type { EventId, Us } from '../../kernel/message.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import type { Identity } from './identity.ts';

export interface ApiCall {
  readonly protocol: 'api';
  readonly request: ApiRequest;
  readonly as: Identity;
}
export interface ApiReply {
  readonly protocol: 'api';
  readonly response: ApiResponse;
}
/** One event of an open watch; `stream` is the id of the call that opened it. REPLACED: the object is a list of all that there is now; only for those who say what concerns them (crowds.ts). */
export interface WatchEvent {
  readonly protocol: 'watch';
  readonly stream: EventId;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'REPLACED';
  readonly object: KubeObject;
}

export interface Endpoint {
  readonly api: string;
  readonly as: Identity;
}

/** client-go's default for a request without a timeout of its own is none; kubelets and controllers use 10 s to 60 s. */
const REQUEST_TIMEOUT_US: Us = 34_000_000;

const PLAIN = { deadlineUs: REQUEST_TIMEOUT_US };

export function callApi(
  ctx: Context,
  endpoint: Endpoint,
  request: ApiRequest,
  then: unknown,
  options?: { readonly because?: readonly EventId[]; readonly background?: boolean; readonly isWatch?: boolean; readonly deadlineUs?: Us },
): EventId {
  const body: ApiCall = { protocol: 'api', request, as: endpoint.as };
  if (options === undefined) return ctx.call(endpoint.api, body, then, PLAIN);
  const { isWatch, deadlineUs = REQUEST_TIMEOUT_US, because, background } = options;
  return ctx.call(endpoint.api, body, then, { deadlineUs: isWatch ? undefined : deadlineUs, because, background });
}

/** The response in an answer; a refusal or a deadline reads as code 0. */
export function responseOf({ outcome, body }: Answer): ApiResponse {
  if (outcome === 'reply') return (body as ApiReply).response;
  return outcome === 'refused'
    ? noAnswer('ConnectionRefused', 'dial tcp: connect: connection refused')
    : noAnswer('Timeout', 'net/http: request canceled (Client.Timeout exceeded)');
}
export const noAnswer = (reason: 'ConnectionRefused' | 'Timeout', message: string): ApiResponse => ({
  code: 0,
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason, message },
});
