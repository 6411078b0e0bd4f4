/** What comes of a command: the one value by which a command tells the script that runs it what to do next. */
import type { Errand } from './network-commands.ts';

/** It says something and is over, it takes time, it asks the network, it never ends, it ends the script, or it waits for what runs in the background. */
export type Effect =
  | {
      readonly status: number;
      readonly out?: string;
      readonly err?: string;
      /** The container's first process hears SIGTERM. */
      readonly terms?: true;
    }
  | { readonly sleepUs: number }
  | { readonly errand: Errand }
  | { readonly forever: true; readonly follows?: Follow }
  | { readonly exit: number }
  | { readonly script: string }
  | { readonly waits: true };

/** A file whose new lines are said as they come, after `said`. */
export interface Follow {
  readonly path: string;
  readonly said: string;
}

export const ok = (out = ''): Effect => ({ status: 0, ...(out === '' ? {} : { out }) });
export const no = (err: string, status = 1): Effect => ({ status, err });
