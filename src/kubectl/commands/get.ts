/** kubectl get. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/get/get.go (v1.36). Simplified: of files of templates it knows the names. */
import { queryOf } from '../../cluster/api-request.ts';
import { table } from '../../api/machinery/table.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Kind } from '../../api/kind.ts';
import { apiVersionOf } from '../../api/registry.ts';
import { columnWidths, textTable } from '../../lib/text-table.ts';
import { serverError, type Ask, type Command, type Env, type Output, type Told } from '../command.ts';
import { patienceOf } from '../dialling.ts';
import { selectorQuery, targetsOf, type Target } from '../targets.ts';
import { FILES_AND_WORDS, NAME_AND_SELECTOR, nameOf, pathFor } from '../resources.ts';
import { formatted, outputError } from '../printing.ts';
import { customColumns, sorted, sortError } from '../sort-by.ts';

interface State {
  readonly wanted: readonly Target[];
  readonly at: number;
  readonly groups: readonly { readonly wanted: Target; readonly objects: readonly KubeObject[] }[];
  readonly err: string;
  readonly version: string;
  /** Of the columns that a watch has printed. */
  readonly widths: readonly number[];
  readonly raw?: true;
}

const FORMATS =
  'custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml';

function ask({ kind, name, namespace }: Target, env: Env): Ask {
  const { flags } = env.argv;
  return {
    tag: 'got',
    request: {
      method: 'GET',
      path: pathFor(kind, namespace, name, flags.get('subresource')),
      ...(name === undefined ? { query: { ...selectorQuery(env), limit: flags.get('chunk-size') ?? '500' } } : {}),
    },
  };
}

/** A bad selector is answered in longer words than the server's. */
function errorOf(wanted: Target, env: Env, response: Parameters<typeof serverError>[0]): string {
  const text = serverError(response);
  const { flags } = env.argv;
  if (response?.code !== 400 || wanted.name !== undefined || (!flags.has('selector') && !flags.has('field-selector'))) return text;
  const { kind } = wanted;
  return text.replace(
    '(BadRequest): ',
    `(BadRequest): Unable to find "${kind.group}/${kind.version}, Resource=${kind.plural}" that match label selector "${flags.get('selector') ?? ''}", field selector "${flags.get('field-selector') ?? ''}": `,
  );
}

function print(state: State, env: Env): Output {
  const { flags } = env.argv;
  const output = flags.get('output') ?? '';
  const all = sorted(
    state.groups.flatMap((g) => g.objects),
    flags.get('sort-by'),
  );
  const single = state.wanted.length === 1 && state.wanted[0].name !== undefined;
  const list = { apiVersion: 'v1', items: all, kind: 'List', metadata: { resourceVersion: '' } };
  const end = { err: state.err, exit: state.err === '' ? 0 : 1 };
  if (single && all.length === 0) return end;
  const unsorted = single || output === '' || output === 'wide' ? undefined : sortError(all, flags.get('sort-by'));
  if (unsorted !== undefined) return { err: unsorted, exit: 1 };
  if (['json', 'yaml', 'kyaml'].includes(output) && all.length === 0 && state.err !== '') return end;
  if (output === 'name') return { ...end, out: all.map((o) => `${nameOf(o)}\n`).join('') };
  const said = formatted(output, single ? all[0] : list);
  if (said) return said.err === undefined ? { ...end, ...said } : { ...said, err: state.err + said.err, exit: 1 };
  const custom = customOf(env, all, flags.has('no-headers'));
  if (custom) return 'err' in custom ? { err: custom.err, exit: 1 } : { ...end, out: textTable(custom.lines) };
  return printTables(state, env, end);
}

function customOf(env: Env, objects: readonly KubeObject[], noHeaders: boolean): ReturnType<typeof customColumns> | undefined {
  const output = env.argv.flags.get('output') ?? '';
  return output.startsWith('custom-columns=') ? customColumns(output.slice(15), objects, noHeaders) : undefined;
}

/** Several answers are sorted by their own fields, not by their rows'; what goes wrong in one answer is not said. Upstream: pkg/cmd/get/sorter.go RuntimeSorter, get.go Run. */
const TABLE = { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: { resourceVersion: '' } };

function printTables(state: State, env: Env, end: { readonly err: string; readonly exit: number }): Output {
  const { flags } = env.argv;
  const isMany = new Set(state.wanted.map((w) => w.kind)).size > 1;
  const byKind = [...new Set(state.wanted.map((w) => w.kind))]
    .map((kind) => ({
      kind,
      objects: sorted(
        state.groups.filter((g) => g.wanted.kind === kind).flatMap((g) => g.objects),
        flags.get('sort-by'),
      ),
    }))
    .filter((g) => g.objects.length > 0);
  const by = flags.get('sort-by');
  const misplaced = state.wanted.length > 1 ? sortError([TABLE], by) : undefined;
  if (misplaced !== undefined) return { err: misplaced, exit: 1 };
  if (
    byKind.length === 0 ||
    byKind.some(({ objects }) => state.wanted.length === 1 && objects.length > 1 && sortError(objects, by) !== undefined)
  ) {
    const where =
      flags.has('all-namespaces') || !state.wanted.some((w) => w.kind.namespaced)
        ? 'No resources found\n'
        : `No resources found in ${env.namespace} namespace.\n`;
    return end.exit === 0 && !flags.has('ignore-not-found') ? { err: where, exit: 0 } : end;
  }
  return {
    ...end,
    out: byKind
      .map(({ kind, objects }) => textTable(linesOf(objects, env, { kind, showKind: isMany, header: true })))
      .join(flags.has('no-headers') ? '' : '\n'),
  };
}

/** `event`: what happened to them, for --output-watch-events. */
function linesOf(
  objects: readonly KubeObject[],
  env: Env,
  r: { readonly kind: Kind; readonly showKind?: boolean; readonly header: boolean; readonly event?: string },
): readonly (readonly string[])[] {
  const custom = customOf(env, objects, !r.header || env.argv.flags.has('no-headers'));
  return custom ? ('lines' in custom ? custom.lines : []) : tableLinesOf(objects, env, r);
}

function tableLinesOf(
  objects: readonly KubeObject[],
  env: Env,
  r: { readonly kind: Kind; readonly showKind?: boolean; readonly header: boolean; readonly event?: string },
): readonly (readonly string[])[] {
  const { flags } = env.argv;
  const isServers = flags.get('server-print') !== 'false';
  const labelColumns = (flags.get('label-columns') ?? '').split(',').filter((l) => l !== '');
  const { columns, rows } = table(objects, {
    wide: isServers && flags.get('output') === 'wide',
    namespaces: flags.has('all-namespaces') && r.kind.namespaced,
    showKind: r.showKind === true || flags.has('show-kind'),
    labels: flags.has('show-labels'),
    labelColumns,
    nowMs: env.nowMs,
  });
  /** What kubectl can tell without the server's columns: names, ages and labels. */
  const kept = (line: readonly string[]): readonly string[] =>
    isServers
      ? line
      : line.filter(
          (_cell, i) =>
            i >= columns.length - labelColumns.length - Number(flags.has('show-labels')) ||
            ['NAMESPACE', 'NAME', 'AGE'].includes(columns[i]),
        );
  const head = kept(columns);
  const lines = r.header && !flags.has('no-headers') ? [head, ...rows.map(kept)] : rows.map(kept);
  return flags.has('output-watch-events') ? lines.map((line) => [line === head ? 'EVENT' : (r.event ?? 'ADDED'), ...line]) : lines;
}

function usageError(env: Env): string | undefined {
  const { words, flags } = env.argv;
  const output = flags.get('output') ?? '';
  const file = /^custom-columns-file=(.+)$/.exec(output)?.[1];
  if (file !== undefined) return `error: error reading template ${file}, open ${file}: no such file or directory\n`;
  if (output === 'custom-columns') return 'error: custom-columns format specified but no custom columns given\n';
  if (flags.has('raw') && words.length > 0) return 'error: arguments may not be passed when --raw is specified\n';
  if (flags.has('raw') && output !== '') return 'error: --raw and --output are mutually exclusive\n';
  const raw = flags.get('raw') ?? '/';
  if (!raw.startsWith('/')) return `error: --raw must be a valid URL path: parse ${JSON.stringify(raw)}: invalid URI for request\n`;
  if (flags.has('filename') && words.length > 0) return FILES_AND_WORDS;
  if (flags.has('output-watch-events') && !flags.has('watch') && !flags.has('watch-only'))
    return 'error: --output-watch-events option can only be used with --watch or --watch-only\n';
  const wrong = output.startsWith('custom-columns=')
    ? undefined
    : outputError(env.argv, FORMATS, ['wide', 'json', 'yaml', 'kyaml', 'name']);
  if (wrong !== undefined) return wrong;
  if (words.length === 0 && !flags.has('filename') && !flags.has('raw'))
    return 'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\nSee \'kubectl get -h\' for help and examples\n';
  const isNamed = words.length > 1 || (words[0] ?? '').includes('/');
  if (flags.has('subresource') && !isNamed && !flags.has('filename'))
    return 'error: subresource cannot be used when bulk resources are specified\n';
  if (isNamed && (flags.has('selector') || flags.has('field-selector'))) return NAME_AND_SELECTOR;
  return undefined;
}

function watching(state: State, env: Env): Output {
  const [first] = state.wanted;
  const { flags } = env.argv;
  const field = first.name === undefined ? flags.get('field-selector') : `metadata.name=${first.name}`;
  const shown = flags.has('watch-only') ? [] : state.groups.flatMap((g) => g.objects);
  const widths = shown.length === 0 ? [] : columnWidths(linesOf(shown, env, { kind: first.kind, header: true }));
  const query = {
    watch: '1',
    resourceVersion: state.version,
    ...selectorQuery(env),
    ...(field === undefined ? {} : { fieldSelector: field }),
  };
  const wakeUs = patienceOf(env.argv);
  return {
    ...(wakeUs === undefined ? {} : { wakeUs }),
    state: { ...state, widths } satisfies State,
    ask: [{ tag: 'watch', isWatch: true, request: { method: 'GET', path: pathFor(first.kind, first.namespace), query } }],
  };
}

/** One line an event, as its object looks now; the first one brings the header when there was nothing to print before. */
function printEvent(state: State, { object, type }: NonNullable<Told['event']>, env: Env): Output {
  const output = env.argv.flags.get('output') ?? '';
  if (output === 'name') return { out: `${nameOf(object)}\n` };
  const said = formatted(output, object);
  if (said?.err !== undefined) return { ...said, exit: 1 };
  if (said) return 'out' in said && output === 'yaml' ? { out: `---\n${said.out}` } : said;
  const lines = linesOf([object], env, { kind: state.wanted[0].kind, header: state.widths.length === 0, event: type });
  return { out: textTable(lines, state.widths), state: { ...state, widths: columnWidths(lines, state.widths) } satisfies State };
}

export default [
  {
    name: 'get',
    init(env) {
      const wrong = usageError(env);
      if (wrong !== undefined) return { err: wrong, exit: 1 };
      const raw = env.argv.flags.get('raw');
      if (raw !== undefined) {
        const [path, search] = raw.split('?');
        return {
          state: { wanted: [], at: 0, groups: [], err: '', version: '', widths: [], raw: true } satisfies State,
          ask: [{ tag: 'raw', request: { method: 'GET', path, ...(search ? { query: queryOf(search) } : {}) } }],
        };
      }
      const wanted = targetsOf(env, env.argv.words);
      if ('exit' in wanted) return wanted;
      const watches = env.argv.flags.get('watch') === 'true' || env.argv.flags.has('watch-only');
      const state: State = { wanted, at: 0, groups: [], err: '', version: '', widths: [] };
      return {
        ...(watches && env.argv.flags.has('sort-by')
          ? { said: 'warning: --watch requested, --sort-by will be ignored for watch events received\n' }
          : {}),
        state,
        ask: [ask(wanted[0], env)],
      };
    },
    update(model, told, env) {
      const state = model as State;
      if (told.tag === 'timer') return { exit: 0 };
      if (told.event) return printEvent(state, told.event, env);
      const { response } = told;
      if (!response) return {};
      if (state.raw)
        return response.code < 400
          ? { out: typeof response.body === 'string' ? response.body : JSON.stringify(response.body), exit: 0 }
          : { err: serverError(response), exit: 1 };
      const wanted = state.wanted[state.at];
      const ok = response.code === 200;
      const body = response.body as KubeObject & {
        readonly items?: readonly KubeObject[];
        readonly metadata?: { readonly continue?: string };
      };
      const objects = ok
        ? wanted.name === undefined
          ? (body.items ?? []).map((item) => ({ apiVersion: apiVersionOf(wanted.kind), kind: wanted.kind.kind, ...item }))
          : [body]
        : [];
      const isMissing = response.code === 404 && env.argv.flags.has('ignore-not-found');
      const more = ok && wanted.name === undefined ? body.metadata?.continue : undefined;
      const next: State = {
        ...state,
        at: state.at + (more ? 0 : 1),
        groups: [...state.groups, { wanted, objects }],
        err: state.err + (ok || isMissing ? '' : errorOf(wanted, env, response)),
        version: body.metadata?.resourceVersion ?? '',
      };
      if (more) {
        const again = ask(wanted, env);
        return { state: next, ask: [{ ...again, request: { ...again.request, query: { ...again.request.query, continue: more } } }] };
      }
      if (response.code === 0) return { err: next.err, exit: 1 };
      if (next.at < next.wanted.length) return { state: next, ask: [ask(next.wanted[next.at], env)] };
      const isWatch = env.argv.flags.get('watch') === 'true' || env.argv.flags.has('watch-only');
      if (isWatch && next.wanted.length > 1 && next.wanted[0].kind !== next.wanted[1].kind)
        return { err: 'error: you may only specify a single resource type\n', exit: 1 };
      const printed: Output = env.argv.flags.has('watch-only') ? { err: next.err, exit: next.err === '' ? 0 : 1 } : print(next, env);
      if (!isWatch || printed.exit === 1) return printed;
      return { out: printed.out ?? '', ...watching(next, env) };
    },
  },
] satisfies readonly Command[];
