/** kubectl's exact words. Sources: kubernetes/kubernetes staging/src/k8s.io/kubectl/pkg/cmd/{get,label,annotate,scale,drain,wait,rollout,expose,run,delete}/*_test.go, pkg/describe, test/cmd/*.sh (v1.36). */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { outputOf } from './said.ts';

const cluster = openCluster({ topology: { workers: 2 } });
cluster.kubectl('create deployment web --image=nginx:1.29 --replicas=2 --port=80');
cluster.kubectl('rollout status deploy/web');
const out = outputOf(cluster);

describe('what cannot be done', () => {
  it.each([
    ['gte pods', 'error: unknown command "gte" for "kubectl"\n\nDid you mean this?\n\tget\n'],
    ['ge', 'error: unknown command "ge" for "kubectl"\n\nDid you mean this?\n\tset\n\tget\n\tcp\n'],
    ['inspect', 'error: unknown command "inspect" for "kubectl"\n\nDid you mean this?\n\tdescribe\n'],
    ['get-pods', 'error: unknown command "get-pods" for "kubectl"\n'],
    ['foo', 'error: unknown command "foo" for "kubectl"\n\nDid you mean this?\n\ttop\n'],
    ['get foo', 'error: the server doesn\'t have a resource type "foo"\n'],
    ['get pods --bogus', "error: unknown flag: --bogus\nSee 'kubectl get --help' for usage.\n"],
    ['get pods -Z', "error: unknown shorthand flag: 'Z' in -Z\nSee 'kubectl get --help' for usage.\n"],
    ['get pods -n', "error: flag needs an argument: 'n' in -n\nSee 'kubectl get --help' for usage.\n"],
    ['get pod a -A', 'error: a resource cannot be retrieved by name across all namespaces\n'],
    ['get pod a -l x=y', 'error: name cannot be provided when a selector is specified\n'],
    ['get pods -n none', 'No resources found in none namespace.\n'],
    ['get nodes -l x=y', 'No resources found\n'],
    ['get pod x', 'Error from server (NotFound): pods "x" not found\n'],
    [
      'get pods --field-selector=foo=bar',
      'Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "", field selector "foo=bar": field label not supported: foo\n',
    ],
    [
      'get pods --as=bob',
      'Error from server (Forbidden): pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"\n',
    ],
    ['scale deploy web', 'error: required flag(s) "replicas" not set\n'],
    ['scale deploy web --replicas=-1', 'error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0\n'],
    ['delete pods', 'error: resource(s) were provided, but no name was specified\n'],
    ['delete pod x', 'Error from server (NotFound): pods "x" not found\n'],
    ['set image deploy/web nope=nginx:2', 'error: unable to find container named "nope"\n'],
    ['create ns default', 'Error from server (AlreadyExists): namespaces "default" already exists\n'],
    ['create deployment', 'error: required flag(s) "image" not set\n'],
    ['create deployment x', 'error: required flag(s) "image" not set\n'],
    ['run x', 'error: required flag(s) "image" not set\n'],
    ['label pod x', 'error: at least one label update is required\n'],
    ['wait --for=condition=Ready pod/x', 'Error from server (NotFound): pods "x" not found\n'],
    ['wait --for=condition=Ready node/cp-1 --for=bogus', 'error: unrecognized condition: "bogus"\n'],
    ['logs x', 'error: error from server (NotFound): pods "x" not found in namespace "default"\n'],
    ['explain pod.spec.foo', 'KIND:       Pod\nVERSION:    v1\n\nerror: field "foo" does not exist\n'],
    ['top pods', 'error: Metrics API not available\n'],
  ])('%s', (line, text) => {
    const r = cluster.kubectl(line);
    expect(r.stdout + r.stderr).toBe(text);
    expect(r.exitCode).toBe(text.startsWith('No resources') ? 0 : 1);
  });

  it('lists several faults of one object, each on its line', () => {
    const r = cluster.kubectl('create -f -', 'apiVersion: v1\nkind: Pod\nmetadata: {name: Bad_}\nspec: {containers: []}\n');
    expect(r.stderr.split('\n').map((l) => l.slice(0, 40))).toEqual([
      'The Pod "Bad_" is invalid: ',
      '* metadata.name: Invalid value: "Bad_": ',
      '* spec.containers: Required value',
      '',
    ]);
    expect(r.exitCode).toBe(1);
  });
});

describe('one line for each thing done', () => {
  it('says what changed and what did not', () => {
    expect(out('label node worker-1 disk=ssd')).toBe('node/worker-1 labeled\n');
    expect(out('label node worker-1 disk=ssd')).toBe('node/worker-1 not labeled\n');
    expect(out('label node worker-1 disk=hdd')).toBe("error: 'disk' already has a value (ssd), and --overwrite is false\n");
    expect(out('label node worker-1 disk=hdd --overwrite')).toBe('node/worker-1 labeled\n');
    expect(out('label node worker-1 disk- size=m'), 'label_test.go: added and removed').toBe('node/worker-1 modified\n');
    expect(out('label node worker-1 size-')).toBe('node/worker-1 unlabeled\n');
    expect(out('label node worker-1 disk-')).toBe('label "disk" not found.\nnode/worker-1 not labeled\n');
    expect(out('annotate deploy web note=x')).toBe('deployment.apps/web annotated\n');
    expect(out('cordon worker-1')).toBe('node/worker-1 cordoned\n');
    expect(out('cordon worker-1')).toBe('node/worker-1 already cordoned\n');
    expect(out('uncordon worker-1')).toBe('node/worker-1 uncordoned\n');
    expect(out('taint node worker-1 a=b:NoSchedule')).toBe('node/worker-1 tainted\n');
    expect(out('taint node worker-1 a:NoSchedule-')).toBe('node/worker-1 untainted\n');
    expect(out('expose deploy web --port=80')).toBe('service/web exposed\n');
    expect(out('patch deploy web -p \'{"spec":{"replicas":2}}\'')).toBe('deployment.apps/web patched (no change)\n');
    expect(out('auth can-i delete nodes --as=bob')).toBe("no\nWarning: resource 'nodes' is not namespace scoped\n\n");
    expect(out('wait --for=condition=Available deploy/web')).toBe('deployment.apps/web condition met\n');
    expect(cluster.kubectl('wait --for=delete deploy/web --timeout=2s')).toMatchObject({
      exitCode: 1,
      stderr: 'error: timed out waiting for the condition on deployments/web\n',
    });
  });

  it('prints and sorts what is asked for', () => {
    expect(out('get deploy web -o name')).toBe('deployment.apps/web\n');
    expect(out('get nodes --sort-by=.metadata.name -o custom-columns=NAME:.metadata.name,CIDR:.spec.podCIDR')).toBe(
      'NAME       CIDR\ncp-1       10.200.0.0/24\nworker-1   10.200.1.0/24\nworker-2   10.200.2.0/24\n',
    );
    expect(out('get nodes -o jsonpath=\'{range .items[*]}{.metadata.name}{"\\n"}{end}\'')).toBe('cp-1\nworker-1\nworker-2\n');
    expect(out(`get nodes -o jsonpath='{.items[?(@.metadata.name!="cp-1")].metadata.name}'`)).toBe('worker-1 worker-2');
    expect(
      out(`get node worker-1 -o jsonpath='{.status.conditions[?(@.type=="Ready")].status} {.metadata.labels.kubernetes\\.io/hostname}'`),
    ).toBe('True worker-1');
    expect(out(`get nodes -o jsonpath='{.items[?(@.spec.taints)].metadata.name}'`)).toBe('cp-1');
    expect(out('get ns default --no-headers').split(/\s+/).slice(0, 2)).toEqual(['default', 'Active']);
    expect(out('run dry --image=nginx --dry-run=client -o yaml')).toBe(
      'apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    run: dry\n  name: dry\nspec:\n  containers:\n  - image: nginx\n    name: dry\n    resources: {}\n  dnsPolicy: ClusterFirst\n  restartPolicy: Always\nstatus: {}\n',
    );
  });
});

describe('a watch', () => {
  // cli-runtime pkg/printers/tableprinter.go prints the header with the first row, tabwriter.go RememberWidths keeps the columns.
  it('begins with the header, and keeps its columns', () => {
    cluster.kubectl('create deployment late --image=nginx:1.29');
    const [header, ...rows] = cluster.kubectl('get pods -l app=late -w').stdout.trimEnd().split('\n');
    expect(header).toMatch(/^NAME {20}READY {3}STATUS {4}RESTARTS {3}AGE$/);
    expect(rows[0]).toMatch(/^late-\w+-\w+ {3}0\/1 {5}Pending {3}0 {10}0s$/);
    expect(rows.some((row) => / ContainerCreating {3}0 {10}0s$/.test(row))).toBe(true);
    expect(rows.at(-1)).toMatch(/ 1\/1 {5}Running {13}0 {10}\d+s$/);
    cluster.kubectl('delete deployment late');
  });
});

describe('what the quick reference shows', () => {
  // website content/en/docs/reference/kubectl/quick-reference.md; cli-runtime pkg/printers/customcolumn.go, pkg/printers/internalversion/printers.go scaleColumnDefinitions, kubectl pkg/cmd/clusterinfo/clusterinfo_dump.go.
  it('keeps custom columns in a watch', () => {
    cluster.kubectl('run seen --image=nginx:1.29');
    const [header, ...rows] = cluster
      .kubectl('get pod seen -w -o custom-columns=NAME:.metadata.name,PHASE:.status.phase')
      .stdout.trimEnd()
      .split('\n');
    expect([header, rows[0], rows.at(-1)]).toEqual(['NAME   PHASE', 'seen   Pending', 'seen   Running']);
    cluster.kubectl('delete pod seen --now');
  });
  // kubernetes/kubernetes#132402 (v1.36).
  it('shows the architecture beside the kernel', () =>
    expect(out('get nodes -o wide')).toMatch(/ KERNEL-VERSION +CONTAINER-RUNTIME\n(.* \d\S+ \(amd64\) +containerd:\/\/\S+\n)+$/));
  it('prints what it scales with the replicas that it is to have', () =>
    expect([
      out('scale deploy web --replicas=3 --dry-run=client -o jsonpath={.kind}/{.spec.replicas}'),
      out('scale deploy web --replicas=2 -o jsonpath={.kind}/{.spec.replicas}'),
    ]).toEqual(['Deployment/3', 'Deployment/2']));
  it('shows a scale with its columns', () =>
    expect(out('get deploy web --subresource=scale').replace(/\S+\n$/, 'AGE\n')).toBe(
      'NAME   DESIRED   AVAILABLE   AGE\nweb    2         2           AGE\n',
    ));
  it('fails with a path that cannot be read', () => expect(cluster.kubectl('config view -o jsonpath={.users[a].name}').exitCode).toBe(1));
  it('says that there is no internet to read a manifest from', () =>
    expect(out('apply -f https://k8s.io/examples/pods/simple-pod.yaml')).toBe(
      'error: unable to read URL "https://k8s.io/examples/pods/simple-pod.yaml", there is no internet here: give the manifest itself, and -f -\n',
    ));
  it('dumps the cluster', () => {
    const text = out('cluster-info dump --namespaces=default');
    expect([...text.matchAll(/^ {4}"kind": "(\w+)"/gm)].map(([, kind]) => kind)).toEqual([
      'NodeList',
      'EventList',
      'ServiceList',
      'DaemonSetList',
      'DeploymentList',
      'ReplicaSetList',
      'PodList',
    ]);
    expect(text).toMatch(
      /^==== START logs for container nginx of pod default\/web-\w+-\w+ ====\n.*\n.*\n==== END logs for container nginx of pod default\/web-/m,
    );
    const all = [...out('cluster-info dump --all-namespaces').matchAll(/^ {4}"kind": "(\w+)"/gm)].map(([, kind]) => kind);
    expect([all[0], all.filter((kind) => kind === 'PodList').length], 'the lists of each namespace, one after the other').toEqual([
      'NodeList',
      out('get namespaces -o name').trim().split('\n').length,
    ]);
  });
});

describe('a roll-out', () => {
  it('has a history, and can be undone', () => {
    expect(out('set image deploy/web nginx=nginx:1.30')).toBe('deployment.apps/web image updated\n');
    expect(cluster.kubectl('rollout status deploy/web').stdout.split('\n').at(-2)).toBe('deployment "web" successfully rolled out');
    expect(out('rollout history deploy/web')).toBe('deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n');
    expect(out('rollout history deploy/web --revision=2').split('\n').slice(0, 3)).toEqual([
      'deployment.apps/web with revision #2',
      'Pod Template:',
      '  Labels:\tapp=web',
    ]);
    // k8s.io/kubectl v0.36.4 pkg/polymorphichelpers/history.go DeploymentHistoryViewer
    out('annotate deploy/web kubernetes.io/change-cause=newer');
    cluster.settle();
    expect(out('rollout history deploy/web')).toBe('deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         newer\n\n');
    expect(out('rollout history deploy/web --revision=2')).toContain('  Annotations:\tkubernetes.io/change-cause: newer\n');
    out('annotate deploy/web kubernetes.io/change-cause-');
    expect(out('rollout undo deploy/web')).toBe('deployment.apps/web rolled back\n');
    expect(out('rollout undo deploy/web --to-revision=3')).toBe(
      'deployment.apps/web skipped rollback (current template already matches revision 3)\n',
    );
    expect(out('rollout undo deploy/web --to-revision=9')).toBe('error: unable to find specified revision 9 in history\n');
    expect(out('rollout pause deploy/web') + out('rollout pause deploy/web')).toBe(
      'deployment.apps/web paused\nerror: deployments.apps "web" is already paused\n',
    );
    expect(out('rollout restart deploy/web')).toBe(
      'error: deployments.apps "web" can\'t restart paused deployment (run rollout resume first)\n',
    );
    expect(out('rollout resume deploy/web')).toBe('deployment.apps/web resumed\n');
  });
});

describe('describe', () => {
  it('lines a Service up', () => {
    cluster.kubectl('rollout status deploy/web');
    const text = out('describe svc web');
    expect(text).toMatch(
      /^Name: {21}web\nNamespace: {16}default\nLabels: {19}app=web\nAnnotations: {14}<none>\nSelector: {17}app=web\nType: {21}ClusterIP\nIP Family Policy: {9}SingleStack\nIP Families: {14}IPv4\nIP: {23}10\.254\.0\.\d+\nIPs: {22}10\.254\.0\.\d+\nPort: {21}<unset> {2}80\/TCP\nTargetPort: {15}80\/TCP\nEndpoints: {16}10\.200\.\d\.\d+:80,10\.200\.\d\.\d+:80\nSession Affinity: {9}None\nInternal Traffic Policy: {2}Cluster\nEvents: {19}<none>\n$/,
    );
  });
  it('names the ReplicaSets of a Deployment', () =>
    expect(out('describe deploy web')).toMatch(
      /\nReplicas: +2 desired \| 2 updated \| 2 total \| 2 available \| 0 unavailable\n[^]*\nOldReplicaSets: +web-\w+ \(0\/0 replicas created\)\nNewReplicaSet: +web-\w+ \(2\/2 replicas created\)\nEvents:\n {2}Type +Reason +Age +From +Message\n[^]*deployment-controller/,
    ));
});

describe('a dry run', () => {
  // As kubectl v1.32.4 says against the same API.
  it.each([
    ['client', '(dry run)'],
    ['server', '(server dry run)'],
  ])('--dry-run=%s changes nothing', (how, said) => {
    cluster.settle();
    const all = (): string =>
      out('get deploy web -o yaml') + out('get nodes -o jsonpath={.items[*].spec.unschedulable}') + out('get pods -A -o name');
    const before = all();
    expect(cluster.kubectl(`drain worker-1 --ignore-daemonsets --dry-run=${how}`).stdout.replaceAll(` ${said}\n`, '|')).toMatch(
      /^node\/worker-1 cordoned\|(?:evicting pod default\/web-[\w-]+\|)+node\/worker-1 drained\|$/,
    );
    expect(out(`replace -f - --dry-run=${how}`, out('get deploy web -o yaml'))).toBe(`deployment.apps/web replaced ${said}\n`);
    const undone = out(`rollout undo deploy/web --dry-run=${how}`);
    expect([
      undone.startsWith(how === 'client' ? 'deployment.apps/web Pod Template:\n' : 'deployment.apps/web rolled back'),
      undone.endsWith(` ${said}\n`),
    ]).toEqual([true, true]);
    expect(all()).toBe(before);
  });
  it('a file names what is looked at, in its namespace', () => {
    const dns = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: coredns, namespace: kube-system}\n';
    expect(out('get -f - -o name', dns)).toBe('deployment.apps/coredns\n');
    expect(out('describe -f -', dns)).toMatch(/^Name: +coredns\nNamespace: +kube-system\n/);
    expect(cluster.kubectl('delete -f -', '')).toMatchObject({ exitCode: 0, stderr: 'No resources found\n' });
    expect(out('rollout status -f -', dns)).toBe('deployment "coredns" successfully rolled out\n');
  });
  it('replace prints what it is asked for', () =>
    expect(out('replace -f - -o name', out('get deploy web -o yaml'))).toBe('deployment.apps/web\n'));
});

describe('describe node', () => {
  // apimachinery resource.Quantity Add: the first amount's suffixes, and none where they would not be exact; said so by kubectl v1.32.4 of the same pods.
  it('adds amounts up as they were written', () => {
    cluster.kubectl(
      'create -f -',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {nodeName: worker-1, containers: [{name: c, image: nginx:1.29, resources: {requests: {memory: 100M, cpu: "0.25"}, limits: {memory: 100M}}}]}\n',
    );
    const text = out('describe node worker-1');
    expect(text).toMatch(/\n {2}default +a +250m \(\d+%\) +0 \(0%\) +100M \(\d+%\) +100M \(\d+%\) /);
    expect(text).toMatch(/\n {2}cpu +350m \(\d+%\) +0 \(0%\)\n {2}memory +152428800 \(\d+%\) +100M \(\d+%\)\n/);
    cluster.kubectl('delete pod a');
  });
});

describe('drain', () => {
  it('refuses, then evicts', () => {
    const refused = cluster.kubectl('drain worker-2');
    expect([refused.exitCode, refused.stdout]).toEqual([1, 'node/worker-2 cordoned\n']);
    expect(refused.stderr).toMatch(
      /^error: unable to drain node "worker-2" due to error: cannot delete DaemonSet-managed Pods \(use --ignore-daemonsets to ignore\): kube-flannel\/\S+, kube-system\/kube-proxy-\w+, continuing command\.\.\.\nThere are pending nodes to be drained:\n worker-2\ncannot delete/,
    );
    const done = cluster.kubectl('drain worker-2 --ignore-daemonsets');
    expect(done.stdout).toMatch(
      /^node\/worker-2 already cordoned\nevicting pod default\/web-\S+\n(?:evicting .*\n)*pod\/web-\S+ evicted\n(?:pod\/.* evicted\n)*node\/worker-2 drained\n$/,
    );
    expect(done.stderr).toMatch(/^Warning: ignoring DaemonSet-managed Pods: kube-flannel\/\S+, kube-system\/\S+\n$/);
  });
});
