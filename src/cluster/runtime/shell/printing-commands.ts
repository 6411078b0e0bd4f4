/** Commands that print what they are told to: echo, printf, seq, yes. Source: busybox' coreutils. Simplified: seq counts to ten thousand numbers at most. */
import { ok, type Effect } from './effect.ts';
import { formatted, unescaped } from './format.ts';

export const PRINTING_COMMANDS = { echo, printf, seq, yes };

function echo(args: readonly string[]): Effect {
  let at = 0;
  while (/^-[neE]+$/.test(args[at] ?? '')) at++;
  const flags = args.slice(0, at).join('');
  const text = args.slice(at).join(' ');
  if (!flags.includes('e')) return ok(text + (flags.includes('n') ? '' : '\n'));
  const [before, ...after] = text.split('\\c');
  return ok(unescaped(before) + (flags.includes('n') || after.length > 0 ? '' : '\n'));
}

/** The format is used again for as long as there are words. */
function printf([format = '', ...words]: readonly string[]): Effect {
  let out = '';
  let left = words;
  do {
    const { text, taken } = formatted(unescaped(format), left);
    out += text;
    left = taken === 0 ? [] : left.slice(taken);
  } while (left.length > 0);
  return ok(out);
}

/** seq [-w] [-s SEPARATOR] [FIRST [STEP]] LAST */
function seq(args: readonly string[]): Effect {
  const numbers = args.filter((a, i) => /^-?[\d.]+$/.test(a) && args[i - 1] !== '-s');
  const [first, step, last] =
    numbers.length > 2 ? numbers : numbers.length === 2 ? [numbers[0], '1', numbers[1]] : ['1', '1', numbers[0] ?? '0'];
  const digits = Math.max(...numbers.map((n) => n.split('.')[1]?.length ?? 0));
  const count = Math.floor((Number(last) - Number(first)) / Number(step) + 1e-9) + 1;
  const all = Array.from({ length: Math.max(0, Math.min(10_000, count || 0)) }, (_, i) =>
    (Number(first) + i * Number(step)).toFixed(digits),
  );
  const width = args.includes('-w') ? Math.max(...all.map((n) => n.length)) : 0;
  const between = args.includes('-s') ? (args[args.indexOf('-s') + 1] ?? '') : '\n';
  return ok(all.length === 0 ? '' : `${all.map((n) => n.padStart(width, '0')).join(between)}\n`);
}

function yes(args: readonly string[]): Effect {
  return { forever: true, floods: true, out: `${args.length > 0 ? args.join(' ') : 'y'}\n`.repeat(1000) };
}
