/** `npm run bench`: measures, compares with the peer in the same run, and writes docs/benchmarks.md. `npm run bench -- --quick` leaves out the longest ones and writes nothing. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { install } from './install.mjs';
import { benchStage } from '../bench/stage.mjs';
import { BUDGETS, sizes } from './sizes.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
install();
const isQuick = process.argv.includes('--quick');
const run = (command, args) => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stderr}`);
  return stdout;
};
const lastLine = (text) => JSON.parse(text.trim().split('\n').pop());
const measure = (name, options = {}) =>
  lastLine(run(process.execPath, ['--expose-gc', '--max-old-space-size=12000', 'bench/measure.mjs', name, JSON.stringify(options)]));
/** The best of a few runs: other work on the machine only ever makes a run slower. */
const best = (times, of, by) => Array.from({ length: times }, of).reduce((a, b) => (by(b) < by(a) ? b : a));
const say = (text) => {
  console.log(text);
  return text;
};
const k = (n) => (n >= 1e6 ? `${(n / 1e6).toFixed(2)} M` : n >= 1000 ? `${Math.round(n / 1000)} k` : String(n));
const times = (a, b) => `${(a / b).toFixed(a / b < 10 ? 1 : 0)} ×`;
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

say('building …');
run('node_modules/.bin/vite', ['build', '--logLevel', 'error']);
run('node_modules/.bin/vite', ['build', '-c', 'vite.bench.config.ts', '--logLevel', 'error']);
const lines = [];
const row = (...cells) => lines.push(say(`| ${cells.join(' | ')} |`));
const head = (title, ...cells) => {
  lines.push('', say(`## ${title}`), '');
  row(...cells);
  lines.push(`|${cells.map(() => '---').join('|')}|`);
};

head('Deliveries', 'what', 'a second', 'aim');
const kernel = best(
  3,
  () => measure('kernel'),
  (r) => -r.perSecond,
);
row('kernel alone, 1,000 messages always in flight, traced', k(kernel.perSecond), '1 M');
const small = best(
  isQuick ? 1 : 3,
  () => measure('cluster', { pods: 300, workers: 3 }),
  (r) => r.cpuMs,
);
const large = best(
  isQuick ? 1 : 3,
  () => measure('cluster', { pods: 1000, workers: 10 }),
  (r) => r.cpuMs,
);
row('whole cluster, 1,000 pods on 10 machines, a cold start', k(large.perSecond), '150 k');
const warm = measure('warm', { pods: 1000, workers: 10 });
row('the same, fifth time in one process', k(warm.perSecond), '');

head(
  'From apply to Ready, beside @ngrok/webernetes',
  'one Deployment and its Service',
  'this: CPU',
  'hops a pod',
  'peer: CPU',
  'peer ÷ this',
  'aim',
);
let peer;
for (const mine of [small, large]) {
  peer = lastLine(run(process.execPath, ['bench/peer.mjs', String(mine.pods), String(mine.workers)]));
  row(
    `${mine.pods} pods on ${mine.workers} machines`,
    `${(mine.cpuMs / 1000).toFixed(2)} s`,
    mine.hopsPerPod,
    `${(peer.cpuMs / 1000).toFixed(1)} s${peer.ready < mine.pods ? ` (gave up at ${peer.ready})` : ''}`,
    times(peer.cpuMs, mine.cpuMs),
    mine.pods === 1000 ? '50 ×' : '',
  );
}
row(
  'the 1000 again, fifth time in one process, beside the peer’s first',
  `${(warm.cpuMs / 1000).toFixed(2)} s`,
  warm.hopsPerPod,
  '',
  times(peer.cpuMs, warm.cpuMs),
  '',
);

head('Cost of a pod as clusters grow', 'pods on machines', 'as one Deployment', 'as one for each 100', 'hops a pod');
const sizesOf = isQuick
  ? [
      [100, 1],
      [1000, 10],
    ]
  : [
      [100, 1],
      [1000, 10],
      [10_000, 100],
    ];
// Taken in turns, so that a slow minute of the machine does not fall on one size alone.
const rounds = Array.from({ length: isQuick ? 1 : 2 }, () =>
  sizesOf.map(([pods, workers]) => [1, pods / 100].map((deployments) => measure('cluster', { pods, workers, deployments }))),
);
const costs = sizesOf.map((_, i) => [0, 1].map((j) => rounds.map((round) => round[i][j]).reduce((a, b) => (b.cpuMs < a.cpuMs ? b : a))));
sizesOf.forEach(([pods, workers], i) => {
  const cell = (j) =>
    `${costs[i][j].cpuMsPerPod.toFixed(2)} ms${pods > 1000 ? `, ${times(costs[i][j].cpuMsPerPod, costs[1][j].cpuMsPerPod)} that of 1,000` : ''}`;
  row(`${pods} on ${workers}`, cell(0), cell(1), costs[i].map((c) => c.hopsPerPod).join(', '));
});

head('Cost of a machine that is powered on', 'machines', 'CPU', 'hops a machine');
const fleets = (isQuick ? [10, 100] : [10, 100, 1000, 5000]).map((workers) => measure('powerOn', { workers }));
for (const { workers, cpuMsPerMachine, hopsPerMachine } of fleets)
  row(workers, `${times(cpuMsPerMachine, fleets[0].cpuMsPerMachine)} that of ${fleets[0].workers}`, hopsPerMachine);

head('Memory', 'what a hop costs', 'bytes', 'aim');
const [world, trace, all] = ['world', 'trace', 'all'].map((part) => measure('memory', { pods: 1000, workers: 10, part }));
row('the trace with its bodies', trace.bytesPerHop - world.bytesPerHop, '300');
row(`keyframes (${all.keyframes} of them)`, all.bytesPerHop - trace.bytesPerHop, '');
row('the cluster itself: objects, histories, caches', world.bytesPerHop, '');

const seek = measure('seek');
head(`Going to any point of a trace of ${k(seek.events)} events`, 'what', 'half of the time', '95 %', 'worst', 'aim');
row('the picture that the page draws, with its layout', ...['p50', 'p95', 'max'].map((q) => `${seek.picture[q]} ms`), '50 ms');
row(
  `the whole world, from ${seek.keyframes} keyframes: for a fork, or to look inside a process`,
  ...['p50', 'p95', 'max'].map((q) => `${seek.world[q]} ms`),
  '',
);

head('JavaScript, gzipped', 'what', 'size', 'aim');
const size = sizes();
const aim = (bytes) => `${bytes / 1000} kB`;
row('to first paint', kB(size.firstPaint), aim(BUDGETS.firstPaint));
row('to an interactive stage', kB(size.stage), aim(BUDGETS.stage));
row('the worker', kB(size.worker), aim(BUDGETS.worker));

const stage = await benchStage();
head('The stage: 10 machines, 200 pods, 200 moving dots, headless Chromium', 'what', 'figure', 'aim');
row('frame, half of the time / 95 %', `${stage.p50.toFixed(1)} / ${stage.p95.toFixed(1)} ms`, '16.7 ms');
row('share of the main thread', `${Math.round(stage.mainThreadShare * 100)} %`, '25 %');

const text = `# Benchmarks

Ratios and counts; absolute times are this machine's: ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Node ${process.version}. Written by \`npm run bench\`, never asserted in a test.
The peer is \`@ngrok/webernetes\`, an independent port of parts of Kubernetes to TypeScript: it keeps no trace and runs in real time, so only CPU time is compared, in the same run. Tracing and keyframes are on in all of ours.
${lines.join('\n')}
`;
if (!isQuick) writeFileSync('docs/benchmarks.md', text);
say(isQuick ? 'quick: nothing written' : 'docs/benchmarks.md is written');
