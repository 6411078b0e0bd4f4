/** What can be broken or mended now, by name: what kubectl can do as its command, and what it cannot, which is done on the machine. */
import type { V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import type { Command, Session } from '../../engine/session.ts';
import { isControlPlane, isOwn, objectsOf, type Picture } from '../../story/picture.ts';

export interface Break {
  readonly label: string;
  readonly command: Command;
  readonly isKubectl: boolean;
}
const MOST_PODS = 6;
const MOST_MACHINES = 5;

export function breaksAt(picture: Picture, session: Session | undefined): readonly Break[] {
  const own = objectsOf<V1Pod>(picture, 'pods')
    .filter((p) => isOwn(p) && p.spec?.nodeName)
    .slice(0, MOST_PODS);
  const workers = objectsOf<V1Node>(picture, 'minions').filter((n) => !isControlPlane(n));
  const shown = workers.length > MOST_MACHINES ? busyFirst(workers, own).slice(0, MOST_MACHINES) : workers;
  const found = [...own.flatMap((p) => breaksOfPod(p, picture)), ...shown.flatMap((n) => breaksOfMachine(n, picture, session))];
  return [...found.filter((b) => b.isKubectl), ...found.filter((b) => !b.isKubectl)];
}

/** Those on which something of the user's runs, before the others. */
function busyFirst(workers: readonly V1Node[], pods: readonly V1Pod[]): readonly V1Node[] {
  const homes = new Set(pods.map((p) => p.spec?.nodeName));
  const isBusy = (n: V1Node): boolean => homes.has(n.metadata?.name);
  return [...workers.filter(isBusy), ...workers.filter((n) => !isBusy(n))];
}

function breaksOfPod(pod: V1Pod, { actors }: Picture): readonly Break[] {
  const { name = '', namespace = '' } = pod.metadata ?? {};
  const key = `${namespace}/${name}`;
  const inNamespace = namespace === 'default' ? '' : ` -n ${namespace}`;
  const kill = (part: string, label: string): readonly Break[] =>
    actors.has(`${key}/${part}`) ? [{ label, command: { do: 'kill', what: `${key}/${part}` }, isKubectl: false }] : [];
  return [
    {
      label: `kubectl delete pod ${name}${inNamespace}`,
      command: { do: 'kubectl', args: ['delete', 'pod', name, '-n', namespace, '--wait=false'], stdin: '' },
      isKubectl: true,
    },
    ...(pod.spec?.containers ?? []).flatMap((c) => kill(c.name, `kill container ${c.name} of ${name}`)),
    ...kill('pause', `kill pause of ${name}`),
  ];
}

function breaksOfMachine(node: V1Node, { actors, at }: Picture, session: Session | undefined): readonly Break[] {
  const name = node.metadata?.name ?? '';
  const isCordoned = node.spec?.unschedulable === true;
  const isOn = actors.has(`${name}/linux`);
  const hasKubelet = actors.has(`${name}/kubelet`);
  const cut =
    session?.commands.findLast((c) => c.at <= at && (c.command.do === 'partition' || c.command.do === 'heal') && c.command.b === name)
      ?.command.do === 'partition';
  const item = (label: string, command: Command): Break => ({ label, command, isKubectl: false });
  const kubectl = (...args: readonly string[]): Break => ({
    label: `kubectl ${args.join(' ')}`,
    command: { do: 'kubectl', args, stdin: '' },
    isKubectl: true,
  });
  return [
    isCordoned ? kubectl('uncordon', name) : kubectl('drain', name, '--ignore-daemonsets'),
    ...(isOn && hasKubelet ? [item(`stop the kubelet of ${name}`, { do: 'stop', what: `${name}/kubelet` })] : []),
    ...(isOn && !hasKubelet ? [item(`start the kubelet of ${name} again`, { do: 'start', what: `${name}/kubelet` })] : []),
    cut
      ? item(`mend the network of ${name}`, { do: 'heal', a: 'cp-1', b: name })
      : item(`cut ${name} off`, { do: 'partition', a: 'cp-1', b: name }),
    isOn ? item(`pull the plug of ${name}`, { do: 'kill', what: name }) : item(`start ${name} again`, { do: 'start', what: name }),
  ];
}
