/** What somebody without a certificate gets from the secure port: health and version, which system:public-info-viewer may read, and 403 for the rest. */
import type { HttpCall, HttpReply } from '../runtime/process.ts';

export function answerAnonymous(isReady: boolean, call: HttpCall): HttpReply {
  const say = (status: number, body: string): HttpReply => ({ protocol: 'http', status, body });
  const path = call.path.split('?')[0];
  if (path === '/livez' || path === '/readyz' || path === '/healthz') return path === '/readyz' && !isReady ? say(500, 'readyz check failed') : say(200, 'ok');
  if (path === '/version') return say(200, JSON.stringify({ major: '1', minor: '36', gitVersion: 'v1.36.0', platform: 'linux/amd64' }));
  const message = `forbidden: User "system:anonymous" cannot ${call.method.toLowerCase()} path "${path}"`;
  return say(403, JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason: 'Forbidden', details: {}, code: 403 }));
}
