/** What a command that waits prints is told as it is printed, and not only when it ends. */
import { expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';

interface Chunk {
  readonly to: string;
  readonly text: string;
}
const DEPLOYMENT =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: "nginx:1.29"}]}}}\n';
const TALKS =
  "apiVersion: v1\nkind: Pod\nmetadata: {name: talks}\nspec: {restartPolicy: Never, containers: [{name: c, image: 'busybox:1.37', command: [sh, -c, 'for i in 1 2 3; do echo line $i; sleep 5; done']}]}\n";

/** What the last command has told while it went on, each with its virtual second, and what its end adds. */
function toldOf(cluster: Cluster): { readonly soon: readonly (readonly [at: number, text: string])[]; readonly rest: string | undefined } {
  const notes = [...cluster.trace()].flatMap((event) => (event.type === 'note' && event.fact.says.startsWith('kubectl/') ? [event] : []));
  const mine = notes.filter(({ by }) => by === notes.findLast(({ fact }) => fact.says === 'kubectl/started')?.by);
  const textOf = (note: (typeof mine)[number] | undefined): string | undefined =>
    (note?.fact.with?.printed as readonly Chunk[] | undefined)?.map(({ text }) => text).join('');
  return {
    soon: mine.filter(({ fact }) => fact.says === 'kubectl/printed').map((note) => [note.at / 1e6, textOf(note) ?? '']),
    rest: textOf(mine.find(({ fact }) => fact.says === 'kubectl/exited')),
  };
}

it.each([
  ['rollout status deploy/web', 2],
  ['wait pod --all --for=condition=Ready', 1],
  ['logs -f talks', 3],
  ['get pods -w --request-timeout=20s', 5],
  ['delete pod talks', 1],
  ['drain worker-1 worker-2 worker-3 --force --ignore-daemonsets', 2],
])('%s', (line, times) => {
  const cluster = openCluster();
  cluster.kubectl('apply -f -', `${DEPLOYMENT}---\n${TALKS}`);
  if (/talks|drain/.test(line)) cluster.kubectl('wait pod/talks --for=condition=Ready');
  const from = cluster.now;
  const { stdout, stderr } = cluster.kubectl(line);
  const { soon, rest } = toldOf(cluster);
  const texts = soon.filter(([, text]) => text !== '');
  expect(texts.length, JSON.stringify(soon)).toBeGreaterThanOrEqual(times);
  expect(texts.every(([at]) => at >= from && at < cluster.now)).toBe(true);
  const all = [...texts.map(([, text]) => text), rest].join('');
  expect([...all].sort().join(''), 'each word once').toBe([...(stdout + stderr)].sort().join(''));
});

it('a line that ends in & goes on beside what comes after it, whether or not it has something to print', () => {
  const cluster = openCluster();
  const from = cluster.now;
  expect(cluster.kubectl('get pods -w &')).toEqual({ stdout: '', stderr: '', exitCode: 0 });
  expect(cluster.now - from, 'nobody waits for a pod').toBeLessThan(1);
  cluster.kubectl('run one --image=nginx:1.29');
  cluster.settle();
  const lines = [...cluster.trace()].flatMap((event) =>
    event.type === 'note' && event.fact.says === 'kubectl/printed' ? (event.fact.with?.printed as readonly Chunk[]) : [],
  );
  const words = lines.flatMap(({ text }) => text.trim().split('\n')).map((text) => text.split(/ {2,}/)[2]);
  expect(words.filter((word, i) => word !== words[i - 1])).toEqual(['STATUS', 'Pending', 'ContainerCreating', 'Running']);
});
