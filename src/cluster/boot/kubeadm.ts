/** kubeadm init, after the static pods are written: waits for the apiserver, then puts the add-ons into it. Upstream: cmd/kubeadm/app/cmd/init.go (v1.36). Simplified: no certificates, tokens or upload phases. */
import type { Component, Context } from '../../kernel/component.ts';
import type { ApiRequest } from '../api-request.ts';
import { callApi, responseOf } from '../client/api-client.ts';
import { identities } from '../client/identity.ts';

export interface KubeadmConfig {
  readonly api: string;
  readonly requests: readonly ApiRequest[];
}
interface KubeadmState {
  readonly config: KubeadmConfig;
  next: number;
}

export const kubeadm: Component<KubeadmState, KubeadmConfig> = {
  role: 'kubeadm',
  start(config, ctx) {
    const state = { config, next: -1 };
    send(state, ctx);
    return state;
  },
  handle(state, message, ctx) {
    if (message.kind === 'wake') send(state, ctx);
  },
  answered(state, answer, _then, ctx) {
    const { code } = responseOf(answer);
    if (code === 200 || code === 201 || code === 409) {
      state.next++;
      if (state.next >= state.config.requests.length) {
        ctx.note({ says: 'kubeadm/done', about: ctx.self, with: { requests: state.next } });
        ctx.exit(ctx.self, { exitCode: 0 });
        return;
      }
      return send(state, ctx);
    }
    ctx.wake(500_000, { again: true });
  },
};

function send(state: KubeadmState, ctx: Context): void {
  const request: ApiRequest = state.next < 0 ? { method: 'GET', path: '/readyz' } : state.config.requests[state.next];
  callApi(ctx, { api: state.config.api, as: identities.admin }, request, { request: state.next });
}
