/**
 * `kubectl exec -it POD -- sh`, and being attached to a shell: what is typed goes to a shell in the container, and what the shell says comes back, until it ends.
 * Upstream: staging/src/k8s.io/kubectl/pkg/cmd/exec/exec.go, apimachinery pkg/util/remotecommand (v1.36).
 * Simplified: each line, and each waiting for what is said, is a request and its answer; a shell at its prompt that is gone is noticed with the next line.
 */
import { isTypedAt } from '../cluster/runtime/shell/typing.ts';
import type { ExecReply, Typed } from '../cluster/runtime/process-protocol.ts';
import { CTRL_C, CTRL_D } from '../lib/control-keys.ts';
import { serverError, type Ask, type Env, type Output, type Told } from './command.ts';

/** `path`, `query`: of the container. `prompt`: it waits for words; `ahead`: those that came before it did; `interruptedMs`: when a Ctrl-C was sent that nothing has come of. */
export interface Typing {
  readonly typing: { readonly path: string; readonly query: Readonly<Record<string, string>> };
  readonly shell?: number;
  readonly prompt?: string;
  readonly ahead: readonly string[];
  readonly interruptedMs?: number;
}

/** Simplified: who gets no answer to Ctrl-C for so long, and presses it again, has closed the terminal. */
const PATIENCE_MS = 1000;

export const canType = ({ argv: { flags, rest = [] }, isTerminal }: Env): boolean =>
  isTerminal && flags.has('stdin') && flags.has('tty') && isTypedAt(rest);
export const isTyping = (state: unknown): state is Typing => state instanceof Object && 'typing' in state;

const ask = ({ typing, shell }: Typing, text: string, more: Pick<Typed, 'isKey' | 'isGone'> = {}): Ask => ({
  tag: more.isKey || more.isGone ? 'key' : 'said',
  request: {
    method: 'POST',
    ...typing,
    body: { ...(shell === undefined ? {} : { shell }), text, ...more } satisfies Typed,
  },
});

export function beginTyping(
  path: string,
  query: Readonly<Record<string, string>>,
): { readonly state: Typing; readonly ask: readonly Ask[] } {
  const state: Typing = { typing: { path, query }, ahead: [] };
  return { state, ask: [ask(state, '')] };
}

export function typingUpdate(state: Typing, { tag, data, response }: Told, { nowMs }: Env): Output {
  if (tag === 'typed-in') return heard(state, String(data), nowMs);
  if (tag !== 'said' || !response) return {};
  if (response.code !== 200) return { err: serverError(response), exit: 1 };
  const { shell, stdout, prompt, exitCode, error } = response.body as ExecReply;
  if (error !== undefined)
    return { err: `error: Internal error occurred: Internal error occurred: error executing command in container: ${error}\n`, exit: 1 };
  if (shell === undefined)
    return { out: stdout, err: exitCode === 0 ? '' : `command terminated with exit code ${exitCode}\n`, exit: exitCode };
  const now: Typing = { typing: state.typing, shell, ahead: state.ahead, ...(prompt === undefined ? {} : { prompt }) };
  if (prompt === undefined) return { out: stdout, state: now, goesOn: true, ask: [ask(now, '')] };
  const [next, ...ahead] = now.ahead;
  if (next === undefined) return { out: stdout, state: now, goesOn: true, prompt };
  const sent = send({ ...now, ahead }, next);
  return { ...sent, out: stdout + sent.out };
}

/** 128 + SIGINT. */
const INTERRUPTED = 130;

/** A terminal shows what is typed, Ctrl-C as ^C. While something runs, only that is for it. */
function heard(state: Typing, text: string, nowMs: number): Output {
  if (state.prompt !== undefined) return send(state, text);
  if (text !== CTRL_C) return { state: { ...state, ahead: [...state.ahead, text] } satisfies Typing };
  if (state.shell === undefined) return { out: '^C\n', exit: INTERRUPTED };
  if (nowMs - (state.interruptedMs ?? nowMs) >= PATIENCE_MS)
    return { out: '^C\n', ask: [ask(state, '', { isGone: true })], exit: INTERRUPTED };
  const now: Typing = { ...state, ahead: [], interruptedMs: state.interruptedMs ?? nowMs };
  return { out: '^C', isEcho: true, state: now, ask: [ask(state, text, { isKey: true })] };
}

function send({ prompt = '', ...state }: Typing, text: string): Output & { readonly out: string } {
  const shown = text === CTRL_C ? '^C' : text === CTRL_D ? '' : /^[\n -\u{10ffff}\t]*$/u.test(text) ? text : '\n';
  return { out: prompt + shown, isEcho: true, goesOn: true, state: state satisfies Typing, ask: [ask(state, text)] };
}
