/** JSONPath templates → nodes. Upstream: client-go/util/jsonpath/parser.go (v1.36). Simplified: nothing. */

/** 'range' and 'end' are left to the reader of the nodes: upstream matches them as it goes. */
export type PathNode =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'value'; readonly value: number | boolean }
  | { readonly is: 'identifier'; readonly name: string }
  | { readonly is: 'field'; readonly name: string }
  | { readonly is: 'wildcard' }
  | { readonly is: 'recursive' }
  /** A single index has no colon. */
  | { readonly is: 'slice'; readonly from?: number; readonly to?: number; readonly step?: number; readonly isIndex: boolean }
  | { readonly is: 'filter'; readonly left: readonly PathNode[]; readonly operator: string; readonly right: readonly PathNode[] }
  | { readonly is: 'union'; readonly parts: readonly (readonly PathNode[])[] }
  | { readonly is: 'action'; readonly nodes: readonly PathNode[] };

/** Thrown inside this file and json-path.ts, and caught there. */
export class PathError extends Error {}

/** Text as it is, and what stands in braces as actions. */
export function parseTemplate(template: string): readonly PathNode[] {
  const nodes: PathNode[] = [];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf('{', at);
    if (open !== at) nodes.push({ is: 'text', text: template.slice(at, open < 0 ? undefined : open) });
    if (open < 0) break;
    const action = new Action(template, open + 1);
    nodes.push({ is: 'action', nodes: action.parse() });
    at = action.at;
  }
  return nodes;
}

const within = (text: string): readonly PathNode[] => new Action(`${text}}`, 0).parse();
const ENDS = /[\s.,[\]$@{}]/;
const UNESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

class Action {
  readonly #text: string;
  at: number;
  readonly #nodes: PathNode[] = [];
  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  /** Up to the brace that closes it. */
  parse(): readonly PathNode[] {
    for (;;) {
      const rest = this.#text.slice(this.at);
      const [c] = rest;
      if (c === '}') {
        this.at++;
        return this.#nodes;
      }
      if (rest === '' || c === '\n' || c === '\r') throw new PathError('unclosed action');
      if (rest.startsWith('[?(')) this.#filter();
      else if (rest.startsWith('..')) this.#recursive();
      else if (c === ' ' || c === '@' || c === '$') this.at++;
      else if (c === '[') this.#array();
      else if (c === '"' || c === "'") this.#quote(c);
      else if (c === '.') {
        this.at++;
        this.#field();
      } else if (/[+\-\d]/.test(c)) this.#number();
      else if (/[\p{L}_]/u.test(c)) this.#identifier();
      else
        throw new PathError(`unrecognized character in action: U+${rest.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')} '${c}'`);
    }
  }

  #recursive(): void {
    if (this.#nodes.at(-1)?.is === 'recursive') throw new PathError('invalid multiple recursive descent');
    this.at += 2;
    this.#nodes.push({ is: 'recursive' });
    if (/[\p{L}\d_]/u.test(this.#text[this.at] ?? '')) this.#field();
  }

  /** A backslash takes the next character as it is. */
  #field(): void {
    const from = this.at;
    while (this.at < this.#text.length && !ENDS.test(this.#text[this.at])) this.at += this.#text[this.at] === '\\' ? 2 : 1;
    const name = this.#text.slice(from, this.at);
    this.#nodes.push(name === '*' ? { is: 'wildcard' } : { is: 'field', name: name.replaceAll('\\', '') });
  }

  #identifier(): void {
    const name = /^[^\s.,[\]$@{}]+/.exec(this.#text.slice(this.at))?.[0] ?? '';
    this.at += name.length;
    this.#nodes.push(name === 'true' || name === 'false' ? { is: 'value', value: name === 'true' } : { is: 'identifier', name });
  }

  #number(): void {
    const text = /^[+-]?[\d.]*/.exec(this.#text.slice(this.at))?.[0] ?? '';
    this.at += text.length;
    if (text === '' || Number.isNaN(Number(text)) || /^[+-]$/.test(text)) throw new PathError(`cannot parse number ${text}`);
    this.#nodes.push({ is: 'value', value: Number(text) });
  }

  #quote(quote: string): void {
    const [all, inner] = new RegExp(`^${quote}((?:\\\\.|[^${quote}\\\\])*)${quote}`, 's').exec(this.#text.slice(this.at)) ?? [];
    if (all === undefined) throw new PathError('unterminated quoted string');
    this.at += all.length;
    this.#nodes.push({ is: 'text', text: inner.replace(/\\(.)/gs, (_m, c: string) => UNESCAPED[c] ?? c) });
  }

  /** What stands between the brackets. */
  #bracketed(open: string, close: string, error: string): string {
    const from = this.at + open.length;
    let quote = '';
    for (let i = from; i < this.#text.length; i++) {
      const c = this.#text[i];
      if (quote !== '') {
        if (c === quote) quote = '';
      } else if (c === '"' || c === "'") quote = c;
      else if (this.#text.startsWith(close, i)) {
        this.at = i + close.length;
        return this.#text.slice(from, i);
      }
    }
    throw new PathError(error);
  }

  #filter(): void {
    const text = this.#bracketed('[?(', ')]', 'unterminated filter');
    const [, left = text, operator = 'exists', right = ''] = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text) ?? [];
    this.#nodes.push({ is: 'filter', left: within(left), operator, right: operator === 'exists' ? [] : within(right) });
  }

  #array(): void {
    const text = this.#bracketed('[', ']', 'unterminated array').replace(/^\*$/, ':');
    const parts = text.split(',');
    if (parts.length > 1) {
      this.#nodes.push({ is: 'union', parts: parts.map((part) => within(`[${part.trim()}]`)) });
      return;
    }
    const key = /^'([^']*)'$/.exec(text)?.[1];
    if (key !== undefined) {
      this.#nodes.push(...within(`.${key}`));
      return;
    }
    const [, from, to, step] = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text) ?? [];
    if (from === undefined) throw new PathError(`invalid array index ${text}`);
    const number = (part: string | undefined): number | undefined => {
      const digits = (part ?? '').replace(':', '');
      return digits === '' ? undefined : Number(digits);
    };
    // Nothing between the brackets is the first: upstream's end is the number before it, here none, and one.
    this.#nodes.push({
      is: 'slice',
      isIndex: to === undefined,
      ...named('from', number(from) ?? (to === undefined ? 0 : undefined)),
      ...named('to', number(to)),
      ...named('step', number(step)),
    });
  }
}

const named = (name: string, value: number | undefined): Readonly<Record<string, number>> => (value === undefined ? {} : { [name]: value });
