/** Cases: Go's encoding/base64 TestDecodeCorrupt. */
import { describe, expect, it } from 'vitest';
import { base64ErrorAt } from '../../src/lib/base64.ts';

describe('base64', () => {
  const cases: readonly (readonly [text: string, at: number | undefined])[] = [
    ['', undefined],
    ['\n', undefined],
    ['AAA=\n', undefined],
    ['AAAA\n', undefined],
    ['!!!!', 0],
    ['====', 0],
    ['x===', 1],
    ['=AAA', 0],
    ['A=AA', 1],
    ['AA=A', 2],
    ['AA==A', 4],
    ['AAA=AAAA', 4],
    ['AAAAA', 4],
    ['AAAAAA', 4],
    ['A=', 1],
    ['A==', 1],
    ['AA=', 3],
    ['AA==', undefined],
    ['AAA=', undefined],
    ['AAAA', undefined],
    ['AAAAAA=', 7],
    ['YWJjZA=====', 8],
    ['A!\n', 1],
    ['A=\n', 1],
  ];
  it.each(cases)('%j is wrong at %s', (text, at) => expect(base64ErrorAt(text)).toBe(at));
});
