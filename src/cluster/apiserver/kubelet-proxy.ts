/** `kubectl logs`: the one kind of request that the apiserver takes to a kubelet. Upstream: pkg/registry/core/pod/rest/log.go (v1.36). */
import { badRequest, notFound } from '../../api/machinery/status.ts';
import type { V1Pod, V1Status } from '../../api/schema/kubernetes.ts';
import type { Context } from '../../kernel/component.ts';
import type { ApiRequest } from '../api-request.ts';
import type { RequestInfo } from './request-info.ts';
import type { ServerView } from './view.ts';

export interface LogsCall { readonly protocol: 'kubelet'; readonly verb: 'containerLogs'; readonly namespace: string; readonly pod: string; readonly container: string; readonly previous: boolean; readonly tailLines?: number }

export function proxyToKubelet(r: { readonly view: ServerView; readonly info: RequestInfo; readonly request: ApiRequest; readonly client: { readonly id: number; readonly from: string }; readonly ctx: Context; readonly refuse: (status: V1Status) => void }): void {
  const { info, request, ctx } = r;
  const name = info.name ?? '';
  const pod = r.view.get<V1Pod>('pods', `${info.namespace}/${name}`);
  if (!pod) return r.refuse(notFound('pods', name));
  const names = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].map((c) => c.name);
  const wanted = request.query?.container ?? (pod.spec?.containers.length === 1 ? pod.spec.containers[0].name : pod.metadata?.annotations?.['kubectl.kubernetes.io/default-container'] ?? pod.spec?.containers[0]?.name ?? '');
  if (!names.includes(wanted)) return r.refuse(badRequest(`container ${wanted} is not valid for pod ${name}`));
  if (!pod.spec?.nodeName) return r.refuse(badRequest(`pod ${name} does not have a host assigned`));
  const tail = request.query?.tailLines;
  const body: LogsCall = { protocol: 'kubelet', verb: 'containerLogs', namespace: info.namespace ?? '', pod: name, container: wanted, previous: request.query?.previous === 'true', ...(tail === undefined ? {} : { tailLines: Number(tail) }) };
  ctx.call(`${pod.spec.nodeName}/kubelet`, body, { step: 'kubelet', client: r.client }, { deadlineUs: 30_000_000 });
}
