/** Behaviour: what a role does with a message. All memory is in `state`, plain data that cloneWorld copies; a component itself holds none. */
import type { Fact } from './fact.ts';
import type { Address, EventId, Message, Us } from './message.ts';
import type { Rng } from './rng.ts';

export interface Component<S = unknown, C = unknown> {
  readonly role: string;
  /** Runs when the process starts. `disk` is what the last life left with `disk()`. */
  start(config: C, ctx: Context, disk: unknown): S;
  /** A send, call, wake, exited or bounced message. */
  handle(state: S, message: Message, ctx: Context): void;
  /** The reply, refusal or deadline of a call this actor made, with the `then` it gave. */
  answered?(state: S, answer: Answer, then: unknown, ctx: Context): void;
  /** What of the state is on disk and so survives a crash. Must be plain data; it is not copied. */
  disk?(state: S): unknown;
}

export interface Answer {
  readonly outcome: 'reply' | 'refused' | 'deadline';
  readonly from: Address;
  readonly body: unknown;
  /** The call's id. */
  readonly re: EventId;
  readonly id: EventId;
}

export interface CallOptions {
  readonly deadlineUs?: Us | undefined;
  readonly because?: readonly EventId[] | undefined;
  readonly background?: boolean | undefined;
}
export interface SpawnOptions {
  readonly address: Address;
  readonly role: string;
  readonly config?: unknown;
  readonly host?: string;
  readonly afterUs?: Us;
}

/** All that an actor can do. Messages are frozen here; causes and background are stamped here and cannot be forgotten. */
export interface Context {
  readonly self: Address;
  readonly host: string;
  readonly now: Us;
  /** The delivery in progress. */
  readonly cause: EventId;
  /** The answer comes to answered() with `then`, plain data. Without a deadline it may never come. */
  call(to: Address, body: unknown, then: unknown, options?: CallOptions): EventId;
  /** Forgets an open call; a late answer means nothing then. */
  hangUp(call: EventId): void;
  send(to: Address, body: unknown, because?: readonly EventId[]): EventId;
  /** Answers the call in progress, or an earlier one. */
  reply(body: unknown, call?: { readonly id: EventId; readonly from: Address }, because?: readonly EventId[]): EventId;
  /** A message to myself after so long. `background`: true for periodic chatter; else as the delivery in progress. */
  wake(after: Us, body: unknown, background?: boolean): EventId;
  cancel(wake: EventId): void;
  draw(purpose: string): Rng;
  note(fact: Fact): EventId;
  /** Says that `ref` changed. Unless it is `heartbeat` chatter, what this delivery leads to is foreground from here on. */
  commit(ref: string, revision: number, object: unknown, heartbeat?: boolean): EventId;
  /** From here on this delivery's consequences count as foreground. */
  toForeground(): void;
  spawn(options: SpawnOptions): void;
  exit(address: Address, reason: unknown): void;
  isAlive(address: Address): boolean;
}
