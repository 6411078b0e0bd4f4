import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitLine } from '../../src/kubectl/argv.ts';
import { commandLine } from '../../src/lib/command-line.ts';

it('quotes only what would fall apart', () =>
  expect(commandLine(['run', 'box', '--', 'sh', '-c', 'echo $HOME', "it's", '', '-o=jsonpath={.items[*]}'])).toBe(
    `run box -- sh -c 'echo $HOME' "it's" '' -o=jsonpath={.items[*]}`,
  ));
it('falls apart into the same words', () =>
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      expect(splitLine(commandLine(words))).toEqual(words);
    }),
  ));
