/** kubectl api-resources, api-versions and cluster-info. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/{apiresources,clusterinfo} (v1.36). Simplified: what is served is known without asking. */
import { apiVersionOf, kinds, resourceName } from '../../api/registry.ts';
import type { Kind } from '../../api/kind.ts';
import { verbsOf } from '../../cluster/apiserver/discovery.ts';
import { textTable } from '../../lib/text-table.ts';
import { listOf } from '../argv.ts';
import { still, type Command, type Env } from '../command.ts';
import { formatted } from '../printing.ts';
import { SERVER } from '../kubeconfig.ts';

const less = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const categoriesOf = (kind: Kind): readonly string[] => (kind.inAll ? ['all'] : []);

function usageError({ argv: { flags, words } }: Env): string | undefined {
  const [output, by] = [flags.get('output') ?? '', flags.get('sort-by') ?? ''];
  if (words.length > 0) return `error: unexpected arguments: [${words.join(' ')}]\nSee 'kubectl api-resources -h' for help and examples\n`;
  if (!['', 'wide', 'name', 'json', 'yaml', 'kyaml'].includes(output))
    return `error: unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: json,kyaml,name,wide,yaml\n`;
  return ['', 'name', 'kind'].includes(by) ? undefined : 'error: --sort-by accepts only name or kind\n';
}

/** In the order of upstream's fields, which JSON keeps. */
const listed = (shown: readonly Kind[]): object => ({
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: '',
  resources: shown.map((k) => ({
    name: k.plural,
    singularName: k.kind.toLowerCase(),
    namespaced: k.namespaced,
    ...(k.group === '' ? {} : { group: k.group }),
    version: k.version,
    kind: k.kind,
    verbs: verbsOf(k),
    ...(k.shortNames.length > 0 ? { shortNames: k.shortNames } : {}),
    ...(k.inAll ? { categories: categoriesOf(k) } : {}),
  })),
});

const resources = still('api-resources', (env) => {
  const wrong = usageError(env);
  if (wrong !== undefined) return { err: wrong, exit: 1 };
  const { flags } = env.argv;
  const [group, scope, by] = [flags.get('api-group'), flags.get('namespaced'), flags.get('sort-by')];
  const isShown = (k: Kind): boolean =>
    (group === undefined || k.group === group) &&
    (scope === undefined || String(k.namespaced) === scope) &&
    listOf(env.argv, 'verbs').every((verb) => verbsOf(k).includes(verb)) &&
    listOf(env.argv, 'categories').every((c) => categoriesOf(k).includes(c));
  const shown = kinds
    .filter(isShown)
    .sort((a, b) =>
      by === 'kind' ? less(a.kind, b.kind) : by === 'name' ? less(a.plural, b.plural) : less(a.group, b.group) || less(a.plural, b.plural),
    );
  const output = flags.get('output');
  if (output === 'name') return { out: shown.map((k) => `${resourceName(k)}\n`).join(''), exit: 0 };
  if (output === 'json') return { out: `${JSON.stringify(listed(shown), null, 4)}\n`, exit: 0 };
  const said = output === undefined ? undefined : formatted(output, listed(shown));
  if (said) return { ...said, exit: 0 };
  const wide = (...cells: readonly string[]): readonly string[] => (output === 'wide' ? cells : []);
  const rows = shown.map((k) => [
    k.plural,
    k.shortNames.join(','),
    apiVersionOf(k),
    String(k.namespaced),
    k.kind,
    ...wide(verbsOf(k).join(','), categoriesOf(k).join(',')),
  ]);
  return {
    out: textTable(
      flags.has('no-headers')
        ? rows
        : [['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...wide('VERBS', 'CATEGORIES')], ...rows],
    ),
    exit: 0,
  };
});
const versions = still('api-versions', ({ argv: { words } }) =>
  words.length > 0
    ? { err: `error: unexpected arguments: [${words.join(' ')}]\nSee 'kubectl api-versions -h' for help and examples\n`, exit: 1 }
    : {
        out: [...new Set(kinds.map(apiVersionOf))]
          .sort(less)
          .map((v) => `${v}\n`)
          .join(''),
        exit: 0,
      },
);
const clusterInfo = still('cluster-info', () => ({
  out: `Kubernetes control plane is running at https://${SERVER}\nCoreDNS is running at https://${SERVER}/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy\n\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n`,
  exit: 0,
}));

export default [resources, versions, clusterInfo] satisfies readonly Command[];
