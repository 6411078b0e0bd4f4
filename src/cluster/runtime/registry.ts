/** The image registry, somewhere on the internet. It says how large an image is, or that it has none of that name. */
import type { Component } from '../../kernel/component.ts';
import { late } from '../late.ts';

export interface RegistryCall {
  readonly protocol: 'registry';
  readonly image: string;
}
export type RegistryReply =
  | { readonly protocol: 'registry'; readonly sizeBytes: number; readonly canonical: string }
  | { readonly protocol: 'registry'; readonly error: string };
export interface RegistryState {
  served: number;
}

export const imageRegistry: Component<RegistryState> = {
  role: 'registry',
  start: () => ({ served: 0 }),
  handle(state, message, ctx) {
    if (message.kind !== 'call') return;
    state.served++;
    const found = late().lookUp((message.body as RegistryCall).image);
    ctx.reply(
      ('error' in found
        ? { protocol: 'registry', error: found.error }
        : { protocol: 'registry', sizeBytes: found.sizeBytes, canonical: found.reference.canonical }) satisfies RegistryReply,
    );
  },
};
