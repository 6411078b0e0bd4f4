/** What is told of what kubectl prints: of a table what one reads it for. */
import { expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { SAMPLE } from '../../src/scenarios/sample.ts';
import { beatsOf } from '../../src/story/beats.ts';

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
