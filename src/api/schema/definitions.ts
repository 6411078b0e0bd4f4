/** The official schema as a type table: model → field → type. '[]T' a list, '{}T' a map, a trailing '!' required. Built by `npm run build:schema`. */
import table from './definitions.json' with { type: 'json' };

export interface FieldType { readonly type: string; readonly isRequired: boolean }
const definitions = new Map<string, ReadonlyMap<string, FieldType>>();
for (const [model, fields] of Object.entries(table as unknown as Record<string, Record<string, string>>)) {
  definitions.set(model, new Map(Object.entries(fields).map(([field, type]) => [field, { type: type.replace('!', ''), isRequired: type.endsWith('!') }])));
}

export const fieldsOfModel = (model: string): ReadonlyMap<string, FieldType> | undefined => definitions.get(model);

/** The model of a field's value, or of its items. */
export function fieldModel(model: string, field: string): string | undefined {
  const type = definitions.get(model)?.get(field)?.type.replace(/^(\[\]|\{\})+/, '');
  return type !== undefined && definitions.has(type) ? type : undefined;
}
