/** A short soak: a few clusters under random commands and faults; then everything is healed, and everything must be as asked. `ORRERY_SOAK=200` runs more seeds. */
import { describe, expect, it } from 'vitest';
import { createRng } from './dice.ts';
import { openCluster, replay, type Cluster } from '../../src/engine/headless.ts';
import { always, atRest, look } from './checkers.ts';

const SEEDS = Number(process.env.ORRERY_SOAK ?? 6);
const deployment = (app: string, replicas: number, image: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${app}}\nspec:\n  replicas: ${replicas}\n  selector: {matchLabels: {app: ${app}}}\n  template:\n    metadata: {labels: {app: ${app}}}\n    spec:\n      terminationGracePeriodSeconds: 5\n      containers:\n      - name: c\n        image: ${image}\n        ports: [{containerPort: 80}]\n        readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 2}\n        resources: {requests: {cpu: 100m}}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: ${app}}\nspec:\n  selector: {app: ${app}}\n  ports: [{port: 80}]\n`;
const APPS = ['web', 'shop'];
const WORKERS = ['worker-1', 'worker-2', 'worker-3'];

type Die = ReturnType<typeof createRng>;
/** What may happen, each with how to make it good again. */
const deeds: readonly ((c: Cluster, die: Die, heal: (() => void)[]) => void)[] = [
  (c, die) => {
    c.kubectl('apply -f -', deployment(die.pick(APPS), 1 + die.below(5), `nginx:1.${25 + die.below(5)}`));
  },
  (c, die) => {
    c.kubectl(`scale deploy/${die.pick(APPS)} --replicas=${die.below(6)}`);
  },
  (c, die) => {
    const pod = die.pick(podsOf(c));
    if (pod) c.kubectl(`delete pod ${pod} --wait=false`);
  },
  (c, die) => {
    const pod = die.pick(podsOf(c));
    if (pod) unlessGone(() => c.fault({ do: 'kill', what: `default/${pod}/${die.pick(['c', 'pause'])}` }));
  },
  (c, die, heal) => {
    const what = die.pick(WORKERS);
    unlessGone(() => c.fault({ do: 'kill', what }));
    heal.push(() => c.fault({ do: 'start', what }));
  },
  (c, die, heal) => {
    const what = `${die.pick(WORKERS)}/${die.pick(['kubelet', 'containerd', 'kubelet'])}`;
    unlessGone(() => c.fault({ do: 'stop', what }));
    heal.push(() => unlessGone(() => c.fault({ do: 'start', what })));
  },
  (c, die, heal) => {
    const b = die.pick(WORKERS);
    c.fault({ do: 'partition', a: 'cp-1', b });
    heal.push(() => c.fault({ do: 'heal', a: 'cp-1', b }));
  },
  (c, die) => {
    unlessGone(() => c.fault({ do: 'kill', what: `cp-1/${die.pick(['kube-scheduler', 'kube-controller-manager', 'kube-apiserver'])}` }));
  },
  (c, die) => {
    c.kubectl(`rollout restart deploy/${die.pick(APPS)}`);
  },
];
/** What does not run cannot be killed, nor started where the machine is off, and says so. */
function unlessGone(deed: () => void): void {
  try {
    deed();
  } catch (error) {
    expect((error as Error).message).toMatch(/^nothing runs at | is off: start it first$/);
  }
}
const podsOf = (c: Cluster): readonly string[] =>
  c
    .kubectl('get pods -o name')
    .stdout.trim()
    .split('\n')
    .filter(Boolean)
    .map((n) => n.replace('pod/', ''));

function live(seed: number): Cluster {
  const die = createRng(seed);
  const cluster = openCluster({ seed });
  const heal: (() => void)[] = [];
  for (const app of APPS) cluster.kubectl('apply -f -', deployment(app, 2, 'nginx:1.27'));
  for (let i = 0; i < 8; i++) {
    die.pick(deeds)(cluster, die, heal);
    cluster.advance(die.below(8) === 0 ? 400 : die.below(30));
    if (die.below(3) === 0) heal.shift()?.();
    const seen = look(cluster);
    if (!seen) continue;
    for (const [claim, check] of Object.entries(always))
      expect(check(seen), `seed ${seed}, deed ${i}, t=${cluster.now}: ${claim}`).toEqual([]);
  }
  for (const mend of heal) mend();
  return cluster;
}

describe('soak', () => {
  it.each(Array.from({ length: SEEDS }, (_, i) => i + 1))('seed %i: comes to rest as asked', (seed) => {
    const cluster = live(seed);
    cluster.advance(600);
    cluster.settle();
    const seen = look(cluster);
    if (!seen) throw new Error('no answer from the apiserver');
    for (const [claim, check] of Object.entries(atRest)) expect(check(seen, cluster), `seed ${seed}: ${claim}`).toEqual([]);
    for (const [claim, check] of Object.entries(always)) expect(check(seen), `seed ${seed}: ${claim}`).toEqual([]);
    expect(replay(cluster.session()).digest()).toBe(cluster.digest());
  });
});
