/** What one kubectl command is: a fold over answers that says what to ask next, what to print, and when to stop. */
import type { KubeObject } from '../api/object.ts';
import type { ApiRequest, ApiResponse } from '../cluster/api-request.ts';
import type { EventId } from '../kernel/message.ts';
import type { V1Status } from '../api/schema/kubernetes.ts';
import type { Argv } from './argv.ts';
import { SERVER } from './kubeconfig.ts';

/** `said`: to stderr, before `out`. `err`: to stderr too, when the command ends. */
export interface Output {
  readonly said?: string;
  readonly out?: string;
  readonly err?: string;
  readonly ask?: readonly Ask[];
  readonly exit?: number;
  readonly state?: unknown;
  /** Tells the command the tag 'timer' after so many microseconds. */
  readonly wakeUs?: number;
  /** Ports of the computer that it runs on, to which others may connect: it is told the tag 'connection', or 'in-use' of a port that somebody has. */
  readonly listen?: readonly number[];
  /** What goes back to those who have connected. */
  readonly answers?: readonly { readonly to: Connection; readonly body: unknown }[];
  /** It waits for what may never come, though neither for a watch nor for a timer. */
  readonly goesOn?: true;
  /** What stands before the words that it waits for. */
  readonly prompt?: string;
  /** What it prints is only what was typed. */
  readonly isEcho?: true;
  /** Ends the watch of this tag. */
  readonly hangUp?: string;
}
export interface Connection {
  readonly id: EventId;
  readonly from: string;
  /** What is sent through it. */
  readonly body: unknown;
}
/** `tag` comes back with the answer. A watch goes on answering. */
export interface Ask {
  readonly tag: string;
  readonly request: ApiRequest;
  readonly isWatch?: boolean;
  readonly data?: unknown;
}
export interface Told {
  readonly tag: string;
  readonly data?: unknown;
  readonly response?: ApiResponse;
  readonly event?: { readonly type: string; readonly object: KubeObject };
}
export interface Env {
  readonly argv: Argv;
  readonly stdin: string;
  readonly nowMs: number;
  readonly namespace: string;
  /** Somebody may type more words: it is told the tag 'typed-in'. */
  readonly isTerminal: boolean;
}

export interface Command {
  readonly name: string;
  /** Other names of the same command, such as 'create ns'. */
  readonly aliases?: readonly string[];
  readonly init: (env: Env) => Output;
  readonly update: (state: unknown, told: Told, env: Env) => Output;
}

/** A command that asks nobody. */
export const still = (name: string, init: Command['init']): Command => ({ name, init, update: () => ({}) });

/** 'Error from server (NotFound): pods "x" not found', as kubectl prints a Status. */
export function serverError(response: ApiResponse | undefined): string {
  const status = response?.body as { readonly reason?: string; readonly message?: string } | undefined;
  if (response?.code === 0 && status?.reason !== 'ConnectionRefused') return `Unable to connect to the server: ${status?.message}\n`;
  if (response?.code === 0) return `The connection to the server ${SERVER} was refused - did you specify the right host or port?\n`;
  if (status?.reason === 'Invalid') return invalidText(response?.body as V1Status);
  return `Error from server${status?.reason ? ` (${status.reason})` : ''}: ${status?.message ?? 'unknown'}\n`;
}

/** The same, where a command says `refused` before the server's reason. */
export const refusal = (response: ApiResponse, refused?: string): string =>
  response.code === 0 || refused === undefined ? serverError(response) : `error: ${refused}${(response.body as V1Status).message}\n`;
/** What the server warns of, a line each. */
export const warningsOf = ({ warnings = [] }: ApiResponse): readonly string[] => warnings.map((w) => `Warning: ${w}\n`);

/** 'The Pod "x" is invalid: …', with a line a cause when there are several. Upstream: pkg/cmd/util/helpers.go checkErr, MultilineError. */
function invalidText({ details, message }: V1Status): string {
  const causes = [...new Set((details?.causes ?? []).map((c) => `${c.field ?? ''}: ${c.message}`))];
  const head =
    details?.kind || details?.name
      ? `The ${details.kind} ${JSON.stringify(details.name ?? '')} is invalid`
      : `The request is invalid${causes.length === 0 ? `: ${message}` : ''}`;
  if (causes.length === 0) return `${head}\n`;
  return causes.length === 1 ? `${head}: ${causes[0]}\n` : `${head}: \n${causes.map((c) => `* ${c}\n`).join('')}`;
}
