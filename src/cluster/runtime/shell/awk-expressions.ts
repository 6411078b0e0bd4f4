/** The expressions of an awk program. Source: POSIX.1-2024, awk, Grammar. */
import { FUNCTIONS, regexFor } from './awk-functions.ts';
import {
  arrayOf,
  field,
  isNumeric,
  isTrue,
  numberOf,
  setFields,
  textOf,
  truth,
  type Expression,
  type Memory,
  type Value,
} from './awk-values.ts';
import { unescaped } from './format.ts';
import { regexOf } from './regex.ts';

import { eats, needs, skip, type Reader } from './awk-reader.ts';
export const index = (r: Reader): ((memory: Memory) => string) => {
  const keys = [expression(r).get];
  while (eats(r, /^,/) !== undefined) keys.push(expression(r).get);
  needs(r, /^\]/);
  return (memory) => keys.map((get) => textOf(get(memory))).join(textOf(memory.vars.get('SUBSEP') ?? ''));
};

type Operation = (a: Value, b: Value) => Value;
const compare = (is: (order: number) => boolean): Operation => {
  const order = (a: Value, b: Value): number =>
    isNumeric(a) && isNumeric(b) ? numberOf(a) - numberOf(b) : textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0;
  return (a, b) => truth(is(order(a, b)));
};
/** Of whole numbers. */
const power = (base: number, n: number): number =>
  n < 0 ? 1 / power(base, -n) : Array.from({ length: Math.min(n, 1100) }).reduce<number>((all) => all * base, 1);
const OPERATIONS: Readonly<Record<string, Operation>> = {
  '<': compare((n) => n < 0),
  '<=': compare((n) => n <= 0),
  '==': compare((n) => n === 0),
  '!=': compare((n) => n !== 0),
  '>': compare((n) => n > 0),
  '>=': compare((n) => n >= 0),
  '+': (a, b) => numberOf(a) + numberOf(b),
  '-': (a, b) => numberOf(a) - numberOf(b),
  '*': (a, b) => numberOf(a) * numberOf(b),
  '/': (a, b) => numberOf(a) / numberOf(b),
  '%': (a, b) => numberOf(a) % numberOf(b),
  '^': (a, b) => power(numberOf(a), Math.trunc(numberOf(b))),
  '': (a, b) => textOf(a) + textOf(b),
};
/** From those that bind least; what is next to one another is joined. */
const LEVELS: readonly RegExp[] = [/^(?:<=|==|!=|>=|<|>)/, /^(?=[\w$"(.])(?!in\b)/, /^[-+](?![-+=])/, /^[*/%](?!=)/, /^\^(?!=)/];

/** Assignment, ?:, ||, &&, in, ~, and what binds more. */
export function expression(r: Reader): Expression {
  const left = either(r);
  if (left.set) {
    const { get, set } = left;
    const [operator] = eats(r, /^[-+*/%^]?=(?!=)/) ?? [];
    if (operator !== undefined) {
      const value = expression(r).get;
      const operation = operator === '=' ? undefined : OPERATIONS[operator];
      return {
        get: (memory) => {
          const result = operation ? operation(get(memory), value(memory)) : value(memory);
          set(memory, result);
          return result;
        },
      };
    }
  }
  if (eats(r, /^\?/) === undefined) return left;
  const then = expression(r).get;
  needs(r, /^:/);
  const other = expression(r).get;
  return { get: (memory) => (isTrue(left.get(memory)) ? then(memory) : other(memory)) };
}

function either(r: Reader): Expression {
  let left = both(r);
  while (eats(r, /^\|\|\s*/) !== undefined) {
    const [a, b] = [left.get, both(r).get];
    left = { get: (memory) => truth(isTrue(a(memory)) || isTrue(b(memory))) };
  }
  return left;
}
function both(r: Reader): Expression {
  let left = like(r);
  while (eats(r, /^&&\s*/) !== undefined) {
    const [a, b] = [left.get, like(r).get];
    left = { get: (memory) => truth(isTrue(a(memory)) && isTrue(b(memory))) };
  }
  return left;
}
function like(r: Reader): Expression {
  let left = level(r, 0);
  for (;;) {
    const array = eats(r, /^in\s+\w+/)?.replace(/^in\s+/, '');
    const operator = array === undefined ? eats(r, /^!?~/) : undefined;
    const { get } = left;
    if (array !== undefined) left = { get: (memory) => truth(arrayOf(memory, array).has(textOf(get(memory)))) };
    else if (operator === undefined) return left;
    else {
      const right = level(r, 0);
      left = { get: (memory) => truth(regexFor(right, memory).test(textOf(get(memory))) === (operator === '~')) };
    }
  }
}
function level(r: Reader, n: number): Expression {
  if (n === LEVELS.length) return unary(r);
  let left = level(r, n + 1);
  for (;;) {
    skip(r);
    if (n === 0 && r.isPrinting && r.text[r.at] === '>') return left;
    const operator = eats(r, LEVELS[n]);
    if (operator === undefined) return left;
    const [a, b, operation] = [left.get, level(r, n + 1).get, OPERATIONS[operator]];
    left = { get: (memory) => operation(a(memory), b(memory)) };
  }
}

function unary(r: Reader): Expression {
  const sign = eats(r, /^(?:\+\+|--|[-+!])/);
  if (sign === undefined) return counted(r);
  const operand = unary(r);
  if (sign === '++' || sign === '--') return { get: (memory) => changed(operand, memory, sign) };
  return {
    get: (memory) => (sign === '!' ? truth(!isTrue(operand.get(memory))) : numberOf(operand.get(memory)) * (sign === '-' ? -1 : 1)),
  };
}
const changed = ({ get, set }: Expression, memory: Memory, sign: string): number => {
  const value = numberOf(get(memory)) + (sign === '++' ? 1 : -1);
  set?.(memory, value);
  return value;
};
function counted(r: Reader): Expression {
  const operand = primary(r);
  const sign = operand.set ? eats(r, /^(?:\+\+|--)/) : undefined;
  if (sign === undefined) return operand;
  return { get: (memory) => changed(operand, memory, sign) - (sign === '++' ? 1 : -1) };
}

function primary(r: Reader): Expression {
  const number = eats(r, /^(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/i);
  if (number !== undefined) return { get: () => Number(number) };
  const text = eats(r, /^"(?:[^"\\]|\\[^])*"/);
  if (text !== undefined) return { get: () => unescaped(text.slice(1, -1)) };
  const pattern = eats(r, /^\/(?:[^/\\\n[]|\\.|\[\^?\]?[^\]]*\])*\//);
  if (pattern !== undefined) {
    const regex = regexOf(pattern.slice(1, -1).replaceAll('\\/', '/'), { isExtended: true });
    return { regex, get: ({ fields }) => truth(regex.test(fields[0])) };
  }
  if (eats(r, /^\$/) !== undefined) return field(unary(r).get);
  if (eats(r, /^\(/) !== undefined) {
    const was = r.isPrinting;
    r.isPrinting = false;
    const { get } = expression(r);
    r.isPrinting = was;
    needs(r, /^\)/);
    return { get };
  }
  const name = eats(r, /^[A-Za-z_]\w*/);
  if (name === undefined) {
    needs(r, /^(?!)/);
    return { get: () => '' };
  }
  if (FUNCTIONS[name] && (name === 'length' || r.text[r.at] === '(')) return applied(r, name);
  if (eats(r, /^\[/) !== undefined) {
    const key = index(r);
    return {
      get: (memory) => arrayOf(memory, name).get(key(memory)) ?? '',
      set: (memory, value) => arrayOf(memory, name).set(key(memory), value),
    };
  }
  return variable(name);
}

const variable = (name: string): Expression => ({
  get: ({ vars, fields }) => (name === 'NF' ? fields.length - 1 : (vars.get(name) ?? '')),
  set: (memory, value) => {
    if (name !== 'NF') memory.vars.set(name, value);
    else
      setFields(
        memory,
        Array.from({ length: numberOf(value) }, (_, i) => memory.fields[i + 1] ?? ''),
      );
  },
});
function applied(r: Reader, name: string): Expression {
  const words: Expression[] = [];
  if (eats(r, /^\(/) !== undefined && eats(r, /^\)/) === undefined) {
    do {
      const array = name === 'split' && words.length === 1 ? eats(r, /^\w+(?=\s*[,)])/) : undefined;
      words.push(array === undefined ? expression(r) : filling(array));
    } while (eats(r, /^,/) !== undefined);
    needs(r, /^\)/);
  }
  return { get: (memory) => FUNCTIONS[name](words, memory) };
}
/** What `split` sets: all of an array. */
const filling = (name: string): Expression => ({
  get: () => '',
  set: (memory, value) => {
    const parts = textOf(value);
    memory.arrays.set(name, new Map(parts === '' ? [] : parts.split('\0').map((part, i) => [String(i + 1), part])));
  },
});
