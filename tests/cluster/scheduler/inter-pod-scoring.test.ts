/**
 * Which machines are better for a pod because of pods that are there, as InterPodAffinity alone sees it.
 * Upstream's tables: TestPreferredAffinity and TestPreferredAffinityWithHardPodAffinitySymmetricWeight of pkg/scheduler/framework/plugins/interpodaffinity/scoring_test.go (v1.36).
 */
import { expect, it } from 'vitest';
import type { V1Pod } from '../../../src/api/schema/kubernetes.ts';
import { schedule } from '../../../src/cluster/scheduler/schedule-part.ts';
import { machinesOf, namespaces, ofTeam1, podOf, type Wants } from './inter-pod-objects.ts';
import { alone } from './objects.ts';

const S1 = 'security=S1';
const S2 = 'security=S2';
const withS1: Wants = { likes: '5 security in S1 @region' };
const withS2: Wants = { likes: '6 security in S2 @region' };
const fromS1: Wants = { dislikes: '5 security in S1 @az' };
const fromS2: Wants = { dislikes: '5 security in S2 @az' };
const withS1FromS2: Wants = { likes: '8 security in S1 @region', dislikes: '5 security in S2 @az' };
const needsS1: Wants = { near: 'security in S1,value2 @region; security & !wrongkey @region' };
const within = { namespaces: ['subteam2.team2'], ...ofTeam1 };
const withTeam1: Wants = { likes: '5 security in S1 @region', within };
const fromTeam1: Wants = { dislikes: '5 security in S1 @region', within };
const THREE = '1 region=China; 2 region=India; 3 az=az1';
const TWO = '1 region=China; 2 region=India';
const FIVE = '1 region=China; 2 region=India; 3 region=China; 4 region=China; 5 region=India';
const many = (is: string, on: string): readonly V1Pod[] => on.split('').map((machine) => podOf(is, {}, machine));
const inTeam = (namespace: string): string => `${S1}@${namespace}`;
const team = [podOf(inTeam('subteam1.team1'), {}, '1'), podOf(inTeam('subteam1.team1'), {}, '1'), podOf(inTeam('subteam2.team1'), {}, '2')];

/** The pod, those that are there, the machines, and the normalised score of each of these; none when the plugin has nothing to say. */
const cases: Readonly<Record<string, readonly [readonly [string, Wants?], readonly V1Pod[], string, string, object?]>> = {
  'likes nothing': [[S1], [], THREE, ''],
  'likes what is there': [[S1, withS1], [podOf(S1, {}, '1'), podOf(S2, {}, '2'), podOf(S1, {}, '3')], THREE, '100 0 0'],
  'every machine of the region': [['', withS1], [podOf(S1, {}, '1')], '1 region=China; 2 region=China,az=az1; 3 region=India', '100 100 0'],
  'the region with more of them': [[S1, withS2], many(S2, '112345'), FIVE, '100 0 100 100 0'],
  'several operators and terms': [
    [S1, { likes: '8 security notin S1 & security in S2 @region; 2 security & !wrongkey @region' }],
    [podOf(S1, {}, '1'), podOf(S2, {}, '2'), podOf(S1, {}, '3')],
    THREE,
    '20 100 0',
  ],
  'is liked': [[S2], [podOf(S1, withS1, '1'), podOf(S2, withS2, '2')], THREE, '0 100 0'],
  'is liked, its namespace is selected': [
    [inTeam('subteam1.team1')],
    [podOf(S1, withTeam1, '1'), podOf(S2, withS2, '2')],
    THREE,
    '100 0 0',
  ],
  'is disliked, its namespace is selected': [
    [inTeam('subteam1.team1')],
    [podOf(S1, fromTeam1, '1'), podOf(S2, withS2, '2')],
    THREE,
    '0 100 100',
  ],
  'is needed': [[S1], [podOf(S1, needsS1, '1'), podOf(S2, needsS1, '2')], THREE, '100 100 0'],
  'dislikes what is there': [[S1, fromS1], [podOf(S1, {}, '1'), podOf(S2, {}, '2')], '1 az=az1; 2 region=China', '0 100'],
  'dislikes it where the label is': [[S1, fromS1], [podOf(S1, {}, '1'), podOf(S1, {}, '2')], '1 az=az1; 2 region=China', '0 100'],
  'dislikes two of them': [[S1, fromS1], [podOf(S1, {}, '1'), podOf(S1, {}, '1'), podOf(S2, {}, '2')], '1 az=az1; 2 region=India', '0 100'],
  'is disliked': [[S2], [podOf(S1, fromS2, '1'), podOf(S2, fromS1, '2')], '1 az=az1; 2 az=az2', '0 100'],
  'likes one and dislikes another': [[S1, withS1FromS2], [podOf(S1, {}, '1'), podOf(S1, {}, '2')], '1 region=China; 2 az=az1', '100 0'],
  'likes its like': [[S1, withS1FromS2], many(S1, '1123345'), FIVE.replace('1 region=China', '1 region=China,az=az1'), '100 0 100 100 0'],
  'likes, dislikes, is liked and is disliked': [
    [S1, withS1FromS2],
    [podOf(S1, {}, '1'), podOf(S2, {}, '2'), podOf('', withS1FromS2, '3'), podOf('', fromS1, '4')],
    '1 region=China; 2 az=az1; 3 region=India; 4 az=az2',
    '100 0 100 0',
  ],
  'all machines are alike': [[S1], [podOf(S1, {}, '1'), podOf('', withS1FromS2, '2')], '1 region=China; 2 region=China', '0 0'],
  'likes those of a namespace that is selected': [
    [inTeam('subteam1.team1'), withTeam1],
    [...team, podOf(inTeam('subteam1.team2'), {}, '1')],
    TWO,
    '100 0',
  ],
  'or named': [[inTeam('subteam1.team1'), withTeam1], [...team, podOf(inTeam('subteam2.team2'), {}, '1')], TWO, '100 0'],
  'dislikes those of a namespace that is selected': [
    [inTeam('subteam1.team1'), fromTeam1],
    [...team, podOf(inTeam('subteam1.team2'), {}, '1')],
    TWO,
    '0 100',
  ],
  'dislikes those of one that is named': [
    [inTeam('subteam1.team1'), fromTeam1],
    [...team, podOf(inTeam('subteam2.team2'), {}, '1')],
    TWO,
    '0 100',
  ],
  'what it is liked for is passed over': [
    [S2],
    [podOf(S1, withS1FromS2, '1'), podOf(S2, withS2, '2')],
    TWO,
    '',
    { ignorePreferredTermsOfExistingPods: true },
  ],
  'what it is liked for is not passed over': [
    [S2],
    [podOf(S1, withS1FromS2, '1'), podOf(S2, withS2, '2')],
    TWO,
    '0 100',
    { ignorePreferredTermsOfExistingPods: false },
  ],
  'passed over, and it likes something itself': [
    [S2, withS1],
    [podOf(S1, withS2, '1'), podOf(S2, {}, '2')],
    TWO,
    '100 0',
    { ignorePreferredTermsOfExistingPods: true },
  ],
  'is needed, at no weight': [[S1], [podOf(S1, needsS1, '1'), podOf(S1, needsS1, '2')], THREE, '', { hardPodAffinityWeight: 0 }],
  'is needed, its namespace is selected': [
    [inTeam('subteam1.team1')],
    [podOf('', { ...needsS1, within }, '1'), podOf('', { ...needsS1, within }, '2')],
    THREE,
    '100 100 0',
  ],
  'is needed, its namespace is not selected': [[inTeam('subteam1.team2')], [podOf('', { ...needsS1, within }, '1')], THREE, ''],
  'is needed, its namespace is named': [[inTeam('subteam2.team2')], [podOf('', { ...needsS1, within }, '1')], THREE, '100 0 0'],
};
const scored = (which: 'raw' | 'normalized', [[is, wants], pods, machines, , args]: (typeof cases)[string]): string =>
  schedule({
    pod: podOf(is, wants),
    nodes: machinesOf(machines),
    pods,
    objects: namespaces,
    configuration: alone('InterPodAffinity', args),
  })
    .nodes.flatMap(({ scores }) => scores.filter(({ plugin }) => plugin === 'InterPodAffinity').map((score) => score[which]))
    .join(' ');

it.each(Object.entries(cases))('%s', (_, one) => expect(scored('normalized', one)).toBe(one[3]));
it('each term that is needed counts its weight', () =>
  expect(scored('raw', [[S1], [podOf(S1, needsS1, '1')], THREE, '', { hardPodAffinityWeight: 5 }])).toBe('10 0 0'));
