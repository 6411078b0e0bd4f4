/** kubectl config. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/config (v1.36). Simplified: what would change the file is refused. */
import { toYaml } from '../../api/manifest/print.ts';
import { textTable } from '../../lib/text-table.ts';
import { still, type Command, type Output } from '../command.ts';
import { CLUSTER, CONTEXT, KUBECONFIG, USER } from '../kubeconfig.ts';
import { formatted } from '../printing.ts';

const names = (command: string, name: string): Command => still(command, () => ({ out: `NAME\n${name}\n`, exit: 0 }));
const noContext = (name: string): Output => ({ err: `error: no context exists with the name: ${JSON.stringify(name)}\n`, exit: 1 });
const fixed = (command: string): Command =>
  still(command, () => ({
    err: `error: ${command} is not simulated: the kubeconfig does not change; a command takes its namespace from -n\n`,
    exit: 1,
  }));

const view = still('config view', ({ argv: { flags, words } }) => {
  if (words.length > 0) return { err: `error: unexpected arguments: [${words.join(' ')}]\n`, exit: 1 };
  const said = formatted(flags.get('output') ?? 'yaml', KUBECONFIG) ?? { out: toYaml(KUBECONFIG) };
  return { ...said, exit: said.err === undefined ? 0 : 1 };
});
const contexts = still('config get-contexts', ({ argv: { flags, words } }) => {
  if (words.length > 0 && !words.includes(CONTEXT)) return { err: `error: context ${words[0]} not found\n`, exit: 1 };
  if (flags.get('output') === 'name') return { out: `${CONTEXT}\n`, exit: 0 };
  const rows = [['*', CONTEXT, CLUSTER, USER, '']];
  return { out: textTable(flags.has('no-headers') ? rows : [['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'], ...rows]), exit: 0 };
});
const useContext = still('config use-context', ({ argv: { words } }) => {
  if (words.length !== 1) return { err: `error: Unexpected args: [${words.join(' ')}]\n`, exit: 1 };
  return words[0] === CONTEXT ? { out: `Switched to context ${JSON.stringify(CONTEXT)}.\n`, exit: 0 } : noContext(words[0]);
});

export default [
  view,
  contexts,
  { ...useContext, aliases: ['config use'] },
  still('config current-context', () => ({ out: `${CONTEXT}\n`, exit: 0 })),
  names('config get-clusters', CLUSTER),
  names('config get-users', USER),
  ...[
    'set',
    'set-cluster',
    'set-context',
    'set-credentials',
    'rename-context',
    'delete-cluster',
    'delete-context',
    'delete-user',
    'unset',
  ].map((name) => fixed(`config ${name}`)),
] satisfies readonly Command[];
