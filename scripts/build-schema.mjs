/**
 * Writes src/api/schema/definitions.json: for each model its fields as 'type', with '!' when required, '+' when Go always writes it, '*' when its zero is kept, and '=a|b' when only some words are allowed.
 * Source: @kubernetes/client-node (OpenAPI release 1.36) for fields, kubernetes-models for enums and for which strings are quantities.
 * Descriptions come from the Go sources: scripts/build-go.mjs.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { goFields } from './go-fields.mjs';
import { roots } from './schema-roots.mjs';

const models = new URL('../node_modules/@kubernetes/client-node/dist/gen/models/', import.meta.url);
const schemas = new URL('../node_modules/kubernetes-models/_schemas/', import.meta.url);
const definitions = {};
const counts = { enums: 0, quantities: 0 };
const queue = [...roots];
while (queue.length > 0) {
  const name = queue.shift();
  if (definitions[name]) continue;
  const text = readFileSync(new URL(`${name}.d.ts`, models), 'utf8');
  const model = (await import(new URL(`${name}.js`, models).href))[name];
  const attributes = model.getAttributeTypeMap();
  const extra = await probe(
    name,
    attributes.map((a) => a.baseName),
  );
  const fields = {};
  const marks = new Map((goFields[name] ?? '').split(' ').map((entry) => [entry.slice(0, -1), entry.slice(-1)]));
  for (const { name: field, baseName, type, format } of attributes) {
    const { values, isQuantity } = extra(baseName);
    if (values) counts.enums++;
    if (isQuantity) counts.quantities++;
    fields[baseName] =
      (isQuantity ? shorten(type, format).replace('string', 'quantity') : shorten(type, format)) +
      (text.includes(`'${field}': `) ? '!' : '') +
      (marks.get(baseName) ?? '') +
      (values ? `=${values.join('|')}` : '');
  }
  definitions[name] = fields;
}

function shorten(type, format) {
  const array = /^Array<(.*)>$/.exec(type);
  if (array) return `[]${shorten(array[1], format)}`;
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (map) return `{}${shorten(map[1], format)}`;
  if (type === 'Date' || type === 'V1MicroTime') return 'time';
  if (type === 'IntOrString') return 'intOrString';
  if (type === 'number') return format === 'int32' || format === 'int64' ? format : 'number';
  if (type === 'string') return format === 'byte' ? 'base64' : 'string';
  if (type === 'boolean') return type;
  if (!existsSync(new URL(`${type}.js`, models))) return 'any';
  queue.push(type);
  return type;
}

/** Asks the model's validator about nonsense words: its complaints tell the enums and the quantities. */
async function probe(name, fields) {
  const bare = name.replace(/^(?:Core|Apps|Discovery|Events)(?=V\d)/, '');
  const file = ['Core', 'Apps', 'Discovery', 'Coordination', 'Autoscaling', 'Policy']
    .map((group) => new URL(`IoK8sApi${group}${bare}.js`, schemas))
    .find((url) => existsSync(url));
  if (!file) return () => ({});
  const { validate } = await import(file.href);
  const complaints = [(word) => word, (word) => ({ x: word })].flatMap((wrap) => {
    validate(Object.fromEntries(fields.map((field) => [field, wrap('\u0001')])));
    return validate.errors ?? [];
  });
  return (field) => ({
    values: complaints
      .find((error) => error.instancePath === `/${field}` && error.keyword === 'enum' && error.params.allowedValues.length > 1)
      ?.params.allowedValues.filter((value) => value !== ''),
    isQuantity: complaints.some(
      (error) => (error.instancePath === `/${field}` || error.instancePath === `/${field}/x`) && error.params?.format === 'quantity',
    ),
  });
}

if (counts.enums === 0) throw new Error('no enum was found: npm install --no-save kubernetes-models@5.1 first');
writeFileSync(
  fileURLToPath(new URL('../src/api/schema/definitions.json', import.meta.url)),
  `${JSON.stringify(definitions).replace(/\},"/g, '},\n"')}\n`,
);
console.log(Object.keys(definitions).length, 'definitions,', counts.enums, 'enums,', counts.quantities, 'quantities');
