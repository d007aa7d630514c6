import { defineConfig } from '@playwright/test';
import type { ShellOptions } from './e2e/fixtures/test';

/** Each story runs on a real Electron and, on the headless engine, in a browser; those about the command line need neither. Nothing is repeated here: `npm test` runs what failed once more when nothing else is running, and says so. */
export default defineConfig<ShellOptions>({
  testDir: 'e2e',
  testMatch: '**/*.story.ts',
  globalSetup: './e2e/fixtures/global-setup.ts',
  // A story waits for restarts, cooldowns and pages: five at once, three of them on Electron or in the browser, keep two cores busy to the
  // end, whichever of the two is done first. Those of the command line only wait.
  workers: 5,
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
      workers: 3,
    },
    {
      name: 'browser',
      use: { shell: 'browser' },
      testIgnore: ['**/*.{electron,cli,pictures}.story.ts'],
      workers: 3,
    },
    { name: 'cli', testMatch: '**/*.cli.story.ts', workers: 4 },
    // Of a fake engine, in a browser.
    { name: 'pictures', testMatch: '**/*.pictures.story.ts', workers: 1 },
  ],
});
