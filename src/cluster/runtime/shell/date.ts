/** 'Thu Jan  1 00:00:00 UTC 1970' from milliseconds since then, as date(1) of busybox prints it. */
import { DAYS, MONTHS } from '../../../lib/calendar.ts';
import { rfc3339 } from '../../../api/machinery/time.ts';

export function dateText(ms: number): string {
  const [, year, month, day, time] = /^(\d+)-(\d\d)-(\d\d)T([\d:]+)/.exec(rfc3339(ms)) ?? [];
  return `${DAYS[Math.floor(ms / 86_400_000) % 7]} ${MONTHS[Number(month) - 1]} ${String(Number(day)).padStart(2, ' ')} ${time} UTC ${year}`;
}

/** As strftime(3) fills a format in; what it does not know stays. */
export function timeText(format: string, { dateText: text, seconds }: { readonly dateText: string; readonly seconds: number }): string {
  const [, year, month, day, hour, minute, second] = /^(\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(rfc3339(seconds * 1000)) ?? [];
  const [weekday, monthName] = text.split(' ');
  const values: Readonly<Record<string, string>> = {
    Y: year,
    y: year.slice(2),
    m: month,
    d: day,
    e: String(Number(day)).padStart(2),
    H: hour,
    M: minute,
    S: second,
    T: `${hour}:${minute}:${second}`,
    R: `${hour}:${minute}`,
    F: `${year}-${month}-${day}`,
    D: `${month}/${day}/${year.slice(2)}`,
    s: String(seconds),
    N: '000000000',
    Z: 'UTC',
    z: '+0000',
    a: weekday,
    b: monthName,
    c: `${text.slice(0, 19)} ${year}`,
    n: '\n',
    t: '\t',
    '%': '%',
  };
  return format.replace(/%([a-zA-Z%])/g, (all, letter: string) => values[letter] ?? all);
}
