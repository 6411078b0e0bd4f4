/** Builds the engine as a library: no DOM, no Node, one module each for the cluster and its parts. */
import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    target: 'es2022',
    outDir: 'dist/engine',
    emptyOutDir: true,
    minify: false,
    lib: { entry: { index: 'src/engine/headless.ts', parts: 'src/engine/parts.ts' }, formats: ['es'] },
    rollupOptions: { output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[name].js' } },
  },
});
