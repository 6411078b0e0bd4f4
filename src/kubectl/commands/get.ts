/** kubectl get. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/get/get.go (v1.36). Simplified: -o go-template, custom-columns and sort-by are not there. */
import { table } from '../../api/machinery/table.ts';
import { toJson, toYaml } from '../../api/manifest/print.ts';
import type { KubeObject } from '../../api/object.ts';
import { kindOf } from '../../api/registry.ts';
import { textTable } from '../../lib/text-table.ts';
import { serverError, type Ask, type Command, type Env, type Output } from '../command.ts';
import { display, namespaceFor, pathFor, resolve, type Named } from '../resources.ts';
import { jsonPath } from '../json-path.ts';

interface State { readonly wanted: readonly Named[]; readonly at: number; readonly groups: readonly { readonly wanted: Named; readonly objects: readonly KubeObject[] }[]; readonly err: string; readonly header: boolean; readonly version: string }

function ask({ kind, name }: Named, env: Env): Ask {
  const query: Record<string, string> = {};
  if (env.argv.flags.has('selector')) query.labelSelector = env.argv.flags.get('selector') ?? '';
  if (env.argv.flags.has('field-selector')) query.fieldSelector = env.argv.flags.get('field-selector') ?? '';
  return { tag: 'got', request: { method: 'GET', path: pathFor(kind, namespaceFor(env), name), ...(name === undefined ? { query } : {}) } };
}

function print(state: State, env: Env): Output {
  const output = env.argv.flags.get('output') ?? '';
  const all = state.groups.flatMap((g) => g.objects);
  const single = state.wanted.length === 1 && state.wanted[0].name !== undefined;
  const list = { apiVersion: 'v1', items: all, kind: 'List', metadata: { resourceVersion: '' } };
  if (output === 'json' || output === 'yaml') {
    if (all.length === 0 && state.err !== '') return { err: state.err, exit: 1 };
    return { out: (output === 'json' ? toJson : toYaml)(single ? all[0] : list), err: state.err, exit: state.err === '' ? 0 : 1 };
  }
  if (output === 'name') return { out: all.map((o) => { const kind = kindOf(o.apiVersion, o.kind); return kind ? `${display(kind, o.metadata?.name ?? '')}\n` : ''; }).join(''), err: state.err, exit: state.err === '' ? 0 : 1 };
  if (output.startsWith('jsonpath=')) return { out: jsonPath(output.slice(9), single ? all[0] : list), err: state.err, exit: state.err === '' ? 0 : 1 };
  const isMany = new Set(state.wanted.map((w) => w.kind)).size > 1;
  const byKind = [...new Set(state.wanted.map((w) => w.kind))].map((kind) => ({ kind, objects: state.groups.filter((g) => g.wanted.kind === kind).flatMap((g) => g.objects) })).filter((g) => g.objects.length > 0);
  if (byKind.length === 0) {
    const where = env.argv.flags.has('all-namespaces') || !state.wanted[0].kind.namespaced ? 'No resources found\n' : `No resources found in ${env.namespace} namespace.\n`;
    return { err: state.err === '' ? where : state.err, exit: state.err === '' ? 0 : 1 };
  }
  const text = byKind.map(({ kind, objects }) => {
    const t = table(objects, { wide: output === 'wide', namespaces: env.argv.flags.has('all-namespaces') && kind.namespaced, labels: env.argv.flags.has('show-labels'), nowMs: env.nowMs });
    const nameAt = t.columns.indexOf('NAME');
    const rows = isMany ? t.rows.map((row, i) => row.map((cell, j) => (j === nameAt ? display(kind, objects[i].metadata?.name ?? '') : cell))) : t.rows;
    return textTable(env.argv.flags.has('no-headers') ? rows : [t.columns, ...rows]);
  });
  return { out: text.join('\n'), err: state.err, exit: state.err === '' ? 0 : 1 };
}

export default [{
  name: 'get',
  init(env) {
    const wanted = resolve(env.argv.words);
    if (typeof wanted === 'string') return { err: wanted, exit: 1 };
    return { state: { wanted, at: 0, groups: [], err: '', header: false, version: '' } satisfies State, ask: [ask(wanted[0], env)] };
  },
  update(model, told, env) {
    const state = model as State;
    if (told.event) {
      const t = table([told.event.object], { wide: env.argv.flags.get('output') === 'wide', namespaces: env.argv.flags.has('all-namespaces'), nowMs: env.nowMs });
      return { out: textTable(t.rows), state };
    }
    const { response } = told;
    if (!response) return {};
    const wanted = state.wanted[state.at];
    const ok = response.code === 200;
    const body = response.body as KubeObject & { readonly items?: readonly KubeObject[] };
    const objects = ok ? (wanted.name === undefined ? (body.items ?? []) : [body]) : [];
    const isMissing = response.code === 404 && env.argv.flags.has('ignore-not-found');
    const next: State = { ...state, at: state.at + 1, groups: [...state.groups, { wanted, objects }], err: state.err + (ok || isMissing ? '' : serverError(response)), version: body.metadata?.resourceVersion ?? '' };
    if (next.at < next.wanted.length) return { state: next, ask: [ask(next.wanted[next.at], env)] };
    const printed = print(next, env);
    if (!env.argv.flags.has('watch') || printed.exit === 1) return printed;
    const first = next.wanted[0];
    return { out: printed.out ?? '', state: next, ask: [{ tag: 'watch', isWatch: true, request: { method: 'GET', path: pathFor(first.kind, namespaceFor(env)), query: { watch: '1', resourceVersion: next.version, ...(first.name ? { fieldSelector: `metadata.name=${first.name}` } : {}) } } }] };
  },
}] satisfies readonly Command[];
