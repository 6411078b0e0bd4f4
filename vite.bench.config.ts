/** Builds what the benchmarks reach inside for. */
import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    target: 'es2022',
    outDir: 'dist/bench',
    emptyOutDir: true,
    minify: false,
    lib: { entry: { inside: 'bench/inside.ts' }, formats: ['es'] },
    rollupOptions: { output: { entryFileNames: '[name].js' } },
  },
});
