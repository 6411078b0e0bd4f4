/** Logs, exec and attach: the requests that the apiserver takes to a kubelet. Upstream: pkg/registry/core/pod/rest/{log,subresources}.go (v1.36). Simplified: there is no stream: exec runs one command and answers with its output, and what is typed at a shell is a request of its own. */
import { internalIp } from '../../api/machinery/node-address.ts';
import { badRequest, notFound } from '../../api/machinery/status.ts';
import { allContainers } from '../../api/pods/containers.ts';
import type { V1Node, V1Pod, V1Status } from '../../api/schema/kubernetes.ts';
import type { Answer, Context } from '../../kernel/component.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import type { Typed } from '../runtime/process-protocol.ts';
import { logOptions, type LogOptions } from './log-options.ts';
import type { Tunnel } from './port-forward.ts';
import type { RequestInfo } from './request-info.ts';
import type { ServerView } from './view.ts';
import type { Client } from './watches.ts';

export interface LogsCall extends LogOptions {
  readonly protocol: 'kubelet';
  readonly verb: 'containerLogs';
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}
/** Its reply is an ExecReply. */
export interface KubeletExec {
  readonly protocol: 'kubelet';
  readonly verb: 'exec';
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly typed?: Typed;
}

export interface Asked {
  readonly view: ServerView;
  readonly info: RequestInfo;
  readonly request: ApiRequest;
  readonly client: Client;
  readonly ctx: Context;
  readonly refuse: (status: V1Status) => void;
}

export function proxyToKubelet(r: Asked): void {
  const { info, request, ctx } = r;
  const name = info.name ?? '';
  const options = logOptions(info.subresource === 'log' ? (request.query ?? {}) : {}, name);
  if ('status' in options) return r.refuse(options.status);
  const pod = r.view.get<V1Pod>('pods', `${info.namespace}/${name}`);
  if (!pod) return r.refuse(notFound('pods', name));
  const names = allContainers(pod).map((c) => c.name);
  const wanted =
    request.query?.container ||
    (pod.spec?.containers.length === 1
      ? pod.spec.containers[0].name
      : pod.metadata?.annotations?.['kubectl.kubernetes.io/default-container']);
  if (wanted === undefined)
    return r.refuse(
      badRequest(
        `a container name must be specified for pod ${name}, choose one of: [${(pod.spec?.containers ?? []).map((c) => c.name).join(' ')}]${pod.spec?.initContainers?.length ? ` or one of the init containers: [${pod.spec.initContainers.map((c) => c.name).join(' ')}]` : ''}`,
      ),
    );
  if (!names.includes(wanted)) return r.refuse(badRequest(`container ${wanted} is not valid for pod ${name}`));
  if (!pod.spec?.nodeName) return r.refuse(badRequest(`pod ${name} does not have a host assigned`));
  const host = `${addressOf(r.view.get<V1Node>('nodes', pod.spec.nodeName))}:10250`;
  if (info.subresource !== 'log') {
    const typed = request.method === 'POST' ? (request.body as Typed | undefined) : undefined;
    const isAttach = info.subresource === 'attach';
    if (isAttach && !typed) return r.refuse(badRequest('Upgrade request required'));
    const body: KubeletExec = {
      protocol: 'kubelet',
      verb: 'exec',
      namespace: info.namespace ?? '',
      pod: name,
      container: wanted,
      command: commandOf(request.query?.command),
      ...(typed ? { typed: isAttach ? { ...typed, isMain: true } : typed } : {}),
    };
    ctx.call(
      `${pod.spec.nodeName}/kubelet`,
      body,
      { step: 'kubelet', client: r.client, host, asked: 'error dialing backend' } satisfies KubeletThen,
      { deadlineUs: typed ? undefined : 30_000_000 },
    );
    return;
  }
  const body: LogsCall = {
    protocol: 'kubelet',
    verb: 'containerLogs',
    namespace: info.namespace ?? '',
    pod: name,
    container: wanted,
    ...options,
  };
  ctx.call(
    `${pod.spec.nodeName}/kubelet`,
    body,
    {
      step: 'kubelet',
      client: r.client,
      host,
      asked: `Get "https://${host}/containerLogs/${body.namespace}/${name}/${wanted}"`,
    } satisfies KubeletThen,
    { deadlineUs: 30_000_000 },
  );
}

/** `asked`: what an error begins with. */
export interface KubeletThen {
  readonly step: 'kubelet';
  readonly client: Client;
  readonly host: string;
  readonly asked: string;
}
export const addressOf = (node: V1Node | undefined): string => internalIp(node) || (node?.metadata?.name ?? '');

/** What a kubelet said, or why it did not. Upstream: an error without a reason (endpoints/handlers/responsewriters/status.go). */
export function kubeletAnswer({ outcome, body }: Answer, { asked, host }: KubeletThen): ApiResponse {
  const { text, exec, tunnel, error } = (body ?? {}) as {
    readonly text?: string;
    readonly exec?: unknown;
    readonly tunnel?: Tunnel;
    readonly error?: V1Status;
  };
  if (tunnel) return { code: 101, body: tunnel };
  if (exec) return { code: 200, body: exec };
  if (error) return { code: error.code ?? 500, body: error };
  if (text !== undefined) return { code: 200, body: text };
  return {
    code: 500,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `${asked}: dial tcp ${host}: ${outcome === 'deadline' ? 'i/o timeout' : 'connect: connection refused'}`,
      code: 500,
    } satisfies V1Status,
  };
}

/** A list in JSON, or one word. */
function commandOf(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  try {
    const parsed = JSON.parse(text) as unknown;
    return Array.isArray(parsed) ? parsed.map(String) : [text];
  } catch {
    return [text];
  }
}
