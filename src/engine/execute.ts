/** Carries a user's command into a world. Every command leaves a spawn, an exit or a note without causes: the roots of all causes. */
import { startMachine, kubeletConfig, apiAddress, type PowerOn } from '../cluster/boot/power-on.ts';
import { LAPTOP, laptopKernel, LOOPBACK } from '../cluster/network/laptop.ts';
import { BEYOND, OUTSIDE } from '../cluster/network/routes.ts';
import { parseTarget } from '../cluster/network/target.ts';
import type { ResolvConf } from '../cluster/network/resolver.ts';
import type { PauseConfig } from '../cluster/runtime/pause.ts';
import { exitActor, breakConnections, pauseActor, powerOffHost, spawnActor } from '../kernel/step.ts';
import type { Recorder } from '../kernel/trace.ts';
import { NO_CAUSES, partitionKey, type World } from '../kernel/world.ts';
import { wrongFault } from './fault-rules.ts';
import type { Command, Fault } from './session.ts';

const BORN = { parent: '', causes: NO_CAUSES, background: false, cause: 0 } as const;
const RESTART_US = 1_000_000;

/** `n` counts the session's commands from 1. Throws an Error when the command names nothing that is there. */
export function execute(world: World, power: PowerOn, command: Command, n: number, record?: Recorder): void {
  switch (command.do) {
    case 'kubectl': {
      const { args, stdin, isTerminal } = command;
      const config = { api: apiAddress(power.plan), args, stdin, epochMs: power.epochMs, session: n };
      onLaptop(world, `kubectl-${n}`, 'kubectl', isTerminal ? { ...config, isTerminal } : config, record);
      return;
    }
    case 'request': {
      const { request, as, isWatch = false } = command;
      onLaptop(world, `client-${n}`, 'client', { api: apiAddress(power.plan), request, as, isWatch, session: n }, record);
      return;
    }
    case 'connect': {
      const { from, to, method, host, protocol, sourcePort } = command.connect;
      const target = parseTarget(to, protocol);
      if (from === LAPTOP && target.host !== 'localhost' && target.host !== LOOPBACK)
        throw new Error(
          `from the laptop there is localhost alone, not ${target.host}: what comes from outside the cluster comes from 'internet'`,
        );
      startProgram(
        world,
        power,
        {
          from,
          n,
          role: 'curl',
          config: { target, method: method ?? 'GET', hostHeader: host ?? target.host, ...(sourcePort === undefined ? {} : { sourcePort }) },
        },
        record,
      );
      return;
    }
    case 'lookup':
      startProgram(
        world,
        power,
        { from: command.lookup.from, n, role: 'dig', config: { name: command.lookup.name, type: command.lookup.type ?? 'A' } },
        record,
      );
      return;
    case 'type':
      onLaptop(world, `keyboard-${n}`, 'keyboard', { client: command.client, text: command.text, session: n }, record);
      return;
    case 'hang-up':
      exitActor(world, command.client, { reason: 'hung up' }, 0, record);
      return;
    default: {
      const wrong = wrongFault(world, power, command);
      if (wrong !== undefined) throw new Error(wrong);
      doFault(world, power, command, record);
    }
  }
}

/** A program of the user's begins. */
function onLaptop(world: World, name: string, role: string, config: object, record?: Recorder): void {
  spawnActor(world, { address: `${LAPTOP}/${name}`, role, host: LAPTOP, config }, BORN, record);
}

function doFault(world: World, power: PowerOn, command: Fault, record?: Recorder): void {
  switch (command.do) {
    case 'partition':
      world.partitions.add(partitionKey(command.a, command.b));
      breakConnections(world, command.a, command.b);
      return;
    case 'heal':
      world.partitions.delete(partitionKey(command.a, command.b));
      return;
    case 'slow': {
      const { a, b, factor } = command;
      const where = a === '' || b === '' ? a || b : partitionKey(a, b);
      if (factor === 1) world.slowness.delete(where);
      else world.slowness.set(where, Math.round(factor));
      return;
    }
    default:
      happenTo(world, power, command.do, command.what, record);
  }
}

/** Runs curl or dig where the user says: 'namespace/pod', 'node/worker-1', 'internet' or 'laptop', where kubectl runs. */
function startProgram(
  world: World,
  power: PowerOn,
  { from, n, role, config }: { readonly from: string; readonly n: number; readonly role: 'curl' | 'dig'; readonly config: object },
  record?: Recorder,
): void {
  const { host, ns, dns, at } = placeOf(world, power, from, record);
  spawnActor(
    world,
    { address: `${at}/${role}-${n}`, role, host, config: { ...config, linux: `${host}/linux`, ns, session: n, ...(dns ? { dns } : {}) } },
    BORN,
    record,
  );
}

interface Where {
  readonly host: string;
  readonly ns: string;
  readonly at: string;
  readonly dns?: ResolvConf;
}
function placeOf(world: World, power: PowerOn, from: string, record?: Recorder): Where {
  if (from === BEYOND) return { host: BEYOND, ns: OUTSIDE, at: BEYOND };
  if (from === LAPTOP) {
    if (!world.actors.has(laptopKernel.address)) spawnActor(world, laptopKernel, BORN, record);
    return { host: LAPTOP, ns: LOOPBACK, at: LAPTOP };
  }
  if (from.startsWith('node/')) {
    const machine = power.plan.machines.find((m) => m.name === from.slice(5));
    if (!machine || !world.actors.has(`${machine.name}/linux`)) throw new Error(`there is no machine ${from.slice(5)}, or it is off`);
    return { host: machine.name, ns: machine.ip, at: machine.name };
  }
  const pause = world.actors.get(`${from}/pause`);
  if (!pause) throw new Error(`pod ${from} is not running: it has no sandbox`);
  const { ip, dns } = pause.config as PauseConfig;
  return { host: pause.host, ns: ip, at: from, ...(dns ? { dns } : {}) };
}

function happenTo(
  world: World,
  power: PowerOn,
  what: 'kill' | 'stop' | 'start' | 'pause' | 'resume',
  target: string,
  record?: Recorder,
): void {
  const machine = power.plan.machines.find((m) => m.name === target);
  if (machine) {
    if (what === 'start') {
      world.downHosts.delete(target);
      startMachine(world, power, machine, record);
      return;
    }
    if (what === 'kill' || what === 'stop') {
      powerOffHost(world, target, 0, record);
      return;
    }
    for (const actor of world.actors.values()) if (actor.host === target) pauseActor(world, actor.address, what === 'pause');
    return;
  }
  const [host, part] = target.split('/');
  if (what === 'start') {
    if (!world.actors.has(target)) startPart(world, power, host, part, 0, record);
    return;
  }
  if (what === 'pause' || what === 'resume') {
    pauseActor(world, target, what === 'pause');
    return;
  }
  const isService = part === 'kubelet' || part === 'containerd';
  exitActor(world, target, { exitCode: 137, reason: 'Error' }, 0, record);
  if (what === 'kill' && isService) startPart(world, power, host, part, RESTART_US, record);
}

/** systemd starts a machine's service (again). */
function startPart(world: World, power: PowerOn, host: string, part: string, afterUs: number, record?: Recorder): void {
  const machine = power.plan.machines.find((m) => m.name === host);
  if (!machine) return;
  if (part === 'kubelet')
    spawnActor(world, { address: `${host}/kubelet`, role: 'kubelet', host, config: kubeletConfig(power, machine), afterUs }, BORN, record);
  else startMachine(world, power, machine, record);
}
