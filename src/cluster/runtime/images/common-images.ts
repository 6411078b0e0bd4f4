/** Images that manifests in the wild use. Sizes: Docker Hub and registry.k8s.io, linux/amd64, compressed, rounded. */
import { isReleased, type ImageFamily } from './image.ts';

const MB = 1_000_000;
/** The newest release lines, major.minor, with room for a year; from the projects' own release pages. */
const NEWEST: Readonly<Record<string, string>> = { nginx: '1.33', httpd: '2.4', busybox: '1.38', alpine: '3.25', redis: '8.12', postgres: '19.4', mongo: '9.2', whoami: '1.14', 'hello-app': '2.0' };
const family = (name: string, repositories: readonly string[], mb: number, behaviour: ImageFamily['behaviour']): ImageFamily => ({ name, repositories, sizeBytes: Math.round(mb * MB), hasTag: (tag) => isReleased(tag, NEWEST[name]), behaviour });

export default [
  family('nginx', ['docker.io/library/nginx', 'docker.io/nginxinc/nginx-unprivileged'], 72, { kind: 'server', ports: [80], startUs: 40_000, startup: ['/docker-entrypoint.sh: Configuration complete; ready for start up', 'nginx: [notice] start worker processes'], body: '<!DOCTYPE html><html><head><title>Welcome to nginx!</title></head></html>' }),
  family('httpd', ['docker.io/library/httpd'], 60, { kind: 'server', ports: [80], startUs: 60_000, startup: ['AH00094: Command line: \'httpd -D FOREGROUND\''], body: '<html><body><h1>It works!</h1></body></html>' }),
  family('busybox', ['docker.io/library/busybox'], 2.2, { kind: 'oneshot' }),
  family('alpine', ['docker.io/library/alpine'], 3.6, { kind: 'oneshot' }),
  family('debian', ['docker.io/library/debian', 'docker.io/library/ubuntu', 'docker.io/library/bash'], 49, { kind: 'oneshot' }),
  family('redis', ['docker.io/library/redis'], 45, { kind: 'server', ports: [6379], startUs: 80_000, startup: ['* Ready to accept connections tcp'], body: '+PONG' }),
  family('postgres', ['docker.io/library/postgres'], 150, { kind: 'server', ports: [5432], startUs: 900_000, startup: ['LOG:  database system is ready to accept connections'] }),
  family('mysql', ['docker.io/library/mysql', 'docker.io/library/mariadb'], 170, { kind: 'server', ports: [3306], startUs: 4_000_000, startup: ['mysqld: ready for connections.'] }),
  family('mongo', ['docker.io/library/mongo'], 260, { kind: 'server', ports: [27017], startUs: 1_500_000, startup: ['Waiting for connections'] }),
  family('whoami', ['docker.io/traefik/whoami', 'docker.io/containous/whoami'], 2.8, { kind: 'server', ports: [80], startup: ['Starting up on port 80'], body: 'Hostname: $pod\nIP: $ip\nGET $path HTTP/1.1\nHost: $host' }),
  family('agnhost', ['registry.k8s.io/e2e-test-images/agnhost', 'k8s.gcr.io/e2e-test-images/agnhost'], 52, { kind: 'server', ports: [8080, 80, 9376], startup: ['Started HTTP server on port 8080'], body: '$pod' }),
  family('echoserver', ['registry.k8s.io/echoserver', 'k8s.gcr.io/echoserver', 'gcr.io/google_containers/echoserver'], 43, { kind: 'server', ports: [8080], startup: ['Generating self-signed cert'], body: 'Hostname: $pod' }),
  family('hello-app', ['gcr.io/google-samples/hello-app', 'us-docker.pkg.dev/google-samples/containers/gke/hello-app'], 11, { kind: 'server', ports: [8080], startup: ['Server listening on port 8080'], body: 'Hello, world!\nVersion: 1.0.0\nHostname: $pod' }),
  family('http-echo', ['docker.io/hashicorp/http-echo'], 3.2, { kind: 'server', ports: [5678], startup: ['[INFO] server is listening on :5678'], body: 'hello-world' }),
  family('serve-hostname', ['registry.k8s.io/serve_hostname', 'k8s.gcr.io/serve_hostname', 'registry.k8s.io/serve-hostname'], 8, { kind: 'server', ports: [9376], body: '$pod' }),
  family('pause', ['registry.k8s.io/pause', 'k8s.gcr.io/pause', 'gcr.io/google_containers/pause'], 0.3, { kind: 'forever', startUs: 10_000 }),
  family('perl', ['docker.io/library/perl', 'docker.io/library/python', 'docker.io/library/node', 'docker.io/library/golang'], 340, { kind: 'oneshot' }),
] satisfies readonly ImageFamily[];
