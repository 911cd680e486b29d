import { defineConfig } from 'vitest/config';

// Two scenarios at a time, each with servers and browsers of its own: they wait for one another half of the time.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['verbose'],
  },
});
