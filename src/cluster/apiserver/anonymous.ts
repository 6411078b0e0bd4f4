/** What somebody without a certificate gets from the secure port: health and version, which system:public-info-viewer may read, and 403 for the rest. */
import { ANONYMOUS } from '../client/identity.ts';
import type { ApiRequest } from '../api-request.ts';
import type { HttpCall, HttpReply } from '../runtime/process-protocol.ts';
import { pathRefusal } from './authorize.ts';
import { VERSION } from './version.ts';

export function answerAnonymous(isReady: boolean, call: HttpCall): HttpReply {
  const say = (status: number, body: string): HttpReply => ({ protocol: 'http', status, body });
  const path = call.path.split('?')[0];
  if (path === '/livez' || path === '/readyz' || path === '/healthz')
    return path === '/readyz' && !isReady ? say(500, 'readyz check failed') : say(200, 'ok');
  if (path === '/version') return say(200, JSON.stringify(VERSION));
  const denied = pathRefusal(ANONYMOUS, { method: call.method as ApiRequest['method'], path });
  return denied ? say(403, JSON.stringify(denied)) : say(404, '404 page not found');
}
