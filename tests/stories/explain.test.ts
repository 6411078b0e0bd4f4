import { expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { SAMPLE } from '../../src/scenarios/sample.ts';

it('explains each placement: the winner has the highest total, the control plane is tainted', () => {
  const cluster = openCluster();
  cluster.kubectl('apply -f -', SAMPLE);
  cluster.settle();
  const { items } = cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/pods' }).body as {
    items: { metadata: { name: string }; spec: { nodeName: string } }[];
  };
  for (const { metadata, spec } of items) {
    const decisions = cluster.explain(`default/${metadata.name}`);
    expect(decisions.length).toBe(1);
    const [decision] = decisions;
    expect(decision.chosen).toBe(spec.nodeName);
    const totals = new Map(decision.nodes.map((n) => [n.name, n.total]));
    expect(totals.get(spec.nodeName)).toBe(Math.max(...totals.values()));
    const control = decision.nodes.find((n) => n.name === 'cp-1');
    expect(control?.verdicts.at(-1)).toMatchObject({ plugin: 'TaintToleration', code: 'unresolvable' });
    for (const node of decision.nodes) expect(node.total).toBe(node.scores.reduce((sum, s) => sum + s.normalized * s.weight, 0));
  }
});

it('explains a pod that fits nowhere once for each attempt', () => {
  const cluster = openCluster();
  cluster.kubectl('apply -f -', SAMPLE.replace('cpu: 250m', 'cpu: "64"').replace('replicas: 3', 'replicas: 1'));
  cluster.settle();
  const { items } = cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/pods' }).body as {
    items: { metadata: { name: string } }[];
  };
  const [decision] = cluster.explain(`default/${items[0].metadata.name}`);
  expect(decision.chosen).toBeUndefined();
  expect(decision.fitError).toMatch(/^0\/4 nodes are available: 1 node\(s\) had untolerated taint.*, 3 Insufficient cpu\./);
});
