/** Images that manifests in the wild use. Sizes: Docker Hub and registry.k8s.io, linux/amd64, compressed, rounded. */
import { quantity } from '../../../api/machinery/quantity.ts';
import type { Behaviour } from '../executable.ts';
import { isReleased, type ImageFamily } from './image.ts';

const MB = 1_000_000;
/** The newest release lines, major.minor, with room for a year; from the projects' own release pages. */
const NEWEST: Readonly<Record<string, string>> = {
  nginx: '1.33',
  httpd: '2.4',
  busybox: '1.38',
  alpine: '3.25',
  redis: '8.12',
  postgres: '19.4',
  mongo: '9.2',
  whoami: '1.14',
  'hello-app': '2.0',
  'kubernetes-bootcamp': '2',
};
const family = (name: string, repositories: readonly string[], mb: number, behaviour: ImageFamily['behaviour']): ImageFamily => ({
  name,
  repositories,
  sizeBytes: Math.round(mb * MB),
  hasTag: (tag) => isReleased(tag, NEWEST[name]),
  behaviour,
});

const LIVENESS: Behaviour = { kind: 'server', ports: [8080], body: 'ok', fails: { path: '/healthz', afterUs: 10_000_000 }, termCode: 2 };

/** Source: kubernetes/test/images/agnhost/README.md and the sources of its subcommands. Simplified: of what they answer, the first page. */
function agnhost(words: readonly string[]): Behaviour {
  const [command = 'pause', ...args] = words.filter((w) => !/(^|\/)agnhost$/.test(w));
  const port = (otherwise: number): readonly number[] => [
    Number(
      /^--(?:http-)?port=?(\d+)?/.exec(args.find((a) => /^--(http-)?port/.test(a)) ?? '')?.[1] ??
        args[args.findIndex((a) => /^--(http-)?port$/.test(a)) + 1]?.replace(/\D.*/, '') ??
        otherwise,
    ) || otherwise,
  ];
  switch (command) {
    case 'liveness':
      return LIVENESS;
    case 'netexec':
      return { kind: 'server', ports: port(8080), startup: ['Started HTTP server on port 8080'], body: 'NOW: $pod' };
    case 'serve-hostname':
      return { kind: 'server', ignoresTerm: true, ports: port(9376), startup: ['Serving on port 9376.'], body: '$pod' };
    case 'test-webserver':
      return { kind: 'server', ports: port(80), body: 'ok', termCode: 2 };
    case 'grpc-health-checking':
      return {
        kind: 'server',
        ports: [5000, 8080],
        startup: ['Http server starting to listen on :8080', 'gRpc server starting to listen on :5000'],
      };
    case 'pause':
      return { kind: 'forever', startup: ['Paused'] };
    default:
      return command.startsWith('-') ? { kind: 'oneshot' } : { kind: 'server', ports: port(8080), body: '$pod' };
  }
}

/** What follows one of these flags, with one dash or two. */
const told = (words: readonly string[], flags: RegExp): string | undefined => words[words.findIndex((word) => flags.test(word)) + 1 || -1];

/** Takes as much memory as it is told to. Source: stress(1). */
function stress(words: readonly string[]): Behaviour {
  const amount = told(words, /^--vm-bytes$/)?.replace(/^(\d+)([KMG])$/, '$1$2i');
  const hogs = ['cpu', 'io', 'vm', 'hdd'].map((kind, i) => `${told(words, new RegExp(`^(--${kind}|-${'cimd'[i]})$`)) ?? 0} ${kind}`);
  return {
    kind: 'forever',
    startup: [`stress: info: [1] dispatching hogs: ${hogs.join(', ')}`],
    ...(amount === undefined ? {} : { memory: quantity(amount) }),
  };
}

/** The other program of that name, in Go. Source: github.com/vishh/stress main.go. Simplified: the memory is there at once. */
function vishStress(words: readonly string[]): Behaviour {
  const flag = (name: string, otherwise: string): string =>
    told(words, new RegExp(`^--?${name}$`)) ??
    words.find((word) => new RegExp(`^--?${name}=`).test(word))?.replace(/^.*?=/, '') ??
    otherwise;
  const [total, chunk, pause] = [flag('mem-total', '0'), flag('mem-alloc-size', '4Ki'), flag('mem-alloc-sleep', '1ms')];
  const line = (number: number, text: string): string => `I$time       1 main.go:${number}] ${text}`;
  return {
    kind: 'forever',
    termCode: 2,
    startup: [
      line(26, `Allocating "${total}" memory, in "${chunk}" chunks, with a ${pause} sleep between allocations`),
      ...Array.from({ length: Number(flag('cpus', '0')) || 0 }, () => line(39, 'Spawning a thread to consume CPU')),
      line(29, `Allocated "${total}" memory`),
    ],
    memory: quantity(total),
  };
}

/** Source: kubernetes/ingress-nginx images/echoserver, echo.lua; website content/en/docs/tutorials/services/source-ip.md. Simplified: of the headers, the host. */
const ECHO =
  '\n\nHostname: $pod\n\nPod Information:\n\t-no pod information available-\n\nServer values:\n\tserver_version=nginx: 1.13.3 - lua: 10008\n\nRequest Information:\n\tclient_address=$client\n\tmethod=$method\n\treal path=$path\n\tquery=\n\trequest_version=1.1\n\trequest_scheme=http\n\trequest_uri=http://$host:8080$path\n\nRequest Headers:\n\thost=$host\n\nRequest Body:\n\t-no body in request-\n\n';
/** As release 1.4 says it, which the tutorial takes. */
const ECHO_1_4 =
  'CLIENT VALUES:\nclient_address=$client\ncommand=$method\nreal path=$path\nquery=nil\nrequest_version=1.1\nrequest_uri=http://$host:8080$path\n\nSERVER VALUES:\nserver_version=nginx: 1.10.0 - lua: 10001\n\nHEADERS RECEIVED:\nhost=$host\nBODY:\n-no body in request-';

export default [
  family(
    'nginx',
    [
      'docker.io/library/nginx',
      'docker.io/nginxinc/nginx-unprivileged',
      'registry.k8s.io/nginx-slim',
      'k8s.gcr.io/nginx-slim',
      'docker.io/bprashanth/nginxhttps',
    ],
    72,
    {
      kind: 'server',
      title: 'nginx: master process nginx -g daemon off;',
      ports: [80],
      startUs: 40_000,
      startup: ['/docker-entrypoint.sh: Configuration complete; ready for start up', 'nginx: [notice] start worker processes'],
      accessLog: 'combined',
      bindError: 'nginx: [emerg] bind() to 0.0.0.0:$port failed (98: Address already in use)',
      root: '/usr/share/nginx/html',
      body: '<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n<h1>Welcome to nginx!</h1>\n</body>\n</html>\n',
    },
  ),
  family('httpd', ['docker.io/library/httpd'], 60, {
    kind: 'server',
    ports: [80],
    startUs: 60_000,
    startup: ["AH00094: Command line: 'httpd -D FOREGROUND'"],
    accessLog: 'common',
    bindError: '(98)Address already in use: AH00072: make_sock: could not bind to address [::]:$port',
    root: '/usr/local/apache2/htdocs',
    body: '<html><body><h1>It works!</h1></body></html>',
  }),
  family(
    'busybox',
    [
      'docker.io/library/busybox',
      'registry.k8s.io/busybox',
      'k8s.gcr.io/busybox',
      'gcr.io/google_containers/busybox',
      'registry.k8s.io/e2e-test-images/busybox',
      'gcr.io/google-containers/busybox',
      'docker.io/yauritux/busybox-curl',
      'docker.io/curlimages/curl',
    ],
    2.2,
    { kind: 'oneshot' },
  ),
  {
    ...family('busyboxplus', ['docker.io/radial/busyboxplus'], 4, { kind: 'oneshot' }),
    hasTag: (tag) => ['base', 'curl', 'git', 'latest'].includes(tag),
  },
  family('alpine', ['docker.io/library/alpine'], 3.6, { kind: 'oneshot' }),
  family('debian', ['docker.io/library/debian', 'docker.io/library/ubuntu', 'docker.io/library/bash'], 49, { kind: 'oneshot' }),
  family(
    'redis',
    [
      'docker.io/library/redis',
      'registry.k8s.io/redis',
      'k8s.gcr.io/redis',
      'docker.io/kubernetes/redis',
      'gcr.io/google_samples/gb-redisslave',
      'us-docker.pkg.dev/google-samples/containers/gke/gb-redis-follower',
      'docker.io/bitnami/redis',
    ],
    45,
    {
      kind: 'server',
      title: 'redis-server *:6379',
      ports: [6379],
      startUs: 80_000,
      startup: ['* Ready to accept connections tcp'],
      body: '+PONG',
    },
  ),
  family('postgres', ['docker.io/library/postgres'], 150, {
    kind: 'server',
    ports: [5432],
    startUs: 900_000,
    startup: ['LOG:  database system is ready to accept connections'],
  }),
  family('mysql', ['docker.io/library/mysql', 'docker.io/library/mariadb'], 170, {
    kind: 'server',
    ports: [3306],
    startUs: 4_000_000,
    startup: ['mysqld: ready for connections.'],
  }),
  family('mongo', ['docker.io/library/mongo'], 260, {
    kind: 'server',
    ports: [27017],
    startUs: 1_500_000,
    startup: ['Waiting for connections'],
  }),
  family('whoami', ['docker.io/traefik/whoami', 'docker.io/containous/whoami'], 2.8, {
    kind: 'server',
    ports: [80],
    startup: ['Starting up on port 80'],
    body: 'Hostname: $pod\nIP: $ip\nGET $path HTTP/1.1\nHost: $host',
  }),
  {
    ...family(
      'agnhost',
      ['registry.k8s.io/e2e-test-images/agnhost', 'k8s.gcr.io/e2e-test-images/agnhost', 'gcr.io/kubernetes-e2e-test-images/agnhost'],
      52,
      { kind: 'forever', startup: ['Paused'] },
    ),
    told: agnhost,
  },
  {
    ...family('liveness', ['registry.k8s.io/liveness', 'k8s.gcr.io/liveness', 'gcr.io/google_containers/liveness'], 2, LIVENESS),
    told: () => LIVENESS,
  },
  family(
    'dnsutils',
    [
      'registry.k8s.io/e2e-test-images/jessie-dnsutils',
      'gcr.io/kubernetes-e2e-test-images/dnsutils',
      'k8s.gcr.io/e2e-test-images/jessie-dnsutils',
      'docker.io/tutum/dnsutils',
    ],
    60,
    { kind: 'oneshot' },
  ),
  {
    ...family('stress', ['docker.io/polinux/stress', 'docker.io/progrium/stress'], 4, { kind: 'forever' }),
    told: stress,
  },
  { ...family('vish-stress', ['docker.io/vish/stress'], 2, { kind: 'forever', title: '/stress -logtostderr' }), told: vishStress },
  family('echoserver', ['registry.k8s.io/echoserver', 'k8s.gcr.io/echoserver', 'gcr.io/google_containers/echoserver'], 43, {
    kind: 'server',
    ports: [8080],
    startup: ['Generating self-signed cert'],
    body: ECHO,
    bodyOf: { '1.4': ECHO_1_4 },
  }),
  family('hello-app', ['gcr.io/google-samples/hello-app', 'us-docker.pkg.dev/google-samples/containers/gke/hello-app'], 11, {
    kind: 'server',
    ports: [8080],
    startup: ['Server listening on port 8080'],
    body: 'Hello, world!\nVersion: $tag.0\nHostname: $pod\n',
    termCode: 2,
  }),
  // website content/en/docs/tutorials/kubernetes-basics: there are a v1 and a v2, and no v10.
  family('kubernetes-bootcamp', ['gcr.io/google-samples/kubernetes-bootcamp', 'docker.io/jocatalin/kubernetes-bootcamp'], 84, {
    kind: 'server',
    ports: [8080],
    body: 'Hello Kubernetes bootcamp! | Running on: $pod | v=$tag\n',
    ignoresTerm: true,
  }),
  family('hello-go', ['gcr.io/google-samples/hello-go-gke', 'gcr.io/google-samples/hello-frontend'], 12, {
    kind: 'server',
    ports: [80],
    body: '{"message":"Hello"}\n',
  }),
  family('node-hello', ['gcr.io/google-samples/node-hello'], 260, {
    kind: 'server',
    ports: [8080],
    body: 'Hello Kubernetes!',
    ignoresTerm: true,
  }),
  family(
    'gb-frontend',
    [
      'gcr.io/google-samples/gb-frontend',
      'gcr.io/google_samples/gb-frontend',
      'us-docker.pkg.dev/google-samples/containers/gke/gb-frontend',
    ],
    170,
    { kind: 'server', ports: [80], accessLog: 'common', body: '<html ng-app="redis"><head><title>Guestbook</title></head></html>' },
  ),
  family('test-webserver', ['registry.k8s.io/test-webserver', 'k8s.gcr.io/test-webserver'], 2, {
    kind: 'server',
    ports: [80],
    body: 'ok',
    termCode: 2,
  }),
  family('http-echo', ['docker.io/hashicorp/http-echo'], 3.2, {
    kind: 'server',
    ports: [5678],
    startup: ['[INFO] server is listening on :5678'],
    body: 'hello-world',
  }),
  family('serve-hostname', ['registry.k8s.io/serve_hostname', 'k8s.gcr.io/serve_hostname', 'registry.k8s.io/serve-hostname'], 8, {
    kind: 'server',
    ports: [9376],
    body: '$pod',
    ignoresTerm: true,
  }),
  family('perl', ['docker.io/library/perl', 'docker.io/library/python', 'docker.io/library/node', 'docker.io/library/golang'], 340, {
    kind: 'oneshot',
  }),
] satisfies readonly ImageFamily[];
