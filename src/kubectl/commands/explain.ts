/** kubectl explain. Upstream: staging/src/k8s.io/kubectl/pkg/explain (v1.36). Simplified: fields and types without descriptions. */
import type { Kind } from '../../api/kind.ts';
import { kindNamed } from '../../api/registry.ts';
import { fieldsOfModel, typeName } from '../../api/schema/definitions.ts';
import { still, type Command } from '../command.ts';

const GO: Readonly<Record<string, string>> = { int32: 'integer', int64: 'integer', boolean: 'boolean', number: 'number', quantity: 'Quantity', intOrString: 'IntOrString', time: 'Time', base64: 'string', any: 'Object', string: 'string' };
const typeText = (type: string): string => (type.startsWith('[]') ? `[]${typeText(type.slice(2))}` : type.startsWith('{}') ? `map[string]${typeText(type.slice(2))}` : (GO[type] ?? typeName(type)));

function fieldLines(model: string, recursive: boolean, depth: number, seen: readonly string[] = []): string {
  return [...(fieldsOfModel(model) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => {
    const inner = field.type.replace(/^(\[\]|\{\})+/, '');
    const words = field.values && !recursive ? `${'  '.repeat(depth)}enum: ${field.values.join(', ')}\n` : '';
    const line = `${'  '.repeat(depth)}${name}\t<${typeText(field.type)}>${field.isRequired ? ' -required-' : ''}\n${words}`;
    return recursive ? line + (fieldsOfModel(inner) && !seen.includes(inner) ? fieldLines(inner, true, depth + 1, [...seen, inner]) : '') : `${line}    <no description available>\n\n`;
  }).join('');
}

function explainText(kind: Kind, path: readonly string[], recursive: boolean): string {
  const headText = `${kind.group === '' ? '' : `GROUP:      ${kind.group}\n`}KIND:       ${kind.kind}\nVERSION:    ${kind.version}\n\n`;
  let model = kind.model;
  let field: { readonly name: string; readonly type: string } | undefined;
  for (const name of path) {
    const found = fieldsOfModel(model)?.get(name);
    if (!found) return '';
    field = { name, type: found.type };
    model = found.type.replace(/^(\[\]|\{\})+/, '');
  }
  const what = field ? `FIELD: ${field.name} <${typeText(field.type)}>\n\n` : '';
  return `${headText}${what}DESCRIPTION:\n    <no description available>\n    \n${fieldsOfModel(model) ? `FIELDS:\n${fieldLines(model, recursive, 1)}` : ''}\n`;
}

export default [still('explain', (env) => {
  const [word] = env.argv.words;
  if (word === undefined) return { err: 'error: You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.\n', exit: 1 };
  const [name, ...path] = word.split('.');
  const kind = kindNamed(name);
  if (!kind) return { err: `the server doesn't have a resource type ${JSON.stringify(name)}\n`, exit: 1 };
  const text = explainText(kind, path, env.argv.flags.has('recursive'));
  return text === '' ? { err: `error: field ${JSON.stringify(path[path.length - 1])} does not exist\n`, exit: 1 } : { out: text, exit: 0 };
})] satisfies readonly Command[];
