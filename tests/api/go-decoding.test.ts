/**
 * What Go's decoder says of a body, and what it makes of it.
 * Expected: k8s.io/apimachinery v0.36.4 pkg/runtime/serializer/json (strict) over client-go's scheme, pkg/api/resource, pkg/labels, pkg/api/validation, run on these inputs.
 */
import { describe, expect, it } from 'vitest';
import { checkConfigKey } from '../../src/api/machinery/config-keys.ts';
import { parseSelector } from '../../src/api/machinery/labels.ts';
import { checkMetadata, nameErrors } from '../../src/api/machinery/names.ts';
import { canonicalQuantity, cpuMilli, quantityError, wholeUnits } from '../../src/api/machinery/quantity.ts';
import { decode } from '../../src/cluster/apiserver/check-body.ts';

const CONTAINER = { name: 'c', image: 'i' };
const pod = (spec: object): object => ({ apiVersion: 'v1', kind: 'Pod', spec: { containers: [CONTAINER], ...spec } });
const container = (more: object): object => pod({ containers: [{ ...CONTAINER, ...more }] });
const lease = (renewTime: unknown): object => ({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', spec: { renewTime } });

describe('a body is refused', () => {
  it.each<readonly [string, string, object]>([
    [
      'V1Pod',
      'json: cannot unmarshal bool into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy',
      pod({ restartPolicy: true }),
    ],
    [
      'V1Pod',
      'json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string',
      container({ env: [{ name: 'A', value: 1.5 }] }),
    ],
    [
      'V1Pod',
      'json: cannot unmarshal object into Go struct field Container.spec.containers.env of type []v1.EnvVar',
      container({ env: {} }),
    ],
    [
      'V1Pod',
      'json: cannot unmarshal number 1.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
      container({ ports: [{ containerPort: 1.5 }] }),
    ],
    [
      'V1Pod',
      'json: cannot unmarshal number 2147483648 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
      container({ ports: [{ containerPort: 2147483648 }] }),
    ],
    [
      'V1Pod',
      'json: cannot unmarshal array into Go struct field ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList',
      container({ resources: { limits: [] } }),
    ],
    [
      'V1Pod',
      'json: cannot unmarshal string into Go struct field ConfigMapVolumeSource.spec.volumes.VolumeSource.configMap.defaultMode of type int32',
      pod({ volumes: [{ name: 'v', configMap: { name: 'c', defaultMode: '0644' } }] }),
    ],
    ['V1Pod', "unable to parse quantity's suffix", container({ resources: { limits: { memory: '64mi' } } })],
    [
      'V1Pod',
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      { ...container({ resources: { limits: { memory: '64MB' } } }), metadata: { name: 1 } },
    ],
    [
      'V1Lease',
      'parsing time "2026-11-21T02:30:39Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
      lease('2026-11-21T02:30:39Z'),
    ],
    ['V1Pod', 'parsing time "2026-02-30T00:00:00Z": day out of range', { metadata: { creationTimestamp: '2026-02-30T00:00:00Z' } }],
    [
      'V1Pod',
      'parsing time "2026-11-21" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"',
      { metadata: { creationTimestamp: '2026-11-21' } },
    ],
    [
      'V1Pod',
      'parsing time "2026-11-21T02:30:39" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00"',
      { metadata: { creationTimestamp: '2026-11-21T02:30:39' } },
    ],
  ])('%s: %s', (model, error, body) => {
    expect(decode(model, body)).toEqual({ error });
  });
});

it.each<readonly [string, string, object, object]>([
  [
    'instants in UTC and whole seconds',
    'V1ObjectMeta',
    { creationTimestamp: '2026-11-21T04:30:39.5+02:00' },
    { creationTimestamp: '2026-11-21T02:30:39Z' },
  ],
  ['the zero time is no time', 'V1ObjectMeta', { creationTimestamp: '0001-01-01T00:00:00Z' }, {}],
  ['six decimals', 'V1LeaseSpec', { renewTime: '2026-11-21T04:30:39.123456+02:00' }, { renewTime: '2026-11-21T02:30:39.123456Z' }],
  [
    'amounts',
    'V1NodeStatus',
    { capacity: { memory: '1024Mi', cpu: 0.5 } },
    { capacity: { memory: '1Gi', cpu: '500m' }, daemonEndpoints: { kubeletEndpoint: { Port: 0 } } },
  ],
  ['base64 over several lines', 'V1ConfigMap', { binaryData: { a: 'YW\nJj\n' } }, { binaryData: { a: 'YWJj' } }],
  ['the least int32', 'V1LeaseSpec', { leaseTransitions: -2147483648 }, { leaseTransitions: -2147483648 }],
])('what is kept: %s', (_what, model, sent, kept) => {
  expect(decode(model, sent)).toMatchObject({ object: kept });
});

describe('quantities', () => {
  it.each([
    ['1.234', '1.234'],
    ['1.250', '1.250'],
    ['+9Gi', '+9Gi'],
    ['1028Ki', '1028Ki'],
    ['1032Ki', '1032Ki'],
    ['8e+3', '8e+3'],
    ['1.5e1', '1.5e1'],
    ['12.5', '12500m'],
    ['9Ei', '9223372036854775807'],
    ['0.0000000001', '1n'],
    ['20e21', '20e21'],
    ['.', '0'],
    ['Mi', '0'],
  ])('%s is stored as %s', (text, expected) => {
    expect(canonicalQuantity(text)).toBe(expected);
  });
  it.each([
    ['1K', "unable to parse quantity's suffix"],
    ['5e', "unable to parse quantity's suffix"],
    ['', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ['1', undefined],
  ])('%j: %s', (text, why) => {
    expect(quantityError(text)).toBe(why);
  });
  it('rounds away from nought', () => {
    expect([cpuMilli('8e-10'), cpuMilli('-1.5m'), wholeUnits('0.0000000001'), wholeUnits('-0.5')]).toEqual([1, -2, 1, -1]);
  });
});

describe('selectors', () => {
  const VALUE =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
  it.each([
    ['/a', 'unable to parse requirement: <nil>: Invalid value: "/a": prefix part must be non-empty'],
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a in ((', "unable to parse requirement: found '(', expected: ',', ')' or identifier"],
    ['a=b-', `unable to parse requirement: values[0][a]: Invalid value: "b-": ${VALUE}`],
    [
      'a>b-',
      `unable to parse requirement: [values[0]: Invalid value: "b-": for 'Gt', 'Lt' operators, the value must be an integer, values[0][a]: Invalid value: "b-": ${VALUE}]`,
    ],
    [
      'a>99999999999999999999',
      "unable to parse requirement: values[0]: Invalid value: \"99999999999999999999\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
  ])('%s', (text, why) => {
    expect(() => parseSelector(text)).toThrow(new Error(why));
  });
});

it('names are counted in bytes and measured in characters', () => {
  expect(nameErrors('a'.repeat(64), 'label')).toEqual(['must be no more than 63 characters']);
  expect(nameErrors('ä'.repeat(32), 'label')[0]).toBe('must be no more than 63 characters');
  expect(checkConfigKey('..ä', 'data').map(({ message }) => message.replace(/^.*?: .*?: /, '').slice(0, 26))).toEqual(
    ['a valid config key must con', "must not start with '..'"].map((text) => text.slice(0, 26)),
  );
  expect(checkMetadata({ name: 'a', annotations: { a: 'ä'.repeat(131_072) } })).toMatchObject([
    { message: 'Too long: may not be more than 262144 bytes' },
  ]);
  expect(checkMetadata({ name: 'a', ownerReferences: [{ apiVersion: 'a/b/c', kind: 'K', name: 'n', uid: 'u' }] })).toMatchObject([
    { field: 'metadata.ownerReferences.apiVersion', message: 'Invalid value: "a/b/c": version must not be empty' },
  ]);
});
