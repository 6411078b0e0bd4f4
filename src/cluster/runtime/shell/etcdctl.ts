/**
 * etcdctl: what is in the store, as it is kept there.
 * Source: etcd-io/etcd etcdctl/ctlv3/command/{get,put,del,ep,global}_command.go, printer_simple.go (v3.6).
 * Simplified: a value is printed as JSON, which upstream keeps as protobuf; what is under /registry/ can be deleted, and not put; no watch, no snapshot, no members; whoever is not answered is told so at once, and not after 5 s.
 */
import { encodeBase64 } from '../../../lib/base64.ts';
import type { EtcdReply, KeyValue, Op } from '../../etcd/protocol.ts';
import { no, ok, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';

type Options = Readonly<Record<string, string>>;
export interface EtcdErrand {
  readonly command: 'get' | 'put' | 'del' | 'health';
  readonly ops: readonly Op[];
  readonly options: Options;
  readonly endpoint: string;
}

const ENDPOINT = '127.0.0.1:2379';
const PKI = /^\/etc\/kubernetes\/pki\/(etcd\/(ca|server|peer|healthcheck-client)|apiserver-etcd-client)\.(crt|key)$/;
const SHORT: Readonly<Record<string, string>> = { w: 'write-out', h: 'help' };
/** Those that take no value, or may do without. */
const FLAGS =
  /^(prefix|keys-only|print-value-only|count-only|from-key|hex|prev-kv|cluster|insecure-skip-tls-verify|insecure-transport|help|debug)$/;
/** ExitBadArgs. */
const BAD = 128;
const NO_ANSWER = 'Error: context deadline exceeded';

function read(args: readonly string[]): { readonly plain: readonly string[]; readonly options: Options } {
  const plain: string[] = [];
  const options: Record<string, string> = {};
  for (let i = 0; i < args.length; i++) {
    const [, dashes, given = '', value] = /^(--?)([^=]+)(?:=(.*))?$/s.exec(args[i]) ?? [];
    if (dashes === undefined) plain.push(args[i]);
    else {
      const name = dashes === '-' ? (SHORT[given] ?? given) : given;
      options[name] = value ?? (FLAGS.test(name) ? 'true' : (args[++i] ?? ''));
    }
  }
  return { plain, options };
}

export function etcdctl(args: readonly string[], { vars }: Shell): Effect {
  const { plain, options } = read(args);
  const [command, key, value] = plain;
  const told = (name: string): string | undefined => options[name] ?? vars.get(`ETCDCTL_${name.toUpperCase()}`);
  if (command === 'version') return ok('etcdctl version: 3.6.8\nAPI version: 3.6\n');
  const asked = command === 'endpoint' && key === 'health' ? 'health' : command;
  if (asked !== 'health' && asked !== 'get' && asked !== 'put' && asked !== 'del')
    return no(`Error: ${plain.slice(0, 2).join(' ') || 'etcdctl'} is not simulated: there are get, put, del, endpoint health and version`);
  const files = ['cacert', 'cert', 'key'].map(told);
  const absent = files.find((file) => file !== undefined && !PKI.test(file));
  if (absent !== undefined) return no(`Error: open ${absent}: no such file or directory`);
  // etcd asks every client for a certificate, and hangs up on whoever has none.
  if (files.includes(undefined)) return no(NO_ANSWER);
  const endpoint = told('endpoints')?.split(',')[0] ?? ENDPOINT;
  const port = /:(\d+)\/?$/.exec(endpoint)?.[1];
  if (port !== undefined && port !== '2379') return no(NO_ANSWER);
  if (asked === 'health') return errand({ command: 'health', ops: [{ op: 'range', key: 'health' }], options, endpoint });
  if (key === undefined) return no(`Error: ${asked} command needs one argument as key and an optional argument as range_end`, BAD);
  if (asked === 'get' && options['count-only'] !== undefined && options['write-out'] !== 'fields')
    return no('Error: --count-only is only for `--write-out=fields`', BAD);
  if (asked === 'put' && value === undefined) return no('Error: put command needs 1 argument and input from stdin or 2 arguments', BAD);
  if (asked === 'put' && key.startsWith('/registry/')) return no('Error: put under /registry/ is not simulated: write through the API');
  return errand({ command: asked, ops: opsOf(asked, key, value ?? '', options), options, endpoint });
}

/** Of `del --prefix` the second part is known when the first is answered. */
function opsOf(command: 'get' | 'put' | 'del', key: string, value: string, { prefix, rev }: Options): readonly Op[] {
  if (command === 'put') return [{ op: 'put', key, value }];
  if (prefix !== undefined) return [{ op: 'prefix', key, ...(rev === undefined ? {} : { revision: Number(rev) }) }];
  return [{ op: 'range', key }, ...(command === 'del' ? [{ op: 'delete', key } as const] : [])];
}

/** What is left to ask: to delete what was found. */
export function opsAfter({ command, ops: [first] }: EtcdErrand, reply: EtcdReply): readonly Op[] | undefined {
  if (command !== 'del' || first.op !== 'prefix' || reply.verb !== 'txn' || reply.ranges[0].length === 0) return undefined;
  return reply.ranges[0].flatMap(({ key }) => [{ op: 'range', key } as const, { op: 'delete', key } as const]);
}

const errand = (etcd: EtcdErrand): Effect => ({ errand: { program: 'etcdctl', name: '', path: '', method: '', isSilent: true, etcd } });

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const said = (command: string, { revision }: { readonly revision: number }, kvs: readonly KeyValue[], isBare: boolean): string =>
  `${JSON.stringify({
    header: { revision },
    ...(command === 'get' && kvs.length > 0
      ? {
          kvs: kvs.map((kv) => ({
            key: encodeBase64(kv.key),
            create_revision: kv.createRevision,
            mod_revision: kv.modRevision,
            version: kv.version,
            ...(isBare ? {} : { value: encodeBase64(textOf(kv.value)) }),
            ...(kv.lease === 0 ? {} : { lease: kv.lease }),
          })),
          count: kvs.length,
        }
      : {}),
  })}\n`;

/** What it prints of the answer, which took so long. */
export function etcdText(
  { command, options, endpoint }: EtcdErrand,
  reply: EtcdReply | undefined,
  tookUs: number,
): { readonly status: number; readonly out?: string; readonly err?: string } {
  if (!reply) return no(NO_ANSWER);
  if (reply.verb === 'error') return no(`Error: ${reply.message}`);
  if (reply.verb !== 'txn') return ok();
  if (command === 'health') return ok(`${endpoint} is healthy: successfully committed proposal: took = ${+(tookUs / 1000).toFixed(6)}ms\n`);
  if (command === 'put') return ok('OK\n');
  if (command === 'del') return ok(`${reply.ranges.flat().length}\n`);
  const found = reply.ranges[0] ?? [];
  const kvs = options.limit === undefined || options.limit === '0' ? found : found.slice(0, Number(options.limit));
  const isBare = options['keys-only'] !== undefined;
  if (options['write-out'] === 'json') return ok(said(command, reply, kvs, isBare));
  if (options['write-out'] === 'fields') return ok(fields(reply.revision, options['count-only'] === undefined ? kvs : [], found.length));
  const line = (kv: KeyValue): string =>
    `${options['print-value-only'] === undefined ? `${kv.key}\n` : ''}${isBare ? '' : textOf(kv.value)}\n`;
  return ok(kvs.map(line).join(''));
}

const fields = (revision: number, kvs: readonly KeyValue[], count: number): string =>
  [
    `"Revision" : ${revision}`,
    ...kvs.flatMap((kv) => [
      `"Key" : ${JSON.stringify(kv.key)}`,
      `"CreateRevision" : ${kv.createRevision}`,
      `"ModRevision" : ${kv.modRevision}`,
      `"Version" : ${kv.version}`,
      `"Value" : ${JSON.stringify(textOf(kv.value))}`,
      `"Lease" : ${kv.lease}`,
      '',
    ]),
    '"More" : false',
    `"Count" : ${count}`,
    '',
  ].join('\n');
