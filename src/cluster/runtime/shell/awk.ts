/** awk: what its program makes of each line. Sources: POSIX.1-2024, awk; busybox' editors/awk.c. Simplified: no functions of one's own, getline, files and pipes to print to; two values that look like numbers are compared as such. */
import { parseAwk, type Rule } from './awk-program.ts';
import { setLine, type Flow, type Memory } from './awk-values.ts';
import { no, type Effect } from './effect.ts';
import type { Shell } from './expand.ts';
import { unescaped } from './format.ts';
import { inShell } from './listing.ts';
import { lines } from './text-commands.ts';

/** awk [-F SEPARATOR] [-v NAME=VALUE] PROGRAM [NAME=VALUE | FILE …] */
export function awk(args: readonly string[], shell: Shell): Effect {
  const memory: Memory = {
    vars: new Map([
      ['FS', ' '],
      ['OFS', ' '],
      ['ORS', '\n'],
      ['SUBSEP', '\x1c'],
    ]),
    arrays: new Map(),
    fields: [''],
    out: '',
    left: 100_000,
    status: 0,
  };
  memory.arrays.set('ENVIRON', new Map([...shell.vars].filter(([name]) => shell.exported.has(name))));
  const set = (word: string): boolean => {
    const [, name, value] = /^([A-Za-z_]\w*)=([^]*)$/.exec(word) ?? [];
    if (name !== undefined) memory.vars.set(name, unescaped(value));
    return name !== undefined;
  };
  let at = 0;
  let text: string | undefined;
  for (; /^-./.test(args[at] ?? ''); at++) {
    const [, flag, value] = /^-(.)(.*)$/s.exec(args[at]) ?? [];
    const word = value || (args[++at] ?? '');
    if (flag === 'F') memory.vars.set('FS', word === 't' ? '\t' : unescaped(word));
    else if (flag === 'v') set(word);
    else if (flag === 'f') text = shell.files.get(inShell(word, shell)) ?? '';
  }
  text ??= args[at++] ?? '';
  const program = parseAwk(text);
  if (typeof program === 'string') return no(`awk: cmd. line:1: ${program}`, 1);
  const begins = program.filter(({ when }) => when === 'BEGIN');
  const ends = program.filter(({ when }) => when === 'END');
  const rules = program.filter(({ when }) => typeof when !== 'string');
  let flow = all(begins, memory);
  if (flow !== 'exit' && rules.length + ends.length > 0) {
    const names = args.slice(at).filter((word) => !set(word));
    const missing = names.find((name) => !shell.files.has(inShell(name, shell)));
    if (missing !== undefined) return { ...no(`awk: ${missing}: No such file or directory`, 2), out: memory.out };
    const input = names.length > 0 ? names.map((name) => shell.files.get(inShell(name, shell)) ?? '').join('') : (shell.input ?? '');
    for (const line of lines(input)) {
      memory.vars.set('NR', Number(memory.vars.get('NR') ?? 0) + 1);
      memory.vars.set('FNR', Number(memory.vars.get('NR')));
      setLine(memory, line);
      flow = all(rules, memory);
      if (flow === 'exit') break;
    }
    if (flow !== 'exit' || ends.length > 0) all(ends, memory);
  }
  return { status: memory.status, out: memory.out };
}

function all(rules: readonly Rule[], memory: Memory): Flow {
  for (const rule of rules) {
    if (!isMeant(rule, memory)) continue;
    const flow = rule.does(memory);
    if (flow === 'next' || flow === 'exit') return flow;
  }
  return undefined;
}

function isMeant(rule: Rule, memory: Memory): boolean {
  const { when } = rule;
  if (when === undefined || typeof when === 'string') return true;
  if (!when.to) return when.from(memory);
  if (!rule.isOpen && !when.from(memory)) return false;
  rule.isOpen = !when.to(memory);
  return true;
}
