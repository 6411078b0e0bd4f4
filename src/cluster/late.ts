/** What of the machines nobody needs before the first command: its code arrives with kubectl's, so that a cluster boots without it. */
import { assert } from '../lib/assert.ts';
import type { validateResize, withResources } from '../api/pods/resize.ts';
import type { reviewAccess } from './apiserver/access-review.ts';
import type { podSecurity } from './apiserver/admission/pod-security/pod-security.ts';
import type { resizeRefusal } from './apiserver/admission/resize-refusal.ts';
import type { bearer } from './apiserver/authenticate.ts';
import type { decideToken } from './apiserver/decide-token.ts';
import type { discover } from './apiserver/discovery.ts';
import type { impersonated } from './apiserver/impersonate.ts';
import type { kubeletAnswer, proxyToKubelet } from './apiserver/kubelet-proxy.ts';
import type { forwardToKubelet } from './apiserver/port-forward.ts';
import type { changePod, endResize, resume, retryResizes } from './kubelet/resize.ts';
import type { namespaceOf } from './network/namespace.ts';
import type { forwardPort, portForwarded } from './kubelet/tunnels.ts';
import type { updated, updateOf } from './kubelet/update-containers.ts';
import type { imageFamilies } from './runtime/images/every-image.ts';
import type { execAddress } from './runtime/exec-beside.ts';
import type { lookUp } from './runtime/images/look-up.ts';
import type { portForward, streamed } from './runtime/port-forward.ts';
import type { updateResources } from './runtime/update-resources.ts';

interface Late {
  readonly bearer: typeof bearer;
  readonly changePod: typeof changePod;
  readonly decideToken: typeof decideToken;
  readonly discover: typeof discover;
  readonly endResize: typeof endResize;
  readonly execAddress: typeof execAddress;
  readonly forwardPort: typeof forwardPort;
  readonly forwardToKubelet: typeof forwardToKubelet;
  readonly imageFamilies: typeof imageFamilies;
  readonly impersonated: typeof impersonated;
  readonly kubeletAnswer: typeof kubeletAnswer;
  readonly lookUp: typeof lookUp;
  readonly namespaceOf: typeof namespaceOf;
  readonly podSecurity: typeof podSecurity;
  readonly portForward: typeof portForward;
  readonly portForwarded: typeof portForwarded;
  readonly proxyToKubelet: typeof proxyToKubelet;
  readonly resizeRefusal: typeof resizeRefusal;
  readonly resume: typeof resume;
  readonly retryResizes: typeof retryResizes;
  readonly reviewAccess: typeof reviewAccess;
  readonly streamed: typeof streamed;
  readonly updated: typeof updated;
  readonly updateOf: typeof updateOf;
  readonly updateResources: typeof updateResources;
  readonly validateResize: typeof validateResize;
  readonly withResources: typeof withResources;
}
let parts: Late | undefined;

/** Whoever plays one role alone brings what that role needs. */
export function bringLate(some: Partial<Late>): void {
  parts = { ...parts, ...some } as Late;
}
export function late(): Late {
  assert(parts, 'a command comes after the code that it needs');
  return parts;
}
