/** The dashboard with its fake engine (src/renderer/testing/harness.html), built as it is shipped and served to a browser. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build, preview } from 'vite';
import { ROOT } from './project.mjs';
import { findChromium, installCommand } from './test-host.mjs';

const ROOM = join(ROOT, 'src/renderer');

/**
 * Builds and serves it on the loopback interface. `url(parameters, hash)` gives the address of a world and a place in it.
 * A development server would measure React's checks, and keep their records in memory.
 */
export async function serveHarness() {
  const outDir = mkdtempSync(join(tmpdir(), 'healdeck-harness-'));
  const common = { root: ROOM, configFile: false, logLevel: 'error', plugins: [react()] };
  await build({
    ...common,
    build: {
      ...{ outDir, emptyOutDir: true, target: 'chrome114', chunkSizeWarningLimit: 4000 },
      rolldownOptions: { input: join(ROOM, 'testing/harness.html') },
    },
  });
  const server = await preview({ ...common, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  const { port } = server.httpServer.address();
  return {
    url: (parameters, hash = 'overview') =>
      `http://127.0.0.1:${port}/testing/harness.html?${new URLSearchParams(parameters)}#/${hash}`,
    close: async () => {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

/** The browser of the tests, without a window. */
export function launchChromium(args = []) {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(`There is no Chromium. Run: ${installCommand()}`);
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...args] });
}
