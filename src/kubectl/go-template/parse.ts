/**
 * Go's templates → nodes. Upstream: Go's text/template/parse (lex.go, parse.go). Simplified: no complex numbers and no characters ('x');
 * of a line it is taken that it is the first, as it is on a command line.
 */
import { lex, type Token } from './lex.ts';

/** Where a node stands, for errors: bytes from the template's start. */
interface At { readonly at: number; /** As it is written in errors. */ readonly text: string }
export type Operand = At & (
  | { readonly is: 'dot' } | { readonly is: 'nil' } | { readonly is: 'bool'; readonly value: boolean } | { readonly is: 'string'; readonly value: string } | { readonly is: 'number'; readonly value: number; readonly isFloat: boolean }
  | { readonly is: 'field'; readonly names: readonly string[] } | { readonly is: 'variable'; readonly name: string; readonly names: readonly string[] } | { readonly is: 'function'; readonly name: string }
  | { readonly is: 'pipe'; readonly pipe: Pipe } | { readonly is: 'chain'; readonly of: Operand; readonly names: readonly string[] });
export interface Command extends At { readonly words: readonly Operand[] }
export interface Pipe extends At { readonly names: readonly string[]; readonly isAssigned: boolean; readonly commands: readonly Command[] }
export type Node =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'action'; readonly pipe: Pipe }
  | { readonly is: 'if' | 'range' | 'with'; readonly pipe: Pipe; readonly then: readonly Node[]; readonly otherwise: readonly Node[] }
  | { readonly is: 'break' | 'continue' }
  | ({ readonly is: 'template'; readonly name: string; readonly pipe?: Pipe } & At);
export interface Parsed { readonly nodes: readonly Node[]; readonly templates: ReadonlyMap<string, readonly Node[]> }

/** Thrown here and caught by whoever prints. */
export class TemplateError extends Error {}

export function parseTemplate(source: string, functions: ReadonlySet<string>): Parsed {
  const parser = new Parser(source, functions);
  const nodes = parser.list();
  return { nodes: nodes.nodes, templates: parser.templates };
}

type End = { readonly word: 'end' } | { readonly word: 'else'; readonly then?: 'if' | 'with' };

class Parser {
  readonly #tokens: readonly Token[];
  readonly #source: string;
  readonly #functions: ReadonlySet<string>;
  readonly templates = new Map<string, readonly Node[]>();
  #i = 0;
  #names: string[] = ['$'];
  #loops = 0;
  constructor(source: string, functions: ReadonlySet<string>) { this.#source = source; this.#functions = functions; this.#tokens = lex(source); }

  #fail(words: string): never { throw new TemplateError(words); }
  /** Errors of the reader come when it is their turn. */
  #peek(): Token { const token = this.#tokens[this.#i]; return token.is === 'error' ? this.#fail(token.text) : token; }
  #next(): Token { const token = this.#peek(); this.#i++; return token; }
  #take(is: Token['is'], text?: string): boolean { const token = this.#peek(); const fits = token.is === is && (text === undefined || token.text === text); if (fits) this.#i++; return fits; }

  /** Up to the {{end}} or {{else}} of what it stands in; at the top, to the end of the text. */
  list(isInside = false): { readonly nodes: readonly Node[]; readonly end?: End } {
    const nodes: Node[] = [];
    for (;;) {
      const token = this.#next();
      if (token.is === 'end of text') return isInside ? this.#fail('unexpected EOF') : { nodes };
      if (token.is === 'text') { if (token.text !== '') nodes.push({ is: 'text', text: token.text }); continue; }
      const found = this.#action();
      if (!found) continue;
      if (!('word' in found)) nodes.push(found);
      else if (isInside) return { nodes, end: found };
      else this.#fail(`unexpected {{${found.word}}}`);
    }
  }

  /** What stands after a '{{'. */
  #action(): Node | End | undefined {
    const token = this.#peek();
    if (token.is === 'close' && token.isComment) { this.#i++; return undefined; }
    if (token.is !== 'word') return { is: 'action', pipe: this.#pipe('command') };
    switch (token.text) {
      case 'if': case 'with': case 'range': this.#i++; return this.#control(token.text);
      case 'end': this.#i++; this.#close('end'); return { word: 'end' };
      case 'else': {
        this.#i++;
        const then = this.#peek();
        if (then.is === 'word' && (then.text === 'if' || then.text === 'with')) { this.#i++; return { word: 'else', then: then.text }; }
        this.#close('else');
        return { word: 'else' };
      }
      case 'break': case 'continue': this.#i++; this.#close(token.text); return this.#loops === 0 ? this.#fail(`{{${token.text}}} outside {{range}}`) : { is: token.text };
      case 'define': { this.#i++; const name = this.#string('define clause'); this.#close('define clause'); this.#body(name); return undefined; }
      case 'block': { this.#i++; const name = this.#string('block clause'); const pipe = this.#pipe('block clause'); this.#body(name); return { is: 'template', name, pipe, at: token.at, text: `{{template ${JSON.stringify(name)} ${pipe.text}}}` }; }
      case 'template': {
        this.#i++;
        const at = this.#peek().at;
        const name = this.#string('template clause');
        if (this.#take('close')) return { is: 'template', name, at, text: `{{template ${JSON.stringify(name)}}}` };
        const pipe = this.#pipe('template clause');
        return { is: 'template', name, pipe, at, text: `{{template ${JSON.stringify(name)} ${pipe.text}}}` };
      }
      default: return { is: 'action', pipe: this.#pipe('command') };
    }
  }

  #close(where: string): void { const token = this.#peek(); if (!this.#take('close')) this.#fail(`unexpected ${told(token)} in ${where}`); }
  #string(where: string): string { const token = this.#next(); return token.is === 'string' ? (token.value ?? '') : this.#fail(`unexpected ${told(token)} in ${where}`); }
  #body(name: string): void {
    const names = this.#names;
    this.#names = ['$'];
    const { nodes, end } = this.list(true);
    if (end?.word !== 'end') this.#fail(`unexpected {{${end?.word}}} in define clause`);
    this.#names = names;
    this.templates.set(name, nodes);
  }

  #control(is: 'if' | 'range' | 'with'): Node {
    const outer = [...this.#names];
    const pipe = this.#pipe(is);
    if (is === 'range') this.#loops++;
    const { nodes: then, end } = this.list(true);
    if (is === 'range') this.#loops--;
    let otherwise: readonly Node[] = [];
    if (end?.word === 'else' && end.then) otherwise = [this.#control(end.then)];
    else if (end?.word === 'else') { const rest = this.list(true); if (rest.end?.word === 'else') this.#fail(`expected end; found {{else}}`); otherwise = rest.nodes; }
    this.#names = outer;
    return { is, pipe, then, otherwise };
  }

  #pipe(where: string, closes: 'close' | ')' = 'close'): Pipe {
    const start = this.#peek().at;
    const { names, isAssigned } = this.#declared(where);
    const commands: Command[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.is === closes) {
        const end = token.at;
        this.#i++;
        if (commands.length === 0) this.#fail(`missing value for ${where}`);
        if (!isAssigned) this.#names.push(...names);
        const late = commands.slice(1).find((c) => ['bool', 'dot', 'nil', 'number', 'string'].includes(c.words[0].is));
        if (late) this.#fail(`non executable command in pipeline stage ${commands.indexOf(late) + 1}`);
        return { at: start, text: this.#source.slice(start, end).replace(/\s*-?$/, ''), names, isAssigned, commands };
      }
      commands.push(this.#command(where));
    }
  }

  /** '$x :=', '$i, $x :=' or '$x ='. */
  #declared(where: string): { readonly names: readonly string[]; readonly isAssigned: boolean } {
    const none = { names: [], isAssigned: false };
    const [first, second, third, fourth] = [0, 1, 2, 3].map((k) => this.#tokens[this.#i + k]);
    if (first.is !== 'variable') return none;
    if (second?.is === 'declare') {
      this.#i += 2;
      return { names: [first.text], isAssigned: second.text === '=' };
    }
    if (second?.is === ',' && third?.is === 'variable' && fourth?.is === 'declare') {
      if (where !== 'range') this.#fail(`too many declarations in ${where}`);
      this.#i += 4;
      return { names: [first.text, third.text], isAssigned: fourth.text === '=' };
    }
    return none;
  }

  #command(where: string): Command {
    const { at } = this.#peek();
    const words: Operand[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.is === 'close' || token.is === ')') break;
      if (token.is === '|') { this.#i++; if (words.length === 0) this.#fail('empty command'); break; }
      words.push(this.#operand(words.length === 0 ? where : 'operand'));
    }
    if (words.length === 0) this.#fail('empty command');
    return { at, words, text: words.map((word) => (word.is === 'pipe' ? `(${word.pipe.text})` : word.text)).join(' ') };
  }

  #operand(where: string): Operand {
    const token = this.#next();
    const { at, text } = token;
    const base = { at, text };
    switch (token.is) {
      case 'string': return { ...base, is: 'string', value: token.value ?? '' };
      case 'number': return { ...base, is: 'number', value: Number(token.value), isFloat: token.isFloat ?? false };
      case 'field': return { ...base, is: 'field', names: text.slice(1).split('.') };
      case '.': return { ...base, is: 'dot' };
      case 'variable': {
        const [name, ...names] = text.split('.');
        return this.#names.includes(name) ? { ...base, is: 'variable', name, names } : this.#fail(`undefined variable ${JSON.stringify(name)}`);
      }
      case '(': {
        const pipe = this.#pipe('parenthesized pipeline', ')');
        const inner: Operand = { ...base, is: 'pipe', pipe, text: `(${pipe.text})` };
        const after = this.#peek();
        if (after.is !== 'field' || after.isApart) return inner;
        this.#i++;
        return { at: after.at, text: inner.text + after.text, is: 'chain', of: inner, names: after.text.slice(1).split('.') };
      }
      case 'word':
        if (text === 'true' || text === 'false') return { ...base, is: 'bool', value: text === 'true' };
        if (text === 'nil') return { ...base, is: 'nil' };
        return this.#functions.has(text) ? { ...base, is: 'function', name: text } : this.#fail(`function ${JSON.stringify(text)} not defined`);
      default: return this.#fail(`unexpected ${told(token)} in ${where}`);
    }
  }
}

const KEYWORDS: readonly string[] = ['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'nil', 'template', 'with'];
const told = ({ is, text }: Token): string => (is === 'end of text' ? 'EOF' : is === 'word' && KEYWORDS.includes(text) ? `<${text}>` : text.length > 10 ? `${JSON.stringify(text.slice(0, 10))}...` : JSON.stringify(text));
