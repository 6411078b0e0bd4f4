/** Durations as Go reads them: '1h30m', '250ms', '0'. Source: time.ParseDuration. */
/** In microseconds. */
const UNIT_US: Readonly<Record<string, number>> = { ns: 0.001, us: 1, µs: 1, ms: 1000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 };
const AMOUNT = '(\\d+\\.?\\d*|\\.\\d+)';
const PART = `${AMOUNT}(${Object.keys(UNIT_US).join('|')})`;
const DURATION = new RegExp(`^[+-]?(?:0|(?:${PART})+)$`);
const PARTS = new RegExp(PART, 'g');
const NEXT = new RegExp(`^${AMOUNT}([^.\\d]*)`);

export const isDuration = (text: string): boolean => DURATION.test(text);

/** '30s', '5m', '1h30m' in microseconds, of which the shortest is one; undefined when it is no duration or 0. */
export function durationUs(text: string | undefined): number | undefined {
  let sum = 0;
  for (const [, n, unit] of (text ?? '').matchAll(PARTS)) sum += Number(n) * UNIT_US[unit];
  return sum > 0 ? Math.max(1, Math.round(sum)) : undefined;
}

/** What is wrong with it, in Go's words. */
export const durationError = (text: string): string | undefined =>
  isDuration(text) ? undefined : `time: ${faultOf(text)} duration ${JSON.stringify(text)}`;

/** The first amount that has no unit, or one that Go does not know. */
function faultOf(text: string): string {
  for (let rest = text.replace(/^[+-]/, ''); rest !== '';) {
    const [whole, , unit] = NEXT.exec(rest) ?? [];
    if (whole === undefined) return 'invalid';
    if (unit === '') return 'missing unit in';
    if (!Object.hasOwn(UNIT_US, unit)) return `unknown unit ${JSON.stringify(unit)} in`;
    rest = rest.slice(whole.length);
  }
  return 'invalid';
}
