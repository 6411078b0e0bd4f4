/** Addresses as fields of objects. Upstream: apimachinery/pkg/util/validation/ip.go, pkg/apis/core/validation ValidateNonSpecialIP (v1.36). Simplified: leading zeros are always refused. */
import { parseCidr, parseIp } from '../../lib/ip.ts';
import { invalid, type FieldError } from './field-error.ts';

const LONGEST = 8;

/** The eight 16-bit groups of an IPv6 address; undefined when it is none. */
export function ipv6Groups(text: string): readonly number[] | undefined {
  const v4 = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const embedded = v4 ? parseIp(v4[2]) : undefined;
  if (v4 && embedded === undefined) return undefined;
  const plain = v4 && embedded !== undefined ? `${v4[1]}${Math.floor(embedded / 65536).toString(16)}:${(embedded % 65536).toString(16)}` : text;
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const given = [...head, ...(tail ?? [])];
  if (!given.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) || (tail === undefined ? given.length !== LONGEST : given.length >= LONGEST)) return undefined;
  const zeros = Array.from({ length: LONGEST - given.length }, () => '0');
  return [...head, ...zeros, ...(tail ?? [])].map((group) => Number.parseInt(group, 16));
}

export const isIpv6 = (text: string): boolean => ipv6Groups(text) !== undefined;
const isIp = (text: string): boolean => parseIp(text) !== undefined || isIpv6(text);

export const ipErrors = (text: string, field: string): readonly FieldError[] => (isIp(text) ? [] : [invalid(field, text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')]);

export function cidrErrors(text: string, field: string): readonly FieldError[] {
  const [address, bits = ''] = text.split('/');
  const isValid = parseCidr(text) !== undefined || (isIpv6(address) && /^\d{1,3}$/.test(bits) && Number(bits) <= 128);
  return isValid ? [] : [invalid(field, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
}

/** Addresses that mean something to one machine alone. */
export function specialIpErrors(text: string, field: string): readonly FieldError[] {
  const v4 = parseIp(text);
  const v6 = ipv6Groups(text);
  if (v4 === undefined && v6 === undefined) return [invalid(field, text, 'must be a valid IP address')];
  const starts = (cidr: string): boolean => { const block = parseCidr(cidr); return v4 !== undefined && block !== undefined && v4 >= block.base && v4 < block.base + block.size; };
  const is = (last: number): boolean => v6 !== undefined && v6.every((group, i) => group === (i === LONGEST - 1 ? last : 0));
  return [
    ...(v4 === 0 || is(0) ? [invalid(field, text, `may not be unspecified (${text})`)] : []),
    ...(starts('127.0.0.0/8') || is(1) ? [invalid(field, text, 'may not be in the loopback range (127.0.0.0/8, ::1/128)')] : []),
    ...(starts('169.254.0.0/16') || (v6 && v6[0] >= 0xfe80 && v6[0] < 0xfec0) ? [invalid(field, text, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)')] : []),
    ...(starts('224.0.0.0/24') || v6?.[0] === 0xff02 ? [invalid(field, text, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)')] : []),
  ];
}
