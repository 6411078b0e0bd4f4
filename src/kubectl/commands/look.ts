/** kubectl describe, explain, version, api-resources, api-versions, cluster-info, config, auth. Upstream: staging/src/k8s.io/kubectl/pkg/cmd (v1.36). Simplified: explain names fields and types and has no descriptions. */
import { apiVersionOf, kindNamed, kinds, resourceName } from '../../api/registry.ts';
import { fieldsOfModel, typeName } from '../../api/schema/definitions.ts';
import type { Kind } from '../../api/kind.ts';
import type { KubeObject } from '../../api/object.ts';
import type { CoreV1Event, V1EndpointSlice, V1Lease, V1Pod, V1ReplicaSet } from '../../api/schema/kubernetes.ts';
import { textTable } from '../../lib/text-table.ts';
import { serverError, type Ask, type Command, type Env, type Output } from '../command.ts';
import { describe, type Related } from '../describe.ts';
import { selectorQuery, targetsOf, type Target } from '../patching.ts';
import { namespaceFor, pathFor } from '../resources.ts';

interface DescribeState { /** Set while all of a kind are read: the beginning of the name that none has, and what the server said of it. */ readonly prefix?: { readonly name: string; readonly said: string }; readonly wanted: readonly Target[]; readonly queue: readonly KubeObject[]; readonly object?: KubeObject; readonly related: Related; readonly printed: number; readonly failed: boolean }
const getNamed = ({ kind, name, namespace }: Target, env: Env): Ask => ({ tag: 'get', request: { method: 'GET', path: pathFor(kind, namespace, name), ...(name === undefined ? { query: selectorQuery(env) } : {}) } });

/** What else a kind's description needs. */
function relatedAsk(object: KubeObject): Ask | undefined {
  const ns = object.metadata?.namespace ?? '';
  const ask = (path: string, query?: Readonly<Record<string, string>>): Ask => ({ tag: 'related', request: { method: 'GET', path, ...(query ? { query } : {}) } });
  switch (object.kind) {
    case 'Deployment': return ask(`/apis/apps/v1/namespaces/${ns}/replicasets`);
    case 'Service': return ask(`/apis/discovery.k8s.io/v1/namespaces/${ns}/endpointslices`, { labelSelector: `kubernetes.io/service-name=${object.metadata?.name}` });
    case 'ReplicaSet': case 'DaemonSet': return ask(`/api/v1/namespaces/${ns}/pods`);
    case 'Node': return ask('/api/v1/pods', { fieldSelector: `spec.nodeName=${object.metadata?.name}` });
    default: return undefined;
  }
}
const eventsAsk = (object: KubeObject): Ask => {
  const { namespace, name, uid } = object.metadata ?? {};
  return { tag: 'events', request: { method: 'GET', path: namespace ? `/api/v1/namespaces/${namespace}/events` : '/api/v1/events', query: { fieldSelector: `involvedObject.name=${name},involvedObject.kind=${object.kind}${object.kind === 'Node' ? '' : `,involvedObject.uid=${uid}`}` } } };
};

function relatedOf(object: KubeObject | undefined, items: readonly KubeObject[]): Related {
  switch (object?.kind) {
    case 'Deployment': return { replicaSets: items as readonly V1ReplicaSet[] };
    case 'Service': return { slices: items as readonly V1EndpointSlice[] };
    default: return { pods: items as readonly V1Pod[] };
  }
}

/** The next object of the queue, the next name, or the end. */
function goOn(state: DescribeState, env: Env, print: Output): Output {
  const [object, ...queue] = state.queue;
  if (object) return { ...print, state: { ...state, queue, object, related: {} } satisfies DescribeState, ask: [relatedAsk(object) ?? eventsAsk(object)] };
  const [, ...wanted] = state.wanted;
  if (wanted.length > 0) return { ...print, state: { ...state, wanted } satisfies DescribeState, ask: [getNamed(wanted[0], env)] };
  if (state.printed === 0 && !state.failed) return { err: env.argv.flags.has('all-namespaces') || !state.wanted[0].kind.namespaced ? 'No resources found\n' : `No resources found in ${env.namespace} namespace.\n`, exit: 0 };
  return { ...print, exit: state.failed ? 1 : 0 };
}

/** No object has the name: those whose names begin with it are meant. Upstream: pkg/cmd/describe/describe.go DescribeMatchingResources. */
function matching(state: DescribeState, { name, said }: { readonly name: string; readonly said: string }, body: unknown, env: Env): Output {
  const queue = ((body as { readonly items?: readonly KubeObject[] }).items ?? []).filter((item) => item.metadata?.name?.startsWith(name));
  const { kind } = state.wanted[0];
  return queue.length === 0 ? { err: said, exit: 1 } : goOn({ ...state, queue: queue.map((item) => ({ apiVersion: apiVersionOf(kind), kind: kind.kind, ...item })) }, env, {});
}

const describeCommand: Command = {
  name: 'describe',
  init(env) {
    if (env.argv.words.length === 0 && !env.argv.flags.has('filename')) return { err: 'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.\n', exit: 1 };
    const wanted = targetsOf(env, env.argv.words);
    if ('exit' in wanted) return wanted;
    return { state: { wanted, queue: [], related: {}, printed: 0, failed: false } satisfies DescribeState, ask: [getNamed(wanted[0], env)] };
  },
  update(model, told, env) {
    const state = model as DescribeState;
    const { response } = told;
    if (!response) return {};
    if (told.tag === 'get') {
      const [target] = state.wanted;
      if (response.code === 404 && env.argv.words.length === 2 && !env.argv.words[0].includes(',') && target.name !== undefined) return { state: { ...state, prefix: { name: target.name, said: serverError(response) } } satisfies DescribeState, ask: [{ tag: 'matching', request: { method: 'GET', path: pathFor(target.kind, target.namespace) } }] };
      if (response.code !== 200) return goOn({ ...state, failed: true }, env, { err: serverError(response) });
      const body = response.body as KubeObject & { readonly items?: readonly KubeObject[] };
      return goOn({ ...state, queue: body.items ?? [body] }, env, {});
    }
    if (told.tag === 'matching' && state.prefix) return matching(state, state.prefix, response.body, env);
    const { object } = state;
    if (!object) return {};
    const items = (response.body as { readonly items?: readonly KubeObject[] }).items ?? [];
    if (told.tag === 'related') {
      const next = { ...state, related: relatedOf(object, items) } satisfies DescribeState;
      return object.kind === 'Node' ? { state: next, ask: [{ tag: 'lease', request: { method: 'GET', path: `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${object.metadata?.name}` } }] } : { state: next, ask: [eventsAsk(object)] };
    }
    if (told.tag === 'lease') return { state: { ...state, related: { ...state.related, ...(response.code === 200 ? { lease: response.body as V1Lease } : {}) } } satisfies DescribeState, ask: [eventsAsk(object)] };
    const events = env.argv.flags.get('show-events') === 'false' ? [] : (items as readonly CoreV1Event[]);
    return goOn({ ...state, printed: state.printed + 1 }, env, { out: (state.printed > 0 && !state.prefix ? '\n\n' : '') + describe(object, events, env.nowMs, state.related) + (state.prefix ? '\n' : '') });
  },
};

const CLIENT = 'Client Version: v1.36.0\nKustomize Version: v5.7.1\n';
const version: Command = {
  name: 'version',
  init: (env) => (env.argv.flags.has('client') ? { out: CLIENT, exit: 0 } : { ask: [{ tag: 'version', request: { method: 'GET', path: '/version' } }] }),
  update: (_s, told) => (told.response?.code === 200 ? { out: `${CLIENT}Server Version: ${(told.response.body as { readonly gitVersion?: string }).gitVersion}\n`, exit: 0 } : { out: CLIENT, err: serverError(told.response), exit: 1 }),
};

/** A command that asks nobody. */
const still = (name: string, say: (env: Env) => Output): Command => ({ name, init: say, update: () => ({}) });

const apiResources = still('api-resources', ({ argv: { flags } }) => {
  const group = flags.get('api-group');
  const scope = flags.get('namespaced');
  const shown = kinds.filter((k) => (group === undefined || k.group === group) && (scope === undefined || String(k.namespaced) === scope)).sort((a, b) => (a.group === b.group ? (a.plural < b.plural ? -1 : 1) : a.group < b.group ? -1 : 1));
  if (flags.get('output') === 'name') return { out: shown.map((k) => `${resourceName(k)}\n`).join(''), exit: 0 };
  const rows = shown.map((k) => [k.plural, k.shortNames.join(','), apiVersionOf(k), String(k.namespaced), k.kind]);
  return { out: textTable(flags.has('no-headers') ? rows : [['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'], ...rows]), exit: 0 };
});
const apiVersions = still('api-versions', () => ({ out: [...new Set(kinds.map(apiVersionOf))].sort((a, b) => (a < b ? -1 : 1)).map((v) => `${v}\n`).join(''), exit: 0 }));
const clusterInfo = still('cluster-info', () => ({ out: "Kubernetes control plane is running at https://192.168.0.10:6443\nCoreDNS is running at https://192.168.0.10:6443/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy\n\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n", exit: 0 }));
const currentContext = still('config current-context', () => ({ out: 'kubernetes-admin@kubernetes\n', exit: 0 }));
const contexts = still('config get-contexts', () => ({ out: textTable([['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'], ['*', 'kubernetes-admin@kubernetes', 'kubernetes', 'kubernetes-admin', '']]), exit: 0 }));
/** Upstream: pkg/cmd/auth/whoami.go. */
const whoami: Command = {
  name: 'auth whoami',
  init: () => ({ ask: [{ tag: 'review', request: { method: 'POST', path: '/apis/authentication.k8s.io/v1/selfsubjectreviews', body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' } } }] }),
  update(_state, told) {
    if (told.response?.code !== 201) return { err: serverError(told.response), exit: 1 };
    const { username = '', groups = [] } = (told.response.body as { readonly status?: { readonly userInfo?: { readonly username?: string; readonly groups?: readonly string[] } } }).status?.userInfo ?? {};
    return { out: textTable([['ATTRIBUTE', 'VALUE'], ['Username', username], ['Groups', `[${groups.join(' ')}]`]]), exit: 0 };
  },
};
const noMetrics = (name: string): Command => still(name, () => ({ err: 'error: Metrics API not available\n', exit: 1 }));

/** Upstream: pkg/cmd/auth/cani.go. The server's own answer decides: a dry run of the request by the same user. */
const canI: Command = {
  name: 'auth can-i',
  init(env) {
    const [verb, what] = env.argv.words;
    if (verb === undefined || what === undefined) return { err: 'error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee \'kubectl auth can-i -h\' for help and examples.\n', exit: 1 };
    const [word, name] = what.split('/');
    const kind = kindNamed(word);
    const namespace = kind?.namespaced ? namespaceFor(env) : undefined;
    const attributes = { verb, resource: kind?.plural ?? word, ...(kind?.group ? { group: kind.group } : {}), ...(namespace === undefined ? {} : { namespace }), ...(name === undefined ? {} : { name }), ...(env.argv.flags.has('subresource') ? { subresource: env.argv.flags.get('subresource') } : {}) };
    return { ...(kind ? {} : { err: `Warning: the server doesn't have a resource type '${word}'\n\n` }), ask: [{ tag: 'review', request: { method: 'POST', path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: attributes } } } }] };
  },
  update(_state, told, env) {
    if (told.response?.code !== 201) return { err: serverError(told.response), exit: 1 };
    const isAllowed = (told.response.body as { readonly status?: { readonly allowed?: boolean } }).status?.allowed === true;
    return { out: env.argv.flags.has('quiet') ? '' : isAllowed ? 'yes\n' : 'no\n', exit: isAllowed ? 0 : 1 };
  },
};

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

const explain = still('explain', (env) => {
  const [word] = env.argv.words;
  if (word === undefined) return { err: 'error: You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.\n', exit: 1 };
  const [name, ...path] = word.split('.');
  const kind = kindNamed(name);
  if (!kind) return { err: `the server doesn't have a resource type ${JSON.stringify(name)}\n`, exit: 1 };
  const text = explainText(kind, path, env.argv.flags.has('recursive'));
  return text === '' ? { err: `error: field ${JSON.stringify(path[path.length - 1])} does not exist\n`, exit: 1 } : { out: text, exit: 0 };
});

export default [describeCommand, version, apiResources, apiVersions, clusterInfo, currentContext, contexts, whoami, canI, explain, noMetrics('top pod'), noMetrics('top pods'), noMetrics('top node'), noMetrics('top nodes')] satisfies readonly Command[];
