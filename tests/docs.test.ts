/** The examples of the documentation are run, and print what stands under them. `ORRERY_RECORD=1` writes it down anew; read the difference. */
import { readFileSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as engine from '../src/engine/headless.ts';
import * as parts from '../src/engine/parts.ts';

const FILE = new URL('../docs/headless.md', import.meta.url);
const EXAMPLE = /(```js\n)([\s\S]*?)(```\n```text\n)([\s\S]*?)(```\n)/g;

/** What an example prints; imports are given to it. */
function printed(code: string): string {
  const lines: string[] = [];
  const log = (...values: readonly unknown[]): void =>
    void lines.push(
      values
        .map((v) => (typeof v === 'string' ? v : inspect(v, { breakLength: 120 })))
        .join(' ')
        .trimEnd(),
    );
  const body = code.replace(/import (\{[^}]*\}) from 'kube-orrery\/(engine|parts)';/g, 'const $1 = $2;');
  // oxlint-disable-next-line typescript/no-implied-eval
  new Function('engine', 'parts', 'console', body)(engine, parts, { log });
  return `${lines.join('\n')}\n`;
}

describe('docs/headless.md', () => {
  const text = readFileSync(FILE, 'utf8');
  const examples = [...text.matchAll(EXAMPLE)].map((m) => ({
    title: text.slice(0, m.index).split('\n## ').pop()?.split('\n')[0] ?? '',
    code: m[2],
    output: m[4],
  }));
  it('has its examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(6);
  });
  if (process.env.ORRERY_RECORD)
    writeFileSync(
      FILE,
      text.replace(
        EXAMPLE,
        (_all, a: string, code: string, b: string, _output: string, c: string) => `${a}${code}${b}${printed(code)}${c}`,
      ),
    );
  it.each(examples)('$title', ({ code, output }) => {
    if (!process.env.ORRERY_RECORD) expect(printed(code)).toBe(output);
  });
});
