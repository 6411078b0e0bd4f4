/** What a pod asks for, and its quality of service. Cases: pkg/apis/core/validation/validation_test.go TestValidatePodResourceConsistency, TestValidatePodResourceNames; pkg/apis/core/v1/defaults_test.go TestSetDefaultRequestsPodLevel…; pkg/apis/core/v1/helper/qos/qos_test.go (v1.36). */
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import { c, pod, said, stored, type Rec } from './pod-objects.ts';

describe('what a pod asks for as a whole', () => {
  const asks = (requests: object, limits?: object, more: object = {}): object =>
    c({ resources: { requests, ...(limits ? { limits } : {}) }, ...more });
  const whole = (resources: object, containers: readonly object[] = [c()], spec: Rec = {}): KubeObject =>
    pod({ resources, containers, ...spec });
  const requests = (object: KubeObject): unknown =>
    (stored(object) as KubeObject & { readonly spec: { readonly resources?: { readonly requests?: unknown } } }).spec.resources?.requests;
  it('is what its containers ask for together, or else its limits', () => {
    expect(requests(whole({ limits: { cpu: '2', memory: '1Gi' } }))).toEqual({ cpu: '2', memory: '1Gi' });
    expect(
      requests(whole({ limits: { cpu: '2', memory: '1Gi' } }, [asks({ cpu: '500m' }), asks({ cpu: '1' }, undefined, { name: 'b' })])),
    ).toEqual({ cpu: '1500m', memory: '1Gi' });
    expect(requests(whole({ limits: { cpu: '2' }, requests: { cpu: '1' } }, [asks({ cpu: '500m', memory: '1Mi' })]))).toEqual({
      cpu: '1',
      memory: '1Mi',
    });
    expect(
      requests(
        whole({ limits: { memory: '1Gi' } }, [asks({ cpu: '100m' })], {
          initContainers: [
            asks({ cpu: '200m' }, undefined, { name: 's', restartPolicy: 'Always' }),
            asks({ cpu: '2' }, undefined, { name: 'i' }),
          ],
        }),
      ),
    ).toEqual({ cpu: '2200m', memory: '1Gi' });
    expect(stored(whole({ limits: { cpu: '2', memory: '1Gi' } }))).toMatchObject({ status: { qosClass: 'Guaranteed' } });
    expect(requests(whole({ requests: { cpu: '2' } }, [asks({ cpu: '500m', memory: '1Mi' })]))).toEqual({ cpu: '2' });
    const pages = { 'hugepages-2Mi': '4Mi' };
    expect(stored(whole({ requests: { cpu: '2' } }, [asks({ cpu: '1', ...pages }, pages)]))).toMatchObject({
      spec: { resources: { limits: pages, requests: { cpu: '2', ...pages } } },
    });
    expect(stored(pod())).not.toHaveProperty('spec.resources');
  });
  it('covers what its containers ask for', () => {
    expect(
      said(
        whole({ requests: { cpu: '1', memory: '576Mi' } }, [
          asks({ cpu: '500m', memory: '2Gi' }),
          asks({ cpu: '1', memory: '4Gi' }, undefined, { name: 'b' }),
        ]),
      ),
    ).toEqual([
      'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 1500m',
      'spec.resources.requests[memory]: Invalid value: "576Mi": must be greater than or equal to aggregate container requests of 6Gi',
    ]);
    expect(said(whole({ limits: { cpu: '1' } }, [asks({ cpu: '500m' }, { cpu: '2' })]))).toEqual([
      expect.stringMatching(/cpu\]?\.limits: Invalid value: "2": must be less than or equal to pod limits of 1$/),
    ]);
    expect(said(whole({ requests: { cpu: '2' }, limits: { cpu: '1' } }))).toEqual([
      'spec.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ]);
  });
  it('is processors, memory and huge pages', () =>
    expect(said(whole({ requests: { cpu: '1', 'ephemeral-storage': '1Gi' } }))).toEqual([
      'spec.resources.requests[ephemeral-storage]: Unsupported value: "ephemeral-storage": supported values: "cpu", "hugepages-", "memory"',
    ]));
});

it.each<[string, readonly (readonly [object, object])[]]>([
  [
    'Guaranteed',
    [
      [
        { cpu: '100m', memory: '100Mi' },
        { cpu: '100m', memory: '100Mi' },
      ],
    ],
  ],
  [
    'Guaranteed',
    [
      [
        { cpu: '100m', memory: '100Mi' },
        { cpu: '100m', memory: '100Mi' },
      ],
      [
        { cpu: '1', memory: '1' },
        { cpu: '1', memory: '1' },
      ],
    ],
  ],
  ['BestEffort', [[{}, {}]]],
  ['BestEffort', [[{ cpu: '0' }, { cpu: '0' }]]],
  [
    'Burstable',
    [
      [
        { cpu: '100m', memory: '100Mi' },
        { cpu: '100m', memory: '100Mi' },
      ],
      [{}, {}],
    ],
  ],
  [
    'Burstable',
    [
      [
        { cpu: '1', memory: '10Mi' },
        { cpu: '2', memory: '10Mi' },
      ],
    ],
  ],
  [
    'Burstable',
    [
      [
        { cpu: '0', memory: '0' },
        { cpu: '100m', memory: '200Mi' },
      ],
    ],
  ],
  ['Burstable', [[{ cpu: '100m' }, { cpu: '100m' }]]],
])('%s is the quality of %j', (quality, containers) => {
  expect(
    stored(pod({ containers: containers.map(([requests, limits], i) => c({ name: `c${i}`, resources: { requests, limits } })) })),
  ).toMatchObject({ status: { qosClass: quality } });
});
