/** Everything that is there when the power comes on: machines with a runtime and a kubelet, a registry, and kubeadm about to run. */
import { parseReference, familyOf } from '../runtime/images/registry.ts';
import type { ContainerdConfig } from '../runtime/containerd-state.ts';
import type { KubeletConfig } from '../kubelet/kubelet-state.ts';
import { fromManifest } from '../kubelet/static-pods.ts';
import type { Recorder } from '../../kernel/trace.ts';
import { spawnActor } from '../../kernel/step.ts';
import { NO_CAUSES, type World } from '../../kernel/world.ts';
import { systemImages } from './images.ts';
import { bootstrapRequests } from './manifests.ts';
import { staticPods } from './static-pods.ts';
import { dnsAddress, type Machine, type Plan } from './topology.ts';
import { BEYOND, OUTSIDE, type LinuxConfig } from '../network/routes.ts';
import type { KubeadmConfig } from './kubeadm.ts';

export interface PowerOn {
  readonly plan: Plan;
  readonly seed: number;
  readonly epochMs: number;
}

/** When workers run kubeadm join: after kubeadm init is done and the add-ons run, as a person would do it. So CoreDNS lands on the control plane. */
const JOIN_US = 15_000_000;
/** One after the other, so that the first gets the first block of pod addresses; all within a second. */
const JOIN_APART_US = 5_000;
const ALL_JOIN_US = 1_000_000;
const BORN = { parent: '', causes: NO_CAUSES, background: false, cause: 0 } as const;
export const apiAddress = (plan: Plan): string => `${plan.machines[0].name}/kube-apiserver`;

export function powerOn(world: World, power: PowerOn, record?: Recorder): void {
  spawnActor(world, { address: 'registry/registry', role: 'registry', host: 'registry' }, BORN, record);
  const config = linuxConfig(power.plan, BEYOND, OUTSIDE);
  spawnActor(world, { address: `${BEYOND}/linux`, role: 'linux', host: BEYOND, config }, BORN, record);
  for (const machine of power.plan.machines) startMachine(world, power, machine, record);
  const kubeadm: KubeadmConfig = { api: apiAddress(power.plan), requests: bootstrapRequests(power.plan, power.epochMs) };
  spawnActor(
    world,
    {
      address: `${power.plan.machines[0].name}/kubeadm`,
      role: 'kubeadm',
      host: power.plan.machines[0].name,
      config: kubeadm,
      afterUs: 1_000_000,
    },
    BORN,
    record,
  );
}

/** What systemd starts on one machine. */
export function startMachine(world: World, power: PowerOn, machine: Machine, record?: Recorder): void {
  const { name } = machine;
  const spawn = (part: string, config: unknown, afterUs: number): void => {
    if (!world.actors.has(`${name}/${part}`))
      spawnActor(world, { address: `${name}/${part}`, role: part, host: name, config, afterUs }, BORN, record);
  };
  spawn('linux', linuxConfig(power.plan, name, machine.ip), 0);
  spawn('cni', { machine: name, linux: `${name}/linux` }, 0);
  spawn('containerd', containerdConfig(power, machine), 300_000);
  spawn(
    'kubelet',
    kubeletConfig(power, machine),
    machine.isControlPlane
      ? 800_000
      : JOIN_US + Math.floor(Math.min(JOIN_APART_US, ALL_JOIN_US / power.plan.machines.length) * power.plan.machines.indexOf(machine)),
  );
}

/** Every kernel knows who is on the wire. */
const wires = new WeakMap<Plan, LinuxConfig['lan']>();
export function linuxConfig(plan: Plan, machine: string, ip: string): LinuxConfig {
  const lan = wires.get(plan) ?? Object.freeze(plan.machines.map((m) => Object.freeze([m.ip, m.name] as const)));
  wires.set(plan, lan);
  return { machine, ip, infraCIDR: plan.infraCIDR, clusterCIDR: plan.clusterCIDR, lan };
}

function containerdConfig({ plan, seed, epochMs }: PowerOn, { name, ip, shape }: Machine): ContainerdConfig {
  return {
    machine: name,
    ip,
    epochMs,
    seed,
    registry: 'registry/registry',
    kubelet: `${name}/kubelet`,
    cni: `${name}/cni`,
    api: apiAddress(plan),
    images: [...systemImages, ...(shape.images ?? []).flatMap((i) => i.names.slice(0, 1))],
    ...(plan.schedulerConfiguration ? { schedulerConfiguration: plan.schedulerConfiguration } : {}),
  };
}

export function kubeletConfig(power: PowerOn, machine: Machine): KubeletConfig {
  const images = systemImages.map((image) => ({ names: [image], sizeBytes: familyOf(parseReference(image))?.sizeBytes ?? 0 }));
  return {
    machine: machine.name,
    ip: machine.ip,
    api: apiAddress(power.plan),
    epochMs: power.epochMs,
    spec: { ...machine.shape, images: [...images, ...(machine.shape.images ?? [])] },
    staticPods: staticPods(power.plan, machine).map((pod) => fromManifest(pod, machine.name)),
    containerd: `${machine.name}/containerd`,
    cni: `${machine.name}/cni`,
    clusterDns: dnsAddress(power.plan),
  };
}
