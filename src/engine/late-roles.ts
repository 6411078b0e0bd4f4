/** The roles that nobody plays before the first command: kubectl, the programs in the user's containers, and those that a person runs there. */
import { validateResize, withResources } from '../api/pods/resize.ts';
import { reviewAccess } from '../cluster/apiserver/access-review.ts';
import { podSecurity } from '../cluster/apiserver/admission/pod-security/pod-security.ts';
import { resizeRefusal } from '../cluster/apiserver/admission/resize-refusal.ts';
import { bearer } from '../cluster/apiserver/authenticate.ts';
import { decideToken } from '../cluster/apiserver/decide-token.ts';
import { discover } from '../cluster/apiserver/discovery.ts';
import { impersonated } from '../cluster/apiserver/impersonate.ts';
import { kubeletAnswer, proxyToKubelet } from '../cluster/apiserver/kubelet-proxy.ts';
import { forwardToKubelet } from '../cluster/apiserver/port-forward.ts';
import { changePod, endResize, resume, retryResizes } from '../cluster/kubelet/resize.ts';
import { forwardPort, portForwarded } from '../cluster/kubelet/tunnels.ts';
import { updated, updateOf } from '../cluster/kubelet/update-containers.ts';
import { bringLate } from '../cluster/late.ts';
import { curl, dig } from '../cluster/network/curl.ts';
import { namespaceOf } from '../cluster/network/namespace.ts';
import { execAddress } from '../cluster/runtime/exec-beside.ts';
import { imageFamilies } from '../cluster/runtime/images/every-image.ts';
import { lookUp } from '../cluster/runtime/images/look-up.ts';
import { logReader, process } from '../cluster/runtime/process.ts';
import type { Component } from '../kernel/component.ts';
import { portForward, streamed } from '../cluster/runtime/port-forward.ts';
import { updateResources } from '../cluster/runtime/update-resources.ts';
import { keyboard } from '../kubectl/keyboard.ts';
import { kubectl } from '../kubectl/kubectl.ts';

bringLate({
  bearer,
  changePod,
  decideToken,
  discover,
  endResize,
  execAddress,
  forwardPort,
  forwardToKubelet,
  imageFamilies,
  impersonated,
  kubeletAnswer,
  lookUp,
  namespaceOf,
  podSecurity,
  portForward,
  portForwarded,
  proxyToKubelet,
  resizeRefusal,
  resume,
  retryResizes,
  reviewAccess,
  streamed,
  updated,
  updateOf,
  updateResources,
  validateResize,
  withResources,
});

export const lateRoles = [kubectl, keyboard, process, logReader, curl, dig] as readonly unknown[] as readonly Component[];
