import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { offline } from './scripts/offline.mjs';

export default defineConfig({
  base: './',
  plugins: [react(), offline()],
  worker: { format: 'es' },
  build: { target: 'es2022', modulePreload: { polyfill: false }, chunkSizeWarningLimit: 4000, sourcemap: false },
  optimizeDeps: { include: ['yaml'] },
  server: { port: 5173 },
  preview: { port: 5173 },
});
