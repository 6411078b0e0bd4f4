/** Carries a template out. Upstream: Go's text/template/exec.go; missing keys are allowed, as kubectl has it. */
import { isList, isRecord, own } from '../../api/machinery/patch/values.ts';
import { assertNever } from '../../lib/assert.ts';
import { CallError, functions } from './functions.ts';
import { TemplateError, type Command, type Node, type Operand, type Parsed, type Pipe } from './parse.ts';
import { GoNumber, isTrue, keysOf, kindOf, numberOf, textOf, typeOf } from './value.ts';

interface Variable { readonly name: string; value: unknown }
interface Frame { readonly source: string; readonly templates: Parsed['templates']; /** What is printed so far. */ readonly out: string[]; readonly variables: Variable[] }
/** How a list of nodes ended. */
type Left = 'break' | 'continue' | undefined;
/** What a command gets from the one before it in its pipe. */
interface Piped { readonly value: unknown }

const MOST_DEPTH = 1000;

/** What was printed, and the error that ended it, if one did. */
export function runTemplate(source: string, parsed: Parsed, data: unknown): { readonly out: string; readonly error?: string } {
  const frame: Frame = { source, templates: parsed.templates, out: [], variables: [{ name: '$', value: data }] };
  try { walk(frame, parsed.nodes, data, 0); } catch (error) {
    if (error instanceof TemplateError) return { out: frame.out.join(''), error: error.message };
    throw error;
  }
  return { out: frame.out.join('') };
}

function fail(frame: Frame, { at, text }: { readonly at: number; readonly text: string }, words: string): never {
  const before = frame.source.slice(0, at).split('\n');
  throw new TemplateError(`template: output:${before.length}:${before[before.length - 1].length}: executing "output" at <${text}>: ${words}`);
}

function walk(frame: Frame, nodes: readonly Node[], dot: unknown, depth: number): Left {
  for (const node of nodes) {
    const known = frame.variables.length;
    switch (node.is) {
      case 'text': frame.out.push(node.text); break;
      case 'action': { const value = piped(frame, node.pipe, dot); if (node.pipe.names.length === 0) frame.out.push(textOf(value)); break; }
      case 'if': case 'with': {
        const value = piped(frame, node.pipe, dot);
        const left = isTrue(value) ? walk(frame, node.then, node.is === 'with' ? value : dot, depth) : walk(frame, node.otherwise, dot, depth);
        frame.variables.length = known;
        if (left) return left;
        break;
      }
      case 'range': { const left = ranged(frame, node, dot, depth); frame.variables.length = known; if (left) return left; break; }
      case 'break': case 'continue': return node.is;
      case 'template': {
        const nested = frame.templates.get(node.name);
        if (!nested) fail(frame, node, `template ${JSON.stringify(node.name)} not defined`);
        if (depth >= MOST_DEPTH) fail(frame, node, `exceeded maximum template depth (${MOST_DEPTH})`);
        const value = node.pipe && piped(frame, node.pipe, dot);
        walk({ ...frame, variables: [{ name: '$', value }] }, nested ?? [], value, depth + 1);
        break;
      }
      default: assertNever(node);
    }
  }
  return undefined;
}

function ranged(frame: Frame, node: Extract<Node, { readonly is: 'if' | 'range' | 'with' }>, dot: unknown, depth: number): Left {
  const { pipe } = node;
  const value = evaluated(frame, pipe, dot);
  const entries = entriesOf(value);
  if (!entries) return fail(frame, pipe, `range can't iterate over ${textOf(value)}`);
  if (entries.length === 0) return walk(frame, node.otherwise, dot, depth);
  const known = frame.variables.length;
  for (const [key, member] of entries) {
    const given = pipe.names.length === 2 ? [key, member] : [member];
    pipe.names.forEach((name, i) => { if (pipe.isAssigned) assign(frame, pipe, name, given[i]); else frame.variables.push({ name, value: given[i] }); });
    const left = walk(frame, node.then, member, depth);
    frame.variables.length = known;
    if (left === 'break') break;
  }
  return undefined;
}

/** Since Go 1.24 a number is iterated over too. */
function entriesOf(value: unknown): readonly (readonly [unknown, unknown])[] | undefined {
  switch (kindOf(value)) {
    case 'none': return [];
    case 'list': return (value as readonly unknown[]).map((member, i) => [new GoNumber(i), member]);
    case 'map': return keysOf(value).map((key) => [key, own(value as Readonly<Record<string, unknown>>, key)]);
    case 'int': return Array.from({ length: Math.max(0, numberOf(value)) }, (_none, i) => [new GoNumber(i), new GoNumber(i)]);
    default: return undefined;
  }
}

/** The value of a pipe, after its variables have it. */
function piped(frame: Frame, pipe: Pipe, dot: unknown): unknown {
  const value = evaluated(frame, pipe, dot);
  for (const name of pipe.names) { if (pipe.isAssigned) assign(frame, pipe, name, value); else frame.variables.push({ name, value }); }
  return value;
}

function evaluated(frame: Frame, pipe: Pipe, dot: unknown): unknown {
  let last: Piped | undefined;
  for (const command of pipe.commands) last = { value: commanded(frame, command, dot, last) };
  return last?.value;
}

function assign(frame: Frame, pipe: Pipe, name: string, value: unknown): void {
  const variable = frame.variables.findLast((v) => v.name === name);
  if (variable) variable.value = value; else fail(frame, pipe.commands[pipe.commands.length - 1], `undefined variable: ${name}`);
}

function commanded(frame: Frame, command: Command, dot: unknown, last: Piped | undefined): unknown {
  const [first, ...rest] = command.words;
  const hasArguments = rest.length > 0 || last !== undefined;
  if (first.is === 'function') return called(frame, command, first.name, dot, last);
  if (first.is === 'nil') return fail(frame, first, 'nil is not a command');
  if (hasArguments && (first.is === 'field' || first.is === 'chain' || (first.is === 'variable' && first.names.length > 0))) return fail(frame, placed(first), `${first.names[first.names.length - 1]} is not a method but has arguments`);
  if (hasArguments) return fail(frame, first, `can't give argument to non-function ${first.text}`);
  return operand(frame, first, dot);
}

function called(frame: Frame, command: Command, name: string, dot: unknown, last: Piped | undefined): unknown {
  const known = functions.get(name);
  if (!known) return fail(frame, command, `${JSON.stringify(name)} is not a defined function`);
  const words = command.words.slice(1);
  const count = words.length + (last ? 1 : 0);
  if (count < known.least || (known.most !== undefined && count > known.most)) return fail(frame, { at: command.at, text: name }, `wrong number of args for ${name}: want ${known.most === undefined ? 'at least ' : ''}${known.least} got ${count}`);
  const args: unknown[] = [];
  for (const word of words) {
    args.push(operand(frame, word, dot));
    if ((name === 'and' || name === 'or') && isTrue(args[args.length - 1]) === (name === 'or')) return args[args.length - 1];
  }
  if (last) args.push(last.value);
  if (known.takesText && typeof args[0] !== 'string') return notText(frame, words[0] ?? command, args[0]);
  try { return known.call(...args); } catch (error) {
    if (error instanceof CallError) return fail(frame, command, `error calling ${name}: ${error.message}`);
    throw error;
  }
}

function notText(frame: Frame, word: Operand | Command, value: unknown): never {
  const isLiteral = 'is' in word && ['number', 'bool', 'nil'].includes(word.is);
  return fail(frame, 'is' in word && 'names' in word ? placed(word) : word, isLiteral ? `expected string; found ${word.text}` : `wrong type for value; expected string; got ${typeOf(value)}`);
}

/** Go's parser puts a chain where its second part begins. */
const placed = (word: Extract<Operand, { readonly names: readonly string[] }>): { readonly at: number; readonly text: string } => ({ text: word.text, at: word.is === 'field' && word.names.length > 1 ? word.at + word.names[0].length + 1 : word.is === 'variable' && word.names.length > 0 ? word.at + word.name.length : word.at });

function operand(frame: Frame, word: Operand, dot: unknown): unknown {
  switch (word.is) {
    case 'dot': return dot;
    case 'nil': return undefined;
    case 'bool': case 'string': return word.value;
    case 'number': return new GoNumber(word.value, word.isFloat ? 'float64' : 'int');
    case 'field': return fieldsOf(frame, word, dot);
    case 'variable': return fieldsOf(frame, word, frame.variables.findLast((v) => v.name === word.name)?.value);
    case 'function': return called(frame, { at: word.at, text: word.text, words: [word] }, word.name, dot, undefined);
    case 'pipe': return evaluated(frame, word.pipe, dot);
    case 'chain': return fieldsOf(frame, word, operand(frame, word.of, dot));
    default: return assertNever(word);
  }
}

function fieldsOf(frame: Frame, word: Extract<Operand, { readonly names: readonly string[] }>, receiver: unknown): unknown {
  let found = receiver;
  for (const name of word.names) {
    if (kindOf(found) === 'none') return undefined;
    if (!isRecord(found) || isList(found) || found instanceof GoNumber) return fail(frame, placed(word), `can't evaluate field ${name} in type ${found instanceof GoNumber ? typeOf(found) : 'interface {}'}`);
    found = own(found, name);
  }
  return found;
}
