/**
 * What a visitor downloads, gzipped, in bytes: JavaScript to the first paint, to an interactive stage, the simulation's worker, and what comes only when wanted.
 * `node scripts/sizes.mjs` prints a table and fails when a budget is broken. A new chunk counts to the stage until it is named in LATER.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const KB = 1000;
export const BUDGETS = { firstPaint: 90 * KB, stage: 180 * KB, worker: 200 * KB };
/** Chunks that are fetched when somebody opens what they are for, or when nothing else is left to do. */
const LATER = {
  mount: 'Monaco',
  yaml: 'Monaco',
  'language-worker': 'checking manifests',
  Lessons: 'lessons',
  'lesson-run': 'lessons',
  Terminal: 'terminal',
  'late-roles': 'kubectl, its YAML reader and programs in containers, for the worker',
  Inspector: 'inspector',
  Legend: 'legend',
  PacketCard: 'packets',
  Presence: 'motion of panels',
  Menus: 'menus',
  Sequence: 'sequence of messages',
  Cutaway: 'cutaways',
  ObjectDetails: 'inspector',
  ActorDetails: 'inspector',
  WireDetails: 'inspector',
  Why: 'inspector',
  descriptions: 'words about fields',
  'crowd-bench': 'benchmark',
  registry: 'examples',
};

const nameOf = (file) => file.replace(/-[\w-]{8}\.js$/, '');

/** `dist`: the folder that `vite build` wrote. */
export function sizes(dist = fileURLToPath(new URL('../dist', import.meta.url))) {
  const texts = new Map(
    readdirSync(`${dist}/assets`)
      .filter((file) => file.endsWith('.js'))
      .map((file) => [file, readFileSync(`${dist}/assets/${file}`)]),
  );
  const bytes = (file) => gzipSync(texts.get(file), { level: 9 }).length;
  const named = (file, pattern) => [...texts.get(file).toString().matchAll(pattern)].map((m) => m[1]);
  const imports = (file) => named(file, /(?:\bfrom|\bimport)\s*["'`]\.\/([^"'`]+\.js)["'`]/g);
  /** Those too that are asked for as the page goes on, unless they are named in LATER. */
  const asked = (file) => [
    ...imports(file),
    ...named(file, /\bimport\(\s*["'`]\.\/([^"'`]+\.js)["'`]\s*\)/g).filter((other) => !Object.hasOwn(LATER, nameOf(other))),
  ];
  const closure = (files, next) => {
    const seen = new Set();
    const visit = (file) => {
      if (seen.has(file) || !texts.has(file)) return;
      seen.add(file);
      next(file).forEach(visit);
    };
    files.forEach(visit);
    return seen;
  };
  const total = (files) => [...files].reduce((sum, file) => sum + bytes(file), 0);
  const entries = [...readFileSync(`${dist}/index.html`, 'utf8').matchAll(/(?:src|href)="\.\/assets\/([^"]+\.js)"/g)].map((m) => m[1]);
  if (entries.length === 0) throw new Error(`no script in ${dist}/index.html: run vite build first`);
  const first = closure(entries, imports);
  const stage = closure(entries, asked);
  const isWorker = (file) => nameOf(file) === 'worker';
  const lazy = {};
  for (const file of texts.keys()) {
    const name = LATER[nameOf(file)] ?? 'shared by these';
    if (!stage.has(file) && !isWorker(file)) lazy[name] = (lazy[name] ?? 0) + bytes(file);
  }
  return { firstPaint: total(first), stage: total(stage), worker: total([...texts.keys()].filter(isWorker)), lazy };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = sizes();
  const kb = (n) => `${(n / KB).toFixed(1)} kB`.padStart(10);
  const broken = Object.keys(BUDGETS).filter((name) => found[name] > BUDGETS[name]);
  console.log('gzipped JavaScript');
  for (const [name, label] of [
    ['firstPaint', 'to the first paint'],
    ['stage', 'to an interactive stage'],
    ['worker', 'the simulation (worker)'],
  ])
    console.log(`  ${label.padEnd(28)}${kb(found[name])}   of ${kb(BUDGETS[name]).trim()}${broken.includes(name) ? '   OVER' : ''}`);
  for (const [name, size] of Object.entries(found.lazy).sort((a, b) => b[1] - a[1])) console.log(`  later: ${name.padEnd(21)}${kb(size)}`);
  process.exit(broken.length > 0 ? 1 : 0);
}
