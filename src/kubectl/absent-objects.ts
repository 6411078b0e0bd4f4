/** What create makes of kinds that are not served, by their flags. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/create (v1.36). Simplified: of the hosts of one secret each is listed by itself. */
import { kindNamed } from '../api/registry.ts';
import { listOf } from './argv.ts';
import type { Env } from './command.ts';
import { requiredError } from './flag-values.ts';
import { numberOr, pairsIn } from './making.ts';
import { noSuchType } from './resources.ts';

type Fields = Readonly<Record<string, unknown>>;
/** `said`: to stderr, before anything else. */
export type Made = { readonly object: Fields; readonly said?: string } | { readonly error: string };
const RBAC = 'rbac.authorization.k8s.io';
/** Each value once. */
const setOf = ({ argv }: Env, flag: string): readonly string[] => [...new Set(listOf(argv, flag))];
const wrong = (text: string): Made => ({ error: `error: ${text}\n` });

/** The pods of a Job. */
const pods = ({ argv: { flags, rest } }: Env, name: string, restartPolicy: string): Fields => ({
  metadata: {},
  spec: {
    containers: [{ ...(rest && rest.length > 0 ? { command: rest } : {}), image: flags.get('image'), name, resources: {} }],
    restartPolicy,
  },
});

function job(env: Env, name: string): Made {
  const { flags } = env.argv;
  if (flags.has('image') === flags.has('from')) return wrong('either --image or --from must be specified');
  if (flags.has('from')) return wrong(noSuchType((flags.get('from') ?? '').split('/')[0]));
  return { object: { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template: pods(env, name, 'Never') }, status: {} } };
}
function cronJob(env: Env, name: string): Made {
  const missing = requiredError(env.argv, 'image', 'schedule');
  if (missing !== undefined) return { error: missing };
  return {
    object: {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name },
      spec: {
        jobTemplate: { metadata: { name }, spec: { template: pods(env, name, env.argv.flags.get('restart') ?? 'OnFailure') } },
        schedule: env.argv.flags.get('schedule'),
      },
      status: {},
    },
  };
}

/** One rule an API group. */
function rulesOf(env: Env): readonly Fields[] {
  const [verbs, names] = [setOf(env, 'verb'), setOf(env, 'resource-name')];
  const groups = new Map<string, string[]>();
  for (const text of setOf(env, 'resource')) {
    const [word, subresource] = text.split('/');
    const dot = word.indexOf('.');
    const kind = kindNamed(word);
    const [group, plural] = kind ? [kind.group, kind.plural] : dot < 0 ? ['', word] : [word.slice(dot + 1), word.slice(0, dot)];
    groups.set(group, [...(groups.get(group) ?? []), subresource === undefined ? plural : `${plural}/${subresource}`]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, resources]) => ({ apiGroups: [group], ...(names.length > 0 ? { resourceNames: names } : {}), resources, verbs }));
}
const VERBS: readonly string[] = [
  '*',
  'get',
  'delete',
  'list',
  'create',
  'update',
  'patch',
  'watch',
  'proxy',
  'deletecollection',
  'use',
  'bind',
  'escalate',
  'impersonate',
];
const oddVerbs = (env: Env): string =>
  setOf(env, 'verb')
    .filter((verb) => !VERBS.includes(verb))
    .map((verb) => `Warning: '${verb}' is not a standard resource verb\n`)
    .join('');
const lostResource = (env: Env): Made | undefined => {
  const lost = setOf(env, 'resource')
    .map((text) => text.split('/')[0])
    .find((word) => word !== '*' && !kindNamed(word));
  return lost === undefined ? undefined : { error: `${noSuchType(lost.split('.')[0])}\n` };
};
function role(env: Env, name: string): Made {
  if (setOf(env, 'verb').length === 0) return wrong('at least one verb must be specified');
  return setOf(env, 'resource').length === 0
    ? wrong('at least one resource must be specified')
    : (lostResource(env) ?? {
        said: oddVerbs(env),
        object: { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata: { name }, rules: rulesOf(env) },
      });
}
function clusterRole(env: Env, name: string): Made {
  const urls = setOf(env, 'non-resource-url');
  const aggregated = pairsIn(env.argv.flags.get('aggregation-rule'));
  if (aggregated)
    return {
      object: {
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregated }] },
        apiVersion: `${RBAC}/v1`,
        kind: 'ClusterRole',
        metadata: { name },
        rules: null,
      },
    };
  if (setOf(env, 'verb').length === 0) return wrong('at least one verb must be specified');
  if (setOf(env, 'resource').length + urls.length === 0) return wrong('one of resource or nonResourceURL must be specified');
  return (
    lostResource(env) ?? {
      said: oddVerbs(env),
      object: {
        apiVersion: `${RBAC}/v1`,
        kind: 'ClusterRole',
        metadata: { name },
        rules: [...rulesOf(env), ...(urls.length > 0 ? [{ nonResourceURLs: urls, verbs: setOf(env, 'verb') }] : [])],
      },
    }
  );
}

const binding =
  (kind: 'RoleBinding' | 'ClusterRoleBinding') =>
  (env: Env, name: string): Made => {
    const { flags } = env.argv;
    const missing = kind === 'ClusterRoleBinding' ? requiredError(env.argv, 'clusterrole') : undefined;
    if (missing !== undefined) return { error: missing };
    if (kind === 'RoleBinding' && flags.has('clusterrole') === flags.has('role'))
      return wrong('exactly one of clusterrole or role must be specified');
    const accounts = setOf(env, 'serviceaccount').map((text) => text.split(':'));
    if (accounts.some((parts) => parts.length !== 2)) return wrong('serviceaccount must be <namespace>:<name>');
    const subjects = [
      ...setOf(env, 'user').map((user) => ({ apiGroup: RBAC, kind: 'User', name: user })),
      ...setOf(env, 'group').map((group) => ({ apiGroup: RBAC, kind: 'Group', name: group })),
      ...accounts.map(([namespace, account]) => ({ kind: 'ServiceAccount', name: account, namespace })),
    ];
    return {
      object: {
        apiVersion: `${RBAC}/v1`,
        kind,
        metadata: { name },
        roleRef: { apiGroup: RBAC, kind: flags.has('role') ? 'Role' : 'ClusterRole', name: flags.get('role') ?? flags.get('clusterrole') },
        ...(subjects.length > 0 ? { subjects } : {}),
      },
    };
  };

function quota(env: Env, name: string): Made {
  const [hard, scopes] = [setOf(env, 'hard'), setOf(env, 'scopes')];
  const odd = hard.find((text) => text.split('=').length !== 2);
  if (odd !== undefined) return wrong(`Invalid argument syntax ${odd}, expected <resource>=<value>`);
  return {
    object: {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name },
      spec: { ...(hard.length > 0 ? { hard: pairsIn(hard.join(',')) } : {}), ...(scopes.length > 0 ? { scopes } : {}) },
      status: {},
    },
  };
}
function budget({ argv: { flags } }: Env, name: string): Made {
  const [min, max] = [flags.get('min-available'), flags.get('max-unavailable')];
  if (!flags.has('selector')) return wrong('a selector must be specified');
  if (min === undefined && max === undefined) return wrong('one of min-available or max-unavailable must be specified');
  if (min !== undefined && max !== undefined) return wrong('min-available and max-unavailable cannot be both specified');
  const status = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };
  return {
    object: {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name },
      spec: {
        ...(min === undefined ? { maxUnavailable: numberOr(max ?? '') } : { minAvailable: numberOr(min) }),
        selector: { matchLabels: pairsIn(flags.get('selector')) },
      },
      status,
    },
  };
}
const priority = ({ argv: { flags } }: Env, name: string): Made => ({
  object: {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    ...(flags.has('description') ? { description: flags.get('description') } : {}),
    ...(flags.has('global-default') ? { globalDefault: true } : {}),
    preemptionPolicy: flags.get('preemption-policy') ?? 'PreemptLowerPriority',
    value: Number(flags.get('value') ?? 0),
  },
});

function backend(text: string): Fields {
  const [name, port] = text.split(':');
  return { service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
}
function ingress(env: Env, name: string): Made {
  const { flags } = env.argv;
  const [asked, whole, known] = [env.argv.all.get('rule') ?? [], flags.get('default-backend'), flags.get('class')];
  if (asked.length === 0 && whole === undefined)
    return wrong(
      'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
    );
  const read = asked.map((text) => ({ text, match: /^([^/]*)\/([^=]*)=([^:]+:[^:,]+)/.exec(text) }));
  const bad = read.find(({ match }) => !match);
  if (bad) return wrong(`rule ${bad.text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`);
  const hosts = new Map<string, Fields[]>();
  for (const { match } of read) {
    const [, host = '', path = '', service = ''] = match ?? [];
    hosts.set(host, [
      ...(hosts.get(host) ?? []),
      { backend: backend(service), path: `/${path.replace(/\*$/, '')}`, pathType: path.endsWith('*') ? 'Prefix' : 'Exact' },
    ]);
  }
  const rules = [...hosts].map(([host, paths]) => ({ ...(host === '' ? {} : { host }), http: { paths } }));
  const tls = asked.flatMap((text) => {
    const [, secret] = /,tls(?:=(.*))?$/.exec(text) ?? [];
    const host = text.split('/')[0];
    return /,tls/.test(text) && (host || secret) ? [{ ...(host ? { hosts: [host] } : {}), ...(secret ? { secretName: secret } : {}) }] : [];
  });
  const annotations = pairsIn(env.argv.all.get('annotation')?.join(','));
  return {
    object: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, ...(annotations ? { annotations } : {}) },
      spec: {
        ...(whole === undefined ? {} : { defaultBackend: backend(whole) }),
        ...(known === undefined ? {} : { ingressClassName: known }),
        ...(rules.length > 0 ? { rules } : {}),
        ...(tls.length > 0 ? { tls } : {}),
      },
      status: { loadBalancer: {} },
    },
  };
}

export const ABSENT: Readonly<Record<string, (env: Env, name: string) => Made>> = {
  job,
  cronjob: cronJob,
  role,
  clusterrole: clusterRole,
  rolebinding: binding('RoleBinding'),
  clusterrolebinding: binding('ClusterRoleBinding'),
  quota,
  poddisruptionbudget: budget,
  priorityclass: priority,
  ingress,
};
