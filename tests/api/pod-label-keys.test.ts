/** matchLabelKeys and mismatchLabelKeys of affinities and of spread constraints. Cases: pkg/registry/core/pod/strategy_test.go Test_mutatePodAffinity, Test_mutateTopologySpreadConstraints (v1.36). */
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import { pod, said, stored, type Rec } from './pod-objects.ts';

describe('the labels whose keys are named', () => {
  const labelled = (spec: Rec, labels: object = { country: 'Japan', city: 'Kyoto' }): KubeObject =>
    ({ ...pod(spec), metadata: { name: '123', namespace: 'ns', labels } }) as KubeObject;
  const region = { key: 'region', operator: 'In', values: ['Asia'] };
  const term = (more: object): object => ({ topologyKey: 'zone', labelSelector: { matchExpressions: [region] }, ...more });
  const [match, mismatch] = [{ matchLabelKeys: ['country'] }, { mismatchLabelKeys: ['city', 'planet'] }];
  const merged = (...more: readonly object[]): object => ({ labelSelector: { matchExpressions: [region, ...more] } });
  const japan = { key: 'country', operator: 'In', values: ['Japan'] };
  const elsewhere = { key: 'city', operator: 'NotIn', values: ['Kyoto'] };
  const spread = (more: object): object => ({ maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', ...term(more) });
  it('are in the selectors of what is stored', () => {
    const near = {
      requiredDuringSchedulingIgnoredDuringExecution: [term({ ...match, ...mismatch })],
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term(match) }],
    };
    const spec = {
      affinity: { podAffinity: near, podAntiAffinity: near },
      topologySpreadConstraints: [spread(match), { ...spread({ matchLabelKeys: ['planet'] }), topologyKey: 'rack' }],
    };
    const both = {
      requiredDuringSchedulingIgnoredDuringExecution: [{ ...merged(japan, elsewhere), ...match, ...mismatch }],
      preferredDuringSchedulingIgnoredDuringExecution: [{ podAffinityTerm: merged(japan) }],
    };
    expect(stored(labelled(spec))).toMatchObject({
      spec: { affinity: { podAffinity: both, podAntiAffinity: both }, topologySpreadConstraints: [merged(japan), merged()] },
    });
    expect(stored(labelled(spec, {}))).toMatchObject({ spec: { topologySpreadConstraints: [merged(), merged()] } });
  });
  it('must not be there already', () => {
    const double = { labelSelector: { matchLabels: { country: 'Japan' } }, ...match };
    const why = (at: string): string => `${at}[0]: Invalid value: "country": exists in both matchLabelKeys and labelSelector`;
    expect(
      said(
        labelled({
          topologySpreadConstraints: [spread(double)],
          affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(double)] } },
        }),
      ),
    ).toEqual([
      why('spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]'),
      why('spec.topologySpreadConstraints[0]'),
    ]);
    expect(said(labelled({ topologySpreadConstraints: [spread(double)] }, {})), 'without the label there is nothing to add').toEqual([]);
  });
});
