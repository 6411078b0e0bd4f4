/** What is said where no command is found, and for --help. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/cmd.go, pkg/util/templates (v1.36). Simplified: names of commands and flags, without words about them. */
import type { Command, Output } from './command.ts';
import { flagKind, flagsOf } from './flags.ts';

/** Commands of upstream's that need a terminal, an editor, a file system or a tunnel, and what to do instead. */
const NOT_SIMULATED: Readonly<Record<string, string>> = {
  completion: '',
  cp: ': there are no local files. `kubectl exec POD -- cat FILE` prints one of a container',
  edit: ': there is no editor to open. `kubectl get TYPE NAME -o yaml` prints the object: change it in the manifest and apply it, or use kubectl patch, set, scale, label or annotate',
  kustomize: '',
  options: '',
  plugin: '',
  proxy: ': `kubectl get --raw PATH` asks the apiserver, `kubectl port-forward` reaches pods and Services',
};
const MORE = 'Use "kubectl <command> --help" for more information about a given command.\n';
const firsts = (names: readonly string[], at: number): readonly string[] =>
  [...new Set(names.map((name) => name.split(' ')[at]).filter((word) => word !== undefined))].sort((a, b) => (a < b ? -1 : 1));
const listed = (names: readonly string[]): string => `Available Commands:\n${names.map((name) => `  ${name}\n`).join('')}\n`;

/** `words`: the line; `commands`: by their names and aliases. */
export function withoutCommand(words: readonly string[], commands: ReadonlyMap<string, Command>): Output {
  const plain = words.filter((w, i) => !w.startsWith('-') && (i === 0 || flagKind('', words[i - 1].replace(/^--?/, '')) !== '='));
  const asked = plain[0] === 'help' ? plain.slice(1) : plain;
  const [first, second] = asked;
  if (first === undefined)
    return {
      out: `kubectl controls the Kubernetes cluster manager.\n\n Find more information at: https://kubernetes.io/docs/reference/kubectl/\n\n${listed(firsts(namesIn(commands, ''), 0))}Usage:\n  kubectl [flags] [options]\n\n${MORE}`,
      exit: 0,
    };
  const command = commands.get(asked.join(' '));
  if (command) return { out: helpOf(command.name), exit: 0 };
  if (first === 'alpha') return { err: 'No alpha commands are available in this version of kubectl\n', exit: 0 };
  const instead = Object.hasOwn(NOT_SIMULATED, first) ? NOT_SIMULATED[first] : undefined;
  if (instead !== undefined) return { err: `error: kubectl ${first} is not simulated${instead}\n`, exit: 1 };
  const inside = namesIn(commands, `${first} `);
  if (inside.length === 0) return { err: `error: unknown command ${JSON.stringify(first)} for "kubectl"\n${suggested(first)}`, exit: 1 };
  const deeper = second === undefined ? [] : namesIn(commands, `${first} ${second} `);
  const depth = deeper.length > 0 ? 2 : 1;
  const [group, path] = deeper.length > 0 ? [deeper, deeper[0].split(' ').slice(0, 2).join(' ')] : [inside, first];
  if (asked.length > depth)
    return {
      err: `error: unknown command ${JSON.stringify(asked.slice(depth).join(' '))}\nSee 'kubectl ${path} -h' for help and examples\n`,
      exit: 1,
    };
  return {
    err: `${listed(firsts(group, depth))}Usage:\n  kubectl ${path} SUBCOMMAND [options]\n\nUse "kubectl ${path} <command> --help" for more information about a given command.\n`,
    exit: 1,
  };
}

/** The first words of upstream's commands, in its order, with other words for some. */
const FIRSTS =
  'create expose run set explain get edit delete rollout scale autoscale certificate cluster-info top cordon uncordon drain taint describe logs attach exec port-forward proxy cp auth debug events diff apply patch replace wait kustomize label annotate completion config plugin version api-versions api-resources options'.split(
    ' ',
  );
const SUGGESTED_FOR: Readonly<Record<string, string>> = {
  stats: 'top',
  list: 'get',
  ls: 'get',
  inspect: 'describe',
  rm: 'delete',
  remove: 'delete',
};

/** Commands whose names are like the word, or begin with it. Upstream: github.com/spf13/cobra Command.SuggestionsFor. */
function suggested(word: string): string {
  const text = word.toLowerCase();
  const found = FIRSTS.flatMap((name) => [
    ...(distance(text, name) <= 2 || name.startsWith(text) ? [name] : []),
    ...(SUGGESTED_FOR[text] === name ? [name] : []),
  ]);
  return found.length === 0 ? '' : `\nDid you mean this?\n${found.map((name) => `\t${name}\n`).join('')}`;
}
/** How many letters must be put in, left out or changed. */
function distance(a: string, b: string): number {
  let row = [...b, ''].map((_letter, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(a[i - 1] === b[j - 1] ? row[j - 1] : 1 + Math.min(row[j], next[j - 1], row[j - 1]));
    row = next;
  }
  return row[b.length];
}

/** The names of those that begin so, by name or alias. */
const namesIn = (commands: ReadonlyMap<string, Command>, start: string): readonly string[] => [
  ...new Set([...commands].filter(([name]) => name.startsWith(start)).map(([, command]) => command.name)),
];

/** The flags of one command. */
export function helpOf(name: string): string {
  const own = flagsOf(name).filter((flag) => flag.length > 1);
  return `${
    own.length > 0
      ? `Options:\n${[...own]
          .sort((a, b) => (a < b ? -1 : 1))
          .map((flag) => `    --${flag}\n`)
          .join('')}\n`
      : ''
  }Usage:\n  kubectl ${name} [flags] [options]\n`;
}
