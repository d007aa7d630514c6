import { defineConfig } from '@playwright/test';
import type { ShellOptions } from './e2e/fixtures/test';

/** Each story runs on a real Electron and, on the headless engine, in a browser; those about the command line need neither. Runs are not repeated: a flaky test is a broken one. */
export default defineConfig<ShellOptions>({
  testDir: 'e2e/stories',
  testMatch: '**/*.story.ts',
  globalSetup: './e2e/fixtures/global-setup.ts',
  // They start real engines and kill real processes; more at once would only measure each other.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  projects: [
    { name: 'electron', use: { shell: 'electron' }, testIgnore: ['**/*.browser.story.ts', '**/*.cli.story.ts'] },
    { name: 'browser', use: { shell: 'browser' }, testIgnore: ['**/*.electron.story.ts', '**/*.cli.story.ts'] },
    { name: 'cli', testMatch: '**/*.cli.story.ts' },
  ],
});
