/** What a shell makes of the lines that are typed at it: one is run, is put to those before it, or is refused. Source: busybox' shell/ash.c (cmdloop, synexpect). */
import { tell } from './command.ts';
import { compileScript } from './compile.ts';
import { faultOf } from './parse.ts';
import { exit, prompt, type Surroundings } from './rest.ts';
import { TERMINAL, type Thread } from './script.ts';

/** `before`: the lines of a command that is not whole. */
export function readLine(shell: Thread, before: string, at: Surroundings): void {
  const { pipes } = at.script;
  const typed = pipes.get(TERMINAL) ?? '';
  const end = typed.indexOf('\n') + 1;
  pipes.set(TERMINAL, typed.slice(end));
  const text = before + typed.slice(0, end);
  try {
    const fault = faultOf(text);
    if (fault?.isOpen) shell.rest = { types: text };
    else if (fault) refuse(shell, fault.text, at);
    else {
      delete shell.rest;
      delete shell.goesOn;
      Object.assign(shell, { steps: compileScript(text), pc: 0, lists: new Map(), known: [], isTested: false } satisfies Partial<Thread>);
    }
  } catch (error) {
    // Of what is nested too deep for anybody.
    if (!(error instanceof RangeError)) throw error;
    tell(shell, { err: 'sh: out of memory' }, at);
    prompt(shell, at);
  }
}

/** Ctrl-D: the shell is over, or at least the command that is not whole. */
export function endInput(shell: Thread, before: string, at: Surroundings): void {
  if (before === '') {
    tell(shell, { out: '\n' }, at);
    exit(at.script, shell, shell.status);
  } else refuse(shell, faultOf(before)?.text ?? '', at);
}

function refuse(shell: Thread, text: string, at: Surroundings): void {
  tell(shell, { err: `sh: syntax error: ${text}` }, at);
  shell.status = 2;
  prompt(shell, at);
}
