/** A cluster of two machines, and what upstream's test/e2e/network and test/e2e/framework/network ask of its Services. */
import { AGNHOST, alone, busybox, type Examiner } from './examiner.ts';

export interface Service {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly annotations?: Record<string, string>;
  };
  readonly spec: {
    readonly type: string;
    readonly clusterIP: string;
    readonly externalName?: string;
    readonly ports: readonly {
      readonly name?: string;
      readonly port: number;
      readonly nodePort?: number;
      readonly targetPort: number | string;
    }[];
  };
  readonly status: { readonly loadBalancer?: { readonly ingress?: readonly object[] }; readonly conditions?: readonly object[] };
}
export interface Slice {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly addressType: string;
  readonly ports: readonly { readonly name?: string; readonly port: number; readonly protocol: string }[] | null;
  readonly endpoints:
    | readonly {
        readonly addresses: readonly string[];
        readonly conditions: { readonly ready: boolean; readonly serving: boolean; readonly terminating: boolean };
        readonly targetRef: { readonly name: string };
      }[]
    | null;
}
export const NODES = ['worker-1', 'worker-2'];

export function network() {
  const e: Examiner = alone({ workers: 2 });
  const service = (name: string, spec: object): Service => e.create<Service>('services', { metadata: { name }, spec });
  const serviceOf = (name: string): Service => e.ask<Service>('GET', e.at('services', name)).body;
  const slicesOf = (name: string): readonly Slice[] => e.list<Slice>('endpointslices', `kubernetes.io/service-name=${name}`);
  const server = (name: string, port: number, labels: object, more: object = {}): void => {
    e.pod(
      name,
      {
        containers: [
          { name: 'c', image: AGNHOST, args: ['netexec', `--http-port=${port}`], ports: [{ containerPort: port, name: 'http' }] },
        ],
        terminationGracePeriodSeconds: 1,
        ...more,
      },
      { labels },
    );
  };
  const client = (name: string, nodeName = 'worker-1', more: object = {}): void => {
    e.pod(name, { nodeName, containers: [busybox('sleep 36000')], ...more });
    e.ready(name);
  };
  /** Who answers, 24 times asked. */
  const answers = (from: string, to: string): readonly string[] =>
    [
      ...new Set(
        Array.from({ length: 24 }, () => {
          const { verdict, servedBy } = e.cluster.connect({ from, to });
          return verdict === 'answered' ? (servedBy ?? '?') : verdict;
        }),
      ),
    ].sort((a, b) => (a < b ? -1 : 1));
  const reachable = (from: string, to: string): true => e.until(() => e.cluster.connect({ from, to }).verdict === 'answered', 30);
  const unreachable = (from: string, to: string): true => e.until(() => e.cluster.connect({ from, to }).verdict !== 'answered', 30);
  const endpoints = (name: string, want: Readonly<Record<string, readonly number[]>>): void => {
    const seen = (): string =>
      JSON.stringify(
        Object.fromEntries(
          slicesOf(name)
            .flatMap((s) => (s.endpoints ?? []).map((p) => [p.targetRef.name, (s.ports ?? []).map((port) => port.port)] as const))
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        ),
      );
    e.until(() => seen() === JSON.stringify(want), 30);
  };
  return {
    e,
    service,
    serviceOf,
    slicesOf,
    server,
    client,
    answers,
    reachable,
    unreachable,
    endpoints,
    nodeIp: (node: string): string =>
      e.ask<{ readonly status: { readonly addresses: readonly { readonly address: string }[] } }>('GET', `/api/v1/nodes/${node}`).body
        .status.addresses[0].address,
  };
}
export type Network = ReturnType<typeof network>;
