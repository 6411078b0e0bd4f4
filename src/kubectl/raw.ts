/** --raw: what was read is sent as it is, and the answer printed as it comes. Upstream: pkg/rawhttp/raw.go (v1.36). Simplified: what is no JSON is refused here. */
import { serverError, type Env, type Output, type Told } from './command.ts';

export function rawAsk(method: 'POST' | 'PUT' | 'DELETE', { argv, stdin }: Env): Output {
  const path = argv.flags.get('raw') ?? '/';
  if (method === 'DELETE') return { ask: [{ tag: 'raw', request: { method, path } }] };
  if (!argv.flags.has('filename')) return { err: 'error: --raw can only use a single local file or stdin\n', exit: 1 };
  try {
    return { ask: [{ tag: 'raw', request: { method, path, body: JSON.parse(stdin) as unknown } }] };
  } catch {
    return {
      err: "Error from server (BadRequest): the object provided is unrecognized (must be of type Object): couldn't get version/kind; json parse error\n",
      exit: 1,
    };
  }
}

export function rawAnswer({ response }: Told): Output {
  if (!response) return {};
  if (response.code >= 400 || response.code === 0) return { err: serverError(response), exit: 1 };
  return { out: typeof response.body === 'string' ? response.body : JSON.stringify(response.body), exit: 0 };
}
