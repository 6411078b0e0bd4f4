/** What comes of a command: the one value by which a command tells the script that runs it what to do next. */
import type { Step } from './compile.ts';
import type { Errand } from './network-commands.ts';
import type { Serving } from './servers.ts';

/** It says something and is over, it takes time, it asks the network, it never ends, it ends the script, it is a script itself, it waits for processes, or it starts one. */
export type Effect =
  | {
      readonly status: number;
      readonly out?: string;
      readonly err?: string;
      /** The container's first process hears SIGTERM. */
      readonly terms?: true;
      /** Processes of the pod's other containers hear these, by their addresses. */
      readonly signals?: readonly (readonly [address: string, signal: 'SIGTERM' | 'SIGKILL'])[];
      /** Processes of the script that are ended. */
      readonly kills?: readonly number[];
      /** What it has not read does not matter any more. */
      readonly isEnough?: true;
    }
  | { readonly sleepUs: number }
  | { readonly errand: Errand }
  /** `out`, `err`: what it says first. `floods`: and says for ever. `serves`: it answers. `follows`: a file whose new text is said as it comes; `awaits`: what it calls it while it is not there. */
  | {
      readonly forever: true;
      readonly out?: string;
      readonly err?: string;
      readonly follows?: string;
      readonly awaits?: string;
      readonly floods?: true;
      readonly serves?: Serving;
      /** In the background, and the command is over. */
      readonly isDaemon?: true;
    }
  | { readonly exit: number }
  | { readonly script: string }
  /** A function, whose steps come next. */
  | { readonly begins: true }
  /** Those processes, or all that run in the background. */
  | { readonly waits: readonly number[] }
  /** It is done anew when there is more input. */
  | { readonly isShort: true }
  | Program;

/** A program that starts others, with variables and words of its own, and a limit after which it is ended. */
export interface Program {
  readonly steps: readonly Step[];
  readonly vars?: ReadonlyMap<string, string>;
  readonly exported?: ReadonlySet<string>;
  readonly args?: readonly string[];
  readonly limitUs?: number;
  /** A shell that is told what to do by whoever types. */
  readonly typedAt?: string;
}

export const ok = (out = ''): Extract<Effect, { readonly status: number }> => ({ status: 0, ...(out === '' ? {} : { out }) });
export const no = (err: string, status = 1): Extract<Effect, { readonly status: number }> => ({ status, err });
