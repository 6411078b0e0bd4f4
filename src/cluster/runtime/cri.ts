/** The Container Runtime Interface, as far as a kubelet uses it. Upstream: staging/src/k8s.io/cri-api/pkg/apis/runtime/v1/api.proto (v1.36). */
import type { V1Container, V1EnvVar, V1ResourceRequirements } from '../../api/schema/kubernetes.ts';
import type { PortMapping } from '../network/host-ports.ts';
import type { ResolvConf } from '../network/resolver.ts';
import type { SharedFolder } from './shared-files.ts';
import type { Mount } from './shell/files.ts';
import type { HttpCall, Typed } from './process-protocol.ts';
import type { LinuxUser } from './linux-user.ts';

export interface PodIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly attempt: number;
  /** The pod's other containers wait until it has ended. */
  readonly isAwaited?: true;
  /** The pod's containers see each other's processes. Upstream: NamespaceOption.pid = POD. */
  readonly sharesPids?: true;
  /** It joins the processes of that container. Upstream: NamespaceOption.pid = TARGET. */
  readonly targets?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly V1EnvVar[];
  /** Without one, root. */
  readonly user?: LinuxUser;
  /** Path → text of what is mounted; and the folders that are the pod's or the machine's. */
  readonly files?: Readonly<Record<string, string>>;
  readonly shared?: readonly SharedFolder[];
  readonly mounts?: readonly Mount[];
  readonly ports: readonly { readonly port: number; readonly name?: string; readonly protocol: string }[];
  readonly spec: V1Container;
}

export type CriCall = { readonly protocol: 'cri' } & (
  | {
      readonly verb: 'RunPodSandbox';
      readonly pod: PodIdentity;
      readonly attempt: number;
      readonly hostNetwork: boolean;
      readonly hostname: string;
      readonly dns?: ResolvConf;
      readonly portMappings?: readonly PortMapping[];
    }
  | { readonly verb: 'StopPodSandbox'; readonly sandbox: string }
  | { readonly verb: 'RemovePodSandbox'; readonly sandbox: string }
  | { readonly verb: 'PullImage'; readonly image: string }
  | { readonly verb: 'ImageStatus'; readonly image: string }
  | { readonly verb: 'CreateContainer'; readonly sandbox: string; readonly container: ContainerSpec }
  | { readonly verb: 'StartContainer'; readonly container: string }
  | { readonly verb: 'StopContainer'; readonly container: string; readonly timeoutUs: number }
  | { readonly verb: 'RemoveContainer'; readonly container: string }
  | { readonly verb: 'UpdateContainerResources'; readonly container: string; readonly resources: V1ResourceRequirements }
  | { readonly verb: 'ListPods' }
  /** Of one pod, by its uid. */
  | { readonly verb: 'ListContainers'; readonly pod: string }
  | { readonly verb: 'ReadLogs'; readonly container: string }
  | { readonly verb: 'PortForward'; readonly sandbox: string; readonly stream?: Stream }
  | {
      readonly verb: 'ExecSync';
      readonly container: string;
      readonly command: readonly string[];
      /** Its sleeps are not skipped. */
      readonly takesTime?: true;
      readonly typed?: Typed;
    }
);

/** One connection of a tunnel to a pod. */
export interface Stream {
  readonly port: number;
  readonly payload: HttpCall;
}

export interface CriReply {
  readonly protocol: 'cri';
  readonly verb: CriCall['verb'];
  readonly error?: string;
  readonly sandbox?: string;
  readonly ip?: string;
  readonly container?: string;
  readonly image?: { readonly id: string; readonly sizeBytes: number };
  readonly tookUs?: number;
  readonly sandboxes?: readonly Sandbox[];
  readonly containers?: readonly RuntimeContainer[];
  readonly lines?: readonly LogLine[];
  /** Of a stream: what came back. */
  readonly payload?: unknown;
  readonly exec?: { readonly exitCode: number; readonly stdout: string; readonly stderr: string; readonly error?: string };
}

/** containerd tells the kubelet what happened by itself. */
export interface ContainerEvent {
  readonly protocol: 'cri-event';
  readonly type: 'CONTAINER_STARTED' | 'CONTAINER_STOPPED' | 'SANDBOX_STOPPED';
  readonly sandbox: string;
  readonly container?: string;
  readonly state?: RuntimeContainer;
}

export interface Sandbox {
  readonly id: string;
  readonly dns?: ResolvConf;
  readonly pod: PodIdentity;
  readonly attempt: number;
  readonly hostNetwork: boolean;
  readonly hostname: string;
  readonly ip: string;
  readonly isReady: boolean;
  readonly address: string;
  readonly createdAt: number;
}
export interface RuntimeContainer {
  readonly id: string;
  readonly sandbox: string;
  readonly pod: PodIdentity;
  readonly name: string;
  readonly image: string;
  readonly imageId: string;
  /** As the runtime calls it: 'docker.io/library/nginx:1.29'. */
  readonly imageName?: string;
  readonly attempt: number;
  readonly state: 'CREATED' | 'RUNNING' | 'EXITED';
  readonly exitCode: number;
  readonly reason: string;
  readonly message?: string;
  readonly createdAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly address: string;
  readonly spec: ContainerSpec;
}
export interface LogLine {
  readonly at: number;
  readonly text: string;
}
