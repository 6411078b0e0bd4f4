import type { Txn } from '../../src/cluster/etcd/protocol.ts';
export type EtcdStep =
  | { readonly do: 'txn'; readonly txn: Txn }
  | { readonly do: 'rangeAt'; readonly prefix: string; readonly revision: number }
  | { readonly do: 'compact'; readonly revision: number }
  | { readonly do: 'watch'; readonly prefix: string; readonly from: number };
export function etcdVersion(): string | undefined;
export function askEtcd(steps: readonly EtcdStep[]): Promise<readonly unknown[]>;
