/** `auth can-i --list`: rules taken apart and put together again by resource. Upstream: staging/src/k8s.io/kubectl/pkg/util/rbac/rbac.go, pkg/cmd/auth/cani.go printStatus (v1.36). */
import { textTable } from '../lib/text-table.ts';

interface ResourceRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}
export interface RulesStatus {
  readonly resourceRules?: readonly ResourceRule[];
  readonly nonResourceRules?: readonly { readonly verbs?: readonly string[]; readonly nonResourceURLs?: readonly string[] }[];
  readonly incomplete?: boolean;
  readonly evaluationError?: string;
}
interface Line {
  readonly group?: string;
  readonly resource?: string;
  readonly name?: string;
  readonly url?: string;
  readonly verbs: string[];
}

/** Each a resource, or a resource with a name, with all that may be done to it; paths are not put together. */
function linesOf({ resourceRules = [], nonResourceRules = [] }: RulesStatus): readonly Line[] {
  const found = new Map<string, Line>();
  for (const { verbs = [], apiGroups = [], resources = [], resourceNames } of resourceRules)
    for (const group of apiGroups)
      for (const resource of resources)
        for (const verb of verbs)
          for (const name of resourceNames ?? [undefined]) {
            const key = `${group}/${resource}/${name ?? '/'}`;
            const line = found.get(key) ?? { group, resource, ...(name === undefined ? {} : { name }), verbs: [] };
            line.verbs.push(verb);
            found.set(key, line);
          }
  return [
    ...nonResourceRules.flatMap(({ verbs = [], nonResourceURLs = [] }) =>
      nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ url, verbs: [verb] }))),
    ),
    ...found.values(),
  ];
}

const list = (word: string | undefined): string => `[${word ?? ''}]`;
/** As Go prints the rule, by which they are sorted. */
const goText = ({ verbs, group, resource, name, url }: Line): string =>
  `&PolicyRule{Verbs:[${verbs.join(' ')}],APIGroups:${list(group)},Resources:${list(resource)},ResourceNames:${list(name)},NonResourceURLs:${list(url)},}`;

export function rulesList(status: RulesStatus, isBare: boolean): { readonly out: string; readonly err?: string } {
  const lines = linesOf(status)
    .map((line) => ({ line, text: goText(line) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  const rows = lines.map(({ line: { group, resource = '', name, url, verbs } }) => [
    `${resource}${group ? `.${group}` : ''}`,
    list(url),
    list(name),
    `[${verbs.join(' ')}]`,
  ]);
  return {
    out: textTable([...(isBare ? [] : [['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs']]), ...rows]),
    ...(status.incomplete ? { err: `Warning: the list may be incomplete: ${status.evaluationError ?? ''}\n` } : {}),
  };
}
