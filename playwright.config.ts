import { defineConfig } from '@playwright/test';
import type { ShellOptions } from './e2e/fixtures/test';

/** Each story runs on a real Electron and, on the headless engine, in a browser; those about the command line need neither. Nothing is repeated here: `npm test` runs what failed once more when nothing else is running, and says so. */
export default defineConfig<ShellOptions>({
  testDir: 'e2e',
  testMatch: '**/*.story.ts',
  globalSetup: './e2e/fixtures/global-setup.ts',
  // A story waits most of its time, for restarts, cooldowns and pages: two on Electron and two in the browser keep two cores busy.
  // Those of the command line only wait.
  workers: 4,
  retries: 0,
  forbidOnly: true,
  timeout: 240_000,
  expect: { timeout: 60_000 },
  reporter: 'list',
  projects: [
    {
      name: 'electron',
      use: { shell: 'electron' },
      testIgnore: ['**/*.{browser,cli,pictures}.story.ts'],
      workers: 2,
    },
    {
      name: 'browser',
      use: { shell: 'browser' },
      testIgnore: ['**/*.{electron,cli,pictures}.story.ts'],
      workers: 2,
    },
    { name: 'cli', testMatch: '**/*.cli.story.ts', workers: 3 },
    // Of a fake engine, in a browser.
    { name: 'pictures', testMatch: '**/*.pictures.story.ts', workers: 1 },
  ],
});
