/** kubectl create of a kind by its flags, run, and expose: generators. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/{create,run,expose}, pkg/generate/versioned (v1.36). Simplified: no attach, no --from-file. */
import { define } from '../../api/machinery/patch/merge.ts';
import type { KubeObject } from '../../api/object.ts';
import { kindOf } from '../../api/registry.ts';
import type { V1Deployment, V1Pod, V1Service, V1ServicePort } from '../../api/schema/kubernetes.ts';
import { encodeBase64 } from '../../lib/base64.ts';
import type { ApiResponse } from '../../cluster/api-request.ts';
import { serverError, type Command, type Env, type Output } from '../command.ts';
import { targetsOf } from '../patching.ts';
import { nameOf, pathFor } from '../resources.ts';
import { dryQuery, isClientDry, resultText } from '../result.ts';

type Made = KubeObject | { readonly error: string };
const isError = (made: Made): made is { readonly error: string } => 'error' in made;

/** Sends what was made, or prints it when --dry-run=client. */
function submit(made: Made, env: Env, word = 'created'): Output {
  if (isError(made)) return { err: made.error, exit: 1 };
  const kind = kindOf(made.apiVersion, made.kind);
  if (!kind) return { err: `error: no matches for kind ${JSON.stringify(made.kind)}\n`, exit: 1 };
  const isDry = isClientDry(env);
  const object = kind.namespaced && !(isDry && !env.argv.flags.has('namespace')) ? { ...made, metadata: { ...made.metadata, namespace: env.namespace } } : made;
  if (isDry) return printed(withZeros(object), env, word);
  return { state: { word }, ask: [{ tag: 'made', request: { method: 'POST', path: pathFor(kind, env.namespace), body: object, query: { fieldManager: 'kubectl-create', fieldValidation: 'Strict', ...dryQuery(env) } } }] };
}

/** What Go prints of a made object's fields that are empty and not left out. */
function withZeros(object: KubeObject): KubeObject {
  if (object.kind === 'Pod') return { ...object, status: {} } as KubeObject;
  if (object.kind === 'Service') return { ...object, status: { loadBalancer: {} } } as KubeObject;
  if (object.kind !== 'Deployment') return object;
  const { spec } = object as V1Deployment;
  const containers = (spec?.template.spec?.containers ?? []).map((c) => ({ resources: {}, ...c }));
  return { ...object, spec: { ...spec, strategy: {}, template: { ...spec?.template, spec: { ...spec?.template.spec, containers } } }, status: {} } as KubeObject;
}

const printed = (object: KubeObject, env: Env, word: string): Output => ({ out: resultText(env, { name: nameOf(object), word, object }), exit: 0 });

/** Some generators put their own words before the server's. */
function refusal(response: ApiResponse): string {
  const { details, message } = (response.body ?? {}) as { readonly details?: { readonly kind?: string }; readonly message?: string };
  const kind = (details?.kind ?? '').replace(/s$/, '');
  return response.code !== 409 || ['pod', 'service', 'namespace'].includes(kind) ? serverError(response) : `error: failed to create ${kind}: ${message}\n`;
}

const update: Command['update'] = (model, told, env) => {
  const { response } = told;
  if (!response) return {};
  if (response.code !== 201) return { err: refusal(response), exit: 1 };
  return printed(response.body as KubeObject, env, (model as { readonly word: string }).word);
};

const simple = (name: string, aliases: readonly string[], make: (env: Env, name: string) => Made): Command => ({
  name, aliases, update,
  init(env) {
    const { words } = env.argv;
    if (words.length !== 1) return { err: `error: exactly one NAME is required, got ${words.length}\nSee 'kubectl ${name} -h' for help and examples\n`, exit: 1 };
    return submit(make(env, words[0]), env);
  },
});

/** 'a=b' pairs of --from-literal; an error is a text. */
function literals(env: Env): Readonly<Record<string, string>> | string {
  const data: Record<string, string> = {};
  for (const pair of env.argv.all.get('from-literal') ?? []) {
    const at = pair.indexOf('=');
    const key = pair.slice(0, at);
    if (at < 1) return `error: invalid literal source ${pair}, expected key=value\n`;
    if (Object.hasOwn(data, key)) return `error: cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ConfigMap\n`;
    define(data, key, pair.slice(at + 1));
  }
  return data;
}

const numberOr = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text);

/** '80:8080' or '80' as a service's port. */
function servicePorts(env: Env): readonly V1ServicePort[] {
  return (env.argv.all.get('tcp') ?? []).flatMap((text) => text.split(',')).map((text) => { const [port, target = port] = text.split(':'); return { name: text.replace(':', '-'), port: Number(port), protocol: 'TCP', targetPort: numberOr(target) }; });
}

const service = (type: 'ClusterIP' | 'NodePort') => (env: Env, name: string): Made => {
  const ports = servicePorts(env);
  const headless = env.argv.flags.get('clusterip');
  if (ports.length === 0 && headless !== 'None') return { error: 'error: at least one tcp port specifier must be provided\n' };
  const nodePort = Number(env.argv.flags.get('node-port') ?? 0);
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, labels: { app: name } }, spec: { type, selector: { app: name }, ports: ports.map((p) => (nodePort > 0 ? { ...p, nodePort } : p)), ...(headless ? { clusterIP: headless } : {}) } } as KubeObject;
};

function deployment(env: Env, name: string): Made {
  const images = env.argv.all.get('image') ?? [];
  if (images.length === 0) return { error: 'error: required flag(s) "image" not set\n' };
  const labels = { app: name };
  const port = env.argv.flags.get('port');
  const containers = images.flatMap((i) => i.split(',')).map((image) => ({ name: containerName(image), image, ...(env.argv.rest && env.argv.rest.length > 0 ? { command: env.argv.rest } : {}), ...(port === undefined ? {} : { ports: [{ containerPort: Number(port) }] }) }));
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels }, spec: { replicas: Number(env.argv.flags.get('replicas') ?? 1), selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } } } as KubeObject;
}
/** 'registry.io/team/nginx:1.29' → 'nginx'. */
const containerName = (image: string): string => image.replace(/^.*\//, '').replace(/[@:].*$/, '').replace(/[^a-z0-9-]/g, '-');

/** --labels=a=b,c=d */
const labelsOf = (env: Env): Readonly<Record<string, string>> | undefined => { const text = env.argv.flags.get('labels'); return text === undefined ? undefined : Object.fromEntries(text.split(',').map((l) => l.split('=') as [string, string])); };

const run: Command = {
  name: 'run', update,
  init(env) {
    const { flags, words, rest, all } = env.argv;
    const [name] = words;
    if (name === undefined) return { err: "error: NAME is required for run\nSee 'kubectl run -h' for help and examples\n", exit: 1 };
    if (!flags.has('image')) return { err: 'error: --image is required\n', exit: 1 };
    const attaches = flags.has('attach') ? flags.get('attach') !== 'false' : flags.has('stdin');
    const wrong = flags.has('tty') && !flags.has('stdin') ? 'error: -i/--stdin is required for containers with -t/--tty=true' : flags.has('rm') && !attaches ? 'error: --rm should only be used for attached containers' : undefined;
    if (wrong !== undefined) return { err: `${wrong}\nSee 'kubectl run -h' for help and examples\n`, exit: 1 };
    const restartPolicy = flags.get('restart') ?? 'Always';
    if (!['Always', 'OnFailure', 'Never'].includes(restartPolicy)) return { err: `error: invalid restart policy: ${restartPolicy}\n`, exit: 1 };
    const args = rest ?? words.slice(1);
    const labels = labelsOf(env) ?? { run: name };
    const env_ = (all.get('env') ?? []).map((e) => ({ name: e.slice(0, e.indexOf('=')), value: e.slice(e.indexOf('=') + 1) }));
    const pod: V1Pod = {
      apiVersion: 'v1', kind: 'Pod', metadata: { name, labels },
      spec: { containers: [{ name, image: flags.get('image') ?? '', resources: {}, ...(flags.has('image-pull-policy') ? { imagePullPolicy: flags.get('image-pull-policy') ?? '' } : {}), ...(env_.length > 0 ? { env: env_ } : {}), ...(args.length === 0 ? {} : flags.has('command') ? { command: args } : { args }), ...(flags.has('port') ? { ports: [{ containerPort: Number(flags.get('port')) }] } : {}) }], dnsPolicy: 'ClusterFirst', restartPolicy },
    };
    const output = submit(pod, env);
    return attaches ? { ...output, err: `Warning: attaching is not simulated: nothing is typed into the container, its output is in its logs${flags.has('rm') ? ', and --rm does not delete the pod' : ''}\n${output.err ?? ''}` } : output;
  },
};

interface Exposable { readonly spec?: { readonly selector?: Readonly<Record<string, string>> | { readonly matchLabels?: Readonly<Record<string, string>> }; readonly template?: V1Pod; readonly ports?: readonly V1ServicePort[]; readonly containers?: NonNullable<V1Pod['spec']>['containers'] } }

/** The Service that makes an object reachable. */
function exposed(object: KubeObject, env: Env): Made {
  const { flags } = env.argv;
  const { spec } = object as Exposable;
  const selector = object.kind === 'Pod' ? object.metadata?.labels : object.kind === 'Service' ? spec?.selector : (spec?.selector as { readonly matchLabels?: Readonly<Record<string, string>> } | undefined)?.matchLabels;
  if (!selector || Object.keys(selector).length === 0) return { error: `error: couldn't retrieve selectors via --selector flag or introspection: the ${(object.kind ?? '').toLowerCase()} has no ${object.kind === 'Pod' ? 'labels' : 'selectors'} and cannot be exposed\n` };
  const containers = spec?.template?.spec?.containers ?? spec?.containers ?? [];
  const given = flags.get('port')?.split(',').map(Number) ?? containers.flatMap((c) => (c.ports ?? []).map((p) => p.containerPort));
  const target = flags.get('target-port');
  if (given.length === 0) return { error: "error: couldn't find port via --port flag or introspection\nSee 'kubectl expose -h' for help and examples\n" };
  const ports = given.map((port, i): V1ServicePort => ({ ...(given.length > 1 ? { name: `port-${i + 1}` } : {}), port, protocol: flags.get('protocol') ?? 'TCP', targetPort: target === undefined ? port : numberOr(target) }));
  const labels = labelsOf(env) ?? object.metadata?.labels;
  const result: V1Service = { apiVersion: 'v1', kind: 'Service', metadata: { name: flags.get('name') ?? object.metadata?.name ?? '', ...(labels ? { labels } : {}) }, spec: { ports, selector: selector as Readonly<Record<string, string>>, ...(flags.has('type') ? { type: flags.get('type') ?? '' } : {}), ...(flags.has('cluster-ip') ? { clusterIP: flags.get('cluster-ip') ?? '' } : {}) } };
  return result as KubeObject;
}

const expose: Command = {
  name: 'expose',
  init(env) {
    const found = targetsOf(env, env.argv.words);
    if ('exit' in found) return found;
    const [{ kind, name, namespace }] = found;
    if (!['Pod', 'Service', 'Deployment', 'ReplicaSet'].includes(kind.kind)) return { err: `error: cannot expose a ${kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`}\n`, exit: 1 };
    return { ask: [{ tag: 'get', request: { method: 'GET', path: pathFor(kind, namespace, name) } }] };
  },
  update(model, told, env) {
    if (told.tag !== 'get') return update(model, told, env);
    return told.response?.code === 200 ? submit(exposed(told.response.body as KubeObject, env), env, 'exposed') : { err: serverError(told.response), exit: 1 };
  },
};

const data = (kind: 'ConfigMap' | 'Secret') => (env: Env, name: string): Made => {
  const found = literals(env);
  if (typeof found === 'string') return { error: found };
  const has = Object.keys(found).length > 0;
  if (kind === 'ConfigMap') return { apiVersion: 'v1', kind, metadata: { name }, ...(has ? { data: found } : {}) } as KubeObject;
  return { apiVersion: 'v1', kind, metadata: { name }, ...(env.argv.flags.has('type') ? { type: env.argv.flags.get('type') ?? '' } : {}), ...(has ? { data: Object.fromEntries(Object.entries(found).map(([k, v]) => [k, encodeBase64(v)])) } : {}) } as KubeObject;
};

export default [
  simple('create deployment', ['create deploy'], deployment), simple('create namespace', ['create ns'], (_env, name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  simple('create serviceaccount', ['create sa'], (_env, name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } })), simple('create configmap', ['create cm'], data('ConfigMap')), simple('create secret generic', [], data('Secret')),
  simple('create service clusterip', ['create svc clusterip'], service('ClusterIP')), simple('create service nodeport', ['create svc nodeport'], service('NodePort')), run, expose,
] satisfies readonly Command[];
