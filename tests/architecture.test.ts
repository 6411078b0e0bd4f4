/** The rules of the house: who may import whom, no cycles, nothing banned in the simulation, sizes, and a sentence for every fact. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { sentences } from '../src/story/beats.ts';

const files = (function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : /\.tsx?$/.test(name) ? [path] : [];
  });
})('src');
const text = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
const importsOf = (file: string): readonly string[] =>
  [...(text.get(file) ?? '').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)]
    .map((m) => normalize(join(dirname(file), m[1])))
    .filter((f) => /\.tsx?$/.test(f));
const layer = (file: string): string => file.split('/')[1];

const MAY: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  kernel: ['lib'],
  api: ['lib'],
  cluster: ['lib', 'kernel', 'api'],
  kubectl: ['lib', 'kernel', 'api', 'cluster'],
  engine: ['lib', 'kernel', 'api', 'cluster', 'kubectl', 'story'],
  story: ['lib', 'api', 'kernel'],
  views: ['lib', 'api', 'story'],
  scenarios: ['api'],
  lessons: ['lib', 'api', 'scenarios', 'story'],
  ui: ['lib', 'api', 'kernel', 'engine', 'kubectl', 'story', 'views', 'scenarios', 'lessons'],
};
/** The page may know only these of the engine: types, the protocol, and how a line is split. */
const UI_ENGINE = new Set(['src/engine/protocol.ts', 'src/engine/session.ts', 'src/kubectl/argv.ts']);

describe('architecture', () => {
  it('finds the sources', () => expect(files.length).toBeGreaterThan(120));

  it('imports go only the way the architecture says', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((to) => layer(to) !== layer(file) && !(MAY[layer(file)] ?? []).includes(layer(to)))
        .map((to) => `${file} imports ${to}: ${layer(file)} may import ${(MAY[layer(file)] ?? []).join(', ') || 'nothing'}`),
    );
    expect(wrong).toEqual([]);
    expect(
      files
        .filter((f) => layer(f) === 'ui')
        .flatMap(importsOf)
        .filter((to) => (layer(to) === 'engine' || layer(to) === 'kubectl') && !UI_ENGINE.has(to)),
      'the page speaks to the engine only through its protocol',
    ).toEqual([]);
  });

  it('has no import cycles between value imports', () => {
    const values = (file: string): readonly string[] =>
      [...(text.get(file) ?? '').matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s+'(\.[^']+)'/gm)].map((m) =>
        normalize(join(dirname(file), m[1])),
      );
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
        return;
      }
      if (done.has(file)) return;
      for (const next of values(file)) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('bans what would make the simulation depend on anything but its session', () => {
    const banned: readonly (readonly [RegExp, string])[] = [
      [/\bnew Date\b|\bDate\.now\b/, 'virtual time: ctx.now'],
      [/\bMath\.(random|sin|cos|tan|exp|log|log2|log10|pow|cbrt|atan2?)\b/, 'ctx.draw, lib/ln'],
      [/\bsetTimeout\b|\bsetInterval\b|\bqueueMicrotask\b/, 'ctx.wake'],
      [/\basync\b|\bawait\b|\bnew Promise\b/, 'messages'],
      [/\blocaleCompare\b|\bIntl\./, 'compare with <'],
      [/for \((?:const|let|var) \w+ in /, 'Object.keys or a Map'],
      [/\.sort\(\)/, 'sort with a comparison'],
      [/\bconsole\./, 'ctx.note'],
      [/[^*/ ]\s\*\*\s/, 'multiplication'],
    ];
    const simulation = files.filter(
      (f) => ['lib', 'kernel', 'api', 'cluster', 'story', 'views', 'kubectl'].includes(layer(f)) && !f.includes('schema/kubernetes.ts'),
    );
    const found = simulation.flatMap((file) =>
      (text.get(file) ?? '').split('\n').flatMap((line, i) => {
        const code = line.replace(/\/\/.*$|^\s*\*.*$|\/\*\*.*?\*\/|^\s*\/\*\*.*$/g, '').replace(/'[^']*'|`[^`]*`/g, "''");
        return banned.flatMap(([pattern, instead]) => (pattern.test(code) ? [`${file}:${i + 1}: ${pattern.source} → ${instead}`] : []));
      }),
    );
    expect(found).toEqual([]);
  });

  it('keeps React and its friends under ui/', () => {
    expect(files.filter((f) => layer(f) !== 'ui' && /from '(react|zustand|@xyflow|framer-motion|monaco)/.test(text.get(f) ?? ''))).toEqual(
      [],
    );
  });

  it('keeps files under the house limit of 400 lines', () => {
    expect(files.filter((f) => !f.includes('schema/kubernetes.ts') && (text.get(f) ?? '').split('\n').length > 400)).toEqual([]);
  });

  it('keeps functions under the house limit of 70 lines', () => {
    const long: string[] = [];
    for (const [file, source] of text) {
      const tree = ts.createSourceFile(
        file,
        source,
        ts.ScriptTarget.Latest,
        true,
        file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
      );
      const lineOf = (at: number): number => tree.getLineAndCharacterOfPosition(at).line;
      (function look(node: ts.Node): void {
        const lines = ts.isFunctionLike(node) ? lineOf(node.end) - lineOf(node.getStart()) + 1 : 0;
        if (lines > 70) long.push(`${file}:${lineOf(node.getStart()) + 1} has ${lines} lines`);
        ts.forEachChild(node, look);
      })(tree);
    }
    expect(long).toEqual([]);
  });

  it('has a sentence for every fact that is noted', () => {
    const QUIET = new Set(['client/answered', 'client/event']);
    const noted = new Set(
      files
        .filter((f) => ['cluster', 'kubectl'].includes(layer(f)))
        .flatMap((f) =>
          [...(text.get(f) ?? '').matchAll(/says: '([^']+)'|say\(state, ctx, '([a-z-]+)'/g)].map((m) => m[1] ?? `packet/${m[2]}`),
        ),
    );
    expect(noted.size).toBeGreaterThan(20);
    expect([...noted].filter((says) => !sentences.has(says) && !QUIET.has(says))).toEqual([]);
  });
});
