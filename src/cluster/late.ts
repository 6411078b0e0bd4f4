/** What of the machines nobody needs before the first command: its code arrives with kubectl's, so that a cluster boots without it. */
import { assert } from '../lib/assert.ts';
import type { bearer } from './apiserver/authenticate.ts';
import type { decideToken } from './apiserver/decide-token.ts';
import type { forwardToKubelet } from './apiserver/port-forward.ts';
import type { namespaceOf } from './network/namespace.ts';
import type { forwardPort, portForwarded } from './kubelet/tunnels.ts';
import type { imageFamilies } from './runtime/images/every-image.ts';
import type { portForward, streamed } from './runtime/port-forward.ts';

interface Late {
  readonly bearer: typeof bearer;
  readonly decideToken: typeof decideToken;
  readonly forwardPort: typeof forwardPort;
  readonly forwardToKubelet: typeof forwardToKubelet;
  readonly imageFamilies: typeof imageFamilies;
  readonly namespaceOf: typeof namespaceOf;
  readonly portForward: typeof portForward;
  readonly portForwarded: typeof portForwarded;
  readonly streamed: typeof streamed;
}
let parts: Late | undefined;

export function bringLate(all: Late): void {
  parts = all;
}
export function late(): Late {
  assert(parts, 'a command comes after the code that it needs');
  return parts;
}
