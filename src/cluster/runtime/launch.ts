/** What starting a container means: which role its process plays and with what. */
import type { V1Container } from '../../api/schema/kubernetes.ts';
import { quantity } from '../../api/machinery/quantity.ts';
import { expandVariables } from '../../lib/expand-variables.ts';
import { hostNetworkHosts, hostsFile } from '../network/hosts-file.ts';
import { resolverOf, type ResolvConf } from '../network/resolver.ts';
import type { RuntimeContainer, Sandbox } from './cri.ts';
import type { Disk } from './containerd-state.ts';
import type { ImageFamily } from './images/image.ts';
import { valuesOf, type Environment, type Variables } from './environment.ts';
import { familyOf, parseReference } from './images/registry.ts';
import { interpreterOf, knownServer } from './images/interpreters.ts';
import type { ProcessConfig } from './process-state.ts';
import { foldersIn, fromVolumes } from './shared-files.ts';
import { homeOf, ROOT } from './linux-user.ts';
import { hasBusybox, INTERACTIVE, isAbsent, isBareImage, isShell, missingText, type Behaviour } from './executable.ts';

export type Launch = { readonly role: string; readonly config: unknown; readonly startUs: number } | { readonly error: string };
interface Machine {
  readonly machine: string;
  readonly epochMs: number;
  readonly seed: number;
  readonly ip: string;
  readonly api: string;
  readonly schedulerConfiguration?: object;
  /** What is in the pod's volumes, 'volume/path' → text. */
  readonly volumes: Readonly<Record<string, string>>;
}

const CANNOT_START =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init';

export function launchOf(container: RuntimeContainer, sandbox: Sandbox, where: Machine): Launch {
  const reference = parseReference(container.image);
  const family = familyOf(reference);
  const { spec } = container;
  if (family?.role && isOfTheCluster(sandbox))
    return {
      role: family.role.role,
      startUs: family.behaviour.startUs ?? 100_000,
      config: family.role.config(spec.spec, {
        ...where,
        ip: sandbox.ip,
        address: container.address,
        namespace: sandbox.pod.namespace,
        pod: sandbox.pod.name,
      }),
    };
  const told = valuesOf(spec.env ?? []);
  const command = (spec.command ?? []).map((word) => expandVariables(word, told));
  const args = (spec.args ?? []).map((word) => expandVariables(word, told));
  if (isAbsent(command[0], imageOf(container.image))) return { error: `${CANNOT_START}: ${missingText(command[0])}` };
  const own: Behaviour = family?.behaviour ?? { kind: 'server' };
  const words = command.length > 0 ? [...command, ...args] : own.kind === 'oneshot' ? args : [];
  const behaviour = withTag(
    (waitsForWords(spec.spec) ? INTERACTIVE : undefined) ??
      interpreterOf(words) ??
      family?.told?.([...command, ...args]) ??
      (own.kind === 'oneshot' ? knownServer(words) : undefined) ??
      own,
    reference.tag,
  );
  const config = processOf(container, sandbox, where, { behaviour, words, all: [...command, ...args], told });
  return { role: 'process', config, startUs: behaviour.startUs ?? 20_000 };
}

const imageOf = (image: string): Pick<ProcessConfig, 'isBare' | 'hasBusybox'> => ({
  ...(isBareImage(image) ? { isBare: true as const } : {}),
  ...(hasBusybox(image) ? { hasBusybox: true as const } : {}),
});

/** The container's process, that does so and is told these words; `all`: also those that its image's own program is told. */
export function processOf(
  container: RuntimeContainer,
  sandbox: Sandbox,
  where: Machine,
  {
    behaviour,
    words,
    all,
    told,
  }: { readonly behaviour: Behaviour; readonly words: readonly string[]; readonly all: readonly string[]; readonly told: Variables },
): ProcessConfig {
  const { spec } = container;
  const family = familyOf(parseReference(container.image));
  const cwd = spec.spec.workingDir;
  const limit = spec.spec.resources?.limits?.memory;
  return {
    behaviour,
    words,
    ...portsOf(spec, all, behaviour, family !== undefined),
    pod: sandbox.pod.name,
    namespace: sandbox.pod.namespace,
    ip: sandbox.ip,
    host: where.machine,
    container: spec.name,
    id: container.id,
    env: environmentOf(container, sandbox, told),
    argv: words.length > 0 ? titleOf(words) : (behaviour.title ?? family?.name ?? spec.name),
    ...(spec.user ? { user: spec.user } : {}),
    files: filesOf(container, sandbox, where),
    epochMs: where.epochMs,
    ...(sandbox.dns ? { dns: sandbox.dns } : {}),
    ...(limit === undefined ? {} : { memoryLimit: quantity(limit) }),
    ...(spec.shared ? { shared: spec.shared } : {}),
    ...(spec.mounts ? { mounts: spec.mounts } : {}),
    ...(cwd ? { cwd } : {}),
    lastWord: { path: spec.spec.terminationMessagePath ?? '/dev/termination-log', policy: spec.spec.terminationMessagePolicy ?? 'File' },
    ...(family ? {} : { isMadeUp: true as const }),
    ...imageOf(container.image),
    ...(family?.name === 'busybox' ? { isBusybox: true as const } : {}),
    ...(spec.isAwaited ? { isAwaited: true as const } : {}),
    ...(spec.sharesPids ? { sharesPids: true as const } : {}),
  };
}

/** Where it listens: on what the manifest and its own flags name, and on what a known image usually has; that it does without where another has it. */
function portsOf(
  { ports }: RuntimeContainer['spec'],
  args: readonly string[],
  behaviour: Behaviour,
  isKnown: boolean,
): Pick<ProcessConfig, 'ports' | 'udpPorts' | 'spare'> {
  const declared = (isUdp: boolean): readonly number[] => ports.filter((p) => (p.protocol === 'UDP') === isUdp).map((p) => p.port);
  const flags = args.flatMap((arg) => /^-{1,2}(?:http-port|port|listen)=:?(\d+)$/.exec(arg)?.slice(1).map(Number) ?? []);
  const named = [...declared(false), ...flags];
  const usual = (behaviour.ports ?? []).filter((port) => !named.includes(port));
  return {
    ports: [...new Set([...named, ...(named.length === 0 || isKnown ? usual : [])])],
    udpPorts: declared(true),
    ...(named.length > 0 && isKnown && usual.length > 0 ? { spare: usual } : {}),
  };
}

function environmentOf({ spec }: RuntimeContainer, { hostname }: Sandbox, told: Variables): Environment {
  const before = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...(spec.spec.tty ? { TERM: 'xterm' } : {}),
    HOSTNAME: hostname,
  };
  return { before, told, after: told.HOME === undefined ? { HOME: homeOf(spec.user ?? ROOT) } : {} };
}

/** Somebody's own etcd is a server as others are, and not the cluster's. */
const isOfTheCluster = ({ hostNetwork, pod }: Sandbox): boolean => hostNetwork || pod.namespace.startsWith('kube-');

/** The image of a container whose process is a part of the cluster. */
export function partOf({ sandboxes }: Disk, { image, sandbox }: RuntimeContainer): ImageFamily | undefined {
  const [found, family] = [sandboxes.get(sandbox), familyOf(parseReference(image))];
  return found && family?.role && isOfTheCluster(found) ? family : undefined;
}

/** What it says of its version, and what its version says. */
function withTag(behaviour: Behaviour, tag: string): Behaviour {
  const body = behaviour.bodyOf?.[tag] ?? behaviour.body?.replaceAll('$tag', tag.replace(/^v/, ''));
  return body === behaviour.body ? behaviour : { ...behaviour, body };
}

/** What the process is called: a shell becomes the command when that is all its script is. Source: dash's and ash's evalstring with EV_EXIT. */
const titleOf = (words: readonly string[]): string =>
  words.length === 3 && isShell(words[0]) && words[1] === '-c' && /^[\w./ -]+$/.test(words[2]) ? words[2] : words.join(' ');

/** Whether it runs a shell without a script, which reads what is typed. */
export function waitsForWords({ image, stdin, command, args }: V1Container): boolean {
  const words = [...(command ?? []), ...(args ?? [])];
  return (
    stdin === true &&
    (words.length === 0 ? familyOf(parseReference(image ?? ''))?.behaviour.kind === 'oneshot' : words.length === 1 && isShell(words[0]))
  );
}

const optionsLine = ({ ndots, options = [`ndots:${ndots}`] }: ResolvConf): string =>
  options.length === 0 ? '' : `options ${options.join(' ')}\n`;

/** What a container finds on its disk besides the image. */
function filesOf(
  { spec }: RuntimeContainer,
  { ip, hostname, hostNetwork, dns }: Sandbox,
  { volumes, ip: machine }: Machine,
): Readonly<Record<string, string>> {
  const folders = spec.shared ?? [];
  const shared = [
    ...fromVolumes(
      folders.filter(({ volume }) => volumes[volume] === undefined).map(({ volume }) => ({ path: `${volume}/`, text: '' })),
      folders,
    ).map(({ path }) => [path, ''] as const),
    ...foldersIn(volumes, folders).map(({ path, text }) => [path, text ?? ''] as const),
  ];
  const own = Object.keys(spec.files ?? {});
  const empty = (spec.mounts ?? []).filter(({ path, made }) => made && !own.some((file) => file === path || file.startsWith(`${path}/`)));
  return {
    '/etc/hostname': `${hostname}\n`,
    '/etc/hosts': hostNetwork ? hostNetworkHosts : hostsFile(ip, hostname),
    '/etc/resolv.conf': dns
      ? `${dns.search.length === 0 ? '' : `search ${dns.search.join(' ')}\n`}nameserver ${dns.nameserver}\n${optionsLine(dns)}`
      : `nameserver ${resolverOf(machine)}\n`,
    ...Object.fromEntries([...shared, ...empty.map(({ path }) => [`${path}/`, ''] as const)]),
    ...spec.files,
  };
}
