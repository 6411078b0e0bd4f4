/** kubectl explain. Upstream: staging/src/k8s.io/kubectl/pkg/explain/v2/templates/plaintext.tmpl (v1.36). Simplified: nothing known. */
import { apiVersionOf, kindNamed, resourceName } from '../../api/registry.ts';
import { fieldsOfModel, leafOf, typeName, type FieldType } from '../../api/schema/definitions.ts';
import { still, type Command } from '../command.ts';
import { noSuchType } from '../resources.ts';
import { wordsOf } from '../../api/schema/words.ts';

const GO: Readonly<Record<string, string>> = {
  int32: 'integer',
  int64: 'integer',
  quantity: 'Quantity',
  intOrString: 'IntOrString',
  time: 'string',
  microTime: 'string',
  fieldsV1: 'FieldsV1',
  rawExtension: 'RawExtension',
  base64: 'string',
};
const typeText = (type: string): string =>
  type.startsWith('[]')
    ? `[]${typeText(type.slice(2))}`
    : type.startsWith('{}')
      ? `map[string]${typeText(type.slice(2))}`
      : (GO[type] ?? typeName(type));
const itemOf = (type: string): string => type.replace(/^(\[\]|\{\})+/, '');

/** Lines of at most so many letters, each after the blanks; its own line ends stay, and a word that is longer has a line of its own. Upstream: mitchellh/go-wordwrap. */
function wrapped(text: string, width: number, blanks: string): string {
  const lines = text.split('\n').flatMap((paragraph) => {
    const out = [''];
    for (const [, space, word] of paragraph.matchAll(/(\s*)(\S*)/g)) {
      const last = out.length - 1;
      if (word !== '' && out[last].length + space.length + Math.min(word.length, width - 1) > width) out.push(word);
      else if (word !== '' || out[last].length + space.length <= width) out[last] += space + word;
    }
    return out;
  });
  return lines.map((line) => `${blanks}${line}\n`).join('');
}

const MOST_WORDS = 4;
function fieldLines(model: string, recursive: boolean, depth: number, seen: readonly string[] = []): string {
  const blanks = '  '.repeat(depth);
  return [...(fieldsOfModel(model) ?? [])]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => {
      const inner = itemOf(field.type);
      const words = field.values
        ? `${blanks}enum: ${field.values.slice(0, MOST_WORDS).join(', ')}${field.values.length > MOST_WORDS ? ', ....' : ''}\n`
        : '';
      const line = `${blanks}${name}\t<${typeText(leafOf(name, field.type))}>${field.isRequired ? ' -required-' : ''}\n${words}`;
      if (recursive)
        return line + (fieldsOfModel(inner) && !seen.includes(inner) ? fieldLines(inner, true, depth + 1, [...seen, inner]) : '');
      return `${line}${wrapped(wordsOf(`${model}.${name}`) ?? '<no description>', 78 - blanks.length, `${blanks}  `)}\n`;
    })
    .join('');
}

/** Where a path of fields ends: the model that is there, and what led to it; undefined when there is no such field. */
interface End {
  readonly model: string;
  readonly about: readonly string[];
  readonly last?: { readonly name: string; readonly field: FieldType; readonly leaf: string };
}
function follow(start: string, path: readonly string[]): End | undefined {
  let end: End = { model: start, about: [start] };
  for (const name of path) {
    const field = fieldsOfModel(end.model)?.get(name);
    if (!field) return undefined;
    const model = itemOf(field.type);
    const leaf = leafOf(name, field.type);
    end = { model, about: [`${end.model}.${name}`, itemOf(leaf)], last: { name, field, leaf } };
  }
  return end;
}

function explainText({ model, about, last }: End, recursive: boolean): string {
  const words = last?.field.values ? `ENUM:\n${last.field.values.map((value) => `    ${value === '' ? '""' : value}\n`).join('')}` : '\n';
  const field = last ? `FIELD: ${last.name} <${typeText(last.leaf)}>\n${words}\n` : '';
  const description = about
    .flatMap((id) => {
      const text = wordsOf(id);
      return text === undefined ? [] : [wrapped(text, 76, '    ')];
    })
    .join('');
  return `${field}DESCRIPTION:\n${description === '' ? '    <empty>\n' : `${description}    \n`}${fieldsOfModel(model) ? `FIELDS:\n${fieldLines(model, recursive, 1)}` : ''}\n`;
}

export default [
  still('explain', ({ argv: { words, flags } }) => {
    const [word, ...more] = words;
    if (word === undefined)
      return {
        err: 'error: You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.\n',
        exit: 1,
      };
    if (more.length > 0) return { err: 'error: We accept only this format: explain RESOURCE\n', exit: 1 };
    const [name, ...rest] = word.split('.').filter((part) => part !== '');
    const kind = kindNamed(name ?? '');
    if (!kind) return { err: `${noSuchType(name ?? '')}\n`, exit: 1 };
    const asked = flags.get('api-version') ?? apiVersionOf(kind);
    if (asked !== apiVersionOf(kind))
      return {
        err: `error: couldn't find resource for "${asked.includes('/') ? asked : `/${asked}`}, Resource=${kind.plural}"\n`,
        exit: 1,
      };
    /** 'deployments.apps.spec' names the group, too. */
    const path = word.startsWith(resourceName(kind)) ? rest.slice(resourceName(kind).split('.').length - 1) : rest;
    const head = `${kind.group === '' ? '' : `GROUP:      ${kind.group}\n`}KIND:       ${kind.kind}\nVERSION:    ${kind.version}\n\n`;
    const end = follow(kind.model, path);
    return end
      ? { out: head + explainText(end, flags.has('recursive')), exit: 0 }
      : { out: head, err: `error: field ${JSON.stringify(path[path.length - 1])} does not exist\n`, exit: 1 };
  }),
] satisfies readonly Command[];
