/** A shell script as a tree of commands. Source: POSIX.1-2024, 2.10 Shell Grammar. */
import { OPERATORS, tokens, type Lack, type Source, type Token } from './tokens.ts';

/** A file, or the stream that the command had at first. */
export type Target = { readonly file: string; readonly appends: boolean } | 'stdout' | 'stderr';
/** Where what a command prints and its complaints go, and where its input comes from. */
export interface Redirection {
  readonly out: Target;
  readonly err: Target;
  readonly from?: Source;
}

/** Words are as they were written, quotes and all. */
export type Command = { readonly redirection?: Redirection } & (
  | { readonly kind: 'simple'; readonly words: readonly string[] }
  | { readonly kind: 'group' | 'aside'; readonly body: readonly Command[] }
  | { readonly kind: 'not'; readonly of: Command }
  /** `rest`: each is done where what came before it went well, or did not. */
  | { readonly kind: 'and-or'; readonly first: Command; readonly rest: readonly { readonly isOk: boolean; readonly then: Command }[] }
  /** A subshell is a pipe with one part. */
  | { readonly kind: 'pipe'; readonly parts: readonly (readonly Command[])[] }
  | { readonly kind: 'loop'; readonly isOk: boolean; readonly condition: readonly Command[]; readonly body: readonly Command[] }
  | { readonly kind: 'for'; readonly name: string; readonly words: readonly string[]; readonly body: readonly Command[] }
  | { readonly kind: 'if'; readonly condition: readonly Command[]; readonly then: readonly Command[]; readonly other: readonly Command[] }
  | { readonly kind: 'case'; readonly word: string; readonly arms: readonly Arm[] }
  | { readonly kind: 'function'; readonly name: string; readonly body: Command }
);
export interface Arm {
  readonly patterns: readonly string[];
  readonly body: readonly Command[];
}

interface Reader extends Lack {
  readonly tokens: readonly Token[];
  at: number;
  /** What stands where a command should. */
  unexpected?: string;
}

/** Words that only end something. */
const CLOSING = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}', ')', '&&', '||', '|', ';;']);

export const parse = (script: string): readonly Command[] => read(readerOf(script));

/** What is wrong with a script that somebody types, or is still to come: a shell's complaint when nothing does. Simplified: no other shell complains. */
export function faultOf(script: string): { readonly text: string; readonly isOpen: boolean } | undefined {
  const r = readerOf(script);
  read(r);
  if (r.unexpected !== undefined) return { text: `unexpected "${r.unexpected}"`, isOpen: false };
  return r.lacks === undefined ? undefined : { text: r.lacks || 'unexpected end of file', isOpen: true };
}

function readerOf(script: string): Reader {
  const lack: Lack = {};
  return { tokens: tokens(script, lack), at: 0, ...lack };
}

function read(r: Reader): readonly Command[] {
  const found: Command[] = [];
  while (r.at < r.tokens.length) {
    found.push(...list(r, []));
    if (r.at < r.tokens.length) r.unexpected ??= wordAt(r);
    r.at++;
  }
  return found;
}

const wordAt = ({ tokens: all, at }: Reader): string => {
  const token = all[at];
  return typeof token === 'string' ? token : '';
};
const skipLines = (r: Reader): void => {
  while (r.tokens[r.at] === ';') r.at++;
};
/** Whether the word is the next; it is read then. */
const reads = (r: Reader, word: string): boolean => {
  if (r.tokens[r.at] !== word) return false;
  r.at++;
  return true;
};

/** Commands until one of the closing words, which is left to be read. */
function list(r: Reader, until: readonly string[]): readonly Command[] {
  const found: Command[] = [];
  while (r.at < r.tokens.length) {
    const token = r.tokens[r.at];
    if (token === ';' || token === '&' || (token === ';;' && !until.includes(';;'))) r.at++;
    else if (typeof token === 'string' && (until.includes(token) || token === ')')) break;
    else {
      const command = andOr(r);
      found.push(reads(r, '&') ? { kind: 'aside', body: [command] } : command);
    }
  }
  return found;
}

/** Reads a word that has to be there. */
function expect(r: Reader, word: string): void {
  if (r.at >= r.tokens.length) r.lacks ??= `unexpected end of file (expecting "${word}")`;
  else if (r.tokens[r.at] !== word) r.unexpected ??= wordAt(r);
  r.at++;
}
/** Goes on in the next line, if there is one. */
function goOn(r: Reader): void {
  skipLines(r);
  if (r.at >= r.tokens.length) r.lacks ??= '';
}

/** Commands between two words. */
function between(r: Reader, close: string): readonly Command[] {
  const body = list(r, [close]);
  expect(r, close);
  return body;
}

function andOr(r: Reader): Command {
  const first = pipe(r);
  const rest: { readonly isOk: boolean; readonly then: Command }[] = [];
  while (r.tokens[r.at] === '&&' || r.tokens[r.at] === '||') {
    const isOk = r.tokens[r.at++] === '&&';
    goOn(r);
    rest.push({ isOk, then: pipe(r) });
  }
  return rest.length === 0 ? first : { kind: 'and-or', first, rest };
}

function pipe(r: Reader): Command {
  if (reads(r, '!')) return { kind: 'not', of: pipe(r) };
  const parts = [command(r)];
  while (reads(r, '|')) {
    goOn(r);
    parts.push(command(r));
  }
  return parts.length === 1 ? parts[0] : { kind: 'pipe', parts: parts.map((part) => [part]) };
}

function command(r: Reader): Command {
  const compound = COMPOUND.get(wordAt(r));
  if (CLOSING.has(wordAt(r))) r.unexpected ??= wordAt(r);
  if (r.tokens[r.at + 1] === '(' && r.tokens[r.at + 2] === ')') return define(r);
  if (!compound) {
    const { words, ...redirection } = redirections(r, (word) => !OPERATORS.includes(word));
    return { kind: 'simple', words, ...redirected(redirection) };
  }
  r.at++;
  const read = compound(r);
  const { words: _none, ...redirection } = redirections(r, () => false);
  return { ...read, ...redirected(redirection) };
}

const redirected = (redirection: Redirection): { readonly redirection?: Redirection } =>
  redirection.out === 'stdout' && redirection.err === 'stderr' && !redirection.from ? {} : { redirection };

/** NAME() { … } */
function define(r: Reader): Command {
  const name = wordAt(r);
  r.at += 3;
  goOn(r);
  return { kind: 'function', name, body: command(r) };
}

const COMPOUND: ReadonlyMap<string, (r: Reader) => Command> = new Map([
  ['while', (r: Reader) => loop(r, true)],
  ['until', (r: Reader) => loop(r, false)],
  ['for', forEach],
  ['if', condition],
  ['case', choice],
  ['{', (r: Reader): Command => ({ kind: 'group', body: between(r, '}') })],
  ['(', (r: Reader): Command => ({ kind: 'pipe', parts: [between(r, ')')] })],
]);

const loop = (r: Reader, isOk: boolean): Command => ({ kind: 'loop', isOk, condition: between(r, 'do'), body: between(r, 'done') });

function forEach(r: Reader): Command {
  const name = wordAt(r);
  const words: string[] = [];
  r.at++;
  skipLines(r);
  if (!reads(r, 'in')) words.push('"$@"');
  else for (; r.at < r.tokens.length && r.tokens[r.at] !== ';'; r.at++) words.push(wordAt(r));
  between(r, 'do');
  return { kind: 'for', name, words, body: between(r, 'done') };
}

function condition(r: Reader): Command {
  const [asked, then] = [between(r, 'then'), list(r, ['else', 'elif', 'fi'])];
  const next = r.tokens[r.at];
  if (next === 'elif' || next === 'else') r.at++;
  else expect(r, 'fi');
  return { kind: 'if', condition: asked, then, other: next === 'elif' ? [condition(r)] : next === 'else' ? between(r, 'fi') : [] };
}

/** case WORD in PATTERN|PATTERN) … ;; … esac */
function choice(r: Reader): Command {
  const word = wordAt(r);
  const arms: Arm[] = [];
  r.at++;
  skipLines(r);
  reads(r, 'in');
  for (skipLines(r); r.at < r.tokens.length && !reads(r, 'esac'); skipLines(r)) {
    const patterns: string[] = [];
    for (; r.at < r.tokens.length && !reads(r, ')'); r.at++) if (!/^[(|]$/.test(wordAt(r))) patterns.push(wordAt(r));
    arms.push({ patterns, body: list(r, [';;', 'esac']) });
    reads(r, ';;');
  }
  if (r.tokens[r.at - 1] !== 'esac') r.lacks ??= 'unexpected end of file (expecting "esac")';
  return { kind: 'case', word, arms };
}

const REDIRECTION = /^(2|&)?(>{1,2})(&[12]$)?/;

/** Reads redirections, and words among them for as long as they are wanted. */
function redirections(r: Reader, isWanted: (word: string) => boolean): Redirection & { readonly words: readonly string[] } {
  const words: string[] = [];
  let [out, err]: [Target, Target] = ['stdout', 'stderr'];
  let from: Source | undefined;
  for (; r.at < r.tokens.length; r.at++) {
    const token = r.tokens[r.at];
    if (typeof token !== 'string') {
      ({ from } = token);
      continue;
    }
    const [whole, which, arrow, stream] = REDIRECTION.exec(token) ?? [];
    if (whole === undefined && !isWanted(token)) break;
    if (whole === undefined) {
      words.push(token);
      continue;
    }
    const target: Target = stream === '&1' ? out : stream === '&2' ? err : { file: token.slice(whole.length), appends: arrow === '>>' };
    if (which !== '2') out = target;
    if (which !== undefined) err = target;
  }
  return { out, err, words, ...(from ? { from } : {}) };
}
