/** What travels. A message is the only thing that ever happens; a timer is a message to oneself. */

/** Virtual microseconds since power-on, an integer. There is no other clock. */
export type Us = number;
/** 'worker-1/kubelet', 'cp-1/kube-apiserver', 'laptop/kubectl', 'default/web-x7k2p/nginx'. */
export type Address = string;
/** Numbers every message, note, commit, spawn and exit of a world, in the order they were made, from 1. */
export type EventId = number;

/**
 * send: one way · call: wants an answer · reply: the answer · refused: nobody listens at that address · deadline: no answer came in time ·
 * wake: a timer · start: an actor's first message · exited: an actor that I spawned is gone · bounced: a one-way message found nobody.
 */
export type MessageKind = 'send' | 'call' | 'reply' | 'refused' | 'deadline' | 'wake' | 'start' | 'exited' | 'bounced';

export interface Message {
  readonly id: EventId;
  readonly kind: MessageKind;
  readonly from: Address;
  readonly to: Address;
  readonly body: unknown;
  /** The call that a reply, refusal or deadline answers; the life that a wake belongs to; else 0. */
  readonly re: EventId;
  readonly sentAt: Us;
  readonly dueAt: Us;
  /** The deliveries that led to this; empty only for power-on and the user's commands. */
  readonly causes: readonly EventId[];
  /** Periodic chatter: it never keeps a world from being settled. */
  readonly background: boolean;
}
