/** kubectl's command line. */
export interface Argv { readonly words: readonly string[]; readonly flags: ReadonlyMap<string, string> }

const WITH_VALUE = new Set(['n', 'namespace', 'o', 'output', 'f', 'filename', 'l', 'selector', 'c', 'container', 'replicas', 'tail', 'grace-period', 'field-selector', 'timeout', 'cascade', 'image', 'port', 'type', 'name', 'target-port', 'p', 'patch', 'sort-by', 'for', 'revision', 'to-revision', 'context', 'kubeconfig', 'as', 'limits', 'requests', 'restart']);
const LONG: Readonly<Record<string, string>> = { n: 'namespace', o: 'output', f: 'filename', l: 'selector', c: 'container', A: 'all-namespaces', w: 'watch', p: 'previous', R: 'recursive' };

/** Splits a typed line as a shell would. */
export function splitLine(line: string): readonly string[] {
  return (line.match(/"([^"]*)"|'([^']*)'|[^\s"']+(?:"[^"]*"|'[^']*')*/g) ?? []).map((w) => w.replace(/^(["'])(.*)\1$/, '$2').replace(/=(["'])(.*)\1$/, '=$2'));
}

export function parseArgv(args: readonly string[]): Argv {
  const words: string[] = [];
  const flags = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const match = /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(arg) ?? /^-([a-zA-Z])(?:=?(.+))?$/s.exec(arg);
    if (!match || arg === '-') { words.push(arg); continue; }
    const name = LONG[match[1]] ?? match[1];
    const isPatch = words[0] === 'patch' && match[1] === 'p';
    if (match[2] !== undefined) flags.set(isPatch ? 'patch' : name, match[2]);
    else if ((WITH_VALUE.has(match[1]) && !(match[1] === 'p' && !isPatch)) && i + 1 < args.length) flags.set(isPatch ? 'patch' : name, args[++i]);
    else flags.set(name, 'true');
  }
  return { words, flags };
}
