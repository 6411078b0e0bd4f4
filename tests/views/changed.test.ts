/** The strip that says what changed: a beat shows what it has written itself, never what another wrote meanwhile. */
import { expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { SAMPLE } from '../../src/scenarios/sample.ts';
import { beatsOf, type Beat } from '../../src/story/beats.ts';
import { changedBy } from '../../src/story/changed.ts';
import { openBook } from '../../src/story/picture.ts';
import { momentAt } from '../../src/views/moment.ts';
import { played } from './played.ts';

function changesOf(manifest: string): readonly (readonly [Beat, string | undefined])[] {
  const { book, beats } = played(manifest);
  return beats.map((beat) => {
    const c = changedBy(book, beat, beat.to);
    return [beat, c && `${c.what} ${c.field}: ${c.before} → ${c.after}`] as const;
  });
}
const changes = changesOf(SAMPLE);
const of = (says: string) => changes.filter(([beat]) => beat.fact.says === says);

it('a binding shows nodeName, of the pod and with the machine that it tells of', () => {
  for (const [{ fact }, text] of of('scheduler/bound'))
    expect(text).toBe(`Pod ${String(fact.with?.pod)} spec.nodeName: — → ${String(fact.with?.machine)}`);
  expect(of('scheduler/bound').length).toBeGreaterThan(1);
});

it('a kubelet’s report and a controller’s write are their own', () => {
  const alone = changesOf(SAMPLE.split('---')[0]);
  expect(alone.filter(([beat]) => beat.fact.says === 'kubelet/container-started').map(([, text]) => text)).toEqual([
    expect.stringMatching(/^Pod web-\S+ status.phase: Pending → Running$/),
  ]);
  expect(of('endpointslice/synced').map(([, text]) => text?.replace(/web-\S+/, 'web'))).toEqual([
    'EndpointSlice web in etcd: — → created',
    'EndpointSlice web endpoints: 2 → 3',
    'EndpointSlice web ready endpoints: 2 → 3',
  ]);
});

it('who has written nothing shows nothing', () => {
  for (const says of [
    'kubectl/started',
    'deployment/new-replicaset',
    'replicaset/too-few',
    'scheduler/filtered',
    'scheduler/scored',
    'kubelet/saw-pod',
    'cni/address-leased',
    'kube-proxy/synced',
  ]) {
    expect(of(says).length, says).toBeGreaterThan(0);
    for (const [{ title }, text] of of(says)) expect(text, title).toBeUndefined();
  }
});

it('a machine that only says that it is as it was has not changed; one that falls silent has', () => {
  const cluster = openCluster();
  const from = [...cluster.trace()].length;
  cluster.kubectl(
    'apply -f -',
    `${SAMPLE}---\napiVersion: v1\nkind: Pod\nmetadata: {name: big}\nspec: {containers: [{name: c, image: nginx, resources: {requests: {cpu: "64"}}}]}\n`,
  );
  cluster.advance(700);
  cluster.fault({ do: 'kill', what: 'worker-3' });
  cluster.advance(60);
  const events = [...cluster.trace()];
  const after = beatsOf(events, from);
  const book = openBook(events);
  const changed = after.flatMap((b) => [...momentAt(book, after, b.to).changed]).filter((ref) => ref.startsWith('/registry/minions/'));
  expect(after.filter((b) => b.fact.says === 'scheduler/unschedulable').length).toBeGreaterThan(1);
  expect(new Set(changed)).toEqual(new Set(['/registry/minions/worker-3']));
});
