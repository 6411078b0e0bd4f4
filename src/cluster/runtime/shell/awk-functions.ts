/** The functions of awk. Source: POSIX.1-2024, awk, Functions. */
import { field, numberOf, split, textOf, type Expression, type Get, type Memory, type Value } from './awk-values.ts';
import { formatted } from './format.ts';
import { regexOf } from './regex.ts';

/** What printf and sprintf print. */
export const filled = ([format, ...words]: readonly Get[], memory: Memory): string =>
  format
    ? formatted(
        textOf(format(memory)),
        words.map((get) => String(get(memory))),
      ).text
    : '';

/** A pattern, or a value that is taken for one. */
export const regexFor = ({ regex, get }: Expression, memory: Memory, flags?: string): RegExp =>
  regex && !flags ? regex : regexOf(regex?.source ?? textOf(get(memory)), { isExtended: true, ...(flags ? { flags } : {}) });

type AwkFunction = (words: readonly Expression[], memory: Memory) => Value;
const word = (words: readonly Expression[], i: number, memory: Memory): string => textOf(words[i]?.get(memory) ?? '');
export const FUNCTIONS: Readonly<Record<string, AwkFunction>> = {
  length: (words, memory) => (words.length === 0 ? memory.fields[0] : word(words, 0, memory)).length,
  substr: (words, memory) => {
    const from = Math.round(numberOf(words[1]?.get(memory) ?? 1)) - 1;
    const to = words[2] ? from + Math.round(numberOf(words[2].get(memory))) : undefined;
    return word(words, 0, memory).slice(Math.max(0, from), to === undefined ? undefined : Math.max(0, to));
  },
  index: (words, memory) => word(words, 0, memory).indexOf(word(words, 1, memory)) + 1,
  toupper: (words, memory) => word(words, 0, memory).toUpperCase(),
  tolower: (words, memory) => word(words, 0, memory).toLowerCase(),
  int: (words, memory) => Math.trunc(numberOf(words[0]?.get(memory) ?? 0)),
  sqrt: (words, memory) => Math.sqrt(numberOf(words[0]?.get(memory) ?? 0)),
  sprintf: (words, memory) =>
    filled(
      words.map(({ get }) => get),
      memory,
    ),
  match: (words, memory) => {
    const found = words[1] ? regexFor(words[1], memory).exec(word(words, 0, memory)) : null;
    memory.vars.set('RSTART', found ? found.index + 1 : 0).set('RLENGTH', found ? found[0].length : -1);
    return found ? found.index + 1 : 0;
  },
  sub: (words, memory) => substituted(words, memory, false),
  gsub: (words, memory) => substituted(words, memory, true),
  split: (words, memory) => {
    const parts = split(
      word(words, 0, memory),
      words[2] ? (words[2].regex ?? word(words, 2, memory)) : textOf(memory.vars.get('FS') ?? ' '),
    );
    words[1]?.set?.(memory, parts.join('\0'));
    return parts.length;
  },
};

function substituted([pattern, by, target = field(() => 0)]: readonly Expression[], memory: Memory, isAll: boolean): number {
  let count = 0;
  const text = textOf(target.get(memory)).replace(regexFor(pattern, memory, isAll ? 'g' : ''), (all) => {
    count++;
    return textOf(by.get(memory)).replace(/\\([&\\])|&/g, (_, c: string | undefined) => c ?? all);
  });
  if (count > 0) target.set?.(memory, text);
  return count;
}
