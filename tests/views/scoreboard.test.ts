/** What the scoreboard and the controller-manager's line count: what the API says, and that it may be old. */
import { expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';
import { SAMPLE } from '../../src/scenarios/sample.ts';
import { beatsOf } from '../../src/story/beats.ts';
import { openBook, pictureAt } from '../../src/story/picture.ts';
import { scoreOf } from '../../src/views/scoreboard.ts';
import { sceneAt } from './played.ts';

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: one}\nspec: {containers: [{name: c, image: "nginx:1.29"}]}\n';
const DAEMONS =
  'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: log}\nspec:\n  selector: {matchLabels: {app: log}}\n  template:\n    metadata: {labels: {app: log}}\n    spec: {containers: [{name: c, image: "nginx:1.29"}]}\n';

function applied(manifest: string): Cluster {
  const cluster = openCluster();
  cluster.kubectl('apply -f -', manifest);
  cluster.settle();
  return cluster;
}
function seen(cluster: Cluster) {
  const events = [...cluster.trace()];
  const book = openBook(events);
  const beats = beatsOf(events, 0);
  return { book, beats, end: events.length, score: scoreOf(pictureAt(book, events.length)) };
}
const managerLines = (cluster: Cluster): readonly (string | undefined)[] => {
  const { book, beats, end } = seen(cluster);
  return [...new Set([...beats.map((b) => b.to), end])].map(
    (row) => sceneAt({ book, beats }, row).components.find((c) => c.id === 'kube-controller-manager')?.lines[0],
  );
};

it('of a pod on a silent machine nobody knows: it is not said to run', () => {
  const cluster = applied(SAMPLE);
  cluster.fault({ do: 'kill', what: 'worker-3' });
  expect(seen(cluster).score).toMatchObject({ running: 3, unknown: 0, ready: 3 });
  cluster.advance(60);
  const { book, beats, end, score } = seen(cluster);
  expect(score).toEqual({ want: 3, created: 3, bound: 3, running: 2, unknown: 1, ready: 2 });
  const tokens = sceneAt({ book, beats }, end).machines.flatMap((m) => m.pods.map((p) => `${m.name} ${p.glyph} ${p.word} (${p.status})`));
  expect(tokens).toEqual(['worker-1 ● ready (Running)', 'worker-2 ● ready (Running)', 'worker-3 ? unknown (Running)']);
});

it('a DaemonSet wants as many as its controller has found machines, and never none while its pods come', () => {
  const cluster = applied(DAEMONS);
  const { book, beats, score } = seen(cluster);
  expect(score).toMatchObject({ want: 3, created: 3, running: 3 });
  for (const { to } of beats) {
    const { want, created } = scoreOf(pictureAt(book, to));
    expect(want).toBeGreaterThanOrEqual(created);
  }
});

it('the controller-manager counts the DaemonSet where there is no ReplicaSet', () => {
  const lines = managerLines(applied(DAEMONS));
  expect(lines.at(-1)).toBe('DaemonSet: 3 of 3');
  expect(lines).toContain('DaemonSet: 0 so far');
});

it('the controller-manager counts bare pods as nobody’s', () => {
  const lines = managerLines(applied(POD));
  expect(lines).toContain('no ReplicaSet to count');
  expect(lines.at(-1)).toBe('no set, 1 bare pod');
});
