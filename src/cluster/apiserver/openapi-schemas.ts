/**
 * The schemas in an OpenAPI document, from the type table: what `kubectl explain` prints, and how `kubectl apply` learns by which key a list merges.
 * Upstream: k8s.io/kube-openapi/pkg/builder3, api/openapi-spec/v3 (v1.36). Simplified: no defaults of plain values, no list types; of lists and options of requests only DeleteOptions and Status.
 */
import type { Kind } from '../../api/kind.ts';
import { mergeKeyOf, mergesPrimitives, retainsKeys } from '../../api/machinery/patch/merge-keys.ts';
import { isRecord } from '../../api/machinery/patch/values.ts';
import { kinds } from '../../api/registry.ts';
import { fieldsOfModel, leafOf, typeName, type FieldType } from '../../api/schema/definitions.ts';
import { wordsOf } from '../../api/schema/words.ts';

type Schema = Readonly<Record<string, unknown>>;
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const META_MODELS = ['V1ObjectMeta', 'V1ListMeta', 'V1LabelSelector', 'V1Condition', 'V1Status', 'V1DeleteOptions'];
const itemOf = (type: string): string => type.replace(/^(?:\[\]|\{\})+/, '');

/** The models that these lead to, themselves included, in the order in which they are met. */
function reached(models: readonly string[]): readonly string[] {
  const met = new Set(models);
  for (const model of met)
    for (const { type } of fieldsOfModel(model)?.values() ?? []) if (fieldsOfModel(itemOf(type))) met.add(itemOf(type));
  return [...met];
}

const packageOf = ({ group, version }: Kind): string => `io.k8s.api.${group === '' ? 'core' : group.split('.')[0]}.${version}`;
/** What all groups use belongs to meta, what the others use belongs to core. */
let named: ReadonlyMap<string, string> | undefined;
function nameOf(model: string): string {
  if (!named) {
    const names = new Map<string, string>();
    const claim = (models: readonly string[], by: string): void => {
      for (const m of reached(models)) if (!names.has(m)) names.set(m, `${by}.${typeName(m)}`);
    };
    claim(META_MODELS, META);
    for (const kind of [...kinds].sort((a, b) => (a.group < b.group ? -1 : 1))) claim([kind.model], packageOf(kind));
    named = names;
  }
  return named.get(model) ?? `io.k8s.api.core.v1.${typeName(model)}`;
}

const ref = (name: string): Schema => ({ allOf: [{ $ref: `#/components/schemas/${name}` }] });
const PLAIN: Readonly<Record<string, Schema>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  number: { type: 'number', format: 'double' },
  base64: { type: 'string', format: 'byte' },
};
const oneOf = (...types: readonly string[]): Schema => ({ oneOf: types.map((type) => ({ type })) });
/** Leaves with a name of their own. */
const NAMED: Readonly<Record<string, readonly [string, Schema]>> = {
  quantity: ['io.k8s.apimachinery.pkg.api.resource.Quantity', oneOf('string', 'number')],
  intOrString: ['io.k8s.apimachinery.pkg.util.intstr.IntOrString', { format: 'int-or-string', ...oneOf('integer', 'string') }],
  time: [`${META}.Time`, { type: 'string', format: 'date-time' }],
  microTime: [`${META}.MicroTime`, { type: 'string', format: 'date-time' }],
  fieldsV1: [`${META}.FieldsV1`, { type: 'object' }],
  rawExtension: ['io.k8s.apimachinery.pkg.runtime.RawExtension', { type: 'object' }],
};
const described = (id: string, schema: Schema): Schema => {
  const description = wordsOf(id);
  return description === undefined ? schema : { description, ...schema };
};

function typeSchema(type: string): Schema {
  if (type.startsWith('[]')) return { type: 'array', items: itemSchema(type.slice(2)) };
  if (type.startsWith('{}')) return { type: 'object', additionalProperties: itemSchema(type.slice(2)) };
  return PLAIN[type] ?? ref(NAMED[type]?.[0] ?? nameOf(type));
}
const itemSchema = (type: string): Schema => ({
  ...typeSchema(type),
  ...(fieldsOfModel(type) ? { default: {} } : type === 'string' ? { default: '' } : {}),
});

function fieldSchema(model: string, name: string, { type, values }: FieldType): Schema {
  const mergeKey = mergeKeyOf(model, name);
  const strategies = [
    ...(mergeKey !== undefined || mergesPrimitives(model, name) ? ['merge'] : []),
    ...(retainsKeys(model, name) ? ['retainKeys'] : []),
  ];
  return described(`${model}.${name}`, {
    ...typeSchema(leafOf(name, type)),
    ...(values ? { enum: [...values] } : {}),
    ...(mergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': mergeKey }),
    ...(strategies.length > 0 ? { 'x-kubernetes-patch-strategy': strategies.join(',') } : {}),
  });
}

function modelSchema(model: string): Schema {
  const fields = [...(fieldsOfModel(model) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  const required = fields.filter(([, field]) => field.isRequired).map(([name]) => name);
  const served = kinds.filter((kind) => kind.model === model).map(({ group, version, kind }) => ({ group, kind, version }));
  return described(model, {
    type: 'object',
    ...(required.length > 0 ? { required } : {}),
    properties: Object.fromEntries(fields.map(([name, field]) => [name, fieldSchema(model, name, field)])),
    ...(served.length > 0 ? { 'x-kubernetes-group-version-kind': served } : {}),
  });
}

function listSchema(kind: Kind): readonly [string, Schema] {
  const text = (field: 'apiVersion' | 'kind'): Schema => fieldSchema(kind.model, field, { type: 'string', isRequired: false });
  const metadata = { ...ref(`${META}.ListMeta`), default: {} };
  return [
    `${packageOf(kind)}.${kind.kind}List`,
    {
      type: 'object',
      required: ['items'],
      properties: { apiVersion: text('apiVersion'), items: { type: 'array', items: itemSchema(kind.model) }, kind: text('kind'), metadata },
      'x-kubernetes-group-version-kind': [{ group: kind.group, kind: `${kind.kind}List`, version: kind.version }],
    },
  ];
}

/** As version 2 has them: its references stand alone, and what has two types is a text. */
export function definitionsOf(served: readonly Kind[]): Schema {
  const asV2 = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(asV2);
    if (!isRecord(value)) return value;
    const { allOf, oneOf, ...rest } = value;
    const own = Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, asV2(inner)]));
    return {
      ...own,
      ...(oneOf ? { type: 'string' } : {}),
      ...(Array.isArray(allOf)
        ? { $ref: String((allOf[0] as { readonly $ref: string }).$ref).replace('#/components/schemas/', '#/definitions/') }
        : {}),
    };
  };
  return asV2(schemasOf(served)) as Schema;
}

/** `served`: the kinds of one group and version. */
export function schemasOf(served: readonly Kind[]): Schema {
  const models = reached([...served.map((kind) => kind.model), 'V1DeleteOptions', 'V1Status', 'V1ListMeta']).map(
    (model) => [nameOf(model), modelSchema(model)] as const,
  );
  return {
    ...Object.fromEntries([...models, ...served.map(listSchema)].sort(([a], [b]) => (a < b ? -1 : 1))),
    ...Object.fromEntries(Object.entries(NAMED).map(([leaf, [name, schema]]) => [name, described(leaf, schema)])),
  };
}
