/** A process that answers requests: with the pages in its folder, or with what its image is known to say. */
import { accessLine } from './access-log.ts';
import type { HttpCall, HttpReply } from './process-protocol.ts';
import { servingAt } from './listening.ts';
import type { ProcessState } from './process-state.ts';
import type { Thread } from './shell/script.ts';

/** The answer to a request, and the line that this server logs of it. */
export function serve(
  state: ProcessState,
  call: HttpCall,
  nowUs: number,
): { readonly reply: HttpReply; readonly line?: string; /** It answers no more. */ readonly isOver?: Thread } {
  const { ports, behaviour, epochMs } = state.config;
  const [thread, serving = {}] = (state.main && servingAt(state, call.port)) ?? [];
  if (state.main ? !thread : !ports.includes(call.port)) return { reply: { protocol: 'http', status: 0, body: '', refused: true } };
  state.requests++;
  if (serving.once !== undefined) return { reply: said(serving.once), ...(thread ? { isOver: thread } : {}) };
  // Whoever only connects asks for no page.
  const reply: HttpReply =
    call.method === 'CONNECT' ? { protocol: 'http', status: 200, body: '' } : answer(state, call, nowUs, serving.root);
  return behaviour.accessLog && call.method !== 'CONNECT'
    ? { reply, line: accessLine(behaviour.accessLog, call, reply, epochMs + Math.floor(nowUs / 1000)) }
    : { reply };
}

/** What somebody has written as an answer, with its head or without. */
function said(text: string): HttpReply {
  const [, status, body] = /^HTTP\/\S+ +(\d{3})[^\n]*\n(?:[^\r\n]+\r?\n)*\r?\n?(.*)$/s.exec(text) ?? [];
  return { protocol: 'http', status: Number(status ?? 200), body: body ?? text };
}

/** `root`: the folder of its pages, if it is not its image's. */
function answer(state: ProcessState, call: HttpCall, nowUs: number, root?: string): HttpReply {
  const { config } = state;
  const { behaviour } = config;
  const ageUs = nowUs - state.startedAt;
  if (behaviour.fails?.path === call.path && ageUs > behaviour.fails.afterUs)
    return { protocol: 'http', status: 500, body: `error: ${ageUs / 1_000_000}` };
  const asked = /^\/(status\/)?(\d{3})$/.exec(call.path)?.[2];
  const { status, text } = asked === undefined ? pageOf(state, call.path, root) : { status: Number(asked), text: undefined };
  if (text !== undefined) return { protocol: 'http', status, body: text };
  const body = (behaviour.body ?? 'ok').replace(
    /\$(pod|host|path|ip|requests|client|method)\b/g,
    (_m, name: string) =>
      ({
        pod: config.pod,
        host: call.host ?? '',
        path: call.path,
        ip: config.ip,
        client: call.from,
        method: call.method,
        requests: String(state.requests),
      })[name] ?? '',
  );
  return { protocol: 'http', status, body };
}

const NOT_FOUND = '<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center></body></html>';
const FORBIDDEN = NOT_FOUND.replaceAll('404 Not Found', '403 Forbidden');

/** What lies in the folder of its pages; no text: its own first page. A volume mounted there hides that one. */
function pageOf({ config, files }: ProcessState, asked: string, own?: string): { readonly status: number; readonly text?: string } {
  const root = own ?? config.behaviour.root;
  if (root === undefined) return { status: 200 };
  const path = asked.replace(/[?#].*$/, '').replace(/\/$/, '/index.html');
  const text = files.get(root + path);
  if (text !== undefined) return { status: 200, text };
  const isMounted =
    (config.shared ?? []).some((folder) => folder.path === root) || Object.keys(config.files).some((file) => file.startsWith(`${root}/`));
  if (path !== '/index.html' || own !== undefined) return { status: 404, text: NOT_FOUND };
  return isMounted ? { status: 403, text: FORBIDDEN } : { status: 200 };
}
