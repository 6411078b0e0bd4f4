/** A hop in a few words: what rides along with the dot. */
import type { TraceEvent } from '../kernel/trace.ts';

export type Protocol = 'api' | 'watch' | 'etcd' | 'cri' | 'cni' | 'net' | 'probe' | 'packet' | 'registry' | 'other';
export interface HopWords {
  readonly protocol: Protocol;
  readonly text: string;
  readonly failed: boolean;
}
type Hop = Extract<TraceEvent, { type: 'hop' | 'lost' }>;
type Body = Readonly<Record<string, unknown>>;

export function hopWords(hop: Hop): HopWords {
  if (hop.kind === 'refused') return say('other', 'connection refused', true);
  const body = (hop.body ?? {}) as Body;
  const words = BY_PROTOCOL.get(String(body.protocol));
  return words ? words(body, hop.kind === 'reply') : say('other', String(body.protocol ?? hop.kind));
}

const say = (protocol: Protocol, text: string, failed = false): HopWords => ({ protocol, text, failed });

/** What is said of a body, by the protocol that it names. */
const BY_PROTOCOL: ReadonlyMap<string, (body: Body, isReply: boolean) => HopWords> = new Map(
  Object.entries({
    api: apiWords,
    watch: ({ type, object }) => say('watch', `${String(type)} ${objectName(object)}`),
    etcd: (body) => say('etcd', etcdText(body)),
    'etcd-watch': ({ revision }) => say('etcd', `rev ${String(revision)}`),
    cri: ({ verb, error }, isReply) =>
      say('cri', isReply ? `${error === undefined ? '✓' : '✗'} ${String(verb)}` : String(verb), error !== undefined),
    'cri-event': ({ type }) => say('cri', String(type)),
    'host-path': ({ type, error }, isReply) =>
      say('cri', isReply ? (error === undefined ? '✓ hostPath' : '✗ hostPath') : `hostPath ${String(type)}?`, error !== undefined),
    mount: (_body, isReply) => say('cri', isReply ? '✓ mount' : 'mount'),
    files: writeWords,
    write: writeWords,
    signal: ({ signal }) => say('cri', String(signal), signal === 'SIGKILL'),
    cni: ({ command, ip, error }, isReply) => say('cni', isReply ? `✓ ${String(ip ?? '')}` : `CNI ${String(command)}`, error !== undefined),
    registry: ({ image, error }, isReply) =>
      say('registry', isReply ? (error === undefined ? '✓ manifest' : '✗ not found') : String(image), error !== undefined),
    http: httpWords,
    packet: ({ outer, kind, dst, dport }) =>
      say('packet', `${outer ? 'VXLAN ' : ''}${String(kind)} → ${String(dst)}:${String(dport)}`, kind === 'RST' || kind === 'UNREACHABLE'),
    socket: ({ outcome, why, proto, dst, dport }, isReply) =>
      isReply
        ? say('packet', outcome === 'data' ? 'answer' : String(why), outcome !== 'data')
        : say('packet', `${String(proto)} → ${String(dst)}:${String(dport)}`),
    dns: ({ name, answer }, isReply) =>
      say('packet', `DNS ${String(isReply ? (answer as { readonly rcode?: string } | undefined)?.rcode : name)}`),
    listen: () => say('net', 'listen'),
    'in-use': ({ port }) => say('net', `✗ port ${String(port)} is in use`, true),
    netlink: ({ verb }) => say('net', `ip link (${String(verb)})`),
    overlay: () => say('net', 'routes'),
    'iptables-restore': () => say('net', 'iptables-restore'),
  } satisfies Readonly<Record<string, (body: Body, isReply: boolean) => HopWords>>),
);

function apiWords(body: Body): HopWords {
  const request = body.request as
    | { readonly method: string; readonly path: string; readonly query?: Readonly<Record<string, string>> }
    | undefined;
  if (request?.query?.watch) return say('watch', `WATCH ${tail(request.path)}`);
  if (request) return say('api', `${request.method} ${tail(request.path)}`);
  const { code } = (body.response ?? {}) as { readonly code?: number };
  return say('api', `${(code ?? 0) < 400 ? '✓' : '✗'} ${code}`, (code ?? 0) >= 400 && code !== 404);
}

function httpWords({ refused, status, method, port, path }: Body, isReply: boolean): HopWords {
  const asked = `${String(method)} :${String(port)}${String(path)}`;
  return say('probe', isReply ? (refused ? '✗ refused' : `${String(status)}`) : asked, refused === true);
}

function writeWords({ changes }: Body): HopWords {
  return say('cri', `write ${(changes as readonly { readonly path: string }[]).map((c) => c.path).join(', ')}`);
}

function etcdText(body: Body): string {
  if (body.verb !== 'txn') return String(body.verb);
  if ('succeeded' in body) return body.succeeded ? `✓ rev ${String(body.revision)}` : '✗ compare failed';
  const { success } = (body.txn ?? {}) as { readonly success?: readonly { readonly op: string; readonly key: string }[] };
  return `${success?.[0]?.op ?? ''} ${tail(success?.[0]?.key ?? '')}`;
}

const tail = (path: string): string =>
  path
    .split('/')
    .filter((p) => p !== '' && p !== 'api' && p !== 'apis' && p !== 'namespaces')
    .slice(-3)
    .join('/');

interface Named {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly items?: readonly unknown[];
}
/** 'web', or of a list '(110)'. */
export const nameInWords = ({ metadata, items }: Named): string => metadata?.name ?? (items ? `(${items.length})` : '');
const objectName = (object: unknown): string => {
  const named = (object ?? {}) as Named;
  return `${named.kind ?? ''} ${nameInWords(named)}`;
};

/** Whether something travels from one actor to another. */
export function isTravel(event: TraceEvent): event is Hop {
  return (
    (event.type === 'hop' || event.type === 'lost') &&
    event.from !== event.to &&
    event.from !== '' &&
    event.kind !== 'start' &&
    event.kind !== 'exited' &&
    event.kind !== 'wake' &&
    event.kind !== 'deadline' &&
    !/client-\d+$/.test(event.from) &&
    !/client-\d+$/.test(event.to)
  );
}

/** Whether a hop is shown when nobody asked for the chatter: in the foreground, and not about Event objects. */
export function isShown(event: TraceEvent): event is Hop {
  if (!isTravel(event) || event.background) return false;
  const body = (event.body ?? {}) as Body;
  const path = (body.request as { readonly path?: string } | undefined)?.path ?? '';
  if (/\/events(\/|$)/.test(path)) return false;
  const key = ((body.txn as { readonly success?: readonly { readonly key: string }[] } | undefined)?.success?.[0]?.key ?? '') as string;
  return !key.startsWith('/registry/events/');
}
