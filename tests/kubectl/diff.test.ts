/** kubectl diff. What is expected was printed by kubectl v1.32 against the same cluster, but for the numbers of its folders and its laptop's clock. */
import { beforeAll, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

const deployment = (replicas: number, image: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: ${replicas}\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: c, image: "${image}"}]}\n`;
const secret = (a: string): string => `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: ${a}, b: same}\n`;
const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\ndata: {x: "1"}\n';
let cluster: Cluster;
beforeAll(() => {
  cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('apply -f -', `${deployment(3, 'nginx:1.29')}---\n${secret('one')}`);
  cluster.settle(120);
});
const diff = (text: string, args = 'diff -f -'): { readonly text: string; readonly exitCode: number } => {
  const { stdout, stderr, exitCode } = cluster.kubectl(args, text);
  return {
    exitCode,
    text: (stdout + stderr)
      .replace(/(LIVE|MERGED)-\d+/g, '$1-N')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} \+0000/g, 'TIME')
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID')
      .replace(/resourceVersion: "\d+"/g, 'resourceVersion: "RV"')
      .replace(/"2026-[^"]+"/g, '"TIME"'),
  };
};

it('says nothing where nothing would change', () => {
  expect(diff(deployment(3, 'nginx:1.29'))).toEqual({ exitCode: 0, text: '' });
});

it('shows what would change, with three lines around, and changes nothing', () => {
  const { exitCode, text } = diff(deployment(7, 'nginx:1.30'));
  expect(exitCode).toBe(1);
  expect(text).toMatch(
    /^diff -u -N \/tmp\/LIVE-N\/apps\.v1\.Deployment\.default\.web \/tmp\/MERGED-N\/apps\.v1\.Deployment\.default\.web\n--- \/tmp\/LIVE-N\/apps\.v1\.Deployment\.default\.web\tTIME\n\+\+\+ \/tmp\/MERGED-N\/apps\.v1\.Deployment\.default\.web\tTIME\n@@ -6,14 \+6,14 @@\n/,
  );
  expect(text.split('\n').filter((line) => /^[-+](?![-+])/.test(line))).toEqual([
    '-  generation: 1',
    '+  generation: 2',
    '-  replicas: 3',
    '+  replicas: 7',
    '-      - image: nginx:1.29',
    '+      - image: nginx:1.30',
  ]);
  expect(cluster.kubectl('get deploy web').stdout).toMatch(/web +3\/3/);
});

it('shows a new object whole, and of a Secret only that an entry differs', () => {
  expect(diff(`${secret('two')}---\n${configMap}`)).toEqual({
    exitCode: 1,
    text: `diff -u -N /tmp/LIVE-N/v1.ConfigMap.default.new /tmp/MERGED-N/v1.ConfigMap.default.new
--- /tmp/LIVE-N/v1.ConfigMap.default.new\tTIME
+++ /tmp/MERGED-N/v1.ConfigMap.default.new\tTIME
@@ -0,0 +1,9 @@
+apiVersion: v1
+data:
+  x: "1"
+kind: ConfigMap
+metadata:
+  creationTimestamp: "TIME"
+  name: new
+  namespace: default
+  uid: UID
diff -u -N /tmp/LIVE-N/v1.Secret.default.s /tmp/MERGED-N/v1.Secret.default.s
--- /tmp/LIVE-N/v1.Secret.default.s\tTIME
+++ /tmp/MERGED-N/v1.Secret.default.s\tTIME
@@ -1,6 +1,6 @@
 apiVersion: v1
 data:
-  a: '*** (before)'
+  a: '*** (after)'
   b: '***'
 kind: Secret
 metadata:
`,
  });
  expect(cluster.kubectl('get configmap new').exitCode).toBe(1);
});

it.each([
  ['diff', '', 'error: must specify one of -f and -k\n'],
  ['diff -f - extra', configMap, "error: Unexpected args: [extra]\nSee 'kubectl diff -h' for help and examples\n"],
  ['diff -f -', 'foo: bar', 'error: unable to decode "STDIN": Object \'Kind\' is missing in \'{"foo":"bar"}\'\n'],
  ['diff -f -', 'a: [b\n', "error: error parsing STDIN: error converting YAML to JSON: yaml: line 1: did not find expected ',' or ']'\n"],
  [
    'diff -f -',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: c}]}\n',
    'The Pod "x" is invalid: spec.containers[0].image: Required value\n',
  ],
  [
    'diff -f -',
    'apiVersion: v1\nkind: Pod\nmetadata: {generateName: x}\nspec: {containers: [{name: c, image: a}]}\n',
    'error: resource name may not be empty\n',
  ],
])('%s of %j', (args, text, err) => {
  expect(diff(text, args)).toEqual({ exitCode: 2, text: err });
});
