/** The whole simulated truth at one instant, as plain data. Behaviour is in `rules`, which clones share. */
import { assert } from '../lib/assert.ts';
import { deepFreeze } from '../lib/deep-freeze.ts';
import { fnv1a32, mix } from '../lib/hash.ts';
import { cloneHeap, createHeap, pushHeap, type Heap } from '../lib/heap.ts';
import { cloneData } from './clone.ts';
import type { Component } from './component.ts';
import type { Address, EventId, Message, MessageKind, Us } from './message.ts';

export interface Party {
  readonly address: Address;
  readonly role: string;
  readonly host: string;
}
export interface Delay {
  readonly baseUs: Us;
  readonly jitterUs: Us;
}

export interface Rules {
  readonly components: ReadonlyMap<string, Component>;
  /** How long a message takes; asked once per pair and remembered. */
  readonly delay: (from: Party, to: Party) => Delay;
}

/** Messages between one pair keep their order: jitter never lets a later one overtake. */
export interface Channel {
  readonly baseUs: Us;
  readonly jitterUs: Us;
  readonly hash: number;
  lastDue: Us;
}

export interface OpenCall {
  readonly to: Address;
  readonly then: unknown;
  readonly deadlineAt: Us;
  readonly background: boolean;
}

export interface Actor {
  readonly address: Address;
  readonly role: string;
  readonly host: string;
  readonly parent: Address;
  readonly config: unknown;
  /** The spawn that began this life. */
  readonly life: EventId;
  readonly hash: number;
  readonly channels: Map<Address, Channel>;
  readonly calls: Map<EventId, OpenCall>;
  state: unknown;
  isStarted: boolean;
  isPaused: boolean;
  readonly held: Message[];
  /** The world that may change it; every other one copies it first. */
  readonly owner: object;
  /** When the one pending deadline check is due; 0 when none is. */
  deadlineCheckAt: Us;
}

export interface World {
  readonly rules: Rules;
  readonly seed: number;
  owner: object;
  now: Us;
  delivered: number;
  /** Messages taken from the queue: with those that found nobody, or were called off. */
  taken: number;
  nextId: EventId;
  digest: number;
  /** Foreground messages under way; the world is settled when there are none. */
  foreground: number;
  atThisInstant: number;
  readonly actors: Map<Address, Actor>;
  readonly disks: Map<Address, unknown>;
  readonly downHosts: Set<string>;
  /** 'a|b' with a < b. */
  readonly partitions: Set<string>;
  /** How many times as long messages take to and from a host, or between two ('a|b' with a < b). */
  readonly slowness: Map<string, number>;
  readonly cancelled: Set<EventId>;
  queue: Heap<Message>;
}

export const NO_CAUSES: readonly EventId[] = Object.freeze([]);

export function createWorld(rules: Rules, seed: number): World {
  return {
    rules,
    seed,
    owner: {},
    now: 0,
    delivered: 0,
    taken: 0,
    nextId: 1,
    digest: mix(0x6f727279, seed),
    foreground: 0,
    atThisInstant: 0,
    actors: new Map(),
    disks: new Map(),
    downHosts: new Set(),
    partitions: new Set(),
    slowness: new Map(),
    cancelled: new Set(),
    queue: createHeap(),
  };
}

/** THE snapshot: independent of the original. Actors are shared until one of the two worlds touches them; so a snapshot costs as much as what has happened since the last. */
export function cloneWorld(world: World): World {
  world.owner = {};
  return {
    ...world,
    owner: {},
    actors: new Map(world.actors),
    disks: cloneData(world.disks),
    downHosts: new Set(world.downHosts),
    partitions: new Set(world.partitions),
    slowness: new Map(world.slowness),
    cancelled: new Set(world.cancelled),
    queue: cloneHeap(world.queue),
  };
}

/** The actor at an address, to be changed: this world's own copy. */
export function ownActor(world: World, address: Address): Actor | undefined {
  const actor = world.actors.get(address);
  if (actor === undefined || actor.owner === world.owner) return actor;
  const copy = makeActor(actor, world.owner);
  copy.state = cloneData(actor.state);
  copy.isStarted = actor.isStarted;
  copy.isPaused = actor.isPaused;
  copy.deadlineCheckAt = actor.deadlineCheckAt;
  actor.channels.forEach((channel, to) => {
    copy.channels.set(to, makeChannel(channel));
  });
  actor.calls.forEach((call, id) => {
    copy.calls.set(id, call);
  });
  for (const message of actor.held) copy.held.push(message);
  world.actors.set(address, copy);
  return copy;
}

type Newborn = Pick<Actor, 'address' | 'role' | 'host' | 'parent' | 'config' | 'life' | 'hash'>;

/** Every actor and every channel is made in one place, so that an engine gives them all one shape and the code that it compiled for it lasts. */
export function makeActor({ address, role, host, parent, config, life, hash }: Newborn, owner: object): Actor {
  return {
    address,
    role,
    host,
    parent,
    config,
    life,
    hash,
    channels: new Map(),
    calls: new Map(),
    state: undefined,
    isStarted: false,
    isPaused: false,
    held: [],
    owner,
    deadlineCheckAt: 0,
  };
}
const makeChannel = ({ baseUs, jitterUs, hash, lastDue }: Channel): Channel => ({ baseUs, jitterUs, hash, lastDue });

export function partitionKey(a: string, b: string): string {
  return a < b ? `${a}|${b}` : `${b}|${a}`;
}

/** Whether packets get from one host to another. */
export function reaches(world: World, from: string, to: string): boolean {
  if (from === to) return !world.downHosts.has(to);
  return (
    !world.downHosts.has(to) && !world.downHosts.has(from) && (world.partitions.size === 0 || !world.partitions.has(partitionKey(from, to)))
  );
}

export interface Draft {
  readonly kind: MessageKind;
  readonly to: Address;
  readonly body: unknown;
  readonly re: EventId;
  readonly causes: readonly EventId[];
  readonly background: boolean;
}

/** Puts a message under way from an actor; the channel decides when it arrives. */
export function post(world: World, from: Actor, draft: Draft): EventId {
  let channel = from.channels.get(draft.to);
  if (channel === undefined) {
    channel = openChannel(world, from, draft.to);
    from.channels.set(draft.to, channel);
  }
  let delay = channel.baseUs;
  if (channel.jitterUs > 0) delay += Math.floor((mix(mix(channel.hash, world.seed), world.now) / 0x100000000) * channel.jitterUs);
  if (world.slowness.size > 0) delay *= slownessOf(world, from.host, world.actors.get(draft.to)?.host ?? '');
  let dueAt = world.now + delay;
  if (dueAt < channel.lastDue) dueAt = channel.lastDue;
  channel.lastDue = dueAt;
  return enqueue(world, from.address, draft, dueAt);
}

function openChannel(world: World, from: Actor, to: Address): Channel {
  const target = world.actors.get(to);
  const delay = world.rules.delay(from, target ?? { address: to, role: '', host: to.slice(0, Math.max(0, to.indexOf('/'))) });
  return makeChannel({ baseUs: delay.baseUs, jitterUs: delay.jitterUs, hash: mix(from.hash, fnv1a32(to)) | 0, lastDue: 0 });
}

function slownessOf(world: World, a: string, b: string): number {
  return Math.max(world.slowness.get(a) ?? 1, world.slowness.get(b) ?? 1, world.slowness.get(partitionKey(a, b)) ?? 1);
}

/** Puts a message into the queue at an exact time. */
export function enqueue(world: World, from: Address, draft: Draft, dueAt: Us): EventId {
  assert(Number.isSafeInteger(dueAt) && dueAt >= world.now, `a message to ${draft.to} is due at ${dueAt}, now is ${world.now}`);
  const id = world.nextId++;
  const message: Message = {
    id,
    kind: draft.kind,
    from,
    to: draft.to,
    body: deepFreeze(draft.body),
    re: draft.re,
    sentAt: world.now,
    dueAt,
    causes: draft.causes,
    background: draft.background,
  };
  Object.freeze(message);
  if (!draft.background) world.foreground++;
  pushHeap(world.queue, dueAt, id, message);
  return id;
}
