/** What `${…}` becomes: the answers are dash 0.5's, where there is one it is asked itself. */
import { spawnSync } from 'node:child_process';
import { beforeAll, expect, it } from 'vitest';
import type { Cluster } from '../../src/engine/headless.ts';
import { isDash, openBox } from './real-shell.ts';

let cluster: Cluster;
beforeAll(() => {
  cluster = openBox();
});

const SET = 'host=web-12; path=/usr/share/www/index.tar.gz; empty=; star="a*b"; ';
it.each([
  ['echo ${host}', 'web-12'],
  ['echo ${#host} ${#none} ${#empty}', '6 0 0'],
  ['echo ${host##*-}', '12'],
  ['echo ${host%-*}', 'web'],
  ['echo ${path##*/}', 'index.tar.gz'],
  ['echo ${path%/*}', '/usr/share/www'],
  ['echo ${path%%.*}', '/usr/share/www/index'],
  ['echo ${path%.*}', '/usr/share/www/index.tar'],
  ['echo ${path#*/}', 'usr/share/www/index.tar.gz'],
  ['echo ${path#/}', 'usr/share/www/index.tar.gz'],
  ['echo ${host#[a-w]} ${host%[!0-9]} ${host%?}', 'eb-12 web-12 web-1'],
  ['echo ${host#nothing}', 'web-12'],
  ['echo "${star%\\**}" "${star#a"*"}"', 'a b'],
  ['echo ${none:-other} ${empty:-other} ${host:-other}', 'other other web-12'],
  ['echo "[${none-other}] [${empty-other}]"', '[other] []'],
  ['echo ${none:-$host} ${none:-${path##*/}}', 'web-12 index.tar.gz'],
  ['echo "${none:-two words}"', 'two words'],
  ['echo ${none:="set now"} $none', 'set now set now'],
  ['echo ${empty=kept} "[$empty]"', '[]'],
  ['echo "[${host:+is there}] [${none:+is there}] [${empty:+full}] [${empty+set}]"', '[is there] [] [] [set]'],
  ['for i in 1 2; do echo ${host}-$i; done', 'web-12-1\nweb-12-2'],
  ['n=${host##*-}; echo $((n + 100))', '112'],
  ['[ "${host##*-}" -eq 12 ] && echo yes', 'yes'],
  ['echo ${path}.bak', '/usr/share/www/index.tar.gz.bak'],
  ["echo '${host}'", '${host}'],
])('%s', (script, printed) => {
  const { stdout, stderr } = cluster.kubectl(['exec', 'box', '--', 'sh', '-c', SET + script]);
  expect([stdout, stderr]).toEqual([`${printed}\n`, '']);
  if (isDash) expect(spawnSync('dash', ['-c', SET + script]).stdout.toString()).toBe(`${printed}\n`);
});
