/** Why?: sentences first, from what is asked about up to the command, with every message between two of them counted. */
import { expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { SAMPLE } from '../../src/scenarios/sample.ts';
import { sentences } from '../../src/story/beats.ts';
import { indexCauses, reasonsOf, whyChain } from '../../src/story/causes.ts';
import { isTravel } from '../../src/story/hop-words.ts';
import { wordsOf } from '../../src/story/sentence.ts';

it.each([0, 1, 2])('a running container is explained up to the command, in sentences (pod %i)', (which) => {
  const cluster = openCluster();
  const from = [...cluster.trace()].length;
  cluster.kubectl('apply -f -', SAMPLE);
  cluster.settle();
  const events = [...cluster.trace()];
  const asked = events
    .slice(from)
    .filter((e) => e.type === 'note')
    .filter((e) => e.fact.says === 'kubelet/container-started')[which];
  const { id } = asked;
  const reasons = reasonsOf(events, id, (e) =>
    e.type === 'note' ? sentences.get(e.fact.says)?.title(wordsOf(e.fact), e.fact) : undefined,
  );
  const says = reasons.map(({ event }) => (event.type === 'note' ? event.fact.says : event.type));
  expect(reasons[0].event).toBe(asked);
  const order = [
    'containerd/image-pulled',
    'containerd/pause-started',
    'cni/address-leased',
    'kubelet/saw-pod',
    'scheduler/scored',
    'replicaset/too-few',
    'deployment/new-replicaset',
    'kubectl/started',
  ];
  expect(says.filter((s) => order.includes(s))).toEqual(order);
  expect(says.at(-1), 'it ends at the start of kubectl').toBe('hop');
  const messages = reasons.reduce((sum, r) => sum + r.hops.length, 0);
  expect(messages).toBe(whyChain(events, indexCauses(events), id).filter(isTravel).length);
  expect(messages).toBeGreaterThan(25);
  expect(new Set(reasons.map((r) => r.text)).size).toBe(reasons.length);
  reasons.forEach((r, i) => {
    if (i > 0) expect(r.event.at).toBeLessThanOrEqual(reasons[i - 1].event.at);
  });
  const pod = String(asked.fact.with?.pod);
  for (const { text } of reasons.slice(0, 6)) expect(text).not.toMatch(new RegExp(`web-\\w+-(?!${pod.split('-').at(-1)})\\w{5}\\b`));
});
