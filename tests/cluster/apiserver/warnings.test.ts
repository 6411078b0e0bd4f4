/** What the apiserver accepts and warns of. The sentences are those of pkg/api/pod/warnings_test.go, pkg/api/service/warnings_test.go and the kinds' strategies (v1.36). */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../../src/engine/headless.ts';
import { askOf } from './ask.ts';

const cluster = openCluster({ seed: 3 });
const ask = askOf(cluster);
const PODS = '/api/v1/namespaces/default/pods';
const warned = (answer: { readonly status: number; readonly headers: Record<string, string> }): readonly string[] => {
  expect(answer.status, JSON.stringify(answer)).toBeLessThan(300);
  return [...(answer.headers.warning ?? '').matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text.replaceAll('\\"', '"'));
};
const container = { name: 'c', image: 'nginx:1.29' };
let n = 0;
const pod = (spec: object, metadata: object = {}): readonly string[] =>
  warned(
    ask('POST', `${PODS}?dryRun=All`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `p${n++}`, ...metadata },
      spec: { containers: [container], ...spec },
    }),
  );
const one = (fields: object): readonly string[] => pod({ containers: [{ ...container, ...fields }] });

describe('warnings of pods', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['nothing of a plain pod', pod({}), []],
    [
      'an old label in a selector',
      pod({ nodeSelector: { 'beta.kubernetes.io/arch': 'amd64', disk: 'ssd' } }),
      ['spec.nodeSelector[beta.kubernetes.io/arch]: deprecated since v1.14; use "kubernetes.io/arch" instead'],
    ],
    ['nothing of a label that is named as a property of every object', pod({ nodeSelector: { constructor: 'a', toString: 'b' } }), []],
    [
      'an old label in an affinity',
      pod({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'failure-domain.beta.kubernetes.io/zone', operator: 'Exists' }] }],
            },
          },
        },
      }),
      [
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key: failure-domain.beta.kubernetes.io/zone is deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
      ],
    ],
    [
      'constraints that match no pod',
      pod({
        topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }],
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone' }] } },
      }),
      [
        'spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod',
        'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: a null labelSelector results in matching no pod',
      ],
    ],
    [
      'an annotation that does nothing any more',
      pod({}, { annotations: { 'scheduler.alpha.kubernetes.io/critical-pod': '' } }),
      [
        'metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead',
      ],
    ],
    [
      'secrets and aliases twice, and one without a name',
      pod({ imagePullSecrets: [{ name: 'a' }, { name: 'a' }], hostAliases: [{ ip: '1.1.1.1' }, { ip: '1.1.1.1' }] }),
      ['spec.hostAliases[1].ip: duplicate ip "1.1.1.1"', 'spec.imagePullSecrets[1].name: duplicate name "a"'],
    ],
    [
      'parts of a byte',
      one({ resources: { limits: { memory: '4000m' }, requests: { memory: '1500m', 'ephemeral-storage': '0.5' } } }),
      [
        'spec.containers[0].resources.requests[memory]: fractional byte value "1500m" is invalid, must be an integer',
        'spec.containers[0].resources.requests[ephemeral-storage]: fractional byte value "500m" is invalid, must be an integer',
      ],
    ],
    [
      'a variable that hides another, but not one that builds on it',
      one({
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
          { name: 'B', value: 'b' },
          { name: 'B', value: '$(B)c' },
        ],
      }),
      ['spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
    ],
    [
      'a port twice, in two containers',
      pod({
        containers: [
          { ...container, ports: [{ containerPort: 80 }] },
          { ...container, name: 'd', ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }] },
        ],
      }),
      ['spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]'],
    ],
    [
      'a port with and without a port of the machine',
      one({ ports: [{ containerPort: 80 }, { containerPort: 80, hostPort: 8080 }] }),
      ['spec.containers[0].ports[1]: overlapping port definition with spec.containers[0].ports[0]'],
    ],
    [
      'an address of the machine without a port there',
      one({ ports: [{ containerPort: 80, hostIP: '127.0.0.1' }] }),
      ['spec.containers[0].ports[0]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:80 Protocol:TCP HostIP:127.0.0.1}'],
    ],
    [
      'a name that makes a strange hostname',
      pod({}, { name: 'www.shop' }),
      [
        "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
      ],
    ],
  ])('%s', (_, found, expected) => expect(found).toEqual(expected));
});

describe('warnings of what makes pods', () => {
  const apps = (plural: string, kind: string, name: string, env: readonly object[]) => ({
    path: `/apis/apps/v1/namespaces/default/${plural}`,
    body: {
      apiVersion: 'apps/v1',
      kind,
      metadata: { name },
      spec: {
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ ...container, env }] } },
      },
    },
  });
  const TWICE = [{ name: 'A' }, { name: 'A' }];
  const HIDDEN = 'spec.template.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply';

  it.each([
    ['deployments', 'Deployment'],
    ['replicasets', 'ReplicaSet'],
  ])('%s: the name of their pods, and the template', (plural, kind) => {
    const { path, body } = apps(plural, kind, 'my.app', TWICE);
    expect(warned(ask('POST', `${path}?dryRun=All`, body))).toEqual([
      'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]',
      HIDDEN,
    ]);
  });

  it('an update: only when the spec has changed', () => {
    const { path, body } = apps('daemonsets', 'DaemonSet', 'agent', TWICE);
    expect(warned(ask('POST', path, body))).toEqual([HIDDEN]);
    expect(warned(ask('PUT', `${path}/agent`, { ...body, metadata: { name: 'agent', labels: { a: 'b' } } }))).toEqual([]);
    expect(warned(ask('PUT', `${path}/agent`, { ...body, spec: { ...body.spec, minReadySeconds: 5 } }))).toEqual([HIDDEN]);
  });

  it('kubectl prints them', () => {
    const { body } = apps('deployments', 'Deployment', 'shop', TWICE);
    expect(cluster.kubectl('apply -f -', JSON.stringify(body))).toEqual({
      stdout: 'deployment.apps/shop created\n',
      stderr: `Warning: ${HIDDEN}\n`,
      exitCode: 0,
    });
  });
});

describe('warnings of Services', () => {
  it.each<[object, readonly string[]]>([
    [{}, []],
    [{ externalIPs: ['192.0.2.1'] }, ['spec.externalIPs is deprecated and may no longer be implemented in some clusters']],
    [
      { clusterIP: 'None', externalIPs: ['192.0.2.1'], sessionAffinity: 'ClientIP' },
      ['spec.externalIPs is ignored for headless services', 'spec.SessionAffinity is ignored for headless services'],
    ],
    [{ externalName: 'example.com' }, ['spec.externalName is ignored when spec.type is not "ExternalName"']],
    [{ trafficDistribution: 'PreferClose' }, ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"']],
  ])('%j', (spec, expected) => {
    const body = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec },
    };
    expect(warned(ask('POST', '/api/v1/namespaces/default/services?dryRun=All', body))).toEqual(expected);
  });
});
