/** kubectl create of a kind by its flags. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/create (v1.36). Simplified: there are no files. */
import { checkConfigKey } from '../../api/machinery/config-keys.ts';
import { define } from '../../api/machinery/patch/values.ts';
import type { KubeObject } from '../../api/object.ts';
import { goJson } from '../../api/machinery/go-json.ts';
import { hexOf, sha256 } from '../../lib/sha256.ts';
import { encodeBase64 } from '../../lib/base64.ts';
import type { Command, Env } from '../command.ts';
import { generator, type Made } from '../making.ts';

/** 'a=b' pairs of --from-literal; an error is a text. */
function literals(env: Env, kind: 'ConfigMap' | 'Secret'): Readonly<Record<string, string>> | string {
  const data: Record<string, string> = {};
  const file = env.argv.flags.get('from-file') ?? env.argv.flags.get('from-env-file');
  if (file !== undefined) return `error: error reading ${file.replace(/^[^=]*=/, '')}: no such file or directory\n`;
  for (const pair of env.argv.all.get('from-literal') ?? []) {
    const at = pair.indexOf('=');
    const key = pair.slice(0, at);
    if (at < 1) return `error: invalid literal source ${pair}, expected key=value\n`;
    if (Object.hasOwn(data, key))
      return `error: cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ${kind} ${JSON.stringify(env.argv.words[0])}\n`;
    const [bad] = checkConfigKey(key, '');
    if (bad)
      return `error: ${JSON.stringify(key)} is not a valid key name for a ${kind}: ${bad.message.replace(/^Invalid value: "[^"]*": /, '')}\n`;
    define(data, key, pair.slice(at + 1));
  }
  return data;
}

function deployment(env: Env, name: string): Made {
  const images = env.argv.all.get('image') ?? [];
  if (images.length > 1 && env.argv.rest?.length) return { error: 'error: cannot specify multiple --image options and command\n' };
  const labels = { app: name };
  const port = env.argv.flags.get('port');
  const containers = images
    .flatMap((i) => i.split(','))
    .map((image) => ({
      name: containerName(image),
      image,
      ...(env.argv.rest && env.argv.rest.length > 0 ? { command: env.argv.rest } : {}),
      ...(port === undefined ? {} : { ports: [{ containerPort: Number(port) }] }),
    }));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas: Number(env.argv.flags.get('replicas') ?? 1),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  } as KubeObject;
}
/** 'registry.io/team/nginx:1.29' → 'nginx'. */
const containerName = (image: string): string =>
  image
    .replace(/^.*\//, '')
    .replace(/[@:].*$/, '')
    .replace(/[_.]/g, '-');

const data =
  (kind: 'ConfigMap' | 'Secret') =>
  (env: Env, name: string): Made => {
    if (env.argv.flags.has('from-env-file') && (env.argv.flags.has('from-file') || env.argv.flags.has('from-literal')))
      return { error: 'error: from-env-file cannot be combined with from-file or from-literal\n' };
    const found = literals(env, kind);
    if (typeof found === 'string') return { error: found };
    const has = Object.keys(found).length > 0;
    const hashed = (hash: object): string => (env.argv.flags.has('append-hash') ? `${name}-${contentHash(hash)}` : name);
    if (kind === 'ConfigMap')
      return {
        apiVersion: 'v1',
        kind,
        metadata: { name: hashed({ data: has ? found : null, kind, name }) },
        ...(has ? { data: found } : {}),
      } as KubeObject;
    const encoded = Object.fromEntries(Object.entries(found).map(([k, v]) => [k, encodeBase64(v)]));
    const type = env.argv.flags.get('type') ?? '';
    return {
      apiVersion: 'v1',
      kind,
      metadata: { name: hashed({ data: has ? encoded : null, kind, name, type }) },
      ...(env.argv.flags.has('type') ? { type } : {}),
      ...(has ? { data: encoded } : {}),
    } as KubeObject;
  };

/** What --append-hash puts after the name. Upstream: pkg/util/hash/hash.go. */
function contentHash(content: object): string {
  const hex = hexOf(sha256(goJson(content))).slice(0, 10);
  const letters: Readonly<Record<string, string>> = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' };
  return [...hex].map((letter) => letters[letter] ?? letter).join('');
}

/** The credentials of a registry, as docker's own file has them. */
function registry({ argv: { flags } }: Env, name: string): Made {
  const [server, username, password, email] = [
    flags.get('docker-server') ?? 'https://index.docker.io/v1/',
    flags.get('docker-username'),
    flags.get('docker-password'),
    flags.get('docker-email'),
  ];
  if (flags.has('from-file')) return { error: `error: error reading ${flags.get('from-file')}: no such file or directory\n` };
  if (!username || !password || server === '')
    return {
      error: 'error: either --from-file or the combination of --docker-username, --docker-password and --docker-server is required\n',
    };
  const config = JSON.stringify({
    auths: { [server]: { username, password, ...(email ? { email } : {}), auth: encodeBase64(`${username}:${password}`) } },
  });
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': encodeBase64(config) },
  } as KubeObject;
}
/** There are no files to read. */
const tls = ({ argv: { flags } }: Env): Made => ({
  error:
    flags.has('cert') && flags.has('key')
      ? `error: Cannot read file ${flags.get('cert')}, open ${flags.get('cert')}: no such file or directory\n`
      : 'error: key and cert must be specified\n',
});

export default [
  generator({
    name: 'create deployment',
    aliases: ['create deploy'],
    required: 'image',
    refused: 'failed to create deployment: ',
    make: deployment,
  }),
  generator({
    name: 'create namespace',
    aliases: ['create ns'],
    make: (_env, name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
  }),
  generator({
    name: 'create serviceaccount',
    aliases: ['create sa'],
    refused: 'failed to create serviceaccount: ',
    make: (_env, name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } }),
  }),
  generator({ name: 'create configmap', aliases: ['create cm'], refused: 'failed to create configmap: ', make: data('ConfigMap') }),
  generator({ name: 'create secret docker-registry', refused: 'failed to create secret ', make: registry }),
  generator({ name: 'create secret tls', make: tls }),
  generator({ name: 'create secret generic', refused: 'failed to create secret ', make: data('Secret') }),
] satisfies readonly Command[];
