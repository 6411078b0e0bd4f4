/** Addresses as fields of objects. Upstream: apimachinery/pkg/util/validation/ip.go, pkg/apis/core/validation ValidateNonSpecialIP, with StrictIPCIDRValidation, on since v1.36. Simplified: what an object had before is not let through. */
import { parseCidr, parseIp } from '../../lib/ip.ts';
import { invalid, type FieldError } from './field-error.ts';

const LONGEST = 8;

/** The eight 16-bit groups of an IPv6 address; undefined when it is none. */
export function ipv6Groups(text: string): readonly number[] | undefined {
  const v4 = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const embedded = v4 ? parseIp(v4[2]) : undefined;
  if (v4 && embedded === undefined) return undefined;
  const plain =
    v4 && embedded !== undefined ? `${v4[1]}${Math.floor(embedded / 65536).toString(16)}:${(embedded % 65536).toString(16)}` : text;
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const given = [...head, ...(tail ?? [])];
  if (
    !given.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) ||
    (tail === undefined ? given.length !== LONGEST : given.length >= LONGEST)
  )
    return undefined;
  const zeros = Array.from({ length: LONGEST - given.length }, () => '0');
  return [...head, ...zeros, ...(tail ?? [])].map((group) => Number.parseInt(group, 16));
}

export const isIpv6 = (text: string): boolean => ipv6Groups(text) !== undefined;
const isIp = (text: string): boolean => parseIp(text) !== undefined || isIpv6(text);

/** Go's older parsers do not mind noughts in front. */
const bare = (text: string): string => text.replace(/(^|[.:])0+(?=\d+(\.|$))/g, '$1');
const isMapped = (text: string): boolean => ipv6Groups(text)?.every((group, i) => i > 5 || group === (i === 5 ? 0xffff : 0)) === true;

export function ipErrors(text: string, field: string): readonly FieldError[] {
  if (!isIp(text))
    return [
      invalid(field, text, isIp(bare(text)) ? 'must not have leading 0s' : 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
    ];
  return isMapped(text) ? [invalid(field, text, 'must not be an IPv4-mapped IPv6 address')] : [];
}

export function cidrErrors(text: string, field: string): readonly FieldError[] {
  const [address, bits = '', ...more] = text.split('/');
  const length = Number(bits);
  const isValid =
    more.length === 0 &&
    /^\d+$/.test(bits) &&
    (parseIp(bare(address)) === undefined ? isIpv6(bare(address)) && length <= 128 : length <= 32);
  if (!isValid) return [invalid(field, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
  if (!isIp(address) || /^0\d/.test(bits)) return [invalid(field, text, 'must not have leading 0s in IP or prefix length')];
  if (isMapped(address)) return [invalid(field, text, 'must not have an IPv4-mapped IPv6 address')];
  return isBase(address, length) ? [] : [invalid(field, text, 'must not have bits set beyond the prefix length')];
}

/** Whether nothing is behind the prefix of an address. */
function isBase(address: string, length: number): boolean {
  const block = parseCidr(`${address}/${length}`);
  if (block) return block.base === parseIp(address);
  return ipv6Groups(address)?.every((group, i) => (group & ((1 << Math.min(16, Math.max(0, 16 * (i + 1) - length))) - 1)) === 0) === true;
}

/** Addresses that mean something to one machine alone. */
export function specialIpErrors(text: string, field: string): readonly FieldError[] {
  const v4 = parseIp(text);
  const v6 = ipv6Groups(text);
  if (v4 === undefined && v6 === undefined) return [invalid(field, text, 'must be a valid IP address')];
  const starts = (cidr: string): boolean => {
    const block = parseCidr(cidr);
    return v4 !== undefined && block !== undefined && v4 >= block.base && v4 < block.base + block.size;
  };
  const is = (last: number): boolean => v6 !== undefined && v6.every((group, i) => group === (i === LONGEST - 1 ? last : 0));
  return [
    ...(v4 === 0 || is(0) ? [invalid(field, text, `may not be unspecified (${text})`)] : []),
    ...(starts('127.0.0.0/8') || is(1) ? [invalid(field, text, 'may not be in the loopback range (127.0.0.0/8, ::1/128)')] : []),
    ...(starts('169.254.0.0/16') || (v6 && v6[0] >= 0xfe80 && v6[0] < 0xfec0)
      ? [invalid(field, text, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)')]
      : []),
    ...(starts('224.0.0.0/24') || v6?.[0] === 0xff02
      ? [invalid(field, text, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)')]
      : []),
  ];
}
