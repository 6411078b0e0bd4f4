/** The engine in the page's worker: a thin wrapper that owns one engine and speaks the protocol. */
import { advanceTo, boot, command, engineWith, forkAt, replayInto, sessionOf, settle, type Engine } from './core.ts';
import { clusterRoles, rulesOf } from './rules.ts';
import { look } from './look.ts';
import { checkSession } from './session-rules.ts';
import type { Fact } from '../kernel/fact.ts';
import type { Command } from './session.ts';
import { learnWords, needsWords } from '../api/schema/words.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

const SECOND = 1_000_000;
/** How far a command's consequences are simulated ahead of what is shown. */
const AHEAD_US = 90 * SECOND;
const scope = self as unknown as { postMessage(message: FromWorker): void; onmessage: ((event: MessageEvent<ToWorker>) => void) | null };

const rules = rulesOf(clusterRoles);
/** A cluster boots without anybody's kubectl and anybody's programs: their code, with the YAML reader, arrives meanwhile. */
const allAreHere = import('./late-roles.ts').then(({ lateRoles }) => {
  for (const component of lateRoles) rules.components.set(component.role, component);
});
let words: Promise<void> | undefined;
/** What explain prints is asked for when somebody does, or did in the session that is opened. */
const wordsAreHere = (): Promise<void> => (words ??= import('../api/schema/descriptions.ts').then(({ default: all }) => learnWords(all)));
let engine: Engine | undefined;
let bootRows = 0;

function post(generation: number, from: number): void {
  if (!engine) return;
  const { trace } = engine;
  const events = Array.from({ length: trace.length - from }, (_, i) => trace.event(from + i));
  scope.postMessage({
    type: 'batch',
    generation,
    from,
    events,
    now: engine.world.now,
    isSettled: engine.world.foreground === 0,
    session: sessionOf(engine),
    infraCIDR: engine.power.plan.infraCIDR,
    bootRows,
  });
}

/** Says at each hundredth of its machines how far a starting cluster is. */
function bootAloud(starting: Engine): void {
  const hundredth = Math.ceil(starting.power.plan.machines.length / 100);
  let ready = 0;
  const count = ({ says }: Fact): void => {
    if (says === 'kubelet/network-ready' && ++ready % hundredth === 0) scope.postMessage({ type: 'starting', ready });
  };
  starting.listeners.add(count);
  boot(starting);
  starting.listeners.delete(count);
}

function open(message: Extract<ToWorker, { type: 'open' }>): void {
  if (message.session) checkSession(message.session);
  engine = engineWith(rules, {
    seed: message.session?.seed ?? message.seed,
    topology: message.session?.topology ?? message.topology,
    ...(message.session ? { epoch: message.session.epoch } : {}),
  });
  bootAloud(engine);
  bootRows = engine.trace.length;
  if (message.session) replayInto(engine, message.session);
  settle(engine, engine.world.now + AHEAD_US);
  post(0, 0);
}

function act(message: Extract<ToWorker, { type: 'command' }>): void {
  if (!engine) return;
  const row = Math.min(Math.max(message.row, bootRows), engine.trace.length);
  if (row < engine.trace.length) forkAt(engine, engine.trace.deliveriesBefore(row), row);
  const from = engine.trace.length;
  try {
    command(engine, message.command);
  } catch (error) {
    scope.postMessage({ type: 'refused', generation: message.generation, message: (error as Error).message });
    post(message.generation, from);
    return;
  }
  settle(engine, engine.world.now + AHEAD_US);
  post(message.generation, from);
}

const commandsOf = (message: ToWorker): readonly Command[] | undefined =>
  message.type === 'command'
    ? [message.command]
    : message.type === 'open'
      ? message.session?.commands.map(({ command }) => command)
      : undefined;
/** What has to be here before a message is taken. */
function needs(message: ToWorker): Promise<unknown> | undefined {
  const commands = commandsOf(message);
  return commands?.some(
    (command) => (command.do === 'kubectl' && needsWords(command.args)) || (command.do === 'request' && needsWords([command.request.path])),
  )
    ? Promise.all([allAreHere, wordsAreHere()])
    : commands && allAreHere;
}

function take(data: ToWorker): void {
  try {
    if (data.type === 'open') open(data);
    else if (data.type === 'command') act(data);
    else if (data.type === 'advance' && engine) {
      const from = engine.trace.length;
      advanceTo(engine, engine.world.now + Math.round(data.seconds * SECOND));
      post(data.generation, from);
    } else if (data.type === 'look' && engine) scope.postMessage({ type: 'looked', id: data.id, insides: look(engine, data) });
  } catch (error) {
    halt(error);
  }
}
const halt = (error: unknown): void =>
  scope.postMessage({ type: 'halted', message: (error as Error).message, ...(engine ? { session: sessionOf(engine) } : {}) });

/** One after the other, in the order in which they came. */
let turn: Promise<void> = Promise.resolve();
scope.onmessage = ({ data }) => {
  turn = turn.then(() => needs(data)).then(() => take(data), halt);
};
