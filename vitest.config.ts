import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// The engine is loaded once for each worker and not for each file: it keeps no state of its own.
export default defineConfig({
  test: {
    include: ['tests/**/*.test.{ts,tsx}'],
    exclude: ['tests/e2e/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    isolate: false,
    maxWorkers: availableParallelism(),
  },
});
