/** A list of conditions with one set; the transition time moves only when the status does. */
interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string | null;
}

export function withCondition<C extends Condition>(conditions: readonly C[] | undefined, condition: C): readonly C[] {
  const list = conditions ?? [];
  const old = list.find((c) => c.type === condition.type);
  const set =
    old?.status === condition.status && old.lastTransitionTime ? { ...condition, lastTransitionTime: old.lastTransitionTime } : condition;
  return old ? list.map((c) => (c.type === condition.type ? set : c)) : [...list, set];
}

export const conditionOf = <C extends Condition>(conditions: readonly C[] | undefined, type: string): C | undefined =>
  conditions?.find((c) => c.type === type);
