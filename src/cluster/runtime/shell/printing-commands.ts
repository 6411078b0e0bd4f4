/** Commands that print what they are told to: echo, printf, seq. Source: busybox' coreutils. Simplified: printf pads nothing, seq counts by one and to a thousand at most. */
import { ok, type Effect } from './effect.ts';

export const PRINTING_COMMANDS = { echo, printf, seq };

function echo(args: readonly string[]): Effect {
  const flags = args[0] !== undefined && /^-[neE]+$/.test(args[0]) ? args[0] : '';
  const text = args.slice(flags === '' ? 0 : 1).join(' ');
  return { status: 0, out: (flags.includes('e') ? escapes(text) : text) + (flags.includes('n') ? '' : '\n') };
}

function printf([format = '', ...args]: readonly string[]): Effect {
  let at = 0;
  return ok(escapes(format).replace(/%-?\d*([sdif%])/g, (_m, kind: string) => (kind === '%' ? '%' : (args[at++] ?? ''))));
}

const escapes = (text: string): string =>
  text.replace(/\\(n|t|r|e|\\|0?33|c)/g, (_m, c: string) => ({ n: '\n', t: '\t', r: '', '\\': '\\', c: '' })[c] ?? '');

function seq(args: readonly string[]): Effect {
  const [from, to] = args.length > 1 ? [Number(args[0]), Number(args[args.length - 1])] : [1, Number(args[0])];
  return ok(Array.from({ length: Math.max(0, Math.min(1000, to - from + 1)) }, (_, i) => `${from + i}\n`).join(''));
}
