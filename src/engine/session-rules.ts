/** Which sessions and commands cannot be read, and why, in one sentence. What a fault may name is known only when it happens. */
import { VERBS } from './fault-rules.ts';
import { OPTIONS, wrongOptions } from './open-options.ts';
import type { Command, Session } from './session.ts';
import { told, wrongShape, type Shape } from './shape.ts';

const SESSION: Shape = {
  'engine?': 'a string',
  ...OPTIONS,
  seed: 'a whole number',
  commands: 'a list',
  'head?': { at: 'a whole number', delivered: 'a whole number', 'taken?': 'a whole number' },
};
const COMMANDS: Readonly<Record<string, Shape>> = {
  kubectl: { args: 'a list of strings', stdin: 'a string', 'isTerminal?': 'anything' },
  type: { client: 'a string', text: 'a string' },
  request: {
    request: {
      method: 'a string',
      path: 'a string',
      'query?': 'an object',
      'body?': 'anything',
      'duplicates?': 'a list of strings',
      'contentType?': 'a string',
      'accept?': 'a string',
      'token?': 'a string',
      'impersonate?': { 'user?': 'a string', 'groups?': 'a list of strings' },
    },
    as: { user: 'a string', groups: 'a list of strings' },
    'isWatch?': 'anything',
  },
  'hang-up': { client: 'a string' },
  connect: {
    connect: {
      from: 'a string',
      to: 'a string',
      'method?': 'a string',
      'host?': 'a string',
      'protocol?': 'TCP or UDP',
      'sourcePort?': 'a port from 1 to 65535',
    },
  },
  lookup: { lookup: { from: 'a string', name: 'a string', 'type?': 'A, AAAA, SRV, PTR or CNAME' } },
  ...Object.fromEntries(
    VERBS.map((verb): readonly [string, Shape] => [
      verb,
      { 'what?': 'a string', 'a?': 'a string', 'b?': 'a string', 'factor?': 'a number' },
    ]),
  ),
};

/** Throws an Error that says what is wrong. */
export function checkSession(session: unknown): asserts session is Session {
  const wrong = wrongShape('session', session, SESSION) ?? wrongOptions(session as object) ?? wrongTimes(session as Session);
  if (wrong !== undefined) throw new Error(wrong);
}

/** Throws an Error that says what is wrong with a command of the library's caller. */
export function checkCommand(command: Command): void {
  const wrong = wrongCommand(command);
  if (wrong !== undefined) throw new Error(wrong);
}

function wrongCommand(command: Command): string | undefined {
  const { do: what } = command;
  return Object.hasOwn(COMMANDS, what)
    ? wrongShape(what, command, { do: 'a string', ...COMMANDS[what] })
    : `there is no command ${told(what)}: ${Object.keys(COMMANDS).join(', ')}`;
}

/** Time goes on from command to command, and to where the session had come. */
function wrongTimes({ commands, head }: Session): string | undefined {
  let last = 0;
  for (const [i, given] of commands.entries()) {
    const name = `command ${i + 1}`;
    const wrong = wrongShape(name, given, { at: 'a whole number', command: 'an object' });
    if (wrong !== undefined) return wrong;
    const why = given.at < last ? `at is ${given.at} µs, before ${last}` : wrongCommand(given.command);
    if (why !== undefined) return `${name}: ${why}`;
    last = given.at;
  }
  return head && (head.at < last || head.delivered < 0) ? `head: at is ${head.at} µs, before ${last}` : undefined;
}
