/** What a container is told to run, as a step machine whose state is data. */
import { isMissing, isShell } from './executable.ts';
import { COMMAND_NAMES } from './shell/command-names.ts';
import { pathOf } from './shell/listing.ts';
import { commandOf, compileScript, type Step } from './shell/compile.ts';

/** A script that is nothing but a program of the image: '/opt/app/bin/start.sh --port 80'. */
function isProgram(script: string, files: ReadonlyMap<string, string>): boolean {
  const path = /^\s*(?:exec\s+)?(\.{0,2}\/[\w./-]+)(?:\s+[\w./:=,@%+-]+)*\s*$/.exec(script)?.[1];
  return path !== undefined && !isMissing(path) && !files.has(path.replace(/^\./, '')) && !COMMAND_NAMES.has(path.replace(/^.*\//, ''));
}

/** What a container is told to run; undefined means a program of the image that is no script. `files`: what is mounted, by path. */
export function programOf(words: readonly string[], files: ReadonlyMap<string, string>, cwd?: string): readonly Step[] | undefined {
  if (words.length === 0) return undefined;
  const name = words[0].replace(/^.*\//, '');
  const mounted = words[0].includes('/') ? files.get(pathOf(words[0], cwd)) : undefined;
  if (mounted !== undefined) return compileScript(mounted);
  if (isShell(name) && words.length > 1) {
    const at = words.findIndex((word, i) => i > 0 && /^-\w*c$/.test(word));
    if (at < 0) return compileScript(files.get(pathOf(words.find((word, i) => i > 0 && !word.startsWith('-')) ?? '', cwd)) ?? '');
    if (isProgram(words[at + 1] ?? '', files)) return undefined;
    return compileScript(words[at + 1] ?? 'echo "sh: option requires an argument -- c"; exit 2');
  }
  const isTold = (name === 'nginx' && words[1] === '-s') || (name === 'httpd' && !/foreground/i.test(words.join(' ')));
  return COMMAND_NAMES.has(name) || isTold ? commandOf(words) : undefined;
}

/** What such a script calls $1, $2 …: of `sh -c` what follows its name, which is $0. */
export function argumentsOf(words: readonly string[]): readonly string[] {
  if (!isShell(words[0] ?? '')) return words.slice(1);
  const at = words.findIndex((word, i) => i > 0 && /^-\w*c$/.test(word));
  return at < 0 ? words.slice(words.findIndex((word, i) => i > 0 && !word.startsWith('-')) + 1) : words.slice(at + 3);
}
