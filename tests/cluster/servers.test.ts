/**
 * Scripts that end in a program which serves: what manifests in the wild start by `sh -c`, and what a probe, a Service and SIGTERM make of it.
 * Source: nginx(8), busybox' networking/{httpd,nc}.c, the projects' own manuals.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

interface Case {
  readonly image: string;
  readonly command: readonly string[];
  readonly port?: number;
}
const sh = (script: string, image = 'acme/app:1'): Case => ({ image, command: ['sh', '-c', script] });
const SERVE: Readonly<Record<string, Case>> = {
  'nginx-in-front': sh('echo hi > /usr/share/nginx/html/index.html; nginx -g "daemon off;"', 'nginx:1.29'),
  'nginx-behind': sh('nginx && sleep 3600', 'nginx:1.29'),
  npm: sh('npm install && npm start', 'node:22'),
  'npm-run': sh('npm ci && npm run build && npm run dev', 'node:22'),
  python: sh('pip install -r requirements.txt; python app.py', 'python:3.13'),
  'python-pages': sh('cd /tmp && python3 -m http.server 80', 'python:3.13'),
  django: sh('python manage.py migrate && python manage.py runserver 0.0.0.0:80', 'python:3.13'),
  gunicorn: sh('exec gunicorn --bind 0.0.0.0:80 app:app', 'python:3.13'),
  'gunicorn-alone': { image: 'python:3.13', command: ['gunicorn', '-b', '0.0.0.0:80', 'app:app'] },
  rails: sh('bundle exec rails db:migrate && bundle exec rails server -b 0.0.0.0', 'ruby:3.4'),
  java: sh('java -cp /app.jar com.example.Main', 'eclipse-temurin:21'),
  exec: sh('echo start; exec /app/server --port 80'),
  last: sh('sleep 1; /app/server > /dev/null 2>&1'),
  behind: sh('/app/server & sleep 1; wait'),
  tini: sh('exec tini -- /app/server'),
  'busybox-httpd': sh('mkdir /www; echo hello > /www/index.html; httpd -f -p 80 -h /www', 'busybox:1.37'),
  'busybox-httpd-alone': { image: 'busybox:1.37', command: ['httpd', '-f', '-v', '-p', '80'] },
  nc: sh('while true; do printf "HTTP/1.1 200 OK\\n\\nfrom nc\\n" | nc -l -p 80; done', 'busybox:1.37'),
};
const NOT: Readonly<Record<string, Case>> = {
  sleep: sh('sleep 3600'),
  'sleep-alone': { image: 'busybox:1.37', command: ['sleep', '3600'] },
  tail: sh('/app/migrate.sh; tail -f /dev/null'),
  'nginx-checked': sh('nginx -t && sleep 3600', 'nginx:1.29'),
};

let cluster: Cluster;
const podOf = (name: string, { image, command, port = 80 }: Case): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    containers: [
      {
        name: 'app',
        image,
        command,
        ports: [{ containerPort: port }],
        readinessProbe: { tcpSocket: { port }, periodSeconds: 2 },
      },
    ],
  },
});
const create = (name: string, of: Case): void => expect(cluster.kubectl('create -f -', JSON.stringify(podOf(name, of))).stderr).toBe('');
const status = (name: string): string => cluster.kubectl(`get pod ${name} --no-headers`).stdout.replace(/ +/g, ' ');
const ip = (name: string): string => cluster.kubectl(`get pod ${name} -o jsonpath={.status.podIP}`).stdout;
const ask = (name: string) => cluster.connect({ from: 'node/worker-1', to: `http://${ip(name)}:80/` });
const page = (name: string): string => cluster.kubectl(`exec sleep-alone -- wget -qO- -T 2 http://${ip(name)}/`).stdout;

beforeAll(() => {
  cluster = openCluster();
  for (const [name, of] of Object.entries({ ...SERVE, ...NOT })) create(name, of);
  cluster.advance(60);
});

describe('a script', () => {
  it.each(Object.keys(SERVE))('that ends in a server is one: %s', (name) => {
    expect(status(name)).toMatch(new RegExp(`^${name} 1/1 Running 0 `));
    expect(ask(name)).toMatchObject({ verdict: 'answered', status: name === 'busybox-httpd-alone' ? 404 : 200 });
  });

  it.each(Object.keys(NOT))('that listens nowhere answers neither a probe nor a request: %s', (name) => {
    expect(status(name)).toMatch(new RegExp(`^${name} 0/1 Running 0 `));
    expect(ask(name).verdict).toBe('refused');
  });

  it('serves the pages that it has written, and says what it has been told to', () => {
    expect(page('nginx-in-front')).toBe('hi\n');
    expect(page('busybox-httpd')).toBe('hello\n');
    expect([page('nc'), page('nc')]).toEqual(['from nc\n', 'from nc\n']);
    expect(cluster.kubectl('logs exec').stdout).toBe('start\n');
    expect(cluster.kubectl('logs nginx-in-front').stdout).toMatch(/^nginx: \[notice\] start worker processes\n/);
  });

  it('whose server has taken its place ends as soon as it is told; a shell that waits for another command does not', () => {
    const goneAfter = (name: string): number => {
      const before = cluster.now;
      cluster.kubectl(`delete pod ${name}`);
      return cluster.now - before;
    };
    expect(goneAfter('exec')).toBeLessThan(5);
    expect(goneAfter('nginx-in-front')).toBeLessThan(5);
    expect(goneAfter('nginx-behind')).toBeGreaterThan(29);
  });

  it('that puts nginx into the background and ends, ends its container', () => {
    create('daemon', sh('nginx', 'nginx:1.29'));
    cluster.advance(20);
    expect(status('daemon')).toMatch(/^daemon 0\/1 (Completed|CrashLoopBackOff) /);
  });

  it('does not find a server that its image has not', () => {
    create('lacks', sh('npm start', 'busybox:1.37'));
    cluster.advance(10);
    expect(cluster.kubectl('logs lacks').stdout).toBe('sh: npm: not found\n');
    expect(status('lacks')).toMatch(/^lacks 0\/1 (Error|CrashLoopBackOff) /);
  });

  it('of an init container starts nothing that goes on', () => {
    const pod = podOf('init', SERVE.exec) as { spec: object };
    const initContainers = [{ name: 'migrate', image: 'acme/app:1', command: ['sh', '-c', 'echo migrating; exec /app/migrate'] }];
    cluster.kubectl('create -f -', JSON.stringify({ ...pod, spec: { ...pod.spec, initContainers } }));
    cluster.advance(20);
    expect(status('init')).toMatch(/^init 1\/1 Running 0 /);
  });

  it('of a server that is over answers no more', () => {
    create('brief', sh('timeout 5 httpd -f -p 80; sleep 3600', 'busybox:1.37'));
    cluster.advance(4);
    expect(ask('brief').verdict).toBe('answered');
    cluster.advance(10);
    expect(ask('brief').verdict).toBe('refused');
  });
});
