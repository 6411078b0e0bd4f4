/** `test`, `[` and `[[`: whether something is true. Source: POSIX.1-2024, test. Simplified: no parentheses; every file may be read, written and executed. */
import type { Effect } from './effect.ts';
import type { Shell } from './expand.ts';
import { inShell, isFolder } from './listing.ts';

export function test(args: readonly string[], shell: Shell): Effect {
  const words = args.filter((word, i) => i < args.length - 1 || !/^\]{1,2}$/.test(word));
  return { status: holds(words, shell) ? 0 : 1 };
}

const JOINTS = [
  ['-o', false],
  ['||', false],
  ['-a', true],
  ['&&', true],
] as const;

function holds(words: readonly string[], shell: Shell): boolean {
  if (words[0] === '!') return !holds(words.slice(1), shell);
  for (const [joint, both] of JOINTS) {
    const at = words.indexOf(joint);
    if (at > 0) {
      const left = holds(words.slice(0, at), shell);
      const right = holds(words.slice(at + 1), shell);
      return both ? left && right : left || right;
    }
  }
  const [a = '', operator, b = ''] = words;
  if (words.length >= 3) return compares(a, operator, b);
  return words.length === 2 ? isSo(a, operator, shell) : a !== '';
}

function compares(a: string, operator: string, b: string): boolean {
  if (/^!?==?$/.test(operator)) return (a === b) !== operator.startsWith('!');
  const more = Number(a) - Number(b);
  return { '-eq': more === 0, '-ne': more !== 0, '-gt': more > 0, '-ge': more >= 0, '-lt': more < 0, '-le': more <= 0 }[operator] ?? false;
}

/** What a text or a file is, by one letter. A letter that nobody knows is a text that is there. */
function isSo(letter: string, operand: string, shell: Shell): boolean {
  const path = inShell(operand, shell);
  switch (letter) {
    case '-z':
      return operand === '';
    case '-n':
      return operand !== '';
    case '-d':
      return isFolder(shell.files, path);
    case '-s':
      return (shell.files.get(path) ?? '') !== '';
    case '-f':
    case '-r':
    case '-w':
    case '-x':
      return shell.files.has(path);
    case '-e':
      return shell.files.has(path) || isFolder(shell.files, path);
    default:
      return letter !== '';
  }
}
