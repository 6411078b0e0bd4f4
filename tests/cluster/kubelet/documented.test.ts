/** What pages of the documentation say that a reader sees. Source: kubernetes/website content/en/docs, each by its path. */
import { expect, it } from 'vitest';
import { openCluster } from '../../../src/engine/headless.ts';

const pod = (name: string, spec: object): string => JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });

// tasks/configure-pod-container/configure-liveness-readiness-startup-probes.md; test/images/agnhost/liveness/server.go catches no SIGTERM, Go's runtime ends with 2.
it('a Go program that SIGTERM reaches ends with 2', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl(
    'create -f -',
    pod('liveness-http', {
      containers: [
        {
          name: 'liveness',
          image: 'registry.k8s.io/e2e-test-images/agnhost:2.40',
          args: ['liveness'],
          livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, initialDelaySeconds: 3, periodSeconds: 3 },
        },
      ],
    }),
  );
  cluster.advance(40);
  expect(
    cluster.kubectl(
      'get pod liveness-http -o jsonpath={.status.containerStatuses[0].lastState.terminated.reason},{.status.containerStatuses[0].lastState.terminated.exitCode}',
    ).stdout,
  ).toBe('Error,2');
});

// The same page, pods/probe/grpc-liveness.yaml: the events show that it is well.
it("somebody's own etcd answers its probe", () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl(
    'create -f -',
    pod('etcd-with-grpc', {
      containers: [
        {
          name: 'etcd',
          image: 'registry.k8s.io/etcd:3.5.1-0',
          command: ['/usr/local/bin/etcd', '--data-dir', '/var/lib/etcd', '--listen-client-urls', 'http://0.0.0.0:2379'],
          ports: [{ containerPort: 2379 }],
          livenessProbe: { grpc: { port: 2379 }, initialDelaySeconds: 10 },
        },
      ],
    }),
  );
  cluster.advance(90);
  expect(cluster.kubectl('get pod etcd-with-grpc --no-headers').stdout).toMatch(/ 1\/1 +Running +0 /);
  expect(cluster.kubectl('get events --field-selector involvedObject.name=etcd-with-grpc,type=Warning').stdout).toBe('');
});

// pkg/kubelet/pod_workers.go completeWork (v1.36): what waits is looked at again when its time has come, at the latest after a minute; each look says BackOff.
it('a container that waits long for its restart is said to wait each minute', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('create -f -', pod('crash', { containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', 'exit 3'] }] }));
  const counts: number[] = [];
  // It waits 10, 20, 40, 80 and 160 s: the fourth wait is said twice. Later the events are too many, and most are not written.
  for (let minute = 0; minute < 3; minute++) {
    cluster.advance(60);
    counts.push(
      Number(cluster.kubectl('get events --field-selector involvedObject.name=crash,reason=BackOff -o jsonpath={.items[0].count}').stdout),
    );
  }
  expect(counts).toEqual([3, 4, 6]);
});

// concepts/architecture/leases.md, garbage-collection.md: the Lease belongs to its Node; k8s.io/component-helpers apimachinery/lease/controller.go makes none without it.
it('a machine whose Node is deleted has no Lease either', () => {
  const cluster = openCluster({ topology: { workers: 2 } });
  cluster.kubectl('delete node worker-2');
  cluster.advance(40);
  expect(cluster.kubectl('get leases -n kube-node-lease -o name').stdout).toBe(
    'lease.coordination.k8s.io/cp-1\nlease.coordination.k8s.io/worker-1\n',
  );
  cluster.fault({ do: 'kill', what: 'worker-2/kubelet' });
  cluster.advance(20);
  expect(cluster.kubectl('get leases -n kube-node-lease -o name').stdout).toContain('worker-2');
});

// tasks/administer-cluster/extended-resource-node.md, tasks/configure-pod-container/extended-resource.md; pkg/kubelet/nodestatus/setters.go MachineInfo.
it('what is written into the capacity of a Node can be asked for', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl(
    'create -f -',
    pod('extended-resource-demo', {
      containers: [
        { name: 'c', image: 'nginx', resources: { requests: { 'example.com/dongle': 3 }, limits: { 'example.com/dongle': 3 } } },
      ],
    }),
  );
  cluster.kubectl([
    'patch',
    'node',
    'worker-1',
    '--subresource=status',
    '--type=json',
    '-p',
    '[{"op": "add", "path": "/status/capacity/example.com~1dongle", "value": "4"}]',
  ]);
  cluster.advance(20);
  expect(cluster.kubectl('get pod extended-resource-demo --no-headers').stdout).toMatch(/ 1\/1 +Running /);
  cluster.kubectl(
    'create -f -',
    pod('extended-resource-demo-2', {
      containers: [
        { name: 'c', image: 'nginx', resources: { requests: { 'example.com/dongle': 2 }, limits: { 'example.com/dongle': 2 } } },
      ],
    }),
  );
  cluster.advance(5);
  expect(cluster.kubectl('get events --field-selector involvedObject.name=extended-resource-demo-2').stdout).toContain(
    '1 Insufficient example.com/dongle',
  );
});

// tasks/configure-pod-container/configure-volume-storage.md: "kill the Redis process", and the container is Completed and runs again; its volume keeps what was written.
it('a server that is killed from within runs again', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl(
    'create -f -',
    pod('redis', {
      containers: [{ name: 'redis', image: 'redis', volumeMounts: [{ name: 'redis-storage', mountPath: '/data/redis' }] }],
      volumes: [{ name: 'redis-storage', emptyDir: {} }],
    }),
  );
  cluster.settle();
  cluster.kubectl(['exec', 'redis', '--', 'sh', '-c', 'echo Hello > /data/redis/test-file; kill -9 1']);
  cluster.advance(5);
  expect(cluster.kubectl('get pod redis --no-headers').stdout).toMatch(/ 1\/1 +Running +0 /);
  cluster.kubectl('exec redis -- kill 1');
  cluster.advance(5);
  expect(cluster.kubectl('get pod redis --no-headers').stdout).toMatch(/ 1\/1 +Running +1 \(/);
  expect(cluster.kubectl('get pod redis -o jsonpath={.status.containerStatuses[0].lastState.terminated.reason}').stdout).toBe('Completed');
  expect(cluster.kubectl('exec redis -- cat /data/redis/test-file').stdout).toBe('Hello\n');
});

// tasks/configure-pod-container/attach-handler-lifecycle-event.md: "the preStop handler shuts down nginx gracefully".
it('a hook that stops the server ends the wait', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl(
    'create -f -',
    pod('lifecycle-demo', {
      containers: [
        {
          name: 'c',
          image: 'nginx',
          lifecycle: { preStop: { exec: { command: ['/bin/sh', '-c', 'nginx -s quit; while killall -0 nginx; do sleep 1; done'] } } },
        },
      ],
    }),
  );
  cluster.settle();
  const before = cluster.now;
  cluster.kubectl('delete pod lifecycle-demo');
  expect(cluster.now - before).toBeLessThan(5);
});

// concepts/services-networking/dns-pod-service.md, concepts/workloads/pods/pod-hostname.md.
it('a pod is called as it asks to be', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const containers = [{ name: 'c', image: 'busybox:1.36', command: ['sleep', '3600'] }];
  cluster.kubectl(
    'create -f -',
    pod('busybox-2', { hostname: 'busybox-2-host', subdomain: 'busybox-subdomain', setHostnameAsFQDN: true, containers }),
  );
  cluster.kubectl('create -f -', pod('busybox-3', { subdomain: 'busybox-subdomain', containers }));
  cluster.kubectl(
    'create -f -',
    pod('busybox-4', { hostnameOverride: 'busybox-4.example.domain', subdomain: 'busybox-subdomain', containers }),
  );
  cluster.settle();
  const said = (name: string, command: string): string => cluster.kubectl(`exec ${name} -- ${command}`).stdout;
  expect(said('busybox-2', 'hostname')).toBe('busybox-2-host.busybox-subdomain.default.svc.cluster.local\n');
  expect([said('busybox-3', 'hostname'), said('busybox-3', 'hostname --fqdn')]).toEqual([
    'busybox-3\n',
    'busybox-3.busybox-subdomain.default.svc.cluster.local\n',
  ]);
  expect([said('busybox-4', 'hostname'), said('busybox-4', 'hostname -f')]).toEqual([
    'busybox-4.example.domain\n',
    'busybox-4.example.domain\n',
  ]);
  cluster.kubectl('create -f -', pod('busybox-5', { hostnameOverride: '', containers }));
  cluster.settle();
  expect(said('busybox-5', 'hostname'), 'it counts when it is not empty').toBe('busybox-5\n');
});

// concepts/services-networking/dns-pod-service.md, service/networking/custom-dns.yaml.
it('a pod has the options of its DNS configuration', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const containers = [{ name: 'c', image: 'nginx' }];
  const options = [{ name: 'ndots', value: '2' }, { name: 'edns0' }];
  cluster.kubectl(
    'create -f -',
    pod('dns-example', {
      dnsPolicy: 'None',
      dnsConfig: { nameservers: ['192.0.2.1'], searches: ['ns1.svc.cluster-domain.example', 'my.dns.search.suffix'], options },
      containers,
    }),
  );
  cluster.kubectl('create -f -', pod('cluster-first', { dnsConfig: { options }, containers }));
  cluster.kubectl(
    'create -f -',
    pod('bare', { dnsPolicy: 'None', dnsConfig: { nameservers: ['192.0.2.1'], searches: ['a.example'] }, containers }),
  );
  cluster.settle();
  const file = (name: string): string => cluster.kubectl(`exec ${name} -- cat /etc/resolv.conf`).stdout;
  expect(file('dns-example')).toBe(
    'search ns1.svc.cluster-domain.example my.dns.search.suffix\nnameserver 192.0.2.1\noptions ndots:2 edns0\n',
  );
  expect(file('cluster-first')).toBe(
    'search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.254.0.10\noptions ndots:2 edns0\n',
  );
  expect(file('bare')).toBe('search a.example\nnameserver 192.0.2.1\n');
});

// concepts/cluster-administration/node-shutdown.md, "Non-graceful node shutdown handling": the pods of a machine that is out of service are deleted at once.
it('pods of a machine that is out of service do not wait for it', () => {
  const cluster = openCluster({ topology: { workers: 2 } });
  cluster.kubectl('create deployment web --image=nginx --replicas=2');
  cluster.settle();
  cluster.fault({ do: 'kill', what: 'worker-1' });
  cluster.advance(60);
  cluster.kubectl('taint nodes worker-1 node.kubernetes.io/out-of-service=nodeshutdown:NoExecute');
  cluster.advance(10);
  expect(cluster.kubectl('get pods -o jsonpath={.items[*].spec.nodeName}').stdout).toBe('worker-2 worker-2');
});

// tutorials/services/source-ip.md: the server says which address it sees.
it('an echo server names its client', () => {
  const cluster = openCluster({ topology: { workers: 2 } });
  cluster.kubectl('create deployment source-ip-app --image=registry.k8s.io/echoserver:1.10');
  cluster.kubectl('expose deployment source-ip-app --name=clusterip --port=80 --target-port=8080');
  cluster.kubectl('run busybox --image=busybox:1.28 -- sleep 3600');
  cluster.settle();
  const own = cluster.kubectl('get pod busybox -o jsonpath={.status.podIP}').stdout;
  expect(cluster.kubectl('exec busybox -- wget -qO - clusterip').stdout).toContain(`\tclient_address=${own}\n`);
});

// concepts/services-networking/dns-pod-service.md; containerd internal/cri/server/helpers.go parseDNSOptions: lines that would be empty are not written.
it('a pod that inherits its DNS has the machine’s resolver, which knows no name of the cluster', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const spec = (more: object): object => ({ ...more, containers: [{ name: 'c', image: 'busybox:1.28', command: ['sleep', '3600'] }] });
  for (const [name, more] of Object.entries({
    inherits: { dnsPolicy: 'Default' },
    host: { hostNetwork: true },
    both: { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' },
    own: { dnsPolicy: 'None', dnsConfig: { nameservers: ['192.0.2.1'] } },
  }))
    cluster.kubectl('create -f -', pod(name, spec(more)));
  cluster.settle();
  const exec = (name: string, command: string): string => cluster.kubectl(`exec ${name} -- ${command}`).stdout;
  for (const name of ['inherits', 'host']) expect(exec(name, 'cat /etc/resolv.conf')).toBe('nameserver 192.168.0.1\n');
  expect(exec('own', 'cat /etc/resolv.conf')).toBe('nameserver 192.0.2.1\n');
  expect(exec('both', 'cat /etc/resolv.conf')).toBe(
    'search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.254.0.10\noptions ndots:5\n',
  );
  expect(exec('host', 'nslookup kubernetes.default')).toBe(
    "Server:\t\t192.168.0.1\nAddress:\t192.168.0.1#53\n\n** server can't find kubernetes.default: NXDOMAIN\n",
  );
  // tasks/debug/debug-application/debug-service.md: «You can also try this from a Node in the cluster».
  expect(exec('host', 'nslookup kubernetes.default.svc.cluster.local 10.254.0.10')).toContain(
    'Address:\t10.254.0.10#53\n\nName:\tkubernetes.default.svc.cluster.local\nAddress: 10.254.0.1\n',
  );
});

// tasks/administer-cluster/dns-debugging-resolution.md: a healthy log begins with the port, the name and the platform.
it('CoreDNS says that it is there', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  expect(cluster.kubectl('logs -n kube-system -l k8s-app=kube-dns').stdout).toMatch(/^(\.:53\nCoreDNS-\d+\.\d+\.\d+\nlinux\/amd64\n){2}$/);
});

// psmisc' killall and procps' pkill, in the words of busybox.
it('a signal by name reaches what is called so', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('run web --image=nginx');
  cluster.settle();
  expect(cluster.kubectl('exec web -- killall sleep').stderr).toBe(
    'killall: sleep: no process killed\ncommand terminated with exit code 1\n',
  );
  expect(cluster.kubectl('exec web -- pkill redis').exitCode).toBe(1);
  cluster.advance(10);
  expect(cluster.kubectl('get pod web --no-headers').stdout).toMatch(/Running +0 /);
  cluster.kubectl('exec web -- pkill ngin');
  cluster.advance(10);
  expect(cluster.kubectl('get pod web --no-headers').stdout).toMatch(/Running +1 /);
});

// concepts/workloads/pods/pod-hostname.md: such a pod stays Pending, ContainerCreating as seen by kubectl; pkg/kubelet/util/util_linux.go GetNodenameForKernel has the words.
it('a pod whose full name is too long for the kernel does not start', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl(
    'create -f -',
    pod('long', { subdomain: 'a'.repeat(40), setHostnameAsFQDN: true, containers: [{ name: 'c', image: 'nginx' }] }),
  );
  cluster.advance(15);
  expect(cluster.kubectl('get pod long --no-headers').stdout).toMatch(/ ContainerCreating /);
  const fqdn = `long.${'a'.repeat(40)}.default.svc.cluster.local`;
  expect(cluster.kubectl('get events --field-selector reason=FailedCreatePodSandBox -o jsonpath={.items[0].message}').stdout).toBe(
    `Failed to create pod sandbox: failed to construct FQDN from pod hostname and cluster domain, FQDN ${fqdn} is too long (64 characters is the max, ${fqdn.length} characters requested)`,
  );
});

// concepts/services-networking/service.md, ExternalName: «the cluster DNS Service returns a CNAME record»; the words are those of bind's nslookup.
it('the name of an ExternalName Service is another name', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('create service externalname my-service --external-name my.database.example.com');
  cluster.kubectl('run client --image=busybox:1.28 -- sleep 3600');
  cluster.settle();
  expect(cluster.kubectl('exec client -- nslookup my-service').stdout).toBe(
    'Server:\t\t10.254.0.10\nAddress:\t10.254.0.10#53\n\nmy-service.default.svc.cluster.local\tcanonical name = my.database.example.com.\n',
  );
  expect(cluster.kubectl('exec client -- wget -qO- my-service').exitCode).toBe(0);
});
