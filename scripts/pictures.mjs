/** The README's pictures, taken of the built page: `npx vite build && node scripts/pictures.mjs`. */
import { spawn } from 'node:child_process';
import { chromium } from 'playwright-core';
import { findBrowser, LAUNCH_ARGS } from './browser.mjs';

const PORT = 5391;
const HERE = `http://localhost:${PORT}/`;
const press = (page, key) => page.locator('body').press(key);
const caption = (page) => page.textContent('[data-testid=caption] h2');
async function to(page, words, times = 1) {
  for (let i = 0, met = 0; i < 120; i++) {
    if (words.test(await caption(page)) && ++met === times) return;
    await press(page, 'PageDown');
    await page.waitForTimeout(40);
  }
  throw new Error(`no beat says ${words}`);
}
const PICTURES = {
  'presenting-1280x720-dark': async (page) => {
    await press(page, 'p');
    await press(page, 'Home');
    await to(page, /^The scheduler chooses/, 3);
  },
  'workbench-1280x720-light': async (page) => {
    await press(page, 't');
    await press(page, 'Home');
    await to(page, /^The readiness probe/);
  },
  'packet-1920x1080-dark': async (page) => {
    await page.selectOption(
      'select[aria-label="Send a request"]',
      await page
        .locator('select[aria-label="Send a request"] option', { hasText: 'curl http://web.default' })
        .first()
        .getAttribute('value'),
    );
    await to(page, /^DNAT/);
    await press(page, 'p');
  },
  'sequence-1920x1080-light': async (page) => {
    await press(page, 't');
    await press(page, 'Home');
    await to(page, /^The readiness probe/);
    await press(page, 's');
    await page.waitForSelector('[data-testid=sequence] canvas');
  },
};

// The browser that comes as a package brings a font of its own, which has no arrows.
process.env.FONTCONFIG_PATH ??= '/etc/fonts';
const server = spawn(process.execPath, ['node_modules/vite/bin/vite.js', 'preview', '--port', String(PORT), '--strictPort'], {
  stdio: 'ignore',
});
const browser = await chromium.launch({ executablePath: await findBrowser(), args: LAUNCH_ARGS });
try {
  for (
    let i = 0;
    i < 50 &&
    !(await fetch(HERE).then(
      () => true,
      () => false,
    ));
    i++
  )
    await new Promise((r) => {
      setTimeout(r, 200);
    });
  for (const [name, show] of Object.entries(PICTURES)) {
    const [width, height] = /(\d+)x(\d+)/.exec(name).slice(1).map(Number);
    const page = await browser.newPage({ viewport: { width, height }, serviceWorkers: 'block', reducedMotion: 'reduce' });
    await page.goto(HERE);
    await page.waitForSelector('[data-editor=monaco] .mtk1');
    await page.waitForSelector('[data-status=ready] [data-testid=machine-worker-3]');
    await page.click('text=kubectl apply');
    await page.waitForFunction(() => / \/ [1-9]/.test(document.querySelector('[data-testid=caption]').textContent));
    await press(page, 'End');
    await show(page);
    await page.mouse.move(0, 0);
    await page.waitForTimeout(800);
    await page.screenshot({ path: `docs/pictures/${name}.png` });
    await page.close();
  }
} finally {
  await browser.close();
  server.kill();
}
