/** ifconfig, route and netstat as busybox 1.35 prints them, and ss as iproute2 6.1: of what the kernel has. Simplified: packets are not counted; of sockets there are those that listen; ports have no names. */
import { parseCidr, formatIp } from '../../../lib/ip.ts';
import type { Namespace } from '../../network/namespace.ts';
import { no, ok, type Effect } from './effect.ts';
import { broadcastOf, maskOf } from './ip.ts';

type Listener = Namespace['listeners'][number];

/** ifconfig [-a] [NAME] */
export function ifconfig(args: readonly string[], { links }: Namespace): Effect {
  const [name, ...more] = args.filter((a) => !a.startsWith('-'));
  if (more.length > 0) return ok();
  const shown = links.filter(({ ifname }) => name === undefined || ifname === name);
  if (shown.length === 0) return no(`ifconfig: ${name}: error fetching interface information: Device not found`);
  return ok(
    [...shown]
      .sort((a, b) => (a.ifname < b.ifname ? -1 : 1))
      .map(interfaceText)
      .join(''),
  );
}

function interfaceText({ ifname, address, addr_info, mtu }: Namespace['links'][number]): string {
  const isLoopback = ifname === 'lo';
  const head = `${ifname.padEnd(9)} Link encap:${isLoopback ? 'Local Loopback  ' : `Ethernet  HWaddr ${address.toUpperCase()}  `}`;
  const own = addr_info.map(
    ({ local, prefixlen }) =>
      `inet addr:${local}  ${isLoopback ? '' : `Bcast:${prefixlen === 32 ? '0.0.0.0' : broadcastOf(local, prefixlen)}  `}Mask:${maskOf(prefixlen)}`,
  );
  const lines = [
    ...own,
    `UP ${isLoopback ? 'LOOPBACK RUNNING' : 'BROADCAST RUNNING MULTICAST'}  MTU:${mtu}  Metric:1`,
    'RX packets:0 errors:0 dropped:0 overruns:0 frame:0',
    'TX packets:0 errors:0 dropped:0 overruns:0 carrier:0',
    `collisions:0 txqueuelen:${ifname === 'flannel.1' ? 0 : 1000} `,
    'RX bytes:0 (0.0 B)  TX bytes:0 (0.0 B)',
  ];
  return `${head}\n${lines.map((line) => `          ${line}\n`).join('')}\n`;
}

/** route [-n] */
export const route = (args: readonly string[], namespace: Namespace): Effect =>
  args.some((a) => !a.startsWith('-')) ? ok() : ok(routesText(namespace, args.includes('-n')));

/** `isOfNetstat`: `netstat -r` names other columns. */
function routesText({ routes }: Namespace, isNumeric: boolean, isOfNetstat = false): string {
  const rows = routes.map(({ dst, gateway, dev }) => {
    const block = parseCidr(dst);
    const to = block ? formatIp(block.base) : isNumeric ? '0.0.0.0' : 'default';
    const by = gateway ?? (isNumeric ? '0.0.0.0' : '*');
    const flags = `U${gateway === undefined ? '' : 'G'}${block?.bits === 32 ? 'H' : ''}`;
    const counts = isOfNetstat ? '    0 0          0' : '0      0        0';
    return `${to.padEnd(15)} ${by.padEnd(15)} ${maskOf(block?.bits ?? 0).padEnd(15)} ${flags.padEnd(5)} ${counts} ${dev}\n`;
  });
  const last = isOfNetstat ? '  MSS Window  irtt' : 'Metric Ref    Use';
  return `Kernel IP routing table\nDestination     Gateway         Genmask         Flags ${last} Iface\n${rows.join('')}`;
}

/** Those that the letters ask for: t, u, or all. */
const asked = (listeners: readonly Listener[], letters: string): readonly Listener[] =>
  listeners.filter(({ proto }) => !/[tuwx]/.test(letters) || letters.includes(proto[0]));
const lettersOf = (args: readonly string[]): string =>
  args.map((a) => (/^-[a-z]+$/.test(a) ? a.slice(1) : a === '--listening' ? 'l' : '')).join('');

/** netstat [-latunr] */
export function netstat(args: readonly string[], namespace: Namespace): Effect {
  const letters = lettersOf(args);
  if (letters.includes('r')) return ok(routesText(namespace, letters.includes('n'), true));
  const which = letters.includes('a') ? 'servers and established' : letters.includes('l') ? 'only servers' : 'w/o servers';
  const rows = (which === 'w/o servers' ? [] : asked(namespace.listeners, letters)).map(
    ({ proto, ip, port }) =>
      `${proto}        0      0 ${`${ip}:${port}`.padEnd(23)} ${'0.0.0.0:*'.padEnd(23)} ${(proto === 'tcp' ? 'LISTEN' : '').padEnd(11)} \n`,
  );
  const sockets = `Active Internet connections (${which})\nProto Recv-Q Send-Q Local Address           Foreign Address         State       \n${rows.join('')}`;
  const others = `Active UNIX domain sockets (${which})\nProto RefCnt Flags       Type       State         I-Node Path\n`;
  return ok(/[tuw]/.test(letters) ? sockets : sockets + others);
}

/** ss [-ltun]: columns as wide as what is in them. Source: misc/ss.c. */
export function ss(args: readonly string[], { listeners }: Namespace): Effect {
  const letters = lettersOf(args);
  const found = /[la]/.test(letters) ? asked(listeners, letters) : [];
  const isMixed = !/[tu]/.test(letters) || /t.*u|u.*t/.test(letters);
  const rows = [
    [...(isMixed ? ['Netid'] : []), 'State', 'Recv-Q', 'Send-Q', 'Local Address:', 'Port', 'Peer Address:', 'Port'],
    ...found.map(({ proto, ip, port }) => [
      ...(isMixed ? [proto] : []),
      proto === 'tcp' ? 'LISTEN' : 'UNCONN',
      '0',
      proto === 'tcp' ? '4096' : '0',
      `${ip}:`,
      String(port),
      '0.0.0.0:',
      '*',
    ]),
  ];
  const widths = rows[0].map((_c, i) => Math.max(...rows.map((row) => row[i].length)));
  const isRight = (i: number): boolean => rows[0][i].endsWith(':');
  const isLast = (i: number): boolean => i === rows[0].length - 1;
  const text = (row: readonly string[]): string =>
    row.map((cell, i) => (isRight(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i]) + (isLast(i) ? '' : ' '))).join('');
  return ok(rows.map((row, n) => `${text(row)}${n === 0 ? 'Process' : ' '.repeat(7)}\n`).join(''));
}
