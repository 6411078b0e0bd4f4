/** Tunnels to pods, which the apiserver takes to a kubelet. Upstream: pkg/registry/core/pod/rest/subresources.go PortForwardREST (v1.36). Simplified: a connection through a tunnel is one request and its answer. */
import { badRequest, notFound } from '../../api/machinery/status.ts';
import type { V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import type { Stream } from '../runtime/cri.ts';
import type { HttpCall } from '../runtime/process-protocol.ts';
import { addressOf, type Asked, type KubeletThen } from './kubelet-proxy.ts';

/** Without a stream it is asked whether there can be a tunnel; its reply is a Tunnel. */
export interface KubeletForward {
  readonly protocol: 'kubelet';
  readonly verb: 'portForward';
  readonly namespace: string;
  readonly pod: string;
  readonly stream?: Stream & { readonly sandbox: string };
}
/** The body of a stream's request: it goes where the tunnel ends, whatever has become of the pod. */
export interface Through extends NonNullable<Tunnel['at']> {
  readonly call: HttpCall;
}
/** `at`: where it ends; `error`: why a stream has ended. */
export interface Tunnel {
  readonly at?: { readonly machine: string; readonly sandbox: string };
  readonly payload?: unknown;
  readonly error?: string;
}

/** Each stream of a tunnel is a request of its own. */
export function forwardToKubelet({ view, info, request, client, ctx, refuse }: Asked): void {
  const [name, namespace] = [info.name ?? '', info.namespace ?? ''];
  const { call, sandbox = '', machine: end } = (request.body ?? {}) as Partial<Through>;
  const stream = call?.protocol === 'http' && end ? { port: Number(request.query?.ports), payload: call, sandbox } : undefined;
  const pod = view.get<V1Pod>('pods', `${namespace}/${name}`);
  if (!pod && !stream) return refuse(notFound('pods', name));
  const machine = stream ? end : pod?.spec?.nodeName;
  if (!machine) return refuse(badRequest(`pod ${name} does not have a host assigned`));
  const body: KubeletForward = { protocol: 'kubelet', verb: 'portForward', namespace, pod: name, ...(stream ? { stream } : {}) };
  const host = `${addressOf(view.get<V1Node>('nodes', machine))}:10250`;
  ctx.call(`${machine}/kubelet`, body, { step: 'kubelet', client, host, asked: 'error dialing backend' } satisfies KubeletThen, {
    deadlineUs: 30_000_000,
  });
}
