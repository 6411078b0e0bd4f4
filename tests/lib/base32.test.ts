/** Cases: RFC 4648, section 10. */
import { expect, it } from 'vitest';
import { encodeBase32 } from '../../src/lib/base32.ts';
import { bytesOf } from '../../src/lib/utf8.ts';

it.each([
  ['', ''],
  ['f', 'my'],
  ['fo', 'mzxq'],
  ['foo', 'mzxw6'],
  ['foob', 'mzxw6yq'],
  ['fooba', 'mzxw6ytb'],
  ['foobar', 'mzxw6ytboi'],
])('%j in base32 is %j', (text, coded) => expect(encodeBase32(bytesOf(text))).toBe(coded));
