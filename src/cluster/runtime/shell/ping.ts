/** ping: echo requests, one after the other, and what is printed of their answers. Sources: busybox' networking/ping.c, iputils' ping/ping_common.c. Simplified: no names of those who answer; who is late for the next echo counts as lost; whoever cannot be reached says nothing; -t and its like change nothing. */
import { no, type Effect } from './effect.ts';
import type { Errand } from './network-commands.ts';

/** So many sent so far, and what is known of how long the answers took that came, µs. `limitUs`: when it ends at the latest, from when it began. */
export interface Ping {
  readonly isBusybox: boolean;
  readonly isQuiet: boolean;
  /** Without it it goes on for ever. */
  readonly count?: number;
  readonly intervalUs: number;
  /** How long it waits for the last answer. */
  readonly waitUs: number;
  readonly limitUs?: number;
  readonly bytes: number;
  readonly sent: number;
  readonly answers: Answers;
  readonly ip?: string;
  readonly beganAt?: number;
}

interface Answers {
  readonly count: number;
  readonly least: number;
  readonly most: number;
  readonly sum: number;
  readonly squares: number;
}
const NO_ANSWERS: Answers = { count: 0, least: 0, most: 0, sum: 0, squares: 0 };
const withAnswer = ({ count, least, most, sum, squares }: Answers, us: number): Answers => ({
  count: count + 1,
  least: count === 0 ? us : Math.min(least, us),
  most: Math.max(most, us),
  sum: sum + us,
  squares: squares + us * us,
});

const WITH_VALUE = 'cisWwItpQmMlS';
const WAIT_S = 10;
/** Of an echo's header, and of the one around it. */
const [ICMP_BYTES, IP_BYTES] = [8, 20];

export function ping(args: readonly string[], _shell: unknown, { hasBusybox }: { readonly hasBusybox: boolean }): Effect {
  const options = new Map<string, string>();
  const names: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const [, letter, value] = /^-(\w)(.*)$/.exec(args[i]) ?? [];
    if (letter === undefined) names.push(args[i]);
    else if (WITH_VALUE.includes(letter)) options.set(letter, value || (args[++i] ?? ''));
    else for (const c of letter + value) options.set(c, '');
  }
  const wrong = [...options].find(
    ([letter, value]) => 'cisWw'.includes(letter) && !(Number(value) > 0 || (letter === 's' && value === '0')),
  );
  if (wrong) return hasBusybox ? no(`ping: invalid number '${wrong[1]}'`) : no(`ping: invalid argument: '${wrong[1]}'`);
  const [name] = names;
  if (name === undefined)
    return hasBusybox
      ? no('BusyBox v1.36.1 multi-call binary.\n\nUsage: ping [OPTIONS] HOST')
      : no('ping: usage error: Destination address required');
  const number = (letter: string, otherwise: number): number => Number(options.get(letter) ?? otherwise);
  const of: Ping = {
    isBusybox: hasBusybox,
    isQuiet: options.has('q'),
    ...(options.has('c') ? { count: number('c', 1) } : {}),
    intervalUs: Math.round(number('i', 1) * 1e6),
    waitUs: Math.round(number('W', WAIT_S) * 1e6),
    ...(options.has('w') ? { limitUs: number('w', 1) * 1e6 } : {}),
    bytes: number('s', 56),
    sent: 0,
    answers: NO_ANSWERS,
  };
  return { errand: { program: 'ping', name, path: '', method: '', isSilent: true, ping: of } };
}

/** How long the next answer is waited for: until the next is sent. */
export const patienceUs = ({ sent, count, waitUs, intervalUs, limitUs = Infinity, beganAt }: Ping, now: number): number =>
  Math.min(sent + 1 === count ? waitUs : intervalUs, Math.max(1, (beganAt ?? now) + limitUs - now));

/** Its first line. */
export const heading = (name: string, { isBusybox, bytes }: Ping, ip: string): string =>
  `PING ${name} (${ip})${isBusybox ? `: ${bytes} data bytes` : ` ${bytes}(${bytes + ICMP_BYTES + IP_BYTES}) bytes of data.`}\n`;

interface Told {
  readonly status: number;
  readonly out: string;
  readonly next?: { readonly errand: Errand; readonly fromUs: number };
}

/** An answer came, or none. `ttl`: as it came in. */
export function pinged(
  errand: Errand & { readonly ping: Ping },
  { ip, at, now, ttl }: { readonly ip: string; readonly at: number; readonly now: number; readonly ttl?: number },
): Told {
  const { ping: before, name } = errand;
  const took = now - at;
  const after: Ping = {
    ...before,
    ip,
    beganAt: before.beganAt ?? at,
    sent: before.sent + 1,
    answers: ttl === undefined ? before.answers : withAnswer(before.answers, took),
  };
  const { isBusybox, bytes, sent } = after;
  const answer =
    ttl === undefined || after.isQuiet
      ? ''
      : `${bytes + ICMP_BYTES} bytes from ${ip}: ${isBusybox ? `seq=${sent - 1}` : `icmp_seq=${sent}`} ttl=${ttl} time=${isBusybox ? ms(took) : short(took)} ms\n`;
  const fromUs = Math.max(now, at + after.intervalUs);
  if (sent < (after.count ?? Infinity) && fromUs < (after.beganAt ?? at) + (after.limitUs ?? Infinity))
    return { status: 0, out: answer, next: { errand: { ...errand, ping: after }, fromUs } };
  return { status: statusOf(after), out: answer + summary(name, after, now) };
}

export const statusOf = ({ answers }: Ping): number => (answers.count > 0 ? 0 : 1);

/** What it says at its end. */
export function summary(name: string, { isBusybox, sent, answers, beganAt = 0 }: Ping, now: number): string {
  const { count, least, most } = answers;
  const lost = sent === 0 ? 0 : Math.floor(((sent - count) * 100) / sent);
  const mean = answers.sum / count;
  const figures = [least, mean, most];
  const counts = isBusybox
    ? `${sent} packets transmitted, ${count} packets received, ${lost}% packet loss`
    : `${sent} packets transmitted, ${count} received, ${lost}% packet loss, time ${Math.round((now - beganAt) / 1000)}ms`;
  const deviation = Math.sqrt(Math.max(0, answers.squares / count - mean * mean));
  const spread = isBusybox
    ? `round-trip min/avg/max = ${figures.map(ms).join('/')} ms\n`
    : `rtt min/avg/max/mdev = ${[...figures, deviation].map(ms).join('/')} ms\n`;
  return `\n--- ${name} ping statistics ---\n${counts}\n${count > 0 ? spread : isBusybox ? '' : '\n'}`;
}

const ms = (us: number): string => (Math.trunc(us) / 1000).toFixed(3);
/** Three figures. */
const short = (us: number): string => (us / 1000).toFixed(us >= 100_000 ? 0 : us >= 10_000 ? 1 : us >= 1000 ? 2 : 3);
