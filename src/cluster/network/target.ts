/** What a person asks for, as an address to connect to. */
import { parseIp } from '../../lib/ip.ts';
import type { Protocol } from './packet.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly proto: Protocol;
}
/** 'http://name.ns:port/path', 'https://…' or 'ip:port'; throws an Error that names what is wrong. */
export function parseTarget(to: string, protocol: 'TCP' | 'UDP' = 'TCP'): Target {
  const match = /^(?:(https?):\/\/)?([A-Za-z0-9._-]+)(?::(\d+))?(\/[^\s]*)?$/.exec(to);
  if (!match) throw new Error(`cannot connect to ${JSON.stringify(to)}: write http://name.namespace:port/path or ip:port`);
  const [, scheme, host, port, path] = match;
  const number = port === undefined ? (scheme === 'https' ? 443 : 80) : Number(port);
  if (number < 1 || number > 65_535) throw new Error(`cannot connect to ${JSON.stringify(to)}: port ${port} is not between 1 and 65535`);
  if (/^[\d.]+$/.test(host) && parseIp(host) === undefined)
    throw new Error(`cannot connect to ${JSON.stringify(to)}: ${host} is not an IPv4 address`);
  return { host, port: number, path: path ?? '/', proto: protocol === 'UDP' ? 'udp' : 'tcp' };
}
