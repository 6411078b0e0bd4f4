/**
 * Which machines a pod is better spread to, as PodTopologySpread alone sees it.
 * Upstream's tables: TestPodTopologySpreadScore and TestPreScoreSkip of pkg/scheduler/framework/plugins/podtopologyspread/scoring_test.go (v1.36).
 */
import { expect, it } from 'vitest';
import type { KubeObject } from '../../../src/api/object.ts';
import { schedule } from '../../../src/cluster/scheduler/schedule-part.ts';
import { alone, pod } from './objects.ts';
import { machinesOf, podsOf, spread } from './spread-objects.ts';

const HOSTNAME = 'kubernetes.io/hostname';
const may = (key: string, label = 'foo', more?: object): object => spread('ScheduleAnyway', key, label, more);
const none = { labelSelector: undefined };
const every = { labelSelector: {} };
const ZONES = 'a/zone1 b/zone1 x/zone2 y/zone2';
const onFoo = { nodeSelector: { foo: '' } };
const terms = [{ matchExpressions: [{ key: 'foo', operator: 'In', values: [''] }] }];
const affinity = { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } } };
const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'default' }, spec: { selector: { foo: '' } } };
const replicaSet = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'rs1', namespace: 'default' },
  spec: { selector: { matchExpressions: [{ key: 'tar', operator: 'Exists' }] } },
};
const spreadBy = (topologyKey: string, maxSkew: number, whenUnsatisfiable = 'ScheduleAnyway'): object => ({
  topologyKey,
  maxSkew,
  whenUnsatisfiable,
});

interface Case {
  readonly of: readonly object[];
  readonly is?: string;
  readonly spec?: object;
  readonly owner?: string;
  readonly machines: string;
  readonly pods?: string;
  readonly objects?: readonly KubeObject[];
  readonly args?: object;
  /** Of each candidate; none when the plugin has nothing to say. */
  readonly scores: string;
}
const cases: Readonly<Record<string, Case>> = {
  'no pods yet': { of: [may(HOSTNAME)], machines: 'a b', scores: 'a 100 b 100' },
  'as many pods on each': { of: [may(HOSTNAME)], machines: 'a b', pods: 'a:foo b:foo', scores: 'a 100 b 100' },
  'machines 2/1/0/3': {
    of: [may(HOSTNAME)],
    machines: 'a b c d',
    pods: 'a:foo a:foo b:foo d:foo d:foo d:foo',
    scores: 'a 20 b 60 c 100 d 0',
  },
  'no selector selects nothing': {
    of: [may(HOSTNAME, 'foo', none)],
    machines: 'a b c d',
    pods: 'a:foo a:foo b:foo d:foo d:foo d:foo',
    scores: 'a 100 b 100 c 100 d 100',
  },
  'machines 2/1/0/3, maxSkew 2': {
    of: [may(HOSTNAME, 'foo', { maxSkew: 2 })],
    machines: 'a b c d',
    pods: 'a:foo a:foo b:foo d:foo d:foo d:foo',
    scores: 'a 33 b 66 c 100 d 16',
  },
  'machines 4/3/2/1, maxSkew 3': {
    of: [may(HOSTNAME, 'foo', { maxSkew: 3 })],
    machines: 'a b c d',
    pods: 'a:foo a:foo a:foo a:foo b:foo b:foo b:foo c:foo c:foo d:foo',
    scores: 'a 44 b 66 c 77 d 100',
  },
  'the same by default, of a Service': {
    of: [],
    objects: [service],
    machines: 'a b c d',
    pods: 'a:foo a:foo a:foo a:foo b:foo b:foo b:foo c:foo c:foo d:foo',
    scores: 'a 44 b 66 c 77 d 100',
  },
  'one machine is no candidate': {
    of: [may(HOSTNAME)],
    machines: 'a b x y#',
    pods: 'a:foo a:foo a:foo a:foo b:foo b:foo x:foo y:foo y:foo y:foo',
    scores: 'a 33 b 83 x 100',
  },
  'one machine lacks the label': {
    of: [may('rack')],
    machines: 'a+rack=a b x+rack=x y+rack=y#',
    pods: 'a:foo a:foo a:foo a:foo b:foo b:foo x:foo y:foo y:foo y:foo',
    scores: 'a 16 b 0 x 100',
  },
  'by zone, one machine is no candidate': {
    of: [may('zone')],
    machines: 'a/zone1 b/zone1 x/zone2 y/zone2#',
    pods: 'a:foo a:foo a:foo a:foo b:foo b:foo x:foo y:foo y:foo y:foo',
    scores: 'a 75 b 75 x 100',
  },
  'by zone and machine, two machines are no candidates': {
    of: [may('zone'), may(HOSTNAME)],
    machines: 'a/zone1 b/zone1# x/zone2 y/zone2#',
    pods: 'a:foo a:foo b:foo x:foo x:foo y:foo y:foo y:foo y:foo',
    scores: 'a 100 x 63',
  },
  'by zone twice, two machines are no candidates': {
    of: [may('zone'), may('zone', 'bar')],
    is: 'foo,bar',
    machines: 'a/zone1 b/zone1# x/zone2 y/zone2#',
    pods: 'a:foo,bar a:foo b:foo,bar y:foo y:foo,bar y:foo',
    scores: 'a 85 x 100',
  },
  'several selectors': {
    of: [may('zone'), may(HOSTNAME, 'bar')],
    is: 'foo,bar',
    machines: ZONES,
    pods: 'a:foo b:foo,bar y:foo y:bar',
    scores: 'a 60 b 20 x 100 y 60',
  },
  'several selectors, some find nothing': {
    of: [may('zone'), may(HOSTNAME, 'bar')],
    is: 'foo,bar',
    machines: ZONES,
    pods: 'b:bar x:foo y:foo,bar',
    scores: 'a 100 b 60 x 40 y 0',
  },
  'several selectors, one machine is no candidate': {
    of: [may('zone'), may(HOSTNAME, 'bar')],
    is: 'foo,bar',
    machines: 'a/zone1 b/zone1 x/zone2 y/zone2#',
    pods: 'a:foo b:foo,bar y:foo y:bar',
    scores: 'a 50 b 25 x 100',
  },
  'pods of other namespaces do not count': {
    of: [may(HOSTNAME)],
    machines: 'a b',
    pods: 'a:foo@ns1 a:foo b:foo b:foo',
    scores: 'a 100 b 33',
  },
  'pods on their way out do not count': { of: [may(HOSTNAME)], machines: 'a b', pods: 'a:foo! b:foo', scores: 'a 100 b 0' },
  'minDomains has no say': {
    of: [may('node', 'foo', { maxSkew: 2, minDomains: 10 })],
    machines: 'a b c',
    pods: 'a:foo a:foo b:foo b:foo c:foo',
    scores: 'a 75 b 75 c 100',
  },
  'nodeSelector honoured': {
    of: [may('node')],
    spec: onFoo,
    machines: 'a+foo b+foo c',
    pods: 'a:foo a:foo b:foo c:foo',
    scores: 'a 0 b 33 c 100',
  },
  'nodeSelector ignored': {
    of: [may('node', 'foo', { nodeAffinityPolicy: 'Ignore' })],
    spec: onFoo,
    machines: 'a+foo b+foo c',
    pods: 'a:foo a:foo b:foo c:foo',
    scores: 'a 66 b 100 c 100',
  },
  'affinity honoured': {
    of: [may('node')],
    spec: affinity,
    machines: 'a+foo b+foo c',
    pods: 'a:foo a:foo b:foo c:foo',
    scores: 'a 0 b 33 c 100',
  },
  'affinity ignored': {
    of: [may('node', 'foo', { nodeAffinityPolicy: 'Ignore' })],
    spec: affinity,
    machines: 'a+foo b+foo c',
    pods: 'a:foo a:foo b:foo c:foo',
    scores: 'a 66 b 100 c 100',
  },
  'taints honoured': {
    of: [may('node', 'foo', { nodeTaintsPolicy: 'Honor' })],
    machines: 'a b c!',
    pods: 'a:foo a:foo b:foo c:foo',
    scores: 'a 0 b 33 c 100',
  },
  'taints ignored': { of: [may('node')], machines: 'a b c!', pods: 'a:foo a:foo b:foo c:foo', scores: 'a 66 b 100 c 100' },
  'matchLabelKeys beside an empty selector': {
    of: [may('zone', '', { ...every, matchLabelKeys: ['foo'] }), may(HOSTNAME, '', { ...every, matchLabelKeys: ['bar'] })],
    is: 'foo,bar',
    machines: ZONES,
    pods: 'a:foo b:foo,bar x:foo x:bar',
    scores: 'a 60 b 20 x 60 y 100',
  },
  'matchLabelKeys beside a selector': {
    of: [may('zone'), may(HOSTNAME, 'bar', { matchLabelKeys: ['baz'] })],
    is: 'foo,bar,baz',
    machines: ZONES,
    pods: 'a:foo b:foo,bar,baz x:foo x:bar x:bar,baz',
    scores: 'a 60 b 20 x 60 y 100',
  },
  'nothing asked, nothing by default': { of: [], args: { defaultingType: 'List' }, machines: 'a b', scores: '' },
  'by default, of a ReplicaSet that is not there': {
    of: [],
    is: 'foo=bar',
    owner: 'rs2',
    objects: [replicaSet],
    args: { defaultingType: 'List', defaultConstraints: [spreadBy('zone', 2)] },
    machines: 'a/zone1 b/zone1',
    scores: '',
  },
};

it.each(Object.entries(cases))('%s', (_, { of, is = 'foo', spec, owner, machines, pods = '', objects = [], args, scores }) => {
  const [{ metadata }] = podsOf(`none:${is}`);
  const ownerReferences = owner ? [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner, controller: true }] : [];
  const { nodes } = schedule({
    pod: pod('p', [], { ...spec, topologySpreadConstraints: of }, { labels: metadata?.labels, ownerReferences }),
    nodes: machinesOf(machines),
    pods: podsOf(pods),
    objects,
    configuration: alone('PodTopologySpread', args),
  });
  const said = nodes.flatMap((n) => n.scores.filter((s) => s.plugin === 'PodTopologySpread').map((s) => `${n.name} ${s.normalized}`));
  expect(said.join(' ')).toBe(scores);
});
