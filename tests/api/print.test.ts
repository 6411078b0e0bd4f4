import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { table } from '../../src/api/machinery/table.ts';
import { toJson, toYaml } from '../../src/api/manifest/print.ts';
import type { V1ContainerStatus, V1Pod } from '../../src/api/schema/kubernetes.ts';
import { textTable } from '../../src/lib/text-table.ts';

const NOW = 1776852000000;
const at = (secondsAgo: number): string => new Date(NOW - secondsAgo * 1000).toISOString().replace('.000', '');

describe('columns', () => {
  it('stand three blanks apart, at least six wide', () => {
    expect(
      textTable([
        ['NAME', 'A', 'AGE'],
        ['kube-system', 'x', '5m'],
      ]),
    ).toBe('NAME          A     AGE\nkube-system   x     5m\n');
  });
  it('a cell stops at its first line break', () => {
    expect(textTable([['a\nb', 'c']])).toBe('a...   c\n');
  });
});

const status = (name: string, state: V1ContainerStatus['state'], more: Partial<V1ContainerStatus> = {}): V1ContainerStatus => ({
  name,
  image: 'i',
  imageID: '',
  ready: false,
  restartCount: 0,
  state,
  ...more,
});
const pod = (more: { spec?: Partial<V1Pod['spec']>; status?: V1Pod['status']; metadata?: V1Pod['metadata'] }): V1Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', creationTimestamp: at(300), ...more.metadata },
  spec: { containers: [{ name: 'c' }], ...more.spec },
  status: more.status,
});
const line = (p: V1Pod): string => table([p], { nowMs: NOW }).rows[0].slice(1, 4).join(' | ');
const running = status('c', { running: { startedAt: at(100) } }, { ready: true });

// pkg/printers/internalversion/printers_test.go TestPrintPod, TestPrintPodWithInitContainers (v1.36)
describe('the STATUS of a pod', () => {
  it.each<[string, V1Pod, string]>([
    ['pending', pod({ status: { phase: 'Pending' } }), '0/1 | Pending | 0'],
    ['running', pod({ status: { phase: 'Running', containerStatuses: [running] } }), '1/1 | Running | 0'],
    [
      'creating',
      pod({ status: { phase: 'Pending', containerStatuses: [status('c', { waiting: { reason: 'ContainerCreating' } })] } }),
      '0/1 | ContainerCreating | 0',
    ],
    [
      'crashing',
      pod({
        status: {
          phase: 'Running',
          containerStatuses: [
            status(
              'c',
              { waiting: { reason: 'CrashLoopBackOff' } },
              { restartCount: 2, lastState: { terminated: { exitCode: 1, finishedAt: at(5) } } },
            ),
          ],
        },
      }),
      '0/1 | CrashLoopBackOff | 2 (5s ago)',
    ],
    [
      'done',
      pod({ status: { phase: 'Succeeded', containerStatuses: [status('c', { terminated: { exitCode: 0, reason: 'Completed' } })] } }),
      '0/1 | Completed | 0',
    ],
    [
      'an exit code',
      pod({ status: { phase: 'Failed', containerStatuses: [status('c', { terminated: { exitCode: 3 } })] } }),
      '0/1 | ExitCode:3 | 0',
    ],
    [
      'a signal',
      pod({ status: { phase: 'Failed', containerStatuses: [status('c', { terminated: { exitCode: 137, signal: 9 } })] } }),
      '0/1 | Signal:9 | 0',
    ],
    [
      'one of two done',
      pod({
        spec: { containers: [{ name: 'a' }, { name: 'c' }] },
        status: {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'True' }],
          containerStatuses: [status('a', { terminated: { exitCode: 0, reason: 'Completed' } }), running],
        },
      }),
      '1/2 | Running | 0',
    ],
    [
      'one of two done, not ready',
      pod({
        spec: { containers: [{ name: 'a' }, { name: 'c' }] },
        status: { phase: 'Running', containerStatuses: [status('a', { terminated: { exitCode: 0, reason: 'Completed' } }), running] },
      }),
      '1/2 | NotReady | 0',
    ],
    [
      'going',
      pod({ metadata: { deletionTimestamp: at(3) }, status: { phase: 'Running', containerStatuses: [running] } }),
      '1/1 | Terminating | 0',
    ],
    [
      'gone already',
      pod({
        metadata: { deletionTimestamp: at(3) },
        status: { phase: 'Succeeded', containerStatuses: [status('c', { terminated: { exitCode: 0, reason: 'Completed' } })] },
      }),
      '0/1 | Completed | 0',
    ],
    [
      'lost with its machine',
      pod({ metadata: { deletionTimestamp: at(3) }, status: { phase: 'Running', reason: 'NodeLost' } }),
      '0/1 | Unknown | 0',
    ],
    ['evicted', pod({ status: { phase: 'Failed', reason: 'Evicted' } }), '0/1 | Evicted | 0'],
    [
      'gated',
      pod({ status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] } }),
      '0/1 | SchedulingGated | 0',
    ],
    [
      'initialising',
      pod({
        spec: { initContainers: [{ name: 'i' }, { name: 'j' }] },
        status: { phase: 'Pending', initContainerStatuses: [status('i', { terminated: { exitCode: 0 } }), status('j', { running: {} })] },
      }),
      '0/1 | Init:1/2 | 0',
    ],
    [
      'failing to initialise',
      pod({
        spec: { initContainers: [{ name: 'i' }] },
        status: {
          phase: 'Pending',
          initContainerStatuses: [
            status(
              'i',
              { waiting: { reason: 'CrashLoopBackOff' } },
              { restartCount: 3, lastState: { terminated: { exitCode: 1, finishedAt: at(20) } } },
            ),
          ],
        },
      }),
      '0/1 | Init:CrashLoopBackOff | 3 (20s ago)',
    ],
    [
      'restarts of init containers are forgotten',
      pod({
        spec: { initContainers: [{ name: 'i' }] },
        status: {
          phase: 'Running',
          conditions: [{ type: 'Initialized', status: 'True' }],
          initContainerStatuses: [status('i', { terminated: { exitCode: 0 } }, { restartCount: 3 })],
          containerStatuses: [running],
        },
      }),
      '1/1 | Running | 0',
    ],
    [
      'with a sidecar',
      pod({
        spec: { initContainers: [{ name: 's', restartPolicy: 'Always' }] },
        status: {
          phase: 'Running',
          initContainerStatuses: [status('s', { running: {} }, { started: true, ready: true, restartCount: 1 })],
          containerStatuses: [running],
        },
      }),
      '2/2 | Running | 1',
    ],
  ])('%s', (_, p, expected) => {
    expect(line(p)).toBe(expected);
  });
});

describe('kubectl get', () => {
  it('pods, wide and with namespaces', () => {
    const web = pod({
      metadata: { namespace: 'default', labels: { b: '2', a: '1' } },
      spec: { nodeName: 'worker-1' },
      status: { phase: 'Running', podIP: '10.200.1.2', containerStatuses: [running] },
    });
    const { columns, rows } = table([web], { nowMs: NOW });
    expect(textTable([columns, ...rows])).toBe('NAME   READY   STATUS    RESTARTS   AGE\np      1/1     Running   0          5m\n');
    expect(table([web], { nowMs: NOW, wide: true, namespaces: true, labels: true })).toEqual({
      columns: ['NAMESPACE', 'NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE', 'IP', 'NODE', 'NOMINATED NODE', 'READINESS GATES', 'LABELS'],
      rows: [['default', 'p', '1/1', 'Running', '0', '5m', '10.200.1.2', 'worker-1', '<none>', '<none>', 'a=1,b=2']],
    });
    expect(table([web], { nowMs: NOW, showKind: true, labelColumns: ['a'] }).rows[0]).toEqual(['pod/p', '1/1', 'Running', '0', '5m', '1']);
  });
  it.each<[string, object, Record<string, string>]>([
    [
      'a service',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 's', creationTimestamp: at(60) },
        spec: {
          type: 'NodePort',
          clusterIP: '10.254.0.9',
          ports: [
            { port: 80, nodePort: 30080, protocol: 'TCP' },
            { port: 53, protocol: 'UDP' },
          ],
        },
      },
      { TYPE: 'NodePort', 'CLUSTER-IP': '10.254.0.9', 'EXTERNAL-IP': '<none>', 'PORT(S)': '80:30080/TCP,53/UDP', AGE: '60s' },
    ],
    [
      'a deployment',
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'd' },
        spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: {} },
        status: { readyReplicas: 2, updatedReplicas: 1, availableReplicas: 2 },
      },
      { READY: '2/3', 'UP-TO-DATE': '1', AVAILABLE: '2', AGE: '<unknown>' },
    ],
    [
      'a machine',
      {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: 'n', labels: { 'node-role.kubernetes.io/control-plane': '' } },
        spec: { unschedulable: true },
        status: { conditions: [{ type: 'Ready', status: 'Unknown' }], nodeInfo: { kubeletVersion: 'v1.36.0' } },
      },
      { STATUS: 'NotReady,SchedulingDisabled', ROLES: 'control-plane', VERSION: 'v1.36.0' },
    ],
    [
      'an event',
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'e' },
        involvedObject: { kind: 'Pod', name: 'p' },
        type: 'Normal',
        reason: 'Pulled',
        message: ' done\n',
        count: 4,
        firstTimestamp: at(600),
        lastTimestamp: at(30),
      },
      { 'LAST SEEN': '30s', TYPE: 'Normal', REASON: 'Pulled', OBJECT: 'pod/p', MESSAGE: 'done' },
    ],
  ])('%s', (_, object, cells) => {
    const { columns, rows } = table([object], { nowMs: NOW });
    expect(Object.fromEntries(columns.map((column, i) => [column, rows[0][i]]))).toMatchObject(cells);
  });
});

describe('-o yaml', () => {
  it('sorts keys, does not indent lists and quotes what YAML 1.1 would misread', () => {
    expect(
      toYaml({
        kind: 'Pod',
        apiVersion: 'v1',
        spec: { containers: [{ name: 'c', args: ['-c', 'a: b', '80', 'yes', ''], empty: {}, none: [] }], x: undefined },
        metadata: { annotations: { y: 'true', note: 'first\nsecond\n' }, creationTimestamp: '2026-04-22T10:00:00Z' },
      }),
    ).toBe(`apiVersion: v1
kind: Pod
metadata:
  annotations:
    note: |
      first
      second
    "y": "true"
  creationTimestamp: "2026-04-22T10:00:00Z"
spec:
  containers:
  - args:
    - -c
    - 'a: b'
    - "80"
    - "yes"
    - ""
    empty: {}
    name: c
    none: []
`);
  });
  it('folds long text at the first blank after column 80', () => {
    const message = 'Failed to pull image "nginx:nope": rpc error: code = NotFound desc = failed to pull and unpack image';
    expect(toYaml({ message })).toBe(
      `message: 'Failed to pull image "nginx:nope": rpc error: code = NotFound desc = failed\n  to pull and unpack image'\n`,
    );
  });
  it.each([
    'a\n\nb',
    'a\n',
    'a\n\n',
    '\n',
    '\na',
    ' a\nb',
    'a \nb',
    'a\tb',
    '\ta\n',
    "it's",
    '"q"',
    '#no',
    'a #b',
    'x:',
    '- a',
    '-',
    '?',
    '!x',
    '&x',
    '*x',
    '%x',
    '@x',
    '`x',
    '{',
    '[',
    ']',
    ',',
    '~',
    'null',
    '0x1f',
    '1e3',
    '1_000',
    '0o7',
    '1:30',
    '.5',
    '-.inf',
    '2026-01-01',
    'é😀',
    '\u0000\u001b\u0085',
    ' lead',
    'trail ',
    '---',
    '...',
    'a'.repeat(200),
    'word '.repeat(60).trim(),
    `"${'x y '.repeat(40)}`,
    `\t${'x  y '.repeat(40)}`,
  ])('%j comes back', (text) => {
    expect(parse(toYaml({ a: [text], b: { [text]: text } }), { version: '1.1' })).toEqual({ a: [text], b: { [text]: text } });
  });
  it('-o json indents by four and escapes as Go', () => {
    expect(toJson({ b: 1, a: ['<x>'] })).toBe('{\n    "a": [\n        "\\u003cx\\u003e"\n    ],\n    "b": 1\n}\n');
  });
});
