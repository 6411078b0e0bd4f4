/**
 * Which machines a pod may go to because of pods that are there, as InterPodAffinity alone sees it.
 * Upstream's tables: TestRequiredAffinitySingleNode and TestRequiredAffinityMultipleNodes of pkg/scheduler/framework/plugins/interpodaffinity/filtering_test.go (v1.36).
 */
import { expect, it } from 'vitest';
import type { V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { schedule } from '../../../src/cluster/scheduler/schedule-part.ts';
import { machinesOf, namespaces, ofTeam1, podOf, type Wants } from './inter-pod-objects.ts';
import { alone } from './objects.ts';

const SAID: Readonly<Record<string, string>> = {
  "node(s) didn't match pod affinity rules": 'not near',
  "node(s) didn't match pod anti-affinity rules": 'too near',
  "node(s) didn't satisfy existing pods anti-affinity rules": 'unwelcome',
};
const SCAN = 'service=securityscan';
const scan = podOf(SCAN, {}, 'a');
const S1 = 'security=S1';
const ONE = 'a region=r1,zone=z11';
const SAME_ZONE = 'a region=r1,zone=z1; b region=r1,zone=z1';
const TWO = 'a region=r1,zone=z1; b region=r1,zone=z2';
const THREE = `${TWO}; c region=r1,zone=z3`;
const REGIONS = 'a region=China; b region=China,az=az1; c region=India';
const isScan = 'service in securityscan,value2';
const isOther = 'service in antivirusscan,value2';
const NOWHERE = 'invalid-node-label';

/** The pod, those that are there, the machines, and what is said of each of these. */
const cases: Readonly<Record<string, readonly [readonly [string, Wants?], readonly V1Pod[], string, string]>> = {
  'wants nothing': [[''], [], ONE, 'a fits'],
  in: [[S1, { near: `${isScan} @region` }], [scan], ONE, 'a fits'],
  'not in': [[S1, { near: 'service notin securityscan3,value3 @region' }], [scan], ONE, 'a fits'],
  'in another namespace': [
    [S1, { near: `${isScan} @region`, within: { namespaces: ['DiffNameSpace'] } }],
    [podOf(`${SCAN}@ns`, {}, 'a')],
    ONE,
    'a not near',
  ],
  'of none that is there': [[SCAN, { near: `${isOther} @region` }], [scan], ONE, 'a not near'],
  'several operators in several terms': [
    [S1, { near: 'service & !wrongkey @region; service in securityscan & service notin WrongValue @region' }],
    [scan],
    ONE,
    'a fits',
  ],
  'one of several expressions does not match': [
    [S1, { near: 'service & !wrongkey @region; service in securityscan2 & service notin WrongValue @region' }],
    [scan],
    ONE,
    'a not near',
  ],
  'near one, far from another': [[S1, { near: `${isScan} @region`, far: `${isOther} @node` }], [scan], ONE, 'a fits'],
  'and so is the other': [
    [S1, { near: `${isScan} @region`, far: `${isOther} @node` }],
    [podOf(SCAN, { far: `${isOther} @node` }, 'a')],
    ONE,
    'a fits',
  ],
  'near and far from the same': [[S1, { near: `${isScan} @region`, far: `${isScan} @zone` }], [scan], ONE, 'a too near'],
  'near one that is far from its like': [
    [SCAN, { near: `${isScan} @region`, far: `${isOther} @node` }],
    [podOf(SCAN, { far: `${isScan} @zone` }, 'a')],
    ONE,
    'a unwelcome',
  ],
  'near what is not its like, the pod that is there is elsewhere': [
    [SCAN, { near: 'service notin securityscan,value2 @region' }],
    [podOf(SCAN, {}, 'elsewhere')],
    ONE,
    'a not near',
  ],
  'wants nothing and is unwelcome': [[SCAN], [podOf(SCAN, { far: `${isScan} @zone` }, 'a')], ONE, 'a unwelcome'],
  'wants nothing and is not minded': [[SCAN], [podOf(SCAN, { far: 'service notin securityscan,value2 @zone' }, 'a')], ONE, 'a fits'],
  'far from two, one is there': [
    [SCAN, { far: 'service @region; security @region' }],
    [podOf(S1, { far: 'security @zone' }, 'a')],
    ONE,
    'a too near',
  ],
  'symmetry a1': [[SCAN, { far: 'service @zone; security @zone' }], [podOf(S1, { far: 'security @zone' }, 'a')], ONE, 'a too near'],
  'symmetry a2': [[S1, { far: 'security @zone' }], [podOf(SCAN, { far: 'service @zone; security @zone' }, 'a')], ONE, 'a unwelcome'],
  'symmetry b1': [
    ['abc,xyz', { far: 'abc @zone; def @zone' }],
    [podOf('def,xyz', { far: 'abc @zone; def @zone' }, 'a')],
    ONE,
    'a too near',
  ],
  'symmetry b2': [
    ['def,xyz', { far: 'abc @zone; def @zone' }],
    [podOf('abc,xyz', { far: 'abc @zone; def @zone' }, 'a')],
    ONE,
    'a too near',
  ],
  'near one in a namespace that is selected': [
    [S1, { near: `${isScan} @region`, within: ofTeam1 }],
    [podOf(`${SCAN}@subteam1.team1`, {}, 'a')],
    ONE,
    'a fits',
  ],
  'near one in a namespace that is not selected': [
    [S1, { near: `${isScan} @region`, within: ofTeam1 }],
    [podOf(`${SCAN}@subteam1.team2`, {}, 'a')],
    ONE,
    'a not near',
  ],
  'far from one in a namespace that is selected': [
    [`${S1}@subteam1.team1`, { far: `${isScan} @zone`, within: ofTeam1 }],
    [podOf(`${SCAN}@subteam2.team1`, {}, 'a')],
    ONE,
    'a too near',
  ],
  'far from one in any namespace': [
    [`${S1}@subteam1.team1`, { far: `${isScan} @zone`, within: { namespaceSelector: {} } }],
    [podOf(`${SCAN}@subteam2.team1`, {}, 'a')],
    ONE,
    'a too near',
  ],
  'far from one in a namespace that is not selected': [
    [`${S1}@subteam1.team1`, { far: `${isScan} @zone`, within: ofTeam1 }],
    [podOf(`${SCAN}@subteam1.team2`, {}, 'a')],
    ONE,
    'a fits',
  ],
  'every machine of the region': [['', { near: 'foo in bar @region' }], [podOf('foo=bar', {}, 'a')], REGIONS, 'a fits, b fits, c not near'],
  'the first of its kind may go anywhere': [
    ['foo=bar,service=securityscan', { near: 'foo in bar @zone; service in securityscan @zone' }],
    [podOf('foo=bar', {}, 'a')],
    TWO,
    'a fits, b fits',
  ],
  'where the label is': [
    ['foo=bar,service=securityscan', { near: 'foo in bar @zone; service in securityscan @zone' }],
    [podOf('foo=bar', {}, 'a')],
    'a zoneLabel=az1; b zoneLabel=az2',
    'a not near, b not near',
  ],
  'far from a region': [['', { far: 'foo in abc @region' }], [podOf('foo=abc', {}, 'a')], TWO, 'a too near, b too near'],
  'any term keeps away': [
    ['', { far: 'foo in abc @region; service in securityscan @zone' }],
    [podOf('foo=abc,service=securityscan', {}, 'a')],
    TWO,
    'a too near, b too near',
  ],
  'far from one of two regions': [
    ['', { far: 'foo in abc @region' }],
    [podOf('foo=abc', {}, 'a')],
    REGIONS,
    'a too near, b too near, c fits',
  ],
  'who keeps away from another namespace does not mind': [
    ['foo=123@NS1', { far: 'foo in bar @region' }],
    [podOf('foo=bar@NS1', {}, 'a'), podOf('@NS2', { far: 'foo in 123 @region' }, 'c')],
    REGIONS,
    'a too near, b too near, c fits',
  ],
  'a key that no machine has keeps nobody away': [['foo'], [podOf('', { far: `foo @${NOWHERE}` }, 'a')], SAME_ZONE, 'a fits, b fits'],
  'nor does the pod keep away by it': [['', { far: `foo @${NOWHERE}` }], [podOf('foo', {}, 'a')], SAME_ZONE, 'a fits, b fits'],
  'unwelcome in the zone, and in the region': [
    ['foo,bar'],
    [podOf('', { far: 'foo @zone' }, 'a'), podOf('', { far: 'bar @region' }, 'a')],
    TWO,
    'a unwelcome, b unwelcome',
  ],
  'far from the zone, and from the region': [
    ['', { far: 'foo @zone; bar @region' }],
    [podOf('foo', {}, 'a'), podOf('bar', {}, 'b')],
    TWO,
    'a too near, b too near',
  ],
  'unwelcome by one of two terms': [['foo,bar'], [podOf('', { far: `foo @${NOWHERE}; bar @zone` }, 'a')], TWO, 'a unwelcome, b fits'],
  'too near by one of two terms': [['', { far: `foo @${NOWHERE}; bar @zone` }], [podOf('foo,bar', {}, 'a')], TWO, 'a too near, b fits'],
  'unwelcome by both terms': [['foo,bar'], [podOf('', { far: 'foo @region; bar @zone' }, 'a')], TWO, 'a unwelcome, b unwelcome'],
  'too near by both terms': [['', { far: 'foo @region; bar @zone' }], [podOf('foo,bar', {}, 'a')], TWO, 'a too near, b too near'],
  'unwelcome on two of three machines': [
    ['foo,bar'],
    [podOf('', { far: 'foo @zone; labelA @zone' }, 'a'), podOf('', { far: 'bar @zone; labelB @zone' }, 'b')],
    THREE,
    'a unwelcome, b unwelcome, c fits',
  ],
  'near one that all terms find': [['', { near: 'foo @region; bar @zone' }], [podOf('foo,bar', {}, 'a')], SAME_ZONE, 'a fits, b fits'],
  'near two that one term each finds': [
    ['', { near: 'foo @region; bar @zone' }],
    [podOf('foo', {}, 'a'), podOf('bar', {}, 'b')],
    TWO,
    'a not near, b not near',
  ],
};

it.each(Object.entries(cases))('%s', (_, [[is, wants], pods, machines, said]) => {
  const { nodes } = schedule({
    pod: podOf(is, wants),
    nodes: machinesOf(machines),
    pods,
    objects: namespaces,
    configuration: alone('InterPodAffinity'),
  });
  const told = nodes.map(({ name, verdicts }) => `${name} ${SAID[verdicts.flatMap(({ reasons }) => reasons)[0]] ?? 'fits'}`);
  expect(told.join(', ')).toBe(said);
});

/** Upstream: ErrReasonAffinityRulesNotMatch is final, the other two are not. */
it('whom it must be near no victim brings', () => {
  const verdictOf = (wants: Wants): string | undefined =>
    schedule({
      pod: podOf('', wants),
      nodes: machinesOf(ONE),
      pods: [scan],
      configuration: alone('InterPodAffinity'),
    }).nodes[0].verdicts.find(({ code }) => code !== 'fits')?.code;
  expect([verdictOf({ near: 'x @zone' }), verdictOf({ far: `${isScan} @zone` })]).toEqual(['unresolvable', 'unschedulable']);
});
