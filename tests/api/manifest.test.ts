import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../src/api/manifest/parse.ts';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: nginx
        image: nginx:1.29
        ports:
        - containerPort: 80
`;
const said = (text: string): readonly string[] =>
  parseManifest(text).diagnostics.map((d) => `${d.line}:${d.column} ${d.severity} ${d.message}${d.hint ? ` (${d.hint})` : ''}`);

describe('a manifest is read with every mistake at its place', () => {
  it('a good one has none', () => {
    const { objects, diagnostics } = parseManifest(WEB);
    expect(diagnostics).toEqual([]);
    expect(objects.map((o) => [o.object.kind, o.object.metadata?.name, o.line, o.document])).toEqual([['Deployment', 'web', 1, 0]]);
  });

  it.each<[string, string, readonly string[]]>([
    [
      'a variable that hides another, as the apiserver warns',
      WEB.replace('        ports:', '        env:\n        - {name: A, value: one}\n        - {name: A, value: two}\n        ports:'),
      ['18:11 warning spec.template.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
    ],
    [
      'an old label in a selector',
      WEB.replace('      containers:', '      nodeSelector:\n        beta.kubernetes.io/os: linux\n      containers:'),
      ['14:32 warning spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
    ],
    [
      'a number in quotes',
      WEB.replace('replicas: 3', 'replicas: "3"'),
      ['6:13 error spec.replicas: Invalid value: "string": must be of type integer (write it without quotes: 3)'],
    ],
    [
      'a port in quotes',
      WEB.replace('containerPort: 80', 'containerPort: "80"'),
      [
        '17:26 error spec.template.spec.containers[0].ports[0].containerPort: Invalid value: "string": must be of type integer (write it without quotes: 80)',
      ],
    ],
    [
      'YAML 1.1 reads yes as true',
      WEB.replace('app: web}\n    spec', 'app: web, x: yes}\n    spec'),
      [
        '11:29 error spec.template.metadata.labels.x: Invalid value: "bool": must be of type string (put it in quotes: "yes" (YAML reads yes, no, on and off as booleans))',
      ],
    ],
    [
      'the longest key wins where keys hold dots',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels:\n    a.b: 3\n    a: x\n',
      ['6:10 error metadata.labels.a.b: Invalid value: "number": must be of type string (put it in quotes: "3")'],
    ],
    [
      'a slip in a field',
      WEB.replace('image:', 'imgae:'),
      [
        '14:9 error spec.template.spec.containers[0].image: Required value',
        '15:9 warning unknown field "spec.template.spec.containers[0].imgae" (did you mean image?)',
      ],
    ],
    [
      'a kind in the wrong group',
      WEB.replace('apps/v1', 'v1'),
      ['1:13 error no matches for kind "Deployment" in version "v1" (Deployment lives in apps/v1)'],
    ],
    ['no apiVersion', WEB.replace('apiVersion: apps/v1\n', ''), ['1:1 error apiVersion not set (Deployment lives in apps/v1)']],
    [
      'a selector that misses',
      WEB.replace('labels: {app: web}', 'labels: {app: wbe}'),
      ['11:7 error spec.template.metadata.labels: Invalid value: {"app":"wbe"}: `selector` does not match template `labels`'],
    ],
    [
      'a key twice',
      WEB.replace('  replicas: 3', '  replicas: 3\n  replicas: 4'),
      ['7:3 warning key "replicas" already set in map (the last one counts)'],
    ],
    ['a tab', 'apiVersion: v1\nkind: Pod\nmetadata:\n\tname: x\n', ['4:1 error Tabs are not allowed as indentation (indent with blanks)']],
  ])('%s', (_, text, expected) => {
    expect(said(text)).toEqual(expected);
  });

  it('names the kinds that are here when one is not', () => {
    const [first] = parseManifest(WEB.replace('Deployment', 'StatefulSet')).diagnostics;
    expect(first.message).toBe('no matches for kind "StatefulSet" in version "apps/v1"');
    expect(first.hint).toMatch(/^Kubernetes has StatefulSet \(apps\/v1\), but it is not modelled here; kinds here: .*Deployment/);
    expect(said(WEB.replace('Deployment', 'Deploymnet'))[0]).toContain('did you mean Deployment?');
  });

  it('flattens lists, keeps documents apart and skips empty ones', () => {
    const { objects, diagnostics } = parseManifest(
      `---\n# nothing\n---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: prod}\n`,
    );
    expect(diagnostics).toEqual([]);
    expect(objects.map((o) => [o.object.metadata?.name, o.line, o.document])).toEqual([
      ['a', 7, 1],
      ['b', 8, 1],
      ['prod', 10, 2],
    ]);
  });

  it('yields the good documents when another is broken', () => {
    const { objects, diagnostics } = parseManifest(`a: [\n---\n${WEB}`);
    expect(objects).toHaveLength(1);
    expect(diagnostics.some((d) => d.severity === 'error')).toBe(true);
  });

  it('reads anchors and merge keys', () => {
    const { objects } = parseManifest(
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels: &l {x: w}\n  annotations:\n    <<: *l\n    v: w\ndata: {when: 2001-01-01, odd: "1:30"}\n',
    );
    expect(objects[0].object).toMatchObject({ metadata: { annotations: { x: 'w', v: 'w' } }, data: { when: '2001-01-01' } });
  });
});

describe('a manifest that means harm', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map((c, i) => `${c}: &${c} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[i]}`).join(',')}]`)
    .join('\n')}\n`;
  it.each<[string, string, RegExp]>([
    ['an alias bomb', bomb, /excessive aliasing/],
    ['too long', 'a'.repeat(3 * 1024 * 1024 + 1), /at most 3 MiB/],
    ['bottomless lists', '['.repeat(5000), /nested deeper than 100/],
    ['bottomless maps', '{a: '.repeat(5000), /nested deeper than 100/],
    ['bottomless blocks', Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), /nested deeper than 100/],
    [
      'a prototype',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  __proto__: {polluted: "yes"}\n',
      /"__proto__" is not allowed/,
    ],
  ])('%s is refused quickly', (_, text, message) => {
    const { diagnostics } = parseManifest(text);
    expect(diagnostics.map((d) => d.message).join('\n')).toMatch(message);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('keys that look like members of Object are data', () => {
    const { objects, diagnostics } = parseManifest(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {constructor: a, toString: b, prototype: c}\n',
    );
    expect(diagnostics).toEqual([]);
    expect(Object.entries((objects[0].object as { data?: object }).data ?? {})).toEqual([
      ['constructor', 'a'],
      ['toString', 'b'],
      ['prototype', 'c'],
    ]);
  });

  it.each([
    '',
    '---',
    '%',
    '{',
    '}',
    '- ',
    '? ',
    ': ',
    '!!',
    '&a *a',
    '"',
    '|',
    'a: b: c',
    '\u0000',
    '*x',
    '<<: 3',
    '? {a: b}\n: c',
    '---\n...\n---',
    'kind: 3',
    '[1]',
    'apiVersion: v1\nkind: Pod\nspec: 3',
    'apiVersion: v1\nkind: Pod\nspec: {containers: [null]}',
    'apiVersion: v1\nkind: Service\nspec: {ports: {}}',
    'apiVersion: v1\nkind: List\nitems: [3, null]',
  ])('never throws: %j', (text) => {
    expect(() => parseManifest(text)).not.toThrow();
  });
});
