/** 'Thu Jan  1 00:00:00 UTC 1970' from milliseconds since then, as date(1) of busybox prints it. */
import { DAYS, MONTHS } from '../../../lib/calendar.ts';
import { rfc3339 } from '../../../api/machinery/time.ts';

export function dateText(ms: number): string {
  const [, year, month, day, time] = /^(\d+)-(\d\d)-(\d\d)T([\d:]+)/.exec(rfc3339(ms)) ?? [];
  return `${DAYS[Math.floor(ms / 86_400_000) % 7]} ${MONTHS[Number(month) - 1]} ${String(Number(day)).padStart(2, ' ')} ${time} UTC ${year}`;
}
