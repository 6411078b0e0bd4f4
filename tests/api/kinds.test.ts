import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import { kindNamed, kindOf, kinds, qualifiedSingular, resourceName } from '../../src/api/registry.ts';
import { fieldsOfModel } from '../../src/api/schema/definitions.ts';
import { checkStructure, strictDecodingError, unknownField } from '../../src/api/schema/validate.ts';

interface Loose extends KubeObject {
  readonly spec?: Record<string, unknown>;
  readonly status?: unknown;
  readonly data?: unknown;
  readonly type?: string;
}
const defaulted = (object: Loose): Loose => (kindOf(object.apiVersion, object.kind)?.applyDefaults?.(object) ?? object) as Loose;
const said = (object: Loose): readonly string[] =>
  (kindOf(object.apiVersion, object.kind)?.validate?.(defaulted(object)) ?? []).map((e) => `${e.field}: ${e.message}`);
const pod = (spec: Record<string, unknown>): Loose => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec });
const c = (more: object = {}): object => ({ name: 'c', image: 'nginx:1', ...more });
const deployment = (more: Record<string, unknown> = {}): Loose => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [c()] } },
    ...more,
  },
});
const service = (spec: Record<string, unknown>): Loose => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec });

describe('the registry', () => {
  it('every kind has a model in the schema', () => {
    for (const kind of kinds) expect(fieldsOfModel(kind.model), kind.kind).toBeDefined();
  });
  it.each([
    ['deploy', 'deployments.apps'],
    ['pods', 'pods'],
    ['po', 'pods'],
    ['svc', 'services'],
    ['Deployment', 'deployments.apps'],
    ['deployments.apps', 'deployments.apps'],
    ['ds', 'daemonsets.apps'],
  ])('%s is %s', (word, name) => {
    const kind = kindNamed(word);
    expect(kind && resourceName(kind)).toBe(name);
  });
  it('names as kubectl prints them', () => {
    expect(kinds.filter((k) => k.group !== '').map(qualifiedSingular)).toContain('deployment.apps');
  });
});

// pkg/apis/{core,apps}/v1/defaults_test.go
describe('defaults', () => {
  it('of a pod', () => {
    expect(
      defaulted(
        pod({
          containers: [
            {
              name: 'c',
              image: 'nginx',
              ports: [{ containerPort: 80 }],
              resources: { limits: { cpu: '0.5', memory: '1024Mi' } },
              readinessProbe: { httpGet: { port: 80 } },
            },
          ],
        }),
      ).spec,
    ).toEqual({
      containers: [
        {
          name: 'c',
          image: 'nginx',
          imagePullPolicy: 'Always',
          ports: [{ containerPort: 80, protocol: 'TCP' }],
          resources: { limits: { cpu: '500m', memory: '1Gi' }, requests: { cpu: '500m', memory: '1Gi' } },
          readinessProbe: {
            httpGet: { port: 80, path: '/', scheme: 'HTTP' },
            timeoutSeconds: 1,
            periodSeconds: 10,
            successThreshold: 1,
            failureThreshold: 3,
          },
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
        },
      ],
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      schedulerName: 'default-scheduler',
      terminationGracePeriodSeconds: 30,
      securityContext: {},
      enableServiceLinks: true,
    });
  });
  it.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1.29', 'IfNotPresent'],
    ['reg:5000/nginx', 'Always'],
    ['nginx@sha256:abc', 'IfNotPresent'],
  ])('%s is pulled %s', (image, policy) => {
    expect(
      (defaulted(pod({ containers: [{ name: 'c', image }] })).spec?.containers as readonly { imagePullPolicy: string }[])[0]
        .imagePullPolicy,
    ).toBe(policy);
  });
  it('of a template: requests do not follow limits there', () => {
    const { spec } = defaulted(
      deployment({ template: { metadata: { labels: { app: 'web' } }, spec: { containers: [c({ resources: { limits: { cpu: 1 } } })] } } }),
    );
    expect(spec).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    });
    expect((spec?.template as { spec: { containers: readonly { resources: unknown }[] } }).spec.containers[0].resources).toEqual({
      limits: { cpu: '1' },
    });
  });
  it('of a service and a secret', () => {
    expect(defaulted(service({ ports: [{ port: 80 }] })).spec).toEqual({
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    });
    expect(defaulted({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { a: 'é' } } as Loose)).toMatchObject({
      type: 'Opaque',
      data: { a: 'w6k=' },
    });
  });
});

// pkg/apis/{core,apps}/validation/validation_test.go
describe('rules', () => {
  it.each<[string, Loose, readonly string[]]>([
    ['a good pod', pod({ containers: [c()] }), []],
    ['a good deployment', deployment(), []],
    ['a good service', service({ ports: [{ port: 80 }] }), []],
    ['no containers', pod({ containers: [] }), ['spec.containers: Required value']],
    ['names twice', pod({ containers: [c(), c()] }), ['spec.containers[1].name: Duplicate value: "c"']],
    [
      'no volume',
      pod({ containers: [c({ volumeMounts: [{ name: 'v', mountPath: '/v' }] })] }),
      ['spec.containers[0].volumeMounts[0].name: Not found: "v"'],
    ],
    [
      'two handlers',
      pod({ containers: [c({ livenessProbe: { exec: { command: ['x'] }, tcpSocket: { port: 1 } } })] }),
      ['spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type'],
    ],
    [
      'more than the limit',
      pod({ containers: [c({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } })] }),
      ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
    ],
    [
      'a toleration with seconds',
      pod({ containers: [c()], tolerations: [{ key: 'a', operator: 'Exists', tolerationSeconds: 3 }] }),
      ['spec.tolerations[0].effect: Invalid value: "": effect must be \'NoExecute\' when `tolerationSeconds` is set'],
    ],
    [
      'a port out of range',
      pod({ containers: [c({ ports: [{ containerPort: 70000 }] })] }),
      ['spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive'],
    ],
    [
      'no selector, which matches nothing',
      deployment({ selector: undefined }),
      [
        'spec.selector: Required value',
        'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      ],
    ],
    ['an empty selector', deployment({ selector: {} }), ['spec.selector: Invalid value: {}: empty selector is invalid for deployment']],
    [
      'a selector that misses',
      deployment({ selector: { matchLabels: { app: 'x' } } }),
      ['spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`'],
    ],
    [
      'a template that ends',
      deployment({ template: { metadata: { labels: { app: 'web' } }, spec: { restartPolicy: 'Never', containers: [c()] } } }),
      ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
    [
      'no room to roll',
      deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0'],
    ],
    ['ports without names', service({ ports: [{ port: 80 }, { name: 'b', port: 81 }] }), ['spec.ports[0].name: Required value']],
    [
      'a node port out of range',
      service({ type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }),
      ['spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767'],
    ],
  ])('%s', (_, object, expected) => {
    expect(said(object)).toEqual(expected);
  });

  it('of updates', () => {
    const errors = (next: Loose, old: Loose): readonly string[] =>
      (kindOf(next.apiVersion, next.kind)?.validateUpdate?.(defaulted(next), defaulted(old)) ?? []).map((e) => `${e.field}: ${e.message}`);
    expect(errors(pod({ containers: [c({ image: 'nginx:2' })] }), pod({ containers: [c()] }))).toEqual([]);
    expect(errors(pod({ containers: [c({ tty: true })] }), pod({ containers: [c()] }))[0]).toMatch(
      /^spec: Forbidden: pod updates may not change fields other than `spec.containers\[\*\].image`,`spec.initContainers/,
    );
    expect(errors(pod({ containers: [c(), c({ name: 'd' })] }), pod({ containers: [c()] }))).toEqual([
      'spec.containers: Forbidden: pod updates may not add or remove containers',
    ]);
    expect(errors(deployment({ selector: { matchLabels: { a: 'b' } } }), deployment())).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"a":"b"}}: field is immutable',
    ]);
  });

  it("of generations: a deployment's moves with spec or annotations, a replica set's with spec alone", () => {
    const kind = kindOf('apps/v1', 'Deployment');
    const old = { ...deployment(), metadata: { name: 'web', generation: 4 } };
    const generation = (next: Loose): number | undefined =>
      kind?.prepareForUpdate?.(next, old, { now: '2026-01-01T00:00:00Z' }).metadata?.generation;
    expect([
      generation(old),
      generation({ ...old, spec: { ...old.spec, replicas: 9 } }),
      generation({ ...old, metadata: { ...old.metadata, annotations: { a: 'b' } } }),
      generation({ ...old, status: { x: 1 } }),
    ]).toEqual([4, 5, 5, 4]);
  });
});

describe('structure', () => {
  it('names type errors as Go does and lists unknown fields', () => {
    const wrong = { ...deployment({ replicas: '3', foo: 1 }) };
    const { errors, unknownFields } = checkStructure('V1Deployment', wrong);
    expect(errors).toEqual([
      {
        field: 'spec.replicas',
        message: 'Invalid value: "string": must be of type integer',
        decodeError: 'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
      },
    ]);
    expect(strictDecodingError(unknownFields.map(unknownField))).toBe('strict decoding error: unknown field "spec.foo"');
    expect(
      checkStructure(
        'V1Pod',
        pod({ containers: [c({ env: [{ name: 'A', value: 1 }], resources: { limits: { cpu: 1, memory: 'lots' } } })] }),
      ).errors.map((e) => e.decodeError),
    ).toEqual([
      'json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string',
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ]);
  });
});
