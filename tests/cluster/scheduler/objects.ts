/** Small objects for the scheduler's tables. */
import type { V1Node, V1Pod } from '../../../src/api/schema/kubernetes.ts';

type Amounts = Readonly<Record<string, string>>;

export const node = (
  name: string,
  allocatable: Amounts = { cpu: '4', memory: '8Gi', pods: '110' },
  more: Partial<V1Node> = {},
): V1Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  ...more,
  metadata: { name, ...more.metadata, labels: { 'kubernetes.io/hostname': name, ...more.metadata?.labels } },
  status: { allocatable: { pods: '110', ...allocatable }, ...more.status },
});
export const tainted = (name: string, ...taints: { key: string; value?: string; effect: string }[]): V1Node =>
  node(name, undefined, { spec: { taints } });
/** One container for each request. */
export const pod = (name: string, requests: readonly Amounts[] = [], spec: object = {}, metadata: object = {}): V1Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', ...metadata },
  spec: { containers: requests.map((r, i) => ({ name: `c${i}`, image: 'pause', resources: { requests: r } })), ...spec },
});
export const placed = (name: string, machine: string, requests: readonly Amounts[] = [], metadata: object = {}): V1Pod =>
  pod(name, requests, { nodeName: machine }, metadata);

/** Of 'a=b,c'. */
export const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(',')
      .filter(Boolean)
      .map((label) => [label.split('=')[0], label.split('=')[1] ?? '']),
  );

/** A configuration in which one plugin alone has a say, and machines that are unschedulable are out. */
export const alone = (name: string, args: object = {}): object => ({
  profiles: [
    {
      plugins: { multiPoint: { disabled: [{ name: '*' }], enabled: [{ name }, { name: 'NodeUnschedulable' }] } },
      pluginConfig: [{ name, args }],
    },
  ],
});
