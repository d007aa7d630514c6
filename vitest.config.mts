import { defineConfig } from 'vitest/config';

const INTEGRATION = ['{src,scripts,bin,demo,bench}/**/*.integration.test.{ts,tsx}'];

/** `unit` touches nothing outside its own memory; `integration` meets the kernel, files and the network, a file at a time. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: 'src/renderer/testing/fix-locale.ts',
          include: ['{src,scripts,demo,bench}/**/*.test.{ts,tsx}'],
          exclude: INTEGRATION,
          pool: 'threads',
          maxWorkers: 2,
          // Property tests take seconds on a busy machine; a limit is only for what hangs.
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          include: INTEGRATION,
          pool: 'forks',
          // They start and end real processes: side by side they would measure each other.
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
