/** Whether something from outside has the fields that it should have and no other; why not, in one sentence. */
import { isList, isRecord } from '../api/machinery/patch/values.ts';

/** Of a field what it is, or its own fields; with a question mark behind its name it may be absent. */
export interface Shape {
  readonly [field: string]: ShapeWord | Shape;
}
export type ShapeWord = keyof typeof KINDS;

const KINDS = {
  'a string': (v: unknown) => typeof v === 'string',
  'a number': (v: unknown) => typeof v === 'number' && Number.isFinite(v),
  'a whole number': Number.isSafeInteger,
  'TCP or UDP': (v: unknown) => v === 'TCP' || v === 'UDP',
  'A, AAAA, SRV, PTR or CNAME': (v: unknown) => ['A', 'AAAA', 'SRV', 'PTR', 'CNAME'].includes(v as string),
  'a port from 1 to 65535': (v: unknown) => Number.isInteger(v) && (v as number) >= 1 && (v as number) <= 65_535,
  'true or false': (v: unknown) => typeof v === 'boolean',
  'an object': isRecord,
  'a list': isList,
  'a list of strings': (v: unknown) => isList(v) && v.every((one) => typeof one === 'string'),
  'an object of strings': (v: unknown) => isRecord(v) && Object.values(v).every((one) => one === undefined || typeof one === 'string'),
  'a function': (v: unknown) => typeof v === 'function',
  anything: () => true,
} as const;

/** `of`: what it is called in the sentence. */
export function wrongShape(of: string, value: unknown, shape: Shape): string | undefined {
  if (!isRecord(value)) return `${of} is an object, not ${told(value)}`;
  const names = Object.keys(shape).map((name) => name.replace(/\?$/, ''));
  const unknown = Object.keys(value).find((key) => !names.includes(key));
  if (unknown !== undefined) return `${of} has no field ${JSON.stringify(unknown)}: ${names.join(', ')}`;
  for (const [field, kind] of Object.entries(shape)) {
    const name = field.replace(/\?$/, '');
    const one = value[name];
    if (one === undefined && name !== field) continue;
    const wrong = typeof kind === 'object' ? wrongShape(name, one, kind) : wrongOf(of, name, one, kind);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** Why a field is not what it should be. */
export const wrongOf = (of: string, name: string, value: unknown, kind: ShapeWord): string | undefined =>
  KINDS[kind](value) ? undefined : `${of}: ${name} is ${kind}, not ${told(value)}`;

/** Throws an Error that says what is wrong. */
export function checkShape(of: string, value: unknown, shape: Shape): void {
  const wrong = wrongShape(of, value, shape);
  if (wrong !== undefined) throw new Error(wrong);
}

/** A value in few words. */
export const told = (value: unknown): string =>
  isList(value) ? 'a list' : isRecord(value) ? 'an object' : typeof value === 'string' ? JSON.stringify(value) : String(value);
