/** `ip address`, `ip link`, `ip route`: of what the kernel has, as iproute2 6.1 and busybox 1.35 print it. Simplified: IPv4 only; neighbours and whatever changes something say nothing. */
import { contains, formatIp, parseCidr, parseIp } from '../../../lib/ip.ts';
import type { Namespace } from '../../network/namespace.ts';
import { no, ok, type Effect } from './effect.ts';

type Link = Namespace['links'][number];
type Route = Namespace['routes'][number];
interface How {
  readonly flags: ReadonlySet<string>;
  readonly isBusybox: boolean;
}

/** ip [OPTION …] OBJECT [show|list] [[dev] NAME] */
export function ip(args: readonly string[], namespace: Namespace, isBusybox: boolean): Effect {
  const at = args.findIndex((a, i) => !a.startsWith('-') && args[i - 1] !== '-f');
  const [object = '', ...rest] = at < 0 ? [] : args.slice(at);
  const how = { flags: new Set(args.slice(0, Math.max(at, 0))), isBusybox };
  if (how.flags.has('-6')) return ok();
  const isList = rest.length === 0 || /^(s|sh|sho|show|l|li|list|ls|lst)$/.test(rest[0]);
  const names = (isList ? rest.slice(1) : []).filter((word) => word !== 'dev');
  if (object !== '' && 'route'.startsWith(object))
    return isList ? ok(namespace.routes.map((r) => `${routeLine(r, how)}\n`).join('')) : wayTo(rest, namespace, how);
  const isLink = object !== '' && 'link'.startsWith(object);
  if (!isList || !(isLink || (object !== '' && 'address'.startsWith(object)))) return ok();
  const links = namespace.links.filter(({ ifname }) => names.length === 0 || names.includes(ifname));
  if (links.length === 0) return no(isBusybox ? `ip: can't find device '${names[0]}'` : `Device "${names[0]}" does not exist.`);
  return ok(links.map((link) => (isLink ? linkText(link, how) : addressText(link, how))).join(''));
}

const joined = (lines: readonly string[], { flags }: How): string => lines.join(flags.has('-o') ? '\\' : '\n') + '\n';
const nameOf = ({ ifname, peer }: Link): string => (peer === undefined ? ifname : `${ifname}@if${peer}`);
/** As `ip -br` has it. */
const briefly = (link: Link, what: string): string => `${nameOf(link).padEnd(16)} ${link.operstate.padEnd(14)} ${what} \n`;
/** Only the other end of a cable between a pod and its machine is in another namespace. */
const netnsOf = ({ peer, master }: Link): string => (peer === undefined || master !== undefined ? '' : ' link-netnsid 0');

function linkText(link: Link, how: How): string {
  if (how.flags.has('-br')) return briefly(link, `${link.address} <${link.flags.join(',')}>`);
  return joined([headOf(link, how, ' mode DEFAULT'), hardware(link, how)], how);
}

function addressText(link: Link, how: How): string {
  const { flags } = how;
  const addresses = link.addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`);
  if (flags.has('-br')) return briefly(link, addresses.join(' '));
  const isIpv4 = flags.has('-4') || flags.has('inet');
  if (isIpv4 && addresses.length === 0) return '';
  const lines = link.addr_info.flatMap(({ local, prefixlen, scope }) => [
    `    inet ${local}/${prefixlen}${scope === 'host' || prefixlen === 32 ? '' : ` brd ${broadcastOf(local, prefixlen)}`} scope ${scope} ${link.ifname}`,
    '       valid_lft forever preferred_lft forever',
  ]);
  if (flags.has('-o')) return addresses.length === 0 ? '' : joined([`${link.ifindex}: ${link.ifname}${lines[0]}`, lines[1]], how);
  return joined(
    [headOf(link, how) + (isIpv4 && !how.isBusybox ? netnsOf(link) : ''), ...(isIpv4 ? [] : [hardware(link, how)]), ...lines],
    how,
  );
}

/** The queue of the machine's own card is systemd's choice, fq_codel. */
function headOf(link: Link, { isBusybox }: How, mode = ''): string {
  const { ifindex, ifname, flags, mtu, peer, master, operstate } = link;
  const down = isBusybox && peer !== undefined && master === undefined ? ',M-DOWN' : '';
  const queue = ifname === 'eth0' && peer === undefined ? 'fq_codel' : 'noqueue';
  const state = isBusybox ? '' : ` state ${operstate}${mode} group default`;
  const length = ifname === 'flannel.1' ? ' ' : ' qlen 1000';
  return `${ifindex}: ${nameOf(link)}: <${flags.join(',')}${down}> mtu ${mtu} qdisc ${queue}${master === undefined ? '' : ` master ${master}`}${state}${length}`;
}

const hardware = (link: Link, { isBusybox }: How): string =>
  `    link/${link.link_type} ${link.address} brd ${link.ifname === 'lo' ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff'}${isBusybox ? '' : netnsOf(link)}`;

export const maskOf = (bits: number): string => formatIp(bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0);
export function broadcastOf(local: string, bits: number): string {
  const block = parseCidr(`${local}/${bits}`);
  return block ? formatIp(block.base + block.size - 1) : '';
}

function routeLine({ dst, gateway, dev, protocol, scope, prefsrc, flags }: Route, { isBusybox }: How): string {
  const words = [
    dst,
    ...(gateway === undefined ? [] : [`via ${gateway}`]),
    `dev ${dev}`,
    ...(protocol === undefined || isBusybox ? [] : [`proto ${protocol}`]),
    ...(scope === undefined ? [] : [`scope ${scope}`]),
    ...(prefsrc === undefined ? [] : [`${isBusybox ? ' ' : ''}src ${prefsrc}`]),
    ...flags,
  ];
  return `${words.join(' ')} `;
}

/** ip route get ADDRESS: the narrowest route that leads there. */
function wayTo([verb, to = '']: readonly string[], { routes, links }: Namespace, { isBusybox }: How): Effect {
  const address = parseIp(to);
  if (verb !== 'get' || address === undefined) return ok();
  const local = links.find(({ addr_info }) => addr_info.some((a) => a.local === to));
  const bitsOf = ({ dst }: Route): number => parseCidr(dst)?.bits ?? 0;
  const [route] = routes
    .filter(({ dst }) => dst === 'default' || contains(parseCidr(dst) ?? { base: 0, bits: 32, size: 0 }, address))
    .sort((a, b) => bitsOf(b) - bitsOf(a));
  if (!route) return no(`${isBusybox ? 'ip: ' : ''}RTNETLINK answers: Network is unreachable`, 2);
  const source = local ? to : (links.find(({ ifname }) => ifname === route.dev)?.addr_info[0]?.local ?? '');
  const by = local ? 'dev lo' : `${route.gateway === undefined ? '' : `via ${route.gateway} `}dev ${route.dev}`;
  const line = `${local ? 'local ' : ''}${to} ${by} ${isBusybox ? ' ' : ''}src ${source} `;
  return ok(isBusybox ? `${line}\n` : `${line}uid 0 \n    cache ${local ? '<local> ' : ''}\n`);
}
