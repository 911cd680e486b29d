import { defineConfig } from 'vitest/config';

// One server and two browsers at a time: the machine is small, and each scenario wants it for itself.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['verbose'],
  },
});
