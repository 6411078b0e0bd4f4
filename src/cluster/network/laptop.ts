/** The computer that kubectl runs on: of its network there is the loopback, on which programs of one person find each other. */
import type { SpawnOptions } from '../../kernel/component.ts';
import type { LinuxConfig } from './routes.ts';

export const LAPTOP = 'laptop';
export const LOOPBACK = '127.0.0.1';
export const laptopKernel = {
  address: `${LAPTOP}/linux`,
  role: 'linux',
  host: LAPTOP,
  config: { machine: LAPTOP, ip: LOOPBACK, infraCIDR: '', clusterCIDR: '', lan: [] } satisfies LinuxConfig,
} as const satisfies SpawnOptions;
