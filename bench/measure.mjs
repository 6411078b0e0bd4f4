/** One measurement, in a process of its own: `node --expose-gc bench/measure.mjs NAME [JSON]` prints its figures as JSON on the last line. */
import { performance } from 'node:perf_hooks';
import * as inside from '../dist/bench/inside.js';

const used = () => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
const cpuMs = (since) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};
const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];

const deployment = (name, replicas) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - name: web
        image: nginx:1.29
        ports: [{containerPort: 80}]
        resources: {requests: {cpu: 10m, memory: 16Mi}}
`;
const service = (name) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec:\n  selector: {app: ${name}}\n  ports: [{port: 80}]\n`;
/** `pods` as so many Deployments, each with its Service. */
const manifestOf = ({ pods, deployments = 1 }) =>
  Array.from({ length: deployments }, (_, i) => `${deployment(`web-${i}`, pods / deployments)}---\n${service(`web-${i}`)}`).join('---\n');
const workersFor = (workers) =>
  Array.from({ length: workers }, (_, i) => ({ name: `worker-${i + 1}`, cpu: '16', memory: '64Gi', pods: 150 }));

function booted(workers, options = {}) {
  const engine = inside.createEngine({ topology: { workers: workersFor(workers) } });
  inside.boot(engine);
  if (options.keyframes === false) engine.sinceKeyframe = -Infinity;
  return engine;
}
function applied(engine, pods, deployments, isTraced = true) {
  inside.command(engine, { do: 'kubectl', args: ['apply', '-f', '-'], stdin: manifestOf({ pods, deployments }) });
  if (isTraced) inside.settle(engine, 3e12);
  else
    while (engine.world.foreground > 0 && inside.step(engine.world, undefined)) {
      /* deliver */
    }
  const ready = inside.readyPods(engine.world);
  if (ready !== pods) throw new Error(`${ready} of ${pods} pods are ready`);
}

const measures = {
  /** The kernel alone: 1,000 messages always in flight among 100 actors, traced. */
  kernel({ deliveries = 2_000_000 } = {}) {
    const component = {
      role: 'bouncer',
      start: (config, ctx) => {
        for (let i = 0; i < 10; i++) ctx.send(config.peers[(config.n * 10 + i) % 100], i);
        return { heard: 0, peers: config.peers };
      },
      handle(state, message, ctx) {
        state.heard++;
        if (message.kind === 'send') ctx.send(state.peers[(state.heard * 7) % 100], message.body);
      },
    };
    const world = inside.createWorld({ components: new Map([['bouncer', component]]), delay: () => ({ baseUs: 100, jitterUs: 900 }) }, 7);
    const peers = Array.from({ length: 100 }, (_, i) => `host-${i % 10}/bouncer-${i}`);
    peers.forEach((address, n) =>
      inside.spawnActor(
        world,
        { address, role: 'bouncer', host: address.split('/')[0], config: { peers, n } },
        { parent: '', causes: inside.NO_CAUSES, background: false, cause: 0 },
      ),
    );
    const trace = inside.createTrace();
    const started = performance.now();
    for (let i = 0; i < deliveries; i++) inside.step(world, trace);
    const ms = performance.now() - started;
    return { deliveries, perSecond: Math.round((deliveries / ms) * 1000) };
  },
  /** One Deployment, from apply to every pod Ready; nothing left out: traced, with keyframes. */
  cluster({ pods, workers, deployments = 1 }) {
    const engine = booted(workers);
    const before = engine.world.delivered;
    const cpu = process.cpuUsage();
    const started = performance.now();
    applied(engine, pods, deployments);
    const ms = performance.now() - started;
    const deliveries = engine.world.delivered - before;
    return {
      pods,
      workers,
      deployments,
      deliveries,
      events: engine.trace.length,
      wallMs: Math.round(ms),
      cpuMs: Math.round(cpuMs(cpu)),
      perSecond: Math.round((deliveries / ms) * 1000),
      hopsPerPod: +(deliveries / pods).toFixed(1),
      cpuMsPerPod: +(cpuMs(cpu) / pods).toFixed(3),
    };
  },
  /** From nothing to a cluster whose machines are all Ready. */
  powerOn({ workers }) {
    const cpu = process.cpuUsage();
    const engine = booted(workers);
    return { workers, hopsPerMachine: Math.round(engine.world.delivered / workers), cpuMsPerMachine: +(cpuMs(cpu) / workers).toFixed(1) };
  },
  /** What a JIT that knows the code makes of it. */
  warm(options) {
    let last;
    for (let i = 0; i < 5; i++) last = measures.cluster(options);
    return last;
  },
  /** What a hop costs in memory; `part` says what is kept. */
  memory({ pods, workers, part }) {
    const engine = booted(workers, { keyframes: part === 'all' });
    const [before, delivered] = [used(), engine.world.delivered];
    applied(engine, pods, 1, part !== 'world');
    const deliveries = engine.world.delivered - delivered;
    return { part, deliveries, bytesPerHop: Math.round((used() - before) / deliveries), keyframes: engine.keyframes.length };
  },
  /** Going to any point of a trace of 100,000 events: the picture that the page draws, and the whole world that an inspection needs. */
  seek() {
    const engine = booted(10);
    let at = 0;
    while (engine.trace.length < 100_000) {
      inside.command(engine, { do: 'kubectl', args: ['apply', '-f', '-'], stdin: deployment(`more-${at++}`, 100) });
      inside.settle(engine, engine.world.now + 120e6);
    }
    const events = Array.from({ length: engine.trace.length }, (_, i) => engine.trace.event(i));
    const book = inside.openBook(events);
    const rows = Array.from({ length: 200 }, (_, i) => Math.floor(((((i * 7919) % 200) + 0.5) / 200) * events.length));
    const timed = (run) =>
      rows
        .map((row) => {
          const started = performance.now();
          run(row);
          return performance.now() - started;
        })
        .sort((a, b) => a - b);
    const first = performance.now();
    inside.pictureAt(book, events.length);
    const build = performance.now() - first;
    const beats = inside.beatsOf(events, 0);
    const drawn = (row) =>
      inside.sceneOf({
        picture: inside.pictureAt(book, row),
        moment: inside.momentAt(book, beats, row),
        slots: inside.slotsAt(book, row),
        room: { w: 1280, h: 495 },
      });
    drawn(events.length);
    const pictures = timed(drawn);
    const worlds = timed((row) => inside.worldAt(engine, engine.trace.deliveriesBefore(row)));
    const of = (times) => ({
      p50: +quantile(times, 0.5).toFixed(2),
      p95: +quantile(times, 0.95).toFixed(2),
      max: +times[times.length - 1].toFixed(2),
    });
    return {
      events: events.length,
      keyframes: engine.keyframes.length,
      buildMs: +build.toFixed(1),
      picture: of(pictures),
      world: of(worlds),
    };
  },
};

const [name, options] = process.argv.slice(2);
console.log(JSON.stringify(measures[name](options ? JSON.parse(options) : {})));
