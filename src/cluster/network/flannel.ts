/**
 * flannel: reads this machine's block of pod addresses from its Node, writes the CNI configuration, and keeps a way to every other machine's block.
 * Upstream: flannel-io/flannel pkg/subnet/kube, pkg/backend/vxlan. Simplified: VTEP MAC addresses are derived from the machine's address.
 */
import { internalIp } from '../../api/machinery/node-address.ts';
import type { V1Node } from '../../api/schema/kubernetes.ts';
import type { Component, Context } from '../../kernel/component.ts';
import { callApi, responseOf } from '../client/api-client.ts';
import { identities } from '../client/identity.ts';
import { viewOf } from '../client/indexed-cache.ts';
import { createReflectors, reflected, reflectedAnswer, startReflector, type Change, type Reflectors } from '../client/reflector.ts';
import { formatIp, macOf, parseCidr } from '../../lib/ip.ts';
import type { CniConf } from './cni.ts';
import { missingLease } from './flannel-lease.ts';

export interface FlannelConfig { readonly api: string; readonly machine: string; readonly ip: string }
export interface RemoteSubnet { readonly machine: string; readonly podCIDR: string; readonly ip: string; readonly mac: string }
export interface Overlay { readonly protocol: 'overlay'; readonly podCIDR: string; readonly gateway: string; readonly remotes: readonly RemoteSubnet[] }
export interface FlannelState { readonly config: FlannelConfig; readonly reflectors: Reflectors; written: string; overlay: string }

export const flannel: Component<FlannelState, FlannelConfig> = {
  role: 'flannel',
  start(config, ctx) {
    const reflectors = createReflectors({ api: config.api, as: identities.flannel });
    startReflector(ctx, reflectors, { resource: 'nodes', path: '/api/v1/nodes' });
    return { config, reflectors, written: '', overlay: '' };
  },
  handle(state, message, ctx) {
    if (reflected(ctx, state.reflectors, message)?.some(matters)) sync(state, ctx);
    if (message.kind === 'wake' && (message.body as Partial<Then>).step === 'lease') acquireLease(state, ctx);
  },
  answered(state, answer, then, ctx) {
    if ((then as Partial<Then>).step === 'lease') { if (responseOf(answer).code !== 200) ctx.wake(RETRY_US, { step: 'lease' } satisfies Then); return; }
    if (reflectedAnswer(ctx, state.reflectors, answer, then)?.some(matters)) sync(state, ctx);
  },
};

/** Upstream: RegisterNetwork is tried again each second. */
const RETRY_US = 1_000_000;
/** Upstream makes VTEP MACs up at random; here they follow from the address, so that a run can be repeated. */
export const vtepMac = (ip: string): string => macOf(ip, '0a:58');
export const GATEWAY_ANNOTATION = 'kube-orrery.dev/pod-gateway';

/** The address of a machine's bridge, from which it speaks to its pods. */
export function podGateway(node: V1Node | undefined): string | undefined {
  const block = parseCidr(node?.spec?.podCIDR ?? '');
  return block && (node?.metadata?.annotations?.[GATEWAY_ANNOTATION] ?? formatIp(block.base + 1));
}

/** A Node changes often, and its addresses seldom. */
function matters({ type, object, old }: Change): boolean {
  if (type !== 'MODIFIED' || !old) return true;
  const [was, now] = [old as V1Node, object as V1Node];
  return was.spec?.podCIDR !== now.spec?.podCIDR || was.metadata?.annotations?.[GATEWAY_ANNOTATION] !== now.metadata?.annotations?.[GATEWAY_ANNOTATION] || internalIp(was) !== internalIp(now);
}

type Then = { readonly step: 'lease' };

function acquireLease({ config, reflectors }: FlannelState, ctx: Context): void {
  const own = viewOf(reflectors.cache).get<V1Node>('nodes', config.machine);
  const annotations = own && missingLease(own, { ip: config.ip, mac: vtepMac(config.ip) });
  if (annotations) callApi(ctx, reflectors.endpoint, { method: 'PATCH', path: `/api/v1/nodes/${config.machine}/status`, contentType: 'application/merge-patch+json', body: { metadata: { annotations } } }, { step: 'lease' } satisfies Then);
}

function sync(state: FlannelState, ctx: Context): void {
  const nodes = [...viewOf(state.reflectors.cache).list<V1Node>('nodes')].sort((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
  const own = nodes.find((n) => n.metadata?.name === state.config.machine);
  const podCIDR = own?.spec?.podCIDR;
  const gateway = podGateway(own);
  if (!podCIDR || gateway === undefined) return;
  if (state.written !== podCIDR) {
    acquireLease(state, ctx);
    state.written = podCIDR;
    ctx.note({ says: 'flannel/configured', about: `nodes/${state.config.machine}`, with: { machine: state.config.machine, podCIDR } });
    ctx.send(`${state.config.machine}/cni`, { protocol: 'cni-conf', podCIDR, gateway } satisfies CniConf);
  }
  const remotes = nodes.filter((n) => n !== own && n.spec?.podCIDR).map((n): RemoteSubnet => { const ip = internalIp(n); return { machine: n.metadata?.name ?? '', podCIDR: n.spec?.podCIDR ?? '', ip, mac: vtepMac(ip) }; });
  const overlay = JSON.stringify([podCIDR, gateway, remotes]);
  if (overlay === state.overlay) return;
  state.overlay = overlay;
  ctx.send(`${state.config.machine}/linux`, { protocol: 'overlay', podCIDR, gateway, remotes } satisfies Overlay);
}
