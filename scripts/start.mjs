/** `npm start`: installs when needed, builds when needed, and serves the page. */
import { execSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { install } from './install.mjs';

install();
const newest = (path) =>
  statSync(path).isDirectory() ? Math.max(0, ...readdirSync(path).map((name) => newest(`${path}/${name}`))) : statSync(path).mtimeMs;
/** What a page is built from. */
const SOURCES = ['src', 'index.html', 'vite.config.ts', 'package-lock.json'];
const built = 'dist/index.html';
if (!existsSync(built) || statSync(built).mtimeMs < Math.max(...SOURCES.map(newest))) execSync('npx vite build', { stdio: 'inherit' });
const port = process.env.PORT ?? '5173';
spawn(process.execPath, ['node_modules/vite/bin/vite.js', 'preview', '--port', port, '--host', process.env.HOST ?? 'localhost'], {
  stdio: 'inherit',
});
