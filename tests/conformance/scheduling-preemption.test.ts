/**
 * Upstream's own examination of preemption, carried over: kubernetes/test/e2e/scheduling/preemption.go (v1.36). There are no PriorityClasses of one's own:
 * low is no class, medium system-cluster-critical, high system-node-critical.
 */
import { describe, expect, it } from 'vitest';
import { alone, conditionOf, pause, type Any, type Pod } from './examiner.ts';

const [LOW, MEDIUM, HIGH] = [undefined, 'system-cluster-critical', 'system-node-critical'];
const FOO = 'scheduling.k8s.io/foo';

function cluster(resource: string, amount: string, workers = 2) {
  const e = alone({ workers });
  const nodes = Array.from({ length: workers }, (_x, i) => `worker-${i + 1}`);
  for (const node of nodes)
    e.patch('nodes', `${node}/status`, { status: { capacity: { [resource]: amount }, allocatable: { [resource]: amount } } });
  const spec = (priorityClassName: string | undefined, asked: string, more: object = {}) => ({
    terminationGracePeriodSeconds: 1,
    ...(priorityClassName ? { priorityClassName } : {}),
    containers: [pause({ resources: { requests: { [resource]: asked }, limits: { [resource]: asked } } })],
    ...more,
  });
  const on = (node: string) => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
        },
      },
    },
  });
  /** One pod a machine that uses two thirds of it; the first one is of low priority. */
  const fill = (metadata: object = {}): void => {
    nodes.forEach((node, i) => e.pod(`pod${i}`, spec(i === 0 ? LOW : MEDIUM, '2', on(node)), i === 0 ? metadata : {}));
    nodes.forEach((_node, i) => e.running(`pod${i}`));
  };
  const isPreempted = (name: string): boolean => e.isGone('pods', name) || e.podNamed(name).metadata.deletionTimestamp !== undefined;
  return { e, nodes, spec, fill, isPreempted };
}

describe('SchedulerPreemption', () => {
  it('validates basic preemption works', () => {
    const { e, spec, fill, isPreempted } = cluster(FOO, '3', 3);
    fill();
    e.pod('preemptor-pod', spec(HIGH, '2'));
    expect(e.running('preemptor-pod').spec.nodeName).toBe('worker-1');
    expect(['pod0', 'pod1', 'pod2'].map(isPreempted)).toEqual([true, false, false]);
  });

  it('validates lower priority pod preemption by critical pod', () => {
    const { e, spec, fill, isPreempted } = cluster(FOO, '3', 3);
    fill();
    const path = '/api/v1/namespaces/kube-system/pods';
    expect(e.ask('POST', path, { metadata: { name: 'critical-pod' }, spec: spec('system-cluster-critical', '2') }).status).toBe(201);
    e.until(() => e.ask<Pod>('GET', `${path}/critical-pod`).body.status.phase === 'Running');
    expect(['pod0', 'pod1', 'pod2'].map(isPreempted)).toEqual([true, false, false]);
  });

  it('validates pod disruption condition is added to the preempted pod', () => {
    const { e, spec, fill } = cluster(FOO, '3');
    fill({ finalizers: ['example.com/test-finalizer'] });
    e.pod('preemptor-pod', spec(HIGH, '2'));
    e.until(() => e.podNamed('pod0').metadata.deletionTimestamp !== undefined);
    expect(conditionOf(e.podNamed('pod0'), 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: 'default-scheduler: preempting to accommodate a higher priority pod',
    });
    e.patch('pods', 'pod0', { metadata: { finalizers: null } });
    e.running('preemptor-pod');
  });
});

describe('PodTopologySpread Preemption', () => {
  it('validates proper pods are preempted', () => {
    const { e, nodes, spec } = cluster('example.com/fakePTSRes', '10');
    const key = 'kubernetes.io/e2e-pts-preemption';
    const label = 'e2e-pts-preemption';
    for (const node of nodes) e.say(`label node ${node} ${key}=${node}`);
    const run = (name: string, priority: string | undefined, asked: string, more: object = {}): Pod => {
      e.pod(name, spec(priority, asked, more), { labels: { [label]: '' } });
      return e.running(name);
    };
    run('high', HIGH, '9');
    for (const i of [1, 2, 3]) run(`low-${i}`, LOW, '3');
    run('medium', MEDIUM, '3', {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: key,
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchExpressions: [{ key: label, operator: 'Exists' }] },
        },
      ],
    });
    e.cluster.advance(30);
    expect(
      e
        .list<Pod>('pods', label)
        .map((p) => p.metadata.name.split('-')[0])
        .sort((a, b) => (a < b ? -1 : 1)),
    ).toEqual(['high', 'low', 'medium']);
  });
});

describe('PreemptionExecutionPath', () => {
  it('runs ReplicaSets to verify preemption running path', () => {
    const { e, spec } = cluster('example.com/fakecpu', '1000', 1);
    const seen = e.watch(e.at('pods'));
    const [first, second, third] = [
      ['pod1', LOW, '200'],
      ['pod2', LOW, '300'],
      ['pod3', MEDIUM, '450'],
    ] as const;
    for (const [name, priority, asked] of [first, second, third]) {
      e.create('replicasets', {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: { name: `rs-${name}` },
        spec: {
          replicas: 1,
          selector: { matchLabels: { name } },
          template: { metadata: { labels: { name } }, spec: spec(priority, asked) },
        },
      });
      e.until(() => e.get('replicasets', `rs-${name}`).status.availableReplicas === 1);
    }
    e.pod('pod4', spec(HIGH, '500'));
    e.until(() => e.podNamed('pod4').spec.nodeName !== undefined);
    e.cluster.advance(60);
    seen.stop();
    const created = (prefix: string): number =>
      new Set(seen.events.filter((v) => v.type === 'ADDED' && v.object.metadata.name.startsWith(prefix)).map((v) => v.object.metadata.uid))
        .size;
    expect(['rs-pod1', 'rs-pod2', 'rs-pod3'].map(created), 'preempted once, and not again').toEqual([2, 2, 1]);
    expect(e.list<Any>('pods').filter((p) => p.status.nominatedNodeName !== undefined)).toEqual([]);
  });
});
