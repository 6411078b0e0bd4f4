/** A client that asks one thing, or watches, and says what it was told: what the headless engine and the page ask through. */
import type { KubeObject } from '../../api/object.ts';
import type { Component } from '../../kernel/component.ts';
import type { ApiRequest } from '../api-request.ts';
import { callApi, responseOf, type WatchEvent } from './api-client.ts';
import type { Identity } from './identity.ts';

export interface ClientConfig {
  readonly api: string;
  readonly request: ApiRequest;
  readonly as: Identity;
  readonly isWatch: boolean;
  readonly session: number;
}

export const oneRequest: Component<ClientConfig, ClientConfig> = {
  role: 'client',
  start(config, ctx) {
    callApi(ctx, { api: config.api, as: config.as }, config.request, { one: true }, { isWatch: config.isWatch });
    return config;
  },
  handle(config, message, ctx) {
    const event = message.body as WatchEvent | undefined;
    if (message.kind === 'send' && event?.protocol === 'watch')
      ctx.note({
        says: 'client/event',
        about: ctx.self,
        with: { session: config.session, type: event.type, object: event.object as KubeObject },
      });
  },
  answered(config, answer, _then, ctx) {
    const { code, body, warnings } = responseOf(answer);
    if (config.isWatch && code >= 400)
      ctx.note({ says: 'client/event', about: ctx.self, with: { session: config.session, type: 'ERROR', object: body as KubeObject } });
    ctx.note({ says: 'client/answered', about: ctx.self, with: { session: config.session, code, body, warnings } });
    ctx.exit(ctx.self, { exitCode: 0 });
  },
};
