/** wget, curl, nc, nslookup and dig: what they ask for, and what they print of the answer. Simplified: a name that nothing in the cluster has and that looks like one of the internet is taken to be there, with a page that is called as its address. */

import { fnv1a32 } from '../../../lib/hash.ts';
import type { EtcdErrand } from './etcdctl.ts';
import { dig, nslookup, type NameErrand } from './name-commands.ts';
import type { Ping } from './ping.ts';

/** `asks`: only the name is asked for, and no port. `format`: curl's --write-out. `isQuiet`: says nothing of a failure. */
export interface Errand {
  readonly program: string;
  readonly name: string;
  readonly port?: number;
  readonly asks?: NameErrand;
  /** It sends an echo, and may send more. */
  readonly ping?: Ping;
  /** It asks its own kernel, and nobody else. */
  readonly shows?: { readonly args: readonly string[]; readonly isBusybox: boolean };
  /** It asks the machine's etcd. */
  readonly etcd?: EtcdErrand;
  readonly path: string;
  readonly method: string;
  readonly into?: string;
  readonly isSilent: boolean;
  readonly agent?: string;
  readonly isQuiet?: true;
  readonly failsOnError?: true;
  readonly format?: string;
  /** The name server that is asked. */
  readonly server?: string;
  /** How long it waits at most, by its own options. */
  readonly patienceUs?: number;
}

/** Options of one letter and long ones that take a value. Sources: the manuals of curl 8, busybox 1.36 and GNU wget. */
const WITH_VALUE: Readonly<Record<string, { readonly letters: string; readonly words: readonly string[] }>> = {
  curl: {
    letters: 'ACDEFHKTXbcdehmoruwxyzY',
    words: [
      'cacert',
      'cert',
      'connect-timeout',
      'cookie',
      'data',
      'data-raw',
      'data-binary',
      'form',
      'header',
      'interface',
      'json',
      'key',
      'max-time',
      'output',
      'referer',
      'request',
      'resolve',
      'retry',
      'retry-delay',
      'retry-max-time',
      'url',
      'user',
      'user-agent',
      'write-out',
    ],
  },
  wget: { letters: 'OPTUYotw', words: ['header', 'output-document', 'post-data', 'timeout', 'tries', 'user-agent', 'wait'] },
  nc: { letters: 'eipswX', words: [] },
};
/** The options that say how many seconds it waits. Simplified: for the connection, an answer and the whole alike. */
const PATIENCE: Readonly<Record<string, readonly string[]>> = {
  curl: ['m', 'max-time', 'connect-timeout'],
  wget: ['T', 'timeout'],
  nc: ['w'],
};
export const NETWORK_COMMANDS: readonly string[] = [...Object.keys(WITH_VALUE), 'nslookup', 'dig'];

/** As curl calls itself. */
export const CURL = 'curl/8.14.1';
interface Words {
  readonly plain: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

/** As getopt_long reads them: '-sSo file', '-ofile', '--output file', '--output=file'. */
function wordsOf(program: string, args: readonly string[]): Words {
  const { letters, words } = WITH_VALUE[program];
  const plain: string[] = [];
  const options = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const [, word, value] = /^--([^=]+)(?:=(.*))?$/s.exec(args[i]) ?? [];
    if (word !== undefined) options.set(word, value ?? (words.includes(word) ? (args[++i] ?? '') : ''));
    else if (!/^-./.test(args[i])) plain.push(args[i]);
    else {
      const at = [...args[i]].findIndex((c, n) => n > 0 && letters.includes(c));
      for (const c of args[i].slice(1, at < 0 ? undefined : at)) options.set(c, '');
      if (at > 0) options.set(args[i][at], args[i].slice(at + 1) || (args[++i] ?? ''));
    }
  }
  return { plain, options };
}

/** What the command line asks of the network; undefined: nothing. */
export function errandOf([program, ...args]: readonly string[]): Errand | undefined {
  if (program === 'nslookup') return nslookup(args);
  if (program === 'dig') return dig(args);
  const { plain, options } = wordsOf(program, args);
  const option = (...names: readonly string[]): string | undefined => names.map((n) => options.get(n)).find((v) => v !== undefined);
  const [target = program === 'curl' ? options.get('url') : undefined, port] = plain;
  if (target === undefined) return undefined;
  const seconds = Number(option(...PATIENCE[program]));
  const patience = seconds > 0 ? { patienceUs: Math.round(seconds * 1_000_000) } : {};
  if (program === 'nc')
    return { program, name: target, port: Number(port ?? 0), path: '/', method: 'CONNECT', isSilent: true, ...patience };
  const [, scheme, name = target, number, path = '/'] = /^(?:(https?):\/\/)?(?:[^@/]*@)?([^:/?]+)(?::(\d+))?(\/.*)?$/.exec(target) ?? [];
  const to = { program, name, port: Number(number ?? (scheme === 'https' ? 443 : 80)), path, ...patience };
  const saves = (file: string): { readonly into?: string } => (/^(-|\/dev\/stdout)$/.test(file) ? {} : { into: file });
  if (program === 'wget')
    return {
      ...to,
      method: 'GET',
      agent: 'Wget',
      isSilent: options.has('spider'),
      ...saves(option('O', 'output-document') ?? (path.split('/').pop() || 'index.html')),
    };
  const has = (...names: readonly string[]): boolean => names.some((name) => options.has(name));
  const hasData = has('d', 'data', 'data-raw', 'data-binary', 'json', 'F', 'form');
  const format = option('w', 'write-out');
  return {
    ...to,
    agent: option('A', 'user-agent') ?? CURL,
    method: option('X', 'request') ?? (has('I', 'head') ? 'HEAD' : hasData ? 'POST' : 'GET'),
    isSilent: false,
    ...saves(option('o', 'output') ?? (has('O', 'remote-name') ? (path.split('/').pop() ?? '-') : '-')),
    ...(has('s', 'silent') && !has('S', 'show-error') ? { isQuiet: true } : {}),
    ...(has('f', 'fail') ? { failsOnError: true } : {}),
    ...(format === undefined ? {} : { format }),
  };
}

/** What curl says at the end when it is asked to: its --write-out. */
const writtenOut = ({ program, format }: Errand, status: number, bytes: number): string =>
  program === 'curl' && format !== undefined
    ? format.replace(/%\{(http_code|response_code|size_download)\}|\\([nt])/g, (_m, name: string | undefined, c: string) =>
        name === undefined ? (c === 'n' ? '\n' : '\t') : name === 'size_download' ? String(bytes) : String(status).padStart(3, '0'),
      )
    : '';

/** What a program prints of an answer. Simplified: a page without a line break is said with one. */
export function answerText(errand: Errand, status: number, body: string): string {
  const { method, isSilent, into } = errand;
  const shown =
    method === 'HEAD'
      ? `HTTP/1.1 ${status} ${WORDS[status] ?? ''}\r\nContent-Length: ${body.length}\r\n\r\n`
      : body.replace(/([^\n])$/, '$1\n');
  return (isSilent || into !== undefined ? '' : shown) + writtenOut(errand, status, body.length);
}
const WORDS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

/** Whether a resolver outside of the cluster would know the name: `web.dev` is a Service. */
export const isOutside = (name: string): boolean => /\.(com|io|org|net|edu|gov|ch)\.?$|\.[^.]+\.(dev|app|cloud)\.?$/.test(name);
/** As the page begins that tasks/configure-pod-container/configure-pod-initialization.md fetches from info.cern.ch. */
export const outsidePage = (name: string): string =>
  `<html><head></head><body><header>\n<title>http://${name}</title>\n</header>\n</body></html>\n`;

/** Of the addresses that are nobody's. Source: RFC 5737, TEST-NET-3. */
export const outsideAddress = (name: string): string => `203.0.113.${1 + (fnv1a32(name) % 254)}`;

/** What is said when there was no answer, or a bad one, and the status. */
export function failureOf(
  errand: Errand,
  why: 'no name' | 'refused' | 'timeout' | number,
  ip = '',
): { readonly out?: string; readonly err?: string; readonly status: number } {
  const { program, name, port, isQuiet } = errand;
  if (program === 'ping')
    return {
      status: errand.ping?.isBusybox ? 1 : 2,
      err: errand.ping?.isBusybox ? `ping: bad address '${name}'` : `ping: ${name}: Name or service not known`,
    };
  if (program === 'nc') return { status: 1, ...(why === 'no name' ? { err: `nc: bad address '${name}'` } : {}) };
  if (program === 'wget')
    return {
      status: 1,
      err:
        why === 'no name'
          ? `wget: bad address '${name}'`
          : why === 'refused'
            ? `wget: can't connect to remote host (${ip}): Connection refused`
            : why === 'timeout'
              ? 'wget: download timed out'
              : `wget: server returned error: HTTP/1.1 ${why} ${WORDS[why] ?? ''}`.trimEnd(),
    };
  const [status, words] =
    why === 'no name'
      ? [6, `Could not resolve host: ${name}`]
      : why === 'timeout'
        ? [28, 'Connection timed out']
        : why === 'refused'
          ? [7, `Failed to connect to ${name} port ${port}: Connection refused`]
          : [22, `The requested URL returned error: ${why}`];
  const out = writtenOut(errand, typeof why === 'number' ? why : 0, 0);
  return { status, ...(out === '' ? {} : { out }), ...(isQuiet ? {} : { err: `curl: (${status}) ${words}` }) };
}
