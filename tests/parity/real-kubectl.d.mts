import type { Cluster } from '../../src/engine/headless.ts';
export interface Said {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}
export type Step = readonly [args: readonly string[], stdin?: string];
export function kubectlVersion(): Promise<string | undefined>;
export function kubectlSays(cluster: Cluster, steps: readonly Step[]): Promise<readonly Said[]>;
