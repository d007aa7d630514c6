import { defineConfig } from 'vitest/config';

const INTEGRATION = ['{src,scripts,bin,demo,bench}/**/*.integration.test.{ts,tsx}'];
const MACHINE = ['src/**/*.machine.test.ts'];

/**
 * `unit` touches nothing outside its own memory; `integration` meets the kernel, files and the network; `machine` fills the machine
 * or judges all of its processes, so nothing else may run beside it.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: 'src/renderer/testing/fix-locale.ts',
          include: ['{src,scripts,demo,bench}/**/*.test.{ts,tsx}'],
          exclude: [...INTEGRATION, ...MACHINE],
          pool: 'threads',
          maxWorkers: 2,
          // They keep nothing between them, so modules are loaded once for all files: loading them took longer than the tests.
          isolate: false,
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
          // Most of their time they wait for processes, timers and answers: two cores are not busy with two of them.
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'machine',
          include: MACHINE,
          pool: 'forks',
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
