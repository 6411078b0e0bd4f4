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

const tail = (path: string): string =>
  path
    .split('/')
    .filter((p) => p !== '' && p !== 'api' && p !== 'apis' && p !== 'namespaces')
    .slice(-3)
    .join('/');

export function hopWords(hop: Hop): HopWords {
  const body = (hop.body ?? {}) as Body;
  const say = (protocol: Protocol, text: string, failed = false): HopWords => ({ protocol, text, failed });
  if (hop.kind === 'refused') return say('other', 'connection refused', true);
  switch (body.protocol) {
    case 'api': {
      const request = body.request as
        | { readonly method: string; readonly path: string; readonly query?: Readonly<Record<string, string>> }
        | undefined;
      if (request)
        return say(request.query?.watch ? 'watch' : 'api', `${request.query?.watch ? 'WATCH' : request.method} ${tail(request.path)}`);
      const { code } = (body.response ?? {}) as { readonly code?: number };
      return say('api', `${(code ?? 0) < 400 ? '✓' : '✗'} ${code}`, (code ?? 0) >= 400 && code !== 404);
    }
    case 'watch':
      return say('watch', `${String(body.type)} ${objectName(body.object)}`);
    case 'etcd':
      return say('etcd', etcdText(body));
    case 'etcd-watch':
      return say('etcd', `rev ${String(body.revision)}`);
    case 'cri':
      return say(
        'cri',
        hop.kind === 'reply' ? `${body.error === undefined ? '✓' : '✗'} ${String(body.verb)}` : String(body.verb),
        body.error !== undefined,
      );
    case 'cri-event':
      return say('cri', String(body.type));
    case 'cni':
      return say('cni', hop.kind === 'reply' ? `✓ ${String(body.ip ?? '')}` : `CNI ${String(body.command)}`, body.error !== undefined);
    case 'http':
      return say(
        'probe',
        hop.kind === 'reply'
          ? body.refused
            ? '✗ refused'
            : `${String(body.status)}`
          : `${String(body.method)} :${String(body.port)}${String(body.path)}`,
        body.refused === true,
      );
    case 'registry':
      return say(
        'registry',
        hop.kind === 'reply' ? (body.error === undefined ? '✓ manifest' : '✗ not found') : String(body.image),
        body.error !== undefined,
      );
    case 'packet':
      return say(
        'packet',
        `${body.outer ? 'VXLAN ' : ''}${String(body.kind)} → ${String(body.dst)}:${String(body.dport)}`,
        body.kind === 'RST' || body.kind === 'UNREACHABLE',
      );
    case 'socket':
      return hop.kind === 'reply'
        ? say('packet', body.outcome === 'data' ? 'answer' : String(body.why), body.outcome !== 'data')
        : say('packet', `${String(body.proto)} → ${String(body.dst)}:${String(body.dport)}`);
    case 'dns':
      return say(
        'packet',
        hop.kind === 'reply'
          ? `DNS ${String((body.answer as { readonly rcode?: string } | undefined)?.rcode)}`
          : `DNS ${String(body.name)}`,
      );
    case 'listen':
      return say('net', 'listen');
    case 'in-use':
      return say('net', `✗ port ${String(body.port)} is in use`, true);
    case 'netlink':
    case 'overlay':
    case 'iptables-restore':
      return say(
        'net',
        String(
          body.protocol === 'netlink' ? `ip link (${String(body.verb)})` : body.protocol === 'overlay' ? 'routes' : 'iptables-restore',
        ),
      );
    case 'mount':
      return say('cri', hop.kind === 'reply' ? '✓ mount' : 'mount');
    case 'files':
    case 'write':
      return say('cri', `write ${(body.changes as readonly { readonly path: string }[]).map((c) => c.path).join(', ')}`);
    case 'signal':
      return say('cri', String(body.signal), body.signal === 'SIGKILL');
    default:
      return say('other', String(body.protocol ?? hop.kind));
  }
}

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

function etcdText(body: Body): string {
  if (body.verb !== 'txn') return String(body.verb);
  if ('succeeded' in body) return body.succeeded ? `✓ rev ${String(body.revision)}` : '✗ compare failed';
  const { success } = (body.txn ?? {}) as { readonly success?: readonly { readonly op: string; readonly key: string }[] };
  return `${success?.[0]?.op ?? ''} ${tail(success?.[0]?.key ?? '')}`;
}

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
