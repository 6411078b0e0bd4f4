/** Finds a browser for the tests: CHROMIUM_PATH, the system's, Playwright's channels, else the one that ships in an npm package. */
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
/** Outside node_modules, so that only the tests ever pay for it. */
const HOME = '.browser';
const PACKAGE = '@sparticuz/chromium@147.0.0';

export async function findBrowser() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  if (!process.env.ORRERY_NO_SYSTEM_BROWSER) {
    const system = SYSTEM.find((path) => existsSync(path));
    if (system) return system;
  }
  if (process.platform === 'linux' && process.arch === 'x64') {
    if (!existsSync(`${HOME}/node_modules/@sparticuz/chromium`))
      execSync(`npm install --prefix ${HOME} --no-save --no-audit --no-fund ${PACKAGE}`, { stdio: 'inherit' });
    process.env.VERCEL = '1';
    const { default: chromium } = await import(
      new URL(`../${HOME}/node_modules/@sparticuz/chromium/build/esm/index.js`, import.meta.url).href
    ).catch(() => import(new URL(`../${HOME}/node_modules/@sparticuz/chromium/build/index.js`, import.meta.url).href));
    return chromium.executablePath();
  }
  const { chromium } = await import('playwright-core');
  execSync('npx playwright-core install chromium', { stdio: 'inherit' });
  return chromium.executablePath();
}

export const LAUNCH_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
