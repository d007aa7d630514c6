import { join } from 'node:path';
import type { HealdeckRouter } from '../api/router';
import type { Clock } from '../engine/ports';
import { openBrowser } from './browser';
import type { HeadlessOptions } from './options';
import { startWebServer } from './web-server';

/** A running engine as a shell sees it; compose.ts makes one. */
export interface ComposedEngine {
  router: HealdeckRouter;
  info: { version: string };
  /** Where fresh dashboard URLs come from, for `healdeck open`. */
  attachDashboard(newUrl: () => string): void;
  /** Stops watching and frees the data directory; watched programs go on running. */
  dispose(reason: string): Promise<void>;
}

export interface HeadlessParts {
  compose(dataDir: string): Promise<ComposedEngine>;
  clock: Pick<Clock, 'monotonicMs' | 'wallMs'>;
  /** Folder of the built dashboard. */
  rendererDir: string;
}

/** Runs an engine with its web dashboard until it is told to end. Resolves to the exit status: 0, or 1 when it could not start. */
export async function runHeadless(options: HeadlessOptions, parts: HeadlessParts): Promise<number> {
  const { dataDir, port, open } = options;
  const signal = nextSignal();
  let engine: ComposedEngine;
  try {
    engine = await parts.compose(dataDir);
  } catch (error) {
    return failed(error);
  }
  try {
    const { router, info } = engine;
    const { rendererDir, clock } = parts;
    const web = await startWebServer({ router, rendererDir, dataDir, port, clock });
    engine.attachDashboard(web.newDashboardUrl);
    const url = web.newDashboardUrl();
    process.stdout.write(`Healdeck ${info.version} is ready: ${url} (data in ${dataDir}, pid ${process.pid})\n`);
    if (open && !(await openBrowser(web.newDashboardUrl()))) {
      process.stderr.write('No browser was found here; open the address above in one.\n');
    }
    const name = await signal;
    await web.dispose();
    await engine.dispose(name);
    return 0;
  } catch (error) {
    await engine.dispose('start-up failed');
    return failed(error);
  }
}

/** The dashboard's files, which the build puts beside the bundle of this code. */
export function builtRendererDir(bundleDir: string): string {
  return join(bundleDir, '..', 'renderer');
}

function failed(error: unknown): number {
  process.stderr.write(`Healdeck did not start: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
}

/** Resolves with the name of the first signal that asks this process to end; a second one ends it at once. */
function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      process.on(name, () => {
        if (asked) process.exit(128 + (name === 'SIGINT' ? 2 : 15));
        asked = true;
        resolve(name);
      });
    }
  });
}
