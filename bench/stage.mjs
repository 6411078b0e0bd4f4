/**
 * The stage under load, in a real browser: ten workers, two hundred pods, two hundred messages under way at once.
 * `benchStage()` gives the times between frames in ms, and the share of the main thread that was busy. Needs `vite build` first.
 */
import { spawn } from 'node:child_process';
import { deflateRawSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { findBrowser, LAUNCH_ARGS } from '../scripts/browser.mjs';

const WATCH_MS = 5000;
const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 200
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: nginx, image: 'nginx:1.29', resources: {requests: {cpu: 10m, memory: 8Mi}}}]
`;
const SESSION = {
  engine: '0.1.0',
  seed: 7,
  epoch: '2026-05-04T09:00:00Z',
  topology: { workers: 10 },
  commands: [{ at: 60_000_000, command: { do: 'kubectl', args: ['apply', '-f', '-'], stdin: MANIFEST } }],
};

async function serve(port) {
  const server = spawn(process.execPath, ['node_modules/vite/bin/vite.js', 'preview', '--port', String(port), '--strictPort'], {
    stdio: 'ignore',
  });
  for (let i = 0; i < 60; i++) {
    try {
      await fetch(`http://localhost:${port}/`);
      return server;
    } catch {
      await new Promise((r) => setTimeout(r, 150));
    }
  }
  server.kill();
  throw new Error('the built page could not be served: run vite build first');
}

/** In the page: the times between frames over a while. */
const watchFrames = (ms) =>
  new Promise((done) => {
    const gaps = [];
    const from = performance.now();
    let last = from;
    const tick = (now) => {
      gaps.push(now - last);
      last = now;
      if (now - from < ms) requestAnimationFrame(tick);
      else done(gaps.slice(2));
    };
    requestAnimationFrame(tick);
  });

export async function benchStage({ port = 5199, watchMs = WATCH_MS } = {}) {
  const server = await serve(port);
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: LAUNCH_ARGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto(`http://localhost:${port}/?bench=dots#s=${deflateRawSync(JSON.stringify(SESSION)).toString('base64url')}`);
    await page.waitForSelector('[data-status=ready]', { timeout: 120_000 });
    await page.waitForSelector('[data-testid=machine-worker-10]');
    await page.locator('body').press('p');
    await page.locator('body').press('End');
    await page.waitForFunction(() => document.querySelectorAll('[class*=machine] [data-pod]').length >= 200, undefined, {
      timeout: 60_000,
    });
    await page.waitForTimeout(1500);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'timeTicks' });
    const busy = async () => {
      const { metrics } = await cdp.send('Performance.getMetrics');
      const of = (name) => metrics.find((m) => m.name === name).value;
      return { task: of('TaskDuration'), at: of('Timestamp') };
    };
    const before = await busy();
    const gaps = await page.evaluate(watchFrames, watchMs);
    const after = await busy();
    gaps.sort((a, b) => a - b);
    const at = (share) => Number(gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * share))].toFixed(1));
    return {
      p50: at(0.5),
      p95: at(0.95),
      longest: at(1),
      mainThreadShare: Number(((after.task - before.task) / (after.at - before.at)).toFixed(3)),
    };
  } finally {
    await browser.close();
    server.kill();
  }
}

if (process.argv[1]?.endsWith('stage.mjs')) console.log(await benchStage());
