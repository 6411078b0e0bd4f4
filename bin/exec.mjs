/**
 * What `kubectl exec` speaks: a WebSocket in whose messages the first byte names a channel, 1 and 2 for what it says, 3 for how it ended. The command has run before the first of them is sent, and hears nothing.
 * Upstream: apimachinery pkg/util/remotecommand v5.channel.k8s.io, RFC 6455.
 */
import { createHash } from 'node:crypto';

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const [STDOUT, STDERR, END] = [1, 2, 3];

function frame(opcode, payload) {
  const { length } = payload;
  const head =
    length < 126
      ? Buffer.from([0x80 | opcode, length])
      : length < 65_536
        ? Buffer.from([0x80 | opcode, 126, length >> 8, length & 255])
        : Buffer.concat([
            Buffer.from([0x80 | opcode, 127, 0, 0, 0, 0]),
            Buffer.from([length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255]),
          ]);
  return Buffer.concat([head, payload]);
}
const message = (channel, text) => frame(2, Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
const ended = ({ exitCode, error }) =>
  error
    ? {
        metadata: {},
        status: 'Failure',
        reason: 'InternalError',
        code: 500,
        message: `Internal error occurred: error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: ${error}`,
      }
    : exitCode === 0
      ? { metadata: {}, status: 'Success' }
      : {
          metadata: {},
          status: 'Failure',
          message: `command terminated with non-zero exit code: exit status ${exitCode}`,
          reason: 'NonZeroExitCode',
          details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
        };

/** Answers a client that wants to speak otherwise. `ask`: a request to the cluster. */
export function upgrade(request, socket, ask) {
  const refuse = (status, body) =>
    socket.end(`HTTP/1.1 ${status} \r\nContent-Type: application/json\r\nConnection: close\r\n\r\n${JSON.stringify(body)}`);
  const offered = String(request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((name) => name.trim());
  const protocol = PROTOCOLS.find((name) => offered.includes(name));
  const isExec = /\/exec(\?|$)/.test(request.url);
  if (!protocol || !isExec)
    return refuse(isExec ? 403 : 404, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: isExec ? 'unable to upgrade: only websockets are spoken' : 'the server could not find the requested resource',
      reason: isExec ? 'Forbidden' : 'NotFound',
      code: isExec ? 403 : 404,
    });
  const { status, body } = ask({ method: 'POST', path: request.url });
  if (status !== 200 || body?.protocol !== 'exec') return refuse(status, body);
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
  );
  for (const [channel, text] of [
    [STDOUT, body.stdout],
    [STDERR, body.stderr],
  ])
    if (text) socket.write(message(channel, text));
  socket.write(message(END, JSON.stringify(ended(body))));
  socket.end(frame(8, Buffer.from([0x03, 0xe8])));
}
