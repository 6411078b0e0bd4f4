import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { offline } from './scripts/offline.mjs';

/** What is always fetched together is one file: it is compressed as a whole. */
const BARS =
  /\/src\/(ui\/transport\/(Caption|Transport|Timeline|playback|Icon|command-text|transport)|ui\/stage\/(Scoreboard|scoreboard|stage|zoom|use-insides|colours)|api\/(pods\/phase|machinery\/(label-map|owner|node-address))|story\/(beats|causes|changed|due|given|miss-text|refusals|repeats|sentence|printed-table|packet-view|hop-words|narration\/.*)|views\/(dots|chronicle|scoreboard|geometry))\.(tsx?|module\.css)$/;

const NO_ANIMATION = fileURLToPath(new URL('scripts/no-animation.mjs', import.meta.url));

export default defineConfig({
  base: './',
  plugins: [react(), offline()],
  resolve: { alias: { 'd3-transition': NO_ANIMATION, 'd3-interpolate': NO_ANIMATION } },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000,
    sourcemap: false,
    rolldownOptions: { output: { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: 'bars', test: BARS }] } } },
  },
  optimizeDeps: { include: ['yaml'] },
  server: { port: 5173 },
  preview: { port: 5173 },
});
