/** What -o go-template prints. Upstream: cli-runtime pkg/printers/template.go, pkg/genericclioptions/template_flags.go (v1.36). */
import { goJson } from '../../api/machinery/go-json.ts';
import { goText } from '../../api/machinery/patch/values.ts';
import { functions } from './functions.ts';
import { parseTemplate, TemplateError, type Parsed } from './parse.ts';
import { runTemplate } from './run.ts';

const NAMES: ReadonlySet<string> = new Set(functions.keys());

export function printTemplate(template: string, object: unknown): { readonly out: string; readonly err?: string } {
  let parsed: Parsed;
  try {
    parsed = parseTemplate(template, NAMES);
  } catch (error) {
    if (error instanceof TemplateError) return { out: '', err: `error: error parsing template ${template}, ${error.message}\n` };
    throw error;
  }
  const { out, error } = runTemplate(template, parsed, object);
  if (error === undefined) return { out };
  const more = `Error executing template: ${error}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\traw data was:\n\t\t${goJson(object)}\n\tobject given to template engine was:\n\t\t${goText(object)}\n\n`;
  return { out: out + more, err: `error: error executing template ${JSON.stringify(template)}: ${error}\n` };
}
