/** What is told of runs that are not the sample's: sentences follow the facts of each. */
import { expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';
import { SAMPLE } from '../../src/scenarios/sample.ts';
import { beatsOf, type Beat } from '../../src/story/beats.ts';
import { openBook, pictureAt } from '../../src/story/picture.ts';
import { sceneOf } from '../../src/views/cluster.ts';
import { momentAt } from '../../src/views/moment.ts';
import { slotsAt } from '../../src/views/slots.ts';

const POD = (name: string, rest: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n${rest}`;
const told = (cluster: Cluster, says: string): readonly Beat[] =>
  beatsOf([...cluster.trace()], 0).filter((b) => b.fact.says === says && !String(b.fact.with?.pod).match(/kube|etcd|coredns|flannel/));
function applied(manifest: string): Cluster {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('apply -f -', manifest);
  cluster.settle();
  return cluster;
}

it('a container starts again in the same sandbox, and in a new one when pause was killed', () => {
  const cluster = applied(POD('one', '  containers: [{name: c, image: "nginx:1.29", readinessProbe: {httpGet: {port: 80}}}]\n'));
  for (const what of ['c', 'pause']) {
    cluster.fault({ do: 'kill', what: `default/one/${what}` });
    cluster.advance(30);
  }
  expect(told(cluster, 'kubelet/container-started').map((b) => b.why)).toEqual([
    'It was started inside the network that pause holds. Running is not yet Ready.',
    'Start number 2, in the same sandbox. Running is not yet Ready.',
    'Start number 3, in a new sandbox. Running is not yet Ready.',
  ]);
});

it('an init container and a sidecar are told as such, and what waits for them', () => {
  const cluster = applied(
    POD(
      'one',
      '  initContainers:\n  - {name: first, image: "busybox:1.36", command: [sh, -c, "exit 0"]}\n  - {name: beside, image: "nginx:1.29", restartPolicy: Always}\n  containers: [{name: c, image: "nginx:1.29"}]\n',
    ),
  );
  expect(told(cluster, 'kubelet/container-started').map((b) => `${b.title} ${b.why.split('. ')[1]}`)).toEqual([
    'Init container first of one runs. The containers after it wait until it has ended well.',
    'Sidecar beside of one runs. The containers after it wait until it has started; it runs on beside them.',
    'Container c of one runs. Without a readiness probe, running counts as ready.',
  ]);
});

it('an image that nobody knows is told as made up', () => {
  const pulled = (image: string): string | undefined =>
    told(applied(POD('one', `  containers: [{name: c, image: "${image}"}]\n`)), 'containerd/image-pulled').find((b) =>
      String(b.fact.with?.image).endsWith(image),
    )?.why;
  expect(pulled('nginx:1.29')).toBe('72 MB; the next pod on this machine finds the image there.');
  expect(pulled('ngnix:latest')).toBe('Made up: nobody here knows this image. It is taken to exist, and to listen on its declared ports.');
});

it('the controller-manager counts no pod that is ending', () => {
  const cluster = openCluster();
  cluster.kubectl('apply -f -', SAMPLE);
  cluster.settle();
  const from = [...cluster.trace()].length;
  const name = cluster.kubectl('get pods -o name').stdout.split('\n')[0];
  cluster.kubectl(`delete ${name} --wait=false`);
  cluster.settle();
  const events = [...cluster.trace()];
  const book = openBook(events);
  const beats = beatsOf(events, from);
  const lines = new Set(
    beats.map(
      (b) =>
        sceneOf({
          picture: pictureAt(book, b.to),
          moment: momentAt(book, beats, b.to),
          slots: slotsAt(book, b.to),
          room: { w: 1280, h: 495 },
        }).components.find((c) => c.id === 'kube-controller-manager')?.lines[0],
    ),
  );
  expect(beats.length).toBeGreaterThan(3);
  expect([...lines].sort()).toEqual(['ReplicaSet: 2 of 3', 'ReplicaSet: 3 of 3']);
});

it('a name is told with its answer, each time that the search list makes it ask again; a refusal with its reason', () => {
  const cluster = applied(POD('client', '  containers: [{name: c, image: "busybox:1.36", command: [sleep, "9999"]}]\n'));
  const since = (act: () => unknown): readonly string[] => {
    const from = [...cluster.trace()].length;
    act();
    return beatsOf([...cluster.trace()], from)
      .filter((b) => !b.fact.says.startsWith('packet/') || b.fact.says === 'packet/answered')
      .map((b) => b.title);
  };
  const kubernetes = cluster.kubectl('get service kubernetes -o jsonpath={.spec.clusterIP}').stdout;
  expect(since(() => cluster.lookup({ from: 'default/client', name: 'kubernetes.default' }))).toEqual([
    'CoreDNS answers: nothing for kubernetes.default.default.svc.cluster.local.',
    `CoreDNS answers: kubernetes.default.svc.cluster.local is ${kubernetes}.`,
    'DNS says of kubernetes.default: NOERROR.',
  ]);
  expect(told(cluster, 'coredns/answered').map((b) => b.why.split('. ')[0])).toEqual([
    'NXDOMAIN: there is no such name',
    'NOERROR: the name exists.',
  ]);
  expect(since(() => cluster.connect({ from: 'default/client', to: '127.0.0.1:81' }))).toEqual([
    'default/client is told: connection refused.',
    'The call to 127.0.0.1 fails: connection refused.',
  ]);
  expect(since(() => cluster.connect({ from: 'default/client', to: 'nobody:80' })).at(-1)).toBe('The name nobody leads to no address.');
});

it('what containers of one pod say to each other is not told as if a Service stood between them', () => {
  const cluster = applied(
    POD('pair', '  containers: [{name: web, image: "nginx:1.29"}, {name: side, image: "busybox:1.36", command: [sleep, "9999"]}]\n'),
  );
  const from = [...cluster.trace()].length;
  cluster.connect({ from: 'default/pair', to: 'http://127.0.0.1:80/' });
  const whys = beatsOf([...cluster.trace()], from).map((b) => b.why);
  expect(whys).toEqual(
    expect.arrayContaining([
      'No rule was asked: what stays in one network namespace meets none.',
      'The packets never left the pod: its containers share one localhost.',
    ]),
  );
  expect(whys.filter((why) => /Service’s address|never learns/.test(why ?? ''))).toEqual([]);
});

it('an image that is not there is told with the runtime’s last word, and when it is tried again', () => {
  const [beat] = told(applied(POD('one', '  containers: [{name: c, image: "nginx:no-such-tag"}]\n')), 'kubelet/pull-failed');
  expect(beat.why).toBe(
    '“not found”: ErrImagePull. It is tried again in 10 s, then after twice as long each time, up to five minutes: ImagePullBackOff.',
  );
});

it('who wins a pod is named, and so is who asks for the Binding', () => {
  const cluster = openCluster();
  cluster.kubectl('apply -f -', SAMPLE);
  cluster.settle();
  const whys = told(cluster, 'scheduler/scored').map((b) => b.why);
  expect(whys.filter((why) => /wins over/.test(why)).length).toBeGreaterThan(0);
  for (const why of whys)
    expect(why).toMatch(/^worker-\d( wins over worker-\d by \d|(, worker-\d)* and worker-\d scored alike).* The scheduler POSTs a Binding/);
  expect(told(cluster, 'scheduler/filtered')[0].why).toBe(
    '1 machine has a taint that is not tolerated. A taint keeps pods away that do not tolerate it.',
  );
});

it('a machine that is cut off is not said to have the rules of the others; of siblings those are named that are in sight', () => {
  const cluster = openCluster();
  cluster.kubectl('apply -f -', SAMPLE);
  cluster.settle();
  const from = [...cluster.trace()].length;
  cluster.fault({ do: 'partition', a: 'cp-1', b: 'worker-1' });
  cluster.advance(90);
  const all = beatsOf([...cluster.trace()], from);
  const [beat] = all.filter((b) => b.fact.says === 'kube-proxy/synced');
  expect([beat.by, beat.title.split(' ').slice(0, 3).join(' '), beat.done.length, beat.why]).toEqual([
    'worker-3/kube-proxy',
    'kube-proxy on worker-3',
    3,
    'Each new connection throws a die: a chance of 1 in 2 for each pod. Every machine that hears of it writes the same.',
  ]);
  expect(all.find((b) => b.fact.says === 'nodelifecycle/pod-not-ready')).toMatchObject({
    title: expect.stringMatching(/^Pod web-/),
    done: { length: 3 },
  });
});

it('a pod in the network of its machine is given no network of its own', () => {
  const whys = told(
    applied(POD('one', '  hostNetwork: true\n  containers: [{name: c, image: "nginx:1.29"}]\n')),
    'containerd/netns-created',
  ).map((b) => b.why);
  expect(whys).toEqual(['hostNetwork: it has the machine’s own address, and no cable is plugged in.']);
});

it('how long a container must wait is said in seconds and minutes', () => {
  const cluster = applied(POD('one', '  containers: [{name: c, image: "busybox:1.37", command: [sh, -c, "exit 1"]}]\n'));
  cluster.advance(900);
  expect(told(cluster, 'kubelet/back-off').map((b) => b.title.replace(/^.* wait | before.*$/g, ''))).toEqual([
    '10 s',
    '20 s',
    '40 s',
    '1 min 20 s',
    '2 min 40 s',
    '5 min',
    '5 min',
  ]);
});

it('the rules that a packet meets are told by what their chains are for, each once', () => {
  const cluster = openCluster();
  cluster.kubectl('apply -f -', SAMPLE);
  cluster.settle();
  const from = [...cluster.trace()].length;
  cluster.connect({
    from: 'node/worker-1',
    to: `http://${cluster.kubectl('get svc web -o jsonpath={.spec.clusterIP}').stdout}/`,
    sourcePort: 40_001,
  });
  const whys = beatsOf([...cluster.trace()], from)
    .filter((b) => b.fact.says === 'packet/rules')
    .map((b) => b.why);
  expect(whys[0]).toMatch(
    /^KUBE-SERVICES knows the Service by its address; KUBE-SVC chooses a pod: the die (hit the first chance, 33 %|missed (once|2 times)); KUBE-SEP is that pod; KUBE-MARK-MASQ marks what needs another source address\.$/,
  );
  expect(whys[1]).toBe('KUBE-POSTROUTING gives what is marked this machine’s address.');
});

it('what the apiserver warns of is told where kubectl prints it', () => {
  const container =
    '  - {name: c, image: "nginx:1.29", env: [{name: A, value: one}, {name: A, value: two}], ports: [{containerPort: 80}]}\n';
  const cluster = applied(POD('one', `  containers:\n${container}${container.replace('name: c', 'name: d')}`));
  expect(told(cluster, 'kubectl/exited').map((b) => b.why)).toEqual([
    'It warns: spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply (and 2 more).',
  ]);
});

it('a forwarded port: curl asks kubectl, and containerd dials from inside the pod', () => {
  const cluster = applied(POD('one', '  containers: [{name: c, image: "nginx:1.29", readinessProbe: {httpGet: {port: 80}}}]\n'));
  cluster.advance(15);
  cluster.kubectl('port-forward pod/one 8080:80 &');
  cluster.connect({ from: 'laptop', to: 'localhost:8080' });
  const beats = beatsOf([...cluster.trace()], 0);
  const from = beats.findIndex((b) => b.title.startsWith('curl '));
  expect(beats.slice(from).map((b) => b.title)).toEqual([
    'curl sends a SYN to 127.0.0.1:8080.',
    'The SYN reaches kubectl, which listens there.',
    expect.stringMatching(/^kubectl gets the request from 127\.0\.0\.1:\d+\.$/),
    'kubectl prints: Handling connection for 8080',
    'containerd on worker-1 connects to port 80 from inside one.',
    'default/one sends a SYN to 127.0.0.1:80.',
    'The SYN reaches default/one, which listens there.',
    expect.stringMatching(/^default\/one gets the request from 127\.0\.0\.1:\d+\.$/),
    'default/one has its answer, from 127.0.0.1:80.',
    'curl has its answer, from 127.0.0.1:8080.',
    'The answer is here: HTTP 200.',
  ]);
  expect(beats.at(-1)?.why).toBe('Welcome to nginx!');
});
