/** What -o makes of an object, for commands that have no columns of their own. Upstream: cli-runtime pkg/genericclioptions/print_flags.go (v1.36). Simplified: there are no files. */
import { toKyaml } from '../api/manifest/kyaml.ts';
import { toJson, toYaml } from '../api/manifest/print.ts';
import type { Argv } from './argv.ts';
import { printTemplate } from './go-template/print-template.ts';
import { printPath } from './json-path.ts';

const FORMATS = 'go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml';
const PATH = /^(jsonpath(?:-as-json)?)=(.*)$/s;
const TEMPLATE = /^(?:go-)?template=(.+)$/s;
const FILE = /^(?:go-template-file|templatefile|jsonpath-file)=(.+)$/s;

/** An -o that cannot be printed; `formats` are named as those that can. */
export function outputError(
  { flags }: Argv,
  formats = FORMATS,
  known: readonly string[] = ['json', 'yaml', 'kyaml', 'name'],
): string | undefined {
  const output = flags.get('output') ?? '';
  if (['go-template', 'template', 'jsonpath', 'jsonpath-as-json'].includes(output.replace(/=$/, '')))
    return 'error: template format specified but no template given\n';
  const [, file] = FILE.exec(output) ?? [];
  if (file !== undefined) return `error: error reading --template ${file}, open ${file}: no such file or directory\n`;
  if (output === '' || known.includes(output) || PATH.test(output) || TEMPLATE.test(output)) return undefined;
  return `error: unable to match a printer suitable for the output format ${JSON.stringify(output.split('=')[0])}, allowed formats are: ${formats}\n`;
}

const PRINTERS: Readonly<Record<string, (object: unknown) => string>> = { json: toJson, yaml: toYaml, kyaml: toKyaml };

/** JSON, YAML, KYAML, or what a path or a template makes of it; undefined for any other -o. A template that fails has printed until then. */
export function formatted(
  output: string,
  object: unknown,
): { readonly out: string; readonly err?: string } | { readonly err: string } | undefined {
  const print = PRINTERS[output];
  if (print) return { out: print(object) };
  const [, goTemplate] = TEMPLATE.exec(output) ?? [];
  if (goTemplate !== undefined) return printTemplate(goTemplate, object);
  const [, format, template] = PATH.exec(output) ?? [];
  return template === undefined ? undefined : printPath(template, object, format === 'jsonpath-as-json');
}
