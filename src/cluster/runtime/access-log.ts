/** The line that a web server logs of a request. Sources: nginx ngx_http_log_module ("combined"), Apache mod_log_config ("common"). */
import { rfc3339 } from '../../api/machinery/time.ts';
import { MONTHS } from '../../lib/calendar.ts';
import type { HttpCall, HttpReply } from './process-protocol.ts';

export type AccessLog = 'common' | 'combined';

/** `ms`: what the wall clock shows. */
export function accessLine(format: AccessLog, { from, method, path, agent }: HttpCall, { status, body }: HttpReply, ms: number): string {
  const [, year, month, day, time] = /^(\d+)-(\d\d)-(\d\d)T([\d:]+)/.exec(rfc3339(ms)) ?? [];
  const common = `${from} - - [${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000] "${method} ${path} HTTP/1.1" ${status} ${body.length}`;
  return format === 'common' ? common : `${common} "-" "${agent ?? '-'}" "-"`;
}
