/** IPv4 addresses and blocks as unsigned 32-bit integers. */

/** Undefined when the text is not four decimal bytes. */
export function parseIp(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

export function formatIp(value: number): string {
  return `${(value >>> 24) & 255}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** A made-up hardware address: two bytes of prefix, then the four of the IP address. */
export const macOf = (ip: string, prefix: string): string =>
  `${prefix}:${[24, 16, 8, 0].map((s) => (((parseIp(ip) ?? 0) >>> s) & 255).toString(16).padStart(2, '0')).join(':')}`;

export interface Cidr {
  readonly base: number;
  readonly bits: number;
  readonly size: number;
}

/** '10.254.0.0/24'; undefined when malformed. */
export function parseCidr(text: string): Cidr | undefined {
  const [address, length] = text.split('/');
  const ip = parseIp(address);
  const bits = Number(length);
  if (ip === undefined || !/^\d{1,2}$/.test(length ?? '') || bits > 32) return undefined;
  const size = bits === 0 ? 0x100000000 : (1 << (32 - bits)) >>> 0;
  return { base: ip - (ip % size), bits, size };
}

export const contains = (cidr: Cidr, ip: number): boolean => ip >= cidr.base && ip < cidr.base + cidr.size;
