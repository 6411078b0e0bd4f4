/** Upstream: test/e2e/kubectl/kubectl.go (v1.36); what upstream asks of ReplicationControllers is asked of Deployments. */
import { describe, expect, it } from 'vitest';
import { newDeployment } from './apps.ts';
import { AGNHOST, BUSYBOX, examine, HTTPD, NGINX, podOf, type Any, type Examiner } from './examiner.ts';

const json = (body: object): string => JSON.stringify(body);
const agnhost = (replicas = 1): Any => {
  const d = newDeployment({
    name: 'agnhost-primary',
    labels: { app: 'agnhost', role: 'primary' },
    replicas,
    container: 'agnhost-primary',
    image: AGNHOST,
  });
  d.spec.template.spec.containers[0].ports = [{ name: 'agnhost-server', containerPort: 6379 }];
  return d;
};
const running = (e: Examiner, selector: string, count: number): Any[] => {
  e.until(() => e.list('pods', selector).filter((p) => p.status.phase === 'Running').length === count);
  return e.list('pods', selector);
};
/** Lines that must follow each other, with the words that each must have. */
function inOrder(text: string, required: readonly (readonly string[])[]): void {
  const lines = text.split('\n');
  let at = 0;
  for (const words of required) {
    while (at < lines.length && !lines[at].includes(words[0])) at++;
    for (const word of words) expect(lines[at] ?? text, word).toContain(word);
  }
}

describe('kubectl/kubectl.go', () => {
  it('Update Demo: should create and stop, and scale a replication controller', () => {
    const e = examine();
    e.say('create -f -', json(agnhost(2)));
    running(e, 'app=agnhost', 2);
    for (const replicas of [1, 2]) {
      e.say(`scale deployment agnhost-primary --replicas=${replicas} --timeout=5m`);
      e.until(() => e.list('pods', 'app=agnhost').length === replicas);
    }
    expect(
      e.cluster
        .kubectl(['get', 'pods', '-n', e.ns, '-o', 'template', '--template={{range.items}}{{.metadata.name}} {{end}}', '-l', 'app=agnhost'])
        .stdout.trim()
        .split(' ').length,
    ).toBe(2);
    expect(e.say('delete --grace-period=0 --force -f -', json(agnhost()))).toContain('force deleted');
    e.until(() => e.list('deployments').length + e.list('pods').length === 0);
    expect(e.say('get deployments,pods -l app=agnhost --no-headers')).toBe('');
  });
  it('Kubectl api-versions: should check if v1 is in available api versions', () =>
    expect(examine().say('api-versions').split('\n')).toContain('v1'));
  it('Kubectl cluster-info: should check if Kubernetes control plane services is included in cluster-info', () =>
    expect(examine().say('cluster-info')).toContain('Kubernetes control plane'));
  it('Kubectl version: should check is all data is printed', () => {
    for (const item of ['"clientVersion"', '"serverVersion"', '"major"', '"minor"', '"gitCommit"'])
      expect(examine().say('version --output=json')).toContain(item);
  });

  it('Kubectl apply: should apply a new configuration to an existing RC, and reuse port when apply to an existing SVC', () => {
    const e = examine();
    e.say('create -f -', json(agnhost()));
    const changed = agnhost();
    changed.metadata.labels['kubectl.kubernetes.io/apply-test'] = 'ADDED';
    e.say('apply -f -', json(changed));
    const { metadata } = e.get('deployments', 'agnhost-primary');
    expect([
      metadata.labels['kubectl.kubernetes.io/apply-test'],
      typeof metadata.annotations['kubectl.kubernetes.io/last-applied-configuration'],
    ]).toEqual(['ADDED', 'string']);
    const service = json({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'agnhost-primary' },
      spec: { type: 'NodePort', selector: { app: 'agnhost' }, ports: [{ port: 6379, targetPort: 'agnhost-server' }] },
    });
    const port = (): string => e.say('get service agnhost-primary -o jsonpath={.spec.ports[0].nodePort}');
    e.say('apply -f -', service);
    const before = port();
    e.say('apply -f -', service);
    expect(port()).toBe(before);
  });
  it('Kubectl apply: apply set/view last-applied', () => {
    const e = examine();
    const [first, second, third] = ['nginx:1.28', 'nginx:1.29', 'nginx:1.27'].map((image, i) =>
      json(newDeployment({ name: 'httpd-deployment', labels: { app: 'httpd' }, replicas: i + 1, image })),
    );
    e.say('apply -f -', first);
    expect(e.say('apply view-last-applied -f - -o json', first)).toContain('nginx:1.28');
    e.say('apply set-last-applied -f -', second);
    expect(e.say('apply view-last-applied -f - -o json', second)).toContain('nginx:1.29');
    expect(e.say('get deployment httpd-deployment -o jsonpath={.spec.replicas}')).toBe('1');
    e.say('apply -f -', third);
    expect(e.say('apply view-last-applied -f - -o json', third)).toContain('nginx:1.27');
  });
  it('Kubectl diff: should check if kubectl diff finds a difference for Deployments', () => {
    const e = examine();
    e.say('create -f -', json(newDeployment({ name: 'httpd-deployment', labels: { app: 'httpd' }, image: NGINX })));
    const { stdout, exitCode } = e.cluster.kubectl(
      `diff -f - -n ${e.ns}`,
      json(newDeployment({ name: 'httpd-deployment', labels: { app: 'httpd' }, image: BUSYBOX })),
    );
    expect(exitCode).toBe(1);
    inOrder(stdout, [[`-      - image: ${NGINX}`], [`+      - image: ${BUSYBOX}`]]);
  });
  it('Kubectl server-side dry-run: should check if kubectl can dry-run update Pods', () => {
    const e = examine();
    e.say(`run e2e-test-httpd-pod --image=${HTTPD} --labels=run=e2e-test-httpd-pod`);
    e.say(
      `patch pod e2e-test-httpd-pod -p {"spec":{"containers":[{"name":"e2e-test-httpd-pod","image":"${BUSYBOX}"}]}} --dry-run=server`.replace(
        /(\{.*\}) --/,
        "'$1' --",
      ),
    );
    expect(e.get('pods', 'e2e-test-httpd-pod').spec.containers[0].image).toBe(HTTPD);
  });
  it('Kubectl describe: should check if kubectl describe prints relevant information for rc and pods', () => {
    const e = examine();
    e.say('create -f -', json(agnhost()));
    const [pod] = running(e, 'app=agnhost', 1);
    inOrder(e.say(`describe pod ${pod.metadata.name}`), [
      ['Name:', 'agnhost-primary-'],
      ['Namespace:', e.ns],
      ['Node:'],
      ['Labels:', 'app=agnhost'],
      ['role=primary'],
      ['Annotations:'],
      ['Status:', 'Running'],
      ['IP:'],
      ['Controlled By:', 'ReplicaSet/agnhost-primary'],
      ['Image:', AGNHOST],
      ['State:', 'Running'],
      ['QoS Class:', 'BestEffort'],
    ]);
    inOrder(e.say('describe deployment agnhost-primary'), [
      ['Name:', 'agnhost-primary'],
      ['Namespace:', e.ns],
      ['Labels:', 'app=agnhost'],
      ['Selector:', 'app=agnhost,role=primary'],
      ['Replicas:', '1 desired'],
      ['Pod Template:'],
      ['Image:', AGNHOST],
      ['Events:'],
    ]);
    inOrder(e.say(`describe namespace ${e.ns}`), [['Name:', e.ns], ['Labels:'], ['Status:', 'Active']]);
    inOrder(e.say('describe node worker-1'), [
      ['Name:', 'worker-1'],
      ['Labels:'],
      ['Annotations:'],
      ['CreationTimestamp:'],
      ['Conditions:'],
      ['Type', 'Status', 'LastHeartbeatTime', 'LastTransitionTime', 'Reason', 'Message'],
      ['Addresses:'],
      ['Capacity:'],
      ['Kubelet Version:'],
      ['Non-terminated Pods'],
    ]);
  });
  it('Kubectl expose: should create services for rc', () => {
    const e = examine();
    e.say('create -f -', json(agnhost()));
    running(e, 'app=agnhost', 1);
    for (const [of, name, port] of [
      ['deployment agnhost-primary', 'rm2', 1234],
      ['service rm2', 'rm3', 2345],
    ] as const) {
      e.say(`expose ${of} --name=${name} --port=${port} --target-port=6379`);
      expect(e.get('services', name).spec.ports).toMatchObject([{ port, targetPort: 6379 }]);
      e.until(() => e.list('endpointslices', `kubernetes.io/service-name=${name}`)[0]?.endpoints?.length === 1);
    }
  });
  it('Kubectl label: should update the label on a resource; Kubectl patch: should add annotations for pods in rc', () => {
    const e = examine();
    e.create(
      'pods',
      podOf('pause', { containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.1' }] }, { labels: { name: 'pause' } }),
    );
    e.say('label pods pause testing-label=testing-label-value');
    expect(e.say('get pod pause -L testing-label')).toContain('testing-label-value');
    e.say('label pods pause testing-label-');
    expect(e.say('get pod pause -L testing-label')).not.toContain('testing-label-value');
    e.say(`patch pod pause -p '{"metadata":{"annotations":{"x":"y"}}}'`);
    expect(e.get('pods', 'pause').metadata.annotations.x).toBe('y');
  });
  it('Kubectl logs: should be able to retrieve and filter logs', () => {
    const e = examine();
    e.create(
      'pods',
      podOf('logs-generator', {
        restartPolicy: 'Never',
        containers: [
          {
            name: 'logs-generator',
            image: BUSYBOX,
            command: ['sh', '-c', 'for i in 1 2 3 4 5; do echo "GET /api/v1/namespaces/kube-system/pods/$i"; sleep 1; done; sleep 100'],
          },
        ],
      }),
    );
    e.until(() => e.get('pods', 'logs-generator').status.phase === 'Running');
    e.until(() => e.say('logs logs-generator logs-generator').includes('/api/v1/namespaces/kube-system'));
    e.cluster.advance(2);
    expect(e.say('logs logs-generator logs-generator --tail=1').trimEnd().split('\n')).toHaveLength(1);
    expect(e.say('logs logs-generator logs-generator --limit-bytes=1')).toHaveLength(1);
    const [time, ...words] = e.say('logs logs-generator logs-generator --tail=1 --timestamps').trimEnd().split(' ');
    expect([Number.isNaN(Date.parse(time)), words.length > 0]).toEqual([false, true]);
    e.cluster.advance(2.5);
    const lines = (since: string): number => e.say(`logs logs-generator logs-generator --since=${since}`).split('\n').length;
    expect(lines('1s')).toBeLessThan(lines('24h'));
  });
  it('Kubectl run pod: should create a pod from an image when restart is Never; Kubectl replace: should update a single-container pod’s image', () => {
    const e = examine();
    e.say(`run e2e-test-httpd-pod --restart=Never --pod-running-timeout=2m0s --image=${HTTPD} --labels=run=e2e-test-httpd-pod`);
    expect(e.get('pods', 'e2e-test-httpd-pod').spec).toMatchObject({ restartPolicy: 'Never', containers: [{ image: HTTPD }] });
    running(e, 'run=e2e-test-httpd-pod', 1);
    e.say('replace -f -', e.say('get pod e2e-test-httpd-pod -o json').replace(HTTPD, BUSYBOX));
    expect(e.get('pods', 'e2e-test-httpd-pod').spec.containers[0].image).toBe(BUSYBOX);
  });
  it('Kubectl taint: should update the taint on a node, and remove all the taints with the same key off a node', () => {
    const e = examine();
    const key = 'kubernetes.io/e2e-taint-key-001';
    const shown = (): string => e.cluster.kubectl('describe node worker-3').stdout;
    for (const taint of [`${key}=one:NoSchedule`, `${key}=two:PreferNoSchedule`]) {
      e.say(`taint nodes worker-3 ${taint}`);
      inOrder(shown(), [['Name:', 'worker-3'], ['Taints:'], [taint]]);
    }
    e.say(`taint nodes worker-3 ${key}:NoSchedule-`);
    expect([shown().includes(`${key}=one`), shown().includes(`${key}=two`)]).toEqual([false, true]);
    e.say(`taint nodes worker-3 ${key}-`);
    expect(shown()).not.toContain(key);
  });
  it('Simple pod: should support exec, return command exit codes, contain last line of the log', () => {
    const e = examine();
    e.say(
      'create -f -',
      json({
        ...podOf(
          'httpd',
          {
            containers: [
              { name: 'httpd', image: HTTPD, ports: [{ containerPort: 80 }], readinessProbe: { httpGet: { path: '/', port: 80 } } },
            ],
          },
          { labels: { name: 'httpd' } },
        ),
      }),
    );
    e.say('wait --for=condition=Ready pod/httpd --timeout=60s');
    expect(e.cluster.kubectl(['exec', '-n', e.ns, 'httpd', '--', 'echo', 'running in container']).stdout.trim()).toBe(
      'running in container',
    );
    expect([
      e.cluster.kubectl(['exec', '-n', e.ns, 'httpd', '--', '/bin/sh', '-c', 'exit 0']).exitCode,
      e.cluster.kubectl(['exec', '-n', e.ns, 'httpd', '--', '/bin/sh', '-c', 'exit 42']).exitCode,
    ]).toEqual([0, 42]);
  });
});
