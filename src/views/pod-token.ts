/** A pod as people see it: state in a shape and a word, containers as blocks, and the foundation that pause is. */
import type { V1ContainerStatus, V1ObjectMeta, V1Pod } from '../api/schema/kubernetes.ts';
import { isOver } from '../api/pods/phase.ts';
import { podLine } from '../api/pods/print.ts';
import { isOwn, isReady, isSilent, machineOf, type Picture } from '../story/picture.ts';
import { fit, MONO, type Box } from './geometry.ts';
import type { Moment } from './moment.ts';
import { workloadOf } from './workloads.ts';

export type Tone = 'ok' | 'busy' | 'wait' | 'bad' | 'gone';
export interface ContainerBlock {
  readonly name: string;
  readonly image: string;
  /** 'done': ended well. */
  readonly state: 'running' | 'waiting' | 'ended' | 'done';
}
export interface PodToken {
  /** 'namespace/name' */
  readonly key: string;
  readonly name: string;
  /** What tells it from its siblings. */
  readonly short: string;
  /** Its head: that; or where there are several workloads its workload's name, if there is room for that elsewhere. */
  readonly title: string;
  readonly glyph: string;
  /** One or two words; the whole STATUS, as kubectl says it, is in `status`. */
  readonly word: string;
  readonly status: string;
  readonly tone: Tone;
  /** As the API has it; '' until the kubelet has reported it. */
  readonly ip: string;
  /** The pause container runs, with this address; undefined: there is no foundation to stand on. */
  readonly foundation: { readonly ip: string; readonly isReported: boolean } | undefined;
  /** What is to say where no foundation is. */
  readonly ground: string;
  /** In the order in which they start; init containers until they have ended well, ephemeral ones while they run. */
  readonly containers: readonly ContainerBlock[];
  /** The name of its first container: whom it is opened for. */
  readonly first: string;
  readonly isSystem: boolean;
  /** 0 to 3, by its workload. */
  readonly pattern: number;
  /** What has room beside the address: its word, its short name, or the name of its workload as far as it fits; '' of the only one. */
  readonly beside: string;
  /** Where the word stands. The name has the room first: else it goes below, or where the token is low, beside the address. */
  readonly wordAt: 'name' | 'below' | 'address';
  readonly box: Box;
}

/** How wide a character of a token's name is. */
const BOLD = 9;
/** So high a token has a line to spare. */
const THREE_LINES = 67;
/** So wide a token has room for most of a workload's name before a word, and for a short name beside an address. */
const WIDE = 175;

/** A generated suffix says which one, also where its base was cut; a name of its own is said in full. */
const shortName = ({ name = '', generateName }: V1ObjectMeta): string => (generateName ? name.slice(-5) : name);

interface State {
  readonly glyph: string;
  readonly word: string;
  readonly tone: Tone;
}
const FAILING: readonly (readonly [RegExp, string])[] = [
  [/CrashLoop/, 'crash loop'],
  [/ImagePull|ErrImage|InvalidImage/, 'no image'],
  [/^(?:Init:)?Error/, 'error'],
  [/Failed|ContainerStatusUnknown/, 'failed'],
  [/OOMKilled/, 'no memory'],
  [/CreateContainer|RunContainer/, 'no start'],
];

interface Around {
  readonly hasPause: boolean;
  readonly isPulling: boolean;
  /** Its machine is silent: the status is its last word. */
  readonly isLost: boolean;
}

function stateOf(pod: V1Pod, status: string, { hasPause, isPulling, isLost }: Around): State {
  if (pod.metadata?.deletionTimestamp) return { glyph: '◌', word: 'ending', tone: 'gone' };
  if (isLost && !isOver(pod)) return { glyph: '?', word: 'unknown', tone: 'gone' };
  const failing = FAILING.find(([pattern]) => pattern.test(status));
  if (failing) return { glyph: '✗', word: failing[1], tone: 'bad' };
  if (/Completed|Succeeded/.test(status)) return { glyph: '✓', word: 'done', tone: 'gone' };
  if (isReady(pod)) return { glyph: '●', word: 'ready', tone: 'ok' };
  if (pod.status?.phase === 'Running') return { glyph: '◐', word: 'running', tone: 'busy' };
  if (!pod.spec?.nodeName)
    return pod.status?.conditions?.some((c) => c.type === 'PodScheduled' && c.status === 'False')
      ? { glyph: '✗', word: 'fits nowhere', tone: 'bad' }
      : { glyph: '◇', word: 'no machine', tone: 'wait' };
  if (isPulling) return { glyph: '○', word: 'pulling', tone: 'busy' };
  const init = /^Init:(\d+\/\d+)$/.exec(status);
  if (init && hasPause) return { glyph: '○', word: `init ${init[1]}`, tone: 'wait' };
  return { glyph: '○', word: hasPause ? 'starting' : 'bound', tone: 'wait' };
}

/** `coming`: the address of a network that pause does not hold yet. */
function groundOf(pod: V1Pod, picture: Picture, coming: string | undefined): string {
  if (!picture.actors.has(`${pod.spec?.nodeName}/containerd`)) return 'nothing runs here';
  return coming ?? (pod.status?.podIP ? 'sandbox gone' : 'no sandbox yet');
}

/** A process runs where its actor does; how it ended, the API has it. */
function blockOf(key: string, statuses: readonly V1ContainerStatus[] = [], picture: Picture) {
  return ({ name, image = '' }: { readonly name: string; readonly image?: string }): ContainerBlock => {
    const end = statuses.find((s) => s.name === name)?.state?.terminated;
    return {
      name,
      image,
      state: picture.actors.has(`${key}/${name}`) ? 'running' : !end ? 'waiting' : end.exitCode === 0 ? 'done' : 'ended',
    };
  };
}

function containersOf({ metadata, spec, status }: V1Pod, picture: Picture): readonly ContainerBlock[] {
  const key = `${metadata?.namespace}/${metadata?.name}`;
  return [
    ...(spec?.initContainers ?? []).map(blockOf(key, status?.initContainerStatuses, picture)).filter((c) => c.state !== 'done'),
    ...(spec?.containers ?? []).map(blockOf(key, status?.containerStatuses, picture)),
    ...(spec?.ephemeralContainers ?? [])
      .map(blockOf(key, status?.ephemeralContainerStatuses, picture))
      .filter((c) => c.state === 'running'),
  ];
}

export function podToken(pod: V1Pod, picture: Picture, moment: Moment, box: Box): PodToken {
  const name = pod.metadata?.name ?? '';
  const key = `${pod.metadata?.namespace}/${name}`;
  const containers = containersOf(pod, picture);
  const ip = moment.leased(key) ?? pod.status?.podIP ?? '';
  const hasPause = picture.actors.has(`${key}/pause`) && (moment.stands(key) || ip === pod.status?.podIP);
  const pulled = moment.pulls.get(pod.spec?.nodeName ?? '') ?? [];
  const isPulling = containers.some((c) => c.state === 'waiting' && pulled.includes(c.image));
  const { status } = podLine(pod, 0);
  const { pattern, name: workload } = workloadOf(pod, picture);
  const hasLine = box.h >= THREE_LINES;
  const room = Math.floor((box.w - 22 - ip.length * MONO) / 7.8);
  const short = shortName(pod.metadata ?? {});
  const state = stateOf(pod, status, { hasPause, isPulling, isLost: isSilent(machineOf(pod, picture)) });
  const isTitled = workload !== '' && (hasLine || box.w >= WIDE);
  const isWide = short.length * BOLD + state.word.length * 7.8 <= box.w - 34;
  const wordAt = (isTitled ? !hasLine : isWide) ? 'name' : hasLine ? 'below' : 'address';
  return {
    key,
    name,
    short,
    title: isTitled ? workload : short,
    pattern,
    beside: wordAt === 'address' ? state.word : isTitled ? (hasLine ? '' : short) : room < 2 ? '' : fit(workload, room),
    wordAt,
    status,
    ip: pod.status?.podIP ?? '',
    ...state,
    containers,
    first: pod.spec?.containers?.[0]?.name ?? '',
    isSystem: !isOwn(pod),
    box,
    ground: groundOf(pod, picture, ip !== '' && ip !== pod.status?.podIP ? ip : undefined),
    foundation: hasPause ? { ip, isReported: ip === pod.status?.podIP } : undefined,
  };
}
