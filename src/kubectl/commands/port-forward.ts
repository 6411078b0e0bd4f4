/**
 * kubectl port-forward: listens where kubectl runs, and hands each connection through the apiserver and the kubelet to one pod, until Ctrl-C.
 * Upstream: staging/src/k8s.io/kubectl/pkg/cmd/portforward; client-go tools/portforward (v1.36).
 * Simplified: a connection is one request and its answer; nobody waits for pods that are not there yet; low ports are given to whoever asks.
 */
import { parseIp } from '../../lib/ip.ts';
import { fnv1a32 } from '../../lib/hash.ts';
import { rfc3339 } from '../../api/machinery/time.ts';
import type { V1Pod, V1Service } from '../../api/schema/kubernetes.ts';
import type { Through, Tunnel } from '../../cluster/apiserver/port-forward.ts';
import type { HttpCall } from '../../cluster/runtime/process-protocol.ts';
import { serverError, type Command, type Connection, type Env, type Output, type Told } from '../command.ts';
import { joinHostPort } from '../describe-template.ts';
import { forwardedPorts, type Forwarded } from '../forwarded-ports.ts';
import { itsPods } from '../its-pods.ts';
import { pathFor, resolve, type Named } from '../resources.ts';

interface State {
  readonly target: Named;
  readonly service?: V1Service;
  /** Of the pod that was chosen. */
  readonly path: string;
  readonly ports: readonly Forwarded[];
  /** Where the tunnel ends. */
  readonly at?: Tunnel['at'];
  /** Local ports that somebody else listens on. */
  readonly taken: readonly number[];
}

const USAGE = "error: TYPE/NAME and list of ports are required for port-forward\nSee 'kubectl port-forward -h' for help and examples\n";
const NOWHERE = { machine: '', sandbox: '' };
const HERE: readonly string[] = ['127.0.0.1', '0.0.0.0', '::1', '::'];
const failed = (text: string): Output => ({ err: `error: ${text}\n`, exit: 1 });

/** Upstream: parseAddresses. */
const askedOf = ({ argv: { flags } }: Env): readonly string[] => (flags.get('address') ?? 'localhost').split(',');
const addressError = (env: Env): string | undefined =>
  askedOf(env).find((text) => text !== 'localhost' && parseIp(text) === undefined && !text.includes(':'));
const addressesOf = (env: Env): readonly string[] =>
  [...new Set(askedOf(env).flatMap((text) => (text === 'localhost' ? ['127.0.0.1', '::1'] : [text])))].sort((a, b) => (a < b ? -1 : 1));

/** The pod is known: its ports are, too, and it is asked for once more. */
function chosen(state: State, pod: V1Pod, env: Env): Output {
  const ports = forwardedPorts(env.argv.words.slice(1), pod, state.service);
  const bad = addressError(env);
  if ('error' in ports) return failed(ports.error);
  if (bad !== undefined) return failed(`${bad} is not a valid IP`);
  const name = pod.metadata?.name ?? '';
  const path = `/api/v1/namespaces/${env.namespace}/pods/${name}`;
  const free = (i: number): number => 32_768 + (fnv1a32(`${name} ${env.nowMs} ${i}`) % 28_232);
  return {
    state: { ...state, path, ports: ports.map((port, i) => (port.local === 0 ? { ...port, local: free(i) } : port)) } satisfies State,
    ask: [{ tag: 'pod', request: { method: 'GET', path } }],
  };
}

/** It has to run; then the tunnel is dug. */
function dug(state: State, { status }: V1Pod): Output {
  return status?.phase === 'Running'
    ? {
        listen: state.ports.map(({ local }) => local),
        ask: [{ tag: 'tunnel', request: { method: 'POST', path: `${state.path}/portforward` } }],
      }
    : failed(`unable to forward port because pod is not running. Current status=${status?.phase ?? ''}`);
}

/** Upstream: listenOnPort. */
function listening({ ports, taken }: State, env: Env): Output {
  const addresses = addressesOf(env);
  let [said, out] = ['', ''];
  for (const { local, remote } of ports) {
    const refused = addresses.flatMap((address) => {
      const why = taken.includes(local) ? 'address already in use' : HERE.includes(address) ? undefined : 'cannot assign requested address';
      return why
        ? [`unable to create listener: Error listen tcp${address.includes(':') ? 6 : 4} ${joinHostPort(address, local)}: bind: ${why}`]
        : [];
    });
    if (refused.length > 0)
      said += `Unable to listen on port ${local}: Listeners failed to create with the following errors: [${refused.join(' ')}]\n`;
    else out += addresses.map((address) => `Forwarding from ${joinHostPort(address, local)} -> ${remote}\n`).join('');
  }
  if (out !== '') return { said, out, goesOn: true };
  const all = ports.map(({ local, remote }) => `{${local} ${remote}}`).join(' ');
  return { said, ...failed(`unable to listen on any of the requested ports: [${all}]`) };
}

/** Somebody has connected. */
function handled({ ports, path, at = NOWHERE }: State, connection: Connection): Output {
  const call = connection.body as HttpCall;
  const remote = ports.find(({ local }) => local === call.port)?.remote ?? call.port;
  return {
    out: `Handling connection for ${call.port}\n`,
    ask: [
      {
        tag: 'stream',
        data: { connection, remote },
        request: {
          method: 'POST',
          path: `${path}/portforward`,
          query: { ports: String(remote) },
          body: { ...at, call: { ...call, port: remote } } satisfies Through,
        },
      },
    ],
  };
}

/** What came back through the tunnel; one that fails ends it. */
function streamed({ data, response }: Told, env: Env): Output {
  const { connection, remote } = data as { readonly connection: Connection; readonly remote: number };
  const { error = response?.code === 101 ? undefined : (response?.body as { readonly message?: string }).message, payload } = (
    response?.code === 101 ? response.body : {}
  ) as Tunnel;
  if (error === undefined) return { answers: [{ to: connection, body: payload }] };
  const [month, day, time] = [rfc3339(env.nowMs)].flatMap((text) => [text.slice(5, 7), text.slice(8, 10), text.slice(11, 19)]);
  const local = (connection.body as HttpCall).port;
  const why = JSON.stringify(`an error occurred forwarding ${local} -> ${remote}: ${error}`);
  return {
    said: `E${month}${day} ${time}.${String(env.nowMs % 1000).padStart(3, '0')}000       1 portforward.go:424] "Unhandled Error" err=${why}\n`,
    ...failed('lost connection to pod'),
  };
}

const portForward: Command = {
  name: 'port-forward',
  init(env) {
    const [word, ...ports] = env.argv.words;
    if (ports.length === 0) return { err: USAGE, exit: 1 };
    const targets = resolve(word.includes('/') ? [word] : ['pods', word]);
    if (typeof targets === 'string') return { err: targets, exit: 1 };
    const [target] = targets;
    const state: State = { target, path: '', ports: [], taken: [] };
    return { state, ask: [{ tag: 'get', request: { method: 'GET', path: pathFor(target.kind, env.namespace, target.name) } }] };
  },
  update(model, told, env) {
    const state = model as State;
    const { tag, response } = told;
    if (tag === 'in-use') return { state: { ...state, taken: [...state.taken, Number(told.data)] } satisfies State };
    if (tag === 'connection') return handled(state, told.data as Connection);
    if (tag === 'stream') return streamed(told, env);
    if (!response) return {};
    if (tag === 'tunnel') {
      const { at, error } = (response.body ?? {}) as Tunnel;
      if (response.code === 101 && error === undefined) return { state: { ...state, at } satisfies State, ...listening(state, env) };
      const why = error ?? (response.body as { readonly message?: string }).message;
      return failed(`error upgrading connection: ${why}`);
    }
    if (response.code !== 200) return { err: serverError(response), exit: 1 };
    if (tag === 'pod') return dug(state, response.body as V1Pod);
    const meant = itsPods({ tag, kind: state.target.kind, body: response.body, to: 'attach to' }, env);
    if ('fault' in meant) return { err: meant.fault, exit: 1 };
    const now: State = tag === 'get' && state.target.kind.kind === 'Service' ? { ...state, service: response.body as V1Service } : state;
    if ('ask' in meant) return { state: now, ask: meant.ask };
    return meant.pods.length === 0 ? failed('timed out waiting for the condition') : chosen(now, meant.pods[0], env);
  },
};

export default [portForward] satisfies readonly Command[];
