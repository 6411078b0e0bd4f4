/** What the parts say when they are asked what they cannot be asked: one sentence, and never a TypeError from within. Objects with nulls are read as Go reads them: encoding/json, "The JSON null value unmarshals into … by setting that Go value to nil" or has no effect. */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { admit, chainName, dnsAnswer, patch, podStatus, proxyRules, reconcile, schedule, table, tables } from '../../src/engine/parts.ts';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default' },
  spec: { containers: [{ name: 'c', image: 'i' }] },
};
const node = { metadata: { name: 'n' }, status: { allocatable: { cpu: '1', memory: '1Gi', pods: '110' } } };
const now = '2026-01-01T00:00:00Z';

describe('a part that is asked in vain', () => {
  it.each<readonly [(ask: never) => unknown, unknown, string]>([
    [schedule, undefined, 'schedule: request is an object, not undefined'],
    [schedule, { nodes: [] }, 'schedule: request: pod is an object, not undefined'],
    [schedule, { pod, nodes: node }, 'schedule: request: nodes is a list, not an object'],
    [schedule, { pod, nodes: [null] }, 'schedule: request: nodes[0] is an object, not null'],
    [
      schedule,
      { pod: { spec: { containers: 'c' } }, nodes: [] },
      'schedule: request: pod: json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      schedule,
      { pod, nodes: [], objects: [{ ...pod, spec: 1 }] },
      'objects[0]: json: cannot unmarshal number into Go struct field Pod.spec of type v1.PodSpec',
    ],
    [
      schedule,
      { pod, nodes: [node], configuration: { profiles: [{ plugins: { score: { enabled: [{ name: 'Luck' }] } } }] } },
      'schedule: schedulerConfiguration: profile default-scheduler: score plugin "Luck" does not exist',
    ],
    [podStatus, { pod, now }, 'podStatus: request: containers is a list, not undefined'],
    [podStatus, { pod, now, containers: ['c'] }, 'what is known of a container is an object with a name, not "c"'],
    [podStatus, { pod, containers: [] }, 'podStatus: request: now is a string, not undefined'],
    [proxyRules, {}, 'proxyRules: request: services is a list, not undefined'],
    [
      proxyRules,
      { services: [], endpointSlices: [], config: { clusterCIDR: 1 } },
      'proxyRules: request: config: clusterCIDR is a string, not 1',
    ],
    [
      proxyRules,
      { services: [{ spec: { ports: [{ port: '80' }] } }], endpointSlices: [] },
      'services[0]: json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32',
    ],
    [(r) => reconcile('deployment', r), null, 'reconcile: request is an object, not null'],
    [(r) => reconcile(r, { key: 'a/b', objects: [] }), 5, 'reconcile: controller is a string, not 5'],
    [(r) => reconcile('deployment', r), { key: 'a/b', objects: [7] }, 'reconcile: request: objects[0] is an object, not 7'],
    [admit, 'x', 'admit: request is an object, not "x"'],
    [patch, { type: 'merge', patch: {} }, 'patch: request: object is an object, not undefined'],
    [(r) => dnsAnswer({ objects: [] }, r), {}, 'dnsAnswer: query: name is a string, not undefined'],
    [(r) => chainName(r, 'a/b', 'tcp'), undefined, 'chainName: prefix is a string, not undefined'],
    [table, undefined, 'table: objects is an object, several or a List, not undefined'],
    [tables, [1], 'table: objects[0] is an object, not 1'],
    [(r) => table([pod], r), 'wide', 'table: options is an object, not "wide"'],
  ])('%o %j', (ask, given, why) => expect(() => ask(given as never)).toThrow(why));

  it('reads nulls as Go does', () => {
    const bare = {
      ...pod,
      metadata: { ...pod.metadata, labels: null },
      spec: {
        containers: [null, ...pod.spec.containers],
        tolerations: null,
        nodeSelector: null,
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: null } } },
      },
      status: null,
    };
    expect(schedule({ pod: bare as never, nodes: [node] }).refusals.map(({ reason }) => reason)).toEqual([
      "node(s) didn't match Pod's node affinity/selector",
    ]);
    expect(podStatus({ pod: { spec: { containers: [null] } } as never, containers: [], now }).phase).toBe('Pending');
    expect(table(bare as never).rows[0][1]).toBe('0/2');
  });
  it('takes Dates, as the official client has them', () =>
    expect(
      reconcile('deployment', {
        key: 'default/x',
        objects: [{ ...pod, metadata: { ...pod.metadata, creationTimestamp: new Date(0) as unknown as string } }],
      }).writes,
    ).toEqual([]));
});

it('what a cluster hands a watch to is a function, and headers are strings', () => {
  const cluster = openCluster({ topology: { workers: 0 } });
  const before = cluster.digest();
  expect(() => cluster.watch('/api/v1/pods', undefined as never)).toThrow('watch: onEvent is a function, not undefined');
  expect(() => cluster.watch('/api/v1/pods', () => undefined, { onEnd: 1 as never })).toThrow('options: onEnd is a function, not 1');
  expect(() => cluster.request({ method: 'GET', path: '/api', headers: { accept: 1 as never } })).toThrow(
    'request: headers is an object of strings, not an object',
  );
  expect(cluster.digest()).toBe(before);
});
