/** `npm test`: installs, finds a browser, and runs everything; `npm run check` leaves the browser out. The last line counts what passed and failed. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { install } from './install.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
install();
const isQuick = process.argv.includes('--quick');
let passed = 0;
let failed = 0;
const step = (name, command, args) => {
  const started = Date.now();
  console.log(`\n── ${name}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  console.log(`   ${status === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return status === 0;
};
const count = (ok) => {
  if (ok) passed++;
  else failed++;
};
/** What has not changed since the last time is not looked at again. */
const remembered = (what) => ['--incremental', '--tsBuildInfoFile', `node_modules/.cache/types-${what}.json`];
const code = [
  'src',
  'tests',
  'scripts',
  'bench',
  'bin',
  'vite.config.ts',
  'vite.bench.config.ts',
  'vite.engine.config.ts',
  'vitest.config.ts',
];
const bin = (name) => `node_modules/.bin/${name}`;

count(step('types: the page and the tests', bin('tsc'), ['-p', 'tsconfig.json', ...remembered('page')]));
count(step('types: the engine without DOM and Node', bin('tsc'), ['-p', 'tsconfig.engine.json', ...remembered('engine')]));
count(step('format', bin('oxfmt'), ['--check', ...code]));
count(step('lint', bin('oxlint'), [...code, '--deny-warnings']));
rmSync('test-results/unit.json', { force: true });
step('unit, architecture, laws, stories', bin('vitest'), [
  'run',
  '--reporter=default',
  '--reporter=json',
  '--outputFile.json=test-results/unit.json',
]);
if (existsSync('test-results/unit.json')) {
  const report = JSON.parse(readFileSync('test-results/unit.json', 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests + (report.success ? 0 : report.numFailedTests === 0 ? 1 : 0);
} else failed++;
if (!isQuick) {
  count(step('build: the page', bin('vite'), ['build', '--logLevel', 'warn']));
  count(step('build: the engine', process.execPath, ['scripts/build-engine.mjs']));
  count(step('the command line', process.execPath, ['tests/bin/command-line.mjs']));
  rmSync('test-results/e2e.json', { force: true });
  step('end to end in a browser', process.execPath, ['tests/e2e/run.mjs']);
  if (existsSync('test-results/e2e.json')) {
    const e2e = JSON.parse(readFileSync('test-results/e2e.json', 'utf8'));
    passed += e2e.passed;
    failed += e2e.failed;
  } else failed++;
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
