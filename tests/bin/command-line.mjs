/** The command line as a user has it: the built engine, in a process of its own. Exits with 1 at the first answer that is another. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/kube-orrery.mjs', import.meta.url));
const cwd = mkdtempSync(join(tmpdir(), 'orrery-'));
const pod = (name, key = 'name') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{${key}: c, image: "nginx:1.29"}]}\n`;
mkdirSync(join(cwd, 'folder'));
mkdirSync(join(cwd, 'empty'));
for (const [file, text] of Object.entries({
  'a.yaml': pod('a'),
  'folder/b.yml': pod('b'),
  'folder/c.json': JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } }),
  'folder/README': 'no manifest',
  'broken.yaml': 'kind: [',
  'wrong.yaml': pod('a', 'nme'),
}))
  writeFileSync(join(cwd, file), text);
const run = (args, input) => spawnSync(process.execPath, [BIN, ...args.split(' ').filter(Boolean)], { cwd, input, encoding: 'utf8' });

try {
  for (const [args, status, out, err = /^$/] of [
    ['--help', 0, /^usage: kube-orrery run/],
    ['run -h', 0, /^usage: kube-orrery run/],
    ['--version', 0, /^kube-orrery \d+\.\d+\.\d+\n$/],
    ['', 2, /^$/, /^usage: /],
    ['run', 2, /^$/, /^usage: /],
    ['run a.yaml --nope', 2, /^$/, /^error: Unknown option '--nope'\nusage: /],
    ['run a.yaml --workers=', 2, /^$/, /^error: --workers is a whole number, not ""\n$/],
    ['run a.yaml --until 5m', 2, /^$/, /^error: --until is settled or a number of seconds such as 120s, not 5m\n$/],
    ['run a.yaml --until 99999999999s', 2, /^pod\/a created\n$/, /^error: virtual time goes on by at most 31536000 seconds at once/],
    ['run a.yaml -o nope', 2, /^$/, /^error: -o is wide, yaml, json, name or transcript, not nope\n$/],
    ['run gone.yaml', 1, /^$/, /^error: the path "gone.yaml" does not exist\n$/],
    ['run empty', 1, /^$/, /recognized file extensions are \[\.json \.yaml \.yml\]\n$/],
    ['run broken.yaml -o name', 1, /pod\/etcd-cp-1\n/, /^error: error parsing broken\.yaml: error converting YAML to JSON: /],
    [
      'run wrong.yaml -o name',
      1,
      /pod\/etcd-cp-1\n/,
      /^Error from server \(BadRequest\): error when creating "wrong\.yaml": .*unknown field "spec\.containers\[0\]\.nme"\n$/,
    ],
    ['run a.yaml folder -owide', 0, /^pod\/a created\npod\/b created\nconfigmap\/c created\n[^]*\ndefault +pod\/b +1\/1 +Running /],
  ]) {
    const said = run(args);
    assert.match(said.stdout, out, args);
    assert.match(said.stderr, err, args);
    assert.equal(said.status, status, args);
  }
  assert.match(run('run - --until 20s -o json', pod('typed')).stdout, /^pod\/typed created\n\{/);
  const [first, second] = [1, 2].map(() => run('run a.yaml --seed 11 --workers 2 -o transcript').stdout);
  assert.match(first, /kube-scheduler → kube-apiserver {2}POST .*\/pods\/a\/binding/);
  assert.equal(first, second);
  console.log('the command line answers as it should');
} finally {
  rmSync(cwd, { recursive: true });
}
