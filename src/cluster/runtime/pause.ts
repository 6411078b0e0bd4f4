import type { Component } from '../../kernel/component.ts';
import type { ResolvConf } from '../network/resolver.ts';

/** The pause container: it holds the pod's namespaces, and waits to be told to stop. */
export interface PauseConfig {
  readonly sandbox: string;
  readonly ip: string;
  readonly dns?: ResolvConf;
}
export const pause: Component<{ readonly since: number }, PauseConfig> = {
  role: 'pause',
  start: (_config, ctx) => ({ since: ctx.now }),
  handle: () => {
    /* pause(2) */
  },
};
