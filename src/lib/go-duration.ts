/** Durations as Go reads them: '1h30m', '250ms', '0'. Source: time.ParseDuration. */
const DURATION = /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/;
export const isDuration = (text: string): boolean => DURATION.test(text);
/** What is wrong with it, in Go's words. */
export const durationError = (text: string): string | undefined => (isDuration(text) ? undefined : `time: ${faultOf(text)} duration ${JSON.stringify(text)}`);

/** The first amount that has no unit, or one that Go does not know. */
function faultOf(text: string): string {
  for (let rest = text.replace(/^[+-]/, ''); rest !== '';) {
    const [whole, , unit] = /^(\d+\.?\d*|\.\d+)([^.\d]*)/.exec(rest) ?? [];
    if (whole === undefined) return 'invalid';
    if (unit === '') return 'missing unit in';
    if (!/^(?:ns|us|µs|ms|s|m|h)$/.test(unit)) return `unknown unit ${JSON.stringify(unit)} in`;
    rest = rest.slice(whole.length);
  }
  return 'invalid';
}
