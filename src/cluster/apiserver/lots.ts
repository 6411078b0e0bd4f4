/** What chance decides in a request, drawn so that deciding it again draws the same: uids, generated names, node ports. */
import { safeSuffix, uuid } from '../../api/machinery/rand.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Context } from '../../kernel/component.ts';
import type { ApiRequest } from '../api-request.ts';
import type { Lots } from './decision.ts';
import type { Pending, ApiserverState } from './server-state.ts';

export function lotsOf(pending: Pending, ctx: Context): Lots {
  return {
    below: (what, n) =>
      ctx.draw(`${what}/${(pending.request.body as KubeObject | undefined)?.metadata?.name ?? ''}/${pending.lot}`).below(n),
    suffix: (base, attempt) => {
      const rng = ctx.draw(`name/${pending.lot}/${base}/${pending.use}/${attempt}`);
      return safeSuffix((n) => rng.below(n));
    },
    uid: (key) => {
      const rng = ctx.draw(`uid/${key}/${pending.at}`);
      return uuid((n) => rng.below(n));
    },
  };
}

/** Counts the uses of a base, so that two requests at once draw different names. */
export function useOf(state: ApiserverState, request: ApiRequest): number {
  const base = request.method === 'POST' ? (request.body as KubeObject | undefined)?.metadata?.generateName : undefined;
  if (base === undefined) return 0;
  const use = state.namesUsed.get(`${request.path}${base}`) ?? 0;
  state.namesUsed.set(`${request.path}${base}`, use + 1);
  return use;
}
