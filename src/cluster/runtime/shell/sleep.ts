/** sleep, and the lengths of time that it understands. Source: the manual of GNU coreutils. */
import { no, type Effect } from './effect.ts';

export function sleep(args: readonly string[]): Effect {
  const us = sleepUs(args[0]);
  if (us === undefined) return no(`sleep: invalid time interval '${args[0] ?? ''}'`);
  return us === Number.MAX_SAFE_INTEGER ? { forever: true } : { sleepUs: us };
}

/** Seconds of `sleep`: '5', '0.5', '2m', '1h', 'infinity'. */
export function sleepUs(text: string | undefined): number | undefined {
  if (text === 'infinity' || text === 'inf') return Number.MAX_SAFE_INTEGER;
  const match = /^(\d+(?:\.\d+)?|\.\d+)([smhd]?)$/.exec(text ?? '');
  if (!match) return undefined;
  const unit = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }[match[2]] ?? 1;
  return Math.round(Number(match[1]) * unit * 1_000_000);
}
