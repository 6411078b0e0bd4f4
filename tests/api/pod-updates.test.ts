/** What may change of a pod that is there. Cases: pkg/apis/core/validation/validation_test.go (v1.36), TestValidatePodUpdate, TestValidatePodStatusUpdate. */
import { describe, expect, it } from 'vitest';
import { admit } from '../../src/cluster/apiserver/admit-part.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { c, causes, pod, stored, type Rec } from './pod-objects.ts';

describe("a pod's update", () => {
  const gated = { schedulingGates: [{ name: 'foo' }] };
  const terms = (...expressions: readonly (readonly string[])[]): object => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: expressions.map((values) => ({ key: 'expr', operator: 'In', values })) }],
        },
      },
    },
  });
  const FIELDS = /^spec: Forbidden: pod updates may not change fields other than `spec\.containers/;
  it.each<[string, Rec, Rec, readonly (string | RegExp)[]]>([
    ['of an image', { containers: [c({ image: 'image:2' })] }, {}, []],
    [
      'of another container',
      { containers: [c(), c({ name: 'b' })] },
      {},
      ['spec.containers: Forbidden: pod updates may not add or remove containers'],
    ],
    ['to a deadline', { activeDeadlineSeconds: 30 }, {}, []],
    ['to a shorter deadline', { activeDeadlineSeconds: 20 }, { activeDeadlineSeconds: 30 }, []],
    [
      'to a longer deadline',
      { activeDeadlineSeconds: 40 },
      { activeDeadlineSeconds: 30 },
      ['spec.activeDeadlineSeconds: Invalid value: 40: must be less than or equal to previous value'],
    ],
    [
      'to no deadline',
      {},
      { activeDeadlineSeconds: 30 },
      ['spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value'],
    ],
    [
      'of resources',
      { containers: [c({ resources: { limits: { cpu: '200m' } } })] },
      { containers: [c({ resources: { limits: { cpu: '100m' } } })] },
      [FIELDS],
    ],
    [
      'of the quality',
      { containers: [c({ resources: { limits: { cpu: '1', memory: '1' } } })] },
      {},
      ['metadata: Invalid value: "BestEffort": Pod QoS is immutable', FIELDS],
    ],
    ['of a negative grace to one', { terminationGracePeriodSeconds: 1 }, { terminationGracePeriodSeconds: -1 }, []],
    ['of a negative grace to two', { terminationGracePeriodSeconds: 2 }, { terminationGracePeriodSeconds: -1 }, [FIELDS]],
    ['with another toleration', { tolerations: [{ key: 'a', operator: 'Exists' }] }, {}, []],
    [
      'without a toleration',
      {},
      { tolerations: [{ key: 'a', operator: 'Exists' }] },
      ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds'],
    ],
    ['that takes a gate', {}, gated, []],
    [
      'that adds a gate',
      gated,
      {},
      ["spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'foo'"],
    ],
    ['of the selector while gated', { ...gated, nodeSelector: { a: 'b', c: 'd' } }, { ...gated, nodeSelector: { a: 'b' } }, []],
    [
      'that takes from the selector while gated',
      gated,
      { ...gated, nodeSelector: { a: 'b' } },
      ['spec.nodeSelector: Invalid value: {}: only additions to spec.nodeSelector are allowed (no mutations or deletions)'],
    ],
    ['of the selector', { nodeSelector: { a: 'b' } }, {}, [FIELDS]],
    ['of the affinity while gated', { ...gated, ...terms(['foo'], ['bar']) }, { ...gated, ...terms(['foo']) }, []],
    [
      'that changes the affinity while gated',
      { ...gated, ...terms(['bar']) },
      { ...gated, ...terms(['foo']) },
      [/nodeSelectorTerms\[0\]: Invalid value: .*: only additions are allowed \(no mutations or deletions\)$/],
    ],
  ])('%s', (_, next, old, expected) => {
    const before = stored(pod({ tolerations: [], ...old }));
    const spec = (before as KubeObject & { readonly spec: Rec }).spec;
    const {
      containers: _c,
      tolerations: _t,
      nodeSelector: _n,
      affinity: _a,
      schedulingGates: _g,
      activeDeadlineSeconds: _d,
      ...rest
    } = spec;
    const kept = (spec.tolerations as readonly { key: string }[]).filter((t) => t.key.startsWith('node.kubernetes.io/'));
    const wanted = stored(pod({ tolerations: [], ...next }));
    const mounts = (list: unknown): unknown =>
      (list as readonly Rec[]).map((item) => ({ ...item, volumeMounts: (spec.containers as readonly Rec[])[0].volumeMounts }));
    const after = {
      ...before,
      spec: {
        ...rest,
        ...next,
        containers: mounts((wanted as KubeObject & { readonly spec: Rec }).spec.containers),
        tolerations: [...((next.tolerations as readonly object[] | undefined) ?? []), ...kept],
      },
    } as KubeObject;
    const got = causes(admit({ operation: 'UPDATE', object: after, old: before }));
    expect(got.map((line, i) => (expected[i] instanceof RegExp && expected[i].test(line) ? expected[i] : line))).toEqual(expected);
  });
});

/** TestValidatePodStatusUpdate. */
describe("a nomination in a pod's status", () => {
  it.each<[string, string | undefined, string | undefined, readonly string[]]>([
    ['removed', undefined, 'node1', []],
    ['added', 'node1', undefined, []],
    ['added, invalid', 'node1 ', undefined, ['status.nominatedNodeName: Invalid value: "node1 "']],
    ['updated', 'node2', 'node1', []],
  ])('%s', (_, now, before, expected) => {
    const at = (nominatedNodeName: string | undefined): KubeObject =>
      ({ ...stored(pod()), status: { phase: 'Pending', ...(nominatedNodeName ? { nominatedNodeName } : {}) } }) as KubeObject;
    expect(
      causes(admit({ operation: 'UPDATE', subresource: 'status', object: at(now), old: at(before) })).map(
        (line) => line.split(': a lowercase')[0],
      ),
    ).toEqual(expected);
  });
});
