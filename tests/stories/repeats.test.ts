/** A pod that asks the same again and again: told once, counted after that, and told again where it ends otherwise or where the user asks. */
import { beforeEach, describe, expect, it } from 'vitest';
import { openCluster, type Cluster } from '../../src/engine/headless.ts';
import { SAMPLE } from '../../src/scenarios/sample.ts';
import { beatsOf, timesAt, type Beat } from '../../src/story/beats.ts';

const CALLER =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: caller}\nspec: {containers: [{name: c, image: "busybox:1.37", command: [sh, -c, "while true; do wget -q -O- http://web; sleep 2; done"]}]}\n';
const SENT = 'packet/sent';

describe('a loop of requests', () => {
  let cluster: Cluster;
  let from: number;
  const events = () => [...cluster.trace()];
  const beats = (): readonly Beat[] => beatsOf(events(), from);
  const network = (): readonly Beat[] => beats().filter((b) => /^(packet|coredns)\//.test(b.fact.says));
  beforeEach(() => {
    cluster = openCluster({ seed: 7 });
    cluster.kubectl('apply -f -', SAMPLE);
    cluster.settle();
    from = events().length;
    cluster.kubectl('apply -f -', CALLER);
    cluster.settle();
  });

  it('is told once, from the question for the name to the answer; the others are counted', () => {
    const once = network().map((b) => b.fact.says);
    expect(once[0]).toBe('coredns/answered');
    expect(once.at(-1)).toBe('packet/answered');
    cluster.advance(21);
    expect(network().map((b) => b.fact.says)).toEqual(once);
    const [sent] = network().filter((b) => b.fact.says === SENT);
    expect(timesAt(sent, sent.to)).toBe('\u00a0(1\u00a0of\u00a011)');
    expect(timesAt(sent, events().length)).toBe('\u00a0×11');
    expect(sent.why).toContain('told again only when it ends otherwise');
  });

  it('is told again, in what is new of it, when nobody answers any more, and when somebody does again', () => {
    const end = (): readonly string[] => {
      const before = network().length;
      cluster.advance(20);
      return network()
        .slice(before)
        .map((b) => b.fact.says);
    };
    cluster.kubectl('scale deployment web --replicas=0');
    expect(end()).toEqual(['packet/rejected', 'packet/answered']);
    expect(network().at(-1)?.title).toBe('default/caller is told: connection refused.');
    cluster.kubectl('scale deployment web --replicas=1');
    expect(end()).toEqual(['packet/answered']);
    expect(network().at(-1)?.title).toMatch(/^default\/caller has its answer/);
  });

  it('does not keep what the user asks for from being told, however often', () => {
    const asked = (): number => {
      const before = network().filter((b) => b.fact.says === SENT).length;
      cluster.kubectl('exec caller -- wget -q -O- http://web');
      return network().filter((b) => b.fact.says === SENT).length - before;
    };
    expect([asked(), asked()]).toEqual([1, 1]);
    const before = network().length;
    cluster.connect({ from: 'default/caller', to: 'http://web' });
    cluster.connect({ from: 'default/caller', to: 'http://web' });
    expect(
      network()
        .slice(before)
        .filter((b) => b.fact.says === SENT),
    ).toHaveLength(2);
  });
});

it('an init container that waits for a name asks in one beat for each, however long it waits', () => {
  const cluster = openCluster();
  cluster.settle();
  const from = [...cluster.trace()].length;
  cluster.kubectl(
    'apply -f -',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: late}\nspec: {initContainers: [{name: wait, image: "busybox:1.37", command: [sh, -c, "until nslookup db; do sleep 2; done"]}], containers: [{name: c, image: "nginx:1.29"}]}\n',
  );
  cluster.advance(40);
  const asked = beatsOf([...cluster.trace()], from).filter((b) => b.fact.says === 'coredns/answered');
  expect(asked.length).toBeGreaterThan(0);
  expect(new Set(asked.map((b) => b.title)).size).toBe(asked.length);
  expect(asked[0].done.length).toBeGreaterThan(5);
});
