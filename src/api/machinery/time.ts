/** Instants and ages by integer arithmetic; there is no clock here. Upstream: metav1.Time, apimachinery/pkg/util/duration (v1.36). */

const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

/** Days since 1970-01-01 → year, month, day (Howard Hinnant's civil_from_days). */
function civil(days: number): readonly [number, number, number] {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return [yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - Math.floor((153 * mp + 2) / 5) + 1];
}

/** '2026-11-21T02:30:39Z' from milliseconds since 1970. */
export function rfc3339(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds !== last.seconds) last = { seconds, text: written(seconds) };
  return last.text;
}
/** Many objects are written within one second. */
let last = { seconds: Number.NaN, text: '' };

function written(seconds: number): string {
  const [year, month, day] = civil(Math.floor(seconds / 86_400));
  const s = seconds - Math.floor(seconds / 86_400) * 86_400;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}Z`;
}

/** metav1.MicroTime: with six decimals. `epochMs`: what the wall clock showed at virtual 0; `atUs`: virtual time. */
export function rfc3339Micro(epochMs: number, atUs: number): string {
  const ms = epochMs + Math.floor(atUs / 1000);
  const us = (((ms % 1000) + 1000) % 1000) * 1000 + (atUs % 1000);
  return rfc3339(ms).replace('Z', `.${String(us).padStart(6, '0')}Z`);
}

/** What sees finer clocks writes nine decimals, as Go's RFC3339Nano does; here the last three are noughts. */
export const rfc3339Nano = (epochMs: number, atUs: number): string => rfc3339Micro(epochMs, atUs).replace('Z', '000Z');

/** Milliseconds since 1970; NaN when the text is no instant. */
export function parseTime(text: string): number {
  if (text !== lastParsed.text) lastParsed = { text, ms: read(text) };
  return lastParsed.ms;
}
let lastParsed = { text: '', ms: Number.NaN };

function read(text: string): number {
  const m = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (!m) return Number.NaN;
  const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yoe = y - era * 400;
  const doy = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const days = era * 146_097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719_468;
  const offset = m[8] === 'Z' ? 0 : (m[8].startsWith('-') ? -1 : 1) * (Number(m[8].slice(1, 3)) * 60 + Number(m[8].slice(4, 6)));
  return ((days * 24 + Number(m[4])) * 60 + Number(m[5]) - offset) * 60_000 + Number(m[6]) * 1000 + Math.floor(Number(m[7] ?? 0) * 1000);
}

export const addSeconds = (instant: string, seconds: number): string => rfc3339(parseTime(instant) + seconds * 1000);

/** '7s', '2m3s', '5h12m', '3d4h', '2y10d': as upstream's HumanDuration. */
export function humanDuration(totalSeconds: number): string {
  const s = Math.trunc(totalSeconds);
  if (s < -1) return '<invalid>';
  if (s < 0) return '0s';
  if (s < 120) return `${s}s`;
  const m = Math.floor(s / 60);
  if (m < 10) return s % 60 === 0 ? `${m}m` : `${m}m${s % 60}s`;
  if (m < 180) return `${m}m`;
  const h = Math.floor(m / 60);
  if (h < 8) return m % 60 === 0 ? `${h}h` : `${h}h${m % 60}m`;
  if (h < 48) return `${h}h`;
  const d = Math.floor(h / 24);
  if (h < 192) return h % 24 === 0 ? `${d}d` : `${d}d${h % 24}h`;
  if (h < 24 * 365 * 2) return `${d}d`;
  const y = Math.floor(h / 24 / 365);
  if (h < 24 * 365 * 8) {
    const days = d % 365;
    return days === 0 ? `${y}y` : `${y}y${days}d`;
  }
  return `${y}y`;
}
