import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { offline } from './scripts/offline.mjs';
import { yamlReader } from './scripts/yaml-reader.mjs';

export default defineConfig({
  base: './',
  plugins: [yamlReader(), react(), offline()],
  worker: { format: 'es', plugins: () => [yamlReader()] },
  build: { target: 'es2022', chunkSizeWarningLimit: 4000, sourcemap: false },
  optimizeDeps: { include: ['yaml'] },
  server: { port: 5173 },
  preview: { port: 5173 },
});
