/** What a shell does by itself, with what it knows and no program does: functions, `read`, `shift`, `local`, `wait`, … Source: POSIX.1-2024, 2.15 Special Built-In Utilities; `local` is dash's. */
import { arithmetic } from './arithmetic.ts';
import { no, ok, type Effect } from './effect.ts';
import { gapOf, spaceOf, type Shell } from './expand.ts';
import { inShell } from './listing.ts';
import { back, call } from './functions.ts';
import { hasWriter, type Script, type Thread } from './script.ts';

interface At {
  readonly script: Script;
  readonly files: ReadonlyMap<string, string>;
}

/** Undefined for anything else. */
export function ownCommand(thread: Thread, [name, ...args]: readonly string[], shell: Shell, { script, files }: At): Effect | undefined {
  const steps = thread.functions.get(name);
  if (steps) {
    const [before, after] = [thread.vars, shell.vars];
    call(thread, steps, args);
    // What is assigned before its name is the function's alone.
    if (after !== before) for (const [key, value] of after) if (before.get(key) !== value) hide(thread, key, value);
    return { begins: true };
  }
  switch (name) {
    case 'read':
      return readLine(thread, args, shell, script);
    case 'return': {
      const status = Number(args[0] ?? thread.status) & 255;
      return back(thread) ? { status } : { exit: status };
    }
    case 'exit':
      return { exit: Number(args[0] ?? thread.status) & 255 };
    case 'shift': {
      const count = Number(args[0] ?? 1);
      if (count > thread.args.length) return { status: 1 };
      thread.args = thread.args.slice(count);
      return ok();
    }
    case 'set': {
      const at = args.findIndex((word, i) => word === '--' || (!/^[-+]/.test(word) && !/^[-+]\w*o$/.test(args[i - 1] ?? '')));
      if (at >= 0) thread.args = args.slice(args[at] === '--' ? at + 1 : at);
      return undefined;
    }
    case 'local':
      for (const word of args) {
        const [, key = word, value] = /^(\w+)=(.*)$/s.exec(word) ?? [];
        hide(thread, key, value);
      }
      return ok();
    case 'eval':
      return { script: args.join(' ') };
    case '.':
    case 'source': {
      const text = files.get(inShell(args[0] ?? '', shell));
      return text === undefined ? no(`sh: .: can't open '${args[0]}': No such file or directory`, 2) : { script: text };
    }
    case 'let':
      return { status: args.map((text) => arithmetic(text, shell.vars)).at(-1) === 0 ? 1 : 0 };
    case 'getopts':
      return getopts(args, thread);
    case 'wait':
      return { waits: args.map((word) => Number(word.replace('%', ''))) };
    case 'kill': {
      const kills = args.map(Number).filter((pid) => pid !== script.first && script.threads.has(pid));
      // Signal 0 only asks whether it is there.
      return kills.length > 0 ? { status: 0, ...(args[0] === '-0' ? {} : { kills }) } : undefined;
    }
  }
  return undefined;
}

/** getopts LETTERS NAME [WORD …]: the next option, and in OPTARG what it takes; OPTIND is the number of the word after it. Simplified: letters in one word are one option. */
function getopts([letters = '', name = '', ...given]: readonly string[], { vars, args }: Thread): Effect {
  const at = Number(vars.get('OPTIND') ?? 1);
  const words = given.length > 0 ? given : args;
  const [, letter, value] = /^-([^-])(.*)$/s.exec(words[at - 1] ?? '') ?? [];
  const isKnown = letter !== undefined && letter !== ':' && letters.includes(letter);
  const takes = isKnown && letters[letters.indexOf(letter) + 1] === ':';
  vars.set('OPTIND', String(letter === undefined ? at + (words[at - 1] === '--' ? 1 : 0) : at + (takes && value === '' ? 2 : 1)));
  vars.set(name, isKnown ? letter : '?');
  if (takes) vars.set('OPTARG', value || (words[at] ?? ''));
  if (letter === undefined) return { status: 1 };
  return isKnown || letters.startsWith(':') ? ok() : { ...ok(), err: `sh: illegal option -${letter}` };
}

/** A variable of the function that runs. */
function hide({ vars, callers }: Thread, name: string, value: string | undefined): void {
  const hidden = callers.at(-1)?.hidden;
  if (hidden && !hidden.has(name)) hidden.set(name, vars.get(name));
  if (value !== undefined) vars.set(name, value);
}

/** read [-r] NAME …: the next line, or what there is of it; its status is 1 where nothing is left. */
function readLine(thread: Thread, args: readonly string[], shell: Shell, script: Script): Effect {
  const { from } = thread.streams;
  const text = from === undefined ? '' : (script.pipes.get(from) ?? '');
  const end = text.indexOf('\n');
  if (end < 0 && from !== undefined && hasWriter(script, from)) return { isShort: true };
  if (from !== undefined) script.pipes.set(from, end < 0 ? '' : text.slice(end + 1));
  const gap = gapOf(shell.vars);
  const outer = new RegExp(`^${spaceOf(shell.vars)}+|${spaceOf(shell.vars)}+$`, 'g');
  const names = args.filter((word, i) => !word.startsWith('-') && !/^-[pt]$/.test(args[i - 1] ?? ''));
  let rest = (end < 0 ? text : text.slice(0, end)).replace(outer, '');
  (names.length > 0 ? names : ['REPLY']).forEach((name, i) => {
    const found = i >= names.length - 1 ? null : gap.exec(rest);
    thread.vars.set(name, found ? rest.slice(0, found.index) : rest);
    rest = found ? rest.slice(found.index + found[0].length) : '';
  });
  return { status: end < 0 ? 1 : 0 };
}
