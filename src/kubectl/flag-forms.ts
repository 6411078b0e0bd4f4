/** Flags whose values are numbers, durations or yes and no, as Go reads them. Upstream: strconv, github.com/spf13/pflag. */
import { durationError } from '../lib/go-duration.ts';

const INTEGERS: ReadonlySet<string> = new Set([
  'chunk-size',
  'current-replicas',
  'grace-period',
  'cpu-percent',
  'limit-bytes',
  'max',
  'max-log-requests',
  'min',
  'node-port',
  'replicas',
  'revision',
  'skip-wait-for-delete-timeout',
  'tail',
  'to-revision',
]);
const DURATIONS: ReadonlySet<string> = new Set(['pod-running-timeout', 'since', 'timeout']);
/** Flags that say yes or no and may do so without a value. */
export const BOOLS: ReadonlySet<string> = new Set(['follow', 'namespaced', 'overwrite', 'server-print', 'show-events', 'wait']);

/** What is said of flags that are on their way out. */
export const DEPRECATED: Readonly<Record<string, string>> = {
  record: '--record will be removed in the future',
  'cpu-percent': "Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).",
};

/** Undefined when it is neither. */
export const boolOf = (text: string): boolean | undefined =>
  /^(?:1|t|true)$/i.test(text) ? true : /^(?:0|f|false)$/i.test(text) ? false : undefined;

/** What is wrong with a value, in Go's words. */
export function wrongValue(name: string, value: string): string | undefined {
  if (INTEGERS.has(name) && !/^[+-]?\d+$/.test(value)) return `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`;
  return DURATIONS.has(name) ? durationError(value) : undefined;
}
