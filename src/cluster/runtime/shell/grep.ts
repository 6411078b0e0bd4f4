/** grep, egrep and fgrep: the lines in which a pattern is found. Sources: POSIX.1-2024, grep; busybox' findutils/grep.c. */
import type { Effect } from './effect.ts';
import type { Shell } from './expand.ts';
import { literal } from './pattern.ts';
import { regexOf } from './regex.ts';
import { inputOf, lines, missing, unlines } from './text-commands.ts';
import { inShell } from './listing.ts';

/** Its options; of those that take a value, the value. */
function optionsOf(args: readonly string[]): {
  readonly flags: string;
  readonly values: ReadonlyMap<string, string>;
  readonly words: readonly string[];
  readonly patterns: readonly string[];
} {
  const values = new Map<string, string>();
  const [words, patterns]: [string[], string[]] = [[], []];
  let flags = '';
  for (let i = 0; i < args.length; i++) {
    const [, letters, letter, value] = /^-(\w*?)([eABCm])(.*)$/s.exec(args[i]) ?? [];
    if (args[i].startsWith('--') || !/^-./.test(args[i])) {
      if (!args[i].startsWith('--')) words.push(args[i]);
    } else if (letter === undefined) flags += args[i].slice(1);
    else {
      flags += letters;
      const word = value || (args[++i] ?? '');
      if (letter === 'e') patterns.push(word);
      else values.set(letter, word);
    }
  }
  if (patterns.length === 0) patterns.push(words.shift() ?? '');
  return { flags, values, words, patterns };
}

function patternOf(patterns: readonly string[], flags: string): RegExp {
  const all = patterns
    .flatMap((p) => p.split('\n'))
    .map((p) => (flags.includes('F') ? literal(p) : regexOf(p, { isExtended: flags.includes('E') }).source));
  const one = all.length === 1 ? all[0] : all.map((p) => `(?:${p})`).join('|');
  const whole = flags.includes('x') ? `^(?:${one})$` : flags.includes('w') ? `\\b(?:${one})\\b` : one;
  return new RegExp(whole, flags.includes('i') ? 'gi' : 'g');
}

const grepAs =
  (kind: '' | 'E' | 'F') =>
  (args: readonly string[], shell: Shell): Effect => {
    const { flags: own, values, words, patterns } = optionsOf(args);
    const flags = kind + own;
    const names = /[rR]/.test(flags) ? within(words, shell) : words;
    const wanted = patternOf(patterns, flags);
    const err = /s/.test(flags) ? undefined : missing('grep', names, shell);
    const isNamed = /H/.test(flags) || (!/h/.test(flags) && (names.length > 1 || names !== words));
    const found = (names.length > 0 ? names : ['-']).map((name) => ({
      name,
      hits: hitsIn(inputOf(name === '-' ? [] : [name], shell), wanted, flags, values),
    }));
    const isFound = found.some(({ hits }) => hits.count > 0);
    const out = found.map(({ name, hits }) => {
      const before = isNamed ? `${name}:` : '';
      if (flags.includes('l')) return hits.count > 0 ? `${name}\n` : '';
      return flags.includes('c') ? `${before}${hits.count}\n` : unlines(hits.shown.map((line) => before + line));
    });
    return {
      status: isFound ? 0 : err === undefined ? 1 : 2,
      ...(flags.includes('q') ? (isFound ? { isEnough: true } : {}) : { out: out.join('') }),
      ...(err === undefined ? {} : { err }),
    };
  };

/** All files in folders. */
const within = (names: readonly string[], shell: Shell): readonly string[] =>
  (names.length > 0 ? names : ['.']).flatMap((name) => {
    const folder = inShell(name, shell).replace(/\/?$/, '/');
    const files = [...shell.files.keys()].filter((file) => file.startsWith(folder) && !file.endsWith('/'));
    return shell.files.has(inShell(name, shell)) ? [name] : files.map((file) => `${name.replace(/\/$/, '')}/${file.slice(folder.length)}`);
  });

function hitsIn(
  text: string,
  wanted: RegExp,
  flags: string,
  values: ReadonlyMap<string, string>,
): { readonly count: number; readonly shown: readonly string[] } {
  const all = lines(text);
  const matches = (line: string): readonly string[] => line.match(wanted) ?? [];
  const hits = all
    .flatMap((line, i) => (matches(line).length > 0 !== flags.includes('v') ? [i] : []))
    .slice(0, Number(values.get('m') ?? Infinity));
  const [before, after] = ['B', 'A'].map((letter) => Number(values.get(letter) ?? values.get('C') ?? 0));
  const shown = before + after === 0 ? hits : all.flatMap((_, i) => (hits.some((hit) => i >= hit - before && i <= hit + after) ? [i] : []));
  const numbered = (i: number): string => (flags.includes('n') ? `${i + 1}${hits.includes(i) ? ':' : '-'}` : '');
  return {
    count: hits.length,
    shown: shown.flatMap((i) => (flags.includes('o') ? matches(all[i]) : [all[i]]).map((line) => numbered(i) + line)),
  };
}

export const GREP_COMMANDS = { grep: grepAs(''), egrep: grepAs('E'), fgrep: grepAs('F') };
