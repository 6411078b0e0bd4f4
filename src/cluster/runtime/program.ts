/**
 * What runs in an ordinary container, as a step machine whose state is data: servers that answer, and small shell scripts.
 * Simplified: a shell of sleep, echo, exit, true, false, env, hostname, touch, rm, cat, ls, test, `>`, `&&`, `||`, `;` and endless loops; other commands succeed at once and say nothing.
 */
export interface Behaviour {
  readonly kind: 'server' | 'oneshot' | 'forever';
  /** Ports it listens on when the manifest declares none. */
  readonly ports?: readonly number[];
  readonly startup?: readonly string[];
  /** The body of an answer; $host, $pod, $path, $ip are filled in. */
  readonly body?: string;
  readonly startUs?: number;
  /** Whether SIGTERM ends it at once. */
  readonly ignoresTerm?: boolean;
}

export type Step =
  | { readonly op: 'sleep'; readonly us: number } | { readonly op: 'echo'; readonly text: string } | { readonly op: 'exit'; readonly code: number }
  | { readonly op: 'write'; readonly file: string; readonly text?: string } | { readonly op: 'remove'; readonly file: string } | { readonly op: 'show'; readonly file: string } | { readonly op: 'exists'; readonly file: string; readonly wanted: boolean } | { readonly op: 'list' }
  | { readonly op: 'jump'; readonly to: number } | { readonly op: 'status'; readonly code: number } | { readonly op: 'unless'; readonly isOk: boolean; readonly to: number } | { readonly op: 'forever' };

/** Seconds of `sleep`: '5', '0.5', '2m', '1h', 'infinity'. */
export function sleepUs(text: string | undefined): number | undefined {
  if (text === 'infinity' || text === 'inf') return Number.MAX_SAFE_INTEGER;
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text ?? '');
  if (!match) return undefined;
  const unit = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }[match[2]] ?? 1;
  return Math.round(Number(match[1]) * unit * 1_000_000);
}

/** The steps of a shell script. */
export function compileScript(script: string, env: Readonly<Record<string, string>>): readonly Step[] {
  const steps: Step[] = [];
  const tokens = script.split(/(;|\n|&&|\|\||\bdo\b|\bdone\b)/).map((t) => t.trim()).filter((t) => t !== '' && t !== '\n');
  const loops: number[] = [];
  let guard: number | undefined;
  for (const token of tokens) {
    if (token === ';' || token === 'do') { guard = undefined; continue; }
    if (token === '&&' || token === '||') { guard = steps.length; steps.push({ op: 'unless', isOk: token === '&&', to: 0 }); continue; }
    if (/^(while|until)\b/.test(token)) { loops.push(steps.length); continue; }
    if (/^for\b/.test(token)) { loops.push(-1); continue; }
    if (token === 'done') { const start = loops.pop(); if (start !== undefined && start >= 0) steps.push({ op: 'jump', to: start }); continue; }
    steps.push(...compileCommand(token, env));
    if (guard !== undefined) { const was = steps[guard]; if (was.op === 'unless') steps[guard] = { ...was, to: steps.length }; guard = undefined; }
  }
  return steps;
}

const DONE: Step = { op: 'status', code: 0 };

function compileCommand(text: string, env: Readonly<Record<string, string>>): readonly Step[] {
  const into = /^(.*?[^0-9&>])>{1,2}\s*([^\s&>]+)\s*$/.exec(text);
  const words = splitWords(into ? into[1] : text, env);
  const [command, ...args] = words[0] === 'exec' ? words.slice(1) : words;
  const file = args.filter((a) => !a.startsWith('-'))[0] ?? '';
  if (into && !into[2].startsWith('/dev/')) return [{ op: 'write', file: into[2], text: command === 'echo' ? args.join(' ') : '' }, DONE];
  switch (command) {
    case undefined: return [];
    case 'sleep': { const us = sleepUs(args[0]); return us === undefined ? [{ op: 'echo', text: `sleep: invalid time interval '${args[0] ?? ''}'` }, { op: 'status', code: 1 }] : us === Number.MAX_SAFE_INTEGER ? [{ op: 'forever' }] : [{ op: 'sleep', us }, DONE]; }
    case 'echo': case 'printf': return [{ op: 'echo', text: args.filter((a, i) => !(i === 0 && /^-[ne]+$/.test(a))).join(' ').replace(/\\n$/, '') }, DONE];
    case 'exit': return [{ op: 'exit', code: Number(args[0] ?? 0) & 255 }];
    case 'true': case ':': return [DONE];
    case 'false': return [{ op: 'status', code: 1 }];
    case 'hostname': return [{ op: 'echo', text: env.HOSTNAME ?? '' }, DONE];
    case 'env': case 'printenv': return [...Object.entries(env).map(([k, v]): Step => ({ op: 'echo', text: `${k}=${v}` })), DONE];
    case 'tail': return args[0] === '-f' ? [{ op: 'forever' }] : [DONE];
    case 'touch': return [{ op: 'write', file }, DONE];
    case 'rm': return [...args.filter((a) => !a.startsWith('-')).map((name): Step => ({ op: 'remove', file: name })), DONE];
    case 'cat': return [{ op: 'show', file }];
    case 'ls': return file !== '' && file !== '/' ? [{ op: 'show', file }] : [{ op: 'list' }, DONE];
    case 'test': case '[': return args.includes('!') ? [{ op: 'exists', file: args[args.indexOf('!') + 2] ?? '', wanted: false }] : [{ op: 'exists', file, wanted: true }];
    case 'nginx': case 'httpd': case 'httpd-foreground': return [{ op: 'forever' }];
    default: return [DONE];
  }
}

function splitWords(text: string, env: Readonly<Record<string, string>>): readonly string[] {
  const words = text.match(/"([^"]*)"|'([^']*)'|[^\s"']+/g) ?? [];
  return words.filter((w) => !/^\d?>{1,2}/.test(w)).map((word) => {
    if (word.startsWith("'")) return word.slice(1, -1);
    const bare = word.startsWith('"') ? word.slice(1, -1) : word;
    return bare.replace(/\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?/g, (_m, name: string) => (Object.hasOwn(env, name) ? env[name] : '')).replace(/\$\((\w+)\)/g, (_m, name: string) => (name === 'hostname' ? (env.HOSTNAME ?? '') : ''));
  });
}

/** Names that say themselves that there is no such executable; every other one is there. */
export const isMissing = (command = ''): boolean => /(^|\/)(no-?_?such|nope|missing|does-?not-?exist|non-?exist|not-?found|invalid|bogus|fake|wrong|typo)/i.test(command);

/** What a container is told to run: undefined means the image's own entry point. */
export function programOf(command: readonly string[] | undefined, args: readonly string[] | undefined, env: Readonly<Record<string, string>>, isShellImage: boolean): readonly Step[] | undefined {
  const words = command && command.length > 0 ? [...command, ...(args ?? [])] : isShellImage && args && args.length > 0 ? [...args] : undefined;
  if (!words) return undefined;
  const shell = words[0].replace(/^.*\//, '');
  if ((shell === 'sh' || shell === 'bash' || shell === 'ash') && words.length > 1) {
    const script = words[1].startsWith('-') ? words[2] : words[1];
    return compileScript(script ?? '', env);
  }
  if (['sleep', 'echo', 'true', 'false', 'env', 'printenv', 'hostname', 'tail', 'printf', 'touch', 'rm', 'cat', 'ls', 'test', '['].includes(shell)) return compileCommand(words.map((w) => (/\s/.test(w) ? `"${w}"` : w)).join(' ').replace(/^\S+/, shell), env);
  return undefined;
}
