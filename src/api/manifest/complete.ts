/** What may be written at the cursor: fields of the kind at this path, words that a field allows, kinds and their versions. Pure: text and offset in, suggestions out. */
import { isRecord } from '../machinery/patch/values.ts';
import { apiVersionOf, kindOf, kinds } from '../registry.ts';
import { fieldsOfModel, type FieldType } from '../schema/definitions.ts';
import { isInert } from '../schema/inert.ts';
import { fieldFacts, typeAt, typeWords, valueIn, withDefaults } from './field.ts';
import { placeAt, type Place } from './place.ts';

export interface Suggestion {
  readonly label: string;
  readonly sort: 'key' | 'value' | 'object';
  /** The text that replaces the word; '$0' is where the cursor goes. */
  readonly insert: string;
  /** 'integer · required · default 1'. */
  readonly detail: string;
  /** Where upstream's description is found: 'V1Container.image'. */
  readonly id?: string;
  readonly isInert: boolean;
  /** There is something to choose at '$0' too. */
  readonly continues: boolean;
  /** 0: required; 1: usual; 2: rare; 3: not simulated. They come in this order. */
  readonly rank: number;
}
/** `from`, `to`: offsets of the word that is replaced. */
export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly items: readonly Suggestion[];
}

const NOTHING: readonly Suggestion[] = [];
/** What most manifests say comes before what few do. */
const USUAL =
  'name namespace labels replicas selector matchLabels template metadata spec strategy containers initContainers image ports containerPort env value command args resources requests limits cpu memory readinessProbe livenessProbe httpGet path port targetPort type data'.split(
    ' ',
  );
const ROOT_FIELDS = ['apiVersion', 'kind', 'metadata', 'spec'];

export function complete(text: string, offset: number): Completion | undefined {
  const place = placeAt(text, offset) ?? emptyPlace(text, offset);
  if (!place) return undefined;
  const items = place.at === 'value' ? valuesAt(place) : keysAt(place);
  return items.length === 0 ? undefined : { from: place.from, to: place.to, items };
}

/** A text without anything in it is a place too. */
function emptyPlace(text: string, offset: number): Place | undefined {
  return text.trim() === ''
    ? { at: 'key', path: [], object: {}, from: offset, to: offset, hasColon: false, isFlow: false, column: 0 }
    : undefined;
}

function modelOf(place: Place): string | undefined {
  return kindAt(place)?.model;
}
const kindAt = (place: Place): ReturnType<typeof kindOf> => kindOf(String(place.object.apiVersion ?? ''), String(place.object.kind ?? ''));

function keysAt(place: Place): readonly Suggestion[] {
  const model = modelOf(place);
  if (model === undefined) return place.path.length === 0 && place.at === 'key' ? rootKeys(place) : NOTHING;
  const type = typeAt(model, place.path);
  if (type === undefined) return NOTHING;
  if (type.startsWith('[]'))
    return place.path.length > 0 && !place.isFlow && fieldsOfModel(type.slice(2))
      ? fieldsIn(type.slice(2), { ...place, at: 'item', path: [...place.path, 0] }, {}, '- ')
      : NOTHING;
  const fields = fieldsOfModel(type);
  if (!fields) return place.at === 'item' ? wordsFor({ type, isRequired: false }, undefined) : NOTHING;
  const there = valueIn(place.object, place.path);
  return fieldsIn(type, place, isRecord(there) ? there : {}, '');
}

/** Fields that are not there yet: the required first, what is not simulated last. */
function fieldsIn(model: string, place: Place, there: Readonly<Record<string, unknown>>, lead: string): readonly Suggestion[] {
  const defaulted = withDefaults(kindAt(place), place.object, place.path);
  const isRoot = place.path.length === 0;
  return [...(fieldsOfModel(model) ?? [])]
    .filter(([name]) => !Object.hasOwn(there, name) && !(isRoot && name === 'status'))
    .map(([name, field]): Suggestion => {
      const facts = fieldFacts(model, name, defaulted);
      const detail = [
        typeWords(field.type),
        field.isRequired ? 'required' : '',
        facts?.defaultText === undefined ? '' : `default ${facts.defaultText}`,
        facts?.isInert ? 'not simulated' : '',
      ]
        .filter((s) => s !== '')
        .join(' · ');
      return {
        label: name,
        sort: 'key',
        insert: lead + keyText(name, field, { ...place, column: place.column + lead.length }),
        detail,
        id: `${model}.${name}`,
        isInert: isInert(model, name),
        continues: hasChoice(field),
        rank: field.isRequired ? 0 : isInert(model, name) ? 3 : USUAL.includes(name) ? 1 : 2,
      };
    })
    .sort((a, b) => a.rank - b.rank || USUAL.indexOf(a.label) - USUAL.indexOf(b.label));
}

const hasChoice = ({ type, values }: FieldType): boolean =>
  values !== undefined || type === 'boolean' || fieldsOfModel(type.replace(/^\[\]/, '')) !== undefined;

/** 'image: ', or the key and the first line of its block, indented for where the key stands. */
function keyText(name: string, field: FieldType, place: Place): string {
  if (place.hasColon) return name;
  const { type } = field;
  const pad = ' '.repeat(place.column);
  if (place.isFlow) return `${name}: ${type.startsWith('[]') ? '[$0]' : type.startsWith('{}') || fieldsOfModel(type) ? '{$0}' : '$0'}`;
  if (type.startsWith('[]')) return `${name}:\n${pad}- $0`;
  return type.startsWith('{}') || fieldsOfModel(type) ? `${name}:\n${pad}  $0` : `${name}: $0`;
}

function rootKeys(place: Place): readonly Suggestion[] {
  const fields = ROOT_FIELDS.filter((name) => !Object.hasOwn(place.object, name)).map((name, rank): Suggestion => ({
    label: name,
    sort: 'key',
    insert: place.hasColon ? name : name === 'metadata' ? 'metadata:\n  name: $0' : name === 'spec' ? 'spec:\n  $0' : `${name}: $0`,
    detail: '',
    id: `V1Pod.${name}`,
    isInert: false,
    continues: name !== 'metadata',
    rank,
  }));
  if (Object.keys(place.object).length > 0) return fields;
  const objects = kinds
    .filter((kind) => kind.kind !== 'Event')
    .map((kind): Suggestion => ({
      label: kind.kind,
      sort: 'object',
      insert: `apiVersion: ${apiVersionOf(kind)}\nkind: ${kind.kind}\nmetadata:\n  name: $0\n`,
      detail: `a new ${kind.kind} in ${apiVersionOf(kind)}`,
      isInert: false,
      continues: false,
      rank: 9,
    }));
  return [...fields, ...objects];
}

function valuesAt(place: Place): readonly Suggestion[] {
  if (place.path.length === 0 && place.key === 'kind') return kindNames(place);
  if (place.path.length === 0 && place.key === 'apiVersion') return versions(place);
  const model = modelOf(place);
  if (model === undefined) return NOTHING;
  const type = typeAt(model, place.path);
  if (place.key === undefined) return type === undefined ? NOTHING : wordsFor({ type, isRequired: false }, undefined);
  const field = type === undefined ? undefined : fieldsOfModel(type)?.get(place.key);
  const defaulted = withDefaults(kindAt(place), place.object, place.path, place.key);
  return field ? wordsFor(field, isRecord(defaulted) ? defaulted[place.key] : undefined) : NOTHING;
}

function wordsFor(field: FieldType, byDefault: unknown): readonly Suggestion[] {
  const words =
    field.values ??
    (field.type === 'boolean'
      ? ['true', 'false']
      : typeof byDefault === 'string' || typeof byDefault === 'number'
        ? [String(byDefault)]
        : []);
  return words.map((word, rank): Suggestion => ({
    label: word,
    sort: 'value',
    insert: word,
    detail: String(byDefault) === word ? 'default' : '',
    isInert: false,
    continues: false,
    rank,
  }));
}

function kindNames(place: Place): readonly Suggestion[] {
  const { apiVersion } = place.object;
  const known = kinds.filter((kind) => apiVersionOf(kind) === apiVersion);
  return (known.length > 0 ? known : kinds).map((kind): Suggestion => ({
    label: kind.kind,
    sort: 'value',
    insert: kind.kind,
    detail: apiVersionOf(kind),
    isInert: false,
    continues: false,
    rank: 1,
  }));
}

function versions(place: Place): readonly Suggestion[] {
  const homes = kinds.filter((kind) => kind.kind === place.object.kind);
  return [...new Set((homes.length > 0 ? homes : kinds).map(apiVersionOf))].map((version): Suggestion => ({
    label: version,
    sort: 'value',
    insert: version,
    detail: homes.length > 0 ? `where ${String(place.object.kind)} lives` : '',
    isInert: false,
    continues: false,
    rank: 1,
  }));
}
