/** What of a log is wanted, read from the query of pods/log. Upstream: pkg/apis/core/validation ValidatePodLogOptions, apimachinery pkg/runtime/conversion.go (v1.36). Simplified: both streams are one. */
import { forbidden, invalid as invalidField } from '../../api/machinery/field-error.ts';
import { badRequest, invalid } from '../../api/machinery/status.ts';
import { parseTime } from '../../api/machinery/time.ts';
import type { V1Status } from '../../api/schema/kubernetes.ts';

const NUMBERS = ['tailLines', 'limitBytes', 'sinceSeconds'] as const;

/** `sinceMs`: milliseconds since 1970. */
export interface LogOptions {
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly sinceSeconds?: number;
  readonly sinceMs?: number;
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '0' && value.toLowerCase() !== 'false';

export function logOptions(query: Readonly<Record<string, string>>, pod: string): LogOptions | { readonly status: V1Status } {
  const bad = NUMBERS.map((name) => query[name]).find((text) => text !== undefined && !/^[-+]?\d+$/.test(text));
  if (bad !== undefined) return { status: badRequest(`strconv.ParseInt: parsing ${JSON.stringify(bad)}: invalid syntax`) };
  const { sinceTime } = query;
  const sinceMs = sinceTime && sinceTime !== 'null' ? parseTime(sinceTime) : undefined;
  if (Number.isNaN(sinceMs))
    return {
      status: badRequest(
        `parsing time ${JSON.stringify(sinceTime)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(sinceTime)} as "2006"`,
      ),
    };
  const [tailLines, limitBytes, sinceSeconds] = NUMBERS.map((name) => (query[name] === undefined ? undefined : Number(query[name])));
  const errors = [
    ...(tailLines !== undefined && tailLines < 0 ? [invalidField('tailLines', tailLines, 'must be greater than or equal to 0')] : []),
    ...(limitBytes !== undefined && limitBytes < 1 ? [invalidField('limitBytes', limitBytes, 'must be greater than 0')] : []),
    ...(sinceSeconds === undefined
      ? []
      : sinceTime !== undefined
        ? [forbidden('', 'at most one of `sinceTime` or `sinceSeconds` may be specified')]
        : sinceSeconds < 1
          ? [invalidField('sinceSeconds', sinceSeconds, 'must be greater than 0')]
          : []),
  ];
  if (errors.length > 0) return { status: invalid({ group: '', kind: 'PodLogOptions' }, pod, errors) };
  return {
    previous: isSet(query.previous),
    timestamps: isSet(query.timestamps),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
    ...(sinceMs === undefined ? {} : { sinceMs }),
  };
}
