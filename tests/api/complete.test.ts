/** Tables of what is offered where. '|' is the cursor. Fields, types and words: Kubernetes v1.36's OpenAPI. */
import { describe, expect, it } from 'vitest';
import { complete } from '../../src/api/manifest/complete.ts';

const at = (text: string) => {
  const offset = text.indexOf('|');
  return complete(text.slice(0, offset) + text.slice(offset + 1), offset);
};
const offered = (text: string): readonly string[] => at(text)?.items.map((i) => i.label) ?? [];
/** The text after the first suggestion with this label is taken. */
function taken(text: string, label: string): string {
  const bare = text.replace('|', '');
  const found = at(text);
  const item = found?.items.find((i) => i.label === label);
  return found && item ? bare.slice(0, found.from) + item.insert.replace('$0', '|') + bare.slice(found.to) : `${label} is not offered`;
}
const DEPLOYMENT = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n';
const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: a\n';

describe('completion offers what the schema has at the path', () => {
  it.each<[string, string, readonly string[], readonly string[]]>([
    ['fields of a spec', `${DEPLOYMENT}spec:\n  |`, ['replicas', 'selector', 'template', 'strategy'], ['containers', 'metadata']],
    ['with a word begun', `${DEPLOYMENT}spec:\n  rep|`, ['replicas'], []],
    ['between other fields', `${DEPLOYMENT}spec:\n  |\n  replicas: 3\n`, ['selector'], ['replicas']],
    ['at the root, once the kind is known', `${DEPLOYMENT}|`, ['spec'], ['status', 'kind']],
    ['inside a list item', `${POD}    |`, ['image', 'ports', 'readinessProbe'], ['name', 'containers']],
    ['at the dash of an item', 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - |', ['name', 'image'], []],
    ['below a list key, deeper', 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    |', ['name', 'image'], []],
    ['a sibling of a list key', `${POD}  |`, ['restartPolicy', 'nodeName'], ['containers', 'image']],
    ['in a flow map', 'apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, |}]}\n', ['image'], ['name']],
    ['under a long path', `${POD}    readinessProbe:\n      httpGet:\n        |`, ['path', 'port'], ['initialDelaySeconds']],
    [
      'in the second document',
      `${DEPLOYMENT}---\napiVersion: v1\nkind: Service\nspec:\n  |`,
      ['clusterIP', 'ports', 'selector'],
      ['replicas'],
    ],
    ['in the first of two', `${DEPLOYMENT}spec:\n  |\n---\napiVersion: v1\nkind: Service\nspec: {}\n`, ['replicas'], ['clusterIP']],
    [
      'in an item of a List',
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spec:\n    |',
      ['containers'],
      ['items'],
    ],
    ['where another line is broken', `${DEPLOYMENT}spec:\n  |\n  template:\n    spec: {containers: [}\n`, ['replicas'], []],
    ['words of a field', `${POD}    imagePullPolicy: |`, ['Always', 'IfNotPresent', 'Never'], []],
    ['words of a list', `${POD}    securityContext:\n      capabilities: {}\nkind2: |`, [], ['Always']],
    ['booleans', `${DEPLOYMENT}spec:\n  paused: |`, ['true', 'false'], []],
    ['kinds', 'apiVersion: apps/v1\nkind: |', ['Deployment', 'DaemonSet', 'ReplicaSet'], ['Pod']],
    ['versions of a kind', 'kind: Deployment\napiVersion: |', ['apps/v1'], ['v1']],
    ['whole objects in an empty text', '|', ['apiVersion', 'Deployment', 'Service'], []],
    ['whole objects after a divider', `${DEPLOYMENT}---\n|`, ['apiVersion', 'ConfigMap'], []],
    ['nothing in a comment', `${DEPLOYMENT}spec: # re|`, [], ['replicas']],
    ['nothing under a map of the user’s own words', 'apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    |', [], ['name']],
    [
      'nothing in a block of text',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |2\n'.replace('|2', '>\n    some |'),
      [],
      ['data'],
    ],
    ['nothing for a kind that is unknown', 'apiVersion: v1\nkind: Pood\nspec:\n  |', [], ['containers']],
  ])('%s', (_, text, has, hasNot) => {
    const labels = offered(text);
    expect(labels).toEqual(expect.arrayContaining([...has]));
    expect(labels.filter((label) => hasNot.includes(label))).toEqual([]);
    if (has.length === 0) expect(labels).toEqual([]);
  });
});

describe('a suggestion that is taken leaves good YAML', () => {
  it.each<[string, string, string, string]>([
    ['a leaf', `${DEPLOYMENT}spec:\n  rep|`, 'replicas', `${DEPLOYMENT}spec:\n  replicas: |`],
    ['a map goes on below', `${DEPLOYMENT}spec:\n  |`, 'selector', `${DEPLOYMENT}spec:\n  selector:\n    |`],
    ['a list begins its first item', `${POD}    po|`, 'ports', `${POD}    ports:\n    - |`],
    [
      'in an item that begins',
      `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - |`,
      'env',
      'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - env:\n    - |',
    ],
    [
      'an item where there is none',
      'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  |',
      'restartPolicy',
      'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  restartPolicy: |',
    ],
    [
      'a dash where a list wants one',
      'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    |',
      'name',
      'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: |',
    ],
    ['a key that has its colon', `${DEPLOYMENT}spec:\n  rep|: 3\n`, 'replicas', `${DEPLOYMENT}spec:\n  replicas: 3\n`],
    ['a word', `${POD}    imagePullPolicy: Al|\n`, 'Always', `${POD}    imagePullPolicy: Always\n`],
  ])('%s', (_, text, label, becomes) => expect(taken(text, label)).toBe(becomes));
});

describe('what a suggestion says of itself', () => {
  const detail = (text: string, label: string): string | undefined => at(text)?.items.find((i) => i.label === label)?.detail;
  it('its type, whether it is required, and the default that this very object would get', () => {
    expect(detail(`${DEPLOYMENT}spec:\n  |`, 'replicas')).toBe('integer · default 1');
    expect(detail(`${DEPLOYMENT}spec:\n  |`, 'selector')).toBe('LabelSelector · required');
    expect(detail(`${POD}    |`, 'imagePullPolicy')).toBe('string · default Always');
    expect(detail(`${POD}    image: nginx:1.29\n    |`, 'imagePullPolicy')).toBe('string · default IfNotPresent');
  });
  it('its place: the required first, then the usual', () => {
    const ranks = new Map(at('apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - |')?.items.map((i) => [i.label, i.rank]));
    expect(['name', 'image', 'restartPolicy', 'stdinOnce'].map((label) => ranks.get(label))).toEqual([0, 1, 2, 3]);
    expect([...ranks.keys()].slice(0, 4)).toEqual(['name', 'image', 'ports', 'env']);
  });
  it('that it is accepted and not simulated; such fields come last', () => {
    const item = at(`${POD}    |`)?.items.find((i) => i.label === 'stdinOnce');
    expect([item?.isInert, item?.rank, item?.detail]).toEqual([true, 3, 'boolean · not simulated']);
  });
});
