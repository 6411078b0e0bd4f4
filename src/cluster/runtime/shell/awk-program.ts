/** An awk program as what it does with a memory. Source: POSIX.1-2024, awk, Grammar. */
import { filled } from './awk-functions.ts';
import { arrayOf, isTrue, numberOf, textOf, type Get, type Memory, type Statement } from './awk-values.ts';
import { expression, index } from './awk-expressions.ts';
import { eats, gap, needs, skip, type Reader } from './awk-reader.ts';

export interface Rule {
  readonly when?: 'BEGIN' | 'END' | { readonly from: (memory: Memory) => boolean; readonly to?: (memory: Memory) => boolean };
  readonly does: Statement;
  isOpen?: boolean;
}

export function parseAwk(text: string): readonly Rule[] | string {
  const r: Reader = { text, at: 0 };
  const rules: Rule[] = [];
  for (gap(r); r.at < text.length && r.wrong === undefined; gap(r)) rules.push(rule(r));
  return r.wrong ?? rules;
}

function rule(r: Reader): Rule {
  const word = eats(r, /^(BEGIN|END)\b/);
  if (word === 'BEGIN' || word === 'END') return { when: word, does: block(r) };
  if (/^\s*\{/.test(r.text.slice(r.at))) return { does: block(r) };
  const condition = (): ((memory: Memory) => boolean) => {
    const { get } = expression(r);
    return (memory) => isTrue(get(memory));
  };
  const from = condition();
  const to = eats(r, /^,/) === undefined ? {} : { to: condition() };
  skip(r);
  return { when: { from, ...to }, does: r.text[r.at] === '{' ? block(r) : print([]) };
}

function block(r: Reader): Statement {
  needs(r, /^\{/);
  const all: Statement[] = [];
  for (gap(r); r.at < r.text.length && r.text[r.at] !== '}'; gap(r)) all.push(statement(r));
  needs(r, /^\}/);
  return (memory) => {
    for (const one of all) {
      const flow = one(memory);
      if (flow !== undefined) return flow;
    }
    return undefined;
  };
}

function statement(r: Reader): Statement {
  skip(r);
  if (r.text[r.at] === '{') return block(r);
  const word = eats(r, /^(if|while|for|print|printf|next|exit|break|continue|delete)\b/);
  switch (word) {
    case 'if':
      return choice(r);
    case 'while': {
      const condition = parenthesis(r);
      return loop(condition, body(r));
    }
    case 'for':
      return forLoop(r);
    case 'print':
    case 'printf': {
      const words = printed(r);
      return word === 'print' ? print(words) : (memory) => void (memory.out += filled(words, memory));
    }
    case 'next':
    case 'break':
    case 'continue':
      return () => word;
    case 'exit': {
      const status = /^[ \t]*[\d(]/.test(r.text.slice(r.at)) ? expression(r).get : undefined;
      return (memory) => {
        if (status) memory.status = numberOf(status(memory));
        return 'exit';
      };
    }
    case 'delete': {
      const name = eats(r, /^\w+/) ?? '';
      const key = eats(r, /^\[/) === undefined ? undefined : index(r);
      return (memory) => void (key ? arrayOf(memory, name).delete(key(memory)) : arrayOf(memory, name).clear());
    }
    default: {
      const { get } = expression(r);
      return (memory) => void get(memory);
    }
  }
}
const body = (r: Reader): Statement => {
  gapBefore(r);
  return statement(r);
};
const gapBefore = (r: Reader): void => {
  r.at += /^\s*/.exec(r.text.slice(r.at))?.[0].length ?? 0;
};

function parenthesis(r: Reader): Get {
  needs(r, /^\(/);
  const { get } = expression(r);
  needs(r, /^\)/);
  return get;
}

function choice(r: Reader): Statement {
  const condition = parenthesis(r);
  const then = body(r);
  const [before] = /^[\s;]*else\b/.exec(r.text.slice(r.at)) ?? [];
  r.at += before?.length ?? 0;
  const other = before === undefined ? undefined : body(r);
  return (memory) => (isTrue(condition(memory)) ? then(memory) : other?.(memory));
}

function loop(condition: Get | undefined, does: Statement, step?: Statement): Statement {
  return (memory) => {
    while (memory.left-- > 0 && (!condition || isTrue(condition(memory)))) {
      const flow = does(memory);
      if (flow === 'break') break;
      if (flow === 'next' || flow === 'exit') return flow;
      step?.(memory);
    }
    return undefined;
  };
}

/** for (NAME in ARRAY), for (…; …; …) */
function forLoop(r: Reader): Statement {
  const [all, name, array] = /^\s*\(\s*(\w+)\s+in\s+(\w+)\s*\)/.exec(r.text.slice(r.at)) ?? [];
  if (all !== undefined) {
    r.at += all.length;
    const does = body(r);
    return (memory) => {
      for (const key of arrayOf(memory, array).keys()) {
        memory.vars.set(name, key);
        const flow = does(memory);
        if (flow === 'break') break;
        if (flow === 'next' || flow === 'exit') return flow;
      }
      return undefined;
    };
  }
  needs(r, /^\(/);
  const first = eats(r, /^;/) === undefined ? statement(r) : undefined;
  if (first) needs(r, /^;/);
  const condition = eats(r, /^;/) === undefined ? expression(r).get : undefined;
  if (condition) needs(r, /^;/);
  const step = eats(r, /^\)/) === undefined ? statement(r) : undefined;
  if (step) needs(r, /^\)/);
  const turns = loop(condition, body(r), step);
  return (memory) => first?.(memory) ?? turns(memory);
}

/** The words behind print, in parentheses or not. */
function printed(r: Reader): readonly Get[] {
  r.isPrinting = true;
  const found: Get[] = [];
  if (!/^[ \t]*([\n;}]|$)/.test(r.text.slice(r.at)))
    do found.push(...group(r));
    while (eats(r, /^,/) !== undefined);
  r.isPrinting = false;
  if (eats(r, /^[>|]/) !== undefined) needs(r, /^(?!)/);
  return found;
}
/** `("%s\n", $1)` is a list, `(a) b` is not. */
function group(r: Reader): readonly Get[] {
  const was = r.at;
  if (eats(r, /^\(/) !== undefined) {
    const found: Get[] = [];
    do found.push(expression(r).get);
    while (eats(r, /^,/) !== undefined);
    if (eats(r, /^\)/) !== undefined && /^[ \t]*([\n;}]|$)/.test(r.text.slice(r.at))) return found;
    r.at = was;
  }
  return [expression(r).get];
}
const print =
  (words: readonly Get[]): Statement =>
  (memory) => {
    const [OFS, ORS] = ['OFS', 'ORS'].map((name) => textOf(memory.vars.get(name) ?? ''));
    memory.out += (words.length === 0 ? memory.fields[0] : words.map((get) => textOf(get(memory))).join(OFS)) + ORS;
    return undefined;
  };
