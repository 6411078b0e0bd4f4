/** Upstream's own examination of the scheduler, carried over: kubernetes/test/e2e/scheduling (v1.36). The titles name file and test. */
import { beforeAll, describe, expect, it } from 'vitest';
import { alone, conditionOf, pause, type Examiner, type Pod } from './examiner.ts';

const HOSTNAME = 'kubernetes.io/hostname';
const KEY = 'kubernetes.io/e2e-label';

function scheduling(workers = 2) {
  const e: Examiner = alone({ workers });
  const pod = (name: string, spec: object = {}, metadata: object = {}): void => {
    e.pod(name, { containers: [pause()], terminationGracePeriodSeconds: 0, ...spec }, metadata);
  };
  /** The machine that it runs on. */
  const placed = (name: string): string => e.running(name).spec.nodeName;
  const waits = (name: string, why: RegExp): void => {
    e.until(() => conditionOf(e.podNamed(name), 'PodScheduled')?.status === 'False', 30);
    expect(conditionOf(e.podNamed(name), 'PodScheduled')).toMatchObject({ reason: 'Unschedulable', message: expect.stringMatching(why) });
    e.until(
      () =>
        e.cluster
          .kubectl(`get events --field-selector involvedObject.name=${name},reason=FailedScheduling`)
          .stdout.includes('FailedScheduling'),
      10,
    );
  };
  const labelled = (node: string, key: string, value: string): void => {
    e.say(`label node ${node} ${key}=${value} --overwrite`);
  };
  const requests = (amounts: object, more: object = {}): object => ({ containers: [pause({ resources: { requests: amounts, ...more } })] });
  return { e, pod, placed, waits, labelled, requests };
}
type Scheduling = ReturnType<typeof scheduling>;
const inHosts = (...values: readonly string[]) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: HOSTNAME, operator: 'In', values }] }],
    },
  },
});

describe('scheduling/predicates.go', () => {
  let s: Scheduling;
  beforeAll(() => {
    s = scheduling();
  });

  it('validates resource limits of pods that are allowed to run', () => {
    for (const node of ['worker-1', 'worker-2']) s.pod(`filler-${node}`, { ...s.requests({ cpu: '3500m' }), affinity: inHosts(node) });
    for (const node of ['worker-1', 'worker-2']) s.placed(`filler-${node}`);
    s.pod('additional-pod', s.requests({ cpu: '3' }));
    s.waits('additional-pod', /^0\/3 nodes are available: .*2 Insufficient cpu/);
    for (const name of ['filler-worker-1', 'filler-worker-2', 'additional-pod']) s.e.remove('pods', name);
    s.e.cluster.advance(3);
  });

  it('validates local ephemeral storage resource limits of pods that are allowed to run, and an extended resource that nobody has', () => {
    s.pod('storage', s.requests({ 'ephemeral-storage': '1000Ti' }));
    s.waits('storage', /2 Insufficient ephemeral-storage/);
    s.pod('extended', s.requests({ 'example.com/beardsecond': '1' }, { limits: { 'example.com/beardsecond': '1' } }));
    s.waits('extended', /Insufficient example\.com\/beardsecond/);
  });

  it('verify pod overhead is accounted for: an extended resource of a machine runs out', () => {
    s.e.patch('nodes', 'worker-1/status', {
      status: { capacity: { 'example.com/fakecpu': '1000' }, allocatable: { 'example.com/fakecpu': '1000' } },
    });
    const amount = (n: number) => s.requests({ 'example.com/fakecpu': String(n) }, { limits: { 'example.com/fakecpu': String(n) } });
    s.pod('fake-1', amount(700));
    expect(s.placed('fake-1')).toBe('worker-1');
    s.pod('fake-2', amount(400));
    s.waits('fake-2', /Insufficient example\.com\/fakecpu/);
  });

  it('validates that NodeSelector is respected if not matching', () => {
    s.pod('restricted-pod', { nodeSelector: { label: 'nonempty' } });
    s.waits('restricted-pod', /didn't match Pod's node affinity\/selector/);
    s.labelled('worker-2', 'label', 'nonempty');
    expect(s.placed('restricted-pod')).toBe('worker-2');
    s.e.say('label node worker-2 label-');
  });

  it('validates that NodeSelector is respected if matching', () => {
    s.labelled('worker-2', KEY, '42');
    s.pod('with-labels', { nodeSelector: { [HOSTNAME]: 'worker-2', [KEY]: '42' } });
    expect(s.placed('with-labels')).toBe('worker-2');
  });

  it('validates that NodeAffinity is respected if not matching', () => {
    const term = (operator: string, values: readonly string[]) => ({ matchExpressions: [{ key: 'foo', operator, values }] });
    s.pod('restricted-affinity', {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              term('In', ['bar', 'value2']),
              { matchExpressions: [{ key: 'diffkey', operator: 'In', values: ['wrong', 'value2'] }] },
            ],
          },
        },
      },
    });
    s.waits('restricted-affinity', /didn't match Pod's node affinity\/selector/);
  });

  it('validates that required NodeAffinity setting is respected if matching', () => {
    s.pod('with-affinity', {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: KEY, operator: 'In', values: ['42'] }] }],
          },
        },
      },
    });
    expect(s.placed('with-affinity')).toBe('worker-2');
  });

  it('validates that taints-tolerations is respected if matching, and if not matching', () => {
    s.labelled('worker-1', 'kubernetes.io/e2e-label-key', 'here');
    s.e.say('taint nodes worker-1 kubernetes.io/e2e-taint-key=testing-taint-value:NoSchedule');
    s.pod('tolerates', {
      tolerations: [{ key: 'kubernetes.io/e2e-taint-key', value: 'testing-taint-value', effect: 'NoSchedule' }],
      nodeSelector: { 'kubernetes.io/e2e-label-key': 'here' },
    });
    expect(s.placed('tolerates')).toBe('worker-1');
    s.pod('no-tolerations', { nodeSelector: { 'kubernetes.io/e2e-label-key': 'here' } });
    s.waits('no-tolerations', /had untolerated taint/);
    s.e.say('taint nodes worker-1 kubernetes.io/e2e-taint-key=testing-taint-value:NoSchedule-');
    expect(s.placed('no-tolerations')).toBe('worker-1');
  });

  it('validates that there is no conflict between pods with same hostPort but different hostIP and protocol', () => {
    const pod = (name: string, hostIP: string, protocol: string): void => {
      s.pod(name, {
        nodeSelector: { [KEY]: '42' },
        containers: [pause({ ports: [{ hostPort: 54321, containerPort: 8080, protocol, hostIP }] })],
      });
    };
    pod('port-1', '127.0.0.1', 'TCP');
    pod('port-2', '192.168.0.12', 'TCP');
    pod('port-3', '192.168.0.12', 'UDP');
    expect(['port-1', 'port-2', 'port-3'].map(s.placed)).toEqual(['worker-2', 'worker-2', 'worker-2']);
  });

  it('validates that there exists conflict between pods with same hostPort and protocol but one using 0.0.0.0 hostIP', () => {
    const pod = (name: string, hostIP?: string): void => {
      s.pod(name, {
        nodeSelector: { [KEY]: '42' },
        containers: [pause({ ports: [{ hostPort: 54322, containerPort: 8080, protocol: 'TCP', ...(hostIP ? { hostIP } : {}) }] })],
      });
    };
    pod('port-4');
    s.placed('port-4');
    pod('port-5', '127.0.0.1');
    s.waits('port-5', /didn't have free ports for the requested pod ports/);
  });

  it('validates that InterPodAffinity and InterPodAntiAffinity are respected', () => {
    const term = (key: string) => [{ labelSelector: { matchLabels: { security: 'S1' } }, topologyKey: key }];
    s.pod('s1', { affinity: inHosts('worker-1') }, { labels: { security: 'S1' } });
    s.placed('s1');
    s.pod('with', { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: term(HOSTNAME) } } });
    s.pod('without', { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: term(HOSTNAME) } } });
    expect([s.placed('with'), s.placed('without')]).toEqual(['worker-1', 'worker-2']);
    s.pod('nowhere', {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { security: 'S9' } }, topologyKey: HOSTNAME }],
        },
      },
    });
    s.waits('nowhere', /didn't match pod affinity rules/);
  });

  it('validates Pods with non-empty schedulingGates are blocked on scheduling', () => {
    const gates = [{ name: 'foo' }, { name: 'bar' }];
    for (const i of [1, 2, 3]) s.pod(`gated-${i}`, { schedulingGates: gates }, { labels: { gated: 'yes' } });
    s.e.cluster.advance(5);
    const pods = () => s.e.list<Pod>('pods', 'gated=yes');
    expect(pods().map((p) => conditionOf(p, 'PodScheduled')?.reason)).toEqual(['SchedulingGated', 'SchedulingGated', 'SchedulingGated']);
    const strip = (name: string, left: readonly object[]): number =>
      s.e.ask('PUT', s.e.at('pods', name), { ...s.e.podNamed(name), spec: { ...s.e.podNamed(name).spec, schedulingGates: left } }).status;
    expect(strip('gated-1', gates.slice(1))).toBe(200);
    s.e.cluster.advance(3);
    expect(pods().filter((p) => p.spec.nodeName).length).toBe(0);
    for (const i of [1, 2, 3]) expect(strip(`gated-${i}`, [])).toBe(200);
    for (const i of [1, 2, 3]) s.placed(`gated-${i}`);
  });
});

describe('scheduling/predicates.go: PodTopologySpread Filtering', () => {
  it('validates 4 pods with MaxSkew=1 are evenly distributed into 2 nodes', () => {
    const s = scheduling(3);
    for (const node of ['worker-1', 'worker-2']) s.labelled(node, 'kubernetes.io/e2e-pts-filter', node);
    const spread = [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/e2e-pts-filter',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchExpressions: [{ key: 'e2e-pts-filter', operator: 'Exists' }] },
      },
    ];
    for (const i of [1, 2, 3, 4])
      s.pod(
        `rs-${i}`,
        { topologySpreadConstraints: spread, affinity: inHosts('worker-1', 'worker-2') },
        { labels: { 'e2e-pts-filter': '' } },
      );
    expect([1, 2, 3, 4].map((i) => s.placed(`rs-${i}`)).sort((a, b) => (a < b ? -1 : 1))).toEqual([
      'worker-1',
      'worker-1',
      'worker-2',
      'worker-2',
    ]);
  });
});

describe('scheduling/priorities.go', () => {
  it("Pod should be scheduled to node that don't match the PodAntiAffinity terms", () => {
    const s = scheduling();
    s.pod('pod-with-label-security-s1', { affinity: inHosts('worker-1') }, { labels: { security: 'S1' } });
    s.placed('pod-with-label-security-s1');
    s.pod('pod-with-pod-antiaffinity', {
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 100,
              podAffinityTerm: {
                labelSelector: {
                  matchExpressions: [
                    { key: 'security', operator: 'In', values: ['S1', 'value2'] },
                    { key: 'security', operator: 'NotIn', values: ['S2'] },
                    { key: 'security', operator: 'Exists' },
                  ],
                },
                topologyKey: HOSTNAME,
                namespaces: ['default'],
              },
            },
          ],
        },
      },
    });
    expect(s.placed('pod-with-pod-antiaffinity')).toBe('worker-2');
  });

  it('Pod should be preferably scheduled to nodes pod can tolerate', () => {
    const s = scheduling();
    const taints = (node: string) =>
      Array.from({ length: 5 }, (_x, i) => ({
        key: `kubernetes.io/e2e-scheduling-priorities-${node}-${i}`,
        value: `testing-taint-value-${i}`,
        effect: 'PreferNoSchedule',
      }));
    for (const node of ['worker-1', 'worker-2'])
      for (const t of taints(node)) s.e.say(`taint nodes ${node} ${t.key}=${t.value}:${t.effect}`);
    s.pod('with-tolerations', { tolerations: taints('worker-2') });
    expect(s.placed('with-tolerations')).toBe('worker-2');
  });

  it('PodTopologySpread Scoring: validates pod should be preferably scheduled to node which makes the matching pods more evenly distributed', () => {
    const s = scheduling();
    for (const node of ['worker-1', 'worker-2']) s.labelled(node, 'kubernetes.io/e2e-pts-score', node);
    for (const i of [1, 2, 3, 4]) {
      s.pod(`rs-${i}`, { affinity: inHosts('worker-1') }, { labels: { 'e2e-pts-score': '' } });
      s.placed(`rs-${i}`);
    }
    s.pod(
      'test-pod',
      {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'kubernetes.io/e2e-pts-score',
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchExpressions: [{ key: 'e2e-pts-score', operator: 'Exists' }] },
          },
        ],
      },
      { labels: { 'e2e-pts-score': '' } },
    );
    expect(s.placed('test-pod')).toBe('worker-2');
  });
});
