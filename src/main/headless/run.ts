import { url as inspectorUrl } from 'node:inspector';
import { join } from 'node:path';
import type { HealdeckRouter } from '../api/router';
import type { Clock } from '../engine/ports';
import { openBrowser } from './browser';
import type { HeadlessOptions } from './options';
import { openDashboardPort } from './dashboard-port';
import { inspectorProblem } from './inspector';
import { listenToSignals } from './signals';
import { serveDashboard } from './web-server';

/** A running engine as a shell sees it; compose.ts makes one. */
export interface ComposedEngine {
  router: HealdeckRouter;
  info: { version: string };
  /** Where fresh dashboard URLs come from, for `healdeck open`. */
  attachDashboard(newUrl: () => string): void;
  /** Reads the configuration again. */
  reloadConfig(): void;
  /** Resolves with the reason when another engine has the data directory. */
  taken: Promise<string>;
  /** Stops watching and frees the data directory; watched programs go on running. */
  dispose(reason: string): Promise<void>;
}

export interface HeadlessParts {
  compose(dataDir: string): Promise<ComposedEngine>;
  clock: Pick<Clock, 'monotonicMs' | 'wallMs'>;
  /** Folder of the built dashboard. */
  rendererDir: string;
  /** Whether the process has a terminal, which says what SIGHUP means. */
  terminal: boolean;
}

/** Runs an engine with its web dashboard until it is told to end. Resolves to the exit status: 0, or 1 when it could not start. */
export async function runComposed(options: HeadlessOptions, parts: HeadlessParts): Promise<number> {
  const { dataDir, port, open } = options;
  const { rendererDir, clock, compose, terminal } = parts;
  const signals = listenToSignals(terminal);
  // What was acquired, and is given back in the opposite order, whatever ends the run.
  const undo: ((reason: string) => Promise<void>)[] = [];
  const end = async (reason: string): Promise<void> => {
    for (const dispose of undo.splice(0).reverse()) await dispose(reason);
  };
  try {
    const opened = await openDashboardPort({ rendererDir, port });
    undo.push(() => opened.close());
    const engine = await compose(dataDir);
    undo.push((reason) => engine.dispose(reason));
    const web = serveDashboard(opened, { router: engine.router, dataDir, clock });
    undo.push(() => web.dispose());
    engine.attachDashboard(web.newDashboardUrl);

    const { version } = engine.info;
    process.stdout.write(
      `Healdeck ${version} is ready: ${web.newDashboardUrl()} (data in ${dataDir}, pid ${process.pid})\n`,
    );
    if (open && !(await openBrowser(web.newDashboardUrl()))) {
      process.stderr.write('No browser was found here; open the address above in one.\n');
    }
    signals.onReload(() => engine.reloadConfig());
    const taken = engine.taken.then((reason) => {
      process.stderr.write(`Healdeck ends: ${reason}.\n`);
      return { reason, exitCode: 1 };
    });
    const asked = signals.end.then((reason) => ({ reason, exitCode: 0 }));
    const { reason, exitCode } = await Promise.race([asked, taken]);
    await end(reason);
    return exitCode;
  } catch (error) {
    process.stderr.write(`Healdeck did not start: ${error instanceof Error ? error.message : String(error)}\n`);
    await end('start-up failed');
    return 1;
  }
}

/** Ends this process at once when a signal has opened its inspector: an orderly exit would wait for who is connected to it. */
export function refuseOpenInspector(): void {
  const problem = inspectorProblem({
    ...{ url: inspectorUrl(), execArgv: process.execArgv, nodeOptions: process.env['NODE_OPTIONS'] },
  });
  if (problem === null) return;
  process.stderr.write(`Healdeck did not start: ${problem}\n`);
  process.kill(process.pid, 'SIGKILL');
}

/** The dashboard's files, which the build puts beside the bundle of this code. */
export function builtRendererDir(bundleDir: string): string {
  return join(bundleDir, '..', 'renderer');
}
