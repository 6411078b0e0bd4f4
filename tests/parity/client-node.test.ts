/**
 * The official client (@kubernetes/client-node), unchanged, against the API: its requests are given to a cluster instead of a socket, and its own deserializers read the answers.
 * It is bundled first, without undici, whose newest version wants a newer Node than the project does.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

type Api = Record<string, (request?: Record<string, unknown>) => Promise<never>>;
interface Client {
  readonly [name: string]: unknown;
  createConfiguration(c: object): object;
  wrapHttpLibrary(h: object): object;
  ServerConfiguration: new (url: string, variables: object) => object;
  ResponseContext: new (code: number, headers: object, body: object) => unknown;
}
interface Sent {
  getUrl(): string;
  getHttpMethod(): string;
  getHeaders(): Record<string, string>;
  getBody(): string | undefined;
}

const DIR = `${process.cwd()}/test-results`;
const GEN = `${process.cwd()}/node_modules/@kubernetes/client-node/dist/gen`;
let client: Client;
let cluster: Cluster;
const api = (name: string): Api => {
  const send = (sent: Sent): Promise<unknown> => {
    const url = new URL(sent.getUrl());
    const { status, headers, body } = cluster.request({
      method: sent.getHttpMethod(),
      path: url.pathname + url.search,
      headers: sent.getHeaders(),
      ...(sent.getBody() === undefined ? {} : { body: sent.getBody() }),
    });
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return Promise.resolve(
      new client.ResponseContext(status, headers, { text: () => Promise.resolve(text), binary: () => Promise.resolve(Buffer.from(text)) }),
    );
  };
  const configuration = client.createConfiguration({
    baseServer: new client.ServerConfiguration('http://cluster', {}),
    httpApi: client.wrapHttpLibrary({ send }),
    authMethods: {},
  });
  return new (client[`Object${name}`] as new (c: object) => Api)(configuration);
};

beforeAll(async () => {
  mkdirSync(DIR, { recursive: true });
  writeFileSync(`${DIR}/no-undici.mjs`, 'export const fetch = undefined;\n');
  const contents = `export { ObjectCoreV1Api, ObjectAppsV1Api, ObjectDiscoveryV1Api, ObjectCoordinationV1Api, ObjectVersionApi } from '${GEN}/types/ObjectParamAPI.js'; export { createConfiguration } from '${GEN}/configuration.js'; export { ServerConfiguration } from '${GEN}/servers.js'; export { ResponseContext, wrapHttpLibrary } from '${GEN}/http/http.js';`;
  await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: `${DIR}/client-node.mjs`,
    alias: { undici: `${DIR}/no-undici.mjs` },
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  client = (await import(/* @vite-ignore */ pathToFileURL(`${DIR}/client-node.mjs`).href)) as Client;
  cluster = openCluster();
});

const labels = { app: 'web' };
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx:1.29', ports: [{ containerPort: 80 }] }] } },
  },
};

describe('the official client', () => {
  it('creates a Deployment and lists its pods by label', async () => {
    const made = (await api('AppsV1Api').createNamespacedDeployment({ namespace: 'default', body: deployment })) as {
      spec: { strategy: { type: string } };
      metadata: { creationTimestamp: Date };
    };
    expect(made.spec.strategy.type).toBe('RollingUpdate');
    expect(made.metadata.creationTimestamp).toBeInstanceOf(Date);
    cluster.settle();
    const { items } = (await api('CoreV1Api').listNamespacedPod({
      namespace: 'default',
      labelSelector: 'app=web',
      fieldSelector: 'status.phase=Running',
    })) as { items: { status: { podIP: string; startTime: Date }; metadata: { ownerReferences: { kind: string }[] } }[] };
    expect(items).toHaveLength(2);
    expect(items[0].status.startTime).toBeInstanceOf(Date);
    expect(items[0].metadata.ownerReferences[0].kind).toBe('ReplicaSet');
  });
  it('reads, scales and replaces; an old version is a 409', async () => {
    const apps = api('AppsV1Api');
    const read = (await apps.readNamespacedDeployment({ namespace: 'default', name: 'web' })) as {
      spec: { replicas: number };
      metadata: { resourceVersion: string };
    };
    const scale = (await apps.readNamespacedDeploymentScale({ namespace: 'default', name: 'web' })) as {
      kind: string;
      status: { selector: string };
    };
    expect([scale.kind, scale.status.selector]).toEqual(['Scale', 'app=web']);
    await apps.replaceNamespacedDeployment({ namespace: 'default', name: 'web', body: { ...read, spec: { ...read.spec, replicas: 3 } } });
    await expect(
      apps.replaceNamespacedDeployment({ namespace: 'default', name: 'web', body: { ...read, spec: { ...read.spec, replicas: 4 } } }),
    ).rejects.toMatchObject({ code: 409 });
    cluster.settle();
    expect(
      ((await apps.readNamespacedDeploymentStatus({ namespace: 'default', name: 'web' })) as { status: { readyReplicas: number } }).status
        .readyReplicas,
    ).toBe(3);
  });
  it('gets an ApiException with the Status for what is not there', async () => {
    const error = (await api('CoreV1Api')
      .readNamespacedPod({ namespace: 'default', name: 'nobody' })
      .catch((e: unknown) => e)) as { code: number; body: string };
    expect(error.code).toBe(404);
    expect(JSON.parse(error.body)).toMatchObject({ kind: 'Status', reason: 'NotFound', message: 'pods "nobody" not found' });
  });
  it('reads nodes, Services, EndpointSlices, Leases, Events and the version as its models', async () => {
    await api('CoreV1Api').createNamespacedService({
      namespace: 'default',
      body: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: labels, ports: [{ port: 80 }] } },
    });
    cluster.settle();
    const nodes = (await api('CoreV1Api').listNode()) as {
      items: { status: { capacity: Record<string, string>; nodeInfo: { kubeletVersion: string } } }[];
    };
    expect(nodes.items.map((n) => n.status.nodeInfo.kubeletVersion)).toEqual(Array(4).fill('v1.36.0'));
    const slices = (await api('DiscoveryV1Api').listNamespacedEndpointSlice({
      namespace: 'default',
      labelSelector: 'kubernetes.io/service-name=web',
    })) as { items: { endpoints: { conditions: { ready: boolean } }[] }[] };
    expect(slices.items[0].endpoints.map((e) => e.conditions.ready)).toEqual([true, true, true]);
    const leases = (await api('CoordinationV1Api').listNamespacedLease({ namespace: 'kube-node-lease' })) as {
      items: { spec: { renewTime: Date; leaseDurationSeconds: number } }[];
    };
    expect(leases.items.every((l) => l.spec.leaseDurationSeconds === 40 && !Number.isNaN(new Date(l.spec.renewTime).getTime()))).toBe(true);
    const events = (await api('CoreV1Api').listNamespacedEvent({ namespace: 'default', fieldSelector: 'reason=Scheduled' })) as {
      items: unknown[];
    };
    expect(events.items.length).toBeGreaterThanOrEqual(3);
    expect(((await api('VersionApi').getCode()) as { gitVersion: string }).gitVersion).toBe('v1.36.0');
  });
  it('deletes with options, and a collection by label', async () => {
    const gone = (await api('AppsV1Api').deleteNamespacedDeployment({
      namespace: 'default',
      name: 'web',
      propagationPolicy: 'Foreground',
    })) as { status: string | object };
    expect(gone).toBeDefined();
    cluster.settle();
    await api('CoreV1Api').deleteCollectionNamespacedPod({ namespace: 'default', labelSelector: 'app=web' });
    cluster.advance(60);
    expect(((await api('CoreV1Api').listNamespacedPod({ namespace: 'default' })) as { items: unknown[] }).items).toEqual([]);
  });
});
