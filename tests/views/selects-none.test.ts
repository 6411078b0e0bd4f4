/** A Service that selects no pod says so where somebody looks: on the stage, in the story and in the inspector, with what it asks for and who comes nearest. */
import { describe, expect, it } from 'vitest';
import { nearMiss } from '../../src/api/services/near-miss.ts';
import type { V1Pod, V1Service } from '../../src/api/schema/kubernetes.ts';
import wrongSelector from '../../src/scenarios/examples/wrong-selector.ts';
import { SAMPLE } from '../../src/scenarios/sample.ts';
import { pictureAt } from '../../src/story/picture.ts';
import { missOf } from '../../src/views/related.ts';
import { played, rowOf, sceneAt } from './played.ts';

const service = (selector: Readonly<Record<string, string>> | undefined, type = 'ClusterIP'): V1Service =>
  ({ kind: 'Service', metadata: { name: 's' }, spec: { type, ...(selector ? { selector } : {}) } }) as V1Service;
const pod = (name: string, labels: Readonly<Record<string, string>>): V1Pod => ({ metadata: { name, labels } }) as V1Pod;

/** A selector of a Service is a conjunction of equal labels. Source: kubernetes.io/docs/concepts/overview/working-with-objects/labels/#service-and-replicationcontroller */
describe('the nearest miss', () => {
  const pods = [pod('api-1', { app: 'api', tier: 'back' }), pod('web-1', { app: 'web', tier: 'front' }), pod('bare', {})];
  for (const [what, selector, expected] of [
    ['is none where a pod has it all', { app: 'web' }, undefined],
    ['is none where all of several are there', { app: 'web', tier: 'front' }, undefined],
    ['of a slip is the label that is meant', { app: 'wbe' }, { asks: 'app=wbe', pod: 'web-1', has: 'app=web' }],
    [
      'of several is the pod with most of them',
      { app: 'web', tier: 'fornt' },
      { asks: 'app=web,tier=fornt', pod: 'web-1', has: 'tier=front' },
    ],
    ['of another key is the key that has the value', { run: 'api' }, { asks: 'run=api', pod: 'api-1', has: 'app=api' }],
    [
      'of a key that is not there says so',
      { app: 'web', track: 'stable' },
      { asks: 'app=web,track=stable', pod: 'web-1', has: 'no track' },
    ],
    ['is nobody where nothing is like it', { color: 'green' }, { asks: 'color=green' }],
  ] as const)
    it(what, () => expect(nearMiss(service(selector), pods)).toEqual(expected));
  it('is not asked of who has no selector, or stands for a name elsewhere', () => {
    expect(nearMiss(service(undefined), pods)).toBeUndefined();
    expect(nearMiss(service({ app: 'x' }, 'ExternalName'), pods)).toBeUndefined();
  });
});

describe('one letter is wrong in the selector', () => {
  const run = played(wrongSelector.manifest);
  it('the stage says it in the Service’s box', () =>
    expect(sceneAt(run, run.end).services.map((s) => [s.name, s.selectsNone])).toEqual([['web', true]]));
  it('the story says it when the slice is written', () => {
    const [beat, ...more] = run.beats.filter((b) => b.fact.says === 'endpointslice/synced');
    expect(beat.title).toBe('Service web selects no pod: its EndpointSlice is empty.');
    expect(beat.why).toMatch(/^It asks for app=wbe; nearest comes web-\w+-\w+, with app=web\.$/);
    expect(more).toEqual([]);
  });
  it('the inspector says it, with the nearest pod', () => {
    const picture = pictureAt(run.book, run.end);
    const object = picture.objects.get('/registry/services/specs/default/web');
    expect(object && missOf(picture, object)).toMatchObject({ asks: 'app=wbe', has: 'app=web' });
  });
});

it('where pods are selected that have no address yet, nobody says that none is', () => {
  const run = played(SAMPLE);
  const row = rowOf(run, 'endpointslice/synced');
  expect(run.beats.find((b) => b.fact.says === 'endpointslice/synced')?.title).toBe('The EndpointSlice of Service web lists no address.');
  expect(sceneAt(run, row).services.map((s) => [s.total, s.selectsNone])).toEqual([[0, false]]);
});
