/** What one kubectl command is: a fold over answers that says what to ask next, what to print, and when to stop. */
import type { KubeObject } from '../api/object.ts';
import type { ApiRequest, ApiResponse } from '../cluster/api-request.ts';
import type { Argv } from './argv.ts';

export interface Output { readonly out?: string; readonly err?: string; readonly ask?: readonly Ask[]; readonly exit?: number; readonly state?: unknown }
/** `tag` comes back with the answer. A watch goes on answering. */
export interface Ask { readonly tag: string; readonly request: ApiRequest; readonly isWatch?: boolean; readonly data?: unknown }
export interface Told { readonly tag: string; readonly data?: unknown; readonly response?: ApiResponse; readonly event?: { readonly type: string; readonly object: KubeObject } }
export interface Env { readonly argv: Argv; readonly stdin: string; readonly nowMs: number; readonly namespace: string }

export interface Command {
  readonly name: string;
  readonly init: (env: Env) => Output;
  readonly update: (state: unknown, told: Told, env: Env) => Output;
}

/** 'Error from server (NotFound): pods "x" not found', as kubectl prints a Status. */
export function serverError(response: ApiResponse | undefined): string {
  const status = response?.body as { readonly reason?: string; readonly message?: string } | undefined;
  if (response?.code === 0) return 'The connection to the server 192.168.0.10:6443 was refused - did you specify the right host or port?\n';
  if (status?.reason === 'Invalid') return `${status.message}\n`;
  return `Error from server${status?.reason ? ` (${status.reason})` : ''}: ${status?.message ?? 'unknown'}\n`;
}
