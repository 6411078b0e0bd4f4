/** kubectl's JSONPath. Upstream: client-go/util/jsonpath/jsonpath.go (v1.36), with missing keys allowed, as kubectl has it. Simplified: 1.0 is a whole number to a filter. */
import { goJson } from '../api/machinery/go-json.ts';
import { goText, isRecord } from '../api/machinery/patch/values.ts';
import { goSyntax } from './go-syntax.ts';
import { parseTemplate, PathError, type PathNode } from './json-path-parse.ts';

type Values = readonly unknown[];
/** What each action and each text found, or what is wrong in kubectl's words. */
export type Found = { readonly results: readonly Values[] } | { readonly error: string; readonly isParsing: boolean };

/** Reads a template once, for any number of objects. */
export function pathFinder(template: string): (root: unknown) => Found {
  try {
    const nodes = parseTemplate(template);
    return (root) => {
      try {
        return { results: run(nodes, 0, { root, depth: 0 }).results };
      } catch (error) {
        return failed(error, false);
      }
    };
  } catch (error) {
    const found = failed(error, true);
    return () => found;
  }
}
function failed(error: unknown, isParsing: boolean): Found {
  if (error instanceof PathError) return { error: error.message, isParsing };
  throw error;
}

/** The text that -o jsonpath prints. */
export function printPath(template: string, root: unknown, asJson = false): { readonly out: string } | { readonly err: string } {
  const found = pathFinder(template)(root);
  if ('results' in found)
    return { out: found.results.map((values) => (asJson ? `${indented(values)}\n` : values.map(textOf).join(' '))).join('') };
  if (found.isParsing) return { err: `error: error parsing jsonpath ${template}, ${found.error}\n` };
  return {
    err: `error: error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${found.error}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(root)}\n\n\n`,
  };
}

const textOf = (value: unknown): string => (typeof value === 'object' ? goJson(value) : String(value));
const indented = (values: Values): string => JSON.stringify(JSON.parse(goJson(values)), undefined, 4);
const membersOf = (value: unknown): Values =>
  Array.isArray(value)
    ? (value as Values)
    : isRecord(value)
      ? Object.keys(value)
          .sort((a, b) => (a < b ? -1 : 1))
          .map((key) => value[key])
      : [];
const typeName = (value: unknown): string =>
  typeof value === 'string'
    ? 'string'
    : typeof value === 'number'
      ? 'int64'
      : typeof value === 'boolean'
        ? 'bool'
        : 'map[string]interface {}';

/** Runs the nodes up to the {end} of the range in which they stand; what follows a range without one is run once more after it. `at`: where that was. */
function run(
  nodes: readonly PathNode[],
  from: number,
  { root, depth }: { readonly root: unknown; readonly depth: number },
): { readonly results: readonly Values[]; readonly at: number } {
  const results: Values[] = [];
  for (let i = from; i < nodes.length; i++) {
    const node = nodes[i];
    const [first, ...rest] = node.is === 'action' ? node.nodes : [];
    if (first?.is === 'identifier' && first.name === 'end') {
      if (depth === 0) throw new PathError('not in range, nothing to end');
      return { results, at: i };
    }
    if (first?.is !== 'identifier' || first.name !== 'range') {
      results.push(walk([root], node));
      continue;
    }
    const items = walkAll([root], rest);
    const passes = items.map((item) => run(nodes, i + 1, { root: item, depth: depth + 1 }));
    results.push(...passes.flatMap((pass) => pass.results));
    const end = passes.at(-1)?.at ?? endOf(nodes, i + 1);
    if (end < nodes.length) i = end;
  }
  return { results, at: nodes.length };
}

/** Where the range ends that begins before `from`. */
function endOf(nodes: readonly PathNode[], from: number): number {
  let open = 1;
  for (let i = from; i < nodes.length; i++) {
    const node = nodes[i];
    const first = node.is === 'action' ? node.nodes[0] : undefined;
    if (first?.is === 'identifier') open += first.name === 'range' ? 1 : first.name === 'end' ? -1 : 0;
    if (open === 0) return i;
  }
  return nodes.length;
}

const walkAll = (input: Values, nodes: readonly PathNode[]): Values => nodes.reduce(walk, input);

function walk(input: Values, node: PathNode): Values {
  switch (node.is) {
    case 'action':
      return walkAll(input, node.nodes);
    case 'text':
      return [node.text];
    case 'value':
      return input.map(() => node.value);
    case 'identifier':
      throw new PathError(`unrecognized identifier ${node.name}`);
    case 'field':
      return input.flatMap((value) =>
        isRecord(value) && Object.hasOwn(value, node.name) && value[node.name] !== undefined ? [value[node.name]] : [],
      );
    case 'wildcard':
      return input.flatMap(membersOf);
    case 'recursive':
      return descend(input);
    case 'union':
      return node.parts.flatMap((part) => walkAll(input, part));
    case 'slice':
      return input.flatMap((value) => sliced(value, node));
    case 'filter':
      return input.flatMap((value) => filtered(value, node));
  }
}

/** Everything that has members, outermost first. */
const descend = (input: Values): Values =>
  input.flatMap((value) => {
    const members = membersOf(value);
    return members.length === 0 ? [] : [value, ...descend(members)];
  });

function sliced(value: unknown, node: Extract<PathNode, { readonly is: 'slice' }>): Values {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new PathError(`${typeName(value)} is not array or slice`);
  const { length } = value;
  const from = (node.from ?? 0) < 0 ? (node.from ?? 0) + length : (node.from ?? 0);
  const asked = node.isIndex ? from + 1 : (node.to ?? length);
  const to = asked < 0 ? asked + length : asked;
  if (from === to) return [];
  if (from >= length || from < 0) throw new PathError(`array index out of bounds: index ${from}, length ${length}`);
  if (to > length || to < 0) throw new PathError(`array index out of bounds: index ${to - 1}, length ${length}`);
  if (from > to) throw new PathError(`starting index ${from} is greater than ending index ${to}`);
  const { step = 1 } = node;
  if (step <= 0) throw new PathError('step must be > 0');
  return (value as Values).slice(from, to).filter((_member, i) => i % step === 0);
}

function filtered(value: unknown, { left, operator, right }: Extract<PathNode, { readonly is: 'filter' }>): Values {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new PathError(`${goText(value)} is not array or slice and cannot be filtered`);
  return (value as Values).filter((member) => {
    const lefts = walkAll([member], left);
    if (operator === 'exists' || lefts.length === 0) return lefts.length > 0;
    const rights = walkAll([member], right);
    if (lefts.length > 1 || rights.length > 1) throw new PathError('can only compare one element at a time');
    return rights.length === 1 && holds(lefts[0], operator, rights[0]);
  });
}

/** Upstream: client-go third_party/forked/golang/template/funcs.go basicKind. */
function basicKind(value: unknown): string {
  if (value === null || typeof value === 'object') throw new PathError('invalid type for comparison');
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value;
}

function holds(a: unknown, operator: string, b: unknown): boolean {
  const kind = basicKind(a);
  if (basicKind(b) !== kind) throw new PathError('incompatible types for comparison');
  if (kind === 'boolean' && operator !== '==' && operator !== '!=') throw new PathError('invalid type for comparison');
  const [left, right] = [a, b] as [string, string];
  const order = left < right ? -1 : Number(left > right);
  switch (operator) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    default:
      throw new PathError(`unrecognized filter operator ${operator}`);
  }
}
