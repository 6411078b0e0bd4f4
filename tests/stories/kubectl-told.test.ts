/** What is told of what kubectl prints: of a table what one reads it for. */
import { expect, it } from 'vitest';
import { boot, command, createEngine, settle } from '../../src/engine/engine.ts';
import { openCluster } from '../../src/engine/headless.ts';
import { SAMPLE } from '../../src/scenarios/sample.ts';
import { beatsOf } from '../../src/story/beats.ts';
import { isDue } from '../../src/story/due.ts';
import { openBook, pictureAt } from '../../src/story/picture.ts';

const cluster = openCluster();
cluster.kubectl('apply -f -', SAMPLE);
cluster.settle();
function told(command: string): string {
  cluster.kubectl(command);
  const beat = beatsOf([...cluster.trace()], 0).findLast((b) => b.fact.says === 'kubectl/exited');
  return `${beat?.title} | ${beat?.why}`;
}

it('of pods: how many containers are ready, and the status; and how many have which', () => {
  const [first, second] = cluster
    .kubectl('get pods')
    .stdout.split('\n')
    .slice(1)
    .map((line) => line.split(' ')[0]);
  expect(told('get pods')).toBe(`kubectl prints: ${first} 1/1 Running · ${second} 1/1 Running … | In all: 3 Running.`);
  expect(told('get pods -o wide')).toBe(`kubectl prints: ${first} 1/1 Running · ${second} 1/1 Running … | In all: 3 Running.`);
  expect(told(`get pod ${first}`)).toBe(`kubectl prints: ${first} 1/1 Running | `);
});

it('of machines, Deployments and Services: what tells how they are, and no more', () => {
  expect(told('get nodes')).toBe('kubectl prints: cp-1 Ready · worker-1 Ready · worker-2 Ready … | In all: 4 Ready.');
  expect(told('get deployments')).toBe('kubectl prints: web 3/3 | ');
  expect(told('get service web')).toMatch(/^kubectl prints: web ClusterIP 10\.254\.\d+\.\d+ \| $/);
});

it('of all namespaces: the name, not the namespace', () => {
  expect(told('get deployments -A')).toBe('kubectl prints: web 3/3 · coredns 2/2 | ');
});

it('of several tables: the rows of each, and the states of those that have them', () => {
  expect(told('get deployments,services')).toMatch(
    /^kubectl prints: deployment\.apps\/web 3\/3 · service\/kubernetes ClusterIP 10\.254\.0\.1 … \| $/,
  );
  expect(told('get services,pods')).toMatch(/^kubectl prints: service\/kubernetes ClusterIP 10\.254\.0\.1 · .* \| In all: 3 Running\.$/);
});

it('of what goes on: what it begins with, what a log brings, and of an end what was not told before', () => {
  const laptop = openCluster();
  const titles = (line: string): readonly string[] => {
    const from = [...laptop.trace()].length;
    laptop.kubectl(line);
    return beatsOf([...laptop.trace()], from).flatMap(({ title }) => (title.startsWith('kubectl ') ? [title] : []));
  };
  laptop.kubectl('create deployment web --image=nginx:1.29');
  expect(titles('rollout status deployment/web')).toEqual([
    expect.stringMatching(/^kubectl prints: Waiting for deployment/),
    'kubectl prints: deployment "web" successfully rolled out',
  ]);
  const [name] = laptop.kubectl('get pods -o name').stdout.split('\n');
  expect(titles(`delete ${name}`)).toEqual([
    `kubectl prints: pod "${name.slice(4)}" deleted from default namespace`,
    'kubectl has nothing more to wait for, and ends.',
  ]);
  laptop.kubectl('run talks --image=busybox:1.37 --restart=Never -- sh -c "sleep 5; echo one; sleep 5; echo two"');
  laptop.kubectl('wait pod/talks --for=condition=Ready');
  expect(titles('logs -f talks')).toEqual([
    'kubectl prints: one',
    'kubectl prints: two',
    'kubectl has nothing more to wait for, and ends.',
  ]);
  expect(titles('get pod talks -w --request-timeout=5s'), 'who has changed a pod has told of it').toEqual([
    'kubectl prints: talks 0/1 Completed',
    'kubectl has nothing more to wait for, and ends.',
  ]);
});

it('time passes for what follows a log or waits, and not for what watches', () => {
  const engine = createEngine();
  boot(engine);
  const due = (line: string): boolean => {
    const n = command(engine, { do: 'kubectl', args: line.split(' '), stdin: '' });
    settle(engine, engine.world.now + 60_000_000);
    const events = Array.from({ length: engine.trace.length }, (_, i) => engine.trace.event(i));
    const is = isDue(pictureAt(openBook(events), events.length), beatsOf(events, 0));
    if (engine.world.actors.has(`laptop/kubectl-${n}`)) command(engine, { do: 'hang-up', client: `laptop/kubectl-${n}` });
    return is;
  };
  expect(
    [
      'get pods',
      'get pods -w',
      'get -w pods -A',
      'events --watch',
      'port-forward deploy/coredns -n kube-system 8080:8080',
      'logs -f deploy/coredns -n kube-system',
      'wait node/cp-1 --for=delete',
    ].map((line) => [line, due(line)]),
  ).toEqual([
    ['get pods', false],
    ['get pods -w', false],
    ['get -w pods -A', false],
    ['events --watch', false],
    ['port-forward deploy/coredns -n kube-system 8080:8080', false],
    ['logs -f deploy/coredns -n kube-system', true],
    ['wait node/cp-1 --for=delete', true],
  ]);
});
