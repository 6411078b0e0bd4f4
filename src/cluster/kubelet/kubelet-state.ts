/** The kubelet: what it was started with, and what it knows of its machine. */
import type { V1Node, V1Pod, V1Taint } from '../../api/schema/kubernetes.ts';
import type { Endpoint } from '../client/api-client.ts';
import type { EventRecorder } from '../client/event-recorder.ts';
import type { Reflectors } from '../client/reflector.ts';
import type { LogsCall } from '../apiserver/kubelet-proxy.ts';
import type { Tunnel } from '../apiserver/port-forward.ts';
import type { ContainerEvent } from '../runtime/cri.ts';
import type { PodWorker } from './known.ts';
import type { Found } from './recovery.ts';

export interface MachineShape {
  readonly cpu: string;
  readonly memory: string;
  readonly pods: number;
  readonly ephemeralStorage: string;
  readonly extended?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly V1Taint[];
  readonly podCIDR?: string;
  readonly podGateway?: string;
  readonly images?: readonly { readonly names: readonly string[]; readonly sizeBytes: number }[];
}

export interface KubeletConfig {
  readonly machine: string;
  readonly ip: string;
  readonly api: string;
  readonly epochMs: number;
  readonly spec: MachineShape;
  readonly staticPods: readonly V1Pod[];
  readonly containerd: string;
  readonly cni: string;
  /** The Service address of the cluster's DNS. */
  readonly clusterDns: string;
}

export interface KubeletState {
  readonly config: KubeletConfig;
  readonly endpoint: Endpoint;
  readonly reflectors: Reflectors;
  readonly workers: Map<string, PodWorker>;
  readonly recorder: EventRecorder;
  node: V1Node | undefined;
  /** Its Node was deleted: nobody makes another until the kubelet starts anew. */
  isForgotten: boolean;
  /** As an Event last said. */
  isUnschedulable: boolean;
  isNetworkReady: boolean;
  isRegistered: boolean;
  /** When it started: its seconds count from here. */
  readonly since: number;
  /** Runtime events not yet looked at, and pods. */
  readonly pleg: ContainerEvent[];
  readonly unseen: Set<string>;
  readonly mirrors: Set<string>;
  /** What the runtime held when this kubelet started; undefined until it answered. */
  runtime: Found | undefined;
  /** When the lease was last renewed. */
  renewedAt: number;
  /** When the runtime was last known to be there, and whether the API was told that it is not. */
  runtimeSeenAt: number;
  isRuntimeDown: boolean;
}

export type Then =
  | { readonly step: 'register' | 'lease' | 'node-status' | 'runtime' }
  | { readonly step: 'logs'; readonly client: { readonly id: number; readonly from: string }; readonly call: LogsCall }
  | { readonly step: 'exec'; readonly client: { readonly id: number; readonly from: string } }
  | {
      readonly step: 'forward';
      readonly client: { readonly id: number; readonly from: string };
      readonly at: NonNullable<Tunnel['at']>;
    }
  | { readonly step: 'list' };
