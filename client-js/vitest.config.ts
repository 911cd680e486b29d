import { defineConfig } from 'vitest/config';

const shared = {
  setupFiles: ['test/fake-indexeddb.setup.ts'],
  testTimeout: 20_000,
  hookTimeout: 60_000,
};
const alone = ['test/*.test.ts', 'test/capture/*.test.ts'];

// Loading the modules anew for each file takes longer than most tests. Those that look at the globals, or at browsers, need it; the others share them.
export default defineConfig({
  test: {
    projects: [
      { test: { ...shared, name: 'alone', include: alone } },
      {
        test: {
          ...shared,
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: alone,
          isolate: false,
          restoreMocks: true,
          unstubGlobals: true,
        },
      },
    ],
  },
});
