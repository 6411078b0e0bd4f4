/** What the parts cannot be asked, and why, in one sentence: objects are read as the apiserver's decoder reads them. Fields that a part does not know are passed over. */
import { isList, isRecord } from '../api/machinery/patch/values.ts';
import { kindOf } from '../api/registry.ts';
import { asGoWrites } from '../api/schema/go-json.ts';
import { checkStructure } from '../api/schema/validate.ts';
import { told, wrongOf, type ShapeWord } from './shape.ts';

/** Of a field or an argument what it is, its own fields, those of a list's items, an object ('V1Pod'; '{}' of any kind), or a list of them ('V1Pod[]', '[]'); with a question mark behind its name it may be absent. */
type Want = ShapeWord | `V1${string}` | '{}' | '[]' | PartShape | readonly [PartShape];
export interface PartShape {
  readonly [name: string]: Want;
}

/** The part, asked only what it can be asked. `shape`: its arguments in their order. Throws an Error that says what is wrong. */
export const checked =
  <A extends readonly unknown[], R>(part: string, shape: PartShape, ask: (...args: A) => R) =>
  (...args: A): R => {
    const why = wrongFields(part, Object.fromEntries(Object.keys(shape).map((name, i) => [bare(name), args[i]])), shape);
    if (why !== undefined) throw new Error(why);
    return ask(...(Object.values(shape).map((want, i) => read(args[i], want)) as unknown as A));
  };

/** Of objects with a null in them what the decoder makes of it: no field, or an empty item. */
function read(value: unknown, want: Want): unknown {
  if (isListOf(want)) return value;
  if (typeof want === 'object')
    return isRecord(value)
      ? {
          ...value,
          ...Object.fromEntries(
            Object.entries(want).flatMap(([field, one]) =>
              value[bare(field)] === undefined ? [] : [[bare(field), read(value[bare(field)], one)]],
            ),
          ),
        }
      : value;
  if (want.endsWith('[]') && isList(value)) return value.map((one) => readObject(one, want.slice(0, -2)));
  return want === '{}' || want.startsWith('V1') ? readObject(value, want) : value;
}

/** `model`: 'V1Pod', or else that of the object's kind. */
export function readObject(value: unknown, model: string): unknown {
  const found = modelOf(value, model);
  return found !== undefined && hasNull(value) ? asGoWrites(found, JSON.parse(JSON.stringify(value)) as object) : value;
}

const hasNull = (value: unknown): boolean => value === null || (typeof value === 'object' && Object.values(value).some(hasNull));

function modelOf(value: unknown, model: string): string | undefined {
  return model.startsWith('V1')
    ? model
    : isRecord(value)
      ? kindOf(value.apiVersion as string | undefined, value.kind as string | undefined)?.model
      : undefined;
}

const bare = (name: string): string => name.replace(/\?$/, '');

/** Why not, in one sentence. `of`: what it is called there. */
export function wrongFields(of: string, value: unknown, shape: PartShape): string | undefined {
  if (!isRecord(value)) return `${of} is an object, not ${told(value)}`;
  for (const [field, want] of Object.entries(shape)) {
    const name = bare(field);
    const why = value[name] === undefined && name !== field ? undefined : wrong(of, name, value[name], want);
    if (why !== undefined) return why;
  }
  return undefined;
}

function wrong(of: string, name: string, value: unknown, want: Want): string | undefined {
  const at = `${of}: ${name}`;
  if (isListOf(want)) return wrongItems(at, value, (one, where) => wrongFields(where, one, want[0]));
  if (typeof want === 'object') return wrongFields(at, value, want);
  if (want.endsWith('[]')) return wrongItems(at, value, (one, where) => wrongObject(where, one, want.slice(0, -2)));
  return want === '{}' || want.startsWith('V1') ? wrongObject(at, value, want) : wrongOf(of, name, value, want as ShapeWord);
}

const isListOf = (want: Want): want is readonly [PartShape] => Array.isArray(want);
const wrongItems = (at: string, value: unknown, wrongItem: (one: unknown, at: string) => string | undefined): string | undefined =>
  isList(value)
    ? value.map((one, i) => wrongItem(one, `${at}[${i}]`)).find((why) => why !== undefined)
    : `${at} is a list, not ${told(value)}`;

/** An object of a model need not say its kind; of one whose kind is not simulated only the metadata are read. */
function wrongObject(name: string, value: unknown, model: string): string | undefined {
  if (!isRecord(value)) return `${name} is an object, not ${told(value)}`;
  const found = modelOf(value, model);
  const [read, as] = found === undefined ? [value.metadata ?? {}, 'V1ObjectMeta'] : [value, found];
  const why = wrongStructure(as, read) && wrongStructure(as, JSON.parse(JSON.stringify(read)));
  return why && `${name}: ${why}`;
}

/** Times may be Dates, and written with other digits than the apiserver wants. */
const wrongStructure = (model: string, value: unknown): string | undefined =>
  checkStructure(model, value).errors.find(({ decodeError }) => !decodeError.startsWith('parsing time'))?.decodeError;
