/** Delivers one message: the only way a world moves. */
import { assert } from '../lib/assert.ts';
import { deepFreeze } from '../lib/deep-freeze.ts';
import { fnv1a32, mix, mix53 } from '../lib/hash.ts';
import { popHeap, pushHeap } from '../lib/heap.ts';
import type { CallOptions, Context, SpawnOptions } from './component.ts';
import type { Fact } from './fact.ts';
import type { Address, EventId, Message, Us } from './message.ts';
import { drawFor } from './rng.ts';
import type { Recorder } from './trace.ts';
import { enqueue, makeActor, NO_CAUSES, ownActor, post, reaches, type Actor, type World } from './world.ts';

const MOST_AT_ONE_INSTANT = 100_000;
/** How long a broken connection goes unnoticed. Upstream: client-go's HTTP/2 health check, read idle 30 s + ping 15 s. */
const HANGUP_US = 45_000_000;

/** The delivery in progress. The simulation is synchronous, so there is never more than one. */
interface Turn {
  world: World;
  actor: Actor;
  message: Message;
  causes: readonly EventId[];
  isBackground: boolean;
  record: Recorder | undefined;
}
let turn: Turn | undefined;

function current(): Turn {
  assert(turn !== undefined, 'a context was used outside its delivery');
  return turn;
}

/** Delivers the next message. Returns false when none is due at or before `until`. */
export function step(world: World, record?: Recorder, until: Us = Number.MAX_SAFE_INTEGER): boolean {
  if (world.queue.items.length === 0 || world.queue.at[0] > until) return false;
  const message = popHeap(world.queue);
  world.taken++;
  if (!message.background) world.foreground--;
  if (world.cancelled.size > 0 && world.cancelled.delete(message.id)) return true;
  if (message.dueAt === world.now)
    assert(
      ++world.atThisInstant <= MOST_AT_ONE_INSTANT,
      `more than ${MOST_AT_ONE_INSTANT} deliveries at ${world.now} µs: a loop without time, last to ${message.to}`,
    );
  else world.atThisInstant = 0;
  world.now = message.dueAt;
  deliver(world, message, record);
  return true;
}

function deliver(world: World, message: Message, record: Recorder | undefined): void {
  const actor = ownActor(world, message.to);
  if (!actor || (message.kind === 'wake' && message.re !== actor.life) || (!actor.isStarted && message.kind !== 'start'))
    return notDelivered(world, message, actor, record);
  if (message.kind !== 'wake' && message.from !== message.to && message.from !== '') {
    const from = world.actors.get(message.from)?.host ?? hostOf(message.from);
    if (!reaches(world, from, actor.host)) {
      record?.lost(message, 'unreachable');
      return;
    }
  }
  if (actor.isPaused) {
    actor.held.push(message);
    return;
  }
  world.delivered++;
  let digest = mix53(mix53(world.digest, message.id), message.dueAt);
  digest = mix53(digest, message.sentAt);
  digest = mix53(digest, message.causes.length > 0 ? message.causes[message.causes.length - 1] : 0);
  world.digest = mix(digest, actor.hash);
  record?.hop(message);
  turn = { world, actor, message, causes: [message.id], isBackground: message.background, record };
  Object.freeze(turn.causes);
  try {
    dispatch(actor, message);
  } finally {
    turn = undefined;
  }
}

function dispatch(actor: Actor, message: Message): void {
  const component = current().world.rules.components.get(actor.role);
  assert(component, `no component plays the role ${actor.role}`);
  switch (message.kind) {
    case 'start':
      actor.state = component.start(actor.config, context, current().world.disks.get(actor.address));
      actor.isStarted = true;
      return;
    case 'reply':
    case 'refused': {
      const call = actor.calls.get(message.re);
      if (!call) return;
      actor.calls.delete(message.re);
      component.answered?.(
        actor.state,
        { outcome: message.kind, from: message.from, body: message.body, re: message.re, id: message.id },
        call.then,
        context,
      );
      return;
    }
    case 'deadline':
      return expire(actor, message);
    default:
      component.handle(actor.state, message, context);
  }
}

/** One pending check per actor serves all its calls. */
function expire(actor: Actor, message: Message): void {
  const { world } = current();
  if (message.re !== 0 && message.re !== actor.life) return;
  actor.deadlineCheckAt = 0;
  let next = 0;
  const expired: EventId[] = [];
  for (const [id, call] of actor.calls) {
    if (call.deadlineAt === 0) continue;
    if (call.deadlineAt <= world.now) expired.push(id);
    else if (next === 0 || call.deadlineAt < next) next = call.deadlineAt;
  }
  const component = world.rules.components.get(actor.role);
  for (const id of expired) {
    const call = actor.calls.get(id);
    if (!call) continue;
    actor.calls.delete(id);
    component?.answered?.(actor.state, { outcome: 'deadline', from: call.to, body: undefined, re: id, id: message.id }, call.then, context);
  }
  if (next > 0) checkDeadlineAt(world, actor, next);
}

function checkDeadlineAt(world: World, actor: Actor, at: Us): void {
  if (actor.deadlineCheckAt !== 0 && actor.deadlineCheckAt <= at) return;
  actor.deadlineCheckAt = at;
  enqueue(
    world,
    actor.address,
    { kind: 'deadline', to: actor.address, body: undefined, re: actor.life, causes: turn?.causes ?? NO_CAUSES, background: true },
    at,
  );
}

/** Nobody at that address: a living machine refuses at once, a dead one is silence. */
function notDelivered(world: World, message: Message, actor: Actor | undefined, record: Recorder | undefined): void {
  if (message.kind === 'wake' || message.kind === 'deadline' || message.kind === 'start') return;
  record?.lost(message, 'nobody there');
  const host = actor?.host ?? hostOf(message.to);
  const sender = world.actors.get(message.from);
  if (!sender || !reaches(world, sender.host, host)) return;
  if (message.kind !== 'call' && message.kind !== 'send') return;
  const kind = message.kind === 'call' ? 'refused' : 'bounced';
  const body = kind === 'bounced' ? message.body : undefined;
  enqueue(
    world,
    message.to,
    { kind, to: message.from, body, re: message.id, causes: [message.id], background: message.background },
    world.now + (message.dueAt - message.sentAt),
  );
}

function hostOf(address: Address): string {
  const slash = address.indexOf('/');
  return slash < 0 ? address : address.slice(0, slash);
}

function causesOf(because: readonly EventId[] | undefined): readonly EventId[] {
  const { causes } = current();
  if (!because || because.length === 0) return causes;
  const more = because.filter((id, i) => id !== causes[0] && id > 0 && because.indexOf(id) === i);
  return more.length > 0 ? Object.freeze([...causes, ...more]) : causes;
}

const context: Context = {
  get self() {
    return current().actor.address;
  },
  get host() {
    return current().actor.host;
  },
  get now() {
    return current().world.now;
  },
  get cause() {
    return current().message.id;
  },
  call(to: Address, body: unknown, then: unknown, options?: CallOptions): EventId {
    const { world, actor, isBackground } = current();
    const background = options?.background ?? isBackground;
    const id = post(world, actor, { kind: 'call', to, body, re: 0, causes: causesOf(options?.because), background });
    const deadlineAt = options?.deadlineUs === undefined ? 0 : world.now + options.deadlineUs;
    actor.calls.set(id, { to, then: deepFreeze(then), deadlineAt, background });
    if (deadlineAt > 0) checkDeadlineAt(world, actor, deadlineAt);
    return id;
  },
  hangUp(call) {
    current().actor.calls.delete(call);
  },
  send(to, body, because) {
    const { world, actor, isBackground } = current();
    return post(world, actor, { kind: 'send', to, body, re: 0, causes: causesOf(because), background: isBackground });
  },
  reply(body, call, because) {
    const { world, actor, message, isBackground } = current();
    const target = call ?? message;
    return post(world, actor, { kind: 'reply', to: target.from, body, re: target.id, causes: causesOf(because), background: isBackground });
  },
  wake(after, body, background) {
    const { world, actor, causes, isBackground } = current();
    return enqueue(
      world,
      actor.address,
      { kind: 'wake', to: actor.address, body, re: actor.life, causes, background: background ?? isBackground },
      world.now + after,
    );
  },
  cancel(wake) {
    current().world.cancelled.add(wake);
  },
  draw(purpose) {
    return drawFor(current().world.seed, purpose);
  },
  note(fact: Fact) {
    const { world, actor, message, record } = current();
    const id = world.nextId++;
    record?.note(id, world.now, actor.address, message.id, fact);
    return id;
  },
  commit(ref, revision, object, heartbeat = false) {
    const now = current();
    const id = now.world.nextId++;
    now.world.digest = mix53(mix(now.world.digest, fnv1a32(ref)), revision);
    now.record?.commit(id, now.world.now, now.actor.address, now.message.id, { ref, revision, object });
    if (!heartbeat) now.isBackground = false;
    return id;
  },
  toForeground() {
    current().isBackground = false;
  },
  spawn(options) {
    const { world, actor, causes, message, record, isBackground } = current();
    spawnActor(
      world,
      {
        address: options.address,
        role: options.role,
        config: options.config,
        host: options.host ?? actor.host,
        afterUs: options.afterUs ?? 0,
      },
      { parent: actor.address, causes, background: isBackground, cause: message.id },
      record,
    );
  },
  exit(address, reason) {
    const { world, message, record } = current();
    exitActor(world, address, reason, message.id, record);
  },
  isAlive(address) {
    return current().world.actors.get(address)?.isStarted === true;
  },
};

export interface Birth {
  readonly parent: Address;
  readonly causes: readonly EventId[];
  readonly background: boolean;
  readonly cause: EventId;
}

/** Adds an actor; its start message arrives after `afterUs`. */
export function spawnActor(world: World, options: SpawnOptions & { readonly host: string }, birth: Birth, record?: Recorder): void {
  assert(!world.actors.has(options.address), `an actor already lives at ${options.address}`);
  const life = world.nextId++;
  const { address, role, host } = options;
  const actor = makeActor(
    { address, role, host, parent: birth.parent, config: deepFreeze(options.config), life, hash: fnv1a32(address) | 0 },
    world.owner,
  );
  world.actors.set(options.address, actor);
  record?.spawn(life, world.now, options.address, birth.cause, { role: options.role, host: options.host });
  enqueue(
    world,
    birth.parent,
    { kind: 'start', to: options.address, body: undefined, re: 0, causes: birth.causes, background: birth.background },
    world.now + (options.afterUs ?? 0),
  );
}

/** Ends an actor's life: its disk stays, its parent is told, and whoever waits for its answer is refused. */
export function exitActor(world: World, address: Address, reason: unknown, cause: EventId, record?: Recorder): void {
  const actor = ownActor(world, address);
  if (!actor) return;
  leave(world, actor, reason, cause, record);
  const causes: readonly EventId[] = cause > 0 ? Object.freeze([cause]) : NO_CAUSES;
  const background = turn?.isBackground ?? false;
  if (world.actors.has(actor.parent))
    enqueue(world, address, { kind: 'exited', to: actor.parent, body: { address, reason }, re: 0, causes, background }, world.now + 1000);
  for (const other of world.actors.values()) {
    for (const [id, call] of other.calls) {
      if (call.to !== address) continue;
      if (reaches(world, actor.host, other.host))
        enqueue(
          world,
          address,
          { kind: 'refused', to: other.address, body: undefined, re: id, causes, background: call.background },
          world.now + 200,
        );
    }
  }
}

function leave(world: World, actor: Actor, reason: unknown, cause: EventId, record?: Recorder): void {
  const component = world.rules.components.get(actor.role);
  if (actor.isStarted && component?.disk) world.disks.set(actor.address, component.disk(actor.state));
  world.actors.delete(actor.address);
  const id = world.nextId++;
  record?.exit(id, world.now, actor.address, cause, reason);
}

/** The plug is pulled: every process on the machine is gone without a word, and its peers learn it only from silence. */
export function powerOffHost(world: World, host: string, cause: EventId, record?: Recorder): void {
  world.downHosts.add(host);
  const gone = [...world.actors.values()].filter((actor) => actor.host === host).map((actor) => ownActor(world, actor.address) ?? actor);
  for (const actor of gone) leave(world, actor, { reason: 'power off' }, cause, record);
  const names = new Set(gone.map((actor) => actor.address));
  breakCalls(world, (other, to) => names.has(to) && other.host !== host);
}

/** Cuts two machines off from each other; connections between them turn out broken after a while. */
export function breakConnections(world: World, a: string, b: string): void {
  breakCalls(world, (other, to) => {
    const target = world.actors.get(to)?.host ?? hostOf(to);
    return (other.host === a && target === b) || (other.host === b && target === a);
  });
}

function breakCalls(world: World, concerns: (caller: Actor, to: Address) => boolean): void {
  for (const caller of [...world.actors.values()]) {
    if (![...caller.calls.values()].some((call) => concerns(caller, call.to))) continue;
    const actor = ownActor(world, caller.address) ?? caller;
    let broke = false;
    for (const [id, call] of actor.calls) {
      if (!concerns(actor, call.to) || (call.deadlineAt > 0 && call.deadlineAt <= world.now + HANGUP_US)) continue;
      actor.calls.set(id, { ...call, deadlineAt: world.now + HANGUP_US });
      broke = true;
    }
    if (broke) checkDeadlineAt(world, actor, world.now + HANGUP_US);
  }
}

export function pauseActor(world: World, address: Address, isPaused: boolean): void {
  const actor = ownActor(world, address);
  if (!actor) return;
  actor.isPaused = isPaused;
  if (isPaused) return;
  for (const m of actor.held.splice(0)) {
    if (!m.background) world.foreground++;
    pushHeap(world.queue, world.now, m.id, Object.freeze({ ...m, dueAt: world.now }));
  }
}
