/** Values under the key d: strings that mean something else unquoted, numbers and long keys. From sigs.k8s.io/yaml v1.6 JSONToYAML, through k8s.io/cli-runtime v0.36.4 printers.YAMLPrinter. */
import { expect, it } from 'vitest';
import { toJson, toYaml } from '../../src/api/manifest/print.ts';

const WRITTEN: readonly (readonly [value: unknown, text: string])[] = [
  ['<<', 'd: <<\n'],
  ['0xdeadbeefdeadbeefdeadbeef', 'd: 0xdeadbeefdeadbeefdeadbeef\n'],
  ['1e999', 'd: 1e999\n'],
  ['089', 'd: "089"\n'],
  ['2026-02-29', 'd: 2026-02-29\n'],
  ['2024-02-29', 'd: "2024-02-29"\n'],
  ['2026-1-2 3:4:5', 'd: "2026-1-2 3:4:5"\n'],
  ['+.inf', 'd: "+.inf"\n'],
  ['1_000', 'd: "1_000"\n'],
  ['\u00a0x', 'd: \u00a0x\n'],
  ['\ud83d\ude42', 'd: "\\U0001F642"\n'],
  ['x\u2028y', "d: 'x\u2028  y'\n"],
  ['\ufeffa b', 'd: "\\uFEFF\\x61\\x20\\x62"\n'],
  ['=', 'd: =\n'],
  ['k: |\n  x\n', 'd: |\n  k: |\n    x\n'],
  [1e-6, 'd: 1e-06\n'],
  [123456.789, 'd: 123456.789\n'],
  [1234567.5, 'd: 1.2345675e+06\n'],
  [1e20, 'd: 1e+20\n'],
  [1.5e300, 'd: 1.5e+300\n'],
  [{ 'line\nx': { a: 1, b: [1] } }, 'd:\n  ? |-\n    line\n    x\n  : a: 1\n    b:\n    - 1\n'],
  [{ 'k\nl': 'x' }, 'd:\n  ? |-\n    k\n    l\n  : x\n'],
  [{ ['x'.repeat(130)]: [1] }, `d:\n  ? ${'x'.repeat(130)}\n  : - 1\n`],
  [
    {
      'a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a ':
        null,
    },
    "d:\n  ? 'a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a\n    a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a '\n  : null\n",
  ],
];

it.each(WRITTEN)('%j is written as YAML', (d, text) => expect(toYaml({ d })).toBe(text));
it('writes keys that are numbers where their bytes put them', () =>
  expect(toJson({ 1: 'a', '-': 'b', '.x': 'c' })).toBe('{\n    "-": "b",\n    ".x": "c",\n    "1": "a"\n}\n'));
