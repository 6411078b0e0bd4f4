/** Expected: client-go v0.36.4 util/jsonpath, run on these inputs. */
import { expect, it } from 'vitest';
import { pathFinder, printPath } from '../../src/kubectl/json-path.ts';

const POD = {
  kind: 'Pod',
  spec: {
    containers: [
      { name: 'a', n: 1 },
      { name: 'b', n: 5, ready: true },
    ],
  },
  words: ['x', 'y'],
};

it.each([
  ['{.spec.containers[?(@.n>"1")].name}', 'incompatible types for comparison'],
  ['{.spec.containers[?(@.name==1)].name}', 'incompatible types for comparison'],
  ['{.spec[?(@.name=="a")]}', 'map[containers:[map[n:1 name:a] map[n:5 name:b ready:true]]] is not array or slice and cannot be filtered'],
  ['{.spec.containers[?(@.ready>true)]}', 'invalid type for comparison'],
  ['{.words[?(@=="x")]}{.spec.containers[?(@=="x")]}', 'invalid type for comparison'],
])('%s: %s', (path, error) => {
  expect(pathFinder(path)(POD)).toEqual({ error, isParsing: false });
});

it.each([
  // website content/en/docs/reference/kubectl/quick-reference.md, '.users[].name': the first of them.
  ['{.spec.containers[].name}', 'a'],
  ['{.spec.containers[?(@.n>1)].name}', 'b'],
  ['{.spec.containers[?(@.name!="a")].n}', '5'],
  ['{.spec.containers[?(@.ready==true)].name}', 'b'],
  [
    '{range .words[*]}[{@}]',
    '[x][y][{"kind":"Pod","spec":{"containers":[{"n":1,"name":"a"},{"n":5,"name":"b","ready":true}]},"words":["x","y"]}]',
  ],
  ['{range .nope}[{.kind}]', '[Pod]'],
  ['{range .words[*]}[{@}]{end}.', '[x][y].'],
])('%s prints %s', (path, out) => {
  expect(printPath(path, POD)).toEqual({ out });
});
