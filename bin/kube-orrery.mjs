#!/usr/bin/env node
/** `kube-orrery run manifests.yaml …` applies files to a fresh cluster and prints what kubectl would; `kube-orrery serve` gives its API to the real kubectl. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serve } from './serve.mjs';

const engine = new URL('../dist/engine/index.js', import.meta.url);
if (!existsSync(engine)) {
  console.error('The engine is not built yet: npm run build:engine');
  process.exit(2);
}
const { openCluster, transcript } = await import(engine.href);
const USAGE = `usage: kube-orrery run manifests.yaml … [--workers 5] [--seed 7] [--until settled|120s] [-o wide|yaml|json|name|transcript]
       kube-orrery serve [manifests.yaml …] [--port 8001] [--workers 5] [--seed 7]
A manifest is a file, a folder of .yaml, .yml and .json files, or - for standard input.
`;
/** 1: a manifest; 2: the command line. */
const refuse = (message, code) => {
  console.error(message);
  process.exit(code);
};
// Whoever reads may have read enough: head, less.
process.stdout.on('error', ({ code }) => process.exit(code === 'EPIPE' ? 0 : 1));

const text = (name, short, initial) => ({ [name]: { type: 'string', ...(short ? { short } : {}), default: initial } });
const flag = (name, short) => ({ [name]: { type: 'boolean', short } });
function told() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        ...text('workers', '', '3'),
        ...text('seed', '', '7'),
        ...text('until', '', 'settled'),
        ...text('output', 'o', ''),
        ...text('port', '', '8001'),
        ...flag('help', 'h'),
        ...flag('version', 'v'),
      },
    });
  } catch (error) {
    return refuse(`error: ${error.message.split('. ')[0]}\n${USAGE.trimEnd()}`, 2);
  }
}
const {
  values: options,
  positionals: [verb, ...given],
} = told();
if (options.help || options.version) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(options.help ? USAGE : `kube-orrery ${version}\n`);
  process.exit(0);
}
if (verb !== 'serve' && (verb !== 'run' || given.length === 0)) refuse(USAGE.trimEnd(), 2);
if (!['', 'wide', 'yaml', 'json', 'name', 'transcript'].includes(options.output))
  refuse(`error: -o is wide, yaml, json, name or transcript, not ${options.output}`, 2);
if (options.until !== 'settled' && !/^\d+(?:\.\d+)?s$/.test(options.until))
  refuse(`error: --until is settled or a number of seconds such as 120s, not ${options.until}`, 2);
for (const name of ['workers', 'seed', 'port'])
  if (!/^\d+$/.test(options[name])) refuse(`error: --${name} is a whole number, not ${JSON.stringify(options[name])}`, 2);
/** As `kubectl apply -f FOLDER` takes them. */
const files = given.flatMap((path) => {
  if (path === '-') return [path];
  if (!existsSync(path)) return refuse(`error: the path ${JSON.stringify(path)} does not exist`, 1);
  if (!statSync(path).isDirectory()) return [path];
  const inside = readdirSync(path).filter((name) => /\.(ya?ml|json)$/.test(name));
  if (inside.length === 0) refuse(`error: error reading [${path}]: recognized file extensions are [.json .yaml .yml]`, 1);
  return inside.sort().map((name) => join(path, name));
});
let cluster;
/** Clients have clocks of their own: ages are right when the cluster's show the same. */
const open = (epoch) =>
  openCluster({
    seed: Number(options.seed),
    topology: { workers: Number(options.workers) },
    ...(epoch === undefined ? {} : { epoch: new Date(Math.floor(epoch / 1000) * 1000).toISOString() }),
  });
try {
  cluster = open();
  if (verb === 'serve') cluster = open(Date.now() - cluster.now * 1000);
} catch (error) {
  refuse(`error: ${error.message}`, 2);
}
const before = [...cluster.trace()].length;
let failed = false;
for (const file of files) {
  const { stdout, stderr, exitCode } = cluster.kubectl(['apply', '-f', '-'], readFileSync(file === '-' ? 0 : file, 'utf8'));
  process.stdout.write(stdout);
  process.stderr.write(
    file === '-' ? stderr : stderr.replaceAll('"STDIN"', JSON.stringify(file)).replaceAll('parsing STDIN', `parsing ${file}`),
  );
  failed ||= exitCode !== 0;
}
if (verb === 'serve') {
  const server = serve(cluster, { port: Number(options.port) });
  server.on('error', (error) => refuse(`error: ${error.message}`, 1));
  server.on('listening', () =>
    console.log(`The API is at http://127.0.0.1:${options.port}: kubectl --server http://127.0.0.1:${options.port} get nodes`),
  );
} else finish();

function finish() {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(options.until);
  try {
    if (seconds) cluster.advance(Number(seconds[1]));
    else cluster.settle();
  } catch (error) {
    refuse(`error: ${error.message}`, 2);
  }
  process.stdout.write(
    options.output === 'transcript'
      ? transcript([...cluster.trace()].slice(before))
      : cluster.kubectl(['get', 'all', '-A', ...(options.output === '' ? [] : ['-o', options.output])]).stdout,
  );
  process.exit(failed ? 1 : 0);
}
