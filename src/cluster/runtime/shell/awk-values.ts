/** What an awk program works on: values, variables, arrays, and the fields of a line. Source: POSIX.1-2024, awk, Expressions in awk. */
import { general } from './format.ts';
import { regexOf } from './regex.ts';

export type Value = string | number;
export interface Memory {
  readonly vars: Map<string, Value>;
  readonly arrays: Map<string, Map<string, Value>>;
  /** $0, $1 … */
  fields: string[];
  out: string;
  /** So many turns of loops more. */
  left: number;
  status: number;
}
export type Flow = 'next' | 'exit' | 'break' | 'continue' | undefined;
export type Statement = (memory: Memory) => Flow;
export type Get = (memory: Memory) => Value;
/** What can be assigned to has `set`. */
export interface Expression {
  readonly get: Get;
  readonly set?: (memory: Memory, value: Value) => void;
  /** A pattern by itself is looked for in the line. */
  readonly regex?: RegExp;
}

export const numberOf = (value: Value): number =>
  typeof value === 'number' ? value : Number(/^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?/i.exec(value)?.[0] ?? 0);
export const textOf = (value: Value): string =>
  typeof value === 'string' ? value : Number.isInteger(value) ? String(value) : general(value, 6);
export const isNumeric = (value: Value): boolean => typeof value === 'number' || /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value);
export const isTrue = (value: Value): boolean => (isNumeric(value) ? numberOf(value) !== 0 : value !== '');
export const truth = (is: boolean): number => (is ? 1 : 0);
export const arrayOf = ({ arrays }: Memory, name: string): Map<string, Value> => {
  const found = arrays.get(name) ?? new Map<string, Value>();
  arrays.set(name, found);
  return found;
};

/** A line and its fields. */
export function setLine(memory: Memory, line: string): void {
  memory.fields = [line, ...split(line, String(memory.vars.get('FS')))];
}

/** A single space means any gap; one other character means itself. */
export function split(text: string, separator: string | RegExp): string[] {
  if (separator === ' ') return text.split(/[ \t\n]+/).filter((field) => field !== '');
  if (text === '') return [];
  return text.split(typeof separator === 'string' && separator.length !== 1 ? regexOf(separator, { isExtended: true }) : separator);
}

export const setFields = (memory: Memory, fields: readonly string[]): void => {
  memory.fields = [fields.join(textOf(memory.vars.get('OFS') ?? ' ')), ...fields];
};
export const field = (number: Get): Expression => ({
  get: (memory) => memory.fields[numberOf(number(memory))] ?? '',
  set: (memory, value) => {
    const n = numberOf(number(memory));
    if (n === 0) return setLine(memory, textOf(value));
    const fields = memory.fields.slice(1);
    while (fields.length < n) fields.push('');
    fields[n - 1] = textOf(value);
    setFields(memory, fields);
  },
});
