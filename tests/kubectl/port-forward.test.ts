/** kubectl port-forward. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/portforward/portforward_test.go, client-go tools/portforward/portforward_test.go (v1.36). */
import { describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';
import { outputOf } from './said.ts';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: nginx, image: nginx, ports: [{name: http, containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: www, port: 8000, targetPort: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: bare}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: stuck}
spec: {nodeSelector: {disk: none}, containers: [{name: c, image: nginx}]}
`;
const made = (): Cluster => {
  const cluster = openCluster();
  cluster.kubectl('apply -f -', WEB);
  cluster.settle();
  return cluster;
};
const both = (from: string, to: string): string => `Forwarding from 127.0.0.1:${from} -> ${to}\nForwarding from [::1]:${from} -> ${to}\n`;

describe('kubectl port-forward', () => {
  const cluster = made();
  const out = outputOf(cluster);
  const pod = out('get pods -l app=web -o jsonpath={.items[0].metadata.name}');
  it.each([
    [`${pod} 8080:80`, both('8080', '80')],
    [`pod/${pod} 80`, both('80', '80')],
    [`pod/${pod} 8080:http 9090:81`, both('8080', '80') + both('9090', '81')],
    ['deploy/web 8080:80', both('8080', '80')],
    ['svc/web 8000', both('8000', '80')],
    ['svc/web 8080:www', both('8080', '80')],
    ['svc/web www', both('8000', '80')],
    [`${pod} 8080:80 --address 0.0.0.0`, 'Forwarding from 0.0.0.0:8080 -> 80\n'],
  ])('%s listens until Ctrl-C', (line, says) =>
    expect(cluster.kubectl(`port-forward ${line}`)).toEqual({ stdout: says, stderr: '', exitCode: 130 }),
  );
  it('takes a free port when none is named', () =>
    expect(out(`port-forward ${pod} :80`)).toMatch(/^Forwarding from 127\.0\.0\.1:(\d{5}) -> 80\nForwarding from \[::1\]:\1 -> 80\n$/));
  it.each([
    ['', "error: TYPE/NAME and list of ports are required for port-forward\nSee 'kubectl port-forward -h' for help and examples\n"],
    [pod, "error: TYPE/NAME and list of ports are required for port-forward\nSee 'kubectl port-forward -h' for help and examples\n"],
    ['nobody 80', 'Error from server (NotFound): pods "nobody" not found\n'],
    ['svc/web 80', 'error: Service web does not have a service port 80\n'],
    ['svc/web 8080:nope', "error: Service 'web' does not have a named port 'nope'\n"],
    ['svc/bare 80', "error: cannot attach to *v1.Service: invalid service 'bare': Service is defined without a selector\n"],
    ['cm/kube-root-ca.crt 80', 'error: cannot attach to *v1.ConfigMap: selector for *v1.ConfigMap not implemented\n'],
    ['stuck 8080:80', 'error: unable to forward port because pod is not running. Current status=Pending\n'],
    [`${pod} 8080:nope`, `error: Pod '${pod}' does not have a named port 'nope'\n`],
    [`${pod} 8080:`, `error: Pod '${pod}' does not have a named port ''\n`],
    [`${pod} x:80`, `error: error parsing local port 'x': strconv.ParseUint: parsing "x": invalid syntax\n`],
    [`${pod} 8080:70000`, `error: error parsing remote port '70000': strconv.ParseUint: parsing "70000": value out of range\n`],
    [`${pod} 8080:0`, 'error: remote port must be > 0\n'],
    [`${pod} 8080:80 --address here`, 'error: here is not a valid IP\n'],
  ])('%s is refused', (line, says) => expect(out(`port-forward ${line}`)).toBe(says));
});

describe('what is asked of localhost while it runs', () => {
  /** Runs beside what comes after it. */
  const begun = (cluster: Cluster, line: string): string => cluster.kubectl(`${line} &`).stdout;
  it('goes through the apiserver and the kubelet to one pod, past the Service', () => {
    const cluster = made();
    expect(begun(cluster, 'port-forward svc/web 8080:8000')).toBe(both('8080', '80'));
    const walk = cluster.connect({ from: 'laptop', to: 'http://localhost:8080/' });
    expect([walk.verdict, walk.status]).toEqual(['answered', 200]);
    expect(walk.servedBy).toMatch(/^default\/web-/);
    const dsts = walk.hops.filter((hop) => hop.what === 'sent').map((hop) => `${hop.at} ${hop.packet.dst}`);
    expect(dsts.filter((dst) => dst.endsWith(':8080') || dst.endsWith(':80'))).toEqual([
      'laptop 127.0.0.1:8080',
      'laptop 127.0.0.1:8080',
      expect.stringMatching(/^worker-\d 127\.0\.0\.1:80$/),
      expect.stringMatching(/^worker-\d 127\.0\.0\.1:80$/),
    ]);
    expect(walk.hops.filter((hop) => hop.rule !== undefined || hop.what === 'dnat')).toEqual([]);
    const { servedBy } = cluster.connect({ from: 'laptop', to: 'localhost:8080' });
    expect(servedBy).toBe(walk.servedBy);
    const log = cluster.kubectl(['logs', (walk.servedBy ?? '').split('/')[1]]).stdout;
    expect(log).toMatch(/^127\.0\.0\.1 - - .*"GET \/ HTTP\/1\.1" 200/m);
    expect(cluster.connect({ from: 'laptop', to: 'localhost:8081' })).toMatchObject({
      verdict: 'refused',
      why: 'Failed to connect to 127.0.0.1 port 8081: Connection refused',
    });
    expect(outputOf(cluster)('port-forward svc/web 8080:8000')).toBe(
      'Unable to listen on port 8080: Listeners failed to create with the following errors: [unable to create listener: Error listen tcp4 127.0.0.1:8080: bind: address already in use unable to create listener: Error listen tcp6 [::1]:8080: bind: address already in use]\nerror: unable to listen on any of the requested ports: [{8080 80}]\n',
    );
  });
  it('ends with a port on which nobody in the pod listens, and with the pod', () => {
    const cluster = made();
    const ended: string[] = [];
    const told = (): void => {
      for (const event of cluster.trace())
        if (event.type === 'note' && event.fact.says === 'kubectl/exited')
          ended.push(`${String(event.fact.with?.stdout)}${String(event.fact.with?.stderr)}`);
    };
    begun(cluster, 'port-forward deploy/web 8080:81');
    expect(cluster.connect({ from: 'laptop', to: 'localhost:8080' }).verdict).toBe('refused');
    told();
    expect(ended.pop()).toMatch(
      /^Forwarding.*\nForwarding.*\nHandling connection for 8080\nE0504 [\d:.]{15} +1 portforward\.go:\d+\] "Unhandled Error" err="an error occurred forwarding 8080 -> 81: error forwarding port 81 to pod [0-9a-f]{64}, uid : failed to execute portforward in network namespace .*: failed to connect to localhost:81 inside namespace .*, IPv4: dial tcp4 127\.0\.0\.1:81: connect: connection refused IPv6 dial tcp6 \[::1\]:81: connect: connection refused "\nerror: lost connection to pod\n$/,
    );
    begun(cluster, 'port-forward deploy/web 8080:80');
    cluster.kubectl('delete deploy web');
    cluster.settle();
    expect(cluster.connect({ from: 'laptop', to: 'localhost:8080' }).verdict).toBe('refused');
    told();
    expect(ended.pop()).toMatch(
      / 8080 -> 80: error forwarding port 80 to pod [0-9a-f]{64}, uid : failed to find sandbox .* in store: not found"\nerror: lost connection to pod\n$/,
    );
  });
  it('asks only itself', () =>
    expect(() => openCluster().connect({ from: 'laptop', to: 'http://192.168.0.21/' })).toThrow(
      /from the laptop there is localhost alone/,
    ));
});
