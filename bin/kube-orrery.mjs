#!/usr/bin/env node
/** `kube-orrery run manifests.yaml …` applies files to a fresh cluster and prints what kubectl would; `kube-orrery serve` gives its API to the real kubectl. */
import { existsSync, readFileSync } from 'node:fs';
import { serve } from './serve.mjs';

const engine = new URL('../dist/engine/index.js', import.meta.url);
if (!existsSync(engine)) {
  console.error('The engine is not built yet: npm run build:engine');
  process.exit(2);
}
const { openCluster, transcript } = await import(engine.href);
const [verb, ...rest] = process.argv.slice(2);
const files = [];
const options = { workers: 3, seed: 7, until: 'settled', o: '', port: 8001 };
for (let i = 0; i < rest.length; i++) {
  const flag = /^--?(workers|seed|until|o|output|port)(?:=(.*))?$/.exec(rest[i]);
  if (flag) options[flag[1] === 'output' ? 'o' : flag[1]] = flag[2] ?? rest[++i];
  else if (/^-./.test(rest[i])) {
    console.error(`error: unknown flag: ${rest[i]}`);
    process.exit(2);
  } else files.push(rest[i]);
}
if (verb !== 'serve' && (verb !== 'run' || files.length === 0)) {
  console.error(
    'usage: kube-orrery run manifests.yaml … [--workers 5] [--seed 7] [--until settled|120s] [-o wide|yaml|json|name|transcript]\n       kube-orrery serve [manifests.yaml …] [--port 8001] [--workers 5] [--seed 7]',
  );
  process.exit(2);
}
const refuse = (message, code) => {
  console.error(message);
  process.exit(code);
};
if (!['', 'wide', 'yaml', 'json', 'name', 'transcript'].includes(options.o))
  refuse(`error: -o is wide, yaml, json, name or transcript, not ${options.o}`, 2);
if (options.until !== 'settled' && !/^\d+(?:\.\d+)?s$/.test(options.until))
  refuse(`error: --until is settled or a number of seconds such as 120s, not ${options.until}`, 2);
for (const file of files) if (file !== '-' && !existsSync(file)) refuse(`error: the path ${JSON.stringify(file)} does not exist`, 1);
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
  process.stderr.write(stderr);
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
  if (seconds) cluster.advance(Number(seconds[1]));
  else cluster.settle();
  process.stdout.write(
    options.o === 'transcript'
      ? transcript([...cluster.trace()].slice(before))
      : cluster.kubectl(['get', 'all', '-A', ...(options.o === '' ? [] : ['-o', options.o])]).stdout,
  );
  process.exit(failed ? 1 : 0);
}
