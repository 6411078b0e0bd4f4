/** The peer on the same load: `node bench/peer.mjs PODS WORKERS`, from apply to every pod Ready, in CPU time. Bundled first, since its ES modules don't load in Node as they are. */
import { build } from 'esbuild';

await build({
  entryPoints: ['@ngrok/webernetes'],
  bundle: true,
  format: 'esm',
  platform: 'node',
  outfile: 'dist/bench/peer.js',
  logLevel: 'error',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
const { BaseImage, Cluster } = await import(new URL('../dist/bench/peer.js', import.meta.url));
const [pods, workers] = process.argv.slice(2, 4).map(Number);

class Web extends BaseImage {
  static imageName = 'web';
  static imageVersion = '1.0';
  defaultCommand = ['server'];
  async exec(ctx) {
    ctx.listenHttp(80, async () => ({ statusCode: 200, body: 'ok' }));
    return ctx.waitUntilKilled();
  }
}
const cluster = new Cluster({ nodes: workers });
cluster.registerImage(Web);
await cluster.init();
const labels = { app: 'web' };
const ready = new Set();
const limitS = Number(process.argv[4] ?? 900);
const done = new Promise((resolve) => {
  cluster.informer('pods', (type, pod) => {
    const { name, namespace } = pod.metadata;
    if (namespace !== 'default') return;
    if (type !== 'delete' && pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True')) ready.add(name);
    else ready.delete(name);
    if (ready.size === pods) resolve();
  });
  setTimeout(resolve, limitS * 1000).unref();
});
const since = process.cpuUsage();
const started = performance.now();
await cluster.apply([
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: pods,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1.0', ports: [{ containerPort: 80 }] }] } },
    },
  },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: labels, ports: [{ port: 80, targetPort: 80 }] } },
]);
await done;
const { user, system } = process.cpuUsage(since);
console.log(
  JSON.stringify({
    pods,
    workers,
    ready: ready.size,
    cpuMs: Math.round((user + system) / 1000),
    wallMs: Math.round(performance.now() - started),
  }),
);
process.exit(0);
