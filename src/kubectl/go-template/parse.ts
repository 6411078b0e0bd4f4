/**
 * Go's templates → nodes. Upstream: Go's text/template/parse (lex.go, parse.go). Simplified: no complex numbers.
 */
import { lex, numberOfWord, unquoted, type Token } from './lex.ts';

/** Where a node stands, for errors: bytes from the template's start. */
interface At {
  readonly at: number;
  /** As it is written in errors. */
  readonly text: string;
}
export type Operand = At &
  (
    | { readonly is: 'dot' }
    | { readonly is: 'nil' }
    | { readonly is: 'bool'; readonly value: boolean }
    | { readonly is: 'string'; readonly value: string }
    | { readonly is: 'number'; readonly value: number; readonly isFloat: boolean }
    | { readonly is: 'field'; readonly names: readonly string[] }
    | { readonly is: 'variable'; readonly name: string; readonly names: readonly string[] }
    | { readonly is: 'function'; readonly name: string }
    | { readonly is: 'pipe'; readonly pipe: Pipe }
    | { readonly is: 'chain'; readonly of: Operand; readonly names: readonly string[] }
  );
export interface Command extends At {
  readonly words: readonly Operand[];
}
export interface Pipe extends At {
  readonly names: readonly string[];
  readonly isAssigned: boolean;
  readonly commands: readonly Command[];
}
export type Node =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'action'; readonly pipe: Pipe }
  | { readonly is: 'if' | 'range' | 'with'; readonly pipe: Pipe; readonly then: readonly Node[]; readonly otherwise: readonly Node[] }
  | { readonly is: 'break' | 'continue' }
  | ({ readonly is: 'template'; readonly name: string; readonly pipe?: Pipe } & At);
export interface Parsed {
  readonly nodes: readonly Node[];
  readonly templates: ReadonlyMap<string, readonly Node[]>;
}

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
  /** The last that was looked at, which errors name the line of. */
  #seen = 0;
  #names: string[] = ['$'];
  #loops = 0;
  /** Of the action that is read. */
  #line = 0;
  constructor(source: string, functions: ReadonlySet<string>) {
    this.#source = source;
    this.#functions = functions;
    this.#tokens = lex(source);
  }

  #lineOf(at: number): number {
    return this.#source.slice(0, at).split('\n').length;
  }
  #fail(words: string): never {
    throw new TemplateError(`template: output:${this.#lineOf(this.#tokens[this.#seen].at)}: ${words}`);
  }
  #unexpected(token: Token, where: string): never {
    if (token.is !== 'error') return this.#fail(`unexpected ${told(token)} in ${where}`);
    const extra = this.#line !== 0 && this.#line !== this.#lineOf(token.at) ? ` in action started at output:${this.#line}` : '';
    return this.#fail(token.text + (token.text.endsWith(' action') ? extra.slice(10) : extra));
  }
  /** Errors of the reader come when it is their turn. */
  #peek(): Token {
    this.#seen = Math.max(this.#seen, this.#i);
    const token = this.#tokens[this.#i];
    return token.is === 'error' ? this.#unexpected(token, 'input') : token;
  }
  #next(): Token {
    const token = this.#peek();
    this.#i++;
    return token;
  }
  #take(is: Token['is'], text?: string): boolean {
    const token = this.#peek();
    const fits = token.is === is && (text === undefined || token.text === text);
    if (fits) this.#i++;
    return fits;
  }

  /** Up to the {{end}} or {{else}} of what it stands in; at the top, to the end of the text. */
  list(isInside = false): { readonly nodes: readonly Node[]; readonly end?: End } {
    const nodes: Node[] = [];
    for (;;) {
      const token = this.#next();
      if (token.is === 'end of text') return isInside ? this.#fail('unexpected EOF') : { nodes };
      if (token.is === 'text') {
        if (token.text !== '') nodes.push({ is: 'text', text: token.text });
        continue;
      }
      this.#line = this.#lineOf(token.at);
      const found = this.#action(isInside);
      this.#line = 0;
      if (!found) continue;
      if (!('word' in found)) nodes.push(found);
      else if (isInside) return { nodes, end: found };
      else this.#fail(`unexpected {{${found.word}}}`);
    }
  }

  /** What stands after a '{{'. */
  #action(isInside: boolean): Node | End | undefined {
    const token = this.#peek();
    if (token.is === 'close' && token.isComment) {
      this.#i++;
      return undefined;
    }
    if (token.is !== 'word') return { is: 'action', pipe: this.#pipe('command') };
    switch (token.text) {
      case 'if':
      case 'with':
      case 'range':
        this.#i++;
        return this.#control(token.text);
      case 'end':
        this.#i++;
        this.#close('end');
        return { word: 'end' };
      case 'else': {
        this.#i++;
        const then = this.#peek();
        if (then.is === 'word' && (then.text === 'if' || then.text === 'with')) {
          this.#i++;
          return { word: 'else', then: then.text };
        }
        this.#close('else');
        return { word: 'else' };
      }
      case 'break':
      case 'continue':
        this.#i++;
        this.#close(`{{${token.text}}}`);
        return this.#loops === 0 ? this.#fail(`{{${token.text}}} outside {{range}}`) : { is: token.text };
      case 'define': {
        if (isInside) return { is: 'action', pipe: this.#pipe('command') };
        this.#i++;
        const name = this.#string('define clause');
        this.#close('define clause');
        this.#body(name, 'define clause');
        return undefined;
      }
      case 'block': {
        this.#i++;
        const { at } = this.#peek();
        const name = this.#string('block clause');
        const pipe = this.#pipe('block clause');
        this.#body(name, 'block clause');
        return { is: 'template', name, pipe, at, text: `{{template ${JSON.stringify(name)} ${pipe.text}}}` };
      }
      case 'template': {
        this.#i++;
        const at = this.#peek().at;
        const name = this.#string('template clause');
        if (this.#take('close')) return { is: 'template', name, at, text: `{{template ${JSON.stringify(name)}}}` };
        const pipe = this.#pipe('template clause');
        return { is: 'template', name, pipe, at, text: `{{template ${JSON.stringify(name)} ${pipe.text}}}` };
      }
      default:
        return { is: 'action', pipe: this.#pipe('command') };
    }
  }

  #close(where: string): void {
    const token = this.#peek();
    if (!this.#take('close')) this.#unexpected(token, where);
  }
  #string(where: string): string {
    const token = this.#next();
    return token.is === 'string' ? (token.value ?? this.#fail('invalid syntax')) : this.#unexpected(token, where);
  }
  #body(name: string, where: string): void {
    const names = this.#names;
    this.#names = ['$'];
    const { nodes, end } = this.list(true);
    if (end?.word !== 'end') this.#fail(`unexpected {{${end?.word}}} in ${where}`);
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
    if (end?.word === 'else' && end.then && end.then !== is) this.#fail(`unexpected <${end.then}> in input`);
    if (end?.word === 'else' && end.then) otherwise = [this.#control(end.then)];
    else if (end?.word === 'else') {
      const rest = this.list(true);
      if (rest.end?.word === 'else') this.#fail(`expected end; found {{else}}`);
      otherwise = rest.nodes;
    }
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
        this.#i++;
        if (commands.length === 0) this.#fail(`missing value for ${where}`);
        const late = commands.slice(1).find((c) => ['bool', 'dot', 'nil', 'number', 'string'].includes(c.words[0].is));
        if (late) this.#fail(`non executable command in pipeline stage ${commands.indexOf(late) + 1}`);
        return {
          at: start,
          text: `${names.length > 0 ? `${names.join(', ')} ${isAssigned ? '=' : ':='} ` : ''}${commands.map((c) => c.text).join(' | ')}`,
          names,
          isAssigned,
          commands,
        };
      }
      if (!BEGINS.has(token.is) || KEYWORDS.includes(token.text)) this.#unexpected(token, where);
      commands.push(this.#command());
    }
  }

  /** '$x :=', '$i, $x :=' or '$x ='. From here on they are known. */
  #declared(where: string): { readonly names: readonly string[]; readonly isAssigned: boolean } {
    const names: string[] = [];
    for (;;) {
      const [first, second] = [this.#tokens[this.#i], this.#tokens[this.#i + 1]];
      if (first.is !== 'variable' || (second.is !== 'declare' && second.is !== ',')) return { names, isAssigned: false };
      this.#i += 2;
      names.push(first.text);
      this.#names.push(first.text);
      if (second.is === 'declare') return { names, isAssigned: second.text === '=' };
      if (where !== 'range' || names.length > 1) this.#fail(`too many declarations in ${where}`);
      if (!['variable', 'close', ')'].includes(this.#peek().is)) this.#fail('range can only initialize variables');
    }
  }

  #command(): Command {
    const { at } = this.#peek();
    const words: Operand[] = [];
    for (;;) {
      const word = this.#operand();
      if (word) words.push(word);
      const token = this.#peek();
      if (token.is === 'close' || token.is === ')') break;
      if (token.is === '|') {
        this.#i++;
        break;
      }
      if (!word || token.isApart !== true) this.#unexpected(token, 'operand');
    }
    if (words.length === 0) this.#fail('empty command');
    return { at, words, text: words.map((word) => word.text).join(' ') };
  }

  /** A term and the fields right behind it; undefined when nothing of the kind is there. */
  #operand(): Operand | undefined {
    const term = this.#term();
    const after = this.#tokens[this.#i];
    if (!term || after.is !== 'field' || after.isApart) return term;
    this.#i++;
    if (['bool', 'string', 'number', 'nil', 'dot'].includes(term.is)) this.#fail(`unexpected . after term ${JSON.stringify(term.text)}`);
    return { at: after.at, text: term.text + after.text, is: 'chain', of: term, names: after.text.slice(1).split('.') };
  }

  #term(): Operand | undefined {
    const token = this.#next();
    const { at, text } = token;
    const base = { at, text };
    switch (token.is) {
      case 'string':
        return { ...base, is: 'string', value: token.value ?? this.#fail('invalid syntax') };
      case 'number': {
        const number = numberOfWord(text);
        return 'error' in number ? this.#fail(number.error) : { ...base, is: 'number', ...number };
      }
      case 'character': {
        const points = [...(unquoted(text) ?? '')];
        return points.length === 1
          ? { ...base, is: 'number', value: points[0].codePointAt(0) ?? 0, isFloat: false }
          : this.#fail(points.length === 0 ? 'invalid syntax' : `malformed character constant: ${text}`);
      }
      case 'field': {
        const names = text.slice(1).split('.');
        return { text, at: names.length > 1 ? at + names[0].length + 1 : at, is: 'field', names };
      }
      case '.':
        return { ...base, is: 'dot' };
      case 'variable': {
        const [name, ...names] = text.split('.');
        return this.#names.includes(name)
          ? { text, at: names.length > 0 ? at + name.length : at, is: 'variable', name, names }
          : this.#fail(`undefined variable ${JSON.stringify(name)}`);
      }
      case '(': {
        const pipe = this.#pipe('parenthesized pipeline', ')');
        return { at: pipe.at, is: 'pipe', pipe, text: `(${pipe.text})` };
      }
      case 'word':
        if (KEYWORDS.includes(text) && text !== 'nil') break;
        if (text === 'true' || text === 'false') return { ...base, is: 'bool', value: text === 'true' };
        if (text === 'nil') return { ...base, is: 'nil' };
        return this.#functions.has(text)
          ? { ...base, is: 'function', name: text }
          : this.#fail(`function ${JSON.stringify(text)} not defined`);
      default:
        break;
    }
    this.#i--;
    return undefined;
  }
}

/** What a command can begin with. */
const BEGINS: ReadonlySet<Token['is']> = new Set(['string', 'number', 'character', 'field', '.', 'variable', '(', 'word']);
const KEYWORDS: readonly string[] = ['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with'];
/** Of a chain, its first name: Go reads one at a time. */
const firstOf = ({ is, text }: Token): string =>
  is === 'field' || is === 'variable' ? text.slice(0, text.indexOf('.', 1) < 0 ? undefined : text.indexOf('.', 1)) : text;
const told = (token: Token): string => {
  const [is, text] = [token.is, firstOf(token)];
  return is === 'end of text'
    ? 'EOF'
    : is === '.' || (is === 'word' && (KEYWORDS.includes(text) || text === 'nil'))
      ? `<${text}>`
      : [...text].length > 10
        ? `${JSON.stringify([...text].slice(0, 10).join(''))}...`
        : JSON.stringify(text);
};
