/** What is too big to be read. Upstream: apiserver pkg/endpoints/handlers/rest.go limitedReadBody, apimachinery pkg/api/errors NewRequestEntityTooLargeError (v1.36). */
import { expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';

const cluster = openCluster({ topology: { workers: 0 } });
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const big = (length: number) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'big' }, data: { a: 'x'.repeat(length) } });

it.each<readonly [string, 'POST' | 'PATCH', unknown]>([
  ['an object', 'POST', big(3_200_000)],
  ['a text', 'POST', JSON.stringify(big(3_200_000))],
  ['a patch', 'PATCH', big(3_200_000)],
])('%s of more than 3 MiB is read by no server', (_what, method, body) => {
  const path = method === 'PATCH' ? `${CONFIG_MAPS}/kube-root-ca.crt` : CONFIG_MAPS;
  const headers = { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' };
  expect(cluster.request({ method, path, body, headers }).body).toMatchObject({
    code: 413,
    reason: 'RequestEntityTooLarge',
    message: 'Request entity too large: limit is 3145728',
  });
});
it('a shorter one is read, and refused for what it holds', () =>
  expect(cluster.request({ method: 'POST', path: CONFIG_MAPS, body: big(3_000_000) }).status).toBe(422));

it.each([
  ['deep', `a: ${'{a: '.repeat(20_000)}1${'}'.repeat(20_000)}`, 'nested deeper than '],
  ['long', `a: ${'x'.repeat(3_200_000)}`, 'the text is 3.1 MiB long'],
])('a manifest that is too %s is refused in words, and not by the machine that reads it', (_how, text, words) =>
  expect(cluster.kubectl('apply -f -', text).stderr).toMatch(new RegExp(`^error: error parsing STDIN: .*: line 1: ${words}`)),
);
