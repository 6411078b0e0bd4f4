/** A count, or a percentage of a total. Upstream: apimachinery/pkg/util/intstr GetScaledValueFromIntOrPercent (v1.36). */
export function scaledValue(value: number | string | undefined, total: number, roundUp: boolean): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const percent = /^([+-]?\d+)%$/.exec(value);
  if (!percent) return 0;
  const exact = (Number(percent[1]) * total) / 100;
  return roundUp ? Math.ceil(exact) : Math.floor(exact);
}
