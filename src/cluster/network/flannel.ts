/**
 * flannel: reads this machine's block of pod addresses from its Node, writes the CNI configuration, and keeps a way to every other machine's block.
 * Upstream: flannel-io/flannel pkg/subnet/kube, pkg/backend/vxlan. Simplified: VTEP MAC addresses are derived from the machine's address.
 */
import { internalIp } from '../../api/machinery/node-address.ts';
import type { KubeObject } from '../../api/object.ts';
import type { V1Node } from '../../api/schema/kubernetes.ts';
import type { Component, Context } from '../../kernel/component.ts';
import { callApi, responseOf } from '../client/api-client.ts';
import { identities } from '../client/identity.ts';
import { indexIn, viewOf } from '../client/indexed-cache.ts';
import { createReflectors, reflected, reflectedAnswer, startReflector, type Change, type Reflectors } from '../client/reflector.ts';
import { formatIp, macOf, parseCidr } from '../../lib/ip.ts';
import { remembering } from '../../lib/remembering.ts';
import type { CniConf } from './cni.ts';
import { missingLease } from './flannel-lease.ts';

export interface FlannelConfig {
  readonly api: string;
  readonly machine: string;
  readonly ip: string;
}
export interface RemoteSubnet {
  readonly machine: string;
  readonly podCIDR: string;
  readonly ip: string;
  readonly mac: string;
}
/** What flannel asks of its machine's kernel: the own block, and the ways to the others' that have changed since; `isWhole`: there are no others, and one's own may be among them. */
export interface Overlay {
  readonly protocol: 'overlay';
  readonly podCIDR: string;
  readonly gateway: string;
  readonly isWhole: boolean;
  readonly remotes: readonly RemoteSubnet[];
  readonly gone: readonly string[];
}
export interface FlannelState {
  readonly config: FlannelConfig;
  readonly reflectors: Reflectors;
  podCIDR: string;
  gateway: string;
}

export const GATEWAY_ANNOTATION = 'kube-orrery.dev/pod-gateway';
/** A Node changes often, and its addresses seldom. */
const CONCERN = [
  ['spec', 'podCIDR'],
  ['status', 'addresses'],
  ['metadata', 'annotations', GATEWAY_ANNOTATION],
];

export const flannel: Component<FlannelState, FlannelConfig> = {
  role: 'flannel',
  start(config, ctx) {
    const reflectors = createReflectors({ api: config.api, as: identities.flannel });
    startReflector(ctx, reflectors, { resource: 'nodes', path: '/api/v1/nodes', concern: CONCERN });
    return { config, reflectors, podCIDR: '', gateway: '' };
  },
  handle(state, message, ctx) {
    sync(state, reflected(ctx, state.reflectors, message), ctx);
    if (message.kind === 'wake' && (message.body as Partial<Then>).step === 'lease') acquireLease(state, ctx);
  },
  answered(state, answer, then, ctx) {
    if ((then as Partial<Then>).step === 'lease') {
      if (responseOf(answer).code !== 200) ctx.wake(RETRY_US, { step: 'lease' } satisfies Then);
      return;
    }
    sync(state, reflectedAnswer(ctx, state.reflectors, answer, then), ctx);
  },
};

/** Upstream: RegisterNetwork is tried again each second. */
const RETRY_US = 1_000_000;
/** Upstream makes VTEP MACs up at random; here they follow from the address, so that a run can be repeated. */
export const vtepMac = (ip: string): string => macOf(ip, '0a:58');

/** The address of a machine's bridge, from which it speaks to its pods. */
export function podGateway(node: V1Node | undefined): string | undefined {
  const block = parseCidr(node?.spec?.podCIDR ?? '');
  return block && (node?.metadata?.annotations?.[GATEWAY_ANNOTATION] ?? formatIp(block.base + 1));
}

type Then = { readonly step: 'lease' };

function acquireLease({ config, reflectors }: FlannelState, ctx: Context): void {
  const own = viewOf(reflectors.cache).get<V1Node>('nodes', config.machine);
  const annotations = own && missingLease(own, { ip: config.ip, mac: vtepMac(config.ip) });
  if (annotations)
    callApi(
      ctx,
      reflectors.endpoint,
      {
        method: 'PATCH',
        path: `/api/v1/nodes/${config.machine}/status`,
        contentType: 'application/merge-patch+json',
        body: { metadata: { annotations } },
      },
      { step: 'lease' } satisfies Then,
    );
}

/** When more ways than these change, all are told anew: the list is one that a whole fleet shares. */
const FEW = 16;

function sync(state: FlannelState, changes: readonly Change[] | undefined, ctx: Context): void {
  if (!changes) return;
  const {
    config: { machine },
    reflectors,
  } = state;
  const own = viewOf(reflectors.cache).get<V1Node>('nodes', machine);
  const podCIDR = own?.spec?.podCIDR;
  const gateway = podGateway(own);
  // What changes while there is no block of one's own is told as a whole when there is one.
  if (!podCIDR || gateway === undefined) {
    state.gateway = '';
    return;
  }
  const isNew = state.podCIDR !== podCIDR;
  const moved = changes.filter((change) => change.object.metadata?.name !== machine && hasMoved(change));
  const isWhole = isNew || state.gateway !== gateway || moved.length > FEW;
  if (!isWhole && moved.length === 0) return;
  state.podCIDR = podCIDR;
  state.gateway = gateway;
  if (isNew) {
    acquireLease(state, ctx);
    ctx.note({ says: 'flannel/configured', about: `nodes/${machine}`, with: { machine, podCIDR } });
    ctx.send(`${machine}/cni`, { protocol: 'cni-conf', podCIDR, gateway } satisfies CniConf);
  }
  const remotes = isWhole
    ? waysIn(indexIn(reflectors.cache, 'nodes').get('') ?? new Map())
    : moved.filter(({ type }) => type !== 'DELETED').flatMap(({ object }) => subnetOf(object as V1Node) ?? []);
  const gone = isWhole
    ? []
    : moved
        .filter(({ type, object }) => type === 'DELETED' || !subnetOf(object as V1Node))
        .map(({ object }) => object.metadata?.name ?? '');
  ctx.send(`${machine}/linux`, { protocol: 'overlay', podCIDR, gateway, isWhole, remotes, gone } satisfies Overlay);
}

/** The ways to all machines, one's own among them. */
const waysIn = remembering((nodes: ReadonlyMap<string, KubeObject>): readonly RemoteSubnet[] =>
  Object.freeze([...nodes.values()].flatMap((node) => subnetOf(node as V1Node) ?? [])),
);

/** Whether there is another way to a machine's pods than there was. */
function hasMoved({ type, object, old }: Change): boolean {
  const [was, is] = [old && subnetOf(old as V1Node), type === 'DELETED' ? undefined : subnetOf(object as V1Node)];
  return was?.podCIDR !== is?.podCIDR || was?.ip !== is?.ip;
}

/** Made once for each state of a Node: every flannel sees the same. */
const subnets = new WeakMap<V1Node, RemoteSubnet>();
function subnetOf(node: V1Node): RemoteSubnet | undefined {
  const podCIDR = node.spec?.podCIDR;
  if (!podCIDR) return undefined;
  const known = subnets.get(node);
  if (known) return known;
  const ip = internalIp(node);
  const made = Object.freeze({ machine: node.metadata?.name ?? '', podCIDR, ip, mac: vtepMac(ip) });
  if (Object.isFrozen(node)) subnets.set(node, made);
  return made;
}
