/** Values as Go's templates see them: what JSON can say, and numbers that the template itself made. */
import { goExponent, goText, isRecord, keysIn } from '../../api/machinery/patch/values.ts';

/** A number that is no int64 of the data's. */
export class GoNumber {
  readonly n: number;
  readonly type: 'int' | 'float64' | 'uint8';
  constructor(n: number, type: 'int' | 'float64' | 'uint8' = 'int') {
    this.n = n;
    this.type = type;
  }
}

/** What came out of a map or a list, of which Go knows no more than `interface {}` until it is looked into. */
export class Held {
  readonly of: unknown;
  constructor(of: unknown) {
    this.of = of;
  }
}
export const bare = (value: unknown): unknown => (value instanceof Held ? value.of : value);

/** %v of a float64: its shortest form, with an exponent below 1e-4 and from 1e21 on. */
export const floatText = (n: number): string =>
  n !== 0 && (Math.abs(n) < 1e-4 || Math.abs(n) >= 1e21) ? goExponent(n.toExponential()) : String(n);

export type Kind = 'none' | 'bool' | 'int' | 'float' | 'string' | 'list' | 'map';
export function kindOf(value: unknown): Kind {
  if (value === undefined || value === null) return 'none';
  if (value instanceof GoNumber) return value.type === 'float64' ? 'float' : 'int';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : Array.isArray(value) ? 'list' : 'map';
}

export const numberOf = (value: unknown): number => (value instanceof GoNumber ? value.n : Number(value));

/** %T */
export function typeOf(value: unknown): string {
  if (value instanceof GoNumber) return value.type;
  return {
    none: '<nil>',
    bool: 'bool',
    int: 'int64',
    float: 'float64',
    string: 'string',
    list: '[]interface {}',
    map: 'map[string]interface {}',
  }[kindOf(value)];
}

export const isTrue = (value: unknown): boolean =>
  ({
    none: () => false,
    bool: () => value === true,
    int: () => numberOf(value) !== 0,
    float: () => numberOf(value) !== 0,
    string: () => value !== '',
    list: () => (value as readonly unknown[]).length > 0,
    map: () => Object.keys(value as object).length > 0,
  })[kindOf(value)]();

/** %v; what is not there has a word of its own. */
export const textOf = (value: unknown, nothing = '<no value>'): string =>
  kindOf(value) === 'none'
    ? nothing
    : kindOf(value) === 'float'
      ? floatText(numberOf(value))
      : value instanceof GoNumber
        ? String(value.n)
        : goText(value);

export const keysOf = (value: unknown): readonly string[] => (isRecord(value) ? keysIn(value) : []);
