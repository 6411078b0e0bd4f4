/** Carries a user's command into a world. Every command leaves a spawn, an exit or a note without causes: the roots of all causes. */
import { startMachine, kubeletConfig, apiAddress, type PowerOn } from '../cluster/boot/power-on.ts';
import { exitActor, breakConnections, pauseActor, powerOffHost, spawnActor } from '../kernel/step.ts';
import type { Recorder } from '../kernel/trace.ts';
import { NO_CAUSES, partitionKey, type World } from '../kernel/world.ts';
import type { Command } from './session.ts';

const BORN = { parent: '', causes: NO_CAUSES, background: false, cause: 0 } as const;
const RESTART_US = 1_000_000;

/** `n` counts the session's commands from 1. Throws an Error when the command names nothing that is there. */
export function execute(world: World, power: PowerOn, command: Command, n: number, record?: Recorder): void {
  switch (command.do) {
    case 'kubectl': spawnActor(world, { address: `laptop/kubectl-${n}`, role: 'kubectl', host: 'laptop', config: { api: apiAddress(power.plan), args: command.args, stdin: command.stdin, epochMs: power.epochMs, session: n } }, BORN, record); return;
    case 'request': spawnActor(world, { address: `laptop/client-${n}`, role: 'client', host: 'laptop', config: { api: apiAddress(power.plan), request: command.request, as: command.as, isWatch: command.isWatch ?? false, session: n } }, BORN, record); return;
    case 'connect': spawnActor(world, { address: `${machineOf(world, power, command.connect.from)}/curl-${n}`, role: 'curl', host: machineOf(world, power, command.connect.from), config: { ...command.connect, session: n } }, BORN, record); return;
    case 'hang-up': exitActor(world, command.client, { reason: 'hung up' }, 0, record); return;
    case 'partition': world.partitions.add(partitionKey(command.a, command.b)); breakConnections(world, command.a, command.b); return;
    case 'heal': world.partitions.delete(partitionKey(command.a, command.b)); return;
    case 'slow': for (const host of [command.a, command.b]) if (host !== '') { if (command.factor === 1) world.slowness.delete(host); else world.slowness.set(host, Math.max(1, Math.round(command.factor))); } return;
    default: fault(world, power, command.do, command.what, record);
  }
}

/** The machine that a connection starts on: 'node/worker-1', 'internet', or the one a pod is on. */
function machineOf(world: World, power: PowerOn, from: string): string {
  if (from.startsWith('node/')) return from.slice(5);
  if (from === 'internet') return power.plan.machines[power.plan.machines.length - 1].name;
  const pause = world.actors.get(`${from}/pause`);
  if (!pause) throw new Error(`pod ${from} is not running: it has no sandbox`);
  return pause.host;
}

function fault(world: World, power: PowerOn, what: 'kill' | 'stop' | 'start' | 'pause' | 'resume', target: string, record?: Recorder): void {
  const machine = power.plan.machines.find((m) => m.name === target);
  if (machine) {
    if (what === 'start') { world.downHosts.delete(target); startMachine(world, power, machine, record); return; }
    if (what === 'kill' || what === 'stop') { powerOffHost(world, target, 0, record); return; }
    for (const actor of world.actors.values()) if (actor.host === target) pauseActor(world, actor.address, what === 'pause');
    return;
  }
  const [host, part] = target.split('/');
  const home = power.plan.machines.find((m) => m.name === host);
  if (what === 'start') {
    if (!home || world.actors.has(target)) return;
    startPart(world, power, host, part, 0, record);
    return;
  }
  if (!world.actors.has(target)) throw new Error(`nothing runs at ${target}`);
  if (what === 'pause' || what === 'resume') { pauseActor(world, target, what === 'pause'); return; }
  const isService = part === 'kubelet' || part === 'containerd';
  exitActor(world, target, { exitCode: 137, reason: 'Error' }, 0, record);
  if (what === 'kill' && isService && home) startPart(world, power, host, part, RESTART_US, record);
}

/** systemd starts a machine's service (again). */
function startPart(world: World, power: PowerOn, host: string, part: string, afterUs: number, record?: Recorder): void {
  const machine = power.plan.machines.find((m) => m.name === host);
  if (!machine) return;
  if (part === 'kubelet') spawnActor(world, { address: `${host}/kubelet`, role: 'kubelet', host, config: kubeletConfig(power, machine), afterUs }, BORN, record);
  else startMachine(world, power, machine, record);
}
