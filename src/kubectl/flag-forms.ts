/** Flags whose values are numbers, durations or yes and no, as Go reads them. Upstream: strconv, time.ParseDuration, github.com/spf13/pflag. */
const INTEGERS: ReadonlySet<string> = new Set(['chunk-size', 'current-replicas', 'grace-period', 'cpu-percent', 'limit-bytes', 'max', 'max-log-requests', 'min', 'node-port', 'replicas', 'revision', 'skip-wait-for-delete-timeout', 'tail', 'to-revision']);
const DURATIONS: ReadonlySet<string> = new Set(['pod-running-timeout', 'since', 'timeout']);
/** Flags that say yes or no and may do so without a value. */
export const BOOLS: ReadonlySet<string> = new Set(['follow', 'namespaced', 'overwrite', 'server-print', 'show-events', 'wait']);
const DURATION = /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/;
export const isDuration = (text: string): boolean => DURATION.test(text);

/** Undefined when it is neither. */
export const boolOf = (text: string): boolean | undefined => (/^(?:1|t|true)$/i.test(text) ? true : /^(?:0|f|false)$/i.test(text) ? false : undefined);

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

/** What is wrong with a value, in Go's words. */
export function wrongValue(name: string, value: string): string | undefined {
  if (INTEGERS.has(name) && !/^[+-]?\d+$/.test(value)) return `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`;
  if (!DURATIONS.has(name) || isDuration(value)) return undefined;
  return `time: ${faultOf(value)} duration ${JSON.stringify(value)}`;
}
