/** Go's durations, as flags take them. Upstream: time.ParseDuration. */
const UNIT_US: Readonly<Record<string, number>> = { ms: 1000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 };

/** '30s', '5m', '1h30m' in microseconds; undefined when it is no duration or 0. */
export function durationUs(text: string | undefined): number | undefined {
  let sum = 0;
  for (const [, n, unit] of (text ?? '').matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) sum += Number(n) * UNIT_US[unit];
  return sum > 0 ? Math.round(sum) : undefined;
}
