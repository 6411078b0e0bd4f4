/** Commands that make one word of others: basename, dirname, expr. Source: POSIX.1-2024, Utilities. */
import { no, type Effect } from './effect.ts';
import { regexOf } from './regex.ts';

export const WORD_COMMANDS = { basename, dirname, expr };

const said = (text: string): Effect => ({ status: 0, out: `${text}\n` });

function basename(args: readonly string[]): Effect {
  const [path = '', suffix = ''] = args;
  const name = path.replace(/(?<=.)\/+$/, '').replace(/^.*\/(?=.)/, '');
  return said(name !== suffix && name.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : name);
}

function dirname([path = '']: readonly string[]): Effect {
  const [, folder] = /^(.*?)\/+[^/]*\/*$/.exec(path) ?? [];
  return said(folder === undefined ? '.' : folder === '' ? '/' : folder);
}

/** From those that bind least to those that bind most. */
const LEVELS: readonly (readonly string[])[] = [['|'], ['&'], ['=', '==', '!=', '<', '<=', '>', '>='], ['+', '-'], ['*', '/', '%'], [':']];
const isInteger = (word: string): boolean => /^-?\d+$/.test(word);
const isNothing = (word: string): boolean => word === '' || word === '0';

/** Its status says whether the result is anything. */
function expr(args: readonly string[]): Effect {
  let at = 0;
  let wrong = '';
  const atom = (): string => {
    const word = args[at++] ?? '';
    if (word === '(') {
      const value = level(0);
      at++;
      return value;
    }
    if (word === 'length' && at < args.length) return String(atom().length);
    if (word === 'substr' && at + 2 < args.length) {
      const [text, from, count] = [atom(), Number(atom()), Number(atom())];
      return text.slice(from - 1, from - 1 + count);
    }
    if (word === 'index' && at + 1 < args.length) {
      const [text, characters] = [atom(), atom()];
      return String([...text].findIndex((c) => characters.includes(c)) + 1);
    }
    return word;
  };
  const level = (n: number): string => {
    if (n === LEVELS.length) return atom();
    let left = level(n + 1);
    while (LEVELS[n].includes(args[at])) {
      const operator = args[at++];
      const right = level(n + 1);
      if ('+-*/%'.includes(operator) && !(isInteger(left) && isInteger(right))) wrong ||= 'expr: non-numeric argument';
      if ('/%'.includes(operator) && Number(right) === 0) wrong ||= 'expr: division by zero';
      left = result(left, operator, right);
    }
    return left;
  };
  const value = level(0);
  if (args.length === 0 || at < args.length) return no('expr: syntax error', 2);
  return wrong ? no(wrong, 2) : { status: isNothing(value) ? 1 : 0, out: `${value}\n` };
}

function result(a: string, operator: string, b: string): string {
  const order = isInteger(a) && isInteger(b) ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0;
  const truth = (is: boolean): string => (is ? '1' : '0');
  switch (operator) {
    case '|':
      return isNothing(a) ? b : a;
    case '&':
      return isNothing(a) || isNothing(b) ? '0' : a;
    case '+':
      return String(Number(a) + Number(b));
    case '-':
      return String(Number(a) - Number(b));
    case '*':
      return String(Number(a) * Number(b));
    case '/':
      return String(Math.trunc(Number(a) / Number(b)));
    case '%':
      return String(Number(a) % Number(b));
    case ':': {
      const like = regexOf(b.replace(/^\^/, ''), { isExtended: false, flags: 'y' });
      const found = like.exec(a);
      return b.includes('\\(') ? (found?.[1] ?? '') : String(found?.[0].length ?? 0);
    }
    case '<':
      return truth(order < 0);
    case '<=':
      return truth(order <= 0);
    case '>':
      return truth(order > 0);
    case '>=':
      return truth(order >= 0);
    default:
      return truth((order === 0) === (operator !== '!='));
  }
}
