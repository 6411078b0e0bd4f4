/** What a hover says, and which fields are marked 'accepted, not simulated'. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hover } from '../../src/api/manifest/hover.ts';
import { marksIn } from '../../src/api/manifest/marks.ts';
import { parseManifest } from '../../src/api/manifest/parse.ts';
import { inertFields } from '../../src/api/schema/inert.ts';
import { fieldsOfModel } from '../../src/api/schema/definitions.ts';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: nginx
        image: nginx:1.29
        imagePullPolicy: Always
        stdinOnce: true
        securityContext: {capabilities: {add: [NET_ADMIN]}}
`;
const at = (word: string, text = WEB) => hover(text, text.indexOf(word) + 1);

describe('a hover says what the field is', () => {
  it.each<[string, string, string, string, string | undefined, boolean]>([
    ['a leaf', 'replicas', 'spec.replicas', 'integer', '1', false],
    ['a map', 'selector', 'spec.selector', 'LabelSelector', undefined, false],
    ['a list', 'containers', 'spec.template.spec.containers', 'list of Container', undefined, false],
    [
      'a field of an item; the default is this image’s',
      'imagePullPolicy',
      'spec.template.spec.containers[0].imagePullPolicy',
      'string',
      'IfNotPresent',
      false,
    ],
    ['a value', 'nginx:1.29', 'spec.template.spec.containers[0].image', 'string', undefined, false],
    ['what is not simulated', 'stdinOnce', 'spec.template.spec.containers[0].stdinOnce', 'boolean', undefined, true],
    ['inside a flow map', 'capabilities', 'spec.template.spec.containers[0].securityContext.capabilities', 'Capabilities', undefined, true],
  ])('%s', (_, word, path, type, byDefault, inert) => {
    const found = at(word);
    expect([found?.path, found?.type, found?.defaultText, found?.isInert]).toEqual([path, type, byDefault, inert]);
  });
  it('in the document it is in', () =>
    expect(at('ports', `${WEB}---\napiVersion: v1\nkind: Service\nspec:\n  ports: []\n`)?.kind).toBe('Service'));
  it('nothing where there is no field of the schema', () =>
    expect([at('app: web'), at('apps/v1', 'kind: Pood\napiVersion: apps/v1\n'), hover('a: [', 2), hover('', 0)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]));
});

describe('accepted, not simulated', () => {
  it('is marked at its line, once, and not looked into', () => {
    expect(marksIn(WEB).map((m) => `${m.line}:${m.column} ${m.field}`)).toEqual(['14:9 stdinOnce', '15:27 capabilities']);
  });
  it('names only fields that the schema has', () =>
    expect(inertFields.filter(([model, field]) => !fieldsOfModel(model)?.has(field))).toEqual([]));
  it('is not said of a field that the cluster uses', () => {
    const files = (function walk(folder: string): string[] {
      return readdirSync(folder).flatMap((n) => {
        const path = join(folder, n);
        return statSync(path).isDirectory() ? walk(path) : [path];
      });
    })('src/cluster').filter((f) => f.endsWith('.ts') && !/boot\/(manifests|static-pods)\.ts$|\/pod-security\//.test(f));
    const code = files.map((f) => readFileSync(f, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')).join('\n');
    /** Written by admission, allotted by the server, passed along, told in a status, or a word that means something else there too. */
    const ELSEWHERE = new Set([
      'healthCheckNodePort',
      'imagePullSecrets',
      'volumes',
      'volumeMounts',
      'host',
      'scheme',
      'secrets',
      'stdin',
      'os',
      'claims',
    ]);
    const used = inertFields.filter(([, field]) => !ELSEWHERE.has(field) && new RegExp(`[.?]${field}\\b`).test(code));
    expect(used, 'take these out of src/api/schema/inert.ts').toEqual([]);
  });
});

describe('a mistake brings what to write instead', () => {
  it.each<[string, string, string | undefined]>([
    ['a slip in a field', WEB.replace('replicas:', 'replcas:'), 'replicas'],
    ['a slip in a kind', WEB.replace('Deployment', 'Deploymnet'), 'Deployment'],
    ['a slip in a word', WEB.replace('Always', 'Allways'), 'Always'],
    ['a number in quotes', WEB.replace('replicas: 3', 'replicas: "3"'), '3'],
    ['a word that YAML reads as a boolean', WEB.replace('{labels: {app: web}}', '{labels: {app: web, on: yes}}'), '"yes"'],
    ['a kind in the wrong group', WEB.replace('apps/v1', 'v1'), 'apps/v1'],
    ['nothing, when nothing is sure', WEB.replace('replicas: 3', 'replicas: many'), undefined],
  ])('%s', (_, text, fix) => {
    const [first] = parseManifest(text).diagnostics;
    expect(first.fix).toBe(fix);
    if (fix === undefined) return;
    const lines = text.split('\n');
    lines[first.line - 1] = lines[first.line - 1].slice(0, first.column - 1) + fix + lines[first.line - 1].slice(first.endColumn - 1);
    expect(parseManifest(lines.join('\n')).diagnostics).toEqual([]);
  });
});
