/** `kubectl exec POD -- curl URL` and `… -- nslookup NAME`, as commands of the session, so that each packet is told; `curl URL` alone asks where kubectl runs, what port-forward listens on; undefined for anything else, which kubectl itself takes. Simplified: curl and nslookup are in every image. */
import type { V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import type { Command } from '../../engine/session.ts';
import { isReady, objectsOf, type Picture } from '../../story/picture.ts';
import { commandText } from '../transport/command-text.ts';

/** Such a command as a shell has it; who is not in a pod says where it is. */
export function execText(command: Command | undefined): string {
  if (command?.do !== 'connect' && command?.do !== 'lookup') return '';
  const { from } = command.do === 'connect' ? command.connect : command.lookup;
  const [namespace, pod] = from.split('/');
  if (pod === undefined || namespace === 'node') return `${pod ?? from}$ ${commandText(command)}`;
  return `$ kubectl exec ${pod}${namespace === 'default' ? '' : ` -n ${namespace}`} -- ${commandText(command)}`;
}

/** A running pod of this name, or the first that belongs to deploy/NAME and the like. A kubelet that is not heard of runs no command. */
function podNamed(word: string, namespace: string, picture: Picture): string | undefined {
  const ready = new Set(
    objectsOf<V1Node>(picture, 'minions')
      .filter((node) => isReady(node))
      .map(({ metadata }) => metadata?.name),
  );
  const [name, kind = 'pod'] = word.split('/').reverse();
  const isMeant = ({ metadata }: V1Pod): boolean =>
    /^po(d|ds)?$/.test(kind)
      ? metadata?.name === name
      : metadata?.name?.startsWith(`${name}-`) === true && metadata.ownerReferences !== undefined;
  return objectsOf<V1Pod>(picture, 'pods').find(
    (p) => p.metadata?.namespace === namespace && p.status?.phase === 'Running' && isMeant(p) && ready.has(p.spec?.nodeName),
  )?.metadata?.name;
}

export function execCommand(words: readonly string[], picture: Picture): Command | undefined {
  if (words[0] === 'curl') return words.length === 2 ? { do: 'connect', connect: { from: 'laptop', to: words[1] } } : undefined;
  if (words[0] !== 'exec') return undefined;
  const split = words.indexOf('--');
  if (split < 0) return undefined;
  let namespace = 'default';
  let pod = '';
  for (let i = 1; i < split; i++) {
    if (words[i] === '-n' || words[i] === '--namespace') namespace = words[++i] ?? '';
    else if (words[i] === '-c') i++;
    else if (!words[i].startsWith('-')) pod = words[i];
  }
  const [program, ...args] = words.slice(split + 1);
  const name = podNamed(pod, namespace, picture);
  if (name === undefined) return undefined;
  const from = `${namespace}/${name}`;
  const targets = args.filter((a) => !a.startsWith('-'));
  if (targets.length !== 1) return undefined;
  if (program === 'nslookup' || program === 'dig') return { do: 'lookup', lookup: { from, name: targets[0] } };
  const printsPage =
    args.every((a) => a === targets[0] || (program === 'curl' ? /^(-[sSvLk]+|--silent)$/ : /^-q?O-$/).test(a)) &&
    (program === 'curl' || args.length > 1);
  return (program === 'curl' || program === 'wget') && printsPage ? { do: 'connect', connect: { from, to: targets[0] } } : undefined;
}
