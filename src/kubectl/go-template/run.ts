/** Carries a template out. Upstream: Go's text/template/exec.go; missing keys are allowed, as kubectl has it. */
import { isList, isRecord, own } from '../../api/machinery/patch/values.ts';
import { assertNever } from '../../lib/assert.ts';
import { bytesOf } from '../../lib/utf8.ts';
import { CallError, functions } from './functions.ts';
import { TemplateError, type Command, type Node, type Operand, type Parsed, type Pipe } from './parse.ts';
import { bare, GoNumber, Held, isTrue, keysOf, kindOf, numberOf, textOf, typeOf } from './value.ts';

interface Variable {
  readonly name: string;
  value: unknown;
}
/** `looked`: what was looked at last, which errors name. */
interface Frame {
  readonly source: string;
  readonly name: string;
  readonly templates: Parsed['templates'];
  /** What is printed so far. */
  readonly out: string[];
  readonly variables: Variable[];
  looked: { readonly at: number; readonly text: string };
}
/** How a list of nodes ended. */
type Left = 'break' | 'continue' | undefined;
/** What a command gets from the one before it in its pipe. */
interface Piped {
  readonly value: unknown;
}

/** Go has 100000. */
const MOST_DEPTH = 1000;
/** More rounds would keep the whole page waiting; Go has no limit. */
const MOST_ROUNDS = 1_000_000;

/** What was printed, and the error that ended it, if one did. */
export function runTemplate(source: string, parsed: Parsed, data: unknown): { readonly out: string; readonly error?: string } {
  const frame: Frame = {
    source,
    name: 'output',
    templates: parsed.templates,
    out: [],
    variables: [{ name: '$', value: data }],
    looked: { at: 0, text: '' },
  };
  try {
    walk(frame, parsed.nodes, data, 0);
  } catch (error) {
    if (error instanceof TemplateError) return { out: frame.out.join(''), error: error.message };
    throw error;
  }
  return { out: frame.out.join('') };
}

function fail(frame: Frame, words: string): never {
  const { at, text } = frame.looked;
  const before = frame.source.slice(0, at).split('\n');
  throw new TemplateError(
    `template: output:${before.length}:${bytesOf(before[before.length - 1]).length}: executing ${JSON.stringify(frame.name)} at <${text}>: ${words}`,
  );
}

function walk(frame: Frame, nodes: readonly Node[], dot: unknown, depth: number): Left {
  for (const node of nodes) {
    const known = frame.variables.length;
    switch (node.is) {
      case 'text':
        frame.out.push(node.text);
        break;
      case 'action': {
        const value = piped(frame, node.pipe, dot);
        if (node.pipe.names.length === 0) frame.out.push(textOf(value));
        break;
      }
      case 'if':
      case 'with': {
        const value = piped(frame, node.pipe, dot);
        const left = isTrue(value)
          ? walk(frame, node.then, node.is === 'with' ? value : dot, depth)
          : walk(frame, node.otherwise, dot, depth);
        frame.variables.length = known;
        if (left) return left;
        break;
      }
      case 'range': {
        const left = ranged(frame, node, dot, depth);
        frame.variables.length = known;
        if (left) return left;
        break;
      }
      case 'break':
      case 'continue':
        return node.is;
      case 'template': {
        frame.looked = node;
        const nested = frame.templates.get(node.name);
        if (!nested) fail(frame, `template ${JSON.stringify(node.name)} not defined`);
        if (depth >= MOST_DEPTH) fail(frame, 'exceeded maximum template depth (100000)');
        const value = node.pipe && piped(frame, node.pipe, dot);
        walk({ ...frame, name: node.name, variables: [{ name: '$', value }] }, nested ?? [], value, depth + 1);
        break;
      }
      default:
        assertNever(node);
    }
  }
  return undefined;
}

function ranged(frame: Frame, node: Extract<Node, { readonly is: 'if' | 'range' | 'with' }>, dot: unknown, depth: number): Left {
  const { pipe } = node;
  const value = piped(frame, pipe, dot);
  if (kindOf(value) === 'int' && pipe.names.length > 1) fail(frame, `can't use ${textOf(value)} to iterate over more than one variable`);
  const entries = entriesOf(value);
  if (!entries) return fail(frame, `range can't iterate over ${textOf(value)}`);
  if (entries.length === 0) return walk(frame, node.otherwise, dot, depth);
  if (entries.length > MOST_ROUNDS) fail(frame, `more than ${MOST_ROUNDS} rounds`);
  const known = frame.variables.length;
  const own_ = frame.variables.slice(known - pipe.names.length);
  for (const [key, member] of entries) {
    const given = pipe.names.length === 2 ? [key, member] : [member];
    pipe.names.forEach((name, i) => {
      if (pipe.isAssigned) assign(frame, name, given[i]);
      else own_[i].value = given[i];
    });
    const left = walk(frame, node.then, member, depth);
    frame.variables.length = known;
    if (left === 'break') break;
  }
  return undefined;
}

/** Since Go 1.24 a number is iterated over too. */
function entriesOf(value: unknown): readonly (readonly [unknown, unknown])[] | undefined {
  switch (kindOf(value)) {
    case 'none':
      return [];
    case 'list':
      return (value as readonly unknown[]).map((member, i) => [new GoNumber(i), new Held(member)]);
    case 'map':
      return keysOf(value).map((key) => [key, new Held(own(value as Readonly<Record<string, unknown>>, key))]);
    case 'int':
      return Array.from({ length: Math.min(MOST_ROUNDS + 1, Math.max(0, numberOf(value))) }, (_none, i) => {
        const n = value instanceof GoNumber ? new GoNumber(i, value.type) : i;
        return [n, n];
      });
    default:
      return undefined;
  }
}

/** The value of a pipe, after its variables have it. */
function piped(frame: Frame, pipe: Pipe, dot: unknown): unknown {
  frame.looked = pipe;
  let last: Piped | undefined;
  for (const command of pipe.commands) last = { value: bare(commanded(frame, command, dot, last)) ?? undefined };
  for (const name of pipe.names) {
    if (pipe.isAssigned) assign(frame, name, last?.value);
    else frame.variables.push({ name, value: last?.value });
  }
  return last?.value;
}

function assign(frame: Frame, name: string, value: unknown): void {
  const variable = frame.variables.findLast((v) => v.name === name);
  if (variable) variable.value = value;
  else fail(frame, `undefined variable: ${name}`);
}

function commanded(frame: Frame, command: Command, dot: unknown, last: Piped | undefined): unknown {
  const [first, ...rest] = command.words;
  const hasArguments = rest.length > 0 || last !== undefined;
  switch (first.is) {
    case 'function':
      return called(frame, { command, name: first }, dot, last);
    case 'pipe':
      if (hasArguments) notAFunction(frame, first);
      return operand(frame, first, dot);
    case 'field':
    case 'chain':
      return operand(frame, first, dot, hasArguments);
    case 'variable': {
      if (first.names.length > 0) return operand(frame, first, dot, hasArguments);
      const value = operand(frame, first, dot);
      return hasArguments ? notAFunction(frame, first) : value;
    }
    default:
      frame.looked = first;
      if (hasArguments) notAFunction(frame, first);
      return first.is === 'nil' ? fail(frame, 'nil is not a command') : operand(frame, first, dot);
  }
}
const notAFunction = (frame: Frame, word: Operand): never =>
  fail(frame, `can't give argument to non-function ${word.is === 'pipe' ? word.pipe.text : word.text}`);

/** `command`: what is named when the function fails. */
function called(
  frame: Frame,
  { command, name: { at, text } }: { readonly command: Command; readonly name: Operand },
  dot: unknown,
  last: Piped | undefined,
): unknown {
  frame.looked = { at, text };
  const known = functions.get(text);
  if (!known) return fail(frame, `${JSON.stringify(text)} is not a defined function`);
  const words = command.words.slice(1);
  const count = words.length + (last ? 1 : 0);
  if (known.most === undefined ? count < known.least : count !== known.most)
    return fail(
      frame,
      `wrong number of args for ${text}: want ${known.most === undefined ? `at least ${known.least} got ${words.length}` : `${known.least} got ${count}`}`,
    );
  const args: unknown[] = [];
  for (const word of words) {
    args.push(known.takesText && args.length === 0 ? textArgument(frame, word, dot) : argument(frame, word, dot));
    if ((text === 'and' || text === 'or') && isTrue(bare(args[args.length - 1])) === (text === 'or')) return args[args.length - 1];
  }
  if (last) args.push(known.takesText && args.length === 0 ? textOnly(frame, last.value) : last.value);
  try {
    return known.call(...(known.isRaw ? args : args.map(bare)));
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    frame.looked = command;
    return fail(frame, `error calling ${text}: ${error.message}`);
  }
}

function argument(frame: Frame, word: Operand, dot: unknown): unknown {
  frame.looked = word.is === 'pipe' ? word.pipe : word;
  return operand(frame, word, dot);
}

function textArgument(frame: Frame, word: Operand, dot: unknown): unknown {
  const value = argument(frame, word, dot);
  if (word.is === 'nil') return fail(frame, 'cannot assign nil to string');
  return word.is === 'number' || word.is === 'bool' ? fail(frame, `expected string; found ${word.text}`) : textOnly(frame, value);
}
function textOnly(frame: Frame, value: unknown): string {
  const text = bare(value);
  if (typeof text === 'string') return text;
  if (text === undefined) return fail(frame, 'invalid value; expected string');
  return fail(frame, `wrong type for value; expected string; got ${text === null ? 'interface {}' : typeOf(text)}`);
}

/** `hasArguments`: the command has more than this word, which nothing in JSON can use. */
function operand(frame: Frame, word: Operand, dot: unknown, hasArguments = false): unknown {
  switch (word.is) {
    case 'dot':
      return dot;
    case 'nil':
      return undefined;
    case 'bool':
    case 'string':
      return word.value;
    case 'number':
      return new GoNumber(word.value, word.isFloat ? 'float64' : 'int');
    case 'field':
      frame.looked = word;
      return fieldsOf(frame, word.names, dot, hasArguments);
    case 'variable': {
      frame.looked = word;
      const variable = frame.variables.findLast((v) => v.name === word.name);
      return variable ? fieldsOf(frame, word.names, variable.value, hasArguments) : fail(frame, `undefined variable: ${word.name}`);
    }
    case 'function':
      return called(frame, { command: { at: word.at, text: word.text, words: [word] }, name: word }, dot, undefined);
    case 'pipe':
      return piped(frame, word.pipe, dot);
    case 'chain':
      frame.looked = word;
      return fieldsOf(frame, word.names, argument(frame, word.of, dot), hasArguments);
    default:
      return assertNever(word);
  }
}

function fieldsOf(frame: Frame, names: readonly string[], receiver: unknown, hasArguments: boolean): unknown {
  let found = receiver;
  names.forEach((name, i) => {
    const [value, type] = [bare(found), found instanceof Held ? 'interface {}' : typeOf(found)];
    if (value === undefined) {
      found = undefined;
      return;
    }
    if (value === null) fail(frame, `nil pointer evaluating interface {}.${name}`);
    if (!isRecord(value) || isList(value) || value instanceof GoNumber) return fail(frame, `can't evaluate field ${name} in type ${type}`);
    if (hasArguments && i === names.length - 1) fail(frame, `${name} is not a method but has arguments`);
    const member = own(value, name);
    found = member === undefined ? undefined : new Held(member);
  });
  return found;
}
