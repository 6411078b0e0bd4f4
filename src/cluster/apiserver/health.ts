/** How the server is: /healthz, /livez and /readyz. Upstream: staging/src/k8s.io/apiserver/pkg/server/healthz (v1.36). Simplified: its checks are named, and all of them are well once it is ready. */
import type { ApiRequest, ApiResponse } from '../api-request.ts';

const healthText = (which: string): string =>
  `[+]ping ok\n[+]log ok\n[+]etcd ok\n[+]poststarthook/start-apiserver-admission-initializer ok\n[+]poststarthook/generic-apiserver-start-informers ok\n[+]poststarthook/start-system-namespaces-controller ok\n[+]poststarthook/start-cluster-authentication-info-controller ok\n[+]poststarthook/start-kube-apiserver-identity-lease-controller ok\n[+]poststarthook/bootstrap-controller ok\n${which === 'readyz' ? '[+]informer-sync ok\n[+]shutdown ok\n' : ''}${which} check passed\n`;

/** Undefined when the request is about something else. */
export function health({ method, path, query }: ApiRequest, isReady: boolean): ApiResponse | undefined {
  const [, which] = /^\/(healthz|livez|readyz)(?:\/|$)/.exec(path) ?? [];
  if (which === undefined || method !== 'GET') return undefined;
  return isReady
    ? { code: 200, body: query?.verbose === undefined ? 'ok' : healthText(which) }
    : { code: 500, body: '[-]etcd failed: reason withheld' };
}
