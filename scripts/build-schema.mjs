/** Writes src/api/schema/definitions.json: for each model its fields as 'type', with '!' when required. Source: @kubernetes/client-node (release-1.36), kubernetes-models for enums. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { roots } from './schema-roots.mjs';

const models = new URL('../node_modules/@kubernetes/client-node/dist/gen/models/', import.meta.url);
const definitions = {};
const descriptions = {};
const queue = [...roots];
while (queue.length > 0) {
  const name = queue.shift();
  if (definitions[name]) continue;
  const text = readFileSync(new URL(`${name}.d.ts`, models), 'utf8');
  const model = (await import(new URL(`${name}.js`, models).href))[name];
  const fields = {};
  for (const { name: field, baseName, type } of model.getAttributeTypeMap()) {
    fields[baseName] = shorten(type) + (text.includes(`'${field}': `) ? '!' : '');
    const doc = new RegExp(`/\\*\\*\\n    \\* ([^\\n]*)\\n    \\*/\\n    '${field.replace(/[$]/g, '\\$')}'`).exec(text);
    if (doc) descriptions[`${name}.${baseName}`] = doc[1].replace(/\\'/g, "'").replace(/\\"/g, '"');
  }
  definitions[name] = fields;
}
function shorten(type) {
  const array = /^Array<(.*)>$/.exec(type);
  if (array) return `[]${shorten(array[1])}`;
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (map) return `{}${shorten(map[1])}`;
  if (type === 'Date' || type === 'V1MicroTime') return 'time';
  if (type === 'IntOrString') return 'intOrString';
  if (/^(string|number|boolean)$/.test(type)) return type;
  if (!existsSync(new URL(`${type}.js`, models))) return 'any';
  queue.push(type);
  return type;
}
writeFileSync(fileURLToPath(new URL('../src/api/schema/definitions.json', import.meta.url)), JSON.stringify(definitions, null, 0).replace(/\},"/g, '},\n"'));
writeFileSync(fileURLToPath(new URL('../public/schema-descriptions.json', import.meta.url)), JSON.stringify(descriptions));
console.log(Object.keys(definitions).length, 'definitions');
