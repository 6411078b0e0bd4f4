/** Upstream: apimachinery pkg/util/validation/ip_test.go TestIsValidIP, TestIsValidCIDR: what legacy fields are told with strict validation (StrictIPCIDRValidation, on since v1.36). */
import { expect, it } from 'vitest';
import { cidrErrors, ipErrors } from '../../src/api/machinery/ip-rules.ts';

const details = (errors: ReturnType<typeof ipErrors>): readonly string[] =>
  errors.map(({ message }) => message.replace(/^Invalid value: "[^"]*": /, '').replace(/, \(e\.g\. .*$/, ''));
const [IP, CIDR] = ['must be a valid IP address', 'must be a valid CIDR value'];

it.each<[string, string?]>([
  ['1.2.3.4'],
  ['0.0.0.0'],
  ['255.255.255.255'],
  ['1234::abcd'],
  ['::'],
  ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['0:0:0:0:0:0:0:0'],
  ['0001:002:03:4::'],
  ['1234::ABCD'],
  ['1.1.1.01', 'must not have leading 0s'],
  ['::ffff:1.1.1.1', 'must not be an IPv4-mapped IPv6 address'],
  ...[
    '',
    'aaaaaaa',
    'myhost.mydomain',
    '1.2.3.0/24',
    '1.2.3.400',
    '-1.0.0.0',
    '2001:db8::10005',
    '1.2.3.4:80',
    '[2001:db8::1]',
    '[2001:db8::1]:80',
    'example.com:80',
    '1234::abcd%eth0',
    '169.254.0.0%eth0',
  ].map((text): [string, string] => [text, IP]),
])('the address %j', (text, why) => expect(details(ipErrors(text, 'f'))).toEqual(why ? [why] : []));

it.each<[string, string?]>([
  ['1.0.0.0/8'],
  ['0.0.0.0/0'],
  ['1.1.1.1/32'],
  ['2001:4860:4860::/48'],
  ['::/0'],
  ['::1/128'],
  ['2a00:79e0:2:0::/64'],
  ['2001:DB8::/64'],
  ['1.1.01.0/24', 'must not have leading 0s in IP or prefix length'],
  ['192.168.0.0/016', 'must not have leading 0s in IP or prefix length'],
  ['::ffff:1.1.1.0/24', 'must not have an IPv4-mapped IPv6 address'],
  ['::ffff:1.1.1.0/120', 'must not have an IPv4-mapped IPv6 address'],
  ['1.2.3.4/24', 'must not have bits set beyond the prefix length'],
  ['2001:db8::1/64', 'must not have bits set beyond the prefix length'],
  ...['', 'aaaaaaa', '1.2.3.4', '192.168.0.1/healthz', '192.168.0.1/0/99', '192.168.0.0/-16', '192.168.0.0/+16'].map(
    (text): [string, string] => [text, CIDR],
  ),
])('the block %j', (text, why) => expect(details(cidrErrors(text, 'f'))).toEqual(why ? [why] : []));
