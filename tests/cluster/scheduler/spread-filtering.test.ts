/**
 * Which machines a pod that must be spread may go to, as PodTopologySpread alone sees it.
 * Upstream's tables: TestSingleConstraint, TestMultipleConstraints and TestPreFilterState of pkg/scheduler/framework/plugins/podtopologyspread/filtering_test.go (v1.36).
 */
import { describe, expect, it } from 'vitest';
import { schedule } from '../../../src/cluster/scheduler/schedule-part.ts';
import { machinesOf, must, podsOf, spread } from './spread-objects.ts';
import { alone, pod } from './objects.ts';

/** Of each machine its name when it is fit, and 'name?' when it never will be. */
function fit(request: Parameters<typeof schedule>[0], args?: object): string {
  const { nodes } = schedule({ ...request, configuration: alone('PodTopologySpread', args) });
  const words = nodes.flatMap(({ name, verdicts }) => {
    const refused = verdicts.find(({ code }) => code !== 'fits');
    return !refused ? [name] : refused.code === 'unresolvable' ? [`${name}?`] : [];
  });
  return words.join(' ');
}

const ZONES = 'a/zone1 b/zone1 x/zone2 y/zone2';
const ON_FOO = 'a+foo b+foo x+foo y';
const byZone = must('zone', 'foo');
const byNode = must('node', 'foo');
const onFoo = { nodeSelector: { foo: '' } };
const nodeAffinity = (key: string, operator: string, values: readonly string[]): object => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator, values }] }] },
    },
  },
});
const ignoring = { nodeAffinityPolicy: 'Ignore' };
const honouring = { nodeTaintsPolicy: 'Honor' };

interface Case {
  readonly of: readonly object[];
  readonly is?: string;
  readonly spec?: object;
  readonly machines: string;
  readonly pods?: string;
  /** What a Service selects by. */
  readonly service?: string;
  /** The configuration's constraints for pods without their own. */
  readonly listed?: readonly object[];
  readonly fit: string;
}

const one: Readonly<Record<string, Case>> = {
  'no pods yet': { of: [byZone], machines: ZONES, fit: 'a b x y' },
  'no pods yet, and the pod does not match itself': { of: [must('zone', 'bar')], machines: ZONES, fit: 'a b x y' },
  'pods of other namespaces do not count': { of: [byZone], machines: ZONES, pods: 'a:foo@ns1 a:foo@ns2 x:foo y:foo', fit: 'a b' },
  'no selector selects nothing': { of: [{ ...byZone, labelSelector: undefined }], machines: ZONES, pods: 'x:foo y:foo', fit: 'a b x y' },
  'zones 3/3': { of: [byZone], machines: ZONES, pods: 'a:foo a:foo b:foo y:foo y:foo y:foo', fit: 'a b x y' },
  'a machine without the label': { of: [byZone], machines: 'a/zone1 b x/zone2 y/zone2', pods: 'a:foo b:foo x:foo y:foo', fit: 'a b?' },
  'no machine has the label': { of: [must('rack', 'foo')], machines: 'a/zone1 x/zone2', fit: 'a? x?' },
  'machines 2/1/0/3': { of: [byNode], machines: ZONES, pods: 'a:foo a:foo b:foo y:foo y:foo y:foo', fit: 'x' },
  'machines 2/1/0/3, maxSkew 2': {
    of: [must('node', 'foo', { maxSkew: 2 })],
    machines: ZONES,
    pods: 'a:foo a:foo b:foo y:foo y:foo y:foo',
    fit: 'b x',
  },
  'machines 2/1/0/3, and the pod does not match itself': {
    of: [byNode],
    is: 'bar',
    machines: ZONES,
    pods: 'a:foo a:foo b:foo y:foo y:foo y:foo',
    fit: 'b x',
  },
  'machines that the affinity leaves out do not count, 2/-/-/3': {
    of: [byNode],
    spec: nodeAffinity('node', 'In', ['a', 'y']),
    machines: ZONES,
    pods: 'a:foo a:foo b:foo y:foo y:foo y:foo',
    fit: 'a b x',
  },
  'pods on their way out do not count': { of: [byNode], machines: 'a b', pods: 'a:foo! b:foo', fit: 'a' },
  'machines that the affinity leaves out do not count, 0/-/0/1': {
    of: [byZone],
    spec: nodeAffinity('node', 'NotIn', ['b']),
    machines: ZONES,
    pods: 'b:foo b:foo y:foo',
    fit: 'a b',
  },
  'fewer machines than minDomains': {
    of: [must('node', 'foo', { maxSkew: 2, minDomains: 4 })],
    machines: 'a b c',
    pods: 'a:foo a:foo b:foo b:foo c:foo',
    fit: 'c',
  },
  'more machines than minDomains': {
    of: [must('node', 'foo', { maxSkew: 2, minDomains: 2 })],
    machines: 'a b c',
    pods: 'a:foo a:foo b:foo b:foo c:foo',
    fit: 'a b c',
  },
  'fewer zones than minDomains': {
    of: [must('zone', 'foo', { maxSkew: 2, minDomains: 3 })],
    machines: ZONES,
    pods: 'a:foo b:foo y:foo',
    fit: 'x y',
  },
  'more zones than minDomains': {
    of: [must('zone', 'foo', { maxSkew: 2, minDomains: 1 })],
    machines: ZONES,
    pods: 'a:foo b:foo y:foo',
    fit: 'a b x y',
  },
  'nodeSelector honoured': { of: [byNode], spec: onFoo, machines: ON_FOO, pods: 'a:foo b:foo y:foo', fit: 'x y' },
  'nodeSelector ignored': { of: [{ ...byNode, ...ignoring }], spec: onFoo, machines: ON_FOO, pods: 'a:foo b:foo y:foo', fit: 'x' },
  'affinity honoured': { of: [byNode], spec: nodeAffinity('foo', 'In', ['']), machines: ON_FOO, pods: 'a:foo b:foo y:foo', fit: 'x y' },
  'affinity ignored': {
    of: [{ ...byNode, ...ignoring }],
    spec: nodeAffinity('foo', 'In', ['']),
    machines: ON_FOO,
    pods: 'a:foo b:foo y:foo',
    fit: 'x',
  },
  'taints honoured': { of: [{ ...byNode, ...honouring }], machines: 'a b x y!', pods: 'a:foo b:foo y:foo', fit: 'x y' },
  'taints honoured, and tolerated': {
    of: [{ ...byNode, ...honouring }],
    spec: { tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' }] },
    machines: 'a b x y!',
    pods: 'a:foo b:foo x:foo',
    fit: 'y',
  },
  'taints ignored': { of: [byNode], machines: 'a b x y!', pods: 'a:foo b:foo y:foo', fit: 'x' },
  'what is soft refuses nobody': { of: [spread('ScheduleAnyway', 'node', 'foo')], machines: ZONES, pods: 'a:foo a:foo', fit: 'a b x y' },
  'matchLabelKeys beside a selector': {
    of: [{ ...byZone, matchLabelKeys: ['bar'] }],
    is: 'foo,bar=a',
    machines: ZONES,
    pods: 'a:foo a:foo,bar=a b:foo y:foo,bar=a y:bar',
    fit: 'a b x y',
  },
  'matchLabelKeys beside an empty selector': {
    of: [{ ...byZone, labelSelector: {}, matchLabelKeys: ['foo'] }],
    is: 'foo=a',
    machines: ZONES,
    pods: 'a:foo=a a:foo=a b:foo=a y:foo=a y:foo=a',
    fit: 'x y',
  },
  'matchLabelKeys without a selector': {
    of: [{ ...byZone, labelSelector: undefined, matchLabelKeys: ['bar'] }],
    machines: ZONES,
    pods: 'a:foo=a a:foo=a b:foo=a y:foo=a y:foo=a',
    fit: 'a b x y',
  },
  'matchLabelKeys that the pod lacks': {
    of: [{ ...byZone, matchLabelKeys: ['bar'] }],
    machines: ZONES,
    pods: 'a:foo=a a:foo=a b:foo=a y:foo=a y:foo=a',
    fit: 'x y',
  },
};

const byNodeBar = must('node', 'bar');
const several: Readonly<Record<string, Case>> = {
  'zones 3/3, machines 2/1/0/3': { of: [byZone, byNode], machines: ZONES, pods: 'a:foo a:foo b:foo y:foo y:foo y:foo', fit: 'x' },
  'zones 3/4, machines 2/1/0/4': { of: [byZone, byNode], machines: ZONES, pods: 'a:foo a:foo b:foo y:foo y:foo y:foo y:foo', fit: '' },
  'several selectors, 1/0 and 1/0/0/1': { of: [byZone, byNodeBar], is: 'foo,bar', machines: ZONES, pods: 'a:foo y:bar', fit: 'x' },
  'several selectors, 1/0 and 0/0/1/1': { of: [byZone, byNodeBar], is: 'foo,bar', machines: ZONES, pods: 'a:foo x:bar y:bar', fit: '' },
  'several selectors, 2/3 and 1/0/0/1': {
    of: [byZone, byNodeBar],
    is: 'foo,bar',
    machines: ZONES,
    pods: 'a:foo a:foo,bar y:foo y:foo,bar y:foo',
    fit: 'b',
  },
  'several selectors, one of which is not of the pod': {
    of: [byZone, byNodeBar],
    is: 'bar',
    machines: ZONES,
    pods: 'a:foo x:bar y:bar',
    fit: 'a b',
  },
  'a machine lacks one of the labels': {
    of: [byZone, must('rack', 'foo')],
    machines: 'a/zone1+rack=a b/zone1+rack=b x/zone2 y/zone2+rack=y',
    pods: 'a:foo y:foo',
    fit: 'b x?',
  },
  'zone honour/ignore, machine ignore/ignore': {
    of: [byZone, { ...byNode, ...ignoring }],
    spec: onFoo,
    machines: 'a/zone1+foo b/zone1+foo x/zone2+foo y/zone2',
    pods: 'a:foo b:foo y:foo',
    fit: 'x',
  },
  'zone honour/honour, machine honour/ignore': {
    of: [{ ...byZone, ...honouring }, byNode],
    machines: 'a/zone1+foo b/zone1+foo x/zone2+foo y/zone2!',
    pods: 'a:foo b:foo y:foo',
    fit: 'x',
  },
  'zone honour/ignore, machine honour/ignore': {
    of: [byZone, byNode],
    spec: onFoo,
    machines: 'a/zone1+foo b/zone1 x/zone2+foo y/zone2+foo!',
    pods: 'a:foo b:foo y:foo',
    fit: 'b x',
  },
  'zone honour/honour, machine ignore/ignore': {
    of: [
      { ...byZone, ...honouring },
      { ...byNode, ...ignoring },
    ],
    spec: onFoo,
    machines: 'a/zone1+foo b/zone1 x/zone2+foo y/zone2+foo!',
    pods: 'a:foo b:foo y:foo',
    fit: 'x',
  },
  'zone ignore/ignore, machine honour/honour': {
    of: [
      { ...byZone, ...ignoring },
      { ...byNode, ...honouring },
    ],
    spec: onFoo,
    machines: 'a/zone1 b/zone1+foo! x/zone2+foo y/zone2+foo',
    pods: 'a:foo a:foo x:foo x:foo y:foo',
    fit: 'a b',
  },
  'zones 2/1 and 3/3': {
    of: [must('zone', 'bar'), byZone],
    is: 'foo,bar',
    machines: ZONES,
    pods: 'a:foo,bar a:foo b:foo,bar y:foo y:foo,bar y:foo',
    fit: 'x y',
  },
  'zones 2/1 and 3/4': {
    of: [must('zone', 'bar'), byZone],
    is: 'foo,bar',
    machines: ZONES,
    pods: 'a:foo,bar a:foo b:foo,bar y:foo y:foo,bar y:foo y:foo',
    fit: '',
  },
};

const byDefault = (topologyKey: string, maxSkew: number, whenUnsatisfiable = 'DoNotSchedule'): object => ({
  topologyKey,
  maxSkew,
  whenUnsatisfiable,
});
const listed = [byDefault('node', 3), byDefault('node', 2, 'ScheduleAnyway'), byDefault('rack', 5)];
const RACKS = 'a+rack=a b+rack=a c';
const defaults: Readonly<Record<string, Case>> = {
  'of a Service': { of: [], machines: RACKS, service: 'foo', listed, pods: 'a:foo a:foo a:foo', fit: 'b c?' },
  'of a Service that is not of the pod': { of: [], machines: RACKS, service: 'baz', listed, pods: 'a:foo a:foo a:foo', fit: 'a b c' },
  'but the pod says itself': {
    of: [must('node', 'foo', { maxSkew: 4 })],
    machines: RACKS,
    service: 'foo',
    listed,
    pods: 'a:foo a:foo a:foo',
    fit: 'a b c',
  },
  'but the pod says something soft itself': {
    of: [spread('ScheduleAnyway', 'node', 'foo')],
    machines: RACKS,
    service: 'foo',
    listed,
    pods: 'a:foo a:foo a:foo',
    fit: 'a b c',
  },
  'that are soft refuse nobody': { of: [], machines: RACKS, service: 'foo', listed: listed.slice(1, 2), pods: 'a:foo a:foo', fit: 'a b c' },
};

describe.each(Object.entries({ one, several, defaults }))('%s', (_, cases) => {
  it.each(Object.entries(cases))(
    '%s',
    (_name, { of, is = 'foo', spec, machines, pods = '', service, listed: defaultConstraints, fit: expected }) => {
      const [{ metadata }] = podsOf(`none:${is}`);
      const request = {
        pod: pod('p', [], { ...spec, topologySpreadConstraints: of }, { labels: metadata?.labels }),
        nodes: machinesOf(machines),
        pods: podsOf(pods),
        objects: service
          ? [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'default' }, spec: { selector: { [service]: '' } } }]
          : [],
      };
      expect(fit(request, defaultConstraints && { defaultingType: 'List', defaultConstraints })).toBe(expected);
    },
  );
});

it('says why', () => {
  const p = pod('p', [], { topologySpreadConstraints: [byZone] }, { labels: { foo: '' } });
  const { nodes } = schedule({
    pod: p,
    nodes: machinesOf('a/zone1 b x/zone2'),
    pods: podsOf('a:foo'),
    configuration: alone('PodTopologySpread'),
  });
  expect(nodes.map(({ verdicts }) => verdicts.flatMap(({ reasons }) => reasons))).toEqual([
    ["node(s) didn't match pod topology spread constraints"],
    ["node(s) didn't match pod topology spread constraints (missing required label)"],
    [],
  ]);
});
