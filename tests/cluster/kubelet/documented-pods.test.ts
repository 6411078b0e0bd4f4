/** What the pages of tasks/configure-pod-container say that a reader sees. Source: kubernetes/website content/en/docs/tasks/configure-pod-container, each by its name. */
import { expect, it } from 'vitest';
import { openCluster } from '../../../src/engine/headless.ts';

const pod = (name: string, spec: object): string => JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });

// configure-pod-initialization.md, pods/init-containers.yaml.
it('an init container fetches the page that the server shows', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const volumeMounts = (mountPath: string): readonly object[] => [{ name: 'workdir', mountPath }];
  cluster.kubectl(
    'create -f -',
    pod('init-demo', {
      containers: [{ name: 'nginx', image: 'nginx', ports: [{ containerPort: 80 }], volumeMounts: volumeMounts('/usr/share/nginx/html') }],
      initContainers: [
        {
          name: 'install',
          image: 'busybox:1.28',
          command: ['wget', '-O', '/work-dir/index.html', 'http://info.cern.ch'],
          volumeMounts: volumeMounts('/work-dir'),
        },
      ],
      dnsPolicy: 'Default',
      volumes: [{ name: 'workdir', emptyDir: {} }],
    }),
  );
  cluster.settle();
  expect(cluster.kubectl('get pod init-demo --no-headers').stdout).toMatch(/1\/1 +Running +0/);
  expect(cluster.kubectl('exec init-demo -- curl localhost').stdout).toContain(
    '<html><head></head><body><header>\n<title>http://info.cern.ch</title>\n</header>\n',
  );
});

// tasks/administer-cluster/namespaces-walkthrough.md calls a namespace so; concepts/services-networking/dns-pod-service.md, Services.
it('a Service of the namespace dev is no name of the internet', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('create namespace dev');
  cluster.kubectl('run web --image=nginx -n dev --port=80 --expose');
  cluster.kubectl('run client --image=busybox -- sleep 3600');
  cluster.settle();
  expect(cluster.kubectl('exec client -- wget -qO- web.dev').stdout).toContain('<h1>Welcome to nginx!</h1>');
  expect(cluster.kubectl('exec client -- wget -qO- nobody.dev').stderr).toContain("wget: bad address 'nobody.dev'");
});

// pull-image-private-registry.md: "If you then see an event with the reason set to FailedToRetrieveImagePullSecret"; pkg/kubelet/kubelet_pods.go getPullSecretsForPod (v1.36).
it('a Secret for the registry that is not there is told of, and the image pulled all the same', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('create secret docker-registry regcred --docker-username=janedoe --docker-password=x');
  for (const name of ['regcred', 'nobody'])
    cluster.kubectl('create -f -', pod(name, { imagePullSecrets: [{ name }], containers: [{ name: 'c', image: 'nginx' }] }));
  cluster.settle();
  expect(cluster.kubectl('get pods --no-headers').stdout.match(/1\/1 +Running/g)).toHaveLength(2);
  const events =
    'get events --field-selector reason=FailedToRetrieveImagePullSecret -o jsonpath={range.items[*]}{.involvedObject.name}:{.message}{end}';
  expect(cluster.kubectl(events).stdout).toBe(
    'nobody:Unable to retrieve some image pull secrets (nobody); attempting to pull the image may not succeed.',
  );
});

// configure-pod-configmap.md, Optional ConfigMaps in volumes: "the volume is empty".
it('an optional ConfigMap that is not there is an empty folder', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl(
    'create -f -',
    pod('dapi-test-pod', {
      containers: [
        {
          name: 'test-container',
          image: 'registry.k8s.io/busybox:1.27.2',
          command: ['/bin/sh', '-c', 'ls /etc/config && cd /etc/config && pwd'],
          volumeMounts: [{ name: 'config-volume', mountPath: '/etc/config' }],
        },
      ],
      volumes: [{ name: 'config-volume', configMap: { name: 'no-config', optional: true } }],
      restartPolicy: 'Never',
    }),
  );
  cluster.settle();
  expect(cluster.kubectl('logs dapi-test-pod').stdout).toBe('/etc/config\n');
});

// concepts/workloads/pods/container-restarts.md, pods/restart-policy/restart-all-containers.yaml (v1.36).
it('a container whose end restarts all makes the whole pod begin anew, where it is', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const image = 'registry.k8s.io/busybox:1.27.2';
  const sh = (script: string): readonly string[] => ['sh', '-c', script];
  cluster.kubectl(
    'create -f -',
    pod('ml-worker', {
      restartPolicy: 'Never',
      initContainers: [
        { name: 'setup-environment', image, command: sh('echo "Setting up environment"') },
        {
          name: 'watcher-sidecar',
          image,
          command: sh('sleep 60; exit 88'),
          restartPolicy: 'Always',
          restartPolicyRules: [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [88] } }],
        },
      ],
      containers: [
        {
          name: 'main-application',
          image,
          command: sh('echo "Application is running"; sleep 3600'),
          lifecycle: { preStop: { exec: { command: ['sleep', '20'] } } },
        },
      ],
    }),
  );
  cluster.settle();
  const read = (path: string): string => cluster.kubectl(`get pod ml-worker -o jsonpath='${path}'`).stdout;
  const counts = '{.status.initContainerStatuses[*].restartCount} {.status.containerStatuses[*].restartCount}';
  const same = '{.metadata.uid} {.status.podIP}';
  const condition = '{.status.conditions[?(@.type=="AllContainersRestarting")].status}';
  const before = read(same);
  const seen: string[] = [];
  const watch = cluster.watch('/api/v1/namespaces/default/pods?watch=true', ({ object }) => {
    const { phase, conditions } = (object as { status: { phase: string; conditions: readonly { type: string; status: string }[] } }).status;
    seen.push(`${phase} ${conditions.find((c) => c.type === 'AllContainersRestarting')?.status}`);
  });
  expect([read(counts), read(condition)]).toEqual(['0 0 0', 'False']);
  cluster.advance(65);
  watch.stop();
  expect([read(counts), read(condition), read(same)]).toEqual(['1 1 1', 'False', before]);
  expect(seen).toContain('Running True');
  expect(seen.filter((said) => said.startsWith('Failed'))).toEqual([]);
  expect(cluster.kubectl('get pod ml-worker --no-headers').stdout).toMatch(/ 2\/2 +Running +2 /);
  cluster.advance(61);
  expect(read(counts)).toBe('2 2 2');
});

// assign-cpu-resource.md, pods/resource/cpu-request-limit.yaml; github.com/vishh/stress main.go, with glog's header.
it('a hog of CPU says how many threads it has, and one of memory is killed at its limit', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const hog = (args: readonly string[], limits: object): object => ({
    containers: [{ name: 'ctr', image: 'vish/stress', args, resources: { limits } }],
  });
  cluster.kubectl('create -f -', pod('cpu-demo', hog(['-cpus', '2'], { cpu: '1' })));
  cluster.kubectl(
    'create -f -',
    pod('hog', hog(['-mem-total', '950Mi', '-mem-alloc-size=100Mi', '-mem-alloc-sleep', '1s'], { memory: '500Mi' })),
  );
  cluster.settle();
  const header = (line: number): string => `I0504 09:00:\\d\\d\\.\\d{6}       1 main\\.go:${line}\\] `;
  const spawning = `${header(39)}Spawning a thread to consume CPU\n`;
  expect(cluster.kubectl('logs cpu-demo').stdout).toMatch(
    new RegExp(
      `^${header(26)}Allocating "0" memory, in "4Ki" chunks, with a 1ms sleep between allocations\n${spawning}${spawning}${header(29)}Allocated "0" memory\n$`,
    ),
  );
  expect(cluster.kubectl('logs hog').stdout).toContain('Allocating "950Mi" memory, in "100Mi" chunks, with a 1s sleep between allocations');
  expect(cluster.kubectl('get pod hog -o jsonpath={.status.containerStatuses[0].lastState.terminated.reason}').stdout).toBe('OOMKilled');
});

// assign-memory-resource.md, pods/resource/memory-request-limit.yaml; what stress(1) says of its workers.
it('stress says what it dispatches', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const args = ['--cpu', '2', '--vm', '1', '--vm-bytes', '150M', '--vm-hang', '1'];
  cluster.kubectl('create -f -', pod('memory-demo', { containers: [{ name: 'ctr', image: 'polinux/stress', command: ['stress'], args }] }));
  cluster.settle();
  expect(cluster.kubectl('logs memory-demo').stdout).toBe('stress: info: [1] dispatching hogs: 2 cpu, 0 io, 1 vm, 0 hdd\n');
});

// share-process-namespace.md, pods/share-process-namespace.yaml: `ps ax` shows /pause first; the numbers of processes are a kernel's.
it('containers that share their processes see and signal them', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const shell = {
    name: 'shell',
    image: 'busybox:1.28',
    command: ['sleep', '3600'],
    securityContext: { capabilities: { add: ['SYS_PTRACE'] } },
  };
  cluster.kubectl('create -f -', pod('nginx', { shareProcessNamespace: true, containers: [{ name: 'nginx', image: 'nginx' }, shell] }));
  cluster.settle();
  const seen = (): readonly (readonly string[])[] =>
    cluster
      .kubectl('exec nginx -c shell -- ps ax')
      .stdout.trim()
      .split('\n')
      .map((line) => line.trim().split(/ +/));
  const titles = seen().map(([, , , ...words]) => words.join(' '));
  expect(titles).toEqual(['COMMAND', '/pause', 'nginx: master process nginx -g daemon off;', 'sleep 3600', 'ps ax']);
  const [, , [server], [sleeper]] = seen();
  expect(cluster.kubectl(`exec nginx -c shell -- kill -HUP ${server}`).exitCode).toBe(0);
  expect(cluster.kubectl('exec nginx -c shell -- kill 999').stderr).toContain("can't kill pid 999: No such process");
  const restarts = (): string => cluster.kubectl('get pod nginx -o jsonpath={.status.containerStatuses[*].restartCount}').stdout;
  expect(restarts()).toBe('0 0');
  cluster.kubectl(`exec nginx -c shell -- kill ${server}`);
  cluster.advance(5);
  expect(restarts()).toBe('1 0');
  cluster.kubectl(`exec nginx -c nginx -- kill -9 ${sleeper}`);
  cluster.advance(5);
  expect(restarts()).toBe('1 1');
});

// The same page: "The container process no longer has PID 1", and pid_namespaces(7): only process 1 is kept from signals that it does not catch.
it('a process that is not the first one of its namespace ends when it is told to', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const containers = [{ name: 'c', image: 'busybox', command: ['sleep', '3600'] }];
  for (const shareProcessNamespace of [true, false])
    cluster.kubectl('create -f -', pod(`shares-${shareProcessNamespace}`, { shareProcessNamespace, containers }));
  cluster.settle();
  cluster.kubectl('delete pods --all --wait=false');
  cluster.advance(10);
  expect(cluster.kubectl('get pods -o name').stdout).toBe('pod/shares-false\n');
});

// concepts/workloads/pods/pod-lifecycle.md, "Defining custom stop signals": the feature gate ContainerStopSignals is off since it is there (v1.33).
it('a stop signal is not kept, and a lifecycle that says nothing else neither', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const preStop = { sleep: { seconds: 1 } };
  const lifecycles = [{ stopSignal: 'SIGUSR1' }, { stopSignal: 'SIGUSR1', preStop }];
  const containers = lifecycles.map((lifecycle, i) => ({ name: `c-${i}`, image: 'nginx', lifecycle }));
  expect(cluster.kubectl('create -f -', pod('signals', { os: { name: 'linux' }, containers }))).toMatchObject({ exitCode: 0 });
  expect(cluster.kubectl('get pod signals -o jsonpath={.spec.containers[*].lifecycle}').stdout).toBe(JSON.stringify({ preStop }));
});

// tasks/debug/debug-application/debug-running-pod.md: --target "targets the process namespace of another container", which /pause is the first of there; pid_namespaces(7).
it('a container that targets another one sees its processes', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('run ephemeral-demo --image=registry.k8s.io/pause:3.1 --restart=Never');
  cluster.kubectl('run web --image=nginx');
  cluster.settle();
  const titles = (text: string): readonly string[] => [...text.matchAll(/^ +\d+ \w+ +0:00 (.*)$/gm)].map(([, title]) => title);
  const { stdout } = cluster.kubectl('debug -it ephemeral-demo --image=busybox:1.28 --target=ephemeral-demo -- sh -c "ps"');
  expect(titles(stdout)).toEqual(['/pause', 'ps']);
  cluster.kubectl('debug web --image=busybox:1.28 --target=web -c dbg -- sleep 3600');
  cluster.settle();
  expect(titles(cluster.kubectl('exec web -c dbg -- ps').stdout)).toEqual([
    'nginx: master process nginx -g daemon off;',
    'sleep 3600',
    'ps',
  ]);
  const restarts = (): string => cluster.kubectl('get pod web -o jsonpath={.status.containerStatuses[0].restartCount}').stdout;
  cluster.kubectl('exec web -c dbg -- kill -9 1');
  cluster.advance(5);
  expect(restarts()).toBe('0');
  cluster.kubectl('exec web -c dbg -- kill 1');
  cluster.advance(5);
  expect(restarts()).toBe('1');
});

// concepts/workloads/pods/sidecar-containers.md, application/deployment-sidecar.yaml: the sidecar is there before the file; the words are those of busybox 1.35.
it('a sidecar that ships a log waits for its file', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const container = (name: string, script: string, more: object = {}): object => ({
    name,
    image: 'alpine:latest',
    command: ['sh', '-c', script],
    volumeMounts: [{ name: 'data', mountPath: '/opt' }],
    ...more,
  });
  cluster.kubectl(
    'create -f -',
    pod('myapp', {
      containers: [container('myapp', 'while true; do echo "logging" >> /opt/logs.txt; sleep 1; done')],
      initContainers: [container('logshipper', 'tail -F /opt/logs.txt', { restartPolicy: 'Always' })],
      volumes: [{ name: 'data', emptyDir: {} }],
    }),
  );
  cluster.settle();
  cluster.advance(5);
  expect(cluster.kubectl('logs myapp -c logshipper').stdout).toMatch(
    /^tail: can't open '\/opt\/logs.txt': No such file or directory\ntail: \/opt\/logs.txt has appeared; following end of new file\n(logging\n){4,}$/,
  );
});
