/** Installs what the lock file says when it is missing or older than the lock file. */
import { execSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

export function install() {
  const marker = 'node_modules/.package-lock.json';
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync('package-lock.json').mtimeMs - 1000) return;
  if (existsSync('node_modules/vite') && existsSync('node_modules/react')) return;
  console.log('Installing what package-lock.json says …');
  execSync('npm ci --no-audit --no-fund', { stdio: 'inherit' });
}
