/** What is applied cannot be merged with what is there. The words are those of kubectl v1.32 and v1.36, asked against the same API. */
import { beforeAll, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

let cluster: Cluster;
const podWith = (spec: unknown): string => JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec });
beforeAll(() => {
  cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('apply -f -', podWith({ containers: [{ name: 'c', image: 'nginx:1.29' }] }));
  cluster.settle();
});

it.each([
  [{ containers: [{ nme: 'c', image: 'nginx:1.29' }] }, 'map: map[image:nginx:1.29 nme:c] does not contain declared merge key: name'],
  [{ containers: [5] }, /list element types are not identical: \[.*\[5\]\]/],
])('%j: kubectl says why, and everything goes on', (spec, why) => {
  const said = cluster.kubectl('apply -f -', podWith(spec));
  expect(said).toMatchObject({ stdout: '', exitCode: 1 });
  const [head, , , , created, ...rest] = said.stderr.split('\n');
  expect([head, created]).toEqual(['error: error when applying patch:', 'Name: "a", Namespace: "default"']);
  expect(rest[0]).toBe('for: "STDIN": error when patching "STDIN": creating patch with:');
  expect(rest.filter((line) => /^(original|modified|current):$/.test(line))).toHaveLength(3);
  expect(rest.at(-2)).toMatch(typeof why === 'string' ? `for:: ${why}` : why);
  const diff = cluster.kubectl('diff -f -', podWith(spec));
  expect(diff).toMatchObject({ stdout: '', exitCode: 2 });
  expect(diff.stderr).toMatch(/^error: error when patching "STDIN": creating patch with:\noriginal:\n/);
  expect(cluster.kubectl('get pod a --no-headers').stdout).toMatch(/^a +1\/1 +Running/);
});

it.each([
  [{ containers: { a: 1 } }, /cannot restore slice from (object|map)|cannot unmarshal/],
  [5, /cannot restore struct from: number|cannot unmarshal/],
])('%j: the server says why', (spec, why) => {
  const said = cluster.kubectl('apply -f -', podWith(spec));
  expect(said.exitCode).toBe(1);
  expect(said.stderr).toMatch(why);
});
